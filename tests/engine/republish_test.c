/* Attainment that is published again: under a new generation, or because control asks for it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/incentives_scene.h"

/* Two people with a window each, two deals and a year: seven keys, all of them published. */
static void publish_seven_keys(struct bench *bench)
{
    bench_must_plan(bench, "ae", 1, deal_plan);
    bench_must_assign(bench, "person:jo", 1, "ae 2026-01-01 -");
    bench_must_deal(bench, "D-1 1 CLOSED 2026-05-03 100 person:jo/owner/100% +1/core/100");
    bench_must_deal(bench, "D-2 1 CLOSED 2026-05-03 100 person:jo/owner/100% +1/core/100");
    bench_must_plan(bench, "quarterly", 1, HEAD("quarterly", "1") RATE("10%"));
    bench_must_assign(bench, "person:al", 1, "quarterly 2026-01-01 -");
    bench_must_deal(bench, "D-3 1 CLOSED 2026-02-03 1000 person:al/owner/100%");
    bench_must_deal(bench, "D-4 1 CLOSED 2026-05-03 1000 person:al/owner/100%");
    bench_drain(bench);
    bench_publish(bench);
    assert_int_equal(bench->attainments.count, 7);
}

/* A control record with the setting attainment-generation, or none. */
static void give_control(struct bench *bench, const char *kind, int64_t version,
                         const char *generation)
{
    struct setting setting = {SLICE("attainment-generation"), slice_of(generation)};
    bench_must_control(bench, kind, kind, version, "", &setting, generation[0] ? 1 : 0);
}

/* How many of the views from `first` on carry the generation, each key counted once. */
static size_t count_keys(struct bench *bench, size_t first, const char *generation)
{
    size_t count = 0;
    struct attainment_key {
        char text[200];
    } seen[32];
    for (size_t i = first; i < bench->attainments.count; i++) {
        struct attainment view;
        arena_reset(&bench->facts);
        bench_read(&bench->attainments, i, &attainment_shape, &bench->facts, &view);
        if (!slice_equal(view.generation, slice_of(generation)))
            continue;
        assert_true(count < 32);
        snprintf(seen[count].text, sizeof seen[count].text, "%.*s %.*s %.*s %.*s",
                 SLICE_ARGS(view.participant), SLICE_ARGS(view.plan), SLICE_ARGS(view.component),
                 SLICE_ARGS(view.window));
        bool is_new = true;
        for (size_t k = 0; k < count; k++)
            is_new &= strcmp(seen[k].text, seen[count].text) != 0;
        count += is_new;
    }
    return count;
}

static void a_new_generation_publishes_every_key_again(void **state)
{
    struct bench *bench = *state;
    publish_seven_keys(bench);
    give_control(bench, "topics", 1, "G2");
    assert_int_equal(bench_counters(bench, BENCH_INCENTIVES).queued, 1);
    bench_drain(bench);
    assert_int_equal(bench_counters(bench, BENCH_INCENTIVES).pending, 7);
    bench_publish(bench);
    assert_int_equal(bench->attainments.count, 14);
    assert_int_equal(count_keys(bench, 7, "G2"), 7);
    assert_int_equal(bench->payouts.count, 8); /* the year was paid twice */
    assert_int_equal(held(bench), 0);
}

static void the_same_generation_again_publishes_nothing(void **state)
{
    struct bench *bench = *state;
    publish_seven_keys(bench);
    give_control(bench, "topics", 1, "G");
    give_control(bench, "topics", 2, "");
    bench_drain(bench);
    bench_publish(bench);
    assert_int_equal(bench->attainments.count, 7);
}

static void republish_makes_every_key_pending_each_time(void **state)
{
    struct bench *bench = *state;
    publish_seven_keys(bench);
    for (int64_t version = 1; version <= 2; version++) {
        size_t before = bench->attainments.count;
        give_control(bench, "republish", version, "");
        bench_drain(bench);
        bench_publish(bench);
        assert_int_equal(bench->attainments.count, before + 7);
        assert_int_equal(count_keys(bench, before, "G"), 7);
    }
    assert_int_equal(bench->payouts.count, 8); /* the year was paid twice */
}

static void at_most_so_many_keys_are_published_at_once(void **state)
{
    struct bench *bench = *state;
    publish_seven_keys(bench);
    give_control(bench, "republish", 1, "");
    bench_drain(bench);
    struct fold *fold = bench->folds[BENCH_INCENTIVES];
    static const size_t counts[] = {10, 13, 14, 14};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct outbox outbox = bench_outbox(bench);
        bool more;
        bench_begin(bench);
        assert_int_equal(fold->publish(fold->self, 3, &outbox, &more, bench->detail), STATUS_OK);
        bench_keep(bench);
        assert_int_equal(bench->attainments.count, counts[i]);
        assert_int_equal(more, counts[i] < 14);
    }
}

static void republishing_goes_on_after_a_restart_beside_fresh_events(void **state)
{
    struct bench *bench = *state;
    publish_seven_keys(bench);
    give_control(bench, "topics", 1, "G2");
    struct fold *fold = bench->folds[BENCH_INCENTIVES];
    struct outbox outbox = bench_outbox(bench);
    bool more;
    bench_begin(bench);
    assert_int_equal(fold->drain(fold->self, 1, &outbox, &more, bench->detail), STATUS_OK);
    bench_keep(bench);
    assert_true(more);
    bench_publish(bench); /* person:al's two */
    assert_int_equal(count_keys(bench, 7, "G2"), 2);
    bench_restart(bench);
    bench_must_deal(bench, "D-5 1 CLOSED 2026-05-03 500 person:al/owner/100%");
    bench_must_deal(bench, "D-6 1 CLOSED 2026-08-03 500 person:al/owner/100%");
    assert_string_equal(paid(bench, 1), "EARNED 50 of 150 #2");
    bench_drain(bench);
    bench_publish(bench);
    assert_int_equal(count_keys(bench, 7, "G2"), 8);
    assert_int_equal(bench->attainments.count, 7 + 2 + 2 + 5);
    assert_int_equal(held(bench), 0);
}

static void a_fresh_event_of_a_key_to_be_republished_makes_one_record(void **state)
{
    struct bench *bench = *state;
    publish_seven_keys(bench);
    give_control(bench, "republish", 1, "");
    bench_drain(bench);
    bench_must_deal(bench, "D-5 1 CLOSED 2026-05-03 500 person:al/owner/100%");
    assert_int_equal(bench_counters(bench, BENCH_INCENTIVES).pending, 7);
    bench_publish(bench);
    assert_int_equal(bench->attainments.count, 14);
    bench_must_deal(bench, "D-6 1 CLOSED 2026-05-03 500 person:al/owner/100%");
    bench_publish(bench);
    assert_int_equal(bench->attainments.count, 15);
}

static void a_turn_that_is_undone_takes_its_part_of_the_republishing_back(void **state)
{
    struct bench *bench = *state;
    publish_seven_keys(bench);
    give_control(bench, "republish", 1, "");
    struct fold *fold = bench->folds[BENCH_INCENTIVES];
    struct outbox outbox = bench_outbox(bench);
    bool more;
    bench_begin(bench);
    assert_int_equal(fold->drain(fold->self, 5, &outbox, &more, bench->detail), STATUS_OK);
    assert_int_equal(fold->publish(fold->self, 2, &outbox, &more, bench->detail), STATUS_OK);
    bench_undo(bench);
    assert_int_equal(bench->attainments.count, 7);
    bench_drain(bench);
    bench_publish(bench);
    assert_int_equal(bench->attainments.count, 14);
    assert_int_equal(count_keys(bench, 7, "G"), 7);
}

/* A queued plan excuses what a book that is read anew differs by; this change moves nothing. */
static void a_book_that_differs_is_held_also_while_republishing(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    tear_emitted(bench, 70);
    bench_restart(bench);
    give_control(bench, "republish", 1, "");
    bench_must_deal(bench, "D-2 1 CLOSED 2026-05-03 1000 person:jo/owner/100%");
    assert_int_equal(held(bench), 1);
    bench_drain(bench);
    assert_int_equal(bench->payouts.count, 2);
    assert_true(emitted(bench, "all", "2026-Q1").earned.units == decimal_of(70).units);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_generation_publishes_every_key_again),
        TEST(the_same_generation_again_publishes_nothing),
        TEST(republish_makes_every_key_pending_each_time),
        TEST(at_most_so_many_keys_are_published_at_once),
        TEST(republishing_goes_on_after_a_restart_beside_fresh_events),
        TEST(a_fresh_event_of_a_key_to_be_republished_makes_one_record),
        TEST(a_turn_that_is_undone_takes_its_part_of_the_republishing_back),
        TEST(a_book_that_differs_is_held_also_while_republishing),
    };
    return cmocka_run_group_tests_name("engine.republish", tests, NULL, NULL);
}
