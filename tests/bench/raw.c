/* The floor that draining is compared with: reads the deals as committed and writes, in
 * transactions, the very payouts that Milepost wrote for them, in one hop, computing nothing.
 *
 *     raw SERVERS GROUP DEALS-TOPIC PAYOUTS-TOPIC DUMP DEALS
 *
 * DUMP holds for each payout the lengths of key, value and number of headers with the partition
 * (four 32-bit numbers in the machine's order), key, value, and for each header two lengths and its
 * bytes. Prints seconds of CPU and of time from the first poll to the last commit. */
#include "bench_kafka.h"

enum { BATCH = 20000, PRODUCERS = 2 };

struct dump {
    char *at;
    const char *end;
};

static struct dump read_dump(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END))
        bare_fail(path, "cannot be read");
    long length = ftell(file);
    rewind(file);
    char *bytes = malloc(length > 0 ? (size_t)length : 1);
    if (!bytes || fread(bytes, 1, (size_t)length, file) != (size_t)length)
        bare_fail(path, "cannot be read");
    (void)fclose(file);
    return (struct dump){bytes, bytes + length};
}

static void *take(struct dump *dump, size_t length)
{
    void *taken = dump->at;
    if (length > (size_t)(dump->end - dump->at))
        bare_fail("dump", "is cut short");
    dump->at += length;
    return taken;
}

static uint32_t take_number(struct dump *dump)
{
    uint32_t number;
    memcpy(&number, take(dump, sizeof number), sizeof number);
    return number;
}

static rd_kafka_headers_t *take_headers(struct dump *dump, uint32_t count)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t name_length = take_number(dump);
        uint32_t value_length = take_number(dump);
        const char *name = take(dump, name_length);
        const char *value = take(dump, value_length);
        bare_must(rd_kafka_header_add(headers, name, name_length, value, value_length), "header");
    }
    return headers;
}

static void write_payout(rd_kafka_t *producer, rd_kafka_topic_t *topic, struct dump *dump)
{
    uint32_t partition = take_number(dump);
    uint32_t key_length = take_number(dump);
    uint32_t value_length = take_number(dump);
    uint32_t header_count = take_number(dump);
    void *key = take(dump, key_length);
    void *value = take(dump, value_length);
    rd_kafka_headers_t *headers = take_headers(dump, header_count);
    bare_must_error(
        rd_kafka_produceva(
            producer,
            (rd_kafka_vu_t[]){{.vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = topic},
                              {.vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = (int32_t)partition},
                              {.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {key, key_length}},
                              {.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {value, value_length}},
                              {.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers}},
            5),
        "produce");
}

/* Payouts are spread over the deals evenly; the last batch writes what is left. */
static size_t drain(rd_kafka_t *consumer, rd_kafka_t **producers, rd_kafka_topic_t **topics,
                    struct dump *dump, size_t deals)
{
    static rd_kafka_message_t *messages[BATCH];
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(consumer);
    const size_t bytes = (size_t)(dump->end - dump->at);
    const char *begin = dump->at;
    size_t turns = 0;
    for (size_t done = 0; done < deals;) {
        size_t count =
            bare_records(messages, rd_kafka_consume_batch_queue(queue, 50, messages, BATCH));
        if (!count)
            continue;
        size_t slot = turns++ % PRODUCERS;
        done += count;
        const char *until = done >= deals ? dump->end : begin + bytes / deals * done;
        bare_must_error(rd_kafka_begin_transaction(producers[slot]), "begin");
        while (dump->at < until)
            write_payout(producers[slot], topics[slot], dump);
        bare_commit(consumer, producers[slot], messages, count);
        for (size_t i = 0; i < count; i++)
            rd_kafka_message_destroy(messages[i]);
    }
    rd_kafka_queue_destroy(queue);
    return turns;
}

int main(int argc, char **argv)
{
    if (argc != 7)
        bare_fail("usage", "raw SERVERS GROUP DEALS-TOPIC PAYOUTS-TOPIC DUMP DEALS");
    struct dump dump = read_dump(argv[5]);
    size_t deals = (size_t)strtoull(argv[6], NULL, 10);
    rd_kafka_t *producers[PRODUCERS];
    rd_kafka_topic_t *topics[PRODUCERS];
    double cpu = bare_cpu_s();
    double wall = bare_wall_s();
    for (int i = 0; i < PRODUCERS; i++) {
        char id[256];
        (void)snprintf(id, sizeof id, "%s-%d", argv[2], i);
        producers[i] = bare_producer(argv[1], id);
        topics[i] = rd_kafka_topic_new(producers[i], argv[4], NULL);
    }
    rd_kafka_t *consumer = bare_consumer(argv[1], argv[2], argv[3]);
    size_t turns = drain(consumer, producers, topics, &dump, deals);
    (void)printf("{\"cpu\": %.3f, \"wall\": %.3f, \"turns\": %zu}\n", bare_cpu_s() - cpu,
                 bare_wall_s() - wall, turns);
    (void)fflush(stdout);
    rd_kafka_consumer_close(consumer);
    return 0;
}
