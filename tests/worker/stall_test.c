/* Transactions that somebody left open: told with the command that ends them, and only those. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "worker/spine.h"

enum {
    OWN_PATIENCE_S = 45,    /* twice 15 s, and the broker's delay */
    INPUT_PATIENCE_S = 960, /* 15 minutes, and a bit */
    SLACK_S = 10,
};

struct scene {
    struct pipeline *pipeline;
    struct log outside; /* of somebody else: topic 0 is the one that he writes to */
    char names[2][TOPIC_NAME_BYTES];
};

static void settle(struct scene *scene)
{
    spine_settle(scene->pipeline);
}

static void send_deal(struct scene *scene, const char *id)
{
    spine_deal(
        scene->pipeline,
        &(struct spine_deal){
            .id = id, .revision = 1, .status = "CLOSED", .amount = "100", .owner = "person:jo"});
}

static void expect_paid(struct scene *scene, int64_t amount)
{
    struct decimal expected = decimal_of(amount);
    assert_true(spine_paid(scene->pipeline, spine_group_schemas, "person:jo") == expected.units);
}

/* The broker never ends a transaction here, as one that hangs. */
static void open_scene(struct scene *scene, enum topic topic)
{
    static const struct log_listener nobody;
    struct pipeline_config config = {.seed = 13,
                                     .schemas = spine_group_schemas,
                                     .say = spine_say,
                                     .broker = {.transaction_timeout_ms = DAY_MS}};
    char detail[DETAIL_BYTES];
    spine_said.errors = 0;
    if (pipeline_new(&config, &scene->pipeline, detail))
        fail_msg("pipeline: %s", detail);
    pipeline_broadcast_topics(scene->pipeline, "e1");
    spine_publish_plan(scene->pipeline, 1, 10);
    spine_assign(scene->pipeline, "person:jo", "ae", 1);
    send_deal(scene, "D-1");
    settle(scene);
    assert_true(topic_full_name(topic, "", scene->names[0]));
    assert_true(topic_full_name(TOPIC_CONTROL, "", scene->names[1]));
    const struct memory_log_topic topics[] = {{scene->names[0], false}, {scene->names[1], true}};
    struct memory_log_config outside = {topics, 2, "outside", "outside", "outside"};
    assert_int_equal(memory_log_open(pipeline_broker(scene->pipeline), &outside, nobody,
                                     &scene->outside, detail),
                     STATUS_OK);
}

static void close_scene(struct scene *scene)
{
    scene->outside.close(scene->outside.self);
    pipeline_free(scene->pipeline);
}

/* Begins a transaction and writes into it; returns where it begins. */
static int64_t leave_open(struct scene *scene)
{
    char detail[DETAIL_BYTES];
    int64_t end;
    struct log *log = &scene->outside;
    struct log_outgoing record = {.topic = 0, .value = SLICE("half done")};
    memory_broker_bounds(pipeline_broker(scene->pipeline), scene->names[0], 0, NULL, NULL, &end);
    assert_int_equal(log->reopen(log->self, detail), STATUS_OK);
    assert_int_equal(log->begin(log->self, 0, detail), STATUS_OK);
    assert_int_equal(log->produce(log->self, 0, &record, detail), STATUS_OK);
    return end;
}

static void pass_s(struct scene *scene, int seconds)
{
    char detail[DETAIL_BYTES];
    for (int i = 0; i < seconds; i++) {
        memory_broker_advance(pipeline_broker(scene->pipeline), 1000);
        assert_int_equal(pipeline_step(scene->pipeline, &crediting_stage, 0, detail), STATUS_OK);
        assert_int_equal(pipeline_step(scene->pipeline, &incentives_stage, 0, detail), STATUS_OK);
    }
}

static void expect_told(const struct scene *scene, int64_t begin)
{
    char command[2 * DETAIL_BYTES];
    assert_int_equal(spine_said.errors, 1);
    (void)snprintf(command, sizeof command,
                   "kafka-transactions.sh --bootstrap-server HOST:PORT abort --topic %s "
                   "--partition 0 --start-offset %lld",
                   scene->names[0], (long long)begin);
    assert_non_null(strstr(spine_said.last_error, command));
}

static void a_restore_behind_an_open_transaction_tells_how_to_abort_it(void **state)
{
    (void)state;
    struct scene scene;
    char detail[DETAIL_BYTES];
    open_scene(&scene, TOPIC_INCENTIVES_JOURNAL);
    int64_t begin = leave_open(&scene);
    pipeline_kill(scene.pipeline, &incentives_stage, 0);
    assert_int_equal(pipeline_start(scene.pipeline, &incentives_stage, 0, detail), STATUS_OK);
    pass_s(&scene, OWN_PATIENCE_S - SLACK_S);
    assert_int_equal(spine_said.errors, 0);
    assert_false(worker_is_ready(pipeline_worker(scene.pipeline, &incentives_stage, 0)));
    pass_s(&scene, 2 * SLACK_S);
    expect_told(&scene, begin);
    assert_int_equal(scene.outside.abort(scene.outside.self, 0, detail), STATUS_OK);
    send_deal(&scene, "D-2");
    settle(&scene);
    expect_paid(&scene, 20);
    assert_int_equal(spine_said.errors, 1);
    close_scene(&scene);
}

static void an_input_behind_an_open_transaction_tells_how_to_abort_it(void **state)
{
    (void)state;
    struct scene scene;
    char detail[DETAIL_BYTES];
    open_scene(&scene, TOPIC_DEALS);
    pass_s(&scene, SLACK_S);
    int64_t begin = leave_open(&scene);
    send_deal(&scene, "D-2"); /* committed, and yet nobody can read it */
    pass_s(&scene, INPUT_PATIENCE_S - 2 * SLACK_S);
    assert_int_equal(spine_said.errors, 0);
    expect_paid(&scene, 10);
    pass_s(&scene, 4 * SLACK_S);
    expect_told(&scene, begin);
    assert_int_equal(worker_counters(pipeline_worker(scene.pipeline, &crediting_stage, 0)).stalls,
                     1);
    assert_int_equal(scene.outside.abort(scene.outside.self, 0, detail), STATUS_OK);
    settle(&scene);
    expect_paid(&scene, 20);
    close_scene(&scene);
}

/* Markers and aborted records stand behind the last one that was read; nobody waits for them. */
static void an_input_that_has_nothing_to_bring_is_no_stall(void **state)
{
    (void)state;
    struct scene scene;
    char detail[DETAIL_BYTES];
    open_scene(&scene, TOPIC_DEALS);
    (void)leave_open(&scene);
    assert_int_equal(scene.outside.abort(scene.outside.self, 0, detail), STATUS_OK);
    pass_s(&scene, 4 * INPUT_PATIENCE_S);
    assert_int_equal(spine_said.errors, 0);
    close_scene(&scene);
}

static void on_assigned(void *self, const int32_t *partitions, size_t count)
{
    (void)self;
    (void)partitions;
    (void)count;
}

static void on_revoked(void *self)
{
    (void)self;
}

static void offsets_that_stay_uncertain_are_told(void **state)
{
    (void)state;
    struct scene scene;
    char detail[DETAIL_BYTES];
    open_scene(&scene, TOPIC_DEALS);
    pipeline_kill(scene.pipeline, &crediting_stage, 0);
    /* A worker of before, whose transaction nobody ends. */
    static const struct log_listener idle = {NULL, on_assigned, on_revoked};
    const struct memory_log_topic topics[] = {{scene.names[0], true}, {scene.names[1], true}};
    struct memory_log_config config = {topics, 2, "milepost-crediting", "crediting-0", "old"};
    struct log old;
    assert_int_equal(memory_log_open(pipeline_broker(scene.pipeline), &config, idle, &old, detail),
                     STATUS_OK);
    const struct log_record *records;
    size_t count;
    for (int i = 0; i < 60; i++) {
        memory_broker_advance(pipeline_broker(scene.pipeline), 1000);
        assert_int_equal(old.poll(old.self, 0, 10, &records, &count, detail), STATUS_OK);
    }
    assert_int_equal(old.reopen(old.self, detail), STATUS_OK);
    assert_int_equal(old.begin(old.self, 0, detail), STATUS_OK);
    struct log_position position = {.topic = 0, .partition = 0, .offset = 1};
    assert_int_equal(old.send_offsets(old.self, 0, &position, 1, detail), STATUS_OK);
    memory_log_kill(&old);
    assert_int_equal(pipeline_start(scene.pipeline, &crediting_stage, 0, detail), STATUS_OK);
    for (int i = 0; i < OWN_PATIENCE_S + SLACK_S; i++) {
        assert_int_equal(spine_said.errors, 0);
        memory_broker_advance(pipeline_broker(scene.pipeline), 1000);
        if (pipeline_step(scene.pipeline, &crediting_stage, 0, detail) && spine_said.errors)
            break;
    }
    assert_int_equal(spine_said.errors, 1);
    assert_non_null(strstr(spine_said.last_error, "find-hanging --topic __consumer_offsets"));
    close_scene(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_restore_behind_an_open_transaction_tells_how_to_abort_it),
        cmocka_unit_test(an_input_behind_an_open_transaction_tells_how_to_abort_it),
        cmocka_unit_test(an_input_that_has_nothing_to_bring_is_no_stall),
        cmocka_unit_test(offsets_that_stay_uncertain_are_told),
    };
    return cmocka_run_group_tests_name("worker.stall", tests, spine_open_schemas,
                                       spine_close_schemas);
}
