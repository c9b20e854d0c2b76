#include "base/memory_parts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

static struct log_counters counters(void *self)
{
    const struct memory_client *client = self;
    return client->counters;
}

void memory_client_free(struct memory_client *client)
{
    struct memory_client **link = &client->broker->clients;
    while (*link != client)
        link = &(*link)->next;
    *link = client->next;
    memory_client_drop(client, client->held_count);
    while (client->readers)
        memory_reader_close(client, client->readers);
    for (int i = 0; i < LOG_SLOTS; i++)
        free(client->slots[i].reports);
    free(client->held);
    free(client->copies);
    free(client->places);
    free(client->topics);
    free(client->instance);
    free(client);
}

static void close_log(void *self)
{
    struct memory_client *client = self;
    char detail[DETAIL_BYTES];
    for (int i = 0; i < LOG_SLOTS; i++)
        if (!client->is_dead && (client->slots[i].state == MEMORY_SLOT_BEGUN ||
                                 client->slots[i].state == MEMORY_SLOT_FAILED))
            (void)memory_abort(client, i, detail);
    memory_client_free(client);
}

bool memory_log_is_dead(const struct log *log)
{
    const struct memory_client *client = log->self;
    return client->is_dead;
}

void memory_log_kill(struct log *log)
{
    memory_client_free(log->self);
    *log = (struct log){0};
}

static enum status check(const struct memory_broker *broker, const struct memory_log_config *config,
                         int32_t *out_tasks, char *detail)
{
    int32_t tasks = 0;
    for (size_t i = 0; i < config->topic_count; i++) {
        const struct memory_log_topic *named = &config->topics[i];
        const struct memory_topic *topic = memory_topic_find(broker, named->name);
        if (!topic) {
            (void)snprintf(detail, DETAIL_BYTES, "%s: no such topic", named->name);
            return STATUS_REFUSED;
        }
        if (!named->is_input)
            continue;
        if (tasks && tasks != topic->partition_count) {
            (void)snprintf(detail, DETAIL_BYTES, "%s: %d partitions, another input has %d",
                           named->name, (int)topic->partition_count, (int)tasks);
            return STATUS_REFUSED;
        }
        tasks = topic->partition_count;
    }
    if (!tasks) {
        (void)snprintf(detail, DETAIL_BYTES, "group %s: none of the topics is an input",
                       config->group);
        return STATUS_REFUSED;
    }
    *out_tasks = tasks;
    return STATUS_OK;
}

static void name_slots(struct memory_client *client, const struct memory_log_config *config)
{
    for (int i = 0; i < LOG_SLOTS; i++) {
        char name[DETAIL_BYTES];
        int length = snprintf(name, sizeof name, "%s-%s-%d", config->transactional_prefix,
                              config->instance, i);
        assert(length > 0 && (size_t)length < sizeof name);
        client->slots[i].coordinator = memory_coordinator_of(client->broker, name);
    }
}

static struct log functions_of(struct memory_client *client)
{
    return (struct log){
        .self = client,
        .poll = memory_poll,
        .release = memory_release,
        .assign = memory_assign,
        .committed = memory_committed,
        .bounds = memory_bounds,
        .reader_open = memory_reader_open,
        .reader_next = memory_reader_next,
        .reader_close = memory_reader_close,
        .reopen = memory_reopen,
        .begin = memory_begin,
        .produce = memory_produce,
        .send_offsets = memory_send_offsets,
        .commit = memory_commit,
        .abort = memory_abort,
        .truncate = memory_truncate,
        .counters = counters,
        .close = close_log,
    };
}

enum status memory_log_open(struct memory_broker *broker, const struct memory_log_config *config,
                            struct log_listener listener, struct log *out, char *detail)
{
    int32_t tasks;
    enum status status = check(broker, config, &tasks, detail);
    if (status)
        return status;
    struct memory_client *client = memory_must(calloc(1, sizeof *client));
    client->broker = broker;
    client->seen_ms = -1;
    client->next = broker->clients;
    broker->clients = client;
    client->topics = memory_must(calloc(config->topic_count, sizeof(void *)));
    client->topic_count = (int)config->topic_count;
    for (size_t i = 0; i < config->topic_count; i++)
        client->topics[i] = memory_topic_find(broker, config->topics[i].name);
    client->instance = memory_must(strdup(config->instance));
    client->listener = listener;
    client->group = memory_group_of(broker, config->group);
    client->group->task_count = tasks;
    name_slots(client, config);
    *out = functions_of(client);
    return STATUS_OK;
}
