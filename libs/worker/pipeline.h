/* Both stages in one process, on a broker in memory: what `simulate` runs and what tests break.
 *
 * The same workers, folds, records and journals as on Kafka; deterministic for a seed. */
#ifndef MILEPOST_WORKER_PIPELINE_H
#define MILEPOST_WORKER_PIPELINE_H

#include "base/memory_log.h"
#include "worker/worker.h"

enum { PIPELINE_WORKERS_MAX = 4 };

struct pipeline_config {
    int32_t partitions; /* 0: 1 */
    int workers;        /* of each stage; 0: 1 */
    uint64_t seed;
    size_t rows_max;    /* of a turn; 0: the worker's default */
    int64_t free_bytes; /* as worker_config's */
    size_t rewrite_bytes;
    int64_t drain_ms;
    struct memory_broker_config broker;
    struct schemas *schemas; /* borrowed; with the worker's shapes (records_use_shapes) */
    struct doing_now *doing; /* as worker_config's */
    bool forgets_journals;   /* no worker will be started again: their journals are not kept */
    void *say_self;          /* of the next two, which are as worker_config's */
    void (*say)(void *self, enum worker_level level, const char *sentence);
    void (*committed)(void *self, int64_t transaction_ms, size_t records);
};

struct pipeline;

/* All topics made, all workers started. REFUSED: `detail` says why. */
enum status pipeline_new(const struct pipeline_config *config, struct pipeline **out,
                         char *detail) MUST_CHECK;
void pipeline_free(struct pipeline *pipeline);

struct memory_broker *pipeline_broker(struct pipeline *pipeline);
int32_t pipeline_partitions(const struct pipeline *pipeline);

/* Appends a public record as somebody outside would. Returns its offset. */
int64_t pipeline_append(struct pipeline *pipeline, enum topic topic, int32_t partition,
                        struct slice key, struct slice value, int64_t timestamp_ms);

/* Encodes `fact` with the file's schema id and appends it under `key` to the partition that the key
 * decides (of a roster record: the participant). */
int64_t pipeline_append_fact(struct pipeline *pipeline, enum topic topic, enum schema_kind kind,
                             const void *fact, struct slice key, int64_t timestamp_ms);

/* The same into every partition: control. */
void pipeline_broadcast(struct pipeline *pipeline, const struct control *control,
                        int64_t timestamp_ms);

/* The control record that `topics create` would write: partitions, epoch, attainment generation. */
void pipeline_broadcast_topics(struct pipeline *pipeline, const char *epoch);

/* One step of worker `index` of a stage; skips one that was killed. */
enum status pipeline_step(struct pipeline *pipeline, const struct stage *stage, int index,
                          char *detail) MUST_CHECK;

/* Steps all workers until nothing moves any more, advancing the clock when they wait.
 * UNAVAILABLE: not within `rounds_max` rounds; `detail` says who waits for what. */
enum status pipeline_settle(struct pipeline *pipeline, int rounds_max, char *detail) MUST_CHECK;

/* kill -9 and a new start under the same name. */
void pipeline_kill(struct pipeline *pipeline, const struct stage *stage, int index);
enum status pipeline_start(struct pipeline *pipeline, const struct stage *stage, int index,
                           char *detail) MUST_CHECK;
bool pipeline_is_running(const struct pipeline *pipeline, const struct stage *stage, int index);
/* Whether MEMORY_CRASH has struck this worker: what it answers means nothing, it is to be killed.
 */
bool pipeline_has_crashed(const struct pipeline *pipeline, const struct stage *stage, int index);

struct worker *pipeline_worker(struct pipeline *pipeline, const struct stage *stage, int index);

#endif
