#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "redis/tailer_scene.h"

#define KEY "t.milepost:{attainment:0}"

struct world {
    struct redis_scene *redis;
    struct scene_topic topic;
    struct scene_tailer one;
};

static int start(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    world->redis = scene_new();
    *state = world;
    return 0;
}

static int stop(void **state)
{
    struct world *world = *state;
    scene_free(world->redis);
    free(world);
    return 0;
}

/* A topic of 100 records that Redis shows. */
static int tailed(void **state)
{
    struct world *world = *state;
    scene_do(world->redis, "FLUSHALL");
    world->topic.first = world->topic.end = 0;
    topic_append(&world->topic, "g", 10, 100);
    scene_tailer_init(&world->one, world->redis, &world->topic, 1, 0);
    scene_settle(&world->one, 0);
    return 0;
}

static int end(void **state)
{
    struct world *world = *state;
    scene_tailer_deinit(&world->one);
    return 0;
}

static void expect_right(struct world *world, const char *header)
{
    scene_expect_header(world->one.model, header);
    assert_true(scene_shows(world->one.model, &world->topic, world->topic.end));
    assert_int_equal(scene_number(world->redis, "DBSIZE"), 1);
}

static void an_empty_redis_is_built_from_the_first_record(void **state)
{
    struct world *world = *state;
    expect_right(world, "g 100");
    assert_int_equal(tailer_counters(world->one.tailer).rebuilds, 1);
    topic_append(&world->topic, "g", 12, 5);
    scene_settle(&world->one, 1);
    expect_right(world, "g 105");
    assert_int_equal(tailer_counters(world->one.tailer).refusals, 0);
}

static void a_new_tailer_reads_on_from_the_header(void **state)
{
    struct world *world = *state;
    topic_append(&world->topic, "g", 10, 20);
    struct scene_tailer other;
    scene_tailer_init(&other, world->redis, &world->topic, 2, 0);
    scene_settle(&other, 0);
    expect_right(world, "g 120");
    assert_int_equal(tailer_counters(other.tailer).rebuilds, 0);
    scene_tailer_deinit(&other);
}

static void a_new_tailer_writes_nothing_that_is_there(void **state)
{
    struct world *world = *state;
    struct scene_tailer other;
    scene_tailer_init(&other, world->redis, &world->topic, 2, 0);
    scene_settle(&other, 0);
    assert_true(tailer_is_up_to_date(other.tailer));
    assert_int_equal(tailer_counters(other.tailer).writes, 0);
    assert_int_equal(other.seeks, 1);
    scene_tailer_deinit(&other);
}

static void at_most_500_entries_are_written_at_once(void **state)
{
    struct world *world = *state;
    struct tailer_counters before = tailer_counters(world->one.tailer);
    topic_append(&world->topic, "g", 40, 1300);
    scene_settle(&world->one, 1);
    expect_right(world, "g 1400");
    assert_int_equal(tailer_counters(world->one.tailer).writes - before.writes, 3);
}

static void a_flush_is_noticed_by_the_next_write(void **state)
{
    struct world *world = *state;
    scene_do(world->redis, "FLUSHALL");
    topic_append(&world->topic, "g", 10, 3);
    scene_settle(&world->one, 1);
    expect_right(world, "g 103");
    assert_int_equal(tailer_counters(world->one.tailer).rebuilds, 2);
}

static void a_flush_is_noticed_although_nothing_is_to_be_written(void **state)
{
    struct world *world = *state;
    scene_do(world->redis, "FLUSHALL");
    scene_settle(&world->one, TAILER_LOOK_AFTER_MS - 1);
    scene_expect_header(world->one.model, "");
    scene_settle(&world->one, TAILER_LOOK_AFTER_MS);
    expect_right(world, "g 100");
}

static void restore(struct redis_scene *redis, const redisReply *copy)
{
    freeReplyObject(scene_ask(redis, "RESTORE " KEY " 0 %b REPLACE", copy->str, (size_t)copy->len));
}

static void a_restored_old_copy_catches_up(void **state)
{
    struct world *world = *state;
    redisReply *copy = scene_ask(world->redis, "DUMP " KEY);
    topic_append(&world->topic, "g", 10, 30);
    scene_settle(&world->one, 1);
    restore(world->redis, copy);
    topic_append(&world->topic, "g", 3, 3);
    scene_settle(&world->one, 2);
    scene_expect_header(world->one.model, "g 100"); /* refused, and pausing */
    scene_settle(&world->one, 2 + 2 * TAILER_BACK_OFF_MS);
    expect_right(world, "g 133");
    assert_int_equal(tailer_counters(world->one.tailer).rebuilds, 1);
    restore(world->redis, copy);
    scene_settle(&world->one, 60000); /* this time nothing is to be written */
    expect_right(world, "g 133");
    freeReplyObject(copy);
}

static void a_refused_tailer_leaves_the_partition_alone_for_a_while(void **state)
{
    struct world *world = *state;
    struct scene_tailer other;
    scene_tailer_init(&other, world->redis, &world->topic, 2, 0);
    scene_settle(&other, 0);
    topic_append(&world->topic, "g", 10, 5);
    scene_settle(&world->one, 1);
    scene_settle(&other, 1);
    assert_int_equal(tailer_counters(other.tailer).refusals, 0); /* it wanted the very same */
    topic_append(&world->topic, "g", 10, 5);
    scene_feed(&other, 2); /* and now only a part of it */
    scene_settle(&world->one, 2);
    scene_step(&other, 2 + TAILER_WRITE_AFTER_MS);
    assert_int_equal(tailer_counters(other.tailer).refusals, 1);
    assert_int_equal(other.position, -1);
    scene_step(&other, 2 + TAILER_BACK_OFF_MS);
    assert_int_equal(other.position, -1);
    scene_settle(&other, 3 * TAILER_BACK_OFF_MS);
    assert_int_equal(other.position, 110);
    expect_right(world, "g 110");
    scene_tailer_deinit(&other);
}

static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

/* Whatever they do, the hash always shows exactly what its header says. */
static void expect_whole(struct world *world)
{
    char detail[DETAIL_BYTES] = "";
    struct read_model_header header;
    struct slice generation;
    int64_t offset;
    assert_int_equal(read_model_header(world->one.model, 0, &header, detail), STATUS_OK);
    if (read_model_header_get(&header, &generation, &offset))
        assert_true(scene_shows(world->one.model, &world->topic, offset));
}

static void any_number_of_tailers_may_run(void **state)
{
    enum { TAILERS = 3, ROUNDS = 1500 };
    struct world *world = *state;
    struct scene_tailer all[TAILERS];
    uint64_t seed = 20261124;
    print_message("seed %llu\n", (unsigned long long)seed);
    redisReply *copy = scene_ask(world->redis, "DUMP " KEY);
    for (int i = 0; i < TAILERS; i++)
        scene_tailer_init(&all[i], world->redis, &world->topic, (uint64_t)i + 2, 0);
    int64_t now_ms = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct scene_tailer *one = &all[draw(&seed) % TAILERS];
        now_ms += (int64_t)(draw(&seed) % 300);
        if (draw(&seed) % 8 == 0)
            topic_append(&world->topic, "g", 10, 1 + (int64_t)(draw(&seed) % 6));
        for (uint64_t feeds = draw(&seed) % 12; feeds > 0; feeds--)
            scene_feed(one, now_ms);
        scene_step(one, now_ms);
        if (draw(&seed) % 100 == 0)
            scene_do(world->redis, "FLUSHALL");
        if (draw(&seed) % 100 == 0)
            restore(world->redis, copy);
        expect_whole(world);
    }
    for (int i = 0; i < 2 * TAILERS; i++)
        scene_settle(&all[i % TAILERS], now_ms += 60000);
    assert_true(scene_shows(world->one.model, &world->topic, world->topic.end));
    for (int i = 0; i < TAILERS; i++) {
        assert_true(tailer_counters(all[i].tailer).writes > 0);
        scene_tailer_deinit(&all[i]);
    }
    freeReplyObject(copy);
}

static void a_server_that_restarts_empty_is_filled_again(void **state)
{
    struct world *world = *state;
    char detail[DETAIL_BYTES] = "";
    scene_stop(world->redis);
    topic_append(&world->topic, "g", 10, 3);
    for (int i = 0; i < 4; i++)
        scene_feed(&world->one, 1);
    assert_int_equal(tailer_step(world->one.tailer, 1, detail), STATUS_UNAVAILABLE);
    assert_int_equal(tailer_step(world->one.tailer, 2, detail), STATUS_UNAVAILABLE);
    scene_start(world->redis);
    scene_settle(&world->one, 1000);
    expect_right(world, "g 103");
}

static void a_lost_answer_is_asked_for_again(void **state)
{
    struct world *world = *state;
    char detail[DETAIL_BYTES] = "";
    struct scene_tailer other;
    scene_tailer_init(&other, world->redis, &world->topic, 2, 200);
    scene_settle(&other, 0);
    topic_append(&world->topic, "g", 10, 3);
    for (int i = 0; i < 4; i++)
        scene_feed(&other, 1);
    assert_int_equal(kill(world->redis->pid, SIGSTOP), 0);
    assert_int_equal(tailer_step(other.tailer, 1, detail), STATUS_UNAVAILABLE);
    assert_int_equal(kill(world->redis->pid, SIGCONT), 0);
    scene_do(world->redis, "PING");
    enum status status = STATUS_UNAVAILABLE;
    for (int64_t now_ms = 1; status && now_ms < 600000; now_ms += 10000) {
        status = read_model_connect(other.model, now_ms, detail);
        if (!status)
            status = tailer_step(other.tailer, now_ms, detail);
    }
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(tailer_counters(other.tailer).refusals, 0);
    expect_right(world, "g 103");
    scene_tailer_deinit(&other);
}

static void another_generation_is_built_anew(void **state)
{
    struct world *world = *state;
    static const int64_t ends[] = {3, 100, 140}; /* before, at and after the stored offset */
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        static const char *const names[] = {"h", "i", "j"};
        world->topic.end = 0;
        topic_append(&world->topic, names[i], 5, ends[i]);
        struct scene_tailer other;
        scene_tailer_init(&other, world->redis, &world->topic, 2, 0);
        scene_settle(&other, 0);
        char expected[32];
        snprintf(expected, sizeof expected, "%s %lld", names[i], (long long)ends[i]);
        expect_right(world, expected);
        assert_int_equal(tailer_counters(other.tailer).rebuilds, 1);
        scene_tailer_deinit(&other);
    }
}

static void a_generation_that_changes_under_way_is_built_once(void **state)
{
    struct world *world = *state;
    topic_append(&world->topic, "h", 10, 5);
    scene_settle(&world->one, 1);
    expect_right(world, "h 105");
    topic_append(&world->topic, "h", 10, 5);
    scene_settle(&world->one, 2);
    expect_right(world, "h 110");
    assert_int_equal(tailer_counters(world->one.tailer).rebuilds, 2);
}

/* A hundred records of g, then five of h, and the header says h 105. */
static void change_generation(struct world *world)
{
    topic_append(&world->topic, "h", 10, 5);
    scene_settle(&world->one, 1);
    expect_right(world, "h 105");
}

static void records_of_an_older_generation_before_the_header_rebuild_nothing(void **state)
{
    struct world *world = *state;
    change_generation(world);
    for (uint64_t draft = 2; draft < 5; draft++) {
        struct scene_tailer other;
        scene_tailer_init(&other, world->redis, &world->topic, draft, 0);
        topic_append(&world->topic, "h", 10, 1);
        scene_settle(&other, 2);
        assert_int_equal(tailer_counters(other.tailer).rebuilds, 0);
        assert_int_equal(tailer_counters(other.tailer).writes, 1);
        scene_tailer_deinit(&other);
    }
    expect_right(world, "h 108");
}

static void two_tailers_rebuild_a_changed_generation_once_each_at_most(void **state)
{
    enum { ROUNDS = 400 };
    struct world *world = *state;
    struct scene_tailer other;
    scene_tailer_init(&other, world->redis, &world->topic, 2, 0);
    scene_settle(&other, 0);
    uint64_t seed = 20261125;
    int64_t now_ms = 0;
    topic_append(&world->topic, "h", 10, 5);
    for (int round = 0; round < ROUNDS; round++) {
        struct scene_tailer *one = draw(&seed) % 2 ? &other : &world->one;
        now_ms += (int64_t)(draw(&seed) % 300);
        topic_append(&world->topic, "h", 10, (int64_t)(draw(&seed) % 3));
        for (uint64_t feeds = draw(&seed) % 12; feeds > 0; feeds--)
            scene_feed(one, now_ms);
        scene_step(one, now_ms);
    }
    for (int i = 0; i < 4; i++)
        scene_settle(i % 2 ? &other : &world->one, now_ms += 60000);
    assert_true(scene_shows(world->one.model, &world->topic, world->topic.end));
    assert_true(tailer_counters(world->one.tailer).refusals > 0);
    assert_in_range(tailer_counters(world->one.tailer).rebuilds, 1, 2);
    assert_in_range(tailer_counters(other.tailer).rebuilds, 0, 1);
    scene_tailer_deinit(&other);
}

/* The header's last record gave way to a newer one behind it, and what is before it is older. */
static void a_header_whose_record_was_compacted_is_proved_by_the_next(void **state)
{
    struct world *world = *state;
    static const struct {
        const char *next;
        int64_t rebuilds;
    } cases[] = {{"h", 0}, {"i", 1}};
    change_generation(world);
    for (int64_t i = 100; i < 105; i++)
        world->topic.records[i].generation = NULL;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        world->topic.end = 105;
        freeReplyObject(scene_ask(world->redis, "HSET " KEY " #header %s", "h 105"));
        for (int64_t k = 0; k < 5; k++) {
            int key = world->topic.records[100 + k].key;
            topic_append(&world->topic, cases[i].next, 10, 1);
            world->topic.records[105 + k].key = key;
        }
        struct scene_tailer other;
        scene_tailer_init(&other, world->redis, &world->topic, 2 + i, 0);
        scene_settle(&other, 2);
        assert_true(scene_shows(world->one.model, &world->topic, world->topic.end));
        assert_int_equal(tailer_counters(other.tailer).rebuilds, cases[i].rebuilds);
        scene_tailer_deinit(&other);
    }
}

/* A topic made anew that has outgrown the old header, with records that were still written under
 * the old generation at its front. */
static void
a_header_of_an_earlier_topic_is_built_over_although_its_generation_is_there(void **state)
{
    struct world *world = *state;
    world->topic.end = 0;
    topic_append(&world->topic, "g", 10, 2);
    topic_append(&world->topic, "h", 10, 100);
    struct scene_tailer other;
    scene_tailer_init(&other, world->redis, &world->topic, 2, 0);
    scene_settle(&other, 0);
    expect_right(world, "h 102");
    assert_int_equal(tailer_counters(other.tailer).rebuilds, 1);
    scene_tailer_deinit(&other);
}

static void a_draft_takes_its_place_also_when_the_end_runs_away(void **state)
{
    struct world *world = *state;
    scene_do(world->redis, "HSET " KEY " #header old");
    struct scene_tailer other;
    scene_tailer_init(&other, world->redis, &world->topic, 2, 0);
    scene_step(&other, 0);
    for (int i = 0; i < 99; i++)
        scene_feed(&other, 0);
    topic_append(&world->topic, "g", 10, 10);
    scene_step(&other, TAILER_WRITE_AFTER_MS);
    scene_expect_header(world->one.model, "old");
    scene_feed(&other, TAILER_WRITE_AFTER_MS);
    topic_append(&world->topic, "g", 10, 10);
    scene_step(&other, 2 * TAILER_WRITE_AFTER_MS);
    scene_expect_header(world->one.model, "g 100");
    scene_settle(&other, 3 * TAILER_WRITE_AFTER_MS);
    expect_right(world, "g 120");
    scene_tailer_deinit(&other);
}

static void a_log_that_begins_behind_the_header_is_built_anew(void **state)
{
    struct world *world = *state;
    topic_append(&world->topic, "g", 10, 50);
    world->topic.first = 101;
    struct scene_tailer other;
    scene_tailer_init(&other, world->redis, &world->topic, 2, 0);
    scene_settle(&other, 0);
    expect_right(world, "g 150");
    assert_int_equal(tailer_counters(other.tailer).rebuilds, 1);
    scene_tailer_deinit(&other);
}

static void a_log_that_ends_before_the_header_is_built_anew(void **state)
{
    struct world *world = *state;
    world->topic.end = 60;
    tailer_restart(world->one.tailer, 0); /* its source says: out of range */
    scene_settle(&world->one, 1);
    expect_right(world, "g 60");
    assert_int_equal(tailer_counters(world->one.tailer).rebuilds, 2);
}

static void a_header_of_somebody_else_is_built_over(void **state)
{
    struct world *world = *state;
    scene_do(world->redis, "HSET " KEY " #header mine");
    scene_settle(&world->one, TAILER_LOOK_AFTER_MS);
    expect_right(world, "g 100");
}

static void an_empty_topic_shows_nothing_until_its_first_record(void **state)
{
    struct world *world = *state;
    world->topic.end = 0;
    struct scene_tailer other;
    scene_tailer_init(&other, world->redis, &world->topic, 2, 0);
    for (int i = 0; i < 10; i++) {
        scene_step(&other, 0);
        scene_feed(&other, 0);
    }
    assert_int_equal(scene_number(world->redis, "DBSIZE"), 0);
    topic_append(&world->topic, "h", 10, 2);
    scene_settle(&other, 1);
    expect_right(world, "h 2");
    scene_tailer_deinit(&other);
}

static void a_draft_that_is_flushed_is_begun_anew(void **state)
{
    struct world *world = *state;
    scene_do(world->redis, "FLUSHALL");
    topic_append(&world->topic, "g", 20, 1000);
    struct scene_tailer other;
    scene_tailer_init(&other, world->redis, &world->topic, 2, 0);
    scene_step(&other, 0);
    while (scene_feed(&other, 0))
        continue;
    scene_step(&other, 0);
    assert_int_equal(tailer_counters(other.tailer).writes, 1);
    scene_do(world->redis, "FLUSHALL");
    scene_settle(&other, 0);
    expect_right(world, "g 1100");
    scene_tailer_deinit(&other);
}

#define RULE(test) cmocka_unit_test_setup_teardown(test, tailed, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(an_empty_redis_is_built_from_the_first_record),
        RULE(a_new_tailer_reads_on_from_the_header),
        RULE(a_new_tailer_writes_nothing_that_is_there),
        RULE(at_most_500_entries_are_written_at_once),
        RULE(a_flush_is_noticed_by_the_next_write),
        RULE(a_flush_is_noticed_although_nothing_is_to_be_written),
        RULE(a_restored_old_copy_catches_up),
        RULE(a_refused_tailer_leaves_the_partition_alone_for_a_while),
        RULE(any_number_of_tailers_may_run),
        RULE(a_server_that_restarts_empty_is_filled_again),
        RULE(a_lost_answer_is_asked_for_again),
        RULE(another_generation_is_built_anew),
        RULE(a_generation_that_changes_under_way_is_built_once),
        RULE(records_of_an_older_generation_before_the_header_rebuild_nothing),
        RULE(two_tailers_rebuild_a_changed_generation_once_each_at_most),
        RULE(a_header_whose_record_was_compacted_is_proved_by_the_next),
        RULE(a_header_of_an_earlier_topic_is_built_over_although_its_generation_is_there),
        RULE(a_draft_takes_its_place_also_when_the_end_runs_away),
        RULE(a_log_that_begins_behind_the_header_is_built_anew),
        RULE(a_log_that_ends_before_the_header_is_built_anew),
        RULE(a_header_of_somebody_else_is_built_over),
        RULE(an_empty_topic_shows_nothing_until_its_first_record),
        RULE(a_draft_that_is_flushed_is_begun_anew),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
