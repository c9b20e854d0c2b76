/* Bare librdkafka for the programs that Milepost is compared with: the same settings as libs/kafka,
 * nothing of its code. Every failure ends the program. */
#ifndef MILEPOST_BENCH_KAFKA_H
#define MILEPOST_BENCH_KAFKA_H

#include <librdkafka/rdkafka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

struct bare_setting {
    const char *key;
    const char *value;
};

static inline void bare_fail(const char *what, const char *why)
{
    (void)fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static inline void bare_must(rd_kafka_resp_err_t error, const char *what)
{
    if (error)
        bare_fail(what, rd_kafka_err2str(error));
}

static inline void bare_must_error(rd_kafka_error_t *error, const char *what)
{
    if (error)
        bare_fail(what, rd_kafka_error_string(error));
}

/* A setting of the comparison's own, from the environment. */
static inline const char *bare_choice(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value ? value : otherwise;
}

static inline rd_kafka_conf_t *bare_conf(const char *servers, const struct bare_setting *settings)
{
    char why[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    const struct bare_setting common[] = {{"bootstrap.servers", servers},
                                          {"socket.nagle.disable", "true"},
                                          {"allow.auto.create.topics", "false"},
                                          {NULL, NULL}};
    const struct bare_setting *tables[] = {common, settings};
    for (int t = 0; t < 2; t++)
        for (const struct bare_setting *row = tables[t]; row->key; row++)
            if (rd_kafka_conf_set(conf, row->key, row->value, why, sizeof why))
                bare_fail(row->key, why);
    return conf;
}

static inline rd_kafka_t *bare_open(rd_kafka_type_t type, rd_kafka_conf_t *conf)
{
    char why[256];
    rd_kafka_t *client = rd_kafka_new(type, conf, why, sizeof why);
    if (!client)
        bare_fail("client", why);
    return client;
}

/* A member of `group`, reading `topic` as committed, from the beginning when nothing is committed.
 */
static inline rd_kafka_t *bare_consumer(const char *servers, const char *group, const char *topic)
{
    const struct bare_setting settings[] = {{"group.id", group},
                                            {"partition.assignment.strategy", "range"},
                                            {"isolation.level", "read_committed"},
                                            {"enable.auto.commit", "false"},
                                            {"enable.auto.offset.store", "false"},
                                            {"auto.offset.reset", "earliest"},
                                            {"check.crcs", "true"},
                                            {"fetch.wait.max.ms", "100"},
                                            {"fetch.message.max.bytes", "4194304"},
                                            {"queued.min.messages", "100000"},
                                            {"queued.max.messages.kbytes", "65536"},
                                            {"fetch.error.backoff.ms", "50"},
                                            {NULL, NULL}};
    rd_kafka_t *consumer = bare_open(RD_KAFKA_CONSUMER, bare_conf(servers, settings));
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_poll_set_consumer(consumer);
    rd_kafka_topic_partition_list_add(topics, topic, RD_KAFKA_PARTITION_UA);
    bare_must(rd_kafka_subscribe(consumer, topics), "subscribe");
    rd_kafka_topic_partition_list_destroy(topics);
    return consumer;
}

/* `transactional` NULL: an idempotent producer without transactions. Both place by Java's murmur2.
 */
static inline rd_kafka_t *bare_producer(const char *servers, const char *transactional)
{
    const struct bare_setting settings[] = {
        {"linger.ms", "5"},
        {"retry.backoff.ms", bare_choice("BARE_RETRY_BACKOFF_MS", "5")},
        {"batch.size", "1000000"},
        {"queue.buffering.max.messages", "1000000"},
        {"compression.type", "lz4"},
        {"message.max.bytes", "2097152"},
        {"partitioner", "murmur2"},
        {"enable.idempotence", "true"},
        {transactional ? "transactional.id" : NULL, transactional},
        {NULL, NULL}};
    rd_kafka_t *producer = bare_open(RD_KAFKA_PRODUCER, bare_conf(servers, settings));
    if (transactional)
        bare_must_error(rd_kafka_init_transactions(producer, 60000), "init transactions");
    return producer;
}

/* The next offset of every partition that `messages` come from, for the transaction. */
static inline rd_kafka_topic_partition_list_t *bare_offsets(rd_kafka_message_t **messages,
                                                            size_t count)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(16);
    for (size_t i = 0; i < count; i++) {
        const char *topic = rd_kafka_topic_name(messages[i]->rkt);
        rd_kafka_topic_partition_t *place =
            rd_kafka_topic_partition_list_find(list, topic, messages[i]->partition);
        if (!place)
            place = rd_kafka_topic_partition_list_add(list, topic, messages[i]->partition);
        place->offset = messages[i]->offset + 1;
    }
    return list;
}

static inline void bare_commit(rd_kafka_t *consumer, rd_kafka_t *producer,
                               rd_kafka_message_t **messages, size_t count)
{
    rd_kafka_topic_partition_list_t *offsets = bare_offsets(messages, count);
    rd_kafka_consumer_group_metadata_t *group = rd_kafka_consumer_group_metadata(consumer);
    bare_must_error(rd_kafka_send_offsets_to_transaction(producer, offsets, group, 60000),
                    "send offsets");
    bare_must_error(rd_kafka_commit_transaction(producer, 60000), "commit");
    rd_kafka_consumer_group_metadata_destroy(group);
    rd_kafka_topic_partition_list_destroy(offsets);
}

/* Takes errors out of a batch; what is left are records. */
static inline size_t bare_records(rd_kafka_message_t **messages, ssize_t count)
{
    size_t kept = 0;
    for (ssize_t i = 0; i < count; i++) {
        if (messages[i]->err)
            rd_kafka_message_destroy(messages[i]);
        else
            messages[kept++] = messages[i];
    }
    return kept;
}

static inline double bare_wall_s(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static inline double bare_cpu_s(void)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

#endif
