/* The log's contract (support/log_contract.h) on a real broker, named by MILEPOST_TEST_KAFKA or the
 * first argument as host:port; without one the test is skipped. */
#include "support/log_contract.h"

#include "kafka/kafka_admin.h"
#include "kafka/kafka_client.h"
#include "kafka/kafka_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

enum { LOGS_MAX = 8, NAME_BYTES = 128, SKIPPED = 77, WAIT_MS = 60000 };

static const char *const PLAIN_NAMES[LOG_CONTRACT_TOPICS] = {
    [LOG_CONTRACT_FACTS] = "facts",
    [LOG_CONTRACT_CREDITS] = "credits",
    [LOG_CONTRACT_JOURNAL] = "journal",
    [LOG_CONTRACT_PAYOUTS] = "payouts",
};

struct opened {
    struct kafka_log_config config;
    char member[NAME_BYTES];
    char prefix[NAME_BYTES];
    struct log log; /* self NULL: dead or closed */
};

struct broker_fixture {
    struct kafka_endpoint endpoint;
    struct kafka_admin *admin;
    struct kafka_publisher_config publisher_config;
    struct kafka_publisher *publisher;
    int64_t run;  /* makes names of this run its own */
    int scenario; /* and of each scenario */
    char group[NAME_BYTES];
    char names[LOG_CONTRACT_TOPICS][NAME_BYTES];
    const char *topic_names[LOG_CONTRACT_TOPICS];
    struct kafka_log_topic topics[LOG_CONTRACT_TOPICS];
    struct opened opened[LOGS_MAX];
    size_t opened_count;
};

static void must(enum status status, const char *what, const char *detail)
{
    if (status)
        fail_msg("%s: %s: %s", what, status_name(status), detail);
}

static void print_line(void *self, int level, const char *client, const char *text)
{
    (void)self;
    if (getenv("MILEPOST_TEST_VERBOSE"))
        print_message("  %d %s %s\n", level, client, text);
}

static void name_everything(struct broker_fixture *broker)
{
    broker->scenario++;
    snprintf(broker->group, NAME_BYTES, "contract-%lld-%d", (long long)broker->run,
             broker->scenario);
    for (size_t i = 0; i < LOG_CONTRACT_TOPICS; i++) {
        snprintf(broker->names[i], NAME_BYTES, "%.100s-%s", broker->group, PLAIN_NAMES[i]);
        broker->topic_names[i] = broker->names[i];
        broker->topics[i] = (struct kafka_log_topic){
            .name = broker->names[i],
            .is_input = i == LOG_CONTRACT_FACTS || i == LOG_CONTRACT_CREDITS,
            .is_packed = i == LOG_CONTRACT_JOURNAL,
        };
    }
}

static void begin(void *self, int32_t partitions)
{
    struct broker_fixture *broker = self;
    struct kafka_topic_spec specs[LOG_CONTRACT_TOPICS];
    char detail[DETAIL_BYTES];

    name_everything(broker);
    for (size_t i = 0; i < LOG_CONTRACT_TOPICS; i++)
        specs[i] = (struct kafka_topic_spec){
            .name = broker->names[i], .partitions = partitions, .replication = 1};
    must(kafka_admin_create_topics(broker->admin, specs, LOG_CONTRACT_TOPICS, NULL, detail),
         "create topics", detail);
    broker->publisher_config = (struct kafka_publisher_config){
        .endpoint = broker->endpoint,
        .topics = broker->topic_names,
        .topic_count = LOG_CONTRACT_TOPICS,
    };
    must(kafka_publisher_new(&broker->publisher_config, &broker->publisher, detail), "publisher",
         detail);
}

static void end(void *self)
{
    struct broker_fixture *broker = self;
    char detail[DETAIL_BYTES];

    for (size_t i = 0; i < broker->opened_count; i++) {
        struct log *log = &broker->opened[i].log;
        if (log->self)
            log->close(log->self);
        log->self = NULL;
    }
    broker->opened_count = 0;
    kafka_publisher_free(broker->publisher);
    broker->publisher = NULL;
    must(kafka_admin_delete_topics(broker->admin, broker->topic_names, LOG_CONTRACT_TOPICS, detail),
         "delete topics", detail);
}

static struct log open_log(void *self, const char *instance, struct log_listener listener)
{
    struct broker_fixture *broker = self;
    char detail[DETAIL_BYTES];

    assert_true(broker->opened_count < LOGS_MAX);
    struct opened *opened = &broker->opened[broker->opened_count++];
    snprintf(opened->member, NAME_BYTES, "%s", instance);
    snprintf(opened->prefix, NAME_BYTES, "%.100s-%.20s", broker->group, instance);
    opened->config = (struct kafka_log_config){
        .endpoint = broker->endpoint,
        .topics = broker->topics,
        .topic_count = LOG_CONTRACT_TOPICS,
        .group = broker->group,
        .member = opened->member,
        .transactional_prefix = opened->prefix,
        .session_timeout_ms = 6000,
        .transaction_timeout_ms = 6000,
    };
    must(kafka_log_open(&opened->config, listener, &opened->log, detail), "open", detail);
    return opened->log;
}

static void forget(void *self, struct log *log)
{
    struct broker_fixture *broker = self;

    for (size_t i = 0; i < broker->opened_count; i++) {
        if (broker->opened[i].log.self == log->self)
            broker->opened[i].log.self = NULL;
    }
}

static void kill_log(void *self, struct log *log)
{
    forget(self, log);
    kafka_log_kill(log);
}

static int64_t append(void *self, const struct log_record *record)
{
    struct broker_fixture *broker = self;
    char detail[DETAIL_BYTES];
    int64_t offset = -1;
    const struct log_outgoing outgoing = {
        .topic = record->topic,
        .partition = record->partition,
        .key = record->key,
        .value = record->value,
        .headers = record->headers,
        .header_count = record->header_count,
        .timestamp_ms = record->timestamp_ms,
        .out_offset = &offset,
    };

    must(kafka_publish(broker->publisher, &outgoing, detail), "publish", detail);
    must(kafka_publisher_flush(broker->publisher, WAIT_MS, detail), "flush", detail);
    assert_true(offset >= 0);
    return offset;
}

/* To the end of all there is: what is open ends or is aborted by its timeout first. */
static void read_all(void *self, int topic, int32_t partition,
                     void (*each)(void *context, const struct log_record *record), void *context)
{
    struct broker_fixture *broker = self;
    const struct kafka_reader_config config = {
        .endpoint = broker->endpoint,
        .topics = broker->topic_names,
        .topic_count = LOG_CONTRACT_TOPICS,
    };
    struct kafka_reader *reader;
    char detail[DETAIL_BYTES];
    int64_t first;
    int64_t last;
    int64_t seen = -1;

    must(kafka_admin_bounds(broker->admin, broker->names[topic], partition, &first, &last, detail),
         "bounds", detail);
    must(kafka_reader_new(&config, &reader, detail), "reader", detail);
    const struct log_position from = {.topic = topic, .partition = partition, .offset = first};
    must(kafka_reader_assign(reader, &from, 1, detail), "assign", detail);
    while (seen < last) {
        struct kafka_event event;
        bool has;
        must(kafka_reader_next(reader, WAIT_MS, &has, &event, detail), "read", detail);
        assert_true(has);
        if (event.record)
            each(context, event.record);
        else
            seen = event.end_offset;
    }
    kafka_reader_free(reader);
}

static void tick(void *self, int64_t ms)
{
    (void)self;
    (void)ms;
}

int main(int argc, char **argv)
{
    const char *brokers = argc > 1 ? argv[1] : getenv("MILEPOST_TEST_KAFKA");
    char detail[DETAIL_BYTES];

    if (!brokers || !brokers[0]) {
        printf("skipped: MILEPOST_TEST_KAFKA names no broker\n");
        return SKIPPED;
    }
    struct clock clock = clock_system();
    struct broker_fixture broker = {
        .endpoint = {.brokers = brokers, .client = "contract", .logger = {NULL, print_line}},
        .run = clock.unix_ms(clock.self),
    };
    struct log_fixture fixture = {
        .self = &broker,
        .too_large_bytes = 4 << 20,
        .begin = begin,
        .end = end,
        .open = open_log,
        .kill = kill_log,
        .forget = forget,
        .append = append,
        .read = read_all,
        .tick = tick,
        .clock = clock,
        .patience_ms = 120000,
    };
    if (kafka_admin_new(&broker.endpoint, &broker.admin, detail)) {
        printf("%s\n", detail);
        return 1;
    }
    int failed = log_contract_run("the log on a real broker", &fixture);
    kafka_admin_free(broker.admin);
    return failed;
}
