#include "kafka/kafka_client.h"
#include "kafka/producer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { TRANSACTION_TIMEOUT_MS = 15000, OPEN_TIMEOUT_MS = 60000 };

struct kafka_writer {
    struct producer_config config;
    struct outgoing_topic *topics;
    struct producer producer;
};

enum status kafka_writer_new(const struct kafka_writer_config *config, struct kafka_writer **out,
                             char *detail)
{
    struct kafka_writer *writer = calloc(1, sizeof *writer);
    int timeout_ms = config->transaction_timeout_ms;

    assert(writer);
    writer->topics = calloc(config->topic_count, sizeof *writer->topics);
    assert(writer->topics);
    for (size_t i = 0; i < config->topic_count; i++)
        writer->topics[i].name = config->topics[i];
    writer->config = (struct producer_config){
        .endpoint = &config->endpoint,
        .topics = writer->topics,
        .topic_count = config->topic_count,
        .transactional_id = config->transactional_id,
        .transaction_timeout_ms = timeout_ms ? timeout_ms : TRANSACTION_TIMEOUT_MS,
    };
    producer_init(&writer->producer, &writer->config);
    int64_t deadline = kafka_now_ms() + OPEN_TIMEOUT_MS;
    enum status status;
    do {
        status = producer_open(&writer->producer, detail);
    } while (status == STATUS_UNAVAILABLE && kafka_now_ms() < deadline);
    if (status) {
        kafka_writer_free(writer);
        return status;
    }
    *out = writer;
    return STATUS_OK;
}

void kafka_writer_free(struct kafka_writer *writer)
{
    if (!writer)
        return;
    producer_close(&writer->producer);
    free(writer->topics);
    free(writer);
}

enum status kafka_writer_begin(struct kafka_writer *writer, char *detail)
{
    bool was_recycled;
    return producer_begin(&writer->producer, &was_recycled, detail);
}

enum status kafka_writer_produce(struct kafka_writer *writer, const struct log_outgoing *record,
                                 char *detail)
{
    return producer_produce(&writer->producer, record, detail);
}

enum status kafka_writer_send_offsets(struct kafka_writer *writer, const char *group,
                                      const struct kafka_offset *offsets, size_t count,
                                      char *detail)
{
    rd_kafka_consumer_group_metadata_t *nobody = rd_kafka_consumer_group_metadata_new(group);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);

    assert(nobody && count > 0);
    for (size_t i = 0; i < count; i++) {
        assert(offsets[i].offset >= 0);
        rd_kafka_topic_partition_t *row =
            rd_kafka_topic_partition_list_add(list, offsets[i].topic, offsets[i].partition);
        row->offset = offsets[i].offset;
        row->metadata = strdup(offsets[i].metadata);
        assert(row->metadata);
        row->metadata_size = strlen(offsets[i].metadata);
    }
    enum status status = producer_send_offsets(&writer->producer, list, nobody, detail);
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_consumer_group_metadata_destroy(nobody);
    return status;
}

enum status kafka_writer_commit(struct kafka_writer *writer, char *detail)
{
    return producer_commit(&writer->producer, detail);
}

enum status kafka_writer_abort(struct kafka_writer *writer, char *detail)
{
    return producer_abort(&writer->producer, detail);
}
