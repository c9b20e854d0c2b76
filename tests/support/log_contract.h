/* What every log must do, as scenarios that run against each implementation with the same
 * expectations: tests/base/memory_log_test.c and tests/integration (a real broker).
 *
 * A scenario begins with fixture->begin(), which gives it four topics nobody has used before, of
 * `partitions` partitions each, a new group and new transactional ids: */
#ifndef MILEPOST_TESTS_LOG_CONTRACT_H
#define MILEPOST_TESTS_LOG_CONTRACT_H

#include "base/clock.h"
#include "base/log.h"

/* Topic indices of every log that the fixture opens. */
enum {
    LOG_CONTRACT_FACTS,   /* an input */
    LOG_CONTRACT_CREDITS, /* an input */
    LOG_CONTRACT_JOURNAL,
    LOG_CONTRACT_PAYOUTS,
    LOG_CONTRACT_TOPICS
};

struct log_fixture {
    void *self;
    size_t too_large_bytes; /* a value of this many bytes never fits into a record */

    /* New topics, group and transactional ids. Called once at the start of each scenario. */
    void (*begin)(void *self, int32_t partitions);
    /* Closes and frees all that is left of the scenario: open logs, zombies, topics. */
    void (*end)(void *self);

    /* A log of this scenario's group, as member `instance`. The same name may be open twice: the
     * later one replaces the earlier. */
    struct log (*open)(void *self, const char *instance, struct log_listener listener);
    /* The process of `log` dies: it neither leaves nor aborts, and never calls again. */
    void (*kill)(void *self, struct log *log);
    /* `log` was closed by the scenario: end() must not close it again. */
    void (*forget)(void *self, struct log *log);

    /* Appends as a producer outside, without a transaction; record->topic and partition say where.
     * Returns the offset. */
    int64_t (*append)(void *self, const struct log_record *record);
    /* All committed records of a partition, in order, read by other means than a log. */
    void (*read)(void *self, int topic, int32_t partition,
                 void (*each)(void *context, const struct log_record *record), void *context);

    /* Called after every poll round that brought nothing, with how long to wait: a virtual clock
     * moves by that much, a real one need not (poll has waited). */
    void (*tick)(void *self, int64_t ms);
    struct clock clock;
    int64_t patience_ms; /* how long by `clock` a scenario waits for what must come, at most;
                          * beyond session and transaction timeouts */
};

struct log_scenario {
    const char *rule;
    void (*run)(struct log_fixture *fixture);
};

struct log_scenarios {
    const struct log_scenario *rows;
    size_t count;
};

extern const struct log_scenarios log_contract_reading;
extern const struct log_scenarios log_contract_transactions;
extern const struct log_scenarios log_contract_group;

/* Runs every scenario as a cmocka test of its rule's name; each ends with fixture->end(), failed or
 * not. Returns the number of failures. */
int log_contract_run(const char *name, struct log_fixture *fixture);

#endif
