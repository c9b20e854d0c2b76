/* The second handles of a log: one that reads single partitions, read_committed, and one that sees
 * all there is and deletes. Private to libs/kafka. */
#ifndef MILEPOST_KAFKA_READERS_H
#define MILEPOST_KAFKA_READERS_H

#include "kafka/handle.h"
#include "kafka/kafka_log.h"

struct readers {
    const struct kafka_log_config *config;
    struct kafka_handle committed;   /* open while there are readers */
    struct kafka_handle uncommitted; /* opened when first needed */
    struct log_reader *first;
    rd_kafka_queue_t *deletions; /* answers to truncate() */
};

void readers_init(struct readers *readers, const struct kafka_log_config *config);
void readers_close(struct readers *readers);

/* As in struct log. */
MUST_CHECK
enum status readers_bounds(struct readers *readers, int topic, int32_t partition,
                           int64_t *out_first, int64_t *out_end, char *detail);
MUST_CHECK
enum status readers_truncate(struct readers *readers, int topic, int32_t partition, int64_t before,
                             char *detail);
MUST_CHECK
enum status readers_reader_open(struct readers *readers, int topic, int32_t partition,
                                int64_t offset, struct log_reader **out, char *detail);
MUST_CHECK
enum status readers_reader_next(struct log_reader *reader, int timeout_ms,
                                const struct log_record **out, int64_t *out_end_offset,
                                char *detail);
void readers_reader_close(struct readers *readers, struct log_reader *reader);

/* Logs what became of deletions; does not wait. */
void readers_serve(struct readers *readers);

#endif
