#include "kafka/readers.h"
#include "kafka/kafka_error.h"
#include "kafka/membership.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { BOUNDS_TIMEOUT_MS = 5000 };

struct log_reader {
    struct log_reader *next;
    struct kafka_handle own; /* when another reader has the partition on the shared handle */
    struct kafka_handle *handle;
    rd_kafka_topic_t *topic_object;
    int topic;
    int32_t partition;
    rd_kafka_message_t *message; /* the one given out */
    struct log_record record;
    struct log_header *headers;
};

void readers_init(struct readers *readers, const struct kafka_log_config *config)
{
    *readers = (struct readers){.config = config};
}

static enum status open_committed(const struct readers *readers, struct kafka_handle *handle,
                                  char *detail)
{
    static const struct kafka_property own[] = {
        {"isolation.level", "read_committed"},
        {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"},
        {"auto.offset.reset", "error"},
        {"enable.partition.eof", "true"},
        {"check.crcs", "true"},
        {"fetch.wait.max.ms", "5"}, /* a restore waits for the end of each journal */
    };

    if (handle->rk)
        return STATUS_OK;
    return kafka_handle_open(handle, &readers->config->endpoint, KAFKA_ROLE_CONSUMER, own,
                             sizeof own / sizeof own[0], NULL, NULL, detail);
}

static enum status open_uncommitted(struct readers *readers, char *detail)
{
    static const struct kafka_property own[] = {
        {"isolation.level", "read_uncommitted"},
        {"enable.auto.commit", "false"},
        {"auto.offset.reset", "error"},
    };

    if (readers->uncommitted.rk)
        return STATUS_OK;
    enum status status =
        kafka_handle_open(&readers->uncommitted, &readers->config->endpoint, KAFKA_ROLE_CONSUMER,
                          own, sizeof own / sizeof own[0], NULL, NULL, detail);
    if (!status)
        readers->deletions = rd_kafka_queue_new(readers->uncommitted.rk);
    return status;
}

void readers_close(struct readers *readers)
{
    while (readers->first)
        readers_reader_close(readers, readers->first);
    if (readers->deletions)
        rd_kafka_queue_destroy(readers->deletions);
    readers->deletions = NULL;
    kafka_handle_close(&readers->committed);
    kafka_handle_close(&readers->uncommitted);
}

static void name_place(const struct readers *readers, int topic, int32_t partition, char *out,
                       size_t bytes)
{
    snprintf(out, bytes, "%.120s-%d", readers->config->topics[topic].name, (int)partition);
}

/* --- bounds and truncation --- */

enum status readers_bounds(struct readers *readers, int topic, int32_t partition,
                           int64_t *out_first, int64_t *out_end, char *detail)
{
    char place[160];
    int64_t first;
    int64_t end;
    enum status status = open_uncommitted(readers, detail);

    if (status)
        return status;
    assert((size_t)topic < readers->config->topic_count);
    rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(
        readers->uncommitted.rk, readers->config->topics[topic].name, partition, &first, &end,
        BOUNDS_TIMEOUT_MS);
    if (code) {
        name_place(readers, topic, partition, place, sizeof place);
        kafka_explain_request(&readers->uncommitted, detail, place, code, NULL);
        return kafka_request_status(code);
    }
    *out_first = first;
    *out_end = end;
    return STATUS_OK;
}

enum status readers_truncate(struct readers *readers, int topic, int32_t partition, int64_t before,
                             char *detail)
{
    enum status status = open_uncommitted(readers, detail);
    if (status)
        return status;
    assert((size_t)topic < readers->config->topic_count);
    assert(before >= 0);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, readers->config->topics[topic].name, partition)
        ->offset = before;
    rd_kafka_DeleteRecords_t *request = rd_kafka_DeleteRecords_new(list);
    rd_kafka_DeleteRecords(readers->uncommitted.rk, &request, 1, NULL, readers->deletions);
    rd_kafka_DeleteRecords_destroy(request);
    rd_kafka_topic_partition_list_destroy(list);
    return STATUS_OK;
}

static void complain(const struct readers *readers, const char *what, rd_kafka_resp_err_t code,
                     const char *text)
{
    const struct kafka_logger *logger = &readers->config->endpoint.logger;
    char line[DETAIL_BYTES];

    kafka_explain(line, what, code, text);
    if (logger->line)
        logger->line(logger->self, 4, "truncate", line);
}

static void look_at_deletion(const struct readers *readers, rd_kafka_event_t *event)
{
    if (rd_kafka_event_error(event)) {
        complain(readers, "truncate", rd_kafka_event_error(event),
                 rd_kafka_event_error_string(event));
        return;
    }
    const rd_kafka_DeleteRecords_result_t *result = rd_kafka_event_DeleteRecords_result(event);
    if (!result)
        return;
    const rd_kafka_topic_partition_list_t *list = rd_kafka_DeleteRecords_result_offsets(result);
    for (int i = 0; i < list->cnt; i++) {
        if (list->elems[i].err)
            complain(readers, list->elems[i].topic, list->elems[i].err, NULL);
    }
}

void readers_serve(struct readers *readers)
{
    rd_kafka_event_t *event;

    while (readers->deletions && (event = rd_kafka_queue_poll(readers->deletions, 0)) != NULL) {
        look_at_deletion(readers, event);
        rd_kafka_event_destroy(event);
    }
    if (readers->uncommitted.rk)
        rd_kafka_poll(readers->uncommitted.rk, 0);
    if (readers->committed.rk)
        rd_kafka_poll(readers->committed.rk, 0);
}

/* --- reading --- */

static bool is_taken(const struct readers *readers, int topic, int32_t partition)
{
    for (const struct log_reader *reader = readers->first; reader; reader = reader->next) {
        if (reader->topic == topic && reader->partition == partition && !reader->own.rk)
            return true;
    }
    return false;
}

static enum status start(struct readers *readers, struct log_reader *reader, int64_t offset,
                         char *detail)
{
    const char *name = readers->config->topics[reader->topic].name;
    bool is_alone = is_taken(readers, reader->topic, reader->partition);

    reader->handle = is_alone ? &reader->own : &readers->committed;
    enum status status = open_committed(readers, reader->handle, detail);
    if (status)
        return status;
    reader->topic_object = rd_kafka_topic_new(reader->handle->rk, name, NULL);
    if (reader->topic_object &&
        rd_kafka_consume_start(reader->topic_object, reader->partition, offset) == 0)
        return STATUS_OK;
    kafka_explain(detail, name, rd_kafka_last_error(), NULL);
    if (reader->topic_object)
        rd_kafka_topic_destroy(reader->topic_object);
    kafka_handle_close(&reader->own);
    return STATUS_REFUSED;
}

enum status readers_reader_open(struct readers *readers, int topic, int32_t partition,
                                int64_t offset, struct log_reader **out, char *detail)
{
    struct log_reader *reader = calloc(1, sizeof *reader);

    assert(reader);
    assert((size_t)topic < readers->config->topic_count);
    assert(offset >= 0);
    reader->topic = topic;
    reader->partition = partition;
    enum status status = start(readers, reader, offset, detail);
    if (status) {
        free(reader);
        return status;
    }
    reader->next = readers->first;
    readers->first = reader;
    *out = reader;
    return STATUS_OK;
}

static void give_back(struct log_reader *reader)
{
    if (reader->message)
        rd_kafka_message_destroy(reader->message);
    free(reader->headers);
    reader->message = NULL;
    reader->headers = NULL;
}

static enum status look_at_error(const struct log_reader *reader, const rd_kafka_message_t *message,
                                 int64_t *out_end_offset, char *detail)
{
    char place[DETAIL_BYTES / 4];

    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        *out_end_offset = message->offset;
        return STATUS_OK;
    }
    snprintf(place, sizeof place, "%.80s-%d at %" PRId64, rd_kafka_topic_name(reader->topic_object),
             (int)reader->partition, message->offset);
    kafka_explain(detail, place, message->err, rd_kafka_message_errstr(message));
    return kafka_consume_status(message->err);
}

enum status readers_reader_next(struct log_reader *reader, int timeout_ms,
                                const struct log_record **out, int64_t *out_end_offset,
                                char *detail)
{
    int64_t end_offset = -1;

    give_back(reader);
    rd_kafka_poll(reader->handle->rk, 0);
    rd_kafka_message_t *message =
        rd_kafka_consume(reader->topic_object, reader->partition, timeout_ms);
    if (message && message->err) {
        enum status status = look_at_error(reader, message, &end_offset, detail);
        rd_kafka_message_destroy(message);
        if (status)
            return status;
        message = NULL;
    }
    *out = NULL;
    *out_end_offset = end_offset;
    if (!message)
        return STATUS_OK;
    reader->message = message;
    reader->headers = kafka_record_fill(message, reader->topic, &reader->record);
    *out = &reader->record;
    return STATUS_OK;
}

static void unlink_reader(struct readers *readers, const struct log_reader *reader)
{
    struct log_reader **link = &readers->first;

    while (*link != reader)
        link = &(*link)->next;
    *link = reader->next;
}

void readers_reader_close(struct readers *readers, struct log_reader *reader)
{
    unlink_reader(readers, reader);
    give_back(reader);
    rd_kafka_consume_stop(reader->topic_object, reader->partition);
    rd_kafka_topic_destroy(reader->topic_object);
    kafka_handle_close(&reader->own);
    free(reader);
    if (!readers->first)
        kafka_handle_close(&readers->committed);
}
