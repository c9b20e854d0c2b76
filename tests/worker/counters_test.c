/* What a worker counts for metrics: what stands, once, however often it was tried. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/partition.h"
#include "worker/spine.h"

/* What transactions wrote, as they told. */
struct told {
    int transactions;
    size_t records;
};

static struct told told;

static void note_committed(void *self, int64_t transaction_ms, size_t records)
{
    (void)self;
    assert_true(transaction_ms >= 0);
    told.transactions++;
    told.records += records;
}

static struct pipeline *open_pipeline(int32_t partitions)
{
    struct pipeline_config config = {.partitions = partitions,
                                     .seed = 7,
                                     .schemas = spine_group_schemas,
                                     .say = spine_say,
                                     .committed = note_committed,
                                     .drain_ms = -1};
    struct pipeline *pipeline = NULL;
    char detail[DETAIL_BYTES];
    told = (struct told){0};
    if (pipeline_new(&config, &pipeline, detail))
        fail_msg("pipeline: %s", detail);
    pipeline_broadcast_topics(pipeline, "e1");
    spine_publish_plan(pipeline, 1, 10);
    spine_assign(pipeline, "person:jo", "ae", 1);
    return pipeline;
}

static void send_deal(struct pipeline *pipeline, const char *id)
{
    spine_deal(
        pipeline,
        &(struct spine_deal){
            .id = id, .revision = 1, .status = "CLOSED", .amount = "20000", .owner = "person:jo"});
}

static int64_t count_records(struct pipeline *pipeline, const char *topic)
{
    int64_t count = 0;
    for (int32_t p = 0; p < pipeline_partitions(pipeline); p++) {
        int64_t offset = 0;
        struct log_record record;
        while (memory_broker_next(pipeline_broker(pipeline), topic, p, true, &offset, &record))
            count++;
    }
    return count;
}

static void counts_dead_letters_by_reason_and_knows_the_newest_record(void **state)
{
    (void)state;
    struct pipeline *pipeline = open_pipeline(1);
    spine_settle(pipeline);
    for (int i = 0; i < 2; i++)
        (void)pipeline_append(pipeline, TOPIC_DEALS, 0, SLICE("D-1"), SLICE("no avro"),
                              1800000000000);
    (void)pipeline_append(pipeline, TOPIC_DEALS, 0, SLICE("D-1"), (struct slice){NULL, 0},
                          1799999999999);
    spine_settle(pipeline);
    struct worker_counters counters =
        worker_counters(pipeline_worker(pipeline, &crediting_stage, 0));
    assert_int_equal(counters.dead_letters.count, 2);
    assert_string_equal(counters.dead_letters.rows[0].reason, "magic");
    assert_int_equal(counters.dead_letters.rows[0].count, 2);
    assert_string_equal(counters.dead_letters.rows[1].reason, "tombstone");
    assert_int_equal(counters.newest_record_ms, 1800000000000);
    pipeline_free(pipeline);
}

static void counts_what_it_consumed_by_topic_and_partition(void **state)
{
    (void)state;
    struct pipeline *pipeline = open_pipeline(2);
    spine_settle(pipeline);
    const struct intake *intakes = worker_intakes(pipeline_worker(pipeline, &crediting_stage, 0));
    int32_t its = partition_of(SLICE("D-1"), 2);
    assert_int_equal(intakes[its].records[TOPIC_DEALS], 0);
    assert_int_equal(intakes[its].last_ms[TOPIC_DEALS], 0);
    assert_int_equal(intakes[its].records[TOPIC_CONTROL], 2);
    assert_int_equal(intakes[1 - its].records[TOPIC_CONTROL], 2);
    struct clock clock = memory_broker_clock(pipeline_broker(pipeline));
    int64_t before_ms = clock.unix_ms(clock.self);
    send_deal(pipeline, "D-1");
    send_deal(pipeline, "D-1"); /* a duplicate is consumed too */
    spine_settle(pipeline);
    assert_int_equal(intakes[its].records[TOPIC_DEALS], 2);
    assert_int_equal(intakes[1 - its].records[TOPIC_DEALS], 0);
    assert_in_range(intakes[its].last_ms[TOPIC_DEALS], before_ms, clock.unix_ms(clock.self));
    pipeline_free(pipeline);
}

static void tells_how_many_records_each_transaction_wrote(void **state)
{
    (void)state;
    struct pipeline *pipeline = open_pipeline(2);
    send_deal(pipeline, "D-1");
    spine_settle(pipeline);
    static const enum topic written[] = {TOPIC_CREDITS,    TOPIC_CREDITING_JOURNAL,
                                         TOPIC_ATTAINMENT, TOPIC_INCENTIVES_JOURNAL,
                                         TOPIC_PAYOUTS,    TOPIC_DEAD_LETTERS};
    int64_t records = 0;
    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
        char name[TOPIC_NAME_BYTES];
        assert_true(topic_full_name(written[i], "", name));
        records += count_records(pipeline, name);
    }
    assert_int_equal(told.records, records);
    int64_t turns = worker_counters(pipeline_worker(pipeline, &crediting_stage, 0)).turns +
                    worker_counters(pipeline_worker(pipeline, &incentives_stage, 0)).turns;
    assert_int_equal(told.transactions, turns);
    pipeline_free(pipeline);
}

static int64_t outcome_of(struct pipeline *pipeline, const struct stage *stage, const char *plan,
                          enum row_outcome outcome)
{
    const struct outcome_counts *counts = worker_outcomes(pipeline_worker(pipeline, stage, 0));
    for (size_t i = 0; i < counts->count; i++)
        if (strcmp(counts->rows[i].plan, plan) == 0)
            return counts->rows[i].counts[outcome];
    return 0;
}

static void counts_a_row_by_its_plan_once_however_often_its_turn_was_tried(void **state)
{
    (void)state;
    struct pipeline *pipeline = open_pipeline(2);
    spine_settle(pipeline);
    struct memory_faults *faults = memory_broker_faults(pipeline_broker(pipeline));
    send_deal(pipeline, "D-1");
    send_deal(pipeline, "D-1");
    faults->rules[MEMORY_COMMIT_ABORTED].countdown = 1;
    spine_settle(pipeline);
    send_deal(pipeline, "D-2");
    faults->rules[MEMORY_COMMIT_ABORTED].countdown = 2;
    spine_settle(pipeline);
    assert_int_equal(faults->rules[MEMORY_COMMIT_ABORTED].hits, 2);
    struct worker_counters counters =
        worker_counters(pipeline_worker(pipeline, &crediting_stage, 0));
    assert_int_equal(counters.duplicates, 1);
    assert_int_equal(outcome_of(pipeline, &crediting_stage, "", OUTCOME_VALUED), 2);
    assert_int_equal(outcome_of(pipeline, &incentives_stage, "ae", OUTCOME_VALUED), 2);
    assert_int_equal(outcome_of(pipeline, &incentives_stage, "", OUTCOME_WAITING), 0);
    pipeline_free(pipeline);
}

static struct fold_counters gauges_of(struct pipeline *pipeline, const struct stage *stage)
{
    return worker_fold_counters(pipeline_worker(pipeline, stage, 0));
}

/* Nothing arrives, and still everything that waits is known again. */
static void knows_what_waits_after_a_restart_without_a_record(void **state)
{
    (void)state;
    struct pipeline *pipeline = open_pipeline(3);
    for (int i = 0; i < 40; i++) {
        char id[16];
        char owner[16];
        (void)snprintf(id, sizeof id, "D-%d", i);
        (void)snprintf(owner, sizeof owner, "person:%d", i / 2);
        spine_deal(
            pipeline,
            &(struct spine_deal){
                .id = id, .revision = 1, .status = "CLOSED", .amount = "100", .owner = owner});
    }
    spine_settle(pipeline);
    const struct stage *stages[] = {&crediting_stage, &incentives_stage};
    for (size_t i = 0; i < 2; i++) {
        char detail[DETAIL_BYTES];
        struct fold_counters before = gauges_of(pipeline, stages[i]);
        pipeline_kill(pipeline, stages[i], 0);
        assert_int_equal(pipeline_start(pipeline, stages[i], 0, detail), STATUS_OK);
        spine_settle(pipeline);
        struct fold_counters after = gauges_of(pipeline, stages[i]);
        assert_int_equal(after.waiting, before.waiting);
        assert_int_equal(after.books, before.books);
        assert_int_equal(after.unread, 0);
    }
    assert_int_equal(gauges_of(pipeline, &incentives_stage).waiting, 40);
    assert_int_equal(gauges_of(pipeline, &crediting_stage).books, 40);
    pipeline_free(pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_dead_letters_by_reason_and_knows_the_newest_record),
        cmocka_unit_test(counts_what_it_consumed_by_topic_and_partition),
        cmocka_unit_test(tells_how_many_records_each_transaction_wrote),
        cmocka_unit_test(counts_a_row_by_its_plan_once_however_often_its_turn_was_tried),
        cmocka_unit_test(knows_what_waits_after_a_restart_without_a_record),
    };
    return cmocka_run_group_tests_name("worker.counters", tests, spine_open_schemas,
                                       spine_close_schemas);
}
