/* Kafka in one process: a broker with topics, transactions, groups and faults, and logs upon it.
 *
 * Deterministic: same seed, same calls, same bytes. Time is the broker's own clock and moves only
 * by memory_broker_advance(), which ends sessions and transactions that are overdue and writes
 * markers that were delayed. Every call that waits on a real broker returns at once here:
 * UNAVAILABLE, or no records, means "advance the clock and ask again". One thread.
 *
 * Kept faithfully: markers take an offset; the last stable offset; read_committed with aborted
 * ranges; producer epochs and fencing by transactional id; a transaction's timeout; offsets with
 * metadata pending until the transaction's marker reaches them; generations, static membership,
 * eager range assignment with all inputs' partition p on one member; truncation. Not there:
 * compaction, retention, replication, several brokers. */
#ifndef MILEPOST_BASE_MEMORY_LOG_H
#define MILEPOST_BASE_MEMORY_LOG_H

#include "base/clock.h"
#include "base/log.h"

struct memory_broker;

/* Zeros mean the defaults. */
struct memory_broker_config {
    uint64_t seed;
    int64_t unix_ms;                /* the clock's beginning; 0: 2026-01-01T00:00Z */
    int64_t session_timeout_ms;     /* 30,000 */
    int64_t transaction_timeout_ms; /* 15,000 */
    size_t record_bytes_max;        /* 1 MiB; key, value and headers together */
    bool copies_polled;             /* a polled record is a copy, freed when it is released: lets
                                     * AddressSanitizer see a use after release() */
};

/* Where something can go wrong. */
enum memory_fault {
    MEMORY_COMMIT_LOST_APPLIED, /* commit() takes effect and answers FENCED: outcome unknown */
    MEMORY_COMMIT_LOST_DROPPED, /* commit() never arrives and answers FENCED; it stays open */
    MEMORY_COMMIT_ABORTED,      /* a delivery failed: commit() answers ABORTED */
    MEMORY_PRODUCE_ABORTED,     /* produce() answers ABORTED */
    MEMORY_OFFSETS_ABORTED,     /* send_offsets() answers ABORTED */
    MEMORY_ABORT_FENCED,        /* abort() fails for good (librdkafka#4849) and answers FENCED */
    MEMORY_UNAVAILABLE,         /* any call that asks the broker answers UNAVAILABLE, no effect */
    MEMORY_MARKER_DELAY,        /* a partition's marker, or that of the offsets, comes later */
    MEMORY_END_TWICE,           /* commit() needed two requests and the second may arrive in a later
                                 * transaction (KAFKA-17754): the log recycles its producer */
    MEMORY_CRASH, /* the process dies at this call, which does nothing: see memory_log_is_dead() */
    MEMORY_INTERRUPT, /* before a call, `interrupt` is called: the place to run other workers, or to
                       * let time pass for this one alone */
    MEMORY_FAULT_COUNT
};

/* When: at the `countdown`-th opportunity from now, once, and besides with `per_million` each time.
 */
struct memory_fault_rule {
    int64_t countdown; /* 1: the next one; 0: not */
    uint32_t per_million;
    int64_t hits; /* how often it happened: written by the broker */
};

/* Zero: nothing goes wrong. The last three take a protection away, to show what it protects. */
struct memory_faults {
    struct memory_fault_rule rules[MEMORY_FAULT_COUNT];
    int64_t marker_delay_ms_max;   /* 0: 1,000 */
    void (*interrupt)(void *self); /* may use every log but the one it interrupts, open and kill */
    void *interrupt_self;
    bool polls_at_random; /* poll() gives a random number from a random partition */
    bool polls_late;      /* the first poll() after assign() gives nothing: a fetch takes time */
    bool keeps_producer;  /* hazard: MEMORY_END_TWICE does not recycle (H6) */
    bool accepts_stale_offsets; /* hazard: send_offsets() of a removed member is accepted (H5) */
    bool shows_pending_offsets; /* hazard: committed() does not wait for open transactions (H4) */
};

struct memory_broker_counters {
    int64_t appended; /* data records of all sorts */
    int64_t markers;
    int64_t rebalances;
    int64_t sessions_expired;
    int64_t transactions_expired;
    int64_t ends_misapplied; /* a late end of a transaction hit another one */
};

/* A broker of the caller's; never fails. */
struct memory_broker *memory_broker_new(const struct memory_broker_config *config);

/* Frees the broker and every log still open on it (those must not be used any more). */
void memory_broker_free(struct memory_broker *broker);

/* Adds a topic, empty. Its name must be new and `partitions` > 0. */
void memory_broker_topic(struct memory_broker *broker, const char *name, int32_t partitions);

/* From now on records of the topic take their offsets and are forgotten: of a topic that nobody
 * reads or will read again. Those that stand stay. */
void memory_broker_forget(struct memory_broker *broker, const char *topic);

/* The broker's clock, valid as long as the broker. */
struct clock memory_broker_clock(struct memory_broker *broker);

/* Moves the clock; `ms` ≥ 0. Nothing is called back: members notice in their next poll. */
void memory_broker_advance(struct memory_broker *broker, int64_t ms);

/* The broker is away for `ms`: every call answers UNAVAILABLE, and while it is away no session and
 * no transaction times out. A restart, in other words. */
void memory_broker_stop(struct memory_broker *broker, int64_t ms);

/* The faults, to be changed at any time. */
struct memory_faults *memory_broker_faults(struct memory_broker *broker);

struct memory_broker_counters memory_broker_counters(const struct memory_broker *broker);

/* A number below `bound` (> 0) from the broker's generator, for schedulers that want one seed. */
uint64_t memory_broker_random(struct memory_broker *broker, uint64_t bound);

/* Appends as somebody else's producer without transactions; `record` gives partition, key, value,
 * headers and timestamp (0: now), its topic and offset are not looked at. Returns the offset. */
int64_t memory_broker_append(struct memory_broker *broker, const char *topic,
                             const struct log_record *record);

/* The first data record at or after `*offset`, which moves behind it; false and unchanged at the
 * end. `is_committed_only` leaves out aborted records and all from the last stable offset on. The
 * bytes live until the record is truncated; `out->topic` is -1. */
bool memory_broker_next(const struct memory_broker *broker, const char *topic, int32_t partition,
                        bool is_committed_only, int64_t *offset, struct log_record *out);

/* Deletes the records below `before`, as struct log's truncate; outside the log it does nothing.
 * What is held by clients stays until it is released. */
void memory_broker_truncate(struct memory_broker *broker, const char *topic, int32_t partition,
                            int64_t before);

/* The group's committed offset as it stands, pending ones apart; offset -1 without one. */
struct log_position memory_broker_committed(const struct memory_broker *broker, const char *group,
                                            const char *topic, int32_t partition);

/* First offset, last stable offset and end of a partition; any out may be NULL. */
void memory_broker_bounds(const struct memory_broker *broker, const char *topic, int32_t partition,
                          int64_t *out_first, int64_t *out_stable, int64_t *out_end);

struct memory_log_topic {
    const char *name;
    bool is_input; /* tasks are spread over the group by these; all need equally many partitions */
};

struct memory_log_config {
    const struct memory_log_topic *topics; /* the index in here is the log's `topic` */
    size_t topic_count;
    const char *group;
    const char *instance;             /* the member's lasting name within the group */
    const char *transactional_prefix; /* the producers are named PREFIX-INSTANCE-SLOT */
};

/* A log on `broker`. Everything in `config` is copied. It joins the group in its first poll().
 * REFUSED: a topic does not exist, there is no input, or inputs differ in their partitions. */
enum status memory_log_open(struct memory_broker *broker, const struct memory_log_config *config,
                            struct log_listener listener, struct log *out, char *detail) MUST_CHECK;

/* The process dies: memory is freed, nothing is told to the broker, an open transaction stays open
 * until it times out or is fenced. `log` must not be used any more. */
void memory_log_kill(struct log *log);

/* Whether MEMORY_CRASH has struck it. From then on its calls do nothing and answer UNAVAILABLE,
 * those on a transaction FENCED, until the caller has noticed and kills it. */
bool memory_log_is_dead(const struct log *log);

#endif
