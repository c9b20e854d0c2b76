#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "worker/spine.h"

static struct pipeline *open_pipeline(int32_t partitions, int workers)
{
    struct pipeline_config config = {.partitions = partitions,
                                     .workers = workers,
                                     .seed = 7,
                                     .schemas = spine_group_schemas,
                                     .say = spine_say};
    struct pipeline *pipeline = NULL;
    char detail[DETAIL_BYTES];
    if (pipeline_new(&config, &pipeline, detail))
        fail_msg("pipeline: %s", detail);
    pipeline_broadcast_topics(pipeline, "e1");
    spine_publish_plan(pipeline, 1, 10);
    spine_assign(pipeline, "person:jo", "ae", 1);
    spine_assign(pipeline, "person:kim", "ae", 1);
    return pipeline;
}

static void expect_paid(struct pipeline *pipeline, const char *participant, const char *amount)
{
    struct decimal expected;
    char text[DECIMAL_TEXT_BYTES];
    assert_int_equal(decimal_parse(slice_of(amount), &expected), STATUS_OK);
    struct decimal paid = {spine_paid(pipeline, spine_group_schemas, participant)};
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
    spine_settle(pipeline);
    expect_paid(pipeline, "person:jo", "2000");
    assert_int_equal(spine_payouts(pipeline), 1);
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
    spine_settle(pipeline);
    deal.revision = 2;
    deal.second = "person:kim";
    deal.second_share = "0.25";
    spine_deal(pipeline, &deal);
    spine_settle(pipeline);
    expect_paid(pipeline, "person:jo", "1500");
    expect_paid(pipeline, "person:kim", "500");
    deal.revision = 3;
    deal.status = "CANCELLED";
    spine_deal(pipeline, &deal);
    spine_settle(pipeline);
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
    spine_settle(pipeline);
    expect_paid(pipeline, "person:jo", "400");
    assert_int_equal(spine_payouts(pipeline), 40);
    pipeline_free(pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pays_one_deal),
        cmocka_unit_test(follows_an_amendment_a_split_and_a_cancellation),
        cmocka_unit_test(a_killed_worker_goes_on_where_its_last_turn_stood),
    };
    return cmocka_run_group_tests_name("worker.spine", tests, spine_open_schemas,
                                       spine_close_schemas);
}
