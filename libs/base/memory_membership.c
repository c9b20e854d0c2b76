#include "base/memory_parts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

static void interrupt(struct memory_client *client)
{
    const struct memory_faults *faults = &client->broker->faults;
    assert(!client->is_interrupted);
    client->is_interrupted = true;
    if (faults->interrupt)
        faults->interrupt(faults->interrupt_self);
    client->is_interrupted = false;
}

enum status memory_client_call(struct memory_client *client, char *detail)
{
    struct memory_broker *broker = client->broker;
    if (!client->is_dead && memory_fault_strikes(broker, MEMORY_INTERRUPT))
        interrupt(client);
    if (!client->is_dead && memory_fault_strikes(broker, MEMORY_CRASH))
        client->is_dead = true;
    if (client->is_dead || broker->now_ms < broker->down_until_ms ||
        memory_fault_strikes(broker, MEMORY_UNAVAILABLE)) {
        (void)snprintf(detail, DETAIL_BYTES, "the broker does not answer");
        return STATUS_UNAVAILABLE;
    }
    if (client->seen_ms == broker->now_ms)
        return STATUS_OK;
    client->seen_ms = broker->now_ms;
    struct memory_member *member = memory_group_find(client->group, client->instance);
    if (member && member->id == client->member_id)
        member->seen_ms = broker->now_ms;
    return STATUS_OK;
}

/* While revoked() runs the generation stands: a last commit is still accepted. */
static void revoke(struct memory_client *client)
{
    if (client->owned_count)
        client->listener.revoked(client->listener.self);
    for (int i = 0; i < LOG_SLOTS; i++)
        assert(!client->owned_count || client->slots[i].state == MEMORY_SLOT_DEAD ||
               client->slots[i].state == MEMORY_SLOT_READY);
    client->owned_count = 0;
    client->generation = 0;
    client->place_count = 0;
    memory_client_drop(client, client->held_count);
}

static void take_over(struct memory_client *client, const struct memory_member *member)
{
    int32_t *tasks = memory_must(malloc(((size_t)member->task_count + 1) * sizeof *tasks));
    for (int32_t i = 0; i < member->task_count; i++)
        tasks[i] = member->task_first + i;
    client->generation = client->group->generation;
    client->owned_count = member->task_count;
    client->counters.rebalances++;
    client->listener.assigned(client->listener.self, tasks, (size_t)client->owned_count);
    free(tasks);
}

bool memory_client_take_part(struct memory_client *client)
{
    struct memory_group *group = client->group;
    struct memory_member *member = memory_group_find(group, client->instance);
    if (client->member_id && member && member->id != client->member_id)
        return false;
    if (client->member_id && !member) {
        revoke(client);
        client->member_id = 0;
    }
    if (!client->member_id)
        client->member_id = memory_group_join(client->broker, group, client->instance);
    member = memory_group_find(group, client->instance);
    if (group->is_rebalancing && !member->has_joined) {
        revoke(client);
        member = memory_group_find(group, client->instance);
        if (!member || member->id != client->member_id)
            return true; /* Removed or replaced meanwhile: the next poll sees to it. */
        member->has_joined = true;
    }
    if (group->is_rebalancing)
        memory_group_settle(group);
    if (!group->is_rebalancing && client->generation != group->generation)
        take_over(client, member);
    return true;
}
