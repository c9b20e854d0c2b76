#include "kafka/kafka_client.h"
#include "kafka/kafka_error.h"
#include "kafka/membership.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 256, BOUNDS_TIMEOUT_MS = 5000 };

struct kafka_reader {
    struct kafka_reader_config config;
    struct kafka_handle handle;
    rd_kafka_queue_t *queue;
    rd_kafka_topic_t **topics;
    struct log_position *started;
    size_t started_count;
    rd_kafka_message_t *batch[BATCH];
    size_t batch_count;
    size_t batch_at;             /* the next one to give out */
    rd_kafka_message_t *message; /* the one given out */
    struct log_record record;
    struct log_header *headers;
};

static enum status open_topics(struct kafka_reader *reader, char *detail)
{
    const struct kafka_reader_config *config = &reader->config;

    reader->topics = calloc(config->topic_count, sizeof(rd_kafka_topic_t *));
    assert(reader->topics);
    for (size_t i = 0; i < config->topic_count; i++) {
        reader->topics[i] = rd_kafka_topic_new(reader->handle.rk, config->topics[i], NULL);
        if (!reader->topics[i]) {
            kafka_explain(detail, config->topics[i], rd_kafka_last_error(), NULL);
            return STATUS_REFUSED;
        }
    }
    return STATUS_OK;
}

enum status kafka_reader_new(const struct kafka_reader_config *config, struct kafka_reader **out,
                             char *detail)
{
    const struct kafka_property own[] = {
        {"isolation.level", config->reads_uncommitted ? "read_uncommitted" : "read_committed"},
        {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"},
        {"auto.offset.reset", "error"},
        {"enable.partition.eof", "true"},
        {"check.crcs", "true"},
    };
    struct kafka_reader *reader = calloc(1, sizeof *reader);

    assert(reader);
    reader->config = *config;
    enum status status =
        kafka_handle_open(&reader->handle, &reader->config.endpoint, KAFKA_ROLE_CONSUMER, own,
                          sizeof own / sizeof own[0], NULL, reader, detail);
    if (!status) {
        reader->queue = rd_kafka_queue_new(reader->handle.rk);
        status = open_topics(reader, detail);
    }
    if (status) {
        kafka_reader_free(reader);
        return status;
    }
    *out = reader;
    return STATUS_OK;
}

static void give_back(struct kafka_reader *reader)
{
    if (reader->message)
        rd_kafka_message_destroy(reader->message);
    free(reader->headers);
    reader->message = NULL;
    reader->headers = NULL;
}

static void stop(struct kafka_reader *reader)
{
    give_back(reader);
    while (reader->batch_at < reader->batch_count)
        rd_kafka_message_destroy(reader->batch[reader->batch_at++]);
    for (size_t i = 0; i < reader->started_count; i++) {
        const struct log_position *position = &reader->started[i];
        rd_kafka_consume_stop(reader->topics[position->topic], position->partition);
    }
    reader->started_count = 0;
}

void kafka_reader_free(struct kafka_reader *reader)
{
    if (!reader)
        return;
    stop(reader);
    for (size_t i = 0; reader->topics && i < reader->config.topic_count; i++) {
        if (reader->topics[i])
            rd_kafka_topic_destroy(reader->topics[i]);
    }
    if (reader->queue)
        rd_kafka_queue_destroy(reader->queue);
    kafka_handle_close(&reader->handle);
    free(reader->topics);
    free(reader->started);
    free(reader);
}

enum status kafka_reader_assign(struct kafka_reader *reader, const struct log_position *positions,
                                size_t count, char *detail)
{
    stop(reader);
    reader->started = realloc(reader->started, (count + 1) * sizeof *reader->started);
    assert(reader->started);
    for (size_t i = 0; i < count; i++) {
        const struct log_position *position = &positions[i];
        assert((size_t)position->topic < reader->config.topic_count);
        assert(position->offset >= 0);
        if (rd_kafka_consume_start_queue(reader->topics[position->topic], position->partition,
                                         position->offset, reader->queue)) {
            kafka_explain(detail, reader->config.topics[position->topic], rd_kafka_last_error(),
                          NULL);
            stop(reader);
            return STATUS_REFUSED;
        }
        reader->started[reader->started_count++] = *position;
    }
    return STATUS_OK;
}

static rd_kafka_message_t *take(struct kafka_reader *reader, int timeout_ms)
{
    if (reader->batch_at < reader->batch_count)
        return reader->batch[reader->batch_at++];
    rd_kafka_poll(reader->handle.rk, 0);
    /* A batch call waits until the batch is full; this one for the first record only. */
    rd_kafka_message_t *first = rd_kafka_consume_queue(reader->queue, timeout_ms);
    if (!first)
        return NULL;
    ssize_t more = rd_kafka_consume_batch_queue(reader->queue, 0, reader->batch, BATCH);
    reader->batch_at = 0;
    reader->batch_count = more > 0 ? (size_t)more : 0;
    return first;
}

static int topic_of(const struct kafka_reader *reader, const rd_kafka_message_t *message)
{
    size_t topic = 0;

    while (topic < reader->config.topic_count && reader->topics[topic] != message->rkt)
        topic++;
    assert(topic < reader->config.topic_count);
    return (int)topic;
}

static enum status look_at_error(const rd_kafka_message_t *message, bool *out_has,
                                 struct kafka_event *out, char *detail)
{
    char place[DETAIL_BYTES / 4] = "kafka";

    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        out->end_offset = message->offset;
        *out_has = true;
        return STATUS_OK;
    }
    if (message->rkt)
        snprintf(place, sizeof place, "%.80s-%d at %" PRId64, rd_kafka_topic_name(message->rkt),
                 (int)message->partition, message->offset);
    kafka_explain(detail, place, message->err, rd_kafka_message_errstr(message));
    *out_has = false;
    return kafka_consume_status(message->err);
}

enum status kafka_reader_next(struct kafka_reader *reader, int timeout_ms, bool *out_has,
                              struct kafka_event *out, char *detail)
{
    give_back(reader);
    rd_kafka_message_t *message = take(reader, timeout_ms);
    *out_has = false;
    if (!message)
        return STATUS_OK;
    *out = (struct kafka_event){.partition = message->partition, .end_offset = -1};
    if (message->rkt)
        out->topic = topic_of(reader, message);
    if (message->err) {
        enum status status = look_at_error(message, out_has, out, detail);
        rd_kafka_message_destroy(message);
        return status;
    }
    reader->message = message;
    reader->headers = kafka_record_fill(message, out->topic, &reader->record);
    out->record = &reader->record;
    *out_has = true;
    return STATUS_OK;
}

enum status kafka_reader_bounds(struct kafka_reader *reader, int topic, int32_t partition,
                                int64_t *out_first, int64_t *out_end, char *detail)
{
    int64_t first;
    int64_t end;

    assert((size_t)topic < reader->config.topic_count);
    rd_kafka_resp_err_t code =
        rd_kafka_query_watermark_offsets(reader->handle.rk, reader->config.topics[topic], partition,
                                         &first, &end, BOUNDS_TIMEOUT_MS);
    if (code) {
        kafka_explain_request(&reader->handle, detail, reader->config.topics[topic], code, NULL);
        return kafka_request_status(code);
    }
    *out_first = first;
    *out_end = end;
    return STATUS_OK;
}
