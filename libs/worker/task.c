#include "worker/task.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "worker/hazard.h"

enum { SCRATCH_BYTES_MAX = 64 * 1024 * 1024 };

static void make_fold(struct task *task)
{
    struct fold_config config = {.partition = task->partition,
                                 .codec = schemas_row_codec(task->schemas)};
    task->fold = task->stage->new_fold(task->store, &config);
    if (!task->fold)
        abort();
}

struct task *task_new(const struct stage *stage, int32_t partition, int32_t partitions,
                      struct schemas *schemas)
{
    struct task *task = calloc(1, sizeof *task);
    if (!task)
        abort();
    task->stage = stage;
    task->partition = partition;
    task->schemas = schemas;
    task->store = store_new();
    small_init(&task->small, partitions);
    small_init(&task->before, partitions);
    outgoing_init(&task->outgoing, stage, partition, partitions, schemas);
    retention_init(&task->retention, RETENTION_KEEP_MS, RETENTION_FREE_BYTES);
    arena_init_growing(&task->scratch, SCRATCH_BYTES_MAX);
    make_fold(task);
    return task;
}

void task_free(struct task *task)
{
    if (!task)
        return;
    task->fold->free(task->fold->self);
    store_free(task->store);
    small_deinit(&task->small);
    small_deinit(&task->before);
    buffer_deinit(&task->committed);
    outgoing_deinit(&task->outgoing);
    journal_writer_deinit(&task->journal);
    arena_deinit(&task->scratch);
    free(task);
}

enum status task_restore(struct task *task, struct chain *chain,
                         const struct turn_metadata *metadata, char *detail)
{
    struct fold_state state;
    enum status status = chain_end(chain, metadata, detail);
    if (!status)
        status = chain_state(chain, &state, detail);
    if (status)
        return status;
    task->small.walk.begin = metadata->begin;
    task->named_begin = metadata->begin;
    buffer_reset(&task->committed);
    buffer_append_slice(&task->committed, buffer_slice(&chain->task));
    task->fold->set_state(task->fold->self, &state);
    task->fold->forget(task->fold->self, (struct slice){NULL, 0});
    return STATUS_OK;
}

void task_turn_begin(struct task *task, int64_t word)
{
    assert(!task->in_turn);
    task->in_turn = true;
    small_copy(&task->before, &task->small);
    outgoing_reset(&task->outgoing);
    store_turn_begin(task->store);
    task->small.turn++;
    task->small.word = word;
    task->rows_applied = 0;
    task->journal_offset = -1;
    task->fold->set_turn(task->fold->self, task->small.turn);
}

static void forget(void *self, struct slice key)
{
    struct task *task = self;
    task->fold->forget(task->fold->self, key);
}

/* The fold's part of the small state, as the last turn that stands left it. */
static void restore_fold_state(struct task *task)
{
    struct fold_state state = {0};
    if (task->committed.length > 0) {
        char detail[DETAIL_BYTES];
        struct task_row row;
        arena_reset(&task->scratch);
        enum status status =
            schemas_decode_row(task->schemas, SCHEMA_TASK_ROW, buffer_slice(&task->committed), &row,
                               &task->scratch, detail);
        assert(status == STATUS_OK); /* our own bytes */
        (void)status;
        state = (struct fold_state){.row = row.fold,
                                    .epoch = row.epoch,
                                    .attainment_generation = row.attainment_generation,
                                    .partitions = row.partitions,
                                    .turn = row.turn};
    }
    task->fold->set_state(task->fold->self, &state);
}

void task_turn_undo(struct task *task)
{
    assert(task->in_turn);
    task->in_turn = false;
    task->has_more = true; /* what the turn drained or published is there again */
    if (hazard_is(HAZARD_STATE_BEFORE_COMMIT)) {
        store_turn_keep(task->store);
        small_copy(&task->small, &task->before);
        return;
    }
    struct walk walk = task->small.walk;
    store_turn_undo(task->store, forget, task);
    small_copy(&task->small, &task->before);
    if (hazard_is(HAZARD_CURSOR_NOT_UNDONE))
        task->small.walk = walk;
    restore_fold_state(task);
}

static void add_journal_record(struct task *task, int32_t part)
{
    struct buffer *room = outgoing_packed(&task->outgoing);
    struct slice value = journal_record(&task->journal, &task->small, task->stage, task->partition,
                                        task->before.word, part, task->schemas, room);
    outgoing_add_packed(
        &task->outgoing,
        (struct log_outgoing){.topic = (int)task->stage->journal,
                              .partition = task->partition,
                              .out_offset = part == 1 ? &task->journal_offset : NULL},
        value);
}

enum status task_turn_encode(struct task *task, char *detail)
{
    (void)snprintf(detail, DETAIL_BYTES, "too-large: the turn of %s task %d does not fit in memory",
                   task->stage->name, (int)task->partition);
    outgoing_pack_credits(&task->outgoing, &task->small);
    if (!hazard_is(HAZARD_LATE_SLICE)) /* there the worker has taken the slice too late */
        journal_add_changed(&task->journal, task->store, &task->small.walk);
    if (!hazard_is(HAZARD_LATE_SLICE))
        journal_add_slice(&task->journal, task->store, &task->small.walk);
    arena_reset(&task->scratch);
    enum status status =
        journal_pack(&task->journal, &task->small, task->stage, task->fold->state(task->fold->self),
                     task->schemas, &task->scratch);
    for (int32_t part = 1; !status && part <= journal_parts(&task->journal); part++)
        add_journal_record(task, part);
    return status;
}

struct turn_metadata task_metadata(const struct task *task)
{
    return (struct turn_metadata){task->small.generation, task->small.turn, task->small.word,
                                  task->small.walk.begin};
}

void task_rewrite(struct task *task, size_t bytes)
{
    assert(!task->in_turn);
    if (task->rewrite != REWRITE_NONE)
        return;
    task->rewrite = REWRITE_WALK;
    task->rewrite_round = task->small.walk.round + 1;
    task->small.walk.is_whole = true; /* so that the next turn begins a round */
    task->journal.slice_least = bytes;
    task->has_more = true;
}

static void go_on_rewriting(struct task *task)
{
    if (task->rewrite == REWRITE_NAME) {
        task->rewrite = REWRITE_NONE;
        return;
    }
    if (task->small.walk.is_whole && task->small.walk.round == task->rewrite_round) {
        task->rewrite = REWRITE_NAME;
        task->journal.slice_least = 0;
    }
    task->has_more = true;
}

void task_turn_keep(struct task *task, int64_t now_ms)
{
    assert(task->in_turn);
    task->in_turn = false;
    store_turn_keep(task->store);
    retention_named(&task->retention, task->small.walk.begin, task->begin_credits,
                    (int64_t)journal_packed_bytes(&task->journal), now_ms);
    if (task->small.walk.starts)
        task->round_credits = task->before.positions[TOPIC_CREDITS].offset;
    if (task->small.walk.is_whole)
        task->begin_credits = task->round_credits;
    task->named_begin = task->small.walk.begin;
    journal_committed(&task->small.walk, task->journal_offset);
    if (task->rewrite != REWRITE_NONE)
        go_on_rewriting(task);
    buffer_reset(&task->committed);
    buffer_append_slice(&task->committed, buffer_slice(&task->journal.task));
}
