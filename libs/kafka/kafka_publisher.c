#include "kafka/kafka_client.h"
#include "kafka/kafka_error.h"
#include "kafka/outgoing.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum { SERVE_EVERY = 256 };

struct kafka_publisher {
    struct kafka_publisher_config config;
    struct kafka_handle handle;
    rd_kafka_topic_t **topics;
    enum status failure; /* the first one since the last flush */
    char failure_detail[DETAIL_BYTES];
    bool is_informed; /* knows the topics' partitions */
    unsigned queued;  /* since reports were last served */
};

static void on_delivered(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque)
{
    struct kafka_handle *handle = opaque;
    struct kafka_publisher *publisher = handle->owner;
    int64_t *out_offset = message->_private;
    (void)rk;

    if (!message->err) {
        if (out_offset)
            *out_offset = message->offset;
        return;
    }
    if (publisher->failure)
        return;
    publisher->failure = kafka_produce_status(message->err);
    kafka_explain(publisher->failure_detail, rd_kafka_topic_name(message->rkt), message->err, NULL);
}

static enum status open_topics(struct kafka_publisher *publisher, char *detail)
{
    const struct kafka_publisher_config *config = &publisher->config;
    struct outgoing_topic *topics = calloc(config->topic_count, sizeof *topics);

    assert(topics);
    for (size_t i = 0; i < config->topic_count; i++)
        topics[i].name = config->topics[i];
    enum status status = outgoing_topics_open(publisher->handle.rk, topics, config->topic_count,
                                              &publisher->topics, detail);
    free(topics);
    return status;
}

enum status kafka_publisher_new(const struct kafka_publisher_config *config,
                                struct kafka_publisher **out, char *detail)
{
    static const struct kafka_hooks hooks = {.delivered = on_delivered};
    static const struct kafka_property own[] = {
        {"enable.idempotence", "true"},
        {"delivery.report.only.error", "false"},
    };
    struct kafka_publisher *publisher = calloc(1, sizeof *publisher);

    assert(publisher);
    publisher->config = *config;
    enum status status =
        kafka_handle_open(&publisher->handle, &publisher->config.endpoint, KAFKA_ROLE_PRODUCER, own,
                          sizeof own / sizeof own[0], &hooks, publisher, detail);
    if (!status)
        status = open_topics(publisher, detail);
    if (status) {
        kafka_publisher_free(publisher);
        return status;
    }
    *out = publisher;
    return STATUS_OK;
}

void kafka_publisher_free(struct kafka_publisher *publisher)
{
    if (!publisher)
        return;
    outgoing_topics_close(publisher->topics, publisher->config.topic_count);
    kafka_handle_close(&publisher->handle);
    free(publisher);
}

enum status kafka_publish(struct kafka_publisher *publisher, const struct log_outgoing *record,
                          char *detail)
{
    assert((size_t)record->topic < publisher->config.topic_count);
    if (!publisher->is_informed) {
        enum status status = outgoing_topics_learn(publisher->handle.rk, detail);
        if (status)
            return status;
        publisher->is_informed = true;
    }
    if (++publisher->queued >= SERVE_EVERY) {
        rd_kafka_poll(publisher->handle.rk, 0);
        publisher->queued = 0;
    }
    return outgoing_insist(publisher->handle.rk, publisher->topics[record->topic], record, detail);
}

enum status kafka_publisher_flush(struct kafka_publisher *publisher, int timeout_ms, char *detail)
{
    if (rd_kafka_flush(publisher->handle.rk, timeout_ms)) {
        snprintf(detail, DETAIL_BYTES, "%d records are not written yet",
                 rd_kafka_outq_len(publisher->handle.rk));
        return STATUS_UNAVAILABLE;
    }
    enum status status = publisher->failure;
    if (status)
        memcpy(detail, publisher->failure_detail, DETAIL_BYTES);
    publisher->failure = STATUS_OK;
    return status;
}
