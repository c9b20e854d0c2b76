#include "kafka/membership.h"
#include "kafka/kafka_error.h"
#include "kafka/rebalance.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { COMMITTED_TIMEOUT_MS = 5000 };

/* --- opening --- */

static enum status subscribe(struct membership *membership, char *detail)
{
    const struct kafka_log_config *config = membership->config;
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(4);

    for (size_t i = 0; i < config->topic_count; i++) {
        if (!config->topics[i].is_input)
            continue;
        const char *name = config->topics[i].name;
        rd_kafka_topic_partition_list_add(topics, name, RD_KAFKA_PARTITION_UA);
        membership->places[i].object = rd_kafka_topic_new(membership->handle.rk, name, NULL);
    }
    if (topics->cnt == 0) {
        rd_kafka_topic_partition_list_destroy(topics);
        snprintf(detail, DETAIL_BYTES, "group %s: no input topics", config->group);
        return STATUS_REFUSED;
    }
    rd_kafka_resp_err_t code = rd_kafka_subscribe(membership->handle.rk, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    if (code) {
        kafka_explain(detail, "subscribe", code, NULL);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

enum status membership_open(struct membership *membership, const struct kafka_log_config *config,
                            struct log_listener listener, char *detail)
{
    static const struct kafka_hooks hooks = {.rebalance = rebalance_noted, .has_statistics = true};
    char session_timeout[16];
    const struct kafka_property own[] = {
        {"group.id", config->group},
        {"group.instance.id", config->member},
        {"session.timeout.ms", session_timeout},
        {"partition.assignment.strategy", "range"},
        {"isolation.level", "read_committed"},
        {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"},
        {"auto.offset.reset", "error"},
        {"check.crcs", "true"},
    };

    snprintf(session_timeout, sizeof session_timeout, "%d",
             config->session_timeout_ms ? config->session_timeout_ms : 30000);
    *membership = (struct membership){.config = config, .listener = listener};
    membership->places = calloc(config->topic_count, sizeof *membership->places);
    assert(membership->places);
    enum status status =
        kafka_handle_open(&membership->handle, &config->endpoint, KAFKA_ROLE_CONSUMER, own,
                          sizeof own / sizeof own[0], &hooks, membership, detail);
    if (status)
        return status;
    rd_kafka_poll_set_consumer(membership->handle.rk);
    membership->queue = rd_kafka_queue_get_consumer(membership->handle.rk);
    return subscribe(membership, detail);
}

void membership_close(struct membership *membership)
{
    membership_release(membership, SIZE_MAX);
    if (membership->generation)
        rd_kafka_consumer_group_metadata_destroy(membership->generation);
    if (membership->queue)
        rd_kafka_queue_destroy(membership->queue);
    for (size_t i = 0; membership->places && i < membership->config->topic_count; i++) {
        free(membership->places[i].next);
        if (membership->places[i].object)
            rd_kafka_topic_destroy(membership->places[i].object);
    }
    kafka_handle_close(&membership->handle);
    free(membership->places);
    free(membership->tasks);
    free(membership->held);
    free(membership->records);
    *membership = (struct membership){0};
}

/* --- what is held --- */

static void drop(struct held_record *held)
{
    free(held->headers);
    rd_kafka_message_destroy(held->message);
}

void membership_release(struct membership *membership, size_t count)
{
    if (count > membership->held_count)
        count = membership->held_count;
    for (size_t i = 0; i < count; i++)
        drop(&membership->held[membership->held_first + i]);
    membership->held_first += count;
    membership->held_count -= count;
}

static void drop_newest(struct membership *membership, size_t keep)
{
    while (membership->held_count > keep) {
        membership->held_count--;
        drop(&membership->held[membership->held_first + membership->held_count]);
    }
}

/* Records move only here, at the start of a poll, when no caller looks at them any more. */
static void make_room(struct membership *membership, size_t more)
{
    struct held_record *held = membership->held;
    size_t needed = membership->held_count + more;

    if (membership->held_count)
        memmove(held, held + membership->held_first, membership->held_count * sizeof *held);
    if (membership->held_count)
        memmove(membership->records, membership->records + membership->held_first,
                membership->held_count * sizeof *membership->records);
    membership->held_first = 0;
    if (needed <= membership->held_capacity)
        return;
    membership->held_capacity = needed + needed / 2;
    membership->held = realloc(held, membership->held_capacity * sizeof *held);
    membership->records =
        realloc(membership->records, membership->held_capacity * sizeof *membership->records);
    assert(membership->held && membership->records);
}

static struct log_header *headers_of(const rd_kafka_message_t *message, size_t *out_count)
{
    rd_kafka_headers_t *list;

    *out_count = 0;
    if (rd_kafka_message_headers(message, &list) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return NULL;
    size_t count = rd_kafka_header_cnt(list);
    if (count == 0)
        return NULL;
    struct log_header *headers = malloc(count * sizeof *headers);
    assert(headers);
    for (size_t i = 0; i < count; i++) {
        const char *name;
        const void *value;
        size_t bytes;
        if (rd_kafka_header_get_all(list, i, &name, &value, &bytes) != RD_KAFKA_RESP_ERR_NO_ERROR)
            break;
        headers[(*out_count)++] = (struct log_header){slice_of(name), {value, value ? bytes : 0}};
    }
    return headers;
}

struct log_header *kafka_record_fill(const rd_kafka_message_t *message, int topic,
                                     struct log_record *out)
{
    size_t header_count;
    struct log_header *headers = headers_of(message, &header_count);

    *out = (struct log_record){
        .topic = topic,
        .partition = message->partition,
        .offset = message->offset,
        .timestamp_ms = rd_kafka_message_timestamp(message, NULL),
        .key = {message->key, message->key ? message->key_len : 0},
        .value = {message->payload, message->payload ? message->len : 0},
        .headers = headers,
        .header_count = header_count,
    };
    return headers;
}

/* --- positions --- */

static int topic_of(const struct membership *membership, const rd_kafka_message_t *message)
{
    const struct kafka_log_config *config = membership->config;

    for (size_t i = 0; i < config->topic_count; i++) {
        if (membership->places[i].object == message->rkt)
            return (int)i;
    }
    const char *name = rd_kafka_topic_name(message->rkt);
    for (size_t i = 0; i < config->topic_count; i++) {
        if (strcmp(config->topics[i].name, name) == 0)
            return (int)i;
    }
    return -1;
}

static int64_t *place_of(struct membership *membership, int topic, int32_t partition)
{
    struct place_table *table = &membership->places[topic];
    if (partition < 0 || (size_t)partition >= table->count)
        return NULL;
    return &table->next[partition];
}

static void set_place(struct membership *membership, const struct log_position *position)
{
    struct place_table *table = &membership->places[position->topic];
    size_t needed = (size_t)position->partition + 1;

    if (needed > table->count) {
        table->next = realloc(table->next, needed * sizeof *table->next);
        assert(table->next);
        for (size_t i = table->count; i < needed; i++)
            table->next[i] = -1;
        table->count = needed;
    }
    table->next[position->partition] = position->offset;
}

enum status membership_assign(struct membership *membership, const struct log_position *positions,
                              size_t count, char *detail)
{
    if (!membership->generation || membership->must_revoke) {
        snprintf(detail, DETAIL_BYTES, "group %s: no tasks are assigned to %s",
                 membership->config->group, membership->config->member);
        return STATUS_UNAVAILABLE;
    }
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    for (size_t topic = 0; topic < membership->config->topic_count; topic++) {
        for (size_t i = 0; i < membership->places[topic].count; i++)
            membership->places[topic].next[i] = -1;
    }
    for (size_t i = 0; i < count; i++) {
        const struct log_position *position = &positions[i];
        assert(position->offset >= 0);
        assert((size_t)position->topic < membership->config->topic_count);
        rd_kafka_topic_partition_list_add(list, membership->config->topics[position->topic].name,
                                          position->partition)
            ->offset = position->offset;
        set_place(membership, position);
    }
    rd_kafka_resp_err_t code = rd_kafka_assign(membership->handle.rk, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (code) {
        kafka_explain(detail, "assign", code, NULL);
        return kafka_request_status(code);
    }
    if (membership->failure == STATUS_OUT_OF_RANGE || membership->failure == STATUS_CORRUPT)
        membership->failure = STATUS_OK;
    return STATUS_OK;
}

/* --- polling --- */

static void fail(struct membership *membership, enum status status,
                 const rd_kafka_message_t *message)
{
    char what[DETAIL_BYTES / 4];

    if (message->rkt)
        snprintf(what, sizeof what, "%.80s-%d at %" PRId64, rd_kafka_topic_name(message->rkt),
                 (int)message->partition, message->offset);
    else
        snprintf(what, sizeof what, "group %.80s", membership->config->group);
    membership->failure = status;
    kafka_explain(membership->failure_detail, what, message->err, rd_kafka_message_errstr(message));
}

static void note_error(struct membership *membership, const rd_kafka_message_t *message)
{
    enum status status = kafka_consume_status(message->err);

    if (status == STATUS_OK || membership->failure == STATUS_FENCED)
        return;
    if (status != STATUS_UNAVAILABLE) {
        fail(membership, status, message);
        return;
    }
    membership->handle.trouble_code = message->err;
    snprintf(membership->handle.trouble, sizeof membership->handle.trouble, "%s",
             rd_kafka_message_errstr(message));
}

/* Takes `message` over. */
static void keep(struct membership *membership, rd_kafka_message_t *message)
{
    int topic = message->err ? -1 : topic_of(membership, message);
    int64_t *next = topic < 0 ? NULL : place_of(membership, topic, message->partition);

    if (message->err)
        note_error(membership, message);
    if (!next || *next < 0 || message->offset < *next) {
        rd_kafka_message_destroy(message);
        return;
    }
    *next = message->offset + 1;
    size_t at = membership->held_first + membership->held_count++;
    membership->held[at].message = message;
    membership->held[at].headers = kafka_record_fill(message, topic, &membership->records[at]);
}

static void take_batches(struct membership *membership, size_t records_max)
{
    rd_kafka_message_t *batch[MEMBERSHIP_BATCH];

    while (records_max > 0) {
        size_t size = records_max < MEMBERSHIP_BATCH ? records_max : MEMBERSHIP_BATCH;
        ssize_t count = rd_kafka_consume_batch_queue(membership->queue, 0, batch, size);
        if (count <= 0)
            return;
        for (ssize_t i = 0; i < count; i++)
            keep(membership, batch[i]);
        if ((size_t)count < size)
            return;
        records_max -= size;
    }
}

/* What the client as a whole reports; only when nothing came. */
static enum status trouble(struct membership *membership, char *detail)
{
    struct kafka_handle *handle = &membership->handle;
    rd_kafka_resp_err_t code = handle->trouble_code;
    char reason[DETAIL_BYTES / 2];

    rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(handle->rk, reason, sizeof reason);
    if (fatal) {
        kafka_explain(detail, membership->config->member, fatal, reason);
        membership->failure = STATUS_FENCED;
        snprintf(membership->failure_detail, DETAIL_BYTES, "%s", detail);
        return STATUS_FENCED;
    }
    if (!code)
        return STATUS_OK;
    handle->trouble_code = 0;
    kafka_explain(detail, membership->config->group, code, handle->trouble);
    enum status status = kafka_request_status(code);
    return status == STATUS_REFUSED ? STATUS_REFUSED : STATUS_UNAVAILABLE;
}

/* librdkafka 2.0.2 goes on with heartbeats while a lost session waits for its revocation to be
 * served, without a member id, and the broker answers that as it would a namesake. Whoever has an
 * id when it is fenced was replaced; whoever has none lost its session and may join again. */
static bool is_only_lost(const struct membership *membership)
{
    return membership->failure == STATUS_FENCED && !rebalance_has_member_id(membership->handle.rk);
}

static enum status join_again(struct membership *membership, char *detail)
{
    const struct kafka_log_config *config = membership->config;
    struct log_listener listener = membership->listener;

    rebalance_revoke(membership);
    membership_close(membership);
    enum status status = membership_open(membership, config, listener, detail);
    if (status)
        return status;
    snprintf(detail, DETAIL_BYTES, "group %.200s: the session was lost, %.100s joins again",
             config->group, config->member);
    return STATUS_UNAVAILABLE;
}

enum status membership_poll(struct membership *membership, int timeout_ms, size_t records_max,
                            const struct log_record **out_records, size_t *out_count, char *detail)
{
    size_t before = membership->held_count;

    assert(records_max > 0);
    make_room(membership, records_max);
    /* The batch call waits until the batch is full, this one only for the first record. */
    rd_kafka_message_t *message = rd_kafka_consumer_poll(membership->handle.rk, timeout_ms);
    if (message) {
        keep(membership, message);
        take_batches(membership, records_max - 1);
    }
    if (rebalance_serve(membership))
        before = 0;
    if (is_only_lost(membership))
        return join_again(membership, detail);
    if (membership->failure) {
        drop_newest(membership, before);
        memcpy(detail, membership->failure_detail, DETAIL_BYTES);
        return membership->failure;
    }
    if (membership->held_count == before) {
        enum status status = trouble(membership, detail);
        if (status)
            return is_only_lost(membership) ? join_again(membership, detail) : status;
    }
    *out_records = membership->records + membership->held_first + before;
    *out_count = membership->held_count - before;
    return STATUS_OK;
}

/* --- offsets --- */

static enum status look_at_position(const struct membership *membership,
                                    const rd_kafka_topic_partition_t *found, char *detail)
{
    if (found->err) {
        kafka_explain(detail, found->topic, found->err, NULL);
        return kafka_request_status(found->err);
    }
    if (found->metadata_size < LOG_METADATA_BYTES)
        return STATUS_OK;
    snprintf(detail, DETAIL_BYTES, "group %.100s, %.100s-%d: metadata of %zu bytes is not ours",
             membership->config->group, found->topic, (int)found->partition, found->metadata_size);
    return STATUS_CORRUPT;
}

static void copy_position(const rd_kafka_topic_partition_t *found, struct log_position *out)
{
    out->offset = found->offset >= 0 ? found->offset : -1;
    memset(out->metadata, 0, sizeof out->metadata);
    if (found->metadata_size)
        memcpy(out->metadata, found->metadata, found->metadata_size);
}

enum status membership_committed(struct membership *membership, struct log_position *positions,
                                 size_t count, char *detail)
{
    const struct kafka_log_topic *topics = membership->config->topics;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, topics[positions[i].topic].name,
                                          positions[i].partition);
    rd_kafka_resp_err_t code =
        rd_kafka_committed(membership->handle.rk, list, COMMITTED_TIMEOUT_MS);
    if (code) {
        kafka_explain(detail, "committed offsets", code, NULL);
        status = kafka_request_status(code);
    }
    for (size_t i = 0; !status && i < count; i++)
        status = look_at_position(membership, &list->elems[i], detail);
    for (size_t i = 0; !status && i < count; i++)
        copy_position(&list->elems[i], &positions[i]);
    rd_kafka_topic_partition_list_destroy(list);
    return status;
}
