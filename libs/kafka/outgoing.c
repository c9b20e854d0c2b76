#include "kafka/outgoing.h"
#include "kafka/kafka_error.h"

#include <assert.h>
#include <stdlib.h>

enum { METADATA_TIMEOUT_MS = 5000, QUEUE_FULL_TIMEOUT_MS = 30000, QUEUE_FULL_POLL_MS = 100 };

static enum status open_topic(rd_kafka_t *rk, const struct outgoing_topic *topic,
                              rd_kafka_topic_t **out, char *detail)
{
    rd_kafka_topic_conf_t *conf = rd_kafka_default_topic_conf_dup(rk);

    if (topic->is_packed)
        rd_kafka_topic_conf_set(conf, "compression.type", "none", NULL, 0);
    *out = rd_kafka_topic_new(rk, topic->name, conf);
    if (*out)
        return STATUS_OK;
    rd_kafka_topic_conf_destroy(conf);
    kafka_explain(detail, topic->name, rd_kafka_last_error(), NULL);
    return STATUS_REFUSED;
}

enum status outgoing_topics_open(rd_kafka_t *rk, const struct outgoing_topic *topics, size_t count,
                                 rd_kafka_topic_t ***out, char *detail)
{
    enum status status = STATUS_OK;

    *out = calloc(count, sizeof(rd_kafka_topic_t *));
    assert(*out);
    for (size_t i = 0; !status && i < count; i++)
        status = open_topic(rk, &topics[i], &(*out)[i], detail);
    return status;
}

void outgoing_topics_close(rd_kafka_topic_t **topics, size_t count)
{
    for (size_t i = 0; topics && i < count; i++) {
        if (topics[i])
            rd_kafka_topic_destroy(topics[i]);
    }
    free(topics);
}

enum status outgoing_topics_learn(rd_kafka_t *rk, char *detail)
{
    const struct rd_kafka_metadata *metadata;
    rd_kafka_resp_err_t code = rd_kafka_metadata(rk, 0, NULL, &metadata, METADATA_TIMEOUT_MS);

    if (code) {
        kafka_explain(detail, "topics", code, NULL);
        return kafka_request_status(code);
    }
    enum status status = STATUS_OK;
    for (int i = 0; !status && i < metadata->topic_cnt; i++) {
        const struct rd_kafka_metadata_topic *topic = &metadata->topics[i];
        status = kafka_request_status(topic->err);
        if (status)
            kafka_explain(detail, topic->topic, topic->err, NULL);
    }
    rd_kafka_metadata_destroy(metadata);
    return status;
}

static rd_kafka_headers_t *copy_headers(const struct log_outgoing *record)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(record->header_count);

    for (size_t i = 0; i < record->header_count; i++) {
        const struct log_header *header = &record->headers[i];
        rd_kafka_resp_err_t code =
            rd_kafka_header_add(headers, header->name.bytes, (ssize_t)header->name.length,
                                header->value.bytes, (ssize_t)header->value.length);
        assert(!code);
    }
    return headers;
}

rd_kafka_resp_err_t outgoing_hand_over(rd_kafka_t *rk, rd_kafka_topic_t *topic,
                                       const struct log_outgoing *record)
{
    rd_kafka_headers_t *headers = record->header_count ? copy_headers(record) : NULL;
    /* The casts drop a const that RD_KAFKA_MSG_F_COPY keeps. */
    rd_kafka_vu_t args[] = {
        {.vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = topic},
        {.vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = record->partition},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
        {.vtype = RD_KAFKA_VTYPE_KEY,
         .u.mem = {(void *)(uintptr_t)record->key.bytes, record->key.length}},
        {.vtype = RD_KAFKA_VTYPE_VALUE,
         .u.mem = {(void *)(uintptr_t)record->value.bytes, record->value.length}},
        {.vtype = RD_KAFKA_VTYPE_TIMESTAMP, .u.i64 = record->timestamp_ms},
        {.vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = record->out_offset},
        {.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
    };
    size_t count = sizeof args / sizeof args[0] - (headers ? 0 : 1);
    rd_kafka_error_t *error = rd_kafka_produceva(rk, args, count);

    if (!error)
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_resp_err_t code = rd_kafka_error_code(error);
    rd_kafka_error_destroy(error);
    if (headers)
        rd_kafka_headers_destroy(headers);
    return code;
}

enum status outgoing_insist(rd_kafka_t *rk, rd_kafka_topic_t *topic,
                            const struct log_outgoing *record, char *detail)
{
    int64_t deadline = 0;

    for (;;) {
        rd_kafka_resp_err_t code = outgoing_hand_over(rk, topic, record);
        enum status status = kafka_produce_status(code);
        if (!status)
            return STATUS_OK;
        kafka_explain(detail, rd_kafka_topic_name(topic), code, NULL);
        if (status != STATUS_UNAVAILABLE)
            return status;
        if (!deadline)
            deadline = kafka_now_ms() + QUEUE_FULL_TIMEOUT_MS;
        if (kafka_now_ms() > deadline)
            return STATUS_ABORTED;
        rd_kafka_poll(rk, QUEUE_FULL_POLL_MS);
    }
}
