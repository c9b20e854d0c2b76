/* Tailers of all attainment partitions over Kafka, in one thread. */
#ifndef MILEPOST_REDIS_TAILER_KAFKA_H
#define MILEPOST_REDIS_TAILER_KAFKA_H

#include "kafka/kafka_endpoint.h"
#include "redis/tailer.h"
#include "schema/schemas.h"

/* Sums over the partitions, since the start. */
struct tailer_figures {
    struct tailer_counters counters;
    int64_t unreadable;         /* records that are no attainment, left out */
    int64_t building;           /* partitions whose hash is being built anew */
    struct histogram pipelines; /* of writes, as read_model_durations() */
    struct schemas_figures schemas;
};

struct tailer_run_config {
    struct kafka_endpoint kafka;
    const char *topic; /* attainment's full name */
    int32_t partitions;
    struct schemas *schemas; /* this thread's own, with the worker's shapes */
    struct read_model_options redis;
    uint64_t seed; /* drawn at random */
    void *self;
    bool (*is_stopped)(void *self); /* asked several times a second */
    /* `is_up`: Redis answers. `sentence`: what is wrong, NULL when it is that nothing is; told when
     * either changes. */
    void (*tell)(void *self, bool is_up, const char *sentence);
    /* Called often, also when nothing has changed. */
    void (*report)(void *self, const struct tailer_figures *figures);
    /* The record there could not be decoded and is left out. */
    void (*unreadable)(void *self, int32_t partition, int64_t offset, const char *why);
};

/* Runs until told to stop: OK. REFUSED: it cannot ever work (the URL, Kafka's settings). Everything
 * else is waited for. */
enum status tailer_run(const struct tailer_run_config *config, char *detail) MUST_CHECK;

#endif
