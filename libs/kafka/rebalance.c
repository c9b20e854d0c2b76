#include "kafka/rebalance.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

static void forget_places(struct membership *membership)
{
    for (size_t topic = 0; topic < membership->config->topic_count; topic++) {
        struct place_table *table = &membership->places[topic];
        for (size_t i = 0; i < table->count; i++)
            table->next[i] = -1;
    }
}

static void read_nothing(struct membership *membership)
{
    rd_kafka_topic_partition_list_t *none = rd_kafka_topic_partition_list_new(0);
    rd_kafka_assign(membership->handle.rk, none);
    rd_kafka_topic_partition_list_destroy(none);
}

static int by_number(const void *a, const void *b)
{
    int32_t left = *(const int32_t *)a;
    int32_t right = *(const int32_t *)b;
    return (left > right) - (left < right);
}

/* The partitions that occur, each once, in order. */
static void note_tasks(struct membership *membership,
                       const rd_kafka_topic_partition_list_t *partitions)
{
    size_t count = (size_t)partitions->cnt;
    int32_t *tasks = realloc(membership->tasks, (count + 1) * sizeof *tasks);
    size_t kept = 0;

    assert(tasks);
    for (size_t i = 0; i < count; i++)
        tasks[i] = partitions->elems[i].partition;
    qsort(tasks, count, sizeof *tasks, by_number);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || tasks[kept - 1] != tasks[i])
            tasks[kept++] = tasks[i];
    }
    membership->tasks = tasks;
    membership->task_count = kept;
}

/* Task p needs partition p of every input here: range gives it when subscriptions and partition
 * counts are equal. */
static void check_together(struct membership *membership,
                           rd_kafka_topic_partition_list_t *partitions)
{
    const struct kafka_log_config *config = membership->config;

    for (size_t topic = 0; topic < config->topic_count; topic++) {
        if (!config->topics[topic].is_input)
            continue;
        for (size_t i = 0; i < membership->task_count; i++) {
            int32_t task = membership->tasks[i];
            if (rd_kafka_topic_partition_list_find(partitions, config->topics[topic].name, task))
                continue;
            membership->failure = STATUS_REFUSED;
            snprintf(
                membership->failure_detail, DETAIL_BYTES,
                "group %.100s: task %d came without %.100s-%d; all inputs need the same number "
                "of partitions, and all members of the group the same inputs",
                config->group, (int)task, config->topics[topic].name, (int)task);
            return;
        }
    }
}

bool rebalance_has_member_id(rd_kafka_t *rk)
{
    char *id = rd_kafka_memberid(rk);
    bool result = id && id[0];

    if (id)
        rd_kafka_mem_free(rk, id);
    return result;
}

/* A commit with an empty member id would be accepted unfenced, hence no generation without one. */
static void note_assigned(struct membership *membership,
                          rd_kafka_topic_partition_list_t *partitions)
{
    rd_kafka_t *rk = membership->handle.rk;

    assert(!membership->generation);
    if (!rebalance_has_member_id(rk))
        return;
    membership->generation = rd_kafka_consumer_group_metadata(rk);
    if (!membership->generation)
        return;
    note_tasks(membership, partitions);
    check_together(membership, partitions);
    membership->must_announce = true;
}

void rebalance_noted(rd_kafka_t *rk, rd_kafka_resp_err_t code,
                     rd_kafka_topic_partition_list_t *partitions, void *opaque)
{
    struct kafka_handle *handle = opaque;
    struct membership *membership = handle->owner;

    forget_places(membership);
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        note_assigned(membership, partitions);
        read_nothing(membership);
    } else {
        membership->must_announce = false;
        membership->must_revoke = true;
    }
    rd_kafka_yield(rk);
}

const rd_kafka_consumer_group_metadata_t *membership_generation(struct membership *membership)
{
    if (!membership->generation || !rebalance_has_member_id(membership->handle.rk))
        return NULL;
    return membership->generation;
}

void rebalance_revoke(struct membership *membership)
{
    membership->must_revoke = false;
    if (membership->is_announced && membership->task_count > 0)
        membership->listener.revoked(membership->listener.self);
    membership->is_announced = false;
    membership_release(membership, SIZE_MAX);
    if (membership->generation)
        rd_kafka_consumer_group_metadata_destroy(membership->generation);
    membership->generation = NULL;
    /* The coordinator's rebalance goes on from here. */
    rd_kafka_assign(membership->handle.rk, NULL);
}

bool rebalance_serve(struct membership *membership)
{
    bool was_revoked = membership->must_revoke;

    if (was_revoked)
        rebalance_revoke(membership);
    if (membership->must_announce && !membership->failure) {
        membership->must_announce = false;
        membership->is_announced = true;
        membership->rebalances++;
        membership->listener.assigned(membership->listener.self, membership->tasks,
                                      membership->task_count);
    }
    return was_revoked;
}
