/* The worker: one loop that turns input into committed output, exactly once.
 *
 * Single-threaded, driven by worker_step(), over a struct log and a struct clock, so that it runs
 * on Kafka, in unit tests and in `simulate` alike. Each step polls what is there, applies it row by
 * row, and commits payouts, attainment, credits, dead letters, the journal and the offsets of all
 * inputs in one transaction (a turn). What fails for an outside reason is undone and read again
 * from the worker's own positions; a turn that stands is never looked back at. */
#ifndef MILEPOST_WORKER_WORKER_H
#define MILEPOST_WORKER_WORKER_H

#include "base/clock.h"
#include "base/doing.h"
#include "base/log.h"
#include "worker/outcome_counts.h"
#include "worker/stage.h"
#include "worker/task.h"

enum worker_level { WORKER_INFO, WORKER_WARNING, WORKER_ERROR };

struct worker_config {
    const struct stage *stage;
    int32_t partitions;      /* N */
    const char *prefix;      /* before topic names; "" for none */
    struct schemas *schemas; /* borrowed */
    struct clock clock;
    uint64_t seed;           /* of the turns' random words */
    size_t rows_max;         /* of a turn's batch; 0: 20,000 */
    size_t bytes_max;        /* of a turn's batch; 0: 16 MiB */
    size_t publish_max;      /* attainment keys a turn, over its tasks; 0: 1,000 */
    int64_t drain_ms;        /* of a slice of a large change; 0: 5; negative: one piece */
    int64_t keep_ms;         /* journal.keep; 0: 2 minutes */
    int64_t free_bytes;      /* truncate only to free this much; 0: 64 MiB */
    size_t rewrite_bytes;    /* a turn's slice while a lost journal is written again; 0: 16 MiB */
    int64_t transaction_ms;  /* transaction.timeout.ms of its producers; 0: 15 s */
    const char *brokers;     /* for commands in sentences; may be NULL */
    struct doing_now *doing; /* borrowed, may be NULL: what turns are doing */
    void *say_self;          /* of the next two */
    /* One line for the log of the service; may be NULL. */
    void (*say)(void *self, enum worker_level level, const char *sentence);
    /* Of a transaction that stands: how long it took, from its begin to its commit, and how many
     * records it wrote; may be NULL. */
    void (*committed)(void *self, int64_t transaction_ms, size_t records);
};

struct worker_counters {
    int64_t turns;
    int64_t rows;    /* applied and committed */
    int64_t records; /* consumed and committed */
    int64_t payouts;
    int64_t attainments;
    int64_t credits;
    int64_t duplicates; /* rows that were known already */
    struct reason_counts dead_letters;
    int64_t newest_record_ms; /* the highest timestamp of a record consumed and committed */
    int64_t aborts;           /* turns undone for an outside reason */
    int64_t halvings;
    int64_t retakes; /* partitions taken again after a fatal error or unknown outcome */
    int64_t restored_rows;
    int64_t restored_bytes;
    int64_t restores;
    int64_t taken_records; /* of journals, read while taking partitions: grows while that lasts */
    int64_t journal_bytes;
    int64_t stalls; /* transactions of others found open past every timeout, each time told */
    int64_t journal_alarms; /* journals found truncated by somebody else */
};

/* What was consumed of one partition, by topic. */
struct intake {
    int64_t records[TOPIC_COUNT]; /* consumed and committed */
    int64_t last_ms[TOPIC_COUNT]; /* since 1970: when the last of them was; 0: none yet */
};

struct worker;

struct worker *worker_new(const struct worker_config *config);
void worker_free(struct worker *worker); /* Before its log is closed, which it does not do. */

/* What the log must be opened with; then tell the worker the log. The log is borrowed. */
struct log_listener worker_listener(struct worker *worker);
void worker_attach(struct worker *worker, const struct log *log);

/* One round: polls (waiting up to `timeout_ms` when there is nothing to do), takes partitions, or
 * runs turns over all that was polled. UNAVAILABLE: something does not answer (`detail`); call
 * again. CORRUPT: a task's state cannot be trusted (exit 5). REFUSED: configuration (exit 3).
 * FENCED: another worker has this slot's name (exit 3). After the last three the worker may only be
 * freed. */
enum status worker_step(struct worker *worker, int timeout_ms, char *detail) MUST_CHECK;

/* Whether all assigned tasks are taken and nothing is left to apply, drain or publish. */
bool worker_is_idle(const struct worker *worker);
/* Whether all assigned tasks are restored and reading. */
bool worker_is_ready(const struct worker *worker);

struct worker_counters worker_counters(const struct worker *worker);
/* By partition, N of them; borrowed. */
const struct intake *worker_intakes(const struct worker *worker);
/* What became of rows that stand. */
const struct outcome_counts *worker_outcomes(const struct worker *worker);
/* Sum over tasks in memory. */
struct fold_counters worker_fold_counters(const struct worker *worker);

/* The task of `partition` when it is in memory and assigned, else NULL; borrowed until the next
 * step. */
const struct task *worker_task(const struct worker *worker, int32_t partition);

#endif
