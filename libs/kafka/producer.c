#include "kafka/producer.h"
#include "kafka/kafka_error.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    INIT_TIMEOUT_MS = 5000,
    CLOSE_TIMEOUT_MS = 3000,
    SERVE_EVERY = 256,
};

void producer_init(struct producer *producer, const struct producer_config *config)
{
    *producer = (struct producer){.config = config};
}

void producer_serve(struct producer *producer)
{
    if (producer->handle.rk)
        rd_kafka_poll(producer->handle.rk, 0);
    producer->produced = 0;
}

/* --- delivery reports --- */

static void spoil_delivery(struct producer *producer, enum status status,
                           const rd_kafka_message_t *message, const char *what)
{
    if (producer->delivery == STATUS_EXHAUSTED || producer->delivery == STATUS_FENCED)
        return;
    producer->delivery = status;
    snprintf(producer->delivery_detail, DETAIL_BYTES, "%.200s-%d: %s",
             rd_kafka_topic_name(message->rkt), (int)message->partition, what);
}

static void on_delivered(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque)
{
    struct kafka_handle *handle = opaque;
    struct producer *producer = handle->owner;
    int64_t *out_offset = message->_private;
    (void)rk;

    /* Once the transaction can only be aborted, nobody waits for reports any more. */
    if (producer->state != PRODUCER_BEGUN)
        return;
    if (message->err) {
        spoil_delivery(producer, kafka_produce_status(message->err), message,
                       rd_kafka_err2str(message->err));
        return;
    }
    if (!out_offset)
        return;
    /* A message that was written but whose first answer got lost has no offset. */
    if (message->offset < 0)
        spoil_delivery(producer, STATUS_ABORTED, message, "delivered at an unknown offset");
    else
        *out_offset = message->offset;
}

/* --- opening --- */

static enum status open_handle(struct producer *producer, char *detail)
{
    static const struct kafka_hooks hooks = {.delivered = on_delivered, .has_statistics = true};
    const struct producer_config *config = producer->config;
    char timeout[16];
    const struct kafka_property own[] = {
        {"transactional.id", config->transactional_id},
        {"transaction.timeout.ms", timeout},
        {"enable.idempotence", "true"},
        {"delivery.report.only.error", "false"},
    };

    snprintf(timeout, sizeof timeout, "%d", config->transaction_timeout_ms);
    enum status status =
        kafka_handle_open(&producer->handle, config->endpoint, KAFKA_ROLE_PRODUCER, own,
                          sizeof own / sizeof own[0], &hooks, producer, detail);
    if (status)
        return status;
    return outgoing_topics_open(producer->handle.rk, config->topics, config->topic_count,
                                &producer->topics, detail);
}

static enum status init_name(struct producer *producer, char *detail)
{
    rd_kafka_error_t *error = rd_kafka_init_transactions(producer->handle.rk, INIT_TIMEOUT_MS);

    rd_kafka_poll(producer->handle.rk, 0);
    if (!error)
        return STATUS_OK;
    unsigned flags = kafka_error_flags(error);
    enum status status = kafka_init_status(rd_kafka_error_code(error), flags);
    kafka_explain_request(&producer->handle, detail, producer->config->transactional_id,
                          rd_kafka_error_code(error), rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    /* What cannot be resumed begins anew with the next call. */
    if (!(flags & KAFKA_ERROR_RETRIABLE))
        producer_close(producer);
    return status;
}

enum status producer_open(struct producer *producer, char *detail)
{
    enum status status = STATUS_OK;

    if (producer->state == PRODUCER_READY && !producer->must_recycle)
        return STATUS_OK;
    if (producer->state != PRODUCER_INITING) {
        producer_close(producer);
        status = open_handle(producer, detail);
        producer->state = PRODUCER_INITING;
    }
    if (status) {
        producer_close(producer);
        return status;
    }
    status = init_name(producer, detail);
    if (!status)
        status = outgoing_topics_learn(producer->handle.rk, detail);
    if (status)
        return status;
    producer->state = PRODUCER_READY;
    producer->must_recycle = false;
    return STATUS_OK;
}

void producer_close(struct producer *producer)
{
    /* Bounded, unlike every other abort: nothing is done with this client afterwards. */
    if (producer_is_open(producer)) {
        rd_kafka_error_t *error = rd_kafka_abort_transaction(producer->handle.rk, CLOSE_TIMEOUT_MS);
        if (error)
            rd_kafka_error_destroy(error);
    }
    producer->state = PRODUCER_CLOSED;
    outgoing_topics_close(producer->topics, producer->config->topic_count);
    producer->topics = NULL;
    kafka_handle_close(&producer->handle);
    producer->must_recycle = false;
}

/* --- a transaction --- */

static int64_t patience_ms(const struct producer *producer)
{
    return 2 * (int64_t)producer->config->transaction_timeout_ms;
}

/* Explains and destroys `error`. */
static enum status settle(struct producer *producer, const char *call, rd_kafka_error_t *error,
                          char *detail)
{
    char what[DETAIL_BYTES / 4];

    if (!error)
        return STATUS_OK;
    enum status status =
        kafka_transaction_status(rd_kafka_error_code(error), kafka_error_flags(error));
    snprintf(what, sizeof what, "%s: %s", producer->config->transactional_id, call);
    kafka_explain(detail, what, rd_kafka_error_code(error), rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    return status;
}

struct attempt {
    const char *name;
    rd_kafka_error_t *(*call)(rd_kafka_t *rk, const struct attempt *attempt);
    const rd_kafka_topic_partition_list_t *offsets;
    const rd_kafka_consumer_group_metadata_t *generation;
};

/* The same call with the same arguments for as long as it says that it may be repeated. -1 is the
 * only timeout that keeps librdkafka's state and the broker's together. */
static enum status insist(struct producer *producer, const struct attempt *attempt, char *detail)
{
    int64_t deadline = kafka_now_ms() + patience_ms(producer);
    enum status status;

    for (;;) {
        rd_kafka_error_t *error = attempt->call(producer->handle.rk, attempt);
        status = settle(producer, attempt->name, error, detail);
        if (status != STATUS_UNAVAILABLE || kafka_now_ms() > deadline)
            return status;
        rd_kafka_poll(producer->handle.rk, 10);
    }
}

static enum status die(struct producer *producer, char *detail, const char *why)
{
    if (why)
        snprintf(detail, DETAIL_BYTES, "%s: %s", producer->config->transactional_id, why);
    /* What is left open is resolved when the name is fenced, not by an abort that may come late. */
    producer->state = PRODUCER_CLOSED;
    producer_close(producer);
    return STATUS_FENCED;
}

static enum status spoil(struct producer *producer, enum status status)
{
    producer->state = PRODUCER_SPOILED;
    return status;
}

/* A producer that was fenced also fails its records, as if they could be sent again. */
static bool is_fatal(const struct producer *producer, char *detail)
{
    char reason[DETAIL_BYTES / 2];
    rd_kafka_resp_err_t code = rd_kafka_fatal_error(producer->handle.rk, reason, sizeof reason);

    if (code)
        kafka_explain(detail, producer->config->transactional_id, code, reason);
    return code != RD_KAFKA_RESP_ERR_NO_ERROR;
}

/* What produce, send_offsets and commit have in common. */
static enum status enter(struct producer *producer, char *detail)
{
    if (producer->state == PRODUCER_CLOSED || producer->state == PRODUCER_INITING)
        return die(producer, detail, "no producer, reopen first");
    assert(producer_is_open(producer));
    if (producer->delivery) {
        if (is_fatal(producer, detail))
            return die(producer, detail, NULL);
        memcpy(detail, producer->delivery_detail, DETAIL_BYTES);
        if (producer->delivery == STATUS_FENCED)
            return die(producer, detail, NULL);
        enum status why = producer->delivery;
        producer->delivery = STATUS_OK;
        return spoil(producer, why);
    }
    if (producer->state == PRODUCER_SPOILED) {
        snprintf(detail, DETAIL_BYTES, "%s: the transaction has failed, abort it",
                 producer->config->transactional_id);
        return STATUS_ABORTED;
    }
    return STATUS_OK;
}

enum status producer_begin(struct producer *producer, bool *out_recycled, char *detail)
{
    bool recycles = producer->must_recycle;

    *out_recycled = false;
    if (producer->state == PRODUCER_CLOSED && !recycles)
        return die(producer, detail, "no producer, reopen first");
    assert(!producer_is_open(producer));
    if (recycles) {
        enum status status = producer_open(producer, detail);
        producer->must_recycle = status != STATUS_OK;
        if (status)
            return status;
        *out_recycled = true;
    }
    producer->delivery = STATUS_OK;
    atomic_store(&producer->handle.end_transaction_requests, 0);
    atomic_store(&producer->handle.offset_commit_requests, 0);
    enum status status =
        settle(producer, "begin", rd_kafka_begin_transaction(producer->handle.rk), detail);
    if (status)
        return die(producer, detail, NULL);
    producer->state = PRODUCER_BEGUN;
    return STATUS_OK;
}

/* In a test build worker/hazard.h's unchecked-produce takes the guard below away, too. */
static bool is_unguarded(void)
{
#if MILEPOST_HAZARDS
    const char *planted = getenv("MILEPOST_HAZARD");
    return planted && strcmp(planted, "unchecked-produce") == 0;
#else
    return false;
#endif
}

enum status producer_produce(struct producer *producer, const struct log_outgoing *record,
                             char *detail)
{
    enum status status = enter(producer, detail);
    if (status)
        return status;
    assert((size_t)record->topic < producer->config->topic_count);
    assert(record->header_count <= LOG_HEADERS_MAX);
    if (++producer->produced >= SERVE_EVERY)
        producer_serve(producer);

    status = outgoing_insist(producer->handle.rk, producer->topics[record->topic], record, detail);
    if (!status || is_unguarded())
        return status;
    /* To commit without the record would lose it, and librdkafka would not object. */
    return status == STATUS_FENCED ? die(producer, detail, NULL) : spoil(producer, status);
}

/* librdkafka does not look at this timeout while it waits for the group's coordinator (#5456, and
 * #5511 for one that was decommissioned; open in 2.16): what ends a worker that hangs here is
 * /livez.
 */
static rd_kafka_error_t *call_send_offsets(rd_kafka_t *rk, const struct attempt *attempt)
{
    return rd_kafka_send_offsets_to_transaction(rk, attempt->offsets, attempt->generation, -1);
}

static rd_kafka_error_t *call_commit(rd_kafka_t *rk, const struct attempt *attempt)
{
    (void)attempt;
    return rd_kafka_commit_transaction(rk, -1);
}

static rd_kafka_error_t *call_abort(rd_kafka_t *rk, const struct attempt *attempt)
{
    (void)attempt;
    return rd_kafka_abort_transaction(rk, -1);
}

enum status producer_send_offsets(struct producer *producer,
                                  const rd_kafka_topic_partition_list_t *offsets,
                                  const rd_kafka_consumer_group_metadata_t *generation,
                                  char *detail)
{
    const struct attempt attempt = {"send offsets", call_send_offsets, offsets, generation};
    enum status status = enter(producer, detail);
    if (status)
        return status;
    if (!generation) {
        snprintf(detail, DETAIL_BYTES, "%s: the member has left its generation",
                 producer->config->transactional_id);
        return spoil(producer, STATUS_ABORTED);
    }
    status = insist(producer, &attempt, detail);
    if (status == STATUS_FENCED)
        return die(producer, detail, NULL);
    return status ? spoil(producer, STATUS_ABORTED) : STATUS_OK;
}

/* More than one request means that one may arrive late, into a later transaction. */
static void end(struct producer *producer)
{
    producer->state = PRODUCER_READY;
    producer->must_recycle = atomic_load(&producer->handle.end_transaction_requests) > 1 ||
                             atomic_load(&producer->handle.offset_commit_requests) > 1;
}

enum status producer_commit(struct producer *producer, char *detail)
{
    static const struct attempt attempt = {"commit", call_commit, NULL, NULL};

    if (producer->state == PRODUCER_BEGUN)
        rd_kafka_flush(producer->handle.rk, producer->config->transaction_timeout_ms);
    enum status status = enter(producer, detail);
    if (status)
        return status;
    status = insist(producer, &attempt, detail);
    if (status == STATUS_ABORTED)
        return spoil(producer, status);
    if (status)
        return die(producer, detail, NULL);
    end(producer);
    return STATUS_OK;
}

enum status producer_abort(struct producer *producer, char *detail)
{
    static const struct attempt attempt = {"abort", call_abort, NULL, NULL};

    if (!producer_is_open(producer))
        return die(producer, detail, "no producer, reopen first");
    producer->state = PRODUCER_SPOILED;
    enum status status = insist(producer, &attempt, detail);
    if (status)
        return die(producer, detail, NULL);
    end(producer);
    return STATUS_OK;
}
