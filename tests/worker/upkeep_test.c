/* What a worker sees to between turns: truncated journals and idle producers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "worker/spine.h"

enum { DEALS = 60, DAY_S = 24 * 60 * 60, STEP_MS = 5000 };

static struct pipeline *open_pipeline(size_t rewrite_bytes)
{
    struct pipeline_config config = {.seed = 11,
                                     .schemas = spine_group_schemas,
                                     .say = spine_say,
                                     .rewrite_bytes = rewrite_bytes};
    struct pipeline *pipeline = NULL;
    char detail[DETAIL_BYTES];
    spine_said.errors = 0;
    if (pipeline_new(&config, &pipeline, detail))
        fail_msg("pipeline: %s", detail);
    pipeline_broadcast_topics(pipeline, "e1");
    spine_publish_plan(pipeline, 1, 10);
    spine_assign(pipeline, "person:jo", "ae", 1);
    return pipeline;
}

static void send_deals(struct pipeline *pipeline, int from, int count, int64_t revision,
                       const char *amount)
{
    for (int i = from; i < from + count; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "D-%d", i);
        spine_deal(pipeline, &(struct spine_deal){.id = id,
                                                  .revision = revision,
                                                  .status = "CLOSED",
                                                  .amount = amount,
                                                  .owner = "person:jo"});
    }
}

static void expect_paid(struct pipeline *pipeline, int64_t amount)
{
    struct decimal expected = decimal_of(amount);
    struct decimal paid = {spine_paid(pipeline, spine_group_schemas, "person:jo")};
    char text[DECIMAL_TEXT_BYTES];
    decimal_format(paid, text);
    if (paid.units != expected.units)
        fail_msg("expected %lld, got %s", (long long)amount, text);
}

/* Deletes all that stands in the journal of `stage`, as somebody else's retention would. */
static void lose_journal(struct pipeline *pipeline, const struct stage *stage)
{
    static const struct log_listener nobody;
    char names[2][TOPIC_NAME_BYTES];
    assert_true(topic_full_name(stage->journal, "", names[0]));
    assert_true(topic_full_name(TOPIC_DEALS, "", names[1]));
    const struct memory_log_topic topics[] = {{names[0], false}, {names[1], true}};
    struct memory_log_config config = {topics, 2, "outside", "outside", "outside"};
    struct log log;
    char detail[DETAIL_BYTES];
    int64_t end;
    assert_int_equal(memory_log_open(pipeline_broker(pipeline), &config, nobody, &log, detail),
                     STATUS_OK);
    memory_broker_bounds(pipeline_broker(pipeline), names[0], 0, NULL, NULL, &end);
    assert_int_equal(log.truncate(log.self, 0, 0, end, detail), STATUS_OK);
    log.close(log.self);
}

static void restart(struct pipeline *pipeline, const struct stage *stage)
{
    char detail[DETAIL_BYTES] = "";
    pipeline_kill(pipeline, stage, 0);
    assert_int_equal(pipeline_start(pipeline, stage, 0, detail), STATUS_OK);
}

static int64_t alarms(struct pipeline *pipeline, const struct stage *stage)
{
    return worker_counters(pipeline_worker(pipeline, stage, 0)).journal_alarms;
}

/* The worker looks once a second. */
static void let_it_look(struct pipeline *pipeline)
{
    memory_broker_advance(pipeline_broker(pipeline), 2000);
    spine_settle(pipeline);
}

static void a_lost_journal_is_written_again(const struct stage *stage, size_t rewrite_bytes)
{
    struct pipeline *pipeline = open_pipeline(rewrite_bytes);
    send_deals(pipeline, 0, DEALS, 1, "100");
    spine_settle(pipeline);
    lose_journal(pipeline, stage);
    let_it_look(pipeline);
    assert_int_equal(spine_said.errors, 1);
    assert_non_null(strstr(spine_said.last_error, "-journal.v1 partition 0 starts at "));
    assert_int_equal(alarms(pipeline, stage), 1);
    let_it_look(pipeline);
    assert_int_equal(alarms(pipeline, stage), 1);
    restart(pipeline, stage);
    spine_settle(pipeline);
    assert_int_equal(alarms(pipeline, stage), 0);
    expect_paid(pipeline, DEALS * 10);
    /* What was restored is whole: an amendment of each deal is paid as its difference. */
    send_deals(pipeline, 0, DEALS, 2, "150");
    send_deals(pipeline, DEALS, 1, 1, "100");
    spine_settle(pipeline);
    expect_paid(pipeline, DEALS * 15 + 10);
    restart(pipeline, stage);
    spine_settle(pipeline);
    expect_paid(pipeline, DEALS * 15 + 10);
    pipeline_free(pipeline);
}

static void a_lost_journal_is_written_again_in_one_turn(void **state)
{
    (void)state;
    a_lost_journal_is_written_again(&crediting_stage, 0);
    a_lost_journal_is_written_again(&incentives_stage, 0);
}

static void a_state_larger_than_a_slice_is_written_again_in_several_turns(void **state)
{
    (void)state;
    a_lost_journal_is_written_again(&crediting_stage, 1500);
    a_lost_journal_is_written_again(&incentives_stage, 1500);
}

/* Also when transactions fail meanwhile: the round goes on after them. */
static void a_round_written_at_once_outlives_aborts(void **state)
{
    (void)state;
    struct pipeline *pipeline = open_pipeline(1500);
    send_deals(pipeline, 0, DEALS, 1, "100");
    spine_settle(pipeline);
    lose_journal(pipeline, &incentives_stage);
    memory_broker_faults(pipeline_broker(pipeline))->rules[MEMORY_COMMIT_ABORTED].per_million =
        300000;
    let_it_look(pipeline);
    memory_broker_faults(pipeline_broker(pipeline))->rules[MEMORY_COMMIT_ABORTED].per_million = 0;
    spine_settle(pipeline);
    assert_true(worker_counters(pipeline_worker(pipeline, &incentives_stage, 0)).aborts > 0);
    restart(pipeline, &incentives_stage);
    send_deals(pipeline, 0, DEALS, 2, "150");
    spine_settle(pipeline);
    expect_paid(pipeline, DEALS * 15);
    pipeline_free(pipeline);
}

/* The protection is the whole round: without it the same loss stops the task at its restart. */
static void a_journal_lost_just_before_a_restart_stops_the_task(void **state)
{
    (void)state;
    struct pipeline *pipeline = open_pipeline(0);
    char detail[DETAIL_BYTES] = "";
    send_deals(pipeline, 0, DEALS, 1, "100");
    spine_settle(pipeline);
    lose_journal(pipeline, &incentives_stage);
    restart(pipeline, &incentives_stage);
    assert_int_equal(pipeline_settle(pipeline, 20000, detail), STATUS_CORRUPT);
    assert_non_null(strstr(detail, "truncated above its begin"));
    pipeline_free(pipeline);
}

/* --- the heartbeat --- */

static struct log inner;
static int begun[LOG_SLOTS];

static enum status count_begin(void *self, int slot, char *detail)
{
    begun[slot]++;
    return inner.begin(self, slot, detail);
}

struct idler {
    struct memory_broker *broker;
    struct worker *worker;
    struct log log;
    char names[TOPIC_COUNT][TOPIC_NAME_BYTES];
};

static void idler_open(struct idler *idler, struct memory_broker *broker, const char *instance)
{
    struct memory_log_topic topics[TOPIC_COUNT];
    struct worker_config config = {.stage = &crediting_stage,
                                   .partitions = 1,
                                   .prefix = "",
                                   .schemas = spine_group_schemas,
                                   .clock = memory_broker_clock(broker),
                                   .seed = 5};
    char detail[DETAIL_BYTES];
    idler->broker = broker;
    idler->worker = worker_new(&config);
    for (int topic = 0; topic < TOPIC_COUNT; topic++) {
        assert_true(topic_full_name((enum topic)topic, "", idler->names[topic]));
        topics[topic] =
            (struct memory_log_topic){idler->names[topic], stage_reads(&crediting_stage, topic)};
    }
    struct memory_log_config log = {topics, TOPIC_COUNT, "crediting", instance, "crediting"};
    assert_int_equal(
        memory_log_open(broker, &log, worker_listener(idler->worker), &idler->log, detail),
        STATUS_OK);
    worker_attach(idler->worker, &idler->log);
}

static void idler_close(struct idler *idler)
{
    idler->log.close(idler->log.self);
    worker_free(idler->worker);
}

static void pass_s(struct idler *idlers, size_t count, int64_t seconds)
{
    char detail[DETAIL_BYTES];
    for (int64_t ms = 0; ms < seconds * 1000; ms += STEP_MS) {
        memory_broker_advance(idlers[0].broker, STEP_MS);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(worker_step(idlers[i].worker, 0, detail), STATUS_OK);
    }
}

static struct memory_broker *open_broker(void)
{
    struct memory_broker_config config = {.seed = 3};
    struct memory_broker *broker = memory_broker_new(&config);
    for (int topic = 0; topic < TOPIC_COUNT; topic++) {
        char name[TOPIC_NAME_BYTES];
        assert_true(topic_full_name((enum topic)topic, "", name));
        memory_broker_topic(broker, name, 1);
    }
    return broker;
}

/* `turns` before it falls idle decide which producer's turn is next. */
static void expect_both_used_once_a_day(int turns)
{
    struct memory_broker *broker = open_broker();
    struct idler idler;
    idler_open(&idler, broker, "c1");
    inner = idler.log;
    idler.log.begin = count_begin;
    struct log_record bad = {.value = SLICE("no deal")};
    for (int i = 0; i < turns; i++) {
        (void)memory_broker_append(broker, idler.names[TOPIC_DEALS], &bad);
        pass_s(&idler, 1, STEP_MS / 1000);
    }
    pass_s(&idler, 1, 600);
    assert_true(worker_is_idle(idler.worker));
    memset(begun, 0, sizeof begun);
    pass_s(&idler, 1, DAY_S - 1200);
    assert_int_equal(begun[0] + begun[1], 0);
    for (int day = 1; day <= 3; day++) {
        pass_s(&idler, 1, day == 1 ? 1200 : DAY_S);
        assert_int_equal(begun[0], day);
        assert_int_equal(begun[1], day);
    }
    idler_close(&idler);
    memory_broker_free(broker);
}

static void an_idle_worker_uses_each_producer_once_a_day(void **state)
{
    (void)state;
    expect_both_used_once_a_day(3);
    expect_both_used_once_a_day(4);
}

static void a_worker_without_tasks_opens_its_producers_anew(void **state)
{
    (void)state;
    struct memory_broker *broker = open_broker();
    struct idler idlers[2];
    idler_open(&idlers[0], broker, "c1");
    idler_open(&idlers[1], broker, "c2");
    pass_s(idlers, 2, 600);
    size_t spare = worker_task(idlers[0].worker, 0) ? 1 : 0;
    const struct log *log = &idlers[spare].log;
    assert_null(worker_task(idlers[spare].worker, 0));
    int64_t before = log->counters(log->self).reopens;
    pass_s(idlers, 2, DAY_S - 1200);
    assert_int_equal(log->counters(log->self).reopens, before);
    pass_s(idlers, 2, 1200);
    assert_int_equal(log->counters(log->self).reopens, before + 1);
    idler_close(&idlers[0]);
    idler_close(&idlers[1]);
    memory_broker_free(broker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_journal_is_written_again_in_one_turn),
        cmocka_unit_test(a_state_larger_than_a_slice_is_written_again_in_several_turns),
        cmocka_unit_test(a_round_written_at_once_outlives_aborts),
        cmocka_unit_test(a_journal_lost_just_before_a_restart_stops_the_task),
        cmocka_unit_test(an_idle_worker_uses_each_producer_once_a_day),
        cmocka_unit_test(a_worker_without_tasks_opens_its_producers_anew),
    };
    return cmocka_run_group_tests_name("worker.upkeep", tests, spine_open_schemas,
                                       spine_close_schemas);
}
