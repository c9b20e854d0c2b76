#include "kafka/kafka_log.h"
#include "kafka/membership.h"
#include "kafka/producer.h"
#include "kafka/readers.h"
#include "kafka/statistics.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAME_BYTES = 256, TRANSACTION_TIMEOUT_MS = 15000 };

struct kafka_log {
    struct kafka_log_config config;
    struct membership membership;
    struct readers readers;
    struct outgoing_topic *producer_topics;
    struct producer_config producer_configs[LOG_SLOTS];
    char transactional_ids[LOG_SLOTS][NAME_BYTES];
    struct producer producers[LOG_SLOTS];
    bool is_reopening; /* an unfinished reopen() is gone on with */
    struct log_counters counters;
};

/* --- reading and asking --- */

static enum status poll_log(void *self, int timeout_ms, size_t records_max,
                            const struct log_record **out_records, size_t *out_count, char *detail)
{
    struct kafka_log *log = self;

    readers_serve(&log->readers);
    for (int slot = 0; slot < LOG_SLOTS; slot++)
        producer_serve(&log->producers[slot]);
    return membership_poll(&log->membership, timeout_ms, records_max, out_records, out_count,
                           detail);
}

static void release(void *self, size_t count)
{
    struct kafka_log *log = self;
    membership_release(&log->membership, count);
}

static enum status assign(void *self, const struct log_position *positions, size_t count,
                          char *detail)
{
    struct kafka_log *log = self;
    return membership_assign(&log->membership, positions, count, detail);
}

static enum status committed(void *self, struct log_position *positions, size_t count, char *detail)
{
    struct kafka_log *log = self;
    return membership_committed(&log->membership, positions, count, detail);
}

static enum status bounds(void *self, int topic, int32_t partition, int64_t *out_first,
                          int64_t *out_end, char *detail)
{
    struct kafka_log *log = self;
    return readers_bounds(&log->readers, topic, partition, out_first, out_end, detail);
}

static enum status reader_open(void *self, int topic, int32_t partition, int64_t offset,
                               struct log_reader **out, char *detail)
{
    struct kafka_log *log = self;
    return readers_reader_open(&log->readers, topic, partition, offset, out, detail);
}

static enum status reader_next(void *self, struct log_reader *reader, int timeout_ms,
                               const struct log_record **out, int64_t *out_end_offset, char *detail)
{
    (void)self;
    return readers_reader_next(reader, timeout_ms, out, out_end_offset, detail);
}

static void reader_close(void *self, struct log_reader *reader)
{
    struct kafka_log *log = self;
    readers_reader_close(&log->readers, reader);
}

static enum status truncate_log(void *self, int topic, int32_t partition, int64_t before,
                                char *detail)
{
    struct kafka_log *log = self;
    return readers_truncate(&log->readers, topic, partition, before, detail);
}

/* --- transactions --- */

static struct producer *producer_at(struct kafka_log *log, int slot)
{
    assert(slot >= 0 && slot < LOG_SLOTS);
    return &log->producers[slot];
}

/* An unknown outcome of one producer stops both: neither may write before reopen(). */
static enum status stop_if_fenced(struct kafka_log *log, enum status status)
{
    for (int slot = 0; status == STATUS_FENCED && slot < LOG_SLOTS; slot++)
        producer_close(&log->producers[slot]);
    return status;
}

static enum status reopen(void *self, char *detail)
{
    struct kafka_log *log = self;

    for (int slot = 0; !log->is_reopening && slot < LOG_SLOTS; slot++)
        producer_close(&log->producers[slot]);
    log->is_reopening = true;
    for (int slot = 0; slot < LOG_SLOTS; slot++) {
        enum status status = producer_open(&log->producers[slot], detail);
        if (status)
            return status;
    }
    log->is_reopening = false;
    log->counters.reopens++;
    return STATUS_OK;
}

static enum status begin(void *self, int slot, char *detail)
{
    struct kafka_log *log = self;
    bool was_recycled;

    for (int i = 0; i < LOG_SLOTS; i++)
        assert(!producer_is_open(&log->producers[i]));
    enum status status = producer_begin(producer_at(log, slot), &was_recycled, detail);
    log->counters.recycles += was_recycled;
    return stop_if_fenced(log, status);
}

static enum status produce(void *self, int slot, const struct log_outgoing *record, char *detail)
{
    struct kafka_log *log = self;
    return stop_if_fenced(log, producer_produce(producer_at(log, slot), record, detail));
}

static rd_kafka_topic_partition_list_t *list_of(const struct kafka_log *log,
                                                const struct log_position *positions, size_t count)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);

    for (size_t i = 0; i < count; i++) {
        const struct log_position *position = &positions[i];
        /* librdkafka drops negative offsets, and without offsets there is no fence. */
        assert(position->offset >= 0);
        assert((size_t)position->topic < log->config.topic_count);
        rd_kafka_topic_partition_t *row = rd_kafka_topic_partition_list_add(
            list, log->config.topics[position->topic].name, position->partition);
        row->offset = position->offset;
        size_t bytes = strnlen(position->metadata, LOG_METADATA_BYTES);
        assert(bytes < LOG_METADATA_BYTES);
        if (bytes == 0)
            continue;
        row->metadata = strdup(position->metadata);
        assert(row->metadata);
        row->metadata_size = bytes;
    }
    return list;
}

static enum status send_offsets(void *self, int slot, const struct log_position *positions,
                                size_t count, char *detail)
{
    struct kafka_log *log = self;

    assert(count > 0);
    rd_kafka_topic_partition_list_t *offsets = list_of(log, positions, count);
    enum status status = producer_send_offsets(producer_at(log, slot), offsets,
                                               membership_generation(&log->membership), detail);
    rd_kafka_topic_partition_list_destroy(offsets);
    return stop_if_fenced(log, status);
}

static enum status commit(void *self, int slot, char *detail)
{
    struct kafka_log *log = self;
    enum status status = producer_commit(producer_at(log, slot), detail);

    log->counters.commits += status == STATUS_OK;
    return stop_if_fenced(log, status);
}

static enum status abort_transaction(void *self, int slot, char *detail)
{
    struct kafka_log *log = self;
    enum status status = producer_abort(producer_at(log, slot), detail);

    log->counters.aborts += status == STATUS_OK;
    return stop_if_fenced(log, status);
}

/* --- housekeeping --- */

static struct log_counters counters(void *self)
{
    const struct kafka_log *log = self;
    struct log_counters counters = log->counters;
    counters.rebalances = log->membership.rebalances;
    counters.client = log->membership.handle.statistics;
    counters.client.rtt_us = 0; /* a fetch waits at the broker for records: no round trip */
    for (int slot = 0; slot < LOG_SLOTS; slot++) {
        const struct log_client *client = &log->producers[slot].handle.statistics;
        statistics_merge(&counters.client, client);
        memcpy(counters.transaction_states[slot], client->transaction_state, LOG_STATE_BYTES);
    }
    return counters;
}

static void close_log(void *self)
{
    struct kafka_log *log = self;

    for (int slot = 0; slot < LOG_SLOTS; slot++)
        producer_close(&log->producers[slot]);
    readers_close(&log->readers);
    membership_close(&log->membership);
    free(log->producer_topics);
    free(log);
}

void kafka_log_kill(struct log *log)
{
    struct kafka_log *victim = log->self;

    for (int slot = 0; slot < LOG_SLOTS; slot++)
        victim->producers[slot].state = PRODUCER_CLOSED;
    close_log(victim);
}

static void init_producers(struct kafka_log *log)
{
    const struct kafka_log_config *config = &log->config;

    log->producer_topics = calloc(config->topic_count, sizeof *log->producer_topics);
    assert(log->producer_topics);
    for (size_t i = 0; i < config->topic_count; i++)
        log->producer_topics[i] =
            (struct outgoing_topic){config->topics[i].name, config->topics[i].is_packed};
    for (int slot = 0; slot < LOG_SLOTS; slot++) {
        snprintf(log->transactional_ids[slot], NAME_BYTES, "%s-%d", config->transactional_prefix,
                 slot);
        log->producer_configs[slot] = (struct producer_config){
            .endpoint = &config->endpoint,
            .topics = log->producer_topics,
            .topic_count = config->topic_count,
            .transactional_id = log->transactional_ids[slot],
            .transaction_timeout_ms = config->transaction_timeout_ms
                                          ? config->transaction_timeout_ms
                                          : TRANSACTION_TIMEOUT_MS,
        };
        producer_init(&log->producers[slot], &log->producer_configs[slot]);
    }
}

enum status kafka_log_open(const struct kafka_log_config *config, struct log_listener listener,
                           struct log *out, char *detail)
{
    assert(strlen(config->transactional_prefix) < NAME_BYTES - 2);
    struct kafka_log *log = calloc(1, sizeof *log);

    assert(log);
    log->config = *config;
    init_producers(log);
    readers_init(&log->readers, &log->config);
    enum status status = membership_open(&log->membership, &log->config, listener, detail);
    if (status) {
        close_log(log);
        return status;
    }
    *out = (struct log){
        .self = log,
        .poll = poll_log,
        .release = release,
        .assign = assign,
        .committed = committed,
        .bounds = bounds,
        .reader_open = reader_open,
        .reader_next = reader_next,
        .reader_close = reader_close,
        .reopen = reopen,
        .begin = begin,
        .produce = produce,
        .send_offsets = send_offsets,
        .commit = commit,
        .abort = abort_transaction,
        .truncate = truncate_log,
        .counters = counters,
        .close = close_log,
    };
    return STATUS_OK;
}
