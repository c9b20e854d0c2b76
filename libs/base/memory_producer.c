#include "base/memory_parts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum { LATE_OPERATIONS_MAX = 6 };

static enum status fail(enum status status, char *detail, const struct memory_slot *slot,
                        const char *what)
{
    (void)snprintf(detail, DETAIL_BYTES, "%s: %s", slot->coordinator->name, what);
    return status;
}

/* The producer is of no use any more. */
static enum status die(char *detail, struct memory_slot *slot, const char *what)
{
    slot->state = MEMORY_SLOT_DEAD;
    return fail(STATUS_FENCED, detail, slot, what);
}

static enum status spoil(char *detail, struct memory_slot *slot, const char *what)
{
    slot->state = MEMORY_SLOT_FAILED;
    return fail(STATUS_ABORTED, detail, slot, what);
}

/* Asks the broker on behalf of a transaction: whether it can be reached and the epoch holds. */
static enum status ask(struct memory_client *client, struct memory_slot *slot, char *detail)
{
    enum status status = memory_client_call(client, detail);
    if (client->is_dead)
        return die(detail, slot, "the process is dead");
    if (status)
        return status;
    if (slot->epoch != slot->coordinator->epoch)
        return die(detail, slot, "fenced: the epoch is stale");
    return STATUS_OK;
}

static void init_slot(struct memory_broker *broker, struct memory_slot *slot)
{
    memory_coordinator_init(broker, slot->coordinator);
    slot->epoch = slot->coordinator->epoch;
    slot->state = MEMORY_SLOT_READY;
}

enum status memory_reopen(void *self, char *detail)
{
    struct memory_client *client = self;
    for (int i = 0; i < LOG_SLOTS; i++)
        client->slots[i].state = MEMORY_SLOT_DEAD;
    enum status status = memory_client_call(client, detail);
    if (status)
        return status;
    for (int i = 0; i < LOG_SLOTS; i++)
        init_slot(client->broker, &client->slots[i]);
    client->counters.reopens++;
    return STATUS_OK;
}

static bool is_open(const struct memory_slot *slot)
{
    return slot->state == MEMORY_SLOT_BEGUN || slot->state == MEMORY_SLOT_FAILED;
}

enum status memory_begin(void *self, int slot, char *detail)
{
    struct memory_client *client = self;
    assert(slot >= 0 && slot < LOG_SLOTS);
    for (int i = 0; i < LOG_SLOTS; i++)
        assert(!is_open(&client->slots[i]));
    struct memory_slot *begun = &client->slots[slot];
    if (begun->state == MEMORY_SLOT_DEAD)
        return fail(STATUS_FENCED, detail, begun, "no producer, reopen first");
    begun->state = MEMORY_SLOT_BEGUN;
    begun->has_effects = false;
    begun->report_count = 0;
    return STATUS_OK;
}

/* What produce, send_offsets and commit have in common. */
static enum status enter(struct memory_client *client, struct memory_slot *slot, char *detail)
{
    if (slot->state == MEMORY_SLOT_DEAD)
        return fail(STATUS_FENCED, detail, slot, "no producer, reopen first");
    assert(is_open(slot));
    if (slot->state == MEMORY_SLOT_FAILED)
        return fail(STATUS_ABORTED, detail, slot, "the transaction has failed, abort it");
    return ask(client, slot, detail);
}

static void report_later(struct memory_slot *slot, int64_t *out, int64_t offset)
{
    if (slot->report_count == slot->report_capacity) {
        slot->report_capacity = slot->report_capacity * 2 + 8;
        slot->reports =
            memory_must(realloc(slot->reports, slot->report_capacity * sizeof *slot->reports));
    }
    slot->reports[slot->report_count++] = (struct memory_report){out, offset};
}

/* A record that can never be sent spoils the transaction: to commit without it would lose it. */
static enum status refuse(char *detail, struct memory_slot *slot, const char *what)
{
    (void)spoil(detail, slot, what);
    return STATUS_EXHAUSTED;
}

enum status memory_produce(void *self, int slot, const struct log_outgoing *record, char *detail)
{
    struct memory_client *client = self;
    struct memory_slot *open = &client->slots[slot];
    enum status status = enter(client, open, detail);
    if (status)
        return status;
    assert(record->header_count <= LOG_HEADERS_MAX);
    struct memory_partition *partition =
        memory_client_partition(client, record->topic, record->partition);
    if (!partition)
        return refuse(detail, open, "no such partition");
    struct log_record copy = {.partition = record->partition,
                              .timestamp_ms = record->timestamp_ms,
                              .key = record->key,
                              .value = record->value,
                              .headers = record->headers,
                              .header_count = record->header_count};
    if (memory_record_bytes(&copy) > client->broker->config.record_bytes_max)
        return refuse(detail, open, "the record is too large");
    if (memory_fault_strikes(client->broker, MEMORY_PRODUCE_ABORTED))
        return spoil(detail, open, "the record was not delivered");
    open->has_effects = true;
    int64_t offset = memory_coordinator_append(client->broker, open->coordinator, partition, &copy);
    if (record->out_offset)
        report_later(open, record->out_offset, offset);
    return STATUS_OK;
}

/* Whether the group still knows this member under the generation it was told of. */
static bool is_current(const struct memory_client *client)
{
    const struct memory_member *member = memory_group_find(client->group, client->instance);
    if (!member)
        return client->broker->faults.accepts_stale_offsets && client->member_id != 0;
    return member->id == client->member_id && client->generation != 0 &&
           client->generation == client->group->generation;
}

enum status memory_send_offsets(void *self, int slot, const struct log_position *positions,
                                size_t count, char *detail)
{
    struct memory_client *client = self;
    struct memory_slot *open = &client->slots[slot];
    assert(count > 0);
    enum status status = enter(client, open, detail);
    if (status)
        return status;
    if (!is_current(client))
        return spoil(detail, open, "the group's generation has gone by");
    if (memory_fault_strikes(client->broker, MEMORY_OFFSETS_ABORTED))
        return spoil(detail, open, "the offsets were not accepted");
    open->has_effects = true;
    for (size_t i = 0; i < count; i++) {
        const struct log_position *position = &positions[i];
        assert(position->offset >= 0);
        assert(position->topic >= 0 && position->topic < client->topic_count);
        struct memory_offset *entry = memory_group_offset(
            client->group, client->topics[position->topic], position->partition);
        memory_coordinator_offset(client->broker, open->coordinator, entry, position);
    }
    return STATUS_OK;
}

/* The end request reaches the coordinator. One that a misapplied request has ended already is
 * answered like a repeated one: well, if it asks for the same. */
static bool end(struct memory_client *client, struct memory_slot *slot, bool is_commit)
{
    struct memory_coordinator *coordinator = slot->coordinator;
    if (!slot->has_effects)
        return true;
    if (coordinator->state != MEMORY_OPEN)
        return coordinator->is_commit == is_commit;
    memory_coordinator_end(client->broker, coordinator, is_commit);
    return true;
}

static void send_twice(struct memory_client *client, struct memory_slot *slot)
{
    struct memory_coordinator *coordinator = slot->coordinator;
    coordinator->late_is_armed = true;
    coordinator->late_is_commit = true;
    coordinator->late_epoch = slot->epoch;
    coordinator->late_in = memory_broker_random(client->broker, LATE_OPERATIONS_MAX);
    if (client->broker->faults.keeps_producer)
        return;
    /* Done with this producer: the new one's epoch fences the straggler. */
    init_slot(client->broker, slot);
    client->counters.recycles++;
}

enum status memory_commit(void *self, int slot, char *detail)
{
    struct memory_client *client = self;
    struct memory_slot *open = &client->slots[slot];
    enum status status = enter(client, open, detail);
    if (status)
        return status;
    if (memory_fault_strikes(client->broker, MEMORY_COMMIT_ABORTED))
        return spoil(detail, open, "a record was not delivered");
    if (memory_fault_strikes(client->broker, MEMORY_COMMIT_LOST_DROPPED))
        return die(detail, open, "the outcome of the commit is unknown");
    if (!end(client, open, true))
        return die(detail, open, "the transaction was ended otherwise");
    if (memory_fault_strikes(client->broker, MEMORY_COMMIT_LOST_APPLIED))
        return die(detail, open, "the outcome of the commit is unknown");
    for (size_t i = 0; i < open->report_count; i++)
        *open->reports[i].out = open->reports[i].offset;
    open->state = MEMORY_SLOT_READY;
    client->counters.commits++;
    if (open->has_effects && memory_fault_strikes(client->broker, MEMORY_END_TWICE))
        send_twice(client, open);
    return STATUS_OK;
}

enum status memory_abort(void *self, int slot, char *detail)
{
    struct memory_client *client = self;
    struct memory_slot *open = &client->slots[slot];
    if (open->state == MEMORY_SLOT_DEAD)
        return fail(STATUS_FENCED, detail, open, "no producer, reopen first");
    assert(is_open(open));
    enum status status = ask(client, open, detail);
    if (status)
        return status;
    if (memory_fault_strikes(client->broker, MEMORY_ABORT_FENCED))
        return die(detail, open, "the transaction's state is invalid");
    if (!end(client, open, false))
        return die(detail, open, "the transaction was ended otherwise");
    open->state = MEMORY_SLOT_READY;
    client->counters.aborts++;
    return STATUS_OK;
}
