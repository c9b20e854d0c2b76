#include "worker/pipeline.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/partition.h"

enum { IDLE_ADVANCE_MS = 50 };

struct seat {
    struct worker *worker; /* NULL: killed */
    struct log log;
    int starts;
};

struct pipeline {
    struct pipeline_config config;
    struct memory_broker *broker;
    struct seat seats[STAGE_COUNT][PIPELINE_WORKERS_MAX];
    char names[TOPIC_COUNT][TOPIC_NAME_BYTES];
    struct buffer scratch;
};

static const struct stage *const stages[STAGE_COUNT] = {&crediting_stage, &incentives_stage};

static enum status open_log(struct pipeline *pipeline, const struct stage *stage, int index,
                            struct worker *worker, struct log *out, char *detail)
{
    struct memory_log_topic topics[TOPIC_COUNT];
    for (int topic = 0; topic < TOPIC_COUNT; topic++)
        topics[topic] =
            (struct memory_log_topic){pipeline->names[topic], stage_reads(stage, topic)};
    char group[STAGE_GROUP_BYTES];
    char instance[64];
    stage_group(stage, "", group);
    (void)snprintf(instance, sizeof instance, "%s-%d", stage->name, index);
    struct memory_log_config config = {.topics = topics,
                                       .topic_count = TOPIC_COUNT,
                                       .group = group,
                                       .instance = instance,
                                       .transactional_prefix = group};
    return memory_log_open(pipeline->broker, &config, worker_listener(worker), out, detail);
}

enum status pipeline_start(struct pipeline *pipeline, const struct stage *stage, int index,
                           char *detail)
{
    struct seat *seat = &pipeline->seats[stage->index][index];
    assert(!seat->worker);
    const struct pipeline_config *config = &pipeline->config;
    seat->starts++;
    struct worker_config worker = {
        .stage = stage,
        .partitions = config->partitions,
        .prefix = "",
        .schemas = config->schemas,
        .clock = memory_broker_clock(pipeline->broker),
        .seed = config->seed ^ (uint64_t)(stage->index * 1000003 + index * 10007 + seat->starts),
        .rows_max = config->rows_max,
        .free_bytes = config->free_bytes,
        .rewrite_bytes = config->rewrite_bytes,
        .drain_ms = config->drain_ms,
        .doing = config->doing,
        .say = config->say,
        .committed = config->committed,
        .say_self = config->say_self,
    };
    seat->worker = worker_new(&worker);
    enum status status = open_log(pipeline, stage, index, seat->worker, &seat->log, detail);
    if (status) {
        worker_free(seat->worker);
        seat->worker = NULL;
        return status;
    }
    worker_attach(seat->worker, &seat->log);
    return STATUS_OK;
}

void pipeline_kill(struct pipeline *pipeline, const struct stage *stage, int index)
{
    struct seat *seat = &pipeline->seats[stage->index][index];
    if (!seat->worker)
        return;
    worker_free(seat->worker);
    memory_log_kill(&seat->log);
    seat->worker = NULL;
}

bool pipeline_is_running(const struct pipeline *pipeline, const struct stage *stage, int index)
{
    return pipeline->seats[stage->index][index].worker != NULL;
}

bool pipeline_has_crashed(const struct pipeline *pipeline, const struct stage *stage, int index)
{
    const struct seat *seat = &pipeline->seats[stage->index][index];
    return seat->worker && memory_log_is_dead(&seat->log);
}

struct worker *pipeline_worker(struct pipeline *pipeline, const struct stage *stage, int index)
{
    return pipeline->seats[stage->index][index].worker;
}

enum status pipeline_new(const struct pipeline_config *config, struct pipeline **out, char *detail)
{
    struct pipeline *pipeline = calloc(1, sizeof *pipeline);
    if (!pipeline)
        abort();
    pipeline->config = *config;
    if (pipeline->config.partitions == 0)
        pipeline->config.partitions = 1;
    if (pipeline->config.workers == 0)
        pipeline->config.workers = 1;
    assert(pipeline->config.workers <= PIPELINE_WORKERS_MAX);
    pipeline->config.broker.seed = config->seed;
    pipeline->broker = memory_broker_new(&pipeline->config.broker);
    for (int topic = 0; topic < TOPIC_COUNT; topic++) {
        bool fits = topic_full_name((enum topic)topic, "", pipeline->names[topic]);
        assert(fits);
        (void)fits;
        memory_broker_topic(pipeline->broker, pipeline->names[topic], pipeline->config.partitions);
    }
    for (int s = 0; config->forgets_journals && s < STAGE_COUNT; s++)
        memory_broker_forget(pipeline->broker, pipeline->names[stages[s]->journal]);
    enum status status = STATUS_OK;
    for (int s = 0; !status && s < STAGE_COUNT; s++)
        for (int index = 0; !status && index < pipeline->config.workers; index++)
            status = pipeline_start(pipeline, stages[s], index, detail);
    if (status) {
        pipeline_free(pipeline);
        return status;
    }
    *out = pipeline;
    return STATUS_OK;
}

void pipeline_free(struct pipeline *pipeline)
{
    if (!pipeline)
        return;
    for (int s = 0; s < STAGE_COUNT; s++)
        for (int index = 0; index < PIPELINE_WORKERS_MAX; index++)
            pipeline_kill(pipeline, stages[s], index);
    memory_broker_free(pipeline->broker);
    buffer_deinit(&pipeline->scratch);
    free(pipeline);
}

struct memory_broker *pipeline_broker(struct pipeline *pipeline)
{
    return pipeline->broker;
}

int32_t pipeline_partitions(const struct pipeline *pipeline)
{
    return pipeline->config.partitions;
}

int64_t pipeline_append(struct pipeline *pipeline, enum topic topic, int32_t partition,
                        struct slice key, struct slice value, int64_t timestamp_ms)
{
    struct log_record record = {
        .partition = partition, .key = key, .value = value, .timestamp_ms = timestamp_ms};
    return memory_broker_append(pipeline->broker, pipeline->names[topic], &record);
}

int64_t pipeline_append_fact(struct pipeline *pipeline, enum topic topic, enum schema_kind kind,
                             const void *fact, struct slice key, int64_t timestamp_ms)
{
    buffer_reset(&pipeline->scratch);
    schemas_encode(pipeline->config.schemas, kind, fact, &pipeline->scratch);
    struct slice deciding = key;
    if (kind == SCHEMA_ROSTER)
        deciding = ((const struct roster *)fact)->participant;
    return pipeline_append(pipeline, topic, partition_of(deciding, pipeline->config.partitions),
                           key, buffer_slice(&pipeline->scratch), timestamp_ms);
}

void pipeline_broadcast(struct pipeline *pipeline, const struct control *control,
                        int64_t timestamp_ms)
{
    char key[2 * FACT_ID_BYTES_MAX + 32];
    int length = snprintf(key, sizeof key, "%.*s/%.*s/%" PRId64, SLICE_ARGS(control->kind),
                          SLICE_ARGS(control->id), control->version);
    assert(length > 0 && (size_t)length < sizeof key);
    buffer_reset(&pipeline->scratch);
    schemas_encode(pipeline->config.schemas, SCHEMA_CONTROL, control, &pipeline->scratch);
    for (int32_t p = 0; p < pipeline->config.partitions; p++)
        (void)pipeline_append(pipeline, TOPIC_CONTROL, p, (struct slice){key, (size_t)length},
                              buffer_slice(&pipeline->scratch), timestamp_ms);
}

void pipeline_broadcast_topics(struct pipeline *pipeline, const char *epoch)
{
    char partitions[16];
    (void)snprintf(partitions, sizeof partitions, "%" PRId32, pipeline->config.partitions);
    struct setting settings[] = {
        {SLICE("partitions"), slice_of(partitions)},
        {SLICE("epoch"), slice_of(epoch)},
        {SLICE("attainment-generation"), slice_of(epoch)},
    };
    struct control control = {
        .kind = SLICE("topics"),
        .id = SLICE("topics"),
        .version = 1,
        .change = SLICE("topics-create"),
        .document = SLICE(""),
        .written_by = SLICE("milepost"),
        .settings = {settings, sizeof settings / sizeof settings[0]},
    };
    pipeline_broadcast(pipeline, &control, 0);
}

enum status pipeline_step(struct pipeline *pipeline, const struct stage *stage, int index,
                          char *detail)
{
    struct seat *seat = &pipeline->seats[stage->index][index];
    return seat->worker ? worker_step(seat->worker, 0, detail) : STATUS_OK;
}

static int64_t turns_of(const struct pipeline *pipeline)
{
    int64_t turns = 0;
    for (int s = 0; s < STAGE_COUNT; s++)
        for (int index = 0; index < PIPELINE_WORKERS_MAX; index++)
            if (pipeline->seats[s][index].worker)
                turns += worker_counters(pipeline->seats[s][index].worker).turns;
    return turns;
}

/* Steps everybody once; `*out_idle` when nobody has anything left to do. */
static enum status step_all(struct pipeline *pipeline, bool *out_idle, char *detail)
{
    *out_idle = true;
    for (int s = 0; s < STAGE_COUNT; s++) {
        for (int index = 0; index < pipeline->config.workers; index++) {
            enum status status = pipeline_step(pipeline, stages[s], index, detail);
            if (status && status_disposition(status) != DISPOSE_RETRY)
                return status;
            const struct worker *worker = pipeline->seats[s][index].worker;
            if (status || (worker && !worker_is_idle(worker)))
                *out_idle = false;
        }
    }
    return STATUS_OK;
}

enum status pipeline_settle(struct pipeline *pipeline, int rounds_max, char *detail)
{
    int quiet = 0;
    for (int round = 0; round < rounds_max; round++) {
        int64_t before = turns_of(pipeline);
        bool idle;
        enum status status = step_all(pipeline, &idle, detail);
        if (status)
            return status;
        bool moved = turns_of(pipeline) != before;
        quiet = idle && !moved ? quiet + 1 : 0;
        if (quiet == 3)
            return STATUS_OK;
        if (!moved)
            memory_broker_advance(pipeline->broker, IDLE_ADVANCE_MS);
    }
    return STATUS_UNAVAILABLE;
}
