#include "milepost/trial.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/partition.h"
#include "engine/row_keys.h"
#include "milepost/event_route.h"
#include "milepost/moved_facts.h"
#include "milepost/pay_key.h"

enum { ARENA_BYTES_MAX = 1 << 30 };

static void init(struct trial *trial, struct cli *cli, struct schemas *schemas, int32_t partitions)
{
    *trial = (struct trial){.cli = cli, .schemas = schemas, .partitions = partitions};
    trial->crediting = calloc((size_t)partitions, sizeof *trial->crediting);
    trial->incentives = calloc((size_t)partitions, sizeof *trial->incentives);
    if (!trial->crediting || !trial->incentives)
        abort();
    arena_init_growing(&trial->arena, ARENA_BYTES_MAX);
    arena_init_growing(&trial->scratch, ARENA_BYTES_MAX);
}

void trial_open_live(struct trial *trial, struct cli *cli, const struct state_source *source)
{
    init(trial, cli, source->schemas, source->partitions);
    trial->source = source;
}

void trial_open_simulation(struct trial *trial, const struct simulation *simulation)
{
    const struct pipeline *pipeline = simulation->pipeline;
    init(trial, simulation->cli, simulation->schemas, pipeline_partitions(pipeline));
    for (int32_t p = 0; p < trial->partitions; p++) {
        state_copy_of(&trial->crediting[p],
                      worker_task(pipeline_worker(simulation->pipeline, &crediting_stage, 0), p));
        state_copy_of(&trial->incentives[p],
                      worker_task(pipeline_worker(simulation->pipeline, &incentives_stage, 0), p));
    }
}

void trial_deinit(struct trial *trial)
{
    for (int32_t p = 0; p < trial->partitions; p++) {
        state_copy_close(&trial->crediting[p]);
        state_copy_close(&trial->incentives[p]);
    }
    free(trial->crediting);
    free(trial->incentives);
    free(trial->keys);
    arena_deinit(&trial->arena);
    arena_deinit(&trial->scratch);
    *trial = (struct trial){0};
}

/* The copy of that stage's task, restored when it is first asked for. */
static enum status copy_of(struct trial *trial, struct state_copy *copies,
                           const struct stage *stage, int32_t partition, struct state_copy **out,
                           char *detail)
{
    *out = &copies[partition];
    if ((*out)->task)
        return STATUS_OK;
    console_progress(&trial->cli->console, "reading the journal of partition", partition, 0);
    enum status status = state_copy_open(*out, trial->source, stage, partition, detail);
    console_progress_end(&trial->cli->console);
    return status;
}

/* --- what stands of a participant --- */

static int by_name(const void *a, const void *b)
{
    const struct trial_key *one = a;
    const struct trial_key *other = b;
    return pay_key_compare(PAY_KEY_OF(one), PAY_KEY_OF(other));
}

static struct trial_key *find(const struct trial *trial, const struct trial_key *name)
{
    if (trial->sorted_count == 0)
        return NULL;
    return bsearch(name, trial->keys, trial->sorted_count, sizeof *trial->keys, by_name);
}

const struct trial_key *trial_find(const struct trial *trial, const struct trial_key *name)
{
    return find(trial, name);
}

static void sort(struct trial *trial)
{
    if (trial->key_count)
        qsort(trial->keys, trial->key_count, sizeof *trial->keys, by_name);
    trial->sorted_count = trial->key_count;
}

static struct trial_key *add(struct trial *trial, const struct trial_key *name)
{
    if (trial->key_count == trial->key_capacity) {
        trial->key_capacity = trial->key_capacity ? trial->key_capacity * 2 : 64;
        trial->keys = realloc(trial->keys, trial->key_capacity * sizeof *trial->keys);
        if (!trial->keys)
            abort();
    }
    trial->keys[trial->key_count] = *name;
    return &trial->keys[trial->key_count++];
}

static enum status read_key(struct trial *trial, const struct row *row, struct slice participant,
                            bool is_after, char *detail)
{
    struct row_codec codec = schemas_row_codec(trial->schemas);
    struct row_key key = row_key_parse(arena_copy(&trial->arena, row_key(row)));
    struct slice value = arena_copy(&trial->arena, row_value(row));
    struct slice parts[3];
    struct emitted_row emitted;
    if (!key.book.bytes || !value.bytes)
        return STATUS_EXHAUSTED;
    row_key_parts(key.id, parts, 3);
    enum status status =
        codec.decode(codec.self, ROW_EMITTED, value, &emitted, &trial->arena, detail);
    if (status)
        return status;
    struct trial_key name = {
        .participant = participant, .plan = parts[0], .component = parts[1], .window = parts[2]};
    struct trial_key *found = is_after ? find(trial, &name) : NULL;
    found = found ? found : add(trial, &name);
    found->after = emitted;
    if (!is_after) {
        found->was_there = true;
        found->before = emitted;
    }
    return STATUS_OK;
}

/* All of the participant's emitted rows, as they are now. */
static enum status read_keys(struct trial *trial, const struct state_copy *copy,
                             struct slice participant, bool is_after, char *detail)
{
    struct buffer prefix = {0};
    (void)key_of_book(&prefix, participant);
    buffer_append_byte(&prefix, 'e');
    struct slice from = buffer_slice(&prefix);
    struct store_cursor cursor;
    enum status status = STATUS_OK;
    const struct row *row = store_first(copy->task->store, from, false, &cursor);
    for (; !status && row && slice_starts_with(row_key(row), from); row = store_next(&cursor))
        status = read_key(trial, row, participant, is_after, detail);
    buffer_deinit(&prefix);
    return status;
}

/* --- who is touched --- */

/* Participants that the fact at hand has come to. */
struct touch {
    struct trial *trial;
    struct slice *items;
    size_t count;
    char *detail; /* of trial_put(), for what fails within a call of the outbox */
};

/* What stands of a participant is read before the first row comes to it. */
static enum status touch(struct touch *touched, const struct state_copy *copy,
                         struct slice participant, char *detail)
{
    for (size_t i = 0; i < touched->count; i++)
        if (slice_equal(touched->items[i], participant))
            return STATUS_OK;
    struct slice kept = arena_copy(&touched->trial->arena, participant);
    touched->items = realloc(touched->items, (touched->count + 1) * sizeof *touched->items);
    if (!touched->items || !kept.bytes)
        abort();
    touched->items[touched->count++] = kept;
    return read_keys(touched->trial, copy, kept, false, detail);
}

static enum status apply_incentives(struct touch *touched, struct slice participant,
                                    const struct input *input, char *detail)
{
    struct trial *trial = touched->trial;
    struct state_copy *copy;
    enum status status = copy_of(trial, trial->incentives, &incentives_stage,
                                 partition_of(participant, trial->partitions), &copy, detail);
    if (!status)
        status = touch(touched, copy, participant, detail);
    struct outbox outbox = state_copy_outbox(touched);
    const struct fold *fold = status ? NULL : copy->task->fold;
    return status ? status : fold->apply(fold->self, input, &outbox, detail);
}

static enum status carry_credit(void *self, const struct credit *credit)
{
    struct touch *touched = self;
    struct credit moved = state_copy_credit(credit, ++touched->trial->turn);
    struct input input = {.kind = INPUT_CREDIT, .fact = &moved, .cause = credit->cause};
    return apply_incentives(touched, credit->target, &input, touched->detail);
}

static enum status apply_crediting(struct touch *touched, const struct input *input, char *detail)
{
    struct trial *trial = touched->trial;
    struct state_copy *copy;
    enum status status = copy_of(trial, trial->crediting, &crediting_stage,
                                 partition_of(input->key, trial->partitions), &copy, detail);
    if (status)
        return status;
    struct outbox outbox = state_copy_outbox(touched);
    outbox.credit = carry_credit;
    const struct fold *fold = copy->task->fold;
    status = fold->apply(fold->self, input, &outbox, detail);
    return status ? status : state_copy_drain(copy, &outbox, detail);
}

/* --- a fact --- */

static struct input input_of(const struct event *event)
{
    struct event_route route = event_route_of(event);
    return (struct input){
        .kind = route.input,
        .fact = route.fact,
        .key = route.key,
        .cause = {.event_id = route.event_id,
                  .deal_id = route.deal_id,
                  .revision = route.revision,
                  .topic = slice_of(topic_name(route.topic)),
                  .at = route.at},
    };
}

/* --- facts that stand under another deal --- */

/* A milestone or payment of the state, when the row is one of that id. */
static enum status read_fact(struct trial *trial, const struct row *row, const struct event *like,
                             bool *out_is_one, struct event *out, char *detail)
{
    bool is_milestone = like->kind == EVENT_MILESTONE;
    struct slice id = is_milestone ? like->milestone.milestone_id : like->payment.payment_id;
    struct row_key key = row_key_parse(row_key(row));
    struct row_codec codec = schemas_row_codec(trial->schemas);
    union {
        struct milestone_row milestone;
        struct payment_row payment;
    } is;
    *out_is_one = key.letter == (is_milestone ? 'm' : 'p') && slice_equal(key.id, id);
    if (!*out_is_one)
        return STATUS_OK;
    arena_reset(&trial->scratch);
    enum status status = codec.decode(codec.self, is_milestone ? ROW_MILESTONE : ROW_PAYMENT,
                                      row_value(row), &is, &trial->scratch, detail);
    *out = (struct event){.kind = like->kind};
    if (!status && is_milestone)
        out->milestone = is.milestone.milestone;
    else if (!status)
        out->payment = is.payment.payment;
    return status;
}

static enum status note_standing(struct trial *trial, struct moved_facts *moved, int32_t partition,
                                 const struct event *event, char *detail)
{
    struct state_copy *copy;
    struct store_cursor cursor;
    enum status status =
        copy_of(trial, trial->crediting, &crediting_stage, partition, &copy, detail);
    const struct row *row =
        status ? NULL : store_first(copy->task->store, SLICE(""), false, &cursor);
    for (; !status && row; row = store_next(&cursor)) {
        bool is_one;
        struct event standing;
        status = read_fact(trial, row, event, &is_one, &standing, detail);
        if (!status && is_one)
            moved_facts_stand(moved, trial->schemas, &standing);
    }
    return status;
}

static enum status revoke_others(struct touch *touched, struct moved_facts *moved,
                                 const struct event *event, char *detail)
{
    struct moved out;
    enum status status = moved_facts_judge(moved, touched->trial->schemas, event, &out, detail);
    if (!status && out.move != MOVE_SEND) {
        (void)snprintf(detail, DETAIL_BYTES,
                       "it stands under deal %.*s with revision %" PRId64 ": a higher one moves it",
                       SLICE_ARGS(out.deal_id), out.revision);
        return STATUS_INVALID;
    }
    for (size_t i = 0; !status && i < out.count; i++) {
        struct input input = input_of(&out.items[i]);
        status = apply_crediting(touched, &input, detail);
    }
    return status;
}

/* Whoever publishes the fact revokes it where it stands now. That may be in any partition. */
static enum status move_here(struct touch *touched, const struct event *event, char *detail)
{
    if (event->kind != EVENT_MILESTONE && event->kind != EVENT_PAYMENT)
        return STATUS_OK;
    struct trial *trial = touched->trial;
    struct moved_facts *moved = moved_facts_new();
    enum status status = STATUS_OK;
    moved_facts_want(moved, event);
    for (int32_t p = 0; !status && p < trial->partitions; p++)
        status = note_standing(trial, moved, p, event, detail);
    if (!status)
        status = revoke_others(touched, moved, event, detail);
    moved_facts_free(moved);
    return status;
}

/* Why the deal is credited to nobody, from its own book. */
static enum status read_waits(struct trial *trial, const struct event *event, char *detail)
{
    trial->waits = (struct slice){NULL, 0};
    if (event->kind != EVENT_DEAL)
        return STATUS_OK;
    struct buffer key = {0};
    const struct state_copy *copy =
        &trial->crediting[partition_of(event->deal.deal_id, trial->partitions)];
    const struct row *row = store_find(copy->task->store, key_of_deal(&key, event->deal.deal_id));
    struct row_codec codec = schemas_row_codec(trial->schemas);
    struct deal_row deal = {0};
    arena_reset(&trial->scratch);
    enum status status =
        row ? codec.decode(codec.self, ROW_DEAL, row_value(row), &deal, &trial->scratch, detail)
            : STATUS_OK;
    if (!status && deal.waits.length)
        trial->waits = arena_copy(&trial->arena, deal.waits);
    buffer_deinit(&key);
    return status;
}

static enum status read_after(struct touch *touched, char *detail)
{
    struct trial *trial = touched->trial;
    struct outbox outbox = state_copy_outbox(touched);
    enum status status = STATUS_OK;
    sort(trial);
    for (size_t i = 0; !status && i < touched->count; i++) {
        const struct state_copy *copy =
            &trial->incentives[partition_of(touched->items[i], trial->partitions)];
        status = state_copy_drain(copy, &outbox, detail);
        if (!status)
            status = read_keys(trial, copy, touched->items[i], true, detail);
    }
    return status;
}

/* Whether attainment shows something else (views count that), or something else is earned. */
static void note_moved(struct trial *trial)
{
    for (size_t i = 0; i < trial->key_count; i++) {
        struct trial_key *key = &trial->keys[i];
        key->is_moved = !key->was_there || key->before.view != key->after.view ||
                        key->before.earned.units != key->after.earned.units ||
                        key->before.payable.units != key->after.payable.units;
    }
}

enum status trial_put(struct trial *trial, const struct event *event, char *detail)
{
    struct touch touched = {.trial = trial, .detail = detail};
    struct input input = input_of(event);
    trial->key_count = trial->sorted_count = 0;
    enum status status = move_here(&touched, event, detail);
    if (!status)
        status = event->kind == EVENT_RESULT
                     ? apply_incentives(&touched, event->result.participant, &input, detail)
                     : apply_crediting(&touched, &input, detail);
    if (!status)
        status = read_after(&touched, detail);
    if (!status)
        status = read_waits(trial, event, detail);
    free(touched.items);
    note_moved(trial);
    sort(trial);
    return status;
}
