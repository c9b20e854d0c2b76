#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/incentives_scene.h"

#define BONUS(over, terms)                                                                         \
    HEAD("ae", "1")                                                                                \
    "  spif:\n    measure: {of: deals, sum: amount, role: [owner]}\n"                              \
    "    cancelled: {effect: recompute}\n    over: " over "\n    pays: {bonus: {" terms "}}\n"

static void scene(struct bench *bench, const char *plan)
{
    bench_must_plan(bench, "ae", 1, plan);
    bench_must_assign(bench, "person:jo", 1, "ae 2026-01-01 -");
    bench_must_assign(bench, "person:kim", 1, "ae 2026-01-01 -");
    bench_must_assign(bench, "person:al", 1, "ae 2026-01-01 -");
    bench_drain(bench);
}

static const char *spif(struct bench *bench, const char *participant)
{
    return earned(bench, participant, "spif", "2026-Q1");
}

/* --- the earliest --- */

static void a_limit_takes_the_earliest_whenever_they_come(void **state)
{
    struct bench *bench = *state;
    scene(bench, BONUS("quarter", "each: 100, limit: 2"));
    bench_must_deal(bench, "D-3 1 CLOSED 2026-03-03 10 person:jo/owner/50% person:kim/owner/50%");
    assert_string_equal(spif(bench, "person:jo"), "50");
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 10 person:jo/owner/100%");
    assert_string_equal(spif(bench, "person:jo"), "150");
    bench_must_deal(bench, "D-1 1 CLOSED 2026-01-03 10 person:jo/owner/100%");
    assert_string_equal(spif(bench, "person:jo"), "200"); /* D-3 is no longer among them */
    bench_must_deal(bench, "D-1 2 CANCELLED 2026-01-03 10 person:jo/owner/100%");
    assert_string_equal(spif(bench, "person:jo"), "150");
    assert_string_equal(spif(bench, "person:kim"), "50");
}

static void once_pays_the_first_of_a_window(void **state)
{
    struct bench *bench = *state;
    scene(bench, BONUS("quarter", "each: 100, once: window, limit: 3"));
    bench_must_deal(bench, "D-1 1 CLOSED 2026-01-03 10 person:jo/owner/100%");
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 10 person:jo/owner/100%");
    bench_must_deal(bench, "D-3 1 CLOSED 2026-04-03 10 person:jo/owner/100%");
    assert_string_equal(spif(bench, "person:jo"), "100");
    assert_string_equal(earned(bench, "person:jo", "spif", "2026-Q2"), "100");
}

static void without_a_limit_every_row_is_paid(void **state)
{
    struct bench *bench = *state;
    char words[80];
    scene(bench, BONUS("quarter", "each: 0.07"));
    for (int i = 0; i < 5; i++) {
        snprintf(words, sizeof words, "D-%d 1 CLOSED 2026-02-03 10 person:jo/owner/100%%", i);
        bench_must_deal(bench, words);
    }
    assert_string_equal(spif(bench, "person:jo"), "0.35");
}

static void a_deal_that_does_not_qualify_uses_up_no_limit(void **state)
{
    struct bench *bench = *state;
    scene(bench, BONUS("quarter", "each: 100, when: {quantity: \">= 10\"}, limit: 1"));
    bench_must_deal(bench, "D-1 1 CLOSED 2026-01-03 10 person:jo/owner/100% q=9");
    assert_string_equal(spif(bench, "person:jo"), "0");
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 10 person:jo/owner/100% q=10");
    assert_string_equal(spif(bench, "person:jo"), "100");
}

/* --- the odd cent --- */

static void the_odd_cent_goes_where_remainder_says(void **state)
{
    static const struct {
        const char *rules; /* NULL: none published */
        const char *jo;
        const char *kim;
        const char *al;
    } rows[] = {
        /* jo 33.3 %, kim 33.4 %, al 33.3 % of 100: 33.30, 33.40, 33.30; of 0.10: 3, 3, 3 */
        {NULL, "0.03", "0.04", "0.03"},
        {"remainder: largest-share\n", "0.03", "0.04", "0.03"},
        {"remainder: smallest-share\n", "0.04", "0.03", "0.03"},
        {"remainder: first\n", "0.04", "0.03", "0.03"},
        {"remainder: last\n", "0.03", "0.03", "0.04"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bench bench;
        bench_init(&bench);
        if (rows[i].rules)
            bench_must_control(&bench, "crediting", "all", 1, rows[i].rules, NULL, 0);
        scene(&bench, BONUS("quarter", "each: 0.10"));
        bench_must_deal(&bench, "D-1 1 CLOSED 2026-01-03 10 person:jo/owner/33.3% "
                                "person:kim/owner/33.4% person:al/owner/33.3%");
        assert_string_equal(spif(&bench, "person:jo"), rows[i].jo);
        assert_string_equal(spif(&bench, "person:kim"), rows[i].kim);
        assert_string_equal(spif(&bench, "person:al"), rows[i].al);
        bench_deinit(&bench);
    }
}

static void a_changed_remainder_moves_the_odd_cent(void **state)
{
    struct bench *bench = *state;
    scene(bench, BONUS("quarter", "each: 0.05"));
    bench_must_deal(bench, "D-1 1 CLOSED 2026-01-03 10 person:jo/owner/50% person:kim/owner/50%");
    assert_string_equal(spif(bench, "person:jo"), "0.03");
    assert_string_equal(spif(bench, "person:kim"), "0.02");
    bench_must_control(bench, "crediting", "all", 1, "remainder: last\n", NULL, 0);
    bench_drain(bench);
    bench_pass(bench);
    assert_string_equal(spif(bench, "person:jo"), "0.02");
    assert_string_equal(spif(bench, "person:kim"), "0.03");
}

static void who_stands_twice_in_a_role_takes_the_odd_cent_once(void **state)
{
    struct bench *bench = *state;
    scene(bench, BONUS("quarter", "each: 0.05"));
    bench_must_deal(bench, "D-1 1 CLOSED 2026-01-03 10 person:jo/owner/50% person:jo/owner/50%");
    assert_string_equal(spif(bench, "person:jo"), "0.05");
}

static void a_plan_that_comes_behind_the_deals_has_the_odd_cent_too(void **state)
{
    struct bench *bench = *state;
    bench_must_deal(bench, "D-1 1 CLOSED 2026-01-03 10 person:jo/owner/50% person:kim/owner/50%");
    scene(bench, BONUS("quarter", "each: 0.05"));
    bench_pass(bench);
    assert_string_equal(spif(bench, "person:jo"), "0.03");
    assert_string_equal(spif(bench, "person:kim"), "0.02");
}

static void roles_are_divided_each_for_itself(void **state)
{
    static const char plan[] =
        HEAD("ae", "1") "  spif:\n    measure: {of: deals, sum: amount}\n"
                        "    cancelled: {effect: recompute}\n    over: quarter\n"
                        "    pays: {bonus: {each: 0.05}}\n";
    struct bench *bench = *state;
    scene(bench, plan);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-01-03 10 person:jo/owner/50% person:kim/owner/50% "
                           "person:al/sdr/50%");
    assert_string_equal(spif(bench, "person:jo"), "0.03");
    assert_string_equal(spif(bench, "person:al"), "0.02"); /* nobody divides it with al */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_limit_takes_the_earliest_whenever_they_come),
        TEST(once_pays_the_first_of_a_window),
        TEST(without_a_limit_every_row_is_paid),
        TEST(a_deal_that_does_not_qualify_uses_up_no_limit),
        cmocka_unit_test(the_odd_cent_goes_where_remainder_says),
        TEST(a_changed_remainder_moves_the_odd_cent),
        TEST(who_stands_twice_in_a_role_takes_the_odd_cent_once),
        TEST(a_plan_that_comes_behind_the_deals_has_the_odd_cent_too),
        TEST(roles_are_divided_each_for_itself),
    };
    return cmocka_run_group_tests_name("engine.bonus", tests, NULL, NULL);
}
