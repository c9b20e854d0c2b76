#include "worker/small.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

static void *take_zeroed(size_t count, size_t size)
{
    void *taken = calloc(count, size);
    if (!taken)
        abort();
    return taken;
}

void small_init(struct small *small, int32_t partitions)
{
    assert(partitions > 0);
    *small = (struct small){
        .generation = 1,
        .walk = {.round = 1, .round_begin = -1, .begin = 0, .starts = true},
        .partitions = partitions,
        .writers = take_zeroed((size_t)partitions * STAGE_COUNT, sizeof *small->writers),
        .written = take_zeroed((size_t)partitions, sizeof *small->written),
    };
    for (int topic = 0; topic < TOPIC_COUNT; topic++)
        small->positions[topic].offset = -1;
}

void small_deinit(struct small *small)
{
    free(small->writers);
    free(small->written);
    *small = (struct small){0};
}

void small_copy(struct small *copy, const struct small *small)
{
    assert(copy->partitions == small->partitions);
    struct writer_place *writers = copy->writers;
    int64_t *written = copy->written;
    *copy = *small;
    copy->writers = writers;
    copy->written = written;
    size_t partitions = (size_t)small->partitions;
    memcpy(writers, small->writers, partitions * STAGE_COUNT * sizeof *writers);
    memcpy(written, small->written, partitions * sizeof *written);
}

static enum status positions_to_row(const struct small *small, const struct stage *stage,
                                    struct arena *arena, struct list *out)
{
    struct input_position *items = arena_take_array(arena, stage->input_count, sizeof *items);
    if (!items)
        return STATUS_EXHAUSTED;
    for (size_t i = 0; i < stage->input_count; i++) {
        enum topic topic = stage->inputs[i];
        items[i] =
            (struct input_position){slice_of(topic_name(topic)), small->positions[topic].offset,
                                    small->positions[topic].row};
    }
    *out = (struct list){items, stage->input_count};
    return STATUS_OK;
}

static enum status writers_to_row(const struct small *small, struct arena *arena, struct list *out)
{
    static const struct stage *const stages[STAGE_COUNT] = {&crediting_stage, &incentives_stage};
    size_t places = (size_t)small->partitions * STAGE_COUNT;
    struct writer_seen *items = arena_take_array(arena, places, sizeof *items);
    if (!items)
        return STATUS_EXHAUSTED;
    size_t count = 0;
    for (size_t i = 0; i < places; i++) {
        const struct writer_place *place = &small->writers[i];
        if (place->turn == 0 && place->complete_generation == 0)
            continue;
        items[count++] =
            (struct writer_seen){slice_of(stages[i / (size_t)small->partitions]->name),
                                 (int32_t)(i % (size_t)small->partitions), place->generation,
                                 place->turn, place->complete_generation};
    }
    *out = (struct list){items, count};
    return STATUS_OK;
}

static enum status written_to_row(const struct small *small, struct arena *arena, struct list *out)
{
    struct written_into *items = arena_take_array(arena, (size_t)small->partitions, sizeof *items);
    if (!items)
        return STATUS_EXHAUSTED;
    size_t count = 0;
    for (int32_t p = 0; p < small->partitions; p++)
        if (small->written[p] != 0)
            items[count++] = (struct written_into){p, small->written[p]};
    *out = (struct list){items, count};
    return STATUS_OK;
}

enum status small_to_row(const struct small *small, const struct stage *stage,
                         const struct fold_state *state, struct arena *arena, struct task_row *out)
{
    *out = (struct task_row){
        .generation = small->generation,
        .turn = small->turn,
        .word = small->word,
        .round = small->walk.round,
        .round_begin = small->walk.round_begin,
        .begin = small->walk.begin,
        .level = STATE_LEVEL,
        .partitions = state->partitions,
        .epoch = state->epoch,
        .attainment_generation = state->attainment_generation,
        .fold = state->row,
    };
    enum status status = positions_to_row(small, stage, arena, &out->positions);
    if (!status)
        status = writers_to_row(small, arena, &out->writers);
    if (!status)
        status = written_to_row(small, arena, &out->written);
    return status;
}

static enum status corrupt(char *detail, const char *what, struct slice name, int partition)
{
    (void)snprintf(detail, DETAIL_BYTES, "small state names %s %.*s partition %d, which N excludes",
                   what, SLICE_ARGS(name), partition);
    return STATUS_CORRUPT;
}

static enum status lists_from_row(const struct task_row *row, struct small *small, char *detail)
{
    const struct input_position *positions = row->positions.items;
    for (size_t i = 0; i < row->positions.count; i++) {
        enum topic topic = topic_of(positions[i].topic);
        if (topic == TOPIC_COUNT)
            return corrupt(detail, "topic", positions[i].topic, -1);
        small->positions[topic] = (struct place_in){positions[i].offset, positions[i].row};
    }
    const struct writer_seen *writers = row->writers.items;
    for (size_t i = 0; i < row->writers.count; i++) {
        const struct stage *stage = stage_of(writers[i].stage);
        if (!stage || writers[i].partition < 0 || writers[i].partition >= small->partitions)
            return corrupt(detail, "writer", writers[i].stage, writers[i].partition);
        small->writers[stage->index * small->partitions + writers[i].partition] =
            (struct writer_place){writers[i].generation, writers[i].turn,
                                  writers[i].complete_generation};
    }
    const struct written_into *written = row->written.items;
    for (size_t i = 0; i < row->written.count; i++) {
        if (written[i].partition < 0 || written[i].partition >= small->partitions)
            return corrupt(detail, "target", SLICE("credits"), written[i].partition);
        small->written[written[i].partition] = written[i].turn;
    }
    return STATUS_OK;
}

enum status small_from_row(const struct task_row *row, struct small *small,
                           struct fold_state *out_state, char *detail)
{
    int32_t partitions = small->partitions;
    struct walk walk = small->walk;
    small_deinit(small);
    small_init(small, partitions);
    small->generation = row->generation;
    small->turn = row->turn;
    small->word = row->word;
    small->walk = walk;
    small->walk.round = row->round;
    small->walk.round_begin = row->round_begin;
    small->walk.begin = row->begin;
    *out_state = (struct fold_state){.row = row->fold,
                                     .epoch = row->epoch,
                                     .attainment_generation = row->attainment_generation,
                                     .partitions = row->partitions,
                                     .turn = row->turn};
    return lists_from_row(row, small, detail);
}
