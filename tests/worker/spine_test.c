#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "worker/spine.h"

static struct schemas *schemas;

static int open_schemas(void **state)
{
    (void)state;
    schemas = spine_schemas();
    return 0;
}

static int close_schemas(void **state)
{
    (void)state;
    schemas_free(schemas);
    return 0;
}

static void say(void *self, enum worker_level level, const char *sentence)
{
    (void)self;
    (void)level;
    if (getenv("MILEPOST_SAY"))
        (void)fprintf(stderr, "# %s\n", sentence);
}

static struct pipeline *open_pipeline(int32_t partitions, int workers)
{
    struct pipeline_config config = {
        .partitions = partitions, .workers = workers, .seed = 7, .schemas = schemas, .say = say};
    struct pipeline *pipeline = NULL;
    char detail[DETAIL_BYTES];
    if (pipeline_new(&config, &pipeline, detail))
        fail_msg("pipeline: %s", detail);
    pipeline_broadcast_topics(pipeline, "e1");
    spine_publish_plan(pipeline, "ae", 1, spine_rate_plan);
    spine_assign(pipeline, "person:jo", "ae", 1);
    spine_assign(pipeline, "person:kim", "ae", 1);
    return pipeline;
}

static void settle(struct pipeline *pipeline)
{
    char detail[DETAIL_BYTES] = "";
    enum status status = pipeline_settle(pipeline, 20000, detail);
    if (status)
        fail_msg("%s: %s", status_name(status), detail);
}

static void expect_paid(struct pipeline *pipeline, const char *participant, const char *amount)
{
    struct decimal expected;
    char text[DECIMAL_TEXT_BYTES];
    assert_int_equal(decimal_parse(slice_of(amount), &expected), STATUS_OK);
    struct decimal paid = {spine_paid(pipeline, schemas, participant)};
    decimal_format(paid, text);
    if (paid.units != expected.units)
        fail_msg("%s: expected %s, got %s", participant, amount, text);
}

static void pays_one_deal(void **state)
{
    (void)state;
    struct pipeline *pipeline = open_pipeline(1, 1);
    spine_deal(pipeline, &(struct spine_deal){.id = "D-1",
                                              .revision = 1,
                                              .status = "CLOSED",
                                              .amount = "20000",
                                              .owner = "person:jo"});
    settle(pipeline);
    expect_paid(pipeline, "person:jo", "2000");
    assert_int_equal(spine_payouts(pipeline), 1);
    pipeline_free(pipeline);
}

static void counts_dead_letters_by_reason_and_knows_the_newest_record(void **state)
{
    (void)state;
    struct pipeline *pipeline = open_pipeline(1, 1);
    settle(pipeline);
    for (int i = 0; i < 2; i++)
        (void)pipeline_append(pipeline, TOPIC_DEALS, 0, SLICE("D-1"), SLICE("no avro"),
                              1800000000000);
    (void)pipeline_append(pipeline, TOPIC_DEALS, 0, SLICE("D-1"), (struct slice){NULL, 0},
                          1799999999999);
    settle(pipeline);
    struct worker_counters counters =
        worker_counters(pipeline_worker(pipeline, &crediting_stage, 0));
    assert_int_equal(counters.dead_letters.count, 2);
    assert_string_equal(counters.dead_letters.rows[0].reason, "magic");
    assert_int_equal(counters.dead_letters.rows[0].count, 2);
    assert_string_equal(counters.dead_letters.rows[1].reason, "tombstone");
    assert_int_equal(counters.newest_record_ms, 1800000000000);
    pipeline_free(pipeline);
}

static void follows_an_amendment_a_split_and_a_cancellation(void **state)
{
    (void)state;
    struct pipeline *pipeline = open_pipeline(4, 1);
    struct spine_deal deal = {
        .id = "D-1", .revision = 1, .status = "CLOSED", .amount = "20000", .owner = "person:jo"};
    spine_deal(pipeline, &deal);
    spine_deal(pipeline, &deal); /* an exact duplicate */
    settle(pipeline);
    deal.revision = 2;
    deal.second = "person:kim";
    deal.second_share = "0.25";
    spine_deal(pipeline, &deal);
    settle(pipeline);
    expect_paid(pipeline, "person:jo", "1500");
    expect_paid(pipeline, "person:kim", "500");
    deal.revision = 3;
    deal.status = "CANCELLED";
    spine_deal(pipeline, &deal);
    settle(pipeline);
    expect_paid(pipeline, "person:jo", "0");
    expect_paid(pipeline, "person:kim", "0");
    pipeline_free(pipeline);
}

static void a_killed_worker_goes_on_where_its_last_turn_stood(void **state)
{
    (void)state;
    struct pipeline *pipeline = open_pipeline(4, 1);
    char detail[DETAIL_BYTES];
    for (int i = 0; i < 40; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "D-%d", i);
        spine_deal(pipeline, &(struct spine_deal){.id = id,
                                                  .revision = 1,
                                                  .status = "CLOSED",
                                                  .amount = "100",
                                                  .owner = "person:jo"});
        if (i % 10 != 9)
            continue;
        for (int step = 0; step < i; step++)
            assert_int_equal(
                pipeline_step(pipeline, step % 2 ? &crediting_stage : &incentives_stage, 0, detail),
                STATUS_OK);
        pipeline_kill(pipeline, &crediting_stage, 0);
        pipeline_kill(pipeline, &incentives_stage, 0);
        assert_int_equal(pipeline_start(pipeline, &crediting_stage, 0, detail), STATUS_OK);
        assert_int_equal(pipeline_start(pipeline, &incentives_stage, 0, detail), STATUS_OK);
    }
    settle(pipeline);
    expect_paid(pipeline, "person:jo", "400");
    assert_int_equal(spine_payouts(pipeline), 40);
    pipeline_free(pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pays_one_deal),
        cmocka_unit_test(counts_dead_letters_by_reason_and_knows_the_newest_record),
        cmocka_unit_test(follows_an_amendment_a_split_and_a_cancellation),
        cmocka_unit_test(a_killed_worker_goes_on_where_its_last_turn_stood),
    };
    return cmocka_run_group_tests_name("worker.spine", tests, open_schemas, close_schemas);
}
