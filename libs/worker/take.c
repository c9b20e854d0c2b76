/* Taking partitions: committed offsets, then the journal, then reading (DESIGN section 4, JOURNAL
 * rules 3, 7, 8 and 9).
 *
 * The order is what makes it right: the stable committed offsets and their metadata first, the
 * journal's true end after that, then reading up to that end. Done in small steps so that the group
 * membership stays alive. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "worker/hazard.h"
#include "worker/worker_parts.h"

enum { RECORDS_PER_STEP = 200, WAIT_MS = 100 };

static void stop_reading(struct worker *worker)
{
    struct take *take = &worker->take;
    if (take->is_reading) {
        if (take->reader)
            worker->log->reader_close(worker->log->self, take->reader);
        chain_deinit(&take->chain);
    }
    take->reader = NULL;
    take->is_reading = false;
    take->stable = -1;
    take->stall = (struct stall){0};
    task_free(take->task);
    take->task = NULL;
}

void worker_take_reset(struct worker *worker)
{
    stop_reading(worker);
    worker->take.has_offsets = false;
    worker->take.index = 0;
}

static size_t inputs_of(const struct worker *worker)
{
    return worker->config.stage->input_count;
}

static struct log_position *positions_of(struct worker *worker, size_t index)
{
    return worker->take.positions + index * inputs_of(worker);
}

static enum status ask_offsets(struct worker *worker, char *detail)
{
    struct take *take = &worker->take;
    size_t inputs = inputs_of(worker);
    free(take->positions);
    take->positions = calloc(worker->assigned_count * inputs + 1, sizeof *take->positions);
    if (!take->positions)
        abort();
    for (size_t i = 0; i < worker->assigned_count; i++)
        for (size_t k = 0; k < inputs; k++)
            take->positions[i * inputs + k] =
                (struct log_position){.topic = (int)worker->config.stage->inputs[k],
                                      .partition = worker->assigned[i],
                                      .offset = -1};
    enum status status = worker->log->committed(worker->log->self, take->positions,
                                                worker->assigned_count * inputs, detail);
    take->has_offsets = status == STATUS_OK;
    worker_stall_offsets(worker, status == STATUS_UNAVAILABLE);
    return status;
}

static enum status stop(const struct worker *worker, int32_t partition, const char *what,
                        char *detail)
{
    (void)snprintf(detail, DETAIL_BYTES,
                   "%s task %" PRId32 ": %s; with the group empty run: milepost offsets repair",
                   worker->config.stage->name, partition, what);
    return STATUS_CORRUPT;
}

/* All inputs carry the same turn, or none has an offset at all (rule 9). */
static enum status read_metadata(const struct worker *worker, const struct log_position *positions,
                                 bool *out_fresh, struct turn_metadata *out, char *detail)
{
    size_t named = 0;
    struct turn_metadata first = {0};
    for (size_t k = 0; k < inputs_of(worker); k++) {
        if (positions[k].offset < 0)
            continue; /* fresh, or a topic that this release reads for the first time */
        struct turn_metadata one;
        if (metadata_parse(positions[k].metadata, &one))
            return stop(worker, positions[k].partition,
                        "committed offsets carry no turn that this release understands", detail);
        if (named++ == 0)
            first = one;
        else if (memcmp(&one, &first, sizeof one) != 0)
            return stop(worker, positions[k].partition,
                        "committed offsets of its inputs name different turns", detail);
    }
    *out_fresh = named == 0;
    *out = first;
    return STATUS_OK;
}

/* Inputs never read begin at their log's start. */
static enum status fill_positions(struct worker *worker, struct task *task, char *detail)
{
    for (size_t k = 0; k < inputs_of(worker); k++) {
        enum topic topic = worker->config.stage->inputs[k];
        struct place_in *place = &task->small.positions[topic];
        int64_t end;
        if (place->offset >= 0)
            continue;
        enum status status = worker->log->bounds(worker->log->self, (int)topic, task->partition,
                                                 &place->offset, &end, detail);
        if (status) {
            place->offset = -1;
            return status;
        }
    }
    return STATUS_OK;
}

static struct task *make_task(struct worker *worker, int32_t partition)
{
    const struct worker_config *config = &worker->config;
    struct task *task = task_new(config->stage, partition, config->partitions, config->schemas);
    retention_init(&task->retention, config->keep_ms, config->free_bytes);
    task->fold->doing = config->doing;
    return task;
}

static void next_task(struct worker *worker)
{
    stop_reading(worker);
    worker->take.index++;
}

static void install(struct worker *worker)
{
    struct task *task = worker->take.task;
    worker->take.task = NULL;
    task_free(worker->tasks[task->partition]);
    worker->tasks[task->partition] = task;
    /* Views may be behind, changes queued: the first turn finds out. */
    task->has_more = true;
    next_task(worker);
}

/* A task that has never committed: its journal must be empty too. */
static enum status take_fresh(struct worker *worker, char *detail)
{
    struct take *take = &worker->take;
    const struct log *log = worker->log;
    int32_t partition = worker->assigned[take->index];
    int64_t first;
    int64_t end;
    enum status status =
        log->bounds(log->self, (int)worker->config.stage->journal, partition, &first, &end, detail);
    if (status)
        return status;
    if (first > 0)
        return stop(worker, partition,
                    "its inputs have no committed offsets, yet its journal was truncated", detail);
    take->task = make_task(worker, partition);
    take->task->small.walk.begin = 0;
    take->end = end;
    if (end > 0) { /* aborted attempts leave markers: only a read can tell */
        take->is_reading = true;
        chain_init(&take->chain, worker->config.stage, partition, worker->config.schemas,
                   take->task->store, &take->task->small);
        return log->reader_open(log->self, (int)worker->config.stage->journal, partition, 0,
                                &take->reader, detail);
    }
    status = fill_positions(worker, take->task, detail);
    if (status) {
        stop_reading(worker);
        return status;
    }
    install(worker);
    return STATUS_OK;
}

static enum status begin_restore(struct worker *worker, char *detail)
{
    struct take *take = &worker->take;
    const struct log *log = worker->log;
    int32_t partition = worker->assigned[take->index];
    int64_t first;
    enum status status = log->bounds(log->self, (int)worker->config.stage->journal, partition,
                                     &first, &take->end, detail);
    if (status)
        return status;
    if (take->metadata.begin < first) {
        /* Truncated since, so the offsets have moved on; unchanged offsets are found out below. */
        worker_say(worker, WORKER_WARNING,
                   "journal of task %" PRId32 " begins at %" PRId64 ", later than %" PRId64
                   ": asking again",
                   partition, first, take->metadata.begin);
        struct turn_metadata before = take->metadata;
        bool fresh;
        status = ask_offsets(worker, detail);
        if (!status)
            status = read_metadata(worker, positions_of(worker, take->index), &fresh,
                                   &take->metadata, detail);
        if (!status && memcmp(&before, &take->metadata, sizeof before) == 0)
            return stop(worker, partition, "its journal was truncated above its begin", detail);
        return status;
    }
    take->task = make_task(worker, partition);
    take->is_reading = true;
    chain_init(&take->chain, worker->config.stage, partition, worker->config.schemas,
               take->task->store, &take->task->small);
    return log->reader_open(log->self, (int)worker->config.stage->journal, partition,
                            take->metadata.begin, &take->reader, detail);
}

/* The chain's positions are those that the offsets committed with the turn name (rule 9). */
static enum status check_positions(const struct worker *worker, const struct task *task,
                                   const struct log_position *positions, char *detail)
{
    if (hazard_is(HAZARD_NO_CHAIN) || hazard_is(HAZARD_RESTORE_TO_LSO) ||
        hazard_is(HAZARD_OFFSETS_OUTSIDE))
        return STATUS_OK;
    for (size_t k = 0; k < inputs_of(worker); k++)
        if (positions[k].offset >= 0 &&
            positions[k].offset != task->small.positions[positions[k].topic].offset)
            return stop(worker, task->partition,
                        "its committed offsets are not those of its journal's last turn", detail);
    return STATUS_OK;
}

static enum status finish_restore(struct worker *worker, char *detail)
{
    struct take *take = &worker->take;
    struct task *task = take->task;
    enum status status = task_restore(task, &take->chain, &take->metadata, detail);
    if (status == STATUS_ABORTED) { /* the journal went on: newer offsets exist */
        worker_take_reset(worker);
        return STATUS_OK;
    }
    if (status)
        return status;
    status = check_positions(worker, task, positions_of(worker, take->index), detail);
    if (status)
        return status;
    if (hazard_is(HAZARD_RESTORE_TO_LSO) || hazard_is(HAZARD_NO_CHAIN) ||
        hazard_is(HAZARD_OFFSETS_OUTSIDE)) {
        /* What the hazard amounts to: old state, new offsets. */
        const struct log_position *positions = positions_of(worker, take->index);
        for (size_t k = 0; k < inputs_of(worker); k++)
            task->small.positions[positions[k].topic] = (struct place_in){positions[k].offset, 0};
        task->small.turn = take->metadata.turn;
        task->small.word = take->metadata.word;
    }
    worker->counters.restores++;
    worker->counters.restored_rows += take->chain.rows;
    worker->counters.restored_bytes += take->chain.bytes;
    worker_say(worker, WORKER_INFO, "restored task %" PRId32 " to turn %" PRId64 ": %zu rows",
               task->partition, task->small.turn, store_rows(task->store));
    status = fill_positions(worker, task, detail);
    if (!status)
        install(worker);
    return status;
}

static enum status finish_reading(struct worker *worker, bool fresh, char *detail)
{
    struct take *take = &worker->take;
    if (!fresh)
        return finish_restore(worker, detail);
    if (take->chain.first_turn != 0 || take->chain.parts_seen != 0)
        return stop(worker, take->task->partition,
                    "its inputs have no committed offsets, yet its journal holds turns", detail);
    enum status status = fill_positions(worker, take->task, detail);
    if (!status)
        install(worker);
    return status;
}

/* Reads a piece of the journal; at its noted end the task is done. */
static enum status read_on(struct worker *worker, bool fresh, char *detail)
{
    struct take *take = &worker->take;
    const struct log *log = worker->log;
    for (int i = 0; i < RECORDS_PER_STEP; i++) {
        const struct log_record *record;
        int64_t end = -1;
        enum status status =
            log->reader_next(log->self, take->reader, WAIT_MS, &record, &end, detail);
        if (status == STATUS_OUT_OF_RANGE) { /* truncated while reading: ask again (rule 8) */
            worker_take_reset(worker);
            return STATUS_OK;
        }
        if (status)
            return status;
        worker->counters.taken_records += record != NULL;
        if (end >= 0)
            take->stable = end;
        if (record)
            status = chain_add(&take->chain, record, detail);
        if (status)
            return status;
        if (!record && (end >= take->end || (end >= 0 && hazard_is(HAZARD_RESTORE_TO_LSO))))
            return finish_reading(worker, fresh, detail);
        if (!record && take->stable >= 0)
            worker_stall_restore(worker, worker->assigned[take->index], take->stable);
        if (!record)
            return STATUS_OK;
        take->stable = -1;
    }
    return STATUS_OK;
}

static bool is_kept(const struct worker *worker, const struct turn_metadata *metadata)
{
    const struct task *task = worker->tasks[worker->assigned[worker->take.index]];
    return task && task->small.turn == metadata->turn && task->small.word == metadata->word &&
           task->small.generation == metadata->generation;
}

static enum status take_one(struct worker *worker, char *detail)
{
    struct take *take = &worker->take;
    bool fresh;
    struct turn_metadata metadata;
    enum status status =
        read_metadata(worker, positions_of(worker, take->index), &fresh, &metadata, detail);
    if (status)
        return status;
    if (take->is_reading)
        return read_on(worker, fresh, detail);
    if (!fresh && is_kept(worker, &metadata)) {
        next_task(worker);
        return STATUS_OK;
    }
    if (fresh)
        return take_fresh(worker, detail);
    take->metadata = metadata;
    return begin_restore(worker, detail);
}

enum status worker_take(struct worker *worker, char *detail)
{
    struct take *take = &worker->take;
    if (!take->has_offsets) {
        enum status status = ask_offsets(worker, detail);
        if (status)
            return status;
    }
    while (take->index < worker->assigned_count) {
        size_t index = take->index;
        enum status status = take_one(worker, detail);
        if (status == STATUS_UNAVAILABLE) {
            worker_take_reset(worker);
            return status;
        }
        if (status || take->index == index)
            return status;
    }
    take->is_due = false;
    return worker_rewind(worker, detail);
}
