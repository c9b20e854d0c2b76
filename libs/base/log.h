/* The log: all that the worker knows of Kafka.
 *
 * A struct of functions, implemented twice: by libs/kafka over librdkafka and by
 * base/memory_log.h in memory with faithful transactions. No librdkafka type crosses it. The rules
 * both keep are the contract tests in tests/support/log_contract.h, run against each.
 *
 * One log serves one loop: one group member (static membership, eager range assignment: a task p
 * is partition p of every input topic) and two transactional producers, `slot` 0 and 1, that take
 * turns. All calls come from one thread. Topics are named by their index in the table given when
 * the log was opened. */
#ifndef MILEPOST_BASE_LOG_H
#define MILEPOST_BASE_LOG_H

#include "base/slice.h"
#include "base/status.h"

enum { LOG_SLOTS = 2, LOG_HEADERS_MAX = 32, LOG_METADATA_BYTES = 256 };

struct log_header {
    struct slice name;
    struct slice value;
};

struct log_record {
    int topic;
    int32_t partition;
    int64_t offset;
    int64_t timestamp_ms;
    struct slice key;   /* bytes NULL: no key */
    struct slice value; /* bytes NULL: a tombstone */
    const struct log_header *headers;
    size_t header_count;
};

/* A record on its way out. Bytes are copied before produce() returns. */
struct log_outgoing {
    int topic;
    int32_t partition;
    struct slice key;
    struct slice value;
    const struct log_header *headers;
    size_t header_count;
    int64_t timestamp_ms; /* 0: now */
    int64_t *out_offset;  /* NULL, or where the offset is written before commit() returns OK */
};

/* A place in a partition; `offset` is that of the next record to read. */
struct log_position {
    int topic;
    int32_t partition;
    int64_t offset;                    /* -1: none committed */
    char metadata[LOG_METADATA_BYTES]; /* NUL-terminated; "" when there is none */
};

/* Called from inside poll() only. Nothing is assigned by them: assign() does that. */
struct log_listener {
    void *self;
    /* This member now owns exactly these tasks (all of them, not the new ones only). */
    void (*assigned)(void *self, const int32_t *partitions, size_t count);
    /* All tasks are taken away; not called when there were none. The open transaction must be
     * committed or aborted before this returns (the old generation is still accepted, unless the
     * session was lost); what was polled and not released is void (release() is implied). */
    void (*revoked)(void *self);
};

struct log_reader; /* a second, read_committed handle on one partition */

enum { LOG_STATE_BYTES = 32 };

/* What the client library says of itself, as of its last report; zeros: nothing yet. */
struct log_client {
    int64_t rtt_us; /* 99 % of a producer's requests to the slowest broker took at most that */
    int64_t outbuf_requests;                 /* waiting to be sent */
    int64_t batch_bytes;                     /* mean of the topic with the largest */
    char transaction_state[LOG_STATE_BYTES]; /* of a producer, in the library's word; "" */
};

struct log_counters {
    int64_t commits;
    int64_t aborts;
    int64_t recycles;   /* producers destroyed because a commit needed more than one request */
    int64_t rebalances; /* times that tasks were assigned to this member */
    struct log_client client; /* all clients together, without a transaction_state */
    char transaction_states[LOG_SLOTS][LOG_STATE_BYTES];
    int64_t reopens; /* both producers destroyed after a fatal error or unknown outcome */
};

/* Statuses, unless a function says otherwise: UNAVAILABLE = nobody answers, call again later (all
 * calls wait a bounded time and keep the group membership alive); REFUSED = cannot ever work
 * (authorisation, missing topic); `detail` then says what and where. */
struct log {
    void *self;

    /* --- membership and reading --- */

    /* Appends up to `records_max` records to those held, waiting up to `timeout_ms` for the first.
     * `out_count` 0 is no failure. `*out_records` is valid until the next poll, the records' bytes
     * until release(). Records come from assigned partitions only, per partition in offset order,
     * committed ones only, control records never.
     * FENCED: this member was replaced by another with the same name. OUT_OF_RANGE: an assigned
     * position lies outside the log (truncated, or beyond the end); `detail` names it. */
    enum status (*poll)(void *self, int timeout_ms, size_t records_max,
                        const struct log_record **out_records, size_t *out_count, char *detail);

    /* Gives back the `count` oldest records held; SIZE_MAX gives back all. */
    void (*release)(void *self, size_t count);

    /* Reads from exactly these positions from now on; 0 of them: reads nothing, and the membership
     * stays. Records polled earlier and held stay valid; nothing older than the position comes. */
    enum status (*assign)(void *self, const struct log_position *positions, size_t count,
                          char *detail);

    /* --- asking --- */

    /* Fills offset and metadata of `positions` (topic and partition given) with the group's stable
     * committed offsets: waits while a transaction that touches them is open (UNAVAILABLE when
     * that takes too long; `positions` are then unchanged). */
    enum status (*committed)(void *self, struct log_position *positions, size_t count,
                             char *detail);

    /* The log's first offset and its end, of all records, committed or not. */
    enum status (*bounds)(void *self, int topic, int32_t partition, int64_t *out_first,
                          int64_t *out_end, char *detail);

    /* --- the second handle --- */

    enum status (*reader_open)(void *self, int topic, int32_t partition, int64_t offset,
                               struct log_reader **out, char *detail);
    /* The next committed record, valid until the reader's next call; `*out` NULL with
     * `*out_end_offset` ≥ 0: nothing more now and all before that offset has been read (the last
     * stable offset); NULL with -1: nothing yet, ask again. Keeps the group membership alive.
     * OUT_OF_RANGE: the place is below the log's start. */
    enum status (*reader_next)(void *self, struct log_reader *reader, int timeout_ms,
                               const struct log_record **out, int64_t *out_end_offset,
                               char *detail);
    void (*reader_close)(void *self, struct log_reader *reader);

    /* --- transactions; of the two slots at most one is between begin() and commit()/abort() --- */

    /* Fences every earlier holder of both slots' names and resolves what they left open. Destroys
     * what this log had of producers before. FENCED is not possible here. */
    enum status (*reopen)(void *self, char *detail);

    /* begin() without a producer (no reopen() yet, or after FENCED) answers FENCED, and so do the
     * others. After EXHAUSTED or ABORTED every call but abort() answers ABORTED: a transaction that
     * lost a record is never committed without it. `out_offset` must stay valid until commit() or
     * abort() has returned; an aborted transaction writes none.
     * Statuses of the five below: ABORTED = abort(), undo the turn, run it again; FENCED = fatal or
     * outcome unknown: reopen(), drop the memory, take the tasks again; EXHAUSTED (produce only) =
     * the record can never be sent (too large, no such partition): abort() and halve. */
    enum status (*begin)(void *self, int slot, char *detail);
    enum status (*produce)(void *self, int slot, const struct log_outgoing *record, char *detail);
    /* Offsets ≥ 0 always, with metadata; under the group generation of the last assigned(). An
     * empty list is a programming error (it would fence nobody). */
    enum status (*send_offsets)(void *self, int slot, const struct log_position *positions,
                                size_t count, char *detail);
    enum status (*commit)(void *self, int slot, char *detail);
    enum status (*abort)(void *self, int slot, char *detail);

    /* --- housekeeping --- */

    /* Asks for the deletion of all records before `before`; does not wait. Below the log's first
     * offset, or beyond its end, nothing happens. */
    enum status (*truncate)(void *self, int topic, int32_t partition, int64_t before, char *detail);
    struct log_counters (*counters)(void *self);
    /* Leaves quietly: aborts what is open, keeps the group slot (static membership). */
    void (*close)(void *self);
};

#endif
