/* The lag: asked of one partition a second, of those that are ours, from the task's own place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops/lag.h"
#include "worker/pipeline.h"
#include "worker/records.h"

enum { PARTITIONS = 3, ROUNDS_MAX = 20000 };

/* A log of which only the bounds are asked. */
struct bounds {
    int64_t first;
    int64_t end;
    int asked;
    enum status status;
};

struct kit {
    struct schemas *schemas;
    struct pipeline *pipeline;
    struct health *health;
    struct bounds bounds;
    struct log log;
    struct lag_watch watch;
    struct buffer text;
};

static char detail[DETAIL_BYTES];

static enum status answer(void *self, int topic, int32_t partition, int64_t *out_first,
                          int64_t *out_end, char *why)
{
    (void)topic;
    (void)partition;
    (void)why;
    struct bounds *bounds = self;
    bounds->asked++;
    if (bounds->status)
        return bounds->status;
    *out_first = bounds->first;
    *out_end = bounds->end;
    return STATUS_OK;
}

static void open_pipeline(struct kit *kit)
{
    const struct schemas_options options = {.folder = SOURCE_FOLDER "/schemas"};
    if (schemas_open(&options, &kit->schemas, detail) || records_use_shapes(kit->schemas, detail))
        fail_msg("%s", detail);
    const struct pipeline_config config = {
        .partitions = PARTITIONS, .workers = 1, .seed = 7, .schemas = kit->schemas};
    if (pipeline_new(&config, &kit->pipeline, detail) ||
        pipeline_settle(kit->pipeline, ROUNDS_MAX, detail))
        fail_msg("%s", detail);
}

static int begin(void **state)
{
    struct kit *kit = calloc(1, sizeof *kit);
    if (!kit)
        return 1;
    open_pipeline(kit);
    kit->health = health_new(&crediting_stage, "", 1);
    kit->bounds = (struct bounds){.end = 7};
    kit->log = (struct log){.self = &kit->bounds, .bounds = answer};
    kit->watch = (struct lag_watch){.health = kit->health,
                                    .worker = pipeline_worker(kit->pipeline, &crediting_stage, 0),
                                    .log = &kit->log,
                                    .stage = &crediting_stage,
                                    .loop = 0,
                                    .partitions = PARTITIONS};
    *state = kit;
    return 0;
}

static int end(void **state)
{
    struct kit *kit = *state;
    buffer_deinit(&kit->text);
    health_free(kit->health);
    pipeline_free(kit->pipeline);
    schemas_free(kit->schemas);
    free(kit);
    return 0;
}

/* How many figures of the lag are shown that contain `part`. */
static int count_shown(struct kit *kit, const char *part)
{
    buffer_reset(&kit->text);
    health_metrics(kit->health, false, &kit->text);
    buffer_append_byte(&kit->text, '\0');
    int count = 0;
    for (const char *at = kit->text.bytes;
         (at = strstr(at, "\nmilepost_consumer_lag_records{")) != NULL;) {
        at++;
        const char *found = strstr(at, part);
        count += found && found < strchr(at, '\n');
    }
    return count;
}

static int inputs(void)
{
    return (int)crediting_stage.input_count;
}

static void one_partition_a_second_is_asked(void **state)
{
    struct kit *kit = *state;
    lag_watch_step(&kit->watch, 1000);
    assert_int_equal(kit->bounds.asked, inputs());
    lag_watch_step(&kit->watch, 1999);
    assert_int_equal(kit->bounds.asked, inputs());
    lag_watch_step(&kit->watch, 2000);
    assert_int_equal(kit->bounds.asked, 2 * inputs());
    assert_int_equal(count_shown(kit, "partition=\"0\"} 7"), inputs());
    assert_int_equal(count_shown(kit, "partition=\"1\"} 7"), inputs());
    assert_int_equal(count_shown(kit, "partition=\"2\""), 0);
}

static void all_partitions_come_in_turn(void **state)
{
    struct kit *kit = *state;
    for (int i = 1; i <= PARTITIONS; i++)
        lag_watch_step(&kit->watch, i * LAG_EVERY_MS);
    kit->bounds.end = 8;
    lag_watch_step(&kit->watch, (PARTITIONS + 1) * LAG_EVERY_MS);
    assert_int_equal(count_shown(kit, "partition=\"0\"} 8"), inputs());
    assert_int_equal(count_shown(kit, "partition=\"2\"} 7"), inputs());
}

static void what_was_truncated_is_no_lag(void **state)
{
    struct kit *kit = *state;
    kit->bounds.first = 5;
    lag_watch_step(&kit->watch, LAG_EVERY_MS);
    assert_int_equal(count_shown(kit, "partition=\"0\"} 2"), inputs());
}

static void a_failure_leaves_the_old_figures(void **state)
{
    struct kit *kit = *state;
    for (int i = 1; i <= PARTITIONS; i++)
        lag_watch_step(&kit->watch, i * LAG_EVERY_MS);
    kit->bounds.status = STATUS_UNAVAILABLE;
    kit->bounds.asked = 0;
    lag_watch_step(&kit->watch, (PARTITIONS + 1) * LAG_EVERY_MS);
    assert_int_equal(kit->bounds.asked, 1);
    assert_int_equal(count_shown(kit, "} 7"), PARTITIONS * inputs());
}

static void partitions_that_went_to_others_are_dropped(void **state)
{
    struct kit *kit = *state;
    for (int i = 1; i <= PARTITIONS; i++)
        lag_watch_step(&kit->watch, i * LAG_EVERY_MS);
    const struct log_listener listener =
        worker_listener(pipeline_worker(kit->pipeline, &crediting_stage, 0));
    listener.revoked(listener.self);
    kit->bounds.asked = 0;
    lag_watch_step(&kit->watch, (PARTITIONS + 1) * LAG_EVERY_MS);
    assert_int_equal(kit->bounds.asked, 0);
    assert_int_equal(count_shown(kit, "partition"), 0);
}

static void a_partition_of_another_loop_is_left_alone(void **state)
{
    struct kit *kit = *state;
    const struct partition_lag other = {.loop = 1};
    health_report_lag(kit->health, 2, &other);
    health_drop_lag(kit->health, 2, 0);
    assert_int_equal(count_shown(kit, "partition=\"2\""), TOPIC_COUNT);
    health_drop_lag(kit->health, 2, 1);
    assert_int_equal(count_shown(kit, "partition=\"2\""), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_partition_a_second_is_asked, begin, end),
        cmocka_unit_test_setup_teardown(all_partitions_come_in_turn, begin, end),
        cmocka_unit_test_setup_teardown(what_was_truncated_is_no_lag, begin, end),
        cmocka_unit_test_setup_teardown(a_failure_leaves_the_old_figures, begin, end),
        cmocka_unit_test_setup_teardown(partitions_that_went_to_others_are_dropped, begin, end),
        cmocka_unit_test_setup_teardown(a_partition_of_another_loop_is_left_alone, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
