/* One topic read from somewhere to where it ends now, and on, without a group. */
#ifndef MILEPOST_MILEPOST_TOPIC_WALK_H
#define MILEPOST_MILEPOST_TOPIC_WALK_H

#include "kafka/kafka_client.h"
#include "ops/connect.h"

struct topic_walk {
    const char *names[TOPIC_COUNT];
    struct kafka_reader_config config;
    struct kafka_reader *reader;
    enum topic topic;
    int32_t partitions;
    int64_t *ends; /* per partition: of committed records when the walk began; -1: reached */
    size_t left;   /* partitions whose end is not reached */
    int64_t total; /* offsets to be read, for progress: markers count too */
};

/* A reader of committed records that stands `back` offsets before each partition's end (INT64_MAX:
 * at its beginning). The walk must stay where it is. UNAVAILABLE after a bounded wait. */
enum status topic_walk_open(struct topic_walk *walk, const struct connection *connection,
                            enum topic topic, int32_t partitions, int64_t back,
                            char *detail) MUST_CHECK;

/* The same, of one partition alone, from `offset` on. INVALID: it lies outside the partition. */
enum status topic_walk_open_at(struct topic_walk *walk, const struct connection *connection,
                               enum topic topic, int32_t partitions, int32_t partition,
                               int64_t offset, char *detail) MUST_CHECK;
void topic_walk_close(struct topic_walk *walk); /* Accepts a zeroed one. */

/* Whether everything that stood when the walk began has been read. */
static inline bool topic_walk_is_done(const struct topic_walk *walk)
{
    return walk->left == 0;
}

/* The next record, valid until the next call; `*out` NULL: none within a moment, or an end was
 * reached. UNAVAILABLE: nothing came for a minute although more stood there. */
enum status topic_walk_next(struct topic_walk *walk, const struct log_record **out,
                            char *detail) MUST_CHECK;

#endif
