#include "kafka/handle.h"
#include "base/clock.h"
#include "kafka/kafka_error.h"
#include "kafka/statistics.h"

#include <assert.h>
#include <stdio.h>

enum {
    API_END_TXN = 26,
    API_TXN_OFFSET_COMMIT = 28,
    TROUBLE_MS = 60000, /* librdkafka tells the same error of a broker again after 30 s */
};

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct kafka_property COMMON[] = {
    {"socket.nagle.disable", "true"}, {"allow.auto.create.topics", "false"}, {"log.queue", "true"},
    {"reconnect.backoff.ms", "50"},   {"reconnect.backoff.max.ms", "2000"},
};

static const struct kafka_property CONSUMER[] = {
    {"fetch.wait.max.ms", "100"},      {"fetch.message.max.bytes", "4194304"},
    {"queued.min.messages", "100000"}, {"queued.max.messages.kbytes", "65536"},
    {"fetch.error.backoff.ms", "50"},
};

/* The queue holds the largest transaction many times; its bytes stay bounded by librdkafka. */
static const struct kafka_property PRODUCER[] = {
    {"linger.ms", "5"},          {"retry.backoff.ms", "5"},
    {"batch.size", "1000000"},   {"queue.buffering.max.messages", "1000000"},
    {"compression.type", "lz4"}, {"message.max.bytes", "2097152"},
};

int64_t kafka_now_ms(void)
{
    struct clock clock = clock_system();
    return clock.monotonic_ms(clock.self);
}

void kafka_explain(char *detail, const char *what, rd_kafka_resp_err_t code, const char *text)
{
    const char *reason = text && text[0] ? text : rd_kafka_err2str(code);
    snprintf(detail, DETAIL_BYTES, "%.160s: %.256s (%s)%s", what, reason, rd_kafka_err2name(code),
             kafka_advice(code));
}

void kafka_explain_request(struct kafka_handle *handle, char *detail, const char *what,
                           rd_kafka_resp_err_t code, const char *text)
{
    if (kafka_is_silence(code))
        rd_kafka_poll(handle->rk, 0);
    bool is_known = kafka_is_silence(code) && handle->trouble_code &&
                    kafka_now_ms() - handle->trouble_ms < TROUBLE_MS;
    if (is_known)
        kafka_explain(detail, what, handle->trouble_code, handle->trouble);
    else
        kafka_explain(detail, what, code, text);
}

unsigned kafka_error_flags(const rd_kafka_error_t *error)
{
    return (rd_kafka_error_is_fatal(error) ? KAFKA_ERROR_FATAL : 0u) |
           (rd_kafka_error_is_retriable(error) ? KAFKA_ERROR_RETRIABLE : 0u) |
           (rd_kafka_error_txn_requires_abort(error) ? KAFKA_ERROR_REQUIRES_ABORT : 0u);
}

const char *kafka_client_version(void)
{
    return rd_kafka_version_str();
}

enum status kafka_conf_set(rd_kafka_conf_t *conf, const char *key, const char *value, char *detail)
{
    char reason[DETAIL_BYTES / 2];

    if (rd_kafka_conf_set(conf, key, value, reason, sizeof reason) == RD_KAFKA_CONF_OK)
        return STATUS_OK;
    snprintf(detail, DETAIL_BYTES, "%.100s=%.100s: %s", key, value, reason);
    return STATUS_REFUSED;
}

static enum status set_all(rd_kafka_conf_t *conf, const struct kafka_property *rows, size_t count,
                           char *detail)
{
    for (size_t i = 0; i < count; i++) {
        enum status status = kafka_conf_set(conf, rows[i].key, rows[i].value, detail);
        if (status)
            return status;
    }
    return STATUS_OK;
}

static void pass_on_line(const struct kafka_handle *handle, int level, const char *client,
                         const char *text)
{
    if (handle->endpoint->logger.line)
        handle->endpoint->logger.line(handle->endpoint->logger.self, level, client, text);
}

static void on_log(const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
    (void)facility;
    pass_on_line(rd_kafka_opaque(rk), level, rd_kafka_name(rk), text);
}

static void on_error(rd_kafka_t *rk, int code, const char *reason, void *opaque)
{
    struct kafka_handle *handle = opaque;
    const char *text = reason ? reason : "";

    pass_on_line(handle, 4, rd_kafka_name(rk), text);
    /* That all brokers are down follows what is wrong with each, and says less. */
    if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && handle->trouble_code)
        return;
    handle->trouble_code = code;
    handle->trouble_ms = kafka_now_ms();
    snprintf(handle->trouble, sizeof handle->trouble, "%s", text);
    char *after = strstr(handle->trouble, " (after "); /* how long it took, and how often */
    if (after)
        *after = '\0';
}

/* Requests are counted, not responses: a response can be reported twice. */
static rd_kafka_resp_err_t on_request_sent(rd_kafka_t *rk, int socket, const char *broker,
                                           int32_t broker_id, int16_t api, int16_t version,
                                           int32_t correlation, size_t bytes, void *opaque)
{
    struct kafka_handle *handle = opaque;
    (void)rk;
    (void)socket;
    (void)broker;
    (void)broker_id;
    (void)version;
    (void)correlation;
    (void)bytes;

    if (api == API_END_TXN)
        atomic_fetch_add(&handle->end_transaction_requests, 1);
    if (api == API_TXN_OFFSET_COMMIT)
        atomic_fetch_add(&handle->offset_commit_requests, 1);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_resp_err_t on_new(rd_kafka_t *rk, const rd_kafka_conf_t *conf, void *opaque,
                                  char *reason, size_t reason_bytes)
{
    (void)conf;
    (void)reason;
    (void)reason_bytes;
    return rd_kafka_interceptor_add_on_request_sent(rk, "milepost", on_request_sent, opaque);
}

static int on_statistics(rd_kafka_t *rk, char *json, size_t bytes, void *opaque)
{
    struct kafka_handle *handle = opaque;
    (void)rk;
    statistics_read((struct slice){json, bytes}, &handle->statistics);
    return 0; /* librdkafka frees the text */
}

static enum status configure(struct kafka_handle *handle, enum kafka_role role,
                             const struct kafka_hooks *hooks, const struct kafka_property *own,
                             size_t own_count, rd_kafka_conf_t *conf, char *detail)
{
    const struct kafka_endpoint *endpoint = handle->endpoint;
    bool consumes = role == KAFKA_ROLE_CONSUMER;
    enum status status = set_all(conf, COMMON, COUNT(COMMON), detail);

    if (!status && consumes)
        status = set_all(conf, CONSUMER, COUNT(CONSUMER), detail);
    if (!status && !consumes)
        status = set_all(conf, PRODUCER, COUNT(PRODUCER), detail);
    if (!status && hooks && hooks->has_statistics)
        status = kafka_conf_set(conf, "statistics.interval.ms", "10000", detail);
    if (!status)
        status = kafka_conf_set(conf, "client.id", endpoint->client ? endpoint->client : "milepost",
                                detail);
    if (!status)
        status = kafka_settings_apply(endpoint->settings, role, conf, detail);
    if (!status)
        status = kafka_conf_set(conf, "bootstrap.servers", endpoint->brokers, detail);
    if (!status)
        status = set_all(conf, own, own_count, detail);
    return status;
}

static void install_hooks(struct kafka_handle *handle, const struct kafka_hooks *hooks,
                          rd_kafka_conf_t *conf)
{
    rd_kafka_conf_set_opaque(conf, handle);
    rd_kafka_conf_set_log_cb(conf, on_log);
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_conf_interceptor_add_on_new(conf, "milepost", on_new, handle);
    if (hooks && hooks->rebalance)
        rd_kafka_conf_set_rebalance_cb(conf, hooks->rebalance);
    if (hooks && hooks->has_statistics)
        rd_kafka_conf_set_stats_cb(conf, on_statistics);
    if (hooks && hooks->delivered)
        rd_kafka_conf_set_dr_msg_cb(conf, hooks->delivered);
}

enum status kafka_handle_open(struct kafka_handle *handle, const struct kafka_endpoint *endpoint,
                              enum kafka_role role, const struct kafka_property *own,
                              size_t own_count, const struct kafka_hooks *hooks, void *owner,
                              char *detail)
{
    char reason[DETAIL_BYTES / 2];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_type_t type = role == KAFKA_ROLE_CONSUMER ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER;

    assert(!handle->rk);
    *handle = (struct kafka_handle){.endpoint = endpoint, .owner = owner};
    enum status status = configure(handle, role, hooks, own, own_count, conf, detail);
    if (status) {
        rd_kafka_conf_destroy(conf);
        return status;
    }
    install_hooks(handle, hooks, conf);
    handle->rk = rd_kafka_new(type, conf, reason, sizeof reason);
    if (!handle->rk) {
        /* `conf` is left to leak: rd_kafka_new() has freed its interceptors on some of its ways out
         * (2.0.2 to current), and to destroy it would free them again. */
        snprintf(detail, DETAIL_BYTES, "kafka client: %s", reason);
        return STATUS_REFUSED;
    }
    rd_kafka_set_log_queue(handle->rk, NULL);
    return STATUS_OK;
}

void kafka_handle_close(struct kafka_handle *handle)
{
    if (!handle->rk)
        return;
    if (rd_kafka_type(handle->rk) == RD_KAFKA_PRODUCER)
        rd_kafka_purge(handle->rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT |
                                       RD_KAFKA_PURGE_F_NON_BLOCKING);
    rd_kafka_destroy_flags(handle->rk, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    handle->rk = NULL;
}
