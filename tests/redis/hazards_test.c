#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "redis/tailer_scene.h"

/* KAFKA-AND-REDIS.md H1: a tailer that is behind by a flush writes what is new to it. */
static bool shows_after_a_flush(bool is_watermark)
{
    redis_hazard_watermark = is_watermark;
    struct redis_scene *redis = scene_new();
    struct scene_topic *topic = calloc(1, sizeof *topic);
    assert_non_null(topic);
    topic_append(topic, "g", 10, 100);
    struct scene_tailer one;
    scene_tailer_init(&one, redis, topic, 1, 0);
    scene_settle(&one, 0);
    assert_true(scene_shows(one.model, topic, topic->end));
    scene_do(redis, "FLUSHALL");
    topic_append(topic, "g", 10, 3);
    scene_settle(&one, 1);
    scene_expect_header(one.model, "g 103");
    bool is_right = scene_shows(one.model, topic, topic->end);
    scene_tailer_deinit(&one);
    free(topic);
    scene_free(redis);
    redis_hazard_watermark = false;
    return is_right;
}

static void a_watermark_claims_what_it_does_not_hold(void **state)
{
    (void)state;
    assert_false(shows_after_a_flush(true));
}

static void compare_and_set_holds_what_it_claims(void **state)
{
    (void)state;
    assert_true(shows_after_a_flush(false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_watermark_claims_what_it_does_not_hold),
        cmocka_unit_test(compare_and_set_holds_what_it_claims),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
