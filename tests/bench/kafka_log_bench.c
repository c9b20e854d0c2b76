/* What the log costs on a real broker: processor time per record read, and how long a small turn's
 * transaction takes. Usage: kafka_log_bench HOST:PORT [kafka setting=value …] */
#include "kafka/kafka_admin.h"
#include "kafka/kafka_client.h"
#include "kafka/kafka_log.h"

#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { PARTITIONS = 4, RECORDS = 400000, RECORD_BYTES = 150, TURNS = 400, BATCH = 5000 };
enum { FACTS, PAYOUTS, TOPICS };

struct bench {
    struct kafka_endpoint endpoint;
    struct kafka_settings settings;
    struct log log;
    bool is_assigned;
    char names[TOPICS][64];
    char detail[DETAIL_BYTES];
};

static void must(const struct bench *bench, enum status status, const char *what)
{
    if (!status)
        return;
    fprintf(stderr, "%s: %s: %s\n", what, status_name(status), bench->detail);
    exit(1);
}

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t processor_us(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (int64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
           usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static void assigned(void *self, const int32_t *partitions, size_t count)
{
    struct bench *bench = self;
    (void)partitions;
    bench->is_assigned = count == PARTITIONS;
}

static void revoked(void *self)
{
    struct bench *bench = self;
    bench->is_assigned = false;
}

static void create_topics(struct bench *bench)
{
    struct kafka_admin *admin;
    struct kafka_topic_spec specs[TOPICS];

    for (int i = 0; i < TOPICS; i++) {
        snprintf(bench->names[i], sizeof bench->names[i], "bench-%d-%" PRId64, i, now_us());
        specs[i] = (struct kafka_topic_spec){
            .name = bench->names[i], .partitions = PARTITIONS, .replication = 1};
    }
    must(bench, kafka_admin_new(&bench->endpoint, &admin, bench->detail), "admin");
    must(bench, kafka_admin_create_topics(admin, specs, TOPICS, NULL, bench->detail), "topics");
    kafka_admin_free(admin);
}

static void publish(struct bench *bench)
{
    char value[RECORD_BYTES];
    const char *names[TOPICS] = {bench->names[0], bench->names[1]};
    const struct kafka_publisher_config config = {bench->endpoint, names, TOPICS};
    struct kafka_publisher *publisher;

    memset(value, 'v', sizeof value);
    must(bench, kafka_publisher_new(&config, &publisher, bench->detail), "publisher");
    int64_t processor = processor_us();
    for (int i = 0; i < RECORDS; i++) {
        const struct log_outgoing record = {.topic = FACTS,
                                            .partition = i % PARTITIONS,
                                            .key = SLICE("deal-12345"),
                                            .value = {value, sizeof value}};
        must(bench, kafka_publish(publisher, &record, bench->detail), "publish");
    }
    must(bench, kafka_publisher_flush(publisher, 600000, bench->detail), "flush");
    printf("publish: %.2f us of processor per record\n",
           (double)(processor_us() - processor) / RECORDS);
    kafka_publisher_free(publisher);
}

static size_t poll_once(struct bench *bench)
{
    const struct log_record *records;
    size_t count = 0;
    enum status status =
        bench->log.poll(bench->log.self, 100, BATCH, &records, &count, bench->detail);
    if (status != STATUS_UNAVAILABLE)
        must(bench, status, "poll");
    bench->log.release(bench->log.self, SIZE_MAX);
    return count;
}

static void consume(struct bench *bench)
{
    struct log_position positions[PARTITIONS];

    for (int i = 0; i < PARTITIONS; i++)
        positions[i] = (struct log_position){.topic = FACTS, .partition = i};
    must(bench, bench->log.assign(bench->log.self, positions, PARTITIONS, bench->detail), "assign");
    int64_t wall = now_us();
    int64_t processor = processor_us();
    int polls = 0;
    for (size_t seen = 0; seen < RECORDS; polls++)
        seen += poll_once(bench);
    printf("consume: %.2f us of processor and %.2f us of time per record, %d polls\n",
           (double)(processor_us() - processor) / RECORDS, (double)(now_us() - wall) / RECORDS,
           polls);
}

static int by_value(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static void print_times(const char *what, int64_t *times)
{
    qsort(times, TURNS, sizeof *times, by_value);
    printf("%s: median %.2f ms, 90%% %.2f ms, most %.2f ms\n", what, (double)times[TURNS / 2] / 1e3,
           (double)times[TURNS * 9 / 10] / 1e3, (double)times[TURNS - 1] / 1e3);
}

static void turns(struct bench *bench, int produced)
{
    static int64_t send[TURNS], whole[TURNS];
    struct log *log = &bench->log;
    char value[RECORD_BYTES] = {0};

    for (int turn = 0; turn < TURNS; turn++) {
        int slot = turn % LOG_SLOTS;
        const struct log_position position = {.topic = FACTS, .offset = turn, .metadata = "turn"};
        int64_t begun = now_us();
        must(bench, log->begin(log->self, slot, bench->detail), "begin");
        for (int i = 0; i < produced; i++) {
            const struct log_outgoing record = {
                .topic = PAYOUTS, .partition = i % PARTITIONS, .value = {value, sizeof value}};
            must(bench, log->produce(log->self, slot, &record, bench->detail), "produce");
        }
        int64_t sending = now_us();
        must(bench, log->send_offsets(log->self, slot, &position, 1, bench->detail), "send");
        send[turn] = now_us() - sending;
        must(bench, log->commit(log->self, slot, bench->detail), "commit");
        whole[turn] = now_us() - begun;
    }
    printf("turns of %d records\n", produced);
    print_times("  send_offsets", send);
    print_times("  whole turn", whole);
}

int main(int argc, char **argv)
{
    static struct bench bench;

    if (argc < 2)
        return 2;
    bench.endpoint = (struct kafka_endpoint){.brokers = argv[1], .settings = &bench.settings};
    for (int i = 2; i < argc; i++) {
        struct slice key;
        struct slice value = slice_split(slice_of(argv[i]), '=', &key);
        must(&bench, kafka_setting(&bench.settings, key, value, bench.detail), argv[i]);
    }
    create_topics(&bench);
    publish(&bench);
    const struct kafka_log_topic topics[TOPICS] = {{bench.names[FACTS], true, false},
                                                   {bench.names[PAYOUTS], false, false}};
    const struct kafka_log_config config = {
        .endpoint = bench.endpoint,
        .topics = topics,
        .topic_count = TOPICS,
        .group = bench.names[FACTS],
        .member = "bench",
        .transactional_prefix = bench.names[FACTS],
    };
    const struct log_listener listener = {&bench, assigned, revoked};
    must(&bench, kafka_log_open(&config, listener, &bench.log, bench.detail), "open");
    must(&bench, bench.log.reopen(bench.log.self, bench.detail), "reopen");
    while (!bench.is_assigned)
        poll_once(&bench);
    consume(&bench);
    turns(&bench, 1);
    turns(&bench, 100);
    struct log_counters counters = bench.log.counters(bench.log.self);
    printf("%" PRId64 " commits, %" PRId64 " recycles\n", counters.commits, counters.recycles);
    bench.log.close(bench.log.self);
    kafka_settings_deinit(&bench.settings);
    return 0;
}
