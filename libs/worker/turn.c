/* A turn: apply, encode, then one transaction. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "worker/hazard.h"
#include "worker/worker_parts.h"

enum { DRAIN_BOOKS = 16, VERIFY_BOOKS = 2 };

/* How far the batch got: whole records and, within the next one, nothing (the row is in the small
 * state). */
struct batch {
    size_t records; /* of those held, applied whole */
    size_t rows;
    size_t rows_max;
    size_t last; /* of those held, the one that was applied last, or failed */
};

static int64_t draw_word(struct worker *worker)
{
    /* splitmix64 (Steele, Lea, Flood 2014): words need only differ between attempts. */
    uint64_t z = worker->random += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    z ^= z >> 31;
    return (int64_t)(z >> 1) | 1;
}

static struct task *open_turn(struct worker *worker, struct task *task)
{
    if (!task->in_turn)
        task_turn_begin(task, draw_word(worker));
    return task;
}

static bool is_fault(const struct worker *worker, const struct log_record *record)
{
    const struct fault *fault = &worker->fault;
    return fault->is_known && fault->topic == record->topic &&
           fault->partition == record->partition && fault->offset == record->offset;
}

static enum status write_dead_letter(struct worker *worker, struct task *task,
                                     const struct log_record *record, const char *reason)
{
    const char *topic = worker->topic_names[record->topic];
    worker_say(worker, WORKER_WARNING,
               "dead letter from %s partition %" PRId32 " offset %" PRId64 ": %s", topic,
               record->partition, record->offset, reason);
    return outgoing_dead_letter(&task->outgoing, record, topic, reason);
}

static void advance(struct task *task, const struct log_record *record)
{
    task->small.positions[record->topic] = (struct place_in){record->offset + 1, 0};
}

/* A fact, roster or control record. */
static enum status apply_fact(struct worker *worker, struct task *task,
                              const struct log_record *record, char *detail)
{
    if (is_fault(worker, record))
        return write_dead_letter(worker, task, record, worker->fault.detail);
    arena_reset(&worker->scratch);
    struct input input;
    int64_t now_ms = worker->config.clock.monotonic_ms(worker->config.clock.self);
    enum status status = input_decode(worker->config.schemas, record, worker->config.partitions,
                                      now_ms, &worker->fact, &worker->scratch, &input, detail);
    if (!status) {
        struct outbox outbox = outgoing_outbox(&task->outgoing);
        status = task->fold->apply(task->fold->self, &input, &outbox, detail);
    }
    if (status && status_disposition(status) == DISPOSE_REJECT)
        return write_dead_letter(worker, task, record, detail);
    return status;
}

static enum status apply_credit(struct worker *worker, struct task *task,
                                const struct credit *credit, const struct log_record *record,
                                char *detail)
{
    struct input input = {.kind = INPUT_CREDIT, .fact = credit, .cause = credit->cause};
    input.cause.at = record->timestamp_ms;
    struct outbox outbox = outgoing_outbox(&task->outgoing);
    enum status status = task->fold->apply(task->fold->self, &input, &outbox, detail);
    (void)worker;
    if (status && status_disposition(status) == DISPOSE_REJECT)
        return STATUS_CORRUPT; /* an internal row is never dropped */
    return status;
}

/* Rows of a packed credits record, up to the batch's limit. */
static enum status apply_credits(struct worker *worker, struct task *task,
                                 const struct log_record *record, struct batch *batch,
                                 bool *out_whole, char *detail)
{
    struct credit_reader reader;
    arena_reset(&worker->scratch);
    enum status status = credit_reader_open(&reader, worker->config.schemas, record, &task->small,
                                            &worker->scratch, detail);
    bool more = true;
    *out_whole = false;
    while (!status && batch->rows < batch->rows_max) {
        arena_reset(&worker->scratch);
        status = credit_reader_next(&reader, worker->config.schemas, &worker->fact.credit, &more,
                                    &worker->scratch, detail);
        if (status || !more)
            break;
        status = apply_credit(worker, task, &worker->fact.credit, record, detail);
        batch->rows++;
        task->rows_applied++;
    }
    if (status)
        return status;
    *out_whole = reader.row == reader.batch.row_count;
    if (*out_whole) {
        credit_reader_done(&reader, &task->small);
        advance(task, record);
    } else {
        task->small.positions[TOPIC_CREDITS] = (struct place_in){record->offset, reader.row};
    }
    return STATUS_OK;
}

/* N is fixed when the topics are made; a worker set up for another would misplace every credit. */
static enum status check_partitions(const struct worker *worker, const struct task *task,
                                    char *detail)
{
    int32_t said = task->fold->state(task->fold->self)->partitions;
    if (said == 0 || said == worker->config.partitions)
        return STATUS_OK;
    (void)snprintf(detail, DETAIL_BYTES,
                   "control says %" PRId32 " partitions, this worker was set up for %" PRId32
                   "; run: milepost topics check",
                   said, worker->config.partitions);
    return STATUS_REFUSED;
}

static enum status apply_record(struct worker *worker, const struct log_record *record,
                                struct batch *batch, bool *out_whole, char *detail)
{
    *out_whole = true;
    struct task *task = worker->tasks[record->partition];
    if (!task || !stage_reads(worker->config.stage, record->topic) ||
        record->offset < task->small.positions[record->topic].offset)
        return STATUS_OK;
    open_turn(worker, task);
    if (record->topic == TOPIC_CREDITS)
        return apply_credits(worker, task, record, batch, out_whole, detail);
    enum status status = apply_fact(worker, task, record, detail);
    if (status)
        return status;
    batch->rows++;
    task->rows_applied++;
    advance(task, record);
    return record->topic == TOPIC_CONTROL ? check_partitions(worker, task, detail) : STATUS_OK;
}

static enum status apply_batch(struct worker *worker, struct batch *batch, char *detail)
{
    while (batch->records < worker->held_count && batch->rows < batch->rows_max) {
        bool whole;
        batch->last = batch->records;
        enum status status =
            apply_record(worker, &worker->held[batch->records], batch, &whole, detail);
        if (status)
            return status;
        if (!whole)
            break;
        batch->records++;
    }
    return STATUS_OK;
}

/* A slice of large changes: about drain_ms, at least one piece. */
static enum status drain(struct worker *worker, struct task *task, bool *out_more, char *detail)
{
    struct outbox outbox = outgoing_outbox(&task->outgoing);
    struct clock *clock = &worker->config.clock;
    int64_t until = clock->monotonic_ms(clock->self) + worker->config.drain_ms;
    enum status status;
    do
        status = task->fold->drain(task->fold->self, DRAIN_BOOKS, &outbox, out_more, detail);
    while (!status && *out_more && clock->monotonic_ms(clock->self) < until);
    return status;
}

static bool is_due(const struct task *task)
{
    return task && (task->in_turn || task->has_more);
}

/* The tasks of a turn share what it may publish, so that a backlog costs payouts rather than views
 * of every step. */
static size_t views_of_a_task(const struct worker *worker)
{
    size_t due = 0;
    for (size_t i = 0; i < worker->assigned_count; i++)
        due += is_due(worker->tasks[worker->assigned[i]]);
    size_t share = due ? worker->config.publish_max / due : worker->config.publish_max;
    return share ? share : 1;
}

/* Two books a turn; with nothing else to do, those not read since a restore until it is time. */
static enum status verify(const struct worker *worker, struct task *task, int64_t until_ms,
                          bool *out_more, char *detail)
{
    const struct fold *fold = task->fold;
    const struct clock *clock = &worker->config.clock;
    struct outbox outbox = outgoing_outbox(&task->outgoing);
    enum status status = fold->verify(fold->self, VERIFY_BOOKS, &outbox, out_more, detail);
    while (!status && *out_more && worker->is_dry && clock->monotonic_ms(clock->self) < until_ms)
        status = fold->verify(fold->self, DRAIN_BOOKS, &outbox, out_more, detail);
    return status;
}

/* Views may wait while the task is behind; once caught up all of them go out, a turn's share at a
 * time. */
static enum status settle_task(struct worker *worker, struct task *task, size_t views,
                               int64_t until_ms, char *detail)
{
    bool more_changes = false;
    bool more_views = false;
    bool more_books = false;
    struct outbox outbox = outgoing_outbox(&task->outgoing);
    enum status status = drain(worker, task, &more_changes, detail);
    if (!status)
        status = task->fold->publish(task->fold->self, views, &outbox, &more_views, detail);
    if (!status)
        status = verify(worker, task, until_ms, &more_books, detail);
    task->has_more = more_changes || more_views || more_books;
    return status;
}

static enum status settle_all(struct worker *worker, char *detail)
{
    size_t views = views_of_a_task(worker);
    int64_t until_ms =
        worker->config.clock.monotonic_ms(worker->config.clock.self) + worker->config.drain_ms;
    for (size_t i = 0; i < worker->assigned_count; i++) {
        struct task *task = worker->tasks[worker->assigned[i]];
        if (!is_due(task))
            continue;
        enum status status = settle_task(worker, open_turn(worker, task), views, until_ms, detail);
        if (status)
            return status;
    }
    return STATUS_OK;
}

/* For HAZARD_LATE_SLICE only: the slice sees rows of the next batch. */
static enum status take_slice_late(struct worker *worker, const struct batch *batch, char *detail)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < worker->assigned_count; i++) {
        struct task *task = worker->tasks[worker->assigned[i]];
        if (task && task->in_turn)
            journal_add_changed(&task->journal, task->store, &task->small.walk);
    }
    struct batch next = {.records = batch->records, .rows_max = 1000};
    if (next.records < worker->held_count)
        status = apply_batch(worker, &next, detail);
    for (size_t i = 0; i < worker->assigned_count; i++) {
        struct task *task = worker->tasks[worker->assigned[i]];
        if (!task || !task->in_turn)
            continue;
        journal_add_slice(&task->journal, task->store, &task->small.walk);
        struct walk walk = task->small.walk;
        int64_t word = task->small.word;
        task_turn_undo(task);
        task_turn_begin(task, word);
        task->small.walk = walk;
    }
    struct batch again = {.rows_max = batch->rows_max};
    if (!status)
        status = apply_batch(worker, &again, detail);
    return status ? status : settle_all(worker, detail);
}

static enum status encode_all(struct worker *worker, char *detail)
{
    for (size_t i = 0; i < worker->assigned_count; i++) {
        struct task *task = worker->tasks[worker->assigned[i]];
        if (!task || !task->in_turn)
            continue;
        enum status status = task_turn_encode(task, detail);
        if (status)
            return status;
    }
    return STATUS_OK;
}

static void undo_all(struct worker *worker)
{
    for (size_t i = 0; i < worker->assigned_count; i++) {
        struct task *task = worker->tasks[worker->assigned[i]];
        if (task && task->in_turn)
            task_turn_undo(task);
    }
}

static enum status produce_all(struct worker *worker, char *detail)
{
    const struct log *log = worker->log;
    for (size_t i = 0; i < worker->assigned_count; i++) {
        struct task *task = worker->tasks[worker->assigned[i]];
        if (!task || !task->in_turn)
            continue;
        for (size_t r = 0; r < task->outgoing.count; r++) {
            enum status status =
                log->produce(log->self, worker->slot, &task->outgoing.records[r], detail);
            if (status && hazard_is(HAZARD_UNCHECKED_PRODUCE))
                continue;
            if (status)
                return status;
        }
    }
    return STATUS_OK;
}

static size_t count_outgoing(const struct worker *worker)
{
    size_t count = 0;
    for (size_t i = 0; i < worker->assigned_count; i++) {
        const struct task *task = worker->tasks[worker->assigned[i]];
        if (task && task->in_turn)
            count += task->outgoing.count;
    }
    return count;
}

/* The offsets of all inputs of every task in the turn, also when they did not move: with the turn
 * number as metadata, they are what a restore is checked against. */
static size_t collect_offsets(struct worker *worker)
{
    size_t count = 0;
    for (size_t i = 0; i < worker->assigned_count; i++) {
        struct task *task = worker->tasks[worker->assigned[i]];
        if (!task || !task->in_turn)
            continue;
        struct turn_metadata metadata = task_metadata(task);
        for (size_t k = 0; k < worker->config.stage->input_count; k++) {
            enum topic topic = worker->config.stage->inputs[k];
            struct log_position *position = &worker->offsets[count++];
            *position = (struct log_position){.topic = (int)topic,
                                              .partition = task->partition,
                                              .offset = task->small.positions[topic].offset};
            assert(position->offset >= 0);
            metadata_format(&metadata, position->metadata);
        }
    }
    return count;
}

static enum status send_offsets(struct worker *worker, char *detail)
{
    const struct log *log = worker->log;
    size_t count = collect_offsets(worker);
    assert(count > 0);
    return log->send_offsets(log->self, worker->slot, worker->offsets, count, detail);
}

/* What failed inside a transaction is aborted before anything else (the step sees to it). */
static enum status leave(struct worker *worker, enum status status)
{
    worker->is_aborting = status != STATUS_OK && status != STATUS_FENCED;
    return status;
}

/* For HAZARD_OFFSETS_OUTSIDE only. */
static enum status commit_offsets_first(struct worker *worker, char *detail)
{
    const struct log *log = worker->log;
    enum status status = log->begin(log->self, worker->slot, detail);
    if (status)
        return status;
    status = send_offsets(worker, detail);
    if (!status)
        status = log->commit(log->self, worker->slot, detail);
    return leave(worker, status);
}

static enum status transact(struct worker *worker, char *detail)
{
    const struct log *log = worker->log;
    if (hazard_is(HAZARD_OFFSETS_OUTSIDE)) {
        enum status early = commit_offsets_first(worker, detail);
        if (early)
            return early;
    }
    struct clock *clock = &worker->config.clock;
    int64_t began_ms = clock->monotonic_ms(clock->self);
    enum status status = log->begin(log->self, worker->slot, detail);
    if (status)
        return status;
    status = produce_all(worker, detail);
    if (!status)
        status = send_offsets(worker, detail);
    if (!status)
        status = log->commit(log->self, worker->slot, detail);
    if (!status && worker->config.committed)
        worker->config.committed(worker->config.say_self,
                                 clock->monotonic_ms(clock->self) - began_ms,
                                 count_outgoing(worker));
    return leave(worker, status);
}

static void count_turn(struct worker *worker, const struct task *task)
{
    worker->counters.rows += task->rows_applied;
    worker->counters.payouts += task->outgoing.payouts;
    worker->counters.attainments += task->outgoing.attainments;
    worker->counters.credits += task->outgoing.credits;
    worker->counters.duplicates +=
        outcome_counts_add(&worker->outcomes, task->fold->outcomes(task->fold->self));
    reason_counts_merge(&worker->counters.dead_letters, &task->outgoing.dead_letters);
    worker->counters.journal_bytes += (int64_t)journal_packed_bytes(&task->journal);
}

static void truncate_task(struct worker *worker, struct task *task, int64_t now_ms)
{
    int64_t journal;
    int64_t credits;
    if (!retention_due(&task->retention, now_ms, &journal, &credits))
        return;
    const struct log *log = worker->log;
    char detail[DETAIL_BYTES];
    enum status status =
        log->truncate(log->self, (int)task->stage->journal, task->partition, journal, detail);
    if (!status && credits > 0 && stage_reads(task->stage, TOPIC_CREDITS))
        status = log->truncate(log->self, TOPIC_CREDITS, task->partition, credits, detail);
    if (status)
        worker_say(worker, WORKER_WARNING, "could not truncate behind task %" PRId32 ": %s",
                   task->partition, detail);
}

static void keep_all(struct worker *worker)
{
    int64_t now_ms = worker->config.clock.monotonic_ms(worker->config.clock.self);
    for (size_t i = 0; i < worker->assigned_count; i++) {
        struct task *task = worker->tasks[worker->assigned[i]];
        if (!task || !task->in_turn)
            continue;
        task_turn_keep(task, now_ms);
        count_turn(worker, task);
        truncate_task(worker, task, now_ms);
    }
}

static void release_applied(struct worker *worker, size_t records)
{
    worker->log->release(worker->log->self, records);
    worker->counters.records += (int64_t)records;
    worker->held_count -= records;
    if (worker->held_count == 0)
        worker->held_bytes = 0;
    else
        memmove(worker->held, worker->held + records, worker->held_count * sizeof *worker->held);
}

static bool any_in_turn(const struct worker *worker)
{
    for (size_t i = 0; i < worker->assigned_count; i++) {
        const struct task *task = worker->tasks[worker->assigned[i]];
        if (task && task->in_turn)
            return true;
    }
    return false;
}

/* Content that does not fit: half the batch, down to the row at fault. A fact is then
 * dead-lettered; for an internal row, or a turn that does not fit without any, the task stops. */
static enum status halve(struct worker *worker, const struct batch *batch, const char *detail)
{
    worker->counters.halvings++;
    if (batch->rows_max > 1 && (batch->rows > 1 || worker->held_count > 0)) {
        worker->rows_limit = batch->rows > 1 ? batch->rows / 2 : 1;
        return STATUS_EXHAUSTED;
    }
    if (worker->held_count == 0 || worker->held[batch->last].topic == TOPIC_CREDITS ||
        worker->fault.is_known)
        return STATUS_CORRUPT;
    const struct log_record *record = &worker->held[batch->last];
    worker->fault = (struct fault){.is_known = true,
                                   .topic = record->topic,
                                   .partition = record->partition,
                                   .offset = record->offset};
    (void)snprintf(worker->fault.detail, DETAIL_BYTES, "%s", detail);
    return STATUS_EXHAUSTED;
}

static void note_intake(struct worker *worker, const struct batch *batch)
{
    int64_t now_ms = worker->config.clock.unix_ms(worker->config.clock.self);
    for (size_t i = 0; i < batch->records; i++) {
        const struct log_record *record = &worker->held[i];
        struct intake *intake = &worker->intakes[record->partition];
        intake->records[record->topic]++;
        intake->last_ms[record->topic] = now_ms;
        if (record->timestamp_ms > worker->counters.newest_record_ms)
            worker->counters.newest_record_ms = record->timestamp_ms;
    }
}

static void after_commit(struct worker *worker, const struct batch *batch)
{
    note_intake(worker, batch);
    keep_all(worker);
    release_applied(worker, batch->records);
    worker->counters.turns++;
    worker->fenced = 0;
    worker->fault.is_known = false;
    worker->upkeep.used_ms[worker->slot] =
        worker->config.clock.monotonic_ms(worker->config.clock.self);
    worker->slot = (worker->slot + 1) % LOG_SLOTS;
    /* Only a batch that was as large as it may be shows that a larger one might fit. */
    if (batch->rows >= worker->rows_limit)
        worker->rows_limit *= 2;
    if (worker->rows_limit > worker->config.rows_max)
        worker->rows_limit = worker->config.rows_max;
}

/* Encodes the turn and commits it. */
static enum status write_turn(struct worker *worker, char *detail)
{
    enum doing before = doing_say(worker->config.doing, DOING_WRITING);
    enum status status = encode_all(worker, detail);
    if (!status)
        status = transact(worker, detail);
    (void)doing_say(worker->config.doing, before);
    return status;
}

static enum status apply_turn(struct worker *worker, struct batch *batch, char *detail)
{
    enum doing before = doing_say(worker->config.doing, DOING_APPLYING);
    enum status status = apply_batch(worker, batch, detail);
    if (!status)
        status = settle_all(worker, detail);
    (void)doing_say(worker->config.doing, before);
    return status;
}

enum status worker_turn(struct worker *worker, char *detail)
{
    struct batch batch = {.rows_max = worker->rows_limit};
    enum status status = apply_turn(worker, &batch, detail);
    if (!status && !any_in_turn(worker)) {
        release_applied(worker, batch.records);
        return STATUS_OK;
    }
    if (!status && hazard_is(HAZARD_LATE_SLICE))
        status = take_slice_late(worker, &batch, detail);
    if (!status)
        status = write_turn(worker, detail);
    if (!status) {
        after_commit(worker, &batch);
        return STATUS_OK;
    }
    undo_all(worker);
    if (status_disposition(status) == DISPOSE_SPLIT)
        return halve(worker, &batch, detail);
    worker->counters.aborts++;
    return status;
}
