/* What the log does about errors and lost connections. librdkafka's mock cluster injects them; it
 * is no judge of transactions, so nothing here asks what a reader sees. */
#include "kafka/kafka_log.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

enum {
    PRODUCE = 0,
    HEARTBEAT = 12,
    END_TXN = 26,
    TXN_OFFSET_COMMIT = 28,
    TRIES = 1000,
    WAIT_MS = 50
};

static const struct kafka_log_topic topics[] = {{"facts", true, false}, {"payouts", false, false}};
enum { FACTS, PAYOUTS };

struct bench {
    rd_kafka_t *host;
    rd_kafka_mock_cluster_t *cluster;
    struct kafka_log_config config;
    struct log log;
    size_t tasks;
    int assignments;
    int64_t busy_ms; /* how long revoked() takes */
    int lines;       /* of librdkafka's log */
    char detail[DETAIL_BYTES];
};

static void assigned(void *self, const int32_t *partitions, size_t count)
{
    struct bench *bench = self;
    (void)partitions;
    bench->tasks = count;
    bench->assignments++;
}

static void revoked(void *self)
{
    struct bench *bench = self;
    struct timespec pause = {.tv_sec = bench->busy_ms / 1000};
    bench->tasks = 0;
    nanosleep(&pause, NULL);
}

static void count_line(void *self, int level, const char *client, const char *text)
{
    struct bench *bench = self;
    bench->lines++;
    if (getenv("MILEPOST_TEST_VERBOSE"))
        print_message("  %d %s %s\n", level, client, text);
}

static void open_log(struct bench *bench, const char *brokers)
{
    bench->config = (struct kafka_log_config){
        .endpoint = {.brokers = brokers, .client = "test", .logger = {bench, count_line}},
        .topics = topics,
        .topic_count = sizeof topics / sizeof topics[0],
        .group = "group",
        .member = "member",
        .transactional_prefix = "test",
    };
    enum status status =
        kafka_log_open(&bench->config, (struct log_listener){bench, assigned, revoked}, &bench->log,
                       bench->detail);
    assert_int_equal(status, STATUS_OK);
}

static int set_up(void **state)
{
    char reason[DETAIL_BYTES];
    struct bench *bench = calloc(1, sizeof *bench);

    assert_non_null(bench);
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, NULL);
    bench->host = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
    assert_non_null(bench->host);
    bench->cluster = rd_kafka_mock_cluster_new(bench->host, 1);
    for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++)
        rd_kafka_mock_topic_create(bench->cluster, topics[i].name, 1, 1);
    open_log(bench, rd_kafka_mock_cluster_bootstraps(bench->cluster));
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;

    bench->log.close(bench->log.self);
    rd_kafka_mock_cluster_destroy(bench->cluster);
    rd_kafka_destroy(bench->host);
    free(bench);
    return 0;
}

static void must(struct bench *bench, enum status status, const char *what)
{
    if (status)
        fail_msg("%s: %s: %s", what, status_name(status), bench->detail);
}

static void must_reopen(struct bench *bench)
{
    enum status status = STATUS_UNAVAILABLE;

    for (int i = 0; status == STATUS_UNAVAILABLE && i < TRIES; i++)
        status = bench->log.reopen(bench->log.self, bench->detail);
    must(bench, status, "reopen");
}

static void must_begin(struct bench *bench, int slot)
{
    enum status status = STATUS_UNAVAILABLE;

    for (int i = 0; status == STATUS_UNAVAILABLE && i < TRIES; i++)
        status = bench->log.begin(bench->log.self, slot, bench->detail);
    must(bench, status, "begin");
}

static void must_produce(struct bench *bench, int slot)
{
    const struct log_outgoing record = {.topic = PAYOUTS, .value = SLICE("payout")};
    must(bench, bench->log.produce(bench->log.self, slot, &record, bench->detail), "produce");
}

static enum status turn(struct bench *bench, int slot)
{
    must_begin(bench, slot);
    must_produce(bench, slot);
    return bench->log.commit(bench->log.self, slot, bench->detail);
}

static int64_t recycles(struct bench *bench)
{
    return bench->log.counters(bench->log.self).recycles;
}

static void keeps_one_that_needed_one_request(void **state)
{
    struct bench *bench = *state;

    must_reopen(bench);
    for (int i = 0; i < 6; i++)
        must(bench, turn(bench, i % LOG_SLOTS), "turn");
    assert_int_equal(recycles(bench), 0);
    assert_int_equal(bench->log.counters(bench->log.self).commits, 6);
}

static void renews_after_two_ends(void **state)
{
    struct bench *bench = *state;

    must_reopen(bench);
    rd_kafka_mock_push_request_errors(bench->cluster, END_TXN, 1,
                                      RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS);
    must(bench, turn(bench, 0), "turn with a repeated end");
    must(bench, turn(bench, 1), "turn of the other slot");
    assert_int_equal(recycles(bench), 0);
    must(bench, turn(bench, 0), "turn of the renewed producer");
    assert_int_equal(recycles(bench), 1);
    must(bench, turn(bench, 0), "next turn");
    assert_int_equal(recycles(bench), 1);
}

static void renews_after_a_lost_connection(void **state)
{
    struct bench *bench = *state;

    must_reopen(bench);
    rd_kafka_mock_push_request_errors(bench->cluster, END_TXN, 1, RD_KAFKA_RESP_ERR__TRANSPORT);
    must(bench, turn(bench, 0), "turn with a lost connection");
    must(bench, turn(bench, 0), "turn of the renewed producer");
    assert_int_equal(recycles(bench), 1);
}

static void renews_after_two_ends_of_an_abort(void **state)
{
    struct bench *bench = *state;

    must_reopen(bench);
    must_begin(bench, 0);
    must_produce(bench, 0);
    const struct log_outgoing absent = {.topic = PAYOUTS, .partition = 7};
    assert_int_equal(bench->log.produce(bench->log.self, 0, &absent, bench->detail),
                     STATUS_EXHAUSTED);
    /* The first record has opened the transaction at the broker, or the abort needs no request. */
    must(bench, bench->log.abort(bench->log.self, 0, bench->detail), "abort");
    must_begin(bench, 0);
    must_produce(bench, 0);
    rd_kafka_mock_push_request_errors(bench->cluster, PRODUCE, 1,
                                      RD_KAFKA_RESP_ERR_INVALID_REQUIRED_ACKS);
    assert_int_equal(bench->log.commit(bench->log.self, 0, bench->detail), STATUS_ABORTED);
    rd_kafka_mock_push_request_errors(bench->cluster, END_TXN, 1,
                                      RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS);
    must(bench, bench->log.abort(bench->log.self, 0, bench->detail), "abort");
    int64_t before = recycles(bench);
    must(bench, turn(bench, 0), "turn of the renewed producer");
    assert_int_equal(recycles(bench), before + 1);
}

static void too_large_on_the_way(void **state)
{
    struct bench *bench = *state;

    must_reopen(bench);
    rd_kafka_mock_push_request_errors(bench->cluster, PRODUCE, 1,
                                      RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
    assert_int_equal(turn(bench, 0), STATUS_EXHAUSTED);
    must(bench, bench->log.abort(bench->log.self, 0, bench->detail), "abort");
    must(bench, turn(bench, 1), "next turn");
}

static void lost_on_the_way(void **state)
{
    struct bench *bench = *state;
    int64_t offset = -1;
    const struct log_outgoing record = {
        .topic = PAYOUTS, .value = SLICE("payout"), .out_offset = &offset};

    must_reopen(bench);
    rd_kafka_mock_push_request_errors(bench->cluster, PRODUCE, 1,
                                      RD_KAFKA_RESP_ERR_INVALID_REQUIRED_ACKS);
    must_begin(bench, 0);
    must(bench, bench->log.produce(bench->log.self, 0, &record, bench->detail), "produce");
    assert_int_equal(bench->log.commit(bench->log.self, 0, bench->detail), STATUS_ABORTED);
    must(bench, bench->log.abort(bench->log.self, 0, bench->detail), "abort");
    assert_int_equal(offset, -1);
    /* The lost record leaves a gap in the sequence, which librdkafka meets by one more abort. */
    enum status status = turn(bench, 0);
    if (status == STATUS_ABORTED) {
        must(bench, bench->log.abort(bench->log.self, 0, bench->detail), "second abort");
        status = turn(bench, 0);
    }
    must(bench, status, "the turn again");
}

static void fenced_stops_both(void **state)
{
    struct bench *bench = *state;

    must_reopen(bench);
    rd_kafka_mock_push_request_errors(bench->cluster, END_TXN, 1,
                                      RD_KAFKA_RESP_ERR_PRODUCER_FENCED);
    assert_int_equal(turn(bench, 0), STATUS_FENCED);
    assert_int_equal(bench->log.begin(bench->log.self, 0, bench->detail), STATUS_FENCED);
    assert_int_equal(bench->log.begin(bench->log.self, 1, bench->detail), STATUS_FENCED);
    assert_int_equal(bench->log.abort(bench->log.self, 0, bench->detail), STATUS_FENCED);
    must_reopen(bench);
    must(bench, turn(bench, 0), "slot 0 after reopen");
    must(bench, turn(bench, 1), "slot 1 after reopen");
    assert_int_equal(bench->log.counters(bench->log.self).reopens, 2);
}

static void no_producer_before_reopen(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(bench->log.begin(bench->log.self, 0, bench->detail), STATUS_FENCED);
}

static void await_tasks(struct bench *bench)
{
    for (int i = 0; bench->tasks == 0 && i < TRIES; i++) {
        const struct log_record *records;
        size_t count;
        enum status status =
            bench->log.poll(bench->log.self, WAIT_MS, 16, &records, &count, bench->detail);
        assert_true(status == STATUS_OK || status == STATUS_UNAVAILABLE);
    }
    assert_int_equal(bench->tasks, 1);
}

static void renews_after_two_offset_commits(void **state)
{
    struct bench *bench = *state;
    const struct log_position position = {.topic = FACTS, .offset = 1};

    await_tasks(bench);
    must_reopen(bench);
    rd_kafka_mock_push_request_errors(bench->cluster, TXN_OFFSET_COMMIT, 1,
                                      RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS);
    must_begin(bench, 0);
    must(bench, bench->log.send_offsets(bench->log.self, 0, &position, 1, bench->detail), "send");
    must(bench, bench->log.commit(bench->log.self, 0, bench->detail), "commit");
    must(bench, turn(bench, 0), "turn of the renewed producer");
    assert_int_equal(recycles(bench), 1);
}

/* A heartbeat falls into the time that revoked() takes, or does not: the member joins again anyway.
 */
static void joins_again(void **state)
{
    struct bench *bench = *state;

    await_tasks(bench);
    bench->busy_ms = 4000;
    rd_kafka_mock_push_request_errors(bench->cluster, HEARTBEAT, 2,
                                      RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
                                      RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID);
    for (int i = 0; bench->assignments < 2 && i < TRIES; i++) {
        const struct log_record *records;
        size_t count;
        enum status status =
            bench->log.poll(bench->log.self, WAIT_MS, 16, &records, &count, bench->detail);
        if (status != STATUS_UNAVAILABLE)
            must(bench, status, "poll");
    }
    assert_int_equal(bench->tasks, 1);
}

static void stale_generation_aborts(void **state)
{
    struct bench *bench = *state;
    const struct log_position position = {.topic = FACTS, .offset = 1};

    await_tasks(bench);
    must_reopen(bench);
    rd_kafka_mock_push_request_errors(bench->cluster, TXN_OFFSET_COMMIT, 1,
                                      RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION);
    must_begin(bench, 0);
    assert_int_equal(bench->log.send_offsets(bench->log.self, 0, &position, 1, bench->detail),
                     STATUS_ABORTED);
    assert_int_equal(bench->log.commit(bench->log.self, 0, bench->detail), STATUS_ABORTED);
    must(bench, bench->log.abort(bench->log.self, 0, bench->detail), "abort");
    must(bench, turn(bench, 1), "next turn");
}

static void no_generation_aborts(void **state)
{
    struct bench *bench = *state;
    const struct log_position position = {.topic = FACTS, .offset = 1};

    must_reopen(bench);
    must_begin(bench, 0);
    assert_int_equal(bench->log.send_offsets(bench->log.self, 0, &position, 1, bench->detail),
                     STATUS_ABORTED);
    must(bench, bench->log.abort(bench->log.self, 0, bench->detail), "abort");
}

/* Port 1 answers nobody. */
static void lives_without_brokers(void **state)
{
    struct bench bench = {0};
    const struct log_record *records;
    struct log_position position = {.topic = FACTS};
    size_t count;
    int64_t first;
    int64_t end;
    (void)state;

    open_log(&bench, "127.0.0.1:1");
    struct log *log = &bench.log;
    assert_int_equal(log->reopen(log->self, bench.detail), STATUS_UNAVAILABLE);
    bool was_told = false;
    for (int i = 0; !was_told && i < TRIES; i++) {
        enum status status = log->poll(log->self, WAIT_MS, 16, &records, &count, bench.detail);
        assert_true(status == STATUS_OK || status == STATUS_UNAVAILABLE);
        was_told = status == STATUS_UNAVAILABLE;
    }
    assert_true(was_told);
    assert_int_equal(log->committed(log->self, &position, 1, bench.detail), STATUS_UNAVAILABLE);
    assert_int_equal(log->bounds(log->self, FACTS, 0, &first, &end, bench.detail),
                     STATUS_UNAVAILABLE);
    assert_int_equal(log->truncate(log->self, FACTS, 0, 0, bench.detail), STATUS_OK);
    assert_true(bench.lines > 0);
    log->close(log->self);
}

/* A client that cannot be created leaks its configuration (libs/kafka/handle.c says why). */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:rd_kafka_conf_new\nleak:rd_kafka_conf_set\n";
}

static void refuses_bad_settings(void **state)
{
    struct kafka_settings settings = {0};
    struct log log;
    char detail[DETAIL_BYTES] = "";
    (void)state;

    assert_int_equal(kafka_setting(&settings, SLICE("security.protocol"), SLICE("ssl"), detail),
                     STATUS_OK);
    assert_int_equal(
        kafka_setting(&settings, SLICE("ssl.ca.location"), SLICE("/no/such/file"), detail),
        STATUS_OK);
    const struct kafka_log_config config = {
        .endpoint = {.brokers = "127.0.0.1:1", .settings = &settings},
        .topics = topics,
        .topic_count = 2,
        .group = "group",
        .member = "member",
        .transactional_prefix = "test",
    };
    assert_int_equal(kafka_log_open(&config, (struct log_listener){0}, &log, detail),
                     STATUS_REFUSED);
    assert_non_null(strstr(detail, "ssl.ca.location"));
    kafka_settings_deinit(&settings);
}

#define ON_CLUSTER(rule, test)                                                                     \
    {                                                                                              \
        rule, test, set_up, tear_down, NULL                                                        \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_CLUSTER("has no producer before the first reopen", no_producer_before_reopen),
        ON_CLUSTER("keeps producers whose commits needed one request each",
                   keeps_one_that_needed_one_request),
        ON_CLUSTER("renews a producer whose commit needed two requests", renews_after_two_ends),
        ON_CLUSTER("renews a producer whose commit lost its connection",
                   renews_after_a_lost_connection),
        ON_CLUSTER("renews a producer whose abort needed two requests",
                   renews_after_two_ends_of_an_abort),
        ON_CLUSTER("renews a producer whose offsets needed two requests",
                   renews_after_two_offset_commits),
        ON_CLUSTER("joins again when its session was lost while it was busy", joins_again),
        ON_CLUSTER("aborts when the broker finds the generation stale", stale_generation_aborts),
        ON_CLUSTER("aborts when offsets are sent outside a generation", no_generation_aborts),
        ON_CLUSTER("is exhausted when the broker finds a record too large", too_large_on_the_way),
        ON_CLUSTER("aborts when a record is lost on the way", lost_on_the_way),
        ON_CLUSTER("stops both producers when one is fenced, until reopen", fenced_stops_both),
        {"answers unavailable without brokers and closes in time", lives_without_brokers, NULL,
         NULL, NULL},
        {"refuses a setting that cannot work when it is opened", refuses_bad_settings, NULL, NULL,
         NULL},
    };
    return cmocka_run_group_tests_name("kafka_log", tests, NULL, NULL);
}
