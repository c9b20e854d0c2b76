#include "redis/tailer.h"

#include <assert.h>
#include <stdlib.h>

enum tailer_state {
    TAILER_START, /* the header is to be read */
    TAILER_CHECK, /* waiting for the record that shows whether the header is of this topic */
    TAILER_TAIL,
    TAILER_BUILD, /* into the draft */
};

struct entry {
    size_t field; /* where it begins in `texts` */
    size_t field_length;
    size_t value_length; /* behind the field */
};

struct tailer {
    struct tailer_config config;
    struct tailer_counters counters;
    enum tailer_state state;
    int64_t not_before_ms;               /* TAILER_START */
    struct read_model_header live;       /* of the hash that is read */
    struct read_model_header stored;     /* of what is written to: that hash, or the draft */
    struct read_model_header next;       /* of the pending write */
    char unfit[READ_MODEL_HEADER_BYTES]; /* a record's generation that is not the header's; "" */
    int64_t build_until;                 /* TAILER_BUILD: the end when it began */
    int64_t position;                    /* of the next record */
    bool is_at_end;
    int64_t looked_ms; /* when the stored header was last known */
    int64_t oldest_ms; /* since when something waits to be written */
    struct entry entries[READ_MODEL_ENTRIES_MAX];
    size_t entry_count;
    struct buffer texts;
};

struct tailer *tailer_new(const struct tailer_config *config)
{
    assert(config->draft != 0);
    struct tailer *tailer = calloc(1, sizeof *tailer);
    assert(tailer);
    tailer->config = *config;
    return tailer;
}

void tailer_free(struct tailer *tailer)
{
    if (!tailer)
        return;
    buffer_deinit(&tailer->texts);
    free(tailer);
}

bool tailer_is_full(const struct tailer *tailer)
{
    return tailer->entry_count == READ_MODEL_ENTRIES_MAX;
}

bool tailer_is_up_to_date(const struct tailer *tailer)
{
    return tailer->state == TAILER_TAIL && tailer->entry_count == 0 && tailer->is_at_end;
}

bool tailer_is_building(const struct tailer *tailer)
{
    return tailer->state == TAILER_BUILD;
}

struct tailer_counters tailer_counters(const struct tailer *tailer)
{
    return tailer->counters;
}

static void forget_entries(struct tailer *tailer)
{
    tailer->entry_count = 0;
    buffer_reset(&tailer->texts);
}

static void seek(struct tailer *tailer, int64_t offset)
{
    forget_entries(tailer);
    tailer->is_at_end = false;
    tailer->position = offset;
    tailer->config.source.seek(tailer->config.source.self, tailer->config.partition, offset);
}

void tailer_restart(struct tailer *tailer, int64_t not_before_ms)
{
    seek(tailer, -1);
    tailer->state = TAILER_START;
    tailer->not_before_ms = not_before_ms;
}

static void back_off(struct tailer *tailer, int64_t now_ms)
{
    int64_t more_ms = (int64_t)(tailer->config.draft % TAILER_BACK_OFF_MS);
    tailer_restart(tailer, now_ms + TAILER_BACK_OFF_MS + more_ms);
}

static struct read_model_place place(const struct tailer *tailer)
{
    uint64_t draft = tailer->state == TAILER_BUILD ? tailer->config.draft : 0;
    return (struct read_model_place){tailer->config.partition, draft};
}

/* --- beginning --- */

static enum status begin_build(struct tailer *tailer, int64_t first, int64_t end, char *detail)
{
    struct read_model_place draft = {tailer->config.partition, tailer->config.draft};
    enum status status = read_model_discard(tailer->config.model, draft, detail);
    if (status)
        return status;
    tailer->counters.rebuilds++;
    tailer->unfit[0] = '\0';
    tailer->stored = (struct read_model_header){""};
    tailer->build_until = end;
    tailer->state = TAILER_BUILD;
    seek(tailer, first);
    return STATUS_OK;
}

static bool fits(const struct tailer *tailer, int64_t first, int64_t end)
{
    struct slice generation;
    int64_t offset;
    if (!read_model_header_get(&tailer->live, &generation, &offset))
        return false;
    if (tailer->unfit[0] && !slice_equal(generation, slice_of(tailer->unfit)))
        return false;
    return offset >= first && offset <= end && first < end;
}

/* Within a topic's life generations only follow each other, so the header is of this life when its
 * generation stands where it was taken from: on the last record before its offset or, when
 * compaction took that one away for a newer one, on the next there is. Records of older
 * generations before it prove nothing. */
static int64_t place_of_proof(const struct tailer *tailer, int64_t first)
{
    struct slice generation;
    int64_t offset;
    bool is_header = read_model_header_get(&tailer->live, &generation, &offset);
    assert(is_header);
    return offset > first ? offset - 1 : first;
}

static enum status begin(struct tailer *tailer, char *detail)
{
    const struct tailer_config *config = &tailer->config;
    int64_t first;
    int64_t end;
    struct read_model_header live;
    enum status status = read_model_header(config->model, config->partition, &live, detail);
    if (!status)
        status =
            config->source.bounds(config->source.self, config->partition, &first, &end, detail);
    if (status)
        return status;
    tailer->live = live;
    if (!fits(tailer, first, end))
        return begin_build(tailer, first, end, detail);
    tailer->unfit[0] = '\0';
    tailer->state = TAILER_CHECK;
    seek(tailer, place_of_proof(tailer, first));
    return STATUS_OK;
}

/* Nothing stands where the header's last record must be: it cannot be this topic's. */
static enum status distrust(struct tailer *tailer, char *detail)
{
    int64_t first;
    int64_t end;
    enum status status = tailer->config.source.bounds(
        tailer->config.source.self, tailer->config.partition, &first, &end, detail);
    return status ? status : begin_build(tailer, first, end, detail);
}

static void note_unfit(struct tailer *tailer, struct slice generation)
{
    size_t length =
        generation.length < sizeof tailer->unfit ? generation.length : sizeof tailer->unfit - 1;
    memcpy(tailer->unfit, generation.bytes, length);
    tailer->unfit[length] = '\0';
    tailer_restart(tailer, 0);
}

/* --- what the source brings --- */

static bool is_generation_of(const struct read_model_header *header, struct slice generation)
{
    struct slice stored;
    int64_t offset;
    return read_model_header_get(header, &stored, &offset) && slice_equal(stored, generation);
}

static void add_entry(struct tailer *tailer, const struct attainment *attainment, int64_t now_ms)
{
    struct buffer *texts = &tailer->texts;
    struct entry *entry = &tailer->entries[tailer->entry_count];
    struct attainment_key key = {attainment->participant, attainment->plan, attainment->component,
                                 attainment->window};
    if (tailer->entry_count++ == 0)
        tailer->oldest_ms = now_ms;
    entry->field = texts->length;
    attainment_entry_append_field(&key, texts);
    entry->field_length = texts->length - entry->field;
    attainment_entry_append_value(attainment, texts);
    entry->value_length = texts->length - entry->field - entry->field_length;
}

/* The header stands, or it is of another life of the topic. */
static bool check(struct tailer *tailer, struct slice record_generation)
{
    if (!is_generation_of(&tailer->live, record_generation)) {
        note_unfit(tailer, record_generation);
        return false;
    }
    tailer->stored = tailer->live;
    tailer->state = TAILER_TAIL;
    return true;
}

/* Whether the hash has the record already: the one that proved the header. */
static bool is_shown(const struct tailer *tailer, int64_t offset)
{
    struct slice generation;
    int64_t shown;
    return tailer->state == TAILER_TAIL &&
           read_model_header_get(&tailer->stored, &generation, &shown) && offset < shown;
}

void tailer_take(struct tailer *tailer, int64_t offset, const struct attainment *attainment,
                 int64_t now_ms)
{
    assert(!tailer_is_full(tailer));
    if (tailer->position < 0 || offset < tailer->position)
        return;
    tailer->position = offset + 1;
    tailer->is_at_end = false;
    if (!attainment)
        return;
    if (tailer->state == TAILER_CHECK && !check(tailer, attainment->generation))
        return;
    if (is_shown(tailer, offset))
        return;
    if (tailer->state == TAILER_TAIL &&
        !is_generation_of(&tailer->stored, attainment->generation)) {
        note_unfit(tailer, attainment->generation);
        return;
    }
    if (read_model_header_set(&tailer->next, attainment->generation, offset + 1))
        add_entry(tailer, attainment, now_ms);
}

void tailer_end(struct tailer *tailer, int64_t end)
{
    if (tailer->position < 0)
        return;
    if (tailer->position < end)
        tailer->position = end;
    tailer->is_at_end = true;
}

/* --- writing --- */

static void gather(const struct tailer *tailer, struct read_model_write *out)
{
    for (size_t i = 0; i < tailer->entry_count; i++) {
        const struct entry *entry = &tailer->entries[i];
        const char *field = tailer->texts.bytes + entry->field;
        out[i].field = (struct slice){field, entry->field_length};
        out[i].value = (struct slice){field + entry->field_length, entry->value_length};
    }
}

/* The entries stay until Redis has answered: a lost answer is asked for again with the same base.
 */
static enum status write_entries(struct tailer *tailer, int64_t now_ms, char *detail)
{
    struct read_model_write writes[READ_MODEL_ENTRIES_MAX];
    struct read_model_header stored;
    gather(tailer, writes);
    enum status status =
        read_model_apply(tailer->config.model, place(tailer), &tailer->stored, &tailer->next,
                         writes, tailer->entry_count, &stored, detail);
    if (status)
        return status;
    if (read_model_header_equal(&stored, &tailer->next)) {
        tailer->counters.writes++;
        tailer->looked_ms = now_ms;
        tailer->stored = stored;
        forget_entries(tailer);
        return STATUS_OK;
    }
    tailer->counters.refusals++;
    if (stored.text[0] == '\0' || tailer->state == TAILER_BUILD)
        tailer_restart(tailer, now_ms); /* Redis has been emptied: nobody else did the work. */
    else
        back_off(tailer, now_ms);
    return STATUS_OK;
}

static enum status replace(struct tailer *tailer, int64_t now_ms, char *detail)
{
    struct read_model_header stored;
    enum status status = read_model_replace(tailer->config.model, place(tailer), &tailer->live,
                                            &tailer->stored, &stored, detail);
    if (status)
        return status;
    if (!read_model_header_equal(&stored, &tailer->stored)) {
        tailer->counters.refusals++;
        back_off(tailer, now_ms);
        return STATUS_OK;
    }
    tailer->live = stored;
    tailer->looked_ms = now_ms;
    if (stored.text[0])
        tailer->state = TAILER_TAIL;
    return STATUS_OK;
}

static bool is_write_due(const struct tailer *tailer, int64_t now_ms)
{
    return tailer->entry_count > 0 && (tailer_is_full(tailer) || tailer->is_at_end ||
                                       now_ms >= tailer->oldest_ms + TAILER_WRITE_AFTER_MS);
}

/* An empty topic has nothing to show and no generation to name: what is there goes, and the draft
 * waits for the first record. */
static bool is_replacement_due(const struct tailer *tailer)
{
    return tailer->state == TAILER_BUILD && tailer->entry_count == 0 &&
           tailer->position >= tailer->build_until &&
           (tailer->stored.text[0] || tailer->live.text[0]);
}

/* What Redis lost while nothing was to be written would stay lost until the next record. */
static enum status look(struct tailer *tailer, int64_t now_ms, char *detail)
{
    struct read_model_header stored;
    enum status status =
        read_model_header(tailer->config.model, tailer->config.partition, &stored, detail);
    if (status)
        return status;
    tailer->looked_ms = now_ms;
    if (!read_model_header_equal(&stored, &tailer->stored))
        tailer_restart(tailer, now_ms);
    return STATUS_OK;
}

static bool is_look_due(const struct tailer *tailer, int64_t now_ms)
{
    return tailer_is_up_to_date(tailer) && now_ms >= tailer->looked_ms + TAILER_LOOK_AFTER_MS;
}

enum status tailer_step(struct tailer *tailer, int64_t now_ms, char *detail)
{
    if (tailer->state == TAILER_START)
        return now_ms < tailer->not_before_ms ? STATUS_OK : begin(tailer, detail);
    if (tailer->state == TAILER_CHECK && tailer->is_at_end)
        return distrust(tailer, detail);
    if (is_look_due(tailer, now_ms))
        return look(tailer, now_ms, detail);
    if (is_write_due(tailer, now_ms)) {
        enum status status = write_entries(tailer, now_ms, detail);
        if (status)
            return status;
    }
    return is_replacement_due(tailer) ? replace(tailer, now_ms, detail) : STATUS_OK;
}
