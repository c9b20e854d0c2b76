#include "engine/small_state.h"

#include "engine/control_book.h"

#include <stdlib.h>

enum { STATE_BYTES_MAX = 64 * 1024 * 1024, PARTITIONS_MAX = 100000 };

void small_state_init(struct small_state *small)
{
    *small = (struct small_state){0};
    for (int i = 0; i < 2; i++)
        arena_init_growing(&small->arenas[i], STATE_BYTES_MAX);
}

void small_state_deinit(struct small_state *small)
{
    for (int i = 0; i < 2; i++)
        arena_deinit(&small->arenas[i]);
}

/* Running out of memory ends the process, as with buffers. */
static struct slice keep(struct arena *arena, struct slice text)
{
    if (!text.bytes)
        return text;
    struct slice copy = arena_copy(arena, text);
    if (!copy.bytes)
        abort();
    return copy;
}

static void *keep_array(struct arena *arena, size_t count, size_t size)
{
    void *items = arena_take_array(arena, count, size);
    if (!items)
        abort();
    return items;
}

static struct change keep_change(struct arena *arena, const struct change *from)
{
    struct change copy = *from;
    copy.change = keep(arena, from->change);
    copy.kind = keep(arena, from->kind);
    copy.id = keep(arena, from->id);
    copy.cursor = keep(arena, from->cursor);
    copy.cause.event_id = keep(arena, from->cause.event_id);
    copy.cause.deal_id = keep(arena, from->cause.deal_id);
    copy.cause.topic = keep(arena, from->cause.topic);
    copy.cause.traceparent = keep(arena, from->cause.traceparent);
    return copy;
}

static struct list keep_changes(struct arena *arena, struct list from)
{
    if (from.count == 0)
        return (struct list){0};
    struct change *copies = keep_array(arena, from.count, sizeof *copies);
    for (size_t i = 0; i < from.count; i++)
        copies[i] = keep_change(arena, (const struct change *)from.items + i);
    return (struct list){copies, from.count};
}

static struct list keep_periods(struct arena *arena, struct list from)
{
    if (from.count == 0)
        return (struct list){0};
    struct period *copies = keep_array(arena, from.count, sizeof *copies);
    for (size_t i = 0; i < from.count; i++) {
        const struct period *period = (const struct period *)from.items + i;
        copies[i].pay_group = keep(arena, period->pay_group);
        copies[i].open = keep(arena, period->open);
    }
    return (struct list){copies, from.count};
}

void small_state_set(struct small_state *small, const struct fold_state *state)
{
    struct arena *arena = &small->arenas[1 - small->current];
    arena_reset(arena);
    struct fold_state copy = *state;
    copy.epoch = keep(arena, state->epoch);
    copy.attainment_generation = keep(arena, state->attainment_generation);
    copy.row.changes = keep_changes(arena, state->row.changes);
    copy.row.periods = keep_periods(arena, state->row.periods);
    small->state = copy;
    small->current = 1 - small->current;
}

/* `list` with `count` changes from `items` on, as the new state. */
static void set_changes(struct small_state *small, const struct change *items, size_t count)
{
    struct fold_state state = small->state;
    struct change *copies = count ? malloc(count * sizeof *copies) : NULL;
    if (count && !copies)
        abort();
    if (count)
        memcpy(copies, items, count * sizeof *copies);
    state.row.changes = (struct list){copies, count};
    small_state_set(small, &state);
    free(copies);
}

void changes_push(struct small_state *small, const struct change *change)
{
    size_t count = changes_count(small);
    struct change *all = malloc((count + 1) * sizeof *all);
    if (!all)
        abort();
    if (count)
        memcpy(all, small->state.row.changes.items, count * sizeof *all);
    all[count] = *change;
    set_changes(small, all, count + 1);
    free(all);
}

const struct change *changes_first(const struct small_state *small)
{
    return changes_count(small) ? changes_at(small, 0) : NULL;
}

void changes_advance(struct small_state *small, struct slice book)
{
    struct change *first = small->state.row.changes.items;
    first->cursor = book;
    struct fold_state state = small->state;
    small_state_set(small, &state);
}

void changes_pop(struct small_state *small)
{
    size_t count = changes_count(small);
    set_changes(small, count > 1 ? changes_at(small, 1) : NULL, count - 1);
}

static enum status read_partitions(struct slice text, int32_t *out, char *detail)
{
    int64_t value = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9' || value > PARTITIONS_MAX)
            value = PARTITIONS_MAX + 1;
        else
            value = value * 10 + (text.bytes[i] - '0');
    }
    if (value < 1 || value > PARTITIONS_MAX) {
        say(detail, "out-of-range: partitions must be a number from 1 to %d", PARTITIONS_MAX);
        return STATUS_INVALID;
    }
    *out = (int32_t)value;
    return STATUS_OK;
}

enum status small_state_check_topics(const struct control *control, char *detail)
{
    int32_t partitions;
    struct slice said = control_setting(control, SLICE("partitions"));
    return said.bytes ? read_partitions(said, &partitions, detail) : STATUS_OK;
}

/* Whether a record that is kept says the setting with a higher version (of equal ones the last id).
 */
struct overruling {
    const struct control *control;
    struct slice setting;
    bool is_overruled;
};

static enum status look_for_later(void *self, const struct control *kept, char *detail)
{
    struct overruling *overruling = self;
    const struct control *control = overruling->control;
    (void)detail;
    bool is_later = kept->version > control->version ||
                    (kept->version == control->version && slice_compare(kept->id, control->id) > 0);
    overruling->is_overruled |= is_later && control_setting(kept, overruling->setting).bytes;
    return STATUS_OK;
}

/* The setting's value, unless the record does not say it or is too late to; then bytes NULL. */
static enum status take_setting(struct row_io *io, const struct control *control,
                                struct slice setting, struct slice *out, char *detail)
{
    struct overruling overruling = {control, setting, false};
    enum status status = control_each(io, SLICE("topics"), look_for_later, &overruling, detail);
    if (!status)
        *out =
            overruling.is_overruled ? (struct slice){NULL, 0} : control_setting(control, setting);
    return status;
}

enum status small_state_topics(struct small_state *small, struct row_io *io,
                               const struct control *control, char *detail)
{
    const struct slice names[] = {SLICE("partitions"), SLICE("epoch"),
                                  SLICE("attainment-generation")};
    struct slice values[3];
    for (size_t i = 0; i < 3; i++) {
        enum status status = take_setting(io, control, names[i], &values[i], detail);
        if (status)
            return status;
    }
    struct fold_state state = small->state;
    if (values[0].bytes) {
        enum status status = read_partitions(values[0], &state.partitions, detail);
        if (status)
            return status;
    }
    if (values[1].bytes)
        state.epoch = values[1];
    if (values[2].bytes)
        state.attainment_generation = values[2];
    small_state_set(small, &state);
    return STATUS_OK;
}
