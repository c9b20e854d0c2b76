/* Figures as Prometheus reads them: families once, sums over loops, cumulated buckets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops/metrics.h"
#include "support/case.h"

enum { FAMILIES_MAX = 128 };

static struct loop_health loops[2];
static struct partition_lag lags[2];
static struct intake intakes[2][2]; /* loop, partition */
static struct metrics_names names;
static struct buffer text;

static int begin(void **state)
{
    (void)state;
    memset(loops, 0, sizeof loops);
    loops[0].counters = (struct worker_counters){.payouts = 40, .turns = 3};
    loops[1].counters = (struct worker_counters){.payouts = 2, .turns = 1};
    reason_counts_add(&loops[0].counters.dead_letters, SLICE("bad-id"), 1);
    reason_counts_add(&loops[1].counters.dead_letters, SLICE("id-conflict"), 2);
    reason_counts_add(&loops[1].counters.dead_letters, SLICE("bad-id"), 3);
    loops[0].log.rebalances = 2;
    loops[1].log.rebalances = 3;
    loops[1].event_lag_ms = 1250;
    histogram_add(&loops[0].transactions, &histogram_ms, 3);
    histogram_add(&loops[0].written, &histogram_count, 20);
    histogram_add(&loops[1].written, &histogram_count, 21);
    memset(intakes, 0, sizeof intakes);
    intakes[0][1].records[TOPIC_CREDITS] = 5;
    intakes[0][1].last_ms[TOPIC_CREDITS] = 1700000000009;
    intakes[1][1].records[TOPIC_CREDITS] = 6;
    intakes[1][1].last_ms[TOPIC_CREDITS] = 1700000000008;
    loops[0].schemas.cached = 3;
    loops[1].schemas.cached = 4;
    histogram_add(&loops[1].schemas.requests, &histogram_us, 100);
    names.service = "incentives";
    stage_group(&incentives_stage, "t.", names.group);
    for (int topic = 0; topic < TOPIC_COUNT; topic++)
        assert_true(topic_full_name((enum topic)topic, "t.", names.topics[topic]));
    loops[0].log.client = (struct log_client){.rtt_us = 1250, .outbuf_requests = 3};
    (void)snprintf(loops[1].log.transaction_states[1], LOG_STATE_BYTES, "InTransaction");
    loops[0].tasks = 3;
    loops[1].tasks = 1;
    loops[0].committed_at_ms = 1700000000007;
    loops[1].restore_ms = 61500;
    histogram_add(&loops[0].steps, &histogram_ms, 0);
    histogram_add(&loops[0].steps, &histogram_ms, 1);
    histogram_add(&loops[0].steps, &histogram_ms, 2);
    histogram_add(&loops[1].steps, &histogram_ms, 30000);
    histogram_add(&loops[1].steps, &histogram_ms, 30001);
    for (int topic = 0; topic < TOPIC_COUNT; topic++)
        lags[0].records[topic] = lags[1].records[topic] = HEALTH_LAG_UNKNOWN;
    lags[0].loop = -1;
    lags[0].records[TOPIC_CREDITS] = 99;
    lags[1].loop = 0;
    lags[1].records[TOPIC_CREDITS] = 7;
    return 0;
}

static int end(void **state)
{
    (void)state;
    buffer_deinit(&text);
    return 0;
}

static const char *write_all(bool is_open_metrics, int redis_up)
{
    struct outcome_count rows[2][2] = {
        {{"", {[OUTCOME_DUPLICATE] = 2}}, {"ae", {[OUTCOME_VALUED] = 7}}},
        {{"ae", {[OUTCOME_VALUED] = 1, [OUTCOME_WAITING] = 3}}, {"s\"r", {[OUTCOME_KEPT] = 4}}}};
    const struct metrics_work work[2] = {{intakes[0], 2, {rows[0], 2}},
                                         {intakes[1], 2, {rows[1], 2}}};
    struct tailer_figures read_model = {.unreadable = 5, .building = 2, .schemas.cached = 1};
    histogram_add(&read_model.pipelines, &histogram_us, 250);
    histogram_add(&read_model.schemas.requests, &histogram_us, 101);
    const struct metrics_input input = {.names = &names,
                                        .work = work,
                                        .loops = loops,
                                        .loop_count = 2,
                                        .lags = lags,
                                        .lag_count = 2,
                                        .redis_up = redis_up,
                                        .read_model = read_model};
    buffer_reset(&text);
    metrics_write(&input, is_open_metrics, &text);
    buffer_append_byte(&text, '\0');
    return text.bytes;
}

static const struct written {
    const char *label;
    bool is_open_metrics;
    const char *lines;
} written[] = {
    {"a counter is summed over loops", false,
     "# HELP milepost_payouts_published_total Payouts published.\n"
     "# TYPE milepost_payouts_published_total counter\n"
     "milepost_payouts_published_total{service=\"incentives\"} 42\n"},
    {"OpenMetrics names a counter's family without _total", true,
     "# HELP milepost_payouts_published Payouts published.\n"
     "# TYPE milepost_payouts_published counter\n"
     "milepost_payouts_published_total{service=\"incentives\"} 42\n"},
    {"a gauge is summed over loops", false,
     "# TYPE milepost_assigned_partitions gauge\n"
     "milepost_assigned_partitions{service=\"incentives\"} 4\n"},
    {"a time is in seconds, for each loop", false,
     "# TYPE milepost_last_commit_timestamp_seconds gauge\n"
     "milepost_last_commit_timestamp_seconds{service=\"incentives\",loop=\"0\"} "
     "1700000000.007\n"
     "milepost_last_commit_timestamp_seconds{service=\"incentives\",loop=\"1\"} 0.000\n"},
    {"what was consumed is said of each partition of a topic, over all loops", false,
     "# TYPE milepost_events_consumed_total counter\n"
     "milepost_events_consumed_total{service=\"incentives\",consumergroup=\"t.milepost-"
     "incentives\","
     "topic=\"t.milepost.credits.v1\",partition=\"1\"} 11\n"
     "# HELP "},
    {"a partition was last processed when the latest loop did it", false,
     "# TYPE milepost_last_processed_timestamp_seconds gauge\n"
     "milepost_last_processed_timestamp_seconds{service=\"incentives\","
     "consumergroup=\"t.milepost-incentives\",topic=\"t.milepost.credits.v1\",partition=\"1\"} "
     "1700000000.009\n"
     "# HELP "},
    {"dead letters are counted by reason, over all loops", false,
     "# TYPE milepost_events_dlq_total counter\n"
     "milepost_events_dlq_total{service=\"incentives\",reason=\"bad-id\"} 4\n"
     "milepost_events_dlq_total{service=\"incentives\",reason=\"id-conflict\"} 2\n"
     "# HELP "},
    {"rows are counted by plan and what became of them, over all loops", false,
     "# TYPE milepost_events_processed_total counter\n"
     "milepost_events_processed_total{service=\"incentives\",plan=\"\",outcome=\"duplicate\"} 2\n"
     "milepost_events_processed_total{service=\"incentives\",plan=\"ae\",outcome=\"valued\"} 8\n"
     "milepost_events_processed_total{service=\"incentives\",plan=\"ae\",outcome=\"waiting\"} 3\n"
     "milepost_events_processed_total{service=\"incentives\",plan=\"s\\\"r\",outcome=\"kept\"} 4\n"
     "# HELP "},
    {"rebalances are counted", false,
     "# TYPE milepost_rebalances_total counter\n"
     "milepost_rebalances_total{service=\"incentives\"} 5\n"},
    {"how far events are behind is said of each loop", false,
     "# TYPE milepost_event_time_lag_seconds gauge\n"
     "milepost_event_time_lag_seconds{service=\"incentives\",loop=\"0\"} 0.000\n"
     "milepost_event_time_lag_seconds{service=\"incentives\",loop=\"1\"} 1.250\n"},
    {"a round trip is in seconds, to the microsecond", false,
     "milepost_rdkafka_rtt_seconds{service=\"incentives\",loop=\"0\"} 0.001250\n"},
    {"requests of librdkafka that wait are passed on", false,
     "milepost_rdkafka_outbuf_requests{service=\"incentives\",loop=\"0\"} 3\n"},
    {"the state of a transaction is a label, and absent while unknown", false,
     "# TYPE milepost_rdkafka_txn_state gauge\n"
     "milepost_rdkafka_txn_state{service=\"incentives\",loop=\"1\",slot=\"1\","
     "state=\"InTransaction\"} 1\n# HELP "},
    {"transactions have a histogram", false,
     "milepost_txn_commit_duration_seconds_bucket{service=\"incentives\",le=\"0.002\"} 0\n"
     "milepost_txn_commit_duration_seconds_bucket{service=\"incentives\",le=\"0.005\"} 1\n"},
    {"the records of transactions have a histogram of whole numbers", false,
     "# TYPE milepost_txn_records histogram\n"},
    {"a transaction of 20 records counts up to 20, one of 21 does not", false,
     "milepost_txn_records_bucket{service=\"incentives\",le=\"10\"} 0\n"
     "milepost_txn_records_bucket{service=\"incentives\",le=\"20\"} 1\n"
     "milepost_txn_records_bucket{service=\"incentives\",le=\"50\"} 2\n"},
    {"the caches of all loops and the tailer are counted together", false,
     "# TYPE milepost_schema_cache_entries gauge\n"
     "milepost_schema_cache_entries{service=\"incentives\"} 8\n"},
    {"requests to the registry are in seconds, of all loops and the tailer", false,
     "# TYPE milepost_schema_registry_request_duration_seconds histogram\n"
     "milepost_schema_registry_request_duration_seconds_bucket{service=\"incentives\","
     "le=\"0.000100\"} 1\n"
     "milepost_schema_registry_request_duration_seconds_bucket{service=\"incentives\","
     "le=\"0.000200\"} 2\n"},
    {"a restore's length is in seconds", false,
     "milepost_state_restore_seconds{service=\"incentives\",loop=\"1\"} 61.500\n"},
    {"the lag is that of partitions which are ours, and of their inputs", false,
     "# TYPE milepost_consumer_lag_records gauge\n"
     "milepost_consumer_lag_records{service=\"incentives\",consumergroup=\"t.milepost-incentives\","
     "topic=\"t.milepost.credits.v1\",partition=\"1\"} 7\n"
     "# HELP "},
    {"a bound belongs to its bucket, and buckets are cumulated", false,
     "# TYPE milepost_process_duration_seconds histogram\n"
     "milepost_process_duration_seconds_bucket{service=\"incentives\",le=\"0.001\"} 2\n"
     "milepost_process_duration_seconds_bucket{service=\"incentives\",le=\"0.002\"} 3\n"
     "milepost_process_duration_seconds_bucket{service=\"incentives\",le=\"0.005\"} 3\n"},
    {"what is longer than the last bound is in +Inf, the count and the sum", false,
     "milepost_process_duration_seconds_bucket{service=\"incentives\",le=\"30.000\"} 4\n"
     "milepost_process_duration_seconds_bucket{service=\"incentives\",le=\"+Inf\"} 5\n"
     "milepost_process_duration_seconds_sum{service=\"incentives\"} 60.004\n"
     "milepost_process_duration_seconds_count{service=\"incentives\"} 5\n"},
};

static void is_written(void **state)
{
    const struct written *row = *state;
    (void)begin(NULL);
    const char *all = write_all(row->is_open_metrics, -1);
    if (!strstr(all, row->lines))
        fail_msg("missing:\n%s\nin:\n%s", row->lines, all);
    (void)end(NULL);
}

static void redis_is_shown_where_there_is_a_tailer(void **state)
{
    (void)state;
    assert_null(strstr(write_all(false, -1), "redis"));
    assert_non_null(strstr(write_all(false, 0), "milepost_redis_up{service=\"incentives\"} 0\n"));
    assert_non_null(strstr(write_all(false, 1), "milepost_redis_up{service=\"incentives\"} 1\n"));
    assert_non_null(strstr(write_all(false, 1),
                           "# TYPE milepost_redis_unreadable_total counter\n"
                           "milepost_redis_unreadable_total{service=\"incentives\"} 5\n"));
    assert_non_null(strstr(write_all(false, 1),
                           "milepost_redis_building_partitions{service=\"incentives\"} 2\n"));
    assert_non_null(strstr(write_all(false, 1),
                           "milepost_redis_pipeline_duration_seconds_sum{service=\"incentives\"} "
                           "0.000250\n"));
}

static void the_versions_are_shown(void **state)
{
    (void)state;
    assert_non_null(
        strstr(write_all(false, -1), "milepost_build_info{service=\"incentives\",version=\""));
    assert_non_null(strstr(text.bytes, "\",librdkafka=\"2."));
}

static void only_open_metrics_ends_with_a_mark(void **state)
{
    (void)state;
    const char *all = write_all(true, 1);
    assert_string_equal(all + strlen(all) - 7, "\n# EOF\n");
    assert_null(strstr(write_all(false, 1), "EOF"));
}

/* The name of a sample without what its type appends. */
static void check_sample(const char *line, const char *family)
{
    size_t length = strlen(family);
    const char *suffix = line + length;
    assert_true(strncmp(line, family, length) == 0);
    bool is_known = suffix[0] == '{' || strncmp(suffix, "_total{", 7) == 0 ||
                    strncmp(suffix, "_bucket{", 8) == 0 || strncmp(suffix, "_sum{", 5) == 0 ||
                    strncmp(suffix, "_count{", 7) == 0;
    if (!is_known)
        fail_msg("%s is not of family %s", line, family);
    const char *value = strstr(line, "} ");
    assert_non_null(value);
    char *rest;
    (void)strtod(value + 2, &rest);
    assert_true(*rest == '\0' && rest > value + 2);
}

/* HELP, TYPE, samples: each family together and once. */
static void check_families(bool is_open_metrics)
{
    static char families[FAMILIES_MAX][128];
    size_t count = 0;
    char *line = text.bytes;
    char *end_of_line;
    for (; (end_of_line = strchr(line, '\n')) != NULL; line = end_of_line + 1) {
        *end_of_line = '\0';
        if (strncmp(line, "# HELP ", 7) == 0) {
            assert_true(count < FAMILIES_MAX);
            size_t length = strcspn(line + 7, " ");
            (void)snprintf(families[count], sizeof families[0], "%.*s", (int)length, line + 7);
            for (size_t i = 0; i < count; i++)
                assert_string_not_equal(families[i], families[count]);
            count++;
        } else if (strncmp(line, "# TYPE ", 7) == 0) {
            size_t length = strlen(families[count - 1]);
            assert_true(strncmp(line + 7, families[count - 1], length) == 0);
            assert_int_equal(line[7 + length], ' ');
        } else if (strcmp(line, "# EOF") == 0) {
            assert_true(is_open_metrics);
        } else {
            check_sample(line, families[count - 1]);
        }
    }
    assert_int_equal(*line, '\0');
    assert_true(count > 20);
}

static void every_family_stands_together_and_once(void **state)
{
    (void)state;
    (void)write_all(false, 1);
    check_families(false);
    (void)write_all(true, 1);
    check_families(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(redis_is_shown_where_there_is_a_tailer, begin, end),
        cmocka_unit_test_setup_teardown(the_versions_are_shown, begin, end),
        cmocka_unit_test_setup_teardown(only_open_metrics_ends_with_a_mark, begin, end),
        cmocka_unit_test_setup_teardown(every_family_stands_together_and_once, begin, end),
    };
    return RUN_CASES(written, is_written) + cmocka_run_group_tests(tests, NULL, NULL);
}
