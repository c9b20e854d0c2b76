/* One bare hop: reads SOURCE as committed and writes each record, key and value as they are, to
 * every TARGET in a transaction, as soon as there is one. Two of them are the chain that Milepost's
 * latency is compared with. Ends by a signal.
 *
 *     hops SERVERS GROUP SOURCE TARGET…
 *
 * To see what a choice of libs/kafka's changes, HOPS_PRODUCERS (2) and BARE_RETRY_BACKOFF_MS (5)
 * are read from the environment. */
#include "bench_kafka.h"

enum { BATCH = 5000, PRODUCERS_MAX = 2, TARGETS = 8 };

static void copy(rd_kafka_topic_t *target, const rd_kafka_message_t *message)
{
    if (rd_kafka_produce(target, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, message->payload,
                         message->len, message->key, message->key_len, NULL))
        bare_fail("produce", rd_kafka_err2str(rd_kafka_last_error()));
}

int main(int argc, char **argv)
{
    static rd_kafka_message_t *messages[BATCH];
    rd_kafka_t *producers[PRODUCERS_MAX];
    rd_kafka_topic_t *targets[PRODUCERS_MAX][TARGETS];
    unsigned producer_count = strcmp(bare_choice("HOPS_PRODUCERS", "2"), "1") == 0 ? 1 : 2;
    if (argc < 5 || argc > 4 + TARGETS)
        bare_fail("usage", "hops SERVERS GROUP SOURCE TARGET…");
    for (unsigned i = 0; i < producer_count; i++) {
        char id[256];
        (void)snprintf(id, sizeof id, "%s-%u", argv[2], i);
        producers[i] = bare_producer(argv[1], id);
        for (int t = 4; t < argc; t++)
            targets[i][t - 4] = rd_kafka_topic_new(producers[i], argv[t], NULL);
    }
    rd_kafka_t *consumer = bare_consumer(argv[1], argv[2], argv[3]);
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(consumer);
    for (unsigned turn = 0;;) {
        ssize_t taken = rd_kafka_consume_batch_queue(queue, 1000, messages, 1);
        if (taken > 0)
            taken += rd_kafka_consume_batch_queue(queue, 0, messages + taken, BATCH - 1);
        size_t count = bare_records(messages, taken);
        if (!count)
            continue;
        unsigned slot = turn++ % producer_count;
        bare_must_error(rd_kafka_begin_transaction(producers[slot]), "begin");
        for (size_t i = 0; i < count; i++)
            for (int t = 4; t < argc; t++)
                copy(targets[slot][t - 4], messages[i]);
        bare_commit(consumer, producers[slot], messages, count);
        for (size_t i = 0; i < count; i++)
            rd_kafka_message_destroy(messages[i]);
    }
}
