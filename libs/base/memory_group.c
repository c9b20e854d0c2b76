#include "base/memory_parts.h"

#include <assert.h>
#include <stdlib.h>

struct memory_group *memory_group_of(struct memory_broker *broker, const char *name)
{
    for (struct memory_group *group = broker->groups; group; group = group->next)
        if (strcmp(group->name, name) == 0)
            return group;
    struct memory_group *group = memory_must(calloc(1, sizeof *group));
    group->name = memory_must(strdup(name));
    group->next = broker->groups;
    broker->groups = group;
    return group;
}

void memory_group_free(struct memory_group *group)
{
    for (size_t i = 0; i < group->member_count; i++)
        free(group->members[i].instance);
    for (int i = 0; i < group->offset_topic_count; i++)
        free(group->offsets[i]);
    free(group->members);
    free(group->offsets);
    free(group->name);
    free(group);
}

struct memory_member *memory_group_find(const struct memory_group *group, const char *instance)
{
    for (size_t i = 0; i < group->member_count; i++)
        if (strcmp(group->members[i].instance, instance) == 0)
            return &group->members[i];
    return NULL;
}

static struct memory_member *insert(struct memory_group *group, const char *instance)
{
    group->members =
        memory_must(realloc(group->members, (group->member_count + 1) * sizeof *group->members));
    size_t at = group->member_count++;
    while (at > 0 && strcmp(group->members[at - 1].instance, instance) > 0) {
        group->members[at] = group->members[at - 1];
        at--;
    }
    group->members[at] = (struct memory_member){.instance = memory_must(strdup(instance))};
    return &group->members[at];
}

static void rebalance(struct memory_broker *broker, struct memory_group *group)
{
    if (group->is_rebalancing)
        return;
    group->is_rebalancing = true;
    broker->counters.rebalances++;
    for (size_t i = 0; i < group->member_count; i++)
        group->members[i].has_joined = false;
}

int64_t memory_group_join(struct memory_broker *broker, struct memory_group *group,
                          const char *instance)
{
    struct memory_member *member = memory_group_find(group, instance);
    if (!member) {
        rebalance(broker, group);
        member = insert(group, instance);
    }
    member->has_joined = true;
    member->id = ++broker->numbers;
    member->seen_ms = broker->now_ms;
    return member->id;
}

/* Kafka's range assignor, for inputs of equally many partitions: the same range of each. */
void memory_group_settle(struct memory_group *group)
{
    for (size_t i = 0; i < group->member_count; i++)
        if (!group->members[i].has_joined)
            return;
    int32_t members = (int32_t)group->member_count;
    int32_t each = group->task_count / members;
    int32_t extra = group->task_count % members;
    int32_t next = 0;
    for (int32_t i = 0; i < members; i++) {
        group->members[i].task_first = next;
        group->members[i].task_count = each + (i < extra);
        next += group->members[i].task_count;
    }
    group->generation++;
    group->is_rebalancing = false;
}

void memory_group_expire(struct memory_broker *broker, struct memory_group *group)
{
    size_t kept = 0;
    for (size_t i = 0; i < group->member_count; i++) {
        struct memory_member member = group->members[i];
        if (broker->now_ms - member.seen_ms > broker->config.session_timeout_ms)
            free(member.instance);
        else
            group->members[kept++] = member;
    }
    size_t removed = group->member_count - kept;
    group->member_count = kept;
    broker->counters.sessions_expired += (int64_t)removed;
    if (removed)
        rebalance(broker, group);
}

struct memory_offset *memory_group_offset(struct memory_group *group,
                                          const struct memory_topic *topic, int32_t partition)
{
    assert(topic && partition >= 0 && partition < topic->partition_count);
    if (topic->id >= group->offset_topic_count) {
        size_t count = (size_t)topic->id + 1;
        group->offsets = memory_must(realloc(group->offsets, count * sizeof(void *)));
        for (size_t i = (size_t)group->offset_topic_count; i < count; i++)
            group->offsets[i] = NULL;
        group->offset_topic_count = topic->id + 1;
    }
    struct memory_offset **offsets = &group->offsets[topic->id];
    if (!*offsets) {
        *offsets = memory_must(calloc((size_t)topic->partition_count, sizeof **offsets));
        for (int32_t p = 0; p < topic->partition_count; p++)
            (*offsets)[p].offset = -1;
    }
    return &(*offsets)[partition];
}
