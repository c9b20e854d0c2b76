#include "redis/tailer_kafka.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "kafka/kafka_client.h"
#include "redis/tailer.h"

enum { POLL_MS = 50, WAIT_MS = 100, SOURCE_PAUSE_MS = 5000, RECORD_BYTES_MAX = 4 << 20 };

struct tailers {
    const struct tailer_run_config *config;
    struct clock clock;
    struct read_model *model;
    struct kafka_reader *reader;
    struct tailer **each;        /* by partition */
    int64_t *positions;          /* of the next record; -1: not read */
    struct log_position *wanted; /* for assign */
    bool is_moved;               /* positions are to be assigned */
    struct arena arena;
    int64_t unreadable;
    bool is_up;
    bool is_told;
    char sentence[DETAIL_BYTES]; /* the last one told; "": all is well */
};

static int64_t now(const struct tailers *tailers)
{
    return tailers->clock.monotonic_ms(tailers->clock.self);
}

static void pause_ms(int ms)
{
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    (void)nanosleep(&pause, NULL);
}

static void tell(struct tailers *tailers, enum status status, const char *detail)
{
    bool is_up = read_model_is_connected(tailers->model);
    const char *sentence = status ? detail : "";
    if (tailers->is_told && is_up == tailers->is_up && strcmp(sentence, tailers->sentence) == 0)
        return;
    tailers->is_told = true;
    tailers->is_up = is_up;
    (void)snprintf(tailers->sentence, sizeof tailers->sentence, "%s", sentence);
    tailers->config->tell(tailers->config->self, is_up, status ? tailers->sentence : NULL);
}

static void report(const struct tailers *tailers)
{
    struct tailer_figures figures = {.unreadable = tailers->unreadable,
                                     .pipelines = read_model_durations(tailers->model),
                                     .schemas = schemas_figures(tailers->config->schemas)};
    for (int32_t p = 0; p < tailers->config->partitions; p++) {
        struct tailer_counters one = tailer_counters(tailers->each[p]);
        figures.counters.writes += one.writes;
        figures.counters.refusals += one.refusals;
        figures.counters.rebuilds += one.rebuilds;
        figures.building += tailer_is_building(tailers->each[p]);
    }
    tailers->config->report(tailers->config->self, &figures);
}

/* --- the source --- */

static enum status bounds(void *self, int32_t partition, int64_t *out_first, int64_t *out_end,
                          char *detail)
{
    struct tailers *tailers = self;
    return kafka_reader_bounds(tailers->reader, 0, partition, out_first, out_end, detail);
}

static void seek(void *self, int32_t partition, int64_t offset)
{
    struct tailers *tailers = self;
    tailers->positions[partition] = offset;
    tailers->is_moved = true;
}

/* Reading begins anew in all partitions: Kafka is told all places at once. */
static enum status assign(struct tailers *tailers, char *detail)
{
    size_t count = 0;
    for (int32_t p = 0; p < tailers->config->partitions; p++)
        if (tailers->positions[p] >= 0)
            tailers->wanted[count++] =
                (struct log_position){.partition = p, .offset = tailers->positions[p]};
    enum status status = kafka_reader_assign(tailers->reader, tailers->wanted, count, detail);
    tailers->is_moved = status != STATUS_OK;
    return status;
}

/* Which partition failed is not known for sure, and all of them can begin anew at no cost but time.
 */
static void restart_all(struct tailers *tailers)
{
    for (int32_t p = 0; p < tailers->config->partitions; p++)
        tailer_restart(tailers->each[p], now(tailers) + SOURCE_PAUSE_MS);
}

/* --- records --- */

/* A record that is no attainment says nothing; that the registry is silent is waited for. */
static enum status hand_in(struct tailers *tailers, const struct log_record *record, char *detail)
{
    struct tailer *tailer = tailers->each[record->partition];
    struct attainment attainment;
    enum status status = STATUS_INVALID;
    arena_reset(&tailers->arena);
    if (record->value.bytes)
        status = schemas_decode(tailers->config->schemas, SCHEMA_ATTAINMENT, record, &attainment,
                                &tailers->arena, now(tailers), detail);
    if (status == STATUS_UNAVAILABLE || status == STATUS_REFUSED)
        return STATUS_UNAVAILABLE;
    if (status && record->value.bytes) {
        tailers->unreadable++;
        tailers->config->unreadable(tailers->config->self, record->partition, record->offset,
                                    detail);
    }
    tailer_take(tailer, record->offset, status ? NULL : &attainment, now(tailers));
    return STATUS_OK;
}

static bool is_stopped(const struct tailers *tailers)
{
    return tailers->config->is_stopped(tailers->config->self);
}

static enum status take_record(struct tailers *tailers, const struct log_record *record,
                               char *detail)
{
    struct tailer *tailer = tailers->each[record->partition];
    tailers->positions[record->partition] = record->offset + 1;
    assert(!tailer_is_full(tailer));
    enum status status;
    while ((status = hand_in(tailers, record, detail)) == STATUS_UNAVAILABLE) {
        tell(tailers, status, detail);
        if (is_stopped(tailers))
            return status;
        pause_ms(WAIT_MS);
    }
    return status;
}

/* Hands in what is there, up to a batch of one partition; stops where one must write first. */
static enum status read_on(struct tailers *tailers, char *detail)
{
    for (int count = 0; count < READ_MODEL_ENTRIES_MAX && !tailers->is_moved; count++) {
        bool has = false;
        struct kafka_event event;
        enum status status =
            kafka_reader_next(tailers->reader, count ? 0 : POLL_MS, &has, &event, detail);
        if (status)
            return status;
        if (!has)
            return STATUS_OK;
        struct tailer *tailer = tailers->each[event.partition];
        if (!event.record) {
            tailers->positions[event.partition] = event.end_offset;
            tailer_end(tailer, event.end_offset);
            return STATUS_OK;
        }
        status = take_record(tailers, event.record, detail);
        if (status || tailer_is_full(tailer))
            return status;
    }
    return STATUS_OK;
}

/* --- the loop --- */

static enum status step_all(struct tailers *tailers, char *detail)
{
    enum status status = read_model_connect(tailers->model, now(tailers), detail);
    for (int32_t p = 0; !status && p < tailers->config->partitions; p++)
        status = tailer_step(tailers->each[p], now(tailers), detail);
    return status;
}

static void turn(struct tailers *tailers)
{
    char detail[DETAIL_BYTES] = "";
    enum status status = step_all(tailers, detail);
    if (status == STATUS_OK) {
        if (tailers->is_moved)
            status = assign(tailers, detail);
        if (!status)
            status = read_on(tailers, detail);
        if (status && status != STATUS_UNAVAILABLE)
            restart_all(tailers);
    }
    tell(tailers, status, detail);
    report(tailers);
    if (status)
        pause_ms(WAIT_MS);
}

static uint64_t draft_of(uint64_t seed, int32_t partition)
{
    uint64_t draft = (seed + (uint64_t)partition) * 0x9E3779B97F4A7C15u;
    draft ^= draft >> 29;
    return draft ? draft : 1;
}

static void make_tailers(struct tailers *tailers)
{
    size_t count = (size_t)tailers->config->partitions;
    tailers->each = calloc(count, sizeof(struct tailer *));
    tailers->positions = calloc(count, sizeof *tailers->positions);
    tailers->wanted = calloc(count, sizeof *tailers->wanted);
    assert(tailers->each && tailers->positions && tailers->wanted);
    for (size_t p = 0; p < count; p++) {
        struct tailer_config config = {
            .model = tailers->model,
            .source = {tailers, bounds, seek},
            .partition = (int32_t)p,
            .draft = draft_of(tailers->config->seed, (int32_t)p),
        };
        tailers->positions[p] = -1;
        tailers->each[p] = tailer_new(&config);
    }
}

static void deinit(struct tailers *tailers)
{
    for (int32_t p = 0; tailers->each && p < tailers->config->partitions; p++)
        tailer_free(tailers->each[p]);
    free(tailers->each);
    free(tailers->positions);
    free(tailers->wanted);
    kafka_reader_free(tailers->reader);
    read_model_free(tailers->model);
    arena_deinit(&tailers->arena);
}

enum status tailer_run(const struct tailer_run_config *config, char *detail)
{
    struct tailers tailers = {.config = config, .clock = clock_system()};
    const char *const topics[] = {config->topic};
    struct kafka_reader_config reader = {
        .endpoint = config->kafka, .topics = topics, .topic_count = 1};
    arena_init_growing(&tailers.arena, RECORD_BYTES_MAX);
    enum status status = read_model_open(&config->redis, &tailers.model, detail);
    if (!status)
        status = kafka_reader_new(&reader, &tailers.reader, detail);
    if (!status) {
        make_tailers(&tailers);
        while (!is_stopped(&tailers))
            turn(&tailers);
    }
    deinit(&tailers);
    return status;
}
