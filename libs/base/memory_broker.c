#include "base/memory_parts.h"

#include <assert.h>
#include <stdlib.h>

enum {
    SESSION_TIMEOUT_MS = 30000,
    TRANSACTION_TIMEOUT_MS = 15000,
    RECORD_BYTES_MAX = 1 << 20,
    MARKER_DELAY_MS = 1000
};
static const int64_t UNIX_MS = 1767225600000;

void *memory_must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

struct memory_broker *memory_broker_new(const struct memory_broker_config *config)
{
    struct memory_broker *broker = memory_must(calloc(1, sizeof *broker));
    broker->config = *config;
    if (!broker->config.unix_ms)
        broker->config.unix_ms = UNIX_MS;
    if (!broker->config.session_timeout_ms)
        broker->config.session_timeout_ms = SESSION_TIMEOUT_MS;
    if (!broker->config.transaction_timeout_ms)
        broker->config.transaction_timeout_ms = TRANSACTION_TIMEOUT_MS;
    if (!broker->config.record_bytes_max)
        broker->config.record_bytes_max = RECORD_BYTES_MAX;
    broker->faults.marker_delay_ms_max = MARKER_DELAY_MS;
    broker->random = config->seed;
    return broker;
}

static void free_topic(struct memory_topic *topic)
{
    for (int32_t p = 0; p < topic->partition_count; p++)
        memory_partition_deinit(&topic->partitions[p]);
    free(topic->partitions);
    free(topic->name);
    free(topic);
}

void memory_broker_free(struct memory_broker *broker)
{
    if (!broker)
        return;
    while (broker->clients)
        memory_client_free(broker->clients);
    for (struct memory_topic *next, *topic = broker->topics; topic; topic = next) {
        next = topic->next;
        free_topic(topic);
    }
    for (struct memory_group *next, *group = broker->groups; group; group = next) {
        next = group->next;
        memory_group_free(group);
    }
    for (struct memory_coordinator *next, *each = broker->coordinators; each; each = next) {
        next = each->next;
        memory_coordinator_free(each);
    }
    free(broker);
}

struct memory_topic *memory_topic_find(const struct memory_broker *broker, const char *name)
{
    struct memory_topic *topic = broker->topics;
    while (topic && strcmp(topic->name, name) != 0)
        topic = topic->next;
    return topic;
}

void memory_broker_topic(struct memory_broker *broker, const char *name, int32_t partitions)
{
    assert(partitions > 0);
    assert(!memory_topic_find(broker, name));
    struct memory_topic *topic = memory_must(calloc(1, sizeof *topic));
    topic->name = memory_must(strdup(name));
    topic->id = broker->topic_count++;
    topic->partition_count = partitions;
    topic->partitions = memory_must(calloc((size_t)partitions, sizeof *topic->partitions));
    topic->next = broker->topics;
    broker->topics = topic;
}

void memory_broker_forget(struct memory_broker *broker, const char *name)
{
    struct memory_topic *topic = memory_topic_find(broker, name);
    assert(topic);
    for (int32_t p = 0; p < topic->partition_count; p++)
        topic->partitions[p].forgets = true;
}

static int64_t monotonic_ms(void *self)
{
    const struct memory_broker *broker = self;
    return broker->now_ms;
}

int64_t memory_broker_unix_ms(const struct memory_broker *broker)
{
    return broker->config.unix_ms + broker->now_ms;
}

static int64_t unix_ms(void *self)
{
    return memory_broker_unix_ms(self);
}

struct clock memory_broker_clock(struct memory_broker *broker)
{
    return (struct clock){broker, monotonic_ms, unix_ms};
}

void memory_broker_advance(struct memory_broker *broker, int64_t ms)
{
    assert(ms >= 0);
    broker->now_ms += ms;
    if (broker->now_ms < broker->down_until_ms)
        return;
    for (struct memory_coordinator *each = broker->coordinators; each; each = each->next)
        memory_coordinator_tick(broker, each);
    for (struct memory_group *group = broker->groups; group; group = group->next)
        memory_group_expire(broker, group);
}

void memory_broker_stop(struct memory_broker *broker, int64_t ms)
{
    assert(ms >= 0);
    broker->down_until_ms = broker->now_ms + ms;
    for (struct memory_group *group = broker->groups; group; group = group->next)
        for (size_t i = 0; i < group->member_count; i++)
            group->members[i].seen_ms = broker->down_until_ms;
    for (struct memory_coordinator *each = broker->coordinators; each; each = each->next)
        each->begun_ms += ms;
}

struct memory_faults *memory_broker_faults(struct memory_broker *broker)
{
    return &broker->faults;
}

struct memory_broker_counters memory_broker_counters(const struct memory_broker *broker)
{
    return broker->counters;
}

/* SplitMix64 (Steele, Lea, Flood 2014); the modulo's bias does not matter to a scheduler. */
uint64_t memory_broker_random(struct memory_broker *broker, uint64_t bound)
{
    assert(bound > 0);
    uint64_t z = broker->random += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (z ^ (z >> 31)) % bound;
}

bool memory_fault_strikes_slow(struct memory_broker *broker, struct memory_fault_rule *rule)
{
    bool strikes = rule->countdown > 0 && --rule->countdown == 0;
    if (rule->per_million && memory_broker_random(broker, 1000000) < rule->per_million)
        strikes = true;
    rule->hits += strikes;
    return strikes;
}

static struct memory_partition *partition_of(const struct memory_broker *broker, const char *name,
                                             int32_t partition)
{
    struct memory_topic *topic = memory_topic_find(broker, name);
    assert(topic && partition >= 0 && partition < topic->partition_count);
    return &topic->partitions[partition];
}

int64_t memory_broker_append(struct memory_broker *broker, const char *topic,
                             const struct log_record *record)
{
    broker->counters.appended++;
    int64_t now = record->timestamp_ms ? record->timestamp_ms : memory_broker_unix_ms(broker);
    return memory_partition_append(partition_of(broker, topic, record->partition), record, now, 0);
}

bool memory_broker_next(const struct memory_broker *broker, const char *topic, int32_t partition,
                        bool is_committed_only, int64_t *offset, struct log_record *out)
{
    const struct memory_partition *records = partition_of(broker, topic, partition);
    int64_t end = is_committed_only ? memory_partition_stable(records) : records->end;
    for (int64_t at = *offset > records->start ? *offset : records->start; at < end; at++) {
        const struct memory_entry *entry = memory_partition_at(records, at);
        if (entry->kind == MEMORY_MARKER || (is_committed_only && entry->kind == MEMORY_ABORTED))
            continue;
        *out = entry->record;
        *offset = at + 1;
        return true;
    }
    return false;
}

void memory_broker_truncate(struct memory_broker *broker, const char *topic, int32_t partition,
                            int64_t before)
{
    memory_delete(broker, partition_of(broker, topic, partition), before);
}

struct log_position memory_broker_committed(const struct memory_broker *broker, const char *group,
                                            const char *topic, int32_t partition)
{
    struct log_position position = {.topic = -1, .partition = partition, .offset = -1};
    struct memory_group *found = broker->groups;
    while (found && strcmp(found->name, group) != 0)
        found = found->next;
    if (!found)
        return position;
    const struct memory_offset *entry =
        memory_group_offset(found, memory_topic_find(broker, topic), partition);
    position.offset = entry->offset;
    memcpy(position.metadata, entry->metadata, sizeof position.metadata);
    return position;
}

void memory_broker_bounds(const struct memory_broker *broker, const char *topic, int32_t partition,
                          int64_t *out_first, int64_t *out_stable, int64_t *out_end)
{
    const struct memory_partition *records = partition_of(broker, topic, partition);
    if (out_first)
        *out_first = records->start;
    if (out_stable)
        *out_stable = memory_partition_stable(records);
    if (out_end)
        *out_end = records->end;
}
