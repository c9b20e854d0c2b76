/* Kafka for the command line and the tailer: read any partitions, publish facts, apply records.
 * No group, no membership; the calls wait a bounded time. */
#ifndef MILEPOST_KAFKA_CLIENT_H
#define MILEPOST_KAFKA_CLIENT_H

#include "base/log.h"
#include "kafka/kafka_admin.h"

/* --- reading --- */

struct kafka_reader;

struct kafka_reader_config {
    struct kafka_endpoint endpoint;
    const char *const *topics; /* the index in here is a record's `topic` */
    size_t topic_count;
    bool reads_uncommitted; /* all records, those of open and aborted transactions too */
};

/* What one call brought: a record, or the news that a partition has been read to its end. */
struct kafka_event {
    const struct log_record *record; /* NULL: the end was reached; valid until the next call */
    int topic;
    int32_t partition;
    int64_t end_offset; /* all before it has been read; when record is NULL */
};

/* A reader of nothing yet. `config` and what it points to must outlive it. */
MUST_CHECK
enum status kafka_reader_new(const struct kafka_reader_config *config, struct kafka_reader **out,
                             char *detail);
void kafka_reader_free(struct kafka_reader *reader);

/* Reads from exactly these positions (offset ≥ 0) from now on. May be called again at any time. */
MUST_CHECK
enum status kafka_reader_assign(struct kafka_reader *reader, const struct log_position *positions,
                                size_t count, char *detail);

/* The next event, waiting up to `timeout_ms`; `*out_has` false when none came. An end is told each
 * time it is reached anew, also when only a transaction's marker moved it. OUT_OF_RANGE: a position
 * outside the log; CORRUPT: damaged records were skipped; both name the place, and the partition is
 * read on only after another assign. */
MUST_CHECK
enum status kafka_reader_next(struct kafka_reader *reader, int timeout_ms, bool *out_has,
                              struct kafka_event *out, char *detail);

/* A partition's first offset and its end: of committed records, or of all (reads_uncommitted). */
MUST_CHECK
enum status kafka_reader_bounds(struct kafka_reader *reader, int topic, int32_t partition,
                                int64_t *out_first, int64_t *out_end, char *detail);

/* --- publishing, without a transaction --- */

struct kafka_publisher;

struct kafka_publisher_config {
    struct kafka_endpoint endpoint;
    const char *const *topics; /* the index in here is a record's `topic` */
    size_t topic_count;
};

MUST_CHECK
enum status kafka_publisher_new(const struct kafka_publisher_config *config,
                                struct kafka_publisher **out, char *detail);
void kafka_publisher_free(struct kafka_publisher *publisher); /* what was not flushed is lost */

/* Queues a record, idempotently and in order per partition; waits while the queue is full. Bytes
 * are copied. EXHAUSTED: it can never be sent. `out_offset` is written by flush(). */
MUST_CHECK
enum status kafka_publish(struct kafka_publisher *publisher, const struct log_outgoing *record,
                          char *detail);

/* Waits until everything queued has been written. UNAVAILABLE: not within `timeout_ms`; call again.
 * Otherwise the first failure since the last flush: what was queued may or may not be there. */
MUST_CHECK
enum status kafka_publisher_flush(struct kafka_publisher *publisher, int timeout_ms, char *detail);

/* --- applying, in one transaction --- */

struct kafka_writer;

struct kafka_writer_config {
    struct kafka_endpoint endpoint;
    const char *const *topics; /* the index in here is a record's `topic` */
    size_t topic_count;
    const char *transactional_id; /* one per installation: a later writer fences an earlier one */
    int transaction_timeout_ms;   /* 0: 15,000 */
};

/* A writer that has fenced every earlier holder of the id. `config` must outlive it. UNAVAILABLE
 * after a bounded wait. */
MUST_CHECK
enum status kafka_writer_new(const struct kafka_writer_config *config, struct kafka_writer **out,
                             char *detail);
void kafka_writer_free(struct kafka_writer *writer); /* aborts what is open */

/* begin, any number of produce, commit or abort; statuses as in struct log. After FENCED the writer
 * is of no use: another one has taken over, or the outcome is unknown. */
MUST_CHECK
enum status kafka_writer_begin(struct kafka_writer *writer, char *detail);
MUST_CHECK
enum status kafka_writer_produce(struct kafka_writer *writer, const struct log_outgoing *record,
                                 char *detail);
/* Commits offsets ≥ 0 with their metadata for a group, in this transaction. The group must be
 * empty: nothing fences its members. */
MUST_CHECK
enum status kafka_writer_send_offsets(struct kafka_writer *writer, const char *group,
                                      const struct kafka_offset *offsets, size_t count,
                                      char *detail);
MUST_CHECK
enum status kafka_writer_commit(struct kafka_writer *writer, char *detail);
MUST_CHECK
enum status kafka_writer_abort(struct kafka_writer *writer, char *detail);

#endif
