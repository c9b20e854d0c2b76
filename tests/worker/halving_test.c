/* A batch whose records do not fit is halved until they do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "worker/spine.h"

enum { DEALS = 400, RECORD_BYTES_MAX = 6000, ALL_FIT = 1 << 20 };

/* How often a worker halved its batch while DEALS deals were paid. */
static int64_t pay_all(size_t record_bytes_max, bool polls_late)
{
    struct pipeline_config config = {.seed = 5,
                                     .schemas = spine_group_schemas,
                                     .say = spine_say,
                                     .broker.record_bytes_max = record_bytes_max};
    struct pipeline *pipeline = NULL;
    char detail[DETAIL_BYTES];
    if (pipeline_new(&config, &pipeline, detail))
        fail_msg("pipeline: %s", detail);
    pipeline_broadcast_topics(pipeline, "e1");
    spine_publish_plan(pipeline, 1, 10);
    spine_assign(pipeline, "person:jo", "ae", 1);
    spine_settle(pipeline);
    memory_broker_faults(pipeline_broker(pipeline))->polls_late = polls_late;
    for (int i = 0; i < DEALS; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "D-%d", i);
        spine_deal(pipeline, &(struct spine_deal){.id = id,
                                                  .revision = 1,
                                                  .status = "CLOSED",
                                                  .amount = "100",
                                                  .owner = "person:jo"});
    }
    spine_settle(pipeline);
    struct decimal paid = {spine_paid(pipeline, spine_group_schemas, "person:jo")};
    assert_true(paid.units == decimal_of(DEALS * 10).units);
    int64_t halvings = worker_counters(pipeline_worker(pipeline, &crediting_stage, 0)).halvings;
    pipeline_free(pipeline);
    return halvings;
}

static void what_fits_is_not_halved(void **state)
{
    (void)state;
    assert_int_equal(pay_all(ALL_FIT, false), 0);
}

static void what_does_not_fit_is_halved_and_all_of_it_is_paid(void **state)
{
    (void)state;
    assert_true(pay_all(RECORD_BYTES_MAX, false) > 0);
}

/* On a real broker nothing comes at once after a rewind, and the turn in between, which has no
 * rows, says nothing of what fits. */
static void turns_without_rows_do_not_raise_the_limit_again(void **state)
{
    (void)state;
    assert_true(pay_all(RECORD_BYTES_MAX, true) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_is_not_halved),
        cmocka_unit_test(what_does_not_fit_is_halved_and_all_of_it_is_paid),
        cmocka_unit_test(turns_without_rows_do_not_raise_the_limit_again),
    };
    return cmocka_run_group_tests_name("worker.halving", tests, spine_open_schemas,
                                       spine_close_schemas);
}
