/* A topic in memory, tailers over it, and a look at whether Redis shows what the topic says. */
#ifndef MILEPOST_TESTS_TAILER_SCENE_H
#define MILEPOST_TESTS_TAILER_SCENE_H

#include "redis/redis_scene.h"
#include "redis/tailer.h"

enum { TOPIC_MAX = 4000, KEYS_MAX = 64, SETTLE_STEPS_MAX = 100000 };

struct scene_record {
    const char *generation; /* NULL: compacted away */
    int key;
};

/* The record at offset i says, of participant person:KEY, sequence i. */
struct scene_topic {
    struct scene_record records[TOPIC_MAX];
    int64_t first;
    int64_t end;
};

struct scene_tailer {
    struct scene_topic *topic;
    struct read_model *model;
    struct tailer *tailer;
    int64_t position;
    int64_t seeks;
};

static inline void topic_append(struct scene_topic *topic, const char *generation, int keys,
                                int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        assert_true(topic->end < TOPIC_MAX);
        int key = (int)(topic->end * 7 % keys);
        topic->records[topic->end++] = (struct scene_record){generation, key};
    }
}

static inline enum status topic_bounds(void *self, int32_t partition, int64_t *out_first,
                                       int64_t *out_end, char *detail)
{
    (void)partition;
    (void)detail;
    const struct scene_tailer *one = self;
    *out_first = one->topic->first;
    *out_end = one->topic->end;
    return STATUS_OK;
}

static inline void topic_seek(void *self, int32_t partition, int64_t offset)
{
    (void)partition;
    struct scene_tailer *one = self;
    one->position = offset;
    one->seeks++;
}

static inline void scene_tailer_init(struct scene_tailer *one, const struct redis_scene *redis,
                                     struct scene_topic *topic, uint64_t draft, int timeout_ms)
{
    *one = (struct scene_tailer){.topic = topic, .position = -1};
    one->model = scene_model(redis, timeout_ms);
    struct tailer_config config = {
        .model = one->model, .source = {one, topic_bounds, topic_seek}, .draft = draft};
    one->tailer = tailer_new(&config);
}

static inline void scene_tailer_deinit(struct scene_tailer *one)
{
    tailer_free(one->tailer);
    read_model_free(one->model);
}

static inline void scene_step(struct scene_tailer *one, int64_t now_ms)
{
    char detail[DETAIL_BYTES] = "";
    enum status status = read_model_connect(one->model, now_ms, detail);
    if (!status)
        status = tailer_step(one->tailer, now_ms, detail);
    if (status)
        fail_msg("%s", detail);
}

/* Hands in the next record or the end; false: nothing is wanted. */
static inline bool scene_feed(struct scene_tailer *one, int64_t now_ms)
{
    if (one->position < 0 || tailer_is_full(one->tailer))
        return false;
    if (one->position >= one->topic->end) {
        tailer_end(one->tailer, one->topic->end);
        return true;
    }
    const struct scene_record *record = &one->topic->records[one->position];
    if (!record->generation) {
        one->position++;
        return scene_feed(one, now_ms);
    }
    char participant[32];
    snprintf(participant, sizeof participant, "person:%d", record->key);
    struct attainment attainment = {
        .participant = slice_of(participant),
        .plan = SLICE("sales"),
        .component = SLICE("commission"),
        .window = SLICE("2026"),
        .currency = SLICE("USD"),
        .sequence = one->position,
        .generation = slice_of(record->generation),
    };
    int64_t offset = one->position++;
    tailer_take(one->tailer, offset, &attainment, now_ms);
    return true;
}

/* Steps and feeds until the tailer has nothing left to do at `now_ms`: up to date, or pausing. */
static inline void scene_settle(struct scene_tailer *one, int64_t now_ms)
{
    int pauses = 0;
    for (int i = 0; i < SETTLE_STEPS_MAX; i++) {
        scene_step(one, now_ms);
        bool is_done = tailer_is_up_to_date(one->tailer) && one->position >= one->topic->end;
        pauses = scene_feed(one, now_ms) || one->position >= 0 ? 0 : pauses + 1;
        if (is_done || pauses == 2) /* what is begun at once begins with the next step */
            return;
    }
    fail_msg("the tailer does not settle");
}

struct scene_view {
    int64_t sequences[KEYS_MAX]; /* -1: not shown */
};

static inline void scene_note(void *self, const struct attainment_entry *entry)
{
    struct scene_view *view = self;
    char id[16] = "";
    assert_true(entry->key.participant.length > 7 && entry->key.participant.length < sizeof id);
    memcpy(id, entry->key.participant.bytes, entry->key.participant.length);
    view->sequences[strtol(id + 7, NULL, 10)] = entry->sequence;
}

/* Whether the hash shows exactly what the topic says of all records before `end`. */
static inline bool scene_shows(struct read_model *model, const struct scene_topic *topic,
                               int64_t end)
{
    struct scene_view shown;
    struct scene_view expected;
    for (int i = 0; i < KEYS_MAX; i++)
        shown.sequences[i] = expected.sequences[i] = -1;
    for (int64_t i = topic->first; i < end; i++)
        if (topic->records[i].generation)
            expected.sequences[topic->records[i].key] = i;
    char detail[DETAIL_BYTES] = "";
    struct read_model_scan scan = {.self = &shown, .entry = scene_note};
    enum status status = read_model_connect(model, INT32_MAX, detail);
    if (!status)
        status = read_model_scan(model, &scan, detail);
    if (status)
        fail_msg("%s", detail);
    return memcmp(&shown, &expected, sizeof shown) == 0;
}

#endif
