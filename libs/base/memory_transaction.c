#include "base/memory_parts.h"

#include <assert.h>
#include <stdlib.h>

struct memory_coordinator *memory_coordinator_of(struct memory_broker *broker, const char *name)
{
    for (struct memory_coordinator *each = broker->coordinators; each; each = each->next)
        if (strcmp(each->name, name) == 0)
            return each;
    struct memory_coordinator *coordinator = memory_must(calloc(1, sizeof *coordinator));
    coordinator->name = memory_must(strdup(name));
    coordinator->next = broker->coordinators;
    broker->coordinators = coordinator;
    return coordinator;
}

void memory_coordinator_free(struct memory_coordinator *coordinator)
{
    free(coordinator->targets);
    free(coordinator->pending);
    free(coordinator->name);
    free(coordinator);
}

static void mark(struct memory_broker *broker, struct memory_coordinator *coordinator,
                 struct memory_partition *partition)
{
    memory_partition_mark(partition, coordinator->transaction, coordinator->is_commit,
                          memory_broker_unix_ms(broker));
    broker->counters.markers++;
}

static void settle_offsets(struct memory_coordinator *coordinator)
{
    for (size_t i = 0; i < coordinator->pending_count; i++) {
        const struct memory_pending *pending = &coordinator->pending[i];
        struct memory_offset *entry = pending->entry;
        entry->pending--;
        /* Of two producers' commits the one appended later stands, in whatever order their markers
         * come (GroupMetadata.completePendingTxnOffsetCommit). */
        if (!coordinator->is_commit || pending->sequence < entry->sequence)
            continue;
        entry->offset = pending->offset;
        entry->sequence = pending->sequence;
        memcpy(entry->metadata, pending->metadata, sizeof entry->metadata);
    }
    coordinator->pending_count = 0;
}

/* Writes the markers that are due by `now_ms`; with none left the transaction is over. */
static void write_markers(struct memory_broker *broker, struct memory_coordinator *coordinator,
                          int64_t now_ms)
{
    size_t kept = 0;
    for (size_t i = 0; i < coordinator->target_count; i++) {
        struct memory_target target = coordinator->targets[i];
        if (target.due_ms <= now_ms)
            mark(broker, coordinator, target.partition);
        else
            coordinator->targets[kept++] = target;
    }
    coordinator->target_count = kept;
    if (coordinator->offsets_due_ms <= now_ms)
        settle_offsets(coordinator);
    if (kept == 0 && coordinator->pending_count == 0)
        coordinator->state = MEMORY_IDLE;
}

static int64_t due_ms(struct memory_broker *broker)
{
    if (!memory_fault_strikes(broker, MEMORY_MARKER_DELAY))
        return broker->now_ms;
    uint64_t most = (uint64_t)broker->faults.marker_delay_ms_max;
    return broker->now_ms + 1 + (int64_t)memory_broker_random(broker, most ? most : 1);
}

void memory_coordinator_end(struct memory_broker *broker, struct memory_coordinator *coordinator,
                            bool is_commit)
{
    assert(coordinator->state == MEMORY_OPEN);
    coordinator->state = MEMORY_ENDING;
    coordinator->is_commit = is_commit;
    for (size_t i = 0; i < coordinator->target_count; i++)
        coordinator->targets[i].due_ms = due_ms(broker);
    coordinator->offsets_due_ms = coordinator->pending_count ? due_ms(broker) : broker->now_ms;
    write_markers(broker, coordinator, broker->now_ms);
}

void memory_coordinator_init(struct memory_broker *broker, struct memory_coordinator *coordinator)
{
    coordinator->epoch++;
    if (coordinator->state == MEMORY_OPEN)
        memory_coordinator_end(broker, coordinator, false);
    if (coordinator->state == MEMORY_ENDING)
        write_markers(broker, coordinator, INT64_MAX);
}

/* A second request to end an earlier transaction arrives and ends this one. */
static void misapply(struct memory_broker *broker, struct memory_coordinator *coordinator)
{
    if (coordinator->late_in-- > 0)
        return;
    coordinator->late_is_armed = false;
    if (coordinator->late_epoch != coordinator->epoch)
        return;
    broker->counters.ends_misapplied++;
    memory_coordinator_end(broker, coordinator, coordinator->late_is_commit);
}

/* A transaction is open when it returns. While the last one's markers are under way the broker
 * answers CONCURRENT_TRANSACTIONS and the client waits: here, for their being written. */
static void ensure_open(struct memory_broker *broker, struct memory_coordinator *coordinator)
{
    if (coordinator->late_is_armed && coordinator->state == MEMORY_OPEN)
        misapply(broker, coordinator);
    if (coordinator->state == MEMORY_OPEN)
        return;
    if (coordinator->state == MEMORY_ENDING)
        write_markers(broker, coordinator, INT64_MAX);
    coordinator->state = MEMORY_OPEN;
    coordinator->transaction = ++broker->numbers;
    coordinator->begun_ms = broker->now_ms;
}

static void add_target(struct memory_coordinator *coordinator, struct memory_partition *partition)
{
    if (coordinator->target_count == coordinator->target_capacity) {
        coordinator->target_capacity = coordinator->target_capacity * 2 + 8;
        coordinator->targets = memory_must(realloc(
            coordinator->targets, coordinator->target_capacity * sizeof *coordinator->targets));
    }
    coordinator->targets[coordinator->target_count++] = (struct memory_target){partition, 0};
}

int64_t memory_coordinator_append(struct memory_broker *broker,
                                  struct memory_coordinator *coordinator,
                                  struct memory_partition *partition,
                                  const struct log_record *record)
{
    ensure_open(broker, coordinator);
    if (!memory_partition_has_open(partition, coordinator->transaction))
        add_target(coordinator, partition);
    broker->counters.appended++;
    int64_t now = record->timestamp_ms ? record->timestamp_ms : memory_broker_unix_ms(broker);
    return memory_partition_append(partition, record, now, coordinator->transaction);
}

void memory_coordinator_offset(struct memory_broker *broker, struct memory_coordinator *coordinator,
                               struct memory_offset *entry, const struct log_position *position)
{
    ensure_open(broker, coordinator);
    if (coordinator->pending_count == coordinator->pending_capacity) {
        coordinator->pending_capacity = coordinator->pending_capacity * 2 + 8;
        coordinator->pending = memory_must(realloc(
            coordinator->pending, coordinator->pending_capacity * sizeof *coordinator->pending));
    }
    struct memory_pending *pending = &coordinator->pending[coordinator->pending_count++];
    pending->entry = entry;
    pending->offset = position->offset;
    pending->sequence = ++broker->numbers;
    memcpy(pending->metadata, position->metadata, sizeof pending->metadata);
    entry->pending++;
}

void memory_coordinator_tick(struct memory_broker *broker, struct memory_coordinator *coordinator)
{
    if (coordinator->state == MEMORY_ENDING)
        write_markers(broker, coordinator, broker->now_ms);
    if (coordinator->state != MEMORY_OPEN ||
        broker->now_ms - coordinator->begun_ms <= broker->config.transaction_timeout_ms)
        return;
    coordinator->epoch++;
    broker->counters.transactions_expired++;
    memory_coordinator_end(broker, coordinator, false);
}
