#include "milepost/state_copy.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum { WAIT_MS = 200, WAITS_MAX = 150, ATTEMPTS = 300, BOOKS_A_TIME = 64 };

enum status state_source_open(struct state_source *source, const struct connection *connection,
                              struct schemas *schemas, int32_t partitions, char *detail)
{
    *source = (struct state_source){
        .connection = connection, .schemas = schemas, .partitions = partitions};
    for (int topic = 0; topic < TOPIC_COUNT; topic++)
        source->names[topic] = connection->topics[topic];
    source->config = (struct kafka_reader_config){
        .endpoint = connection->endpoint, .topics = source->names, .topic_count = TOPIC_COUNT};
    enum status status = kafka_admin_new(&connection->endpoint, &source->admin, detail);
    return status ? status : kafka_reader_new(&source->config, &source->reader, detail);
}

void state_source_close(struct state_source *source)
{
    if (source->reader)
        kafka_reader_free(source->reader);
    if (source->admin)
        kafka_admin_free(source->admin);
    *source = (struct state_source){0};
}

/* `*out_fresh`: no input of the task has a committed offset. */
static enum status ask_turn(const struct state_source *source, const struct stage *stage,
                            int32_t partition, bool *out_fresh, struct turn_metadata *out,
                            char *detail)
{
    char group[STAGE_GROUP_BYTES];
    stage_group(stage, source->connection->prefix, group);
    struct kafka_offset offset = {.topic = source->names[TOPIC_CONTROL], .partition = partition};
    enum status status = kafka_admin_committed(source->admin, group, &offset, 1, detail);
    if (status)
        return status;
    *out_fresh = offset.offset < 0;
    if (*out_fresh)
        return STATUS_OK;
    if (metadata_parse(offset.metadata, out)) {
        (void)snprintf(detail, DETAIL_BYTES, "%s partition %" PRId32 ": offsets carry no turn",
                       group, partition);
        return STATUS_CORRUPT;
    }
    return STATUS_OK;
}

/* Reads until the turn that the metadata names. */
static enum status read_chain(const struct state_source *source, const struct stage *stage,
                              int32_t partition, struct chain *chain,
                              const struct turn_metadata *metadata, char *detail)
{
    struct log_position position = {
        .topic = (int)stage->journal, .partition = partition, .offset = metadata->begin};
    enum status status = kafka_reader_assign(source->reader, &position, 1, detail);
    for (int waits = 0; !status && waits < WAITS_MAX;) {
        bool has;
        struct kafka_event event;
        status = kafka_reader_next(source->reader, WAIT_MS, &has, &event, detail);
        if (status)
            break;
        if (!has)
            waits++;
        else if (event.record)
            status = chain_add(chain, event.record, detail);
        if (chain->small->turn >= metadata->turn && chain->parts_seen == 0)
            return status;
    }
    if (!status) {
        (void)snprintf(detail, DETAIL_BYTES,
                       "journal of %s task %" PRId32 " could not be read to "
                       "turn %" PRId64,
                       stage->name, partition, metadata->turn);
        status = STATUS_UNAVAILABLE;
    }
    return status;
}

static enum status try_open(struct state_copy *copy, const struct state_source *source,
                            const struct stage *stage, int32_t partition, char *detail)
{
    bool fresh;
    struct turn_metadata metadata = {0};
    enum status status = ask_turn(source, stage, partition, &fresh, &metadata, detail);
    if (status)
        return status;
    copy->task = task_new(stage, partition, source->partitions, source->schemas);
    if (!fresh) {
        struct chain chain;
        chain_init(&chain, stage, partition, source->schemas, copy->task->store,
                   &copy->task->small);
        status = read_chain(source, stage, partition, &chain, &metadata, detail);
        if (!status)
            status = task_restore(copy->task, &chain, &metadata, detail);
        chain_deinit(&chain);
    }
    if (status) {
        state_copy_close(copy);
        return status;
    }
    task_turn_begin(copy->task, 1);
    return STATUS_OK;
}

enum status state_copy_open(struct state_copy *copy, const struct state_source *source,
                            const struct stage *stage, int32_t partition, char *detail)
{
    *copy = (struct state_copy){0};
    /* A busy task has a transaction open most of the time, a dead one until its timeout: offsets
     * are asked for again. So they are when the task moved on, or its journal was truncated,
     * meanwhile. */
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        enum status status = try_open(copy, source, stage, partition, detail);
        if (status != STATUS_UNAVAILABLE && status != STATUS_ABORTED &&
            status != STATUS_OUT_OF_RANGE)
            return status;
        (void)nanosleep(&(struct timespec){.tv_nsec = WAIT_MS * 1000000}, NULL);
    }
    return STATUS_UNAVAILABLE;
}

void state_copy_of(struct state_copy *copy, const struct task *task)
{
    struct store_cursor cursor;
    copy->task = task_new(task->stage, task->partition, task->small.partitions, task->schemas);
    const struct row *row = store_first(task->store, SLICE(""), false, &cursor);
    for (; row; row = store_next(&cursor))
        store_load(copy->task->store, row_key(row), row_value(row), 0);
    const struct fold *fold = copy->task->fold;
    fold->set_state(fold->self, task->fold->state(task->fold->self));
    fold->forget(fold->self, (struct slice){NULL, 0});
    task_turn_begin(copy->task, 1);
}

static enum status drop_credit(void *self, const struct credit *credit)
{
    (void)self;
    (void)credit;
    return STATUS_OK;
}

static enum status drop_payout(void *self, const struct payout *payout)
{
    (void)self;
    (void)payout;
    return STATUS_OK;
}

static enum status drop_attainment(void *self, const struct attainment *attainment)
{
    (void)self;
    (void)attainment;
    return STATUS_OK;
}

struct outbox state_copy_outbox(void *self)
{
    return (struct outbox){self, drop_credit, drop_payout, drop_attainment};
}

enum status state_copy_drain(const struct state_copy *copy, const struct outbox *outbox,
                             char *detail)
{
    const struct fold *fold = copy->task->fold;
    bool more = true;
    enum status status = STATUS_OK;
    while (!status && more)
        status = fold->drain(fold->self, BOOKS_A_TIME, outbox, &more, detail);
    return status;
}

struct credit state_copy_credit(const struct credit *credit, int64_t turn)
{
    struct credit moved = *credit;
    moved.generation = INT64_MAX / 2;
    moved.turn = turn;
    return moved;
}

void state_copy_close(struct state_copy *copy)
{
    if (copy->task && copy->task->in_turn)
        task_turn_undo(copy->task);
    task_free(copy->task);
    copy->task = NULL;
}
