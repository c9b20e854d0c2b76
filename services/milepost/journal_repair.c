#include "milepost/journal_repair.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/clock.h"
#include "worker/hanging.h"

enum {
    WAIT_MS = 200,
    WAITS_MAX = 300, /* without a record, about a minute */
    ATTEMPTS = 120,
    PAUSE_MS = 500,
    REWRITE_BYTES = 16 * 1024 * 1024,
};

/* What is asked and read of one task. */
struct look {
    const struct state_source *source;
    const struct stage *stage;
    int32_t partition;
    struct kafka_offset offsets[STAGE_INPUTS_MAX]; /* by input */
    bool any_committed;
    int64_t first; /* of the journal, all records */
    int64_t end;
};

static enum status corrupt(const struct look *look, const char *what, char *detail)
{
    (void)snprintf(detail, DETAIL_BYTES,
                   "%s task %" PRId32 ": %s; its offsets cannot be repaired, rebuild it",
                   look->stage->name, look->partition, what);
    return STATUS_CORRUPT;
}

/* Dead workers' transactions end by their timeout, so it is worth waiting. */
static enum status ask_offsets(struct look *look, char *detail)
{
    char group[STAGE_GROUP_BYTES];
    stage_group(look->stage, look->source->connection->prefix, group);
    for (size_t k = 0; k < look->stage->input_count; k++)
        look->offsets[k] =
            (struct kafka_offset){.topic = look->source->names[look->stage->inputs[k]],
                                  .partition = look->partition,
                                  .offset = -1};
    enum status status = STATUS_UNAVAILABLE;
    for (int i = 0; status == STATUS_UNAVAILABLE && i < ATTEMPTS; i++) {
        if (i > 0)
            (void)nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
        status = kafka_admin_committed(look->source->admin, group, look->offsets,
                                       look->stage->input_count, detail);
    }
    if (status == STATUS_CORRUPT) { /* somebody else's metadata: as good as none */
        look->any_committed = true;
        return STATUS_OK;
    }
    for (size_t k = 0; !status && k < look->stage->input_count; k++)
        look->any_committed |= look->offsets[k].offset >= 0;
    return status;
}

/* All inputs that have an offset name the same turn. */
static bool read_named(const struct look *look, struct turn_metadata *out)
{
    size_t named = 0;
    struct turn_metadata first = {0};
    for (size_t k = 0; k < look->stage->input_count; k++) {
        struct turn_metadata one;
        if (look->offsets[k].offset < 0)
            continue;
        if (metadata_parse(look->offsets[k].metadata, &one))
            return false;
        if (named++ == 0)
            first = one;
        else if (memcmp(&one, &first, sizeof one) != 0)
            return false;
    }
    *out = first;
    return named > 0;
}

/* A journal cut inside a turn begins with the next one. */
static enum status add(struct chain *chain, const struct log_record *record, int64_t *begin,
                       char *detail)
{
    bool is_first = chain->first_turn == 0 && chain->parts_seen == 0;
    enum status status = chain_add(chain, record, detail);
    if (status == STATUS_CORRUPT && is_first)
        return STATUS_OK;
    if (!status && is_first)
        *begin = record->offset;
    return status;
}

/* Reads all that is committed from `*begin` on, which becomes the offset of the first turn. */
static enum status read_chain(const struct look *look, struct chain *chain, int64_t *begin,
                              char *detail)
{
    struct kafka_reader *reader = look->source->reader;
    struct log_position position = {
        .topic = (int)look->stage->journal, .partition = look->partition, .offset = *begin};
    enum status status = kafka_reader_assign(reader, &position, 1, detail);
    int64_t stable = *begin;
    for (int waits = 0; !status && waits < WAITS_MAX;) {
        bool has;
        struct kafka_event event;
        status = kafka_reader_next(reader, WAIT_MS, &has, &event, detail);
        if (status)
            return status;
        if (!has)
            waits++;
        else if (event.record)
            status = add(chain, event.record, begin, detail);
        else if (event.end_offset >= look->end)
            return STATUS_OK;
        else
            stable = event.end_offset;
    }
    if (status)
        return status;
    const char *journal = look->source->names[look->stage->journal];
    char how[DETAIL_BYTES];
    hanging_abort(look->source->connection->endpoint.brokers, journal, look->partition, stable, how,
                  sizeof how);
    (void)snprintf(detail, DETAIL_BYTES,
                   "%s partition %" PRId32 ": a transaction that begins at %" PRId64
                   " has been open for a minute; %s",
                   journal, look->partition, stable, how);
    return STATUS_UNAVAILABLE;
}

static bool is_right(const struct journal_repair *repair, const struct look *look)
{
    const struct small *small = &repair->task->small;
    if (!repair->is_named || repair->is_torn || repair->named.turn != small->turn ||
        repair->named.word != small->word || repair->named.generation != small->generation)
        return false;
    for (size_t k = 0; k < look->stage->input_count; k++)
        if (look->offsets[k].offset >= 0 &&
            look->offsets[k].offset != small->positions[look->stage->inputs[k]].offset)
            return false;
    return true;
}

static enum status restore(struct journal_repair *repair, const struct look *look,
                           struct chain *chain, char *detail)
{
    int64_t begin = look->first;
    if (repair->is_named && repair->named.begin >= look->first && repair->named.begin < look->end)
        begin = repair->named.begin;
    enum status status = read_chain(look, chain, &begin, detail);
    if (status)
        return status;
    repair->is_torn = chain->parts_seen > 0;
    chain_drop_torn(chain);
    if (chain->first_turn == 0 && !look->any_committed && !repair->is_torn) {
        repair->verdict = REPAIR_FRESH; /* only markers of aborted attempts */
        return STATUS_OK;
    }
    if (chain->first_turn == 0)
        return corrupt(look, "its journal holds no complete turn", detail);
    struct turn_metadata last = {chain->small->generation, chain->small->turn, chain->small->word,
                                 begin};
    status = task_restore(repair->task, chain, &last, detail);
    if (!status)
        repair->verdict = is_right(repair, look) ? REPAIR_RIGHT : REPAIR_NEEDED;
    return status;
}

enum status journal_repair_look(struct journal_repair *repair, const struct state_source *source,
                                const struct stage *stage, int32_t partition, char *detail)
{
    *repair = (struct journal_repair){.verdict = REPAIR_FRESH};
    struct look look = {.source = source, .stage = stage, .partition = partition};
    enum status status = ask_offsets(&look, detail);
    if (!status)
        status = kafka_admin_bounds(source->admin, source->names[stage->journal], partition,
                                    &look.first, &look.end, detail);
    if (status)
        return status;
    repair->is_named = read_named(&look, &repair->named);
    if (look.end == look.first)
        return look.any_committed || look.first > 0 ? corrupt(&look, "its journal is empty", detail)
                                                    : STATUS_OK;
    struct chain chain;
    repair->task = task_new(stage, partition, source->partitions, source->schemas);
    chain_init(&chain, stage, partition, source->schemas, repair->task->store,
               &repair->task->small);
    status = restore(repair, &look, &chain, detail);
    chain_deinit(&chain);
    if (status || repair->verdict == REPAIR_FRESH)
        journal_repair_close(repair);
    return status;
}

void journal_repair_close(struct journal_repair *repair)
{
    if (repair->task && repair->task->in_turn)
        task_turn_undo(repair->task);
    task_free(repair->task);
    repair->task = NULL;
}

/* --- writing --- */

/* A topic unknown to the journal starts at its beginning; an offset is always sent. */
static enum status fill_positions(struct task *task, const struct state_source *source,
                                  char *detail)
{
    for (size_t k = 0; k < task->stage->input_count; k++) {
        enum topic topic = task->stage->inputs[k];
        int64_t end;
        if (task->small.positions[topic].offset >= 0)
            continue;
        enum status status =
            kafka_admin_bounds(source->admin, source->names[topic], task->partition,
                               &task->small.positions[topic].offset, &end, detail);
        if (status)
            return status;
    }
    return STATUS_OK;
}

static int64_t draw_word(void)
{
    uint64_t word;
    if (getrandom(&word, sizeof word, 0) != (ssize_t)sizeof word)
        abort();
    return (int64_t)(word >> 1) | 1;
}

static enum status send_offsets(const struct task *task, const struct state_source *source,
                                const char *group, struct kafka_writer *writer, char *detail)
{
    struct kafka_offset offsets[STAGE_INPUTS_MAX];
    struct turn_metadata metadata = task_metadata(task);
    for (size_t k = 0; k < task->stage->input_count; k++) {
        enum topic topic = task->stage->inputs[k];
        offsets[k] = (struct kafka_offset){.topic = source->names[topic],
                                           .partition = task->partition,
                                           .offset = task->small.positions[topic].offset};
        metadata_format(&metadata, offsets[k].metadata);
    }
    return kafka_writer_send_offsets(writer, group, offsets, task->stage->input_count, detail);
}

static enum status transact(struct task *task, const struct state_source *source, const char *group,
                            struct kafka_writer *writer, char *detail)
{
    enum status status = kafka_writer_begin(writer, detail);
    if (status)
        return status;
    for (size_t r = 0; !status && r < task->outgoing.count; r++)
        status = kafka_writer_produce(writer, &task->outgoing.records[r], detail);
    if (!status)
        status = send_offsets(task, source, group, writer, detail);
    if (!status)
        status = kafka_writer_commit(writer, detail);
    char unused[DETAIL_BYTES];
    if (status && status != STATUS_FENCED && kafka_writer_abort(writer, unused))
        return STATUS_FENCED;
    return status;
}

enum status journal_repair_write(struct journal_repair *repair, const struct state_source *source,
                                 const char *group, struct kafka_writer *writer, char *detail)
{
    struct task *task = repair->task;
    struct clock clock = clock_system();
    enum status status = fill_positions(task, source, detail);
    task->small.generation++;
    /* Behind a torn turn no chain could be read: the state is written once more, above it. */
    if (repair->is_torn)
        task_rewrite(task, REWRITE_BYTES);
    bool goes_on = !status;
    while (goes_on) {
        task_turn_begin(task, draw_word());
        status = task_turn_encode(task, detail);
        if (!status)
            status = transact(task, source, group, writer, detail);
        if (status)
            return status;
        task_turn_keep(task, clock.monotonic_ms(clock.self));
        goes_on = task->rewrite != REWRITE_NONE;
    }
    return status;
}
