/* The mechanics `bonus`, `contest` and `pool` (PLAN-LANGUAGE section 4): what their terms say, and
 * what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/mechanics/bonus.h"
#include "plan/mechanics/contest.h"
#include "plan/mechanics/pool.h"
#include "plan/plan_lines.h"

#define BONUS(bonus)     DEALS "    pays: {bonus: {" bonus "}}\n"
#define SETTLES          ", settles: window-end, after-settling: final"
#define CONTEST(contest) DOWNLINE("contest: {" contest SETTLES "}")
#define POOL(pool)       DOWNLINE("pool: {" pool SETTLES "}")

static const struct line_row rows[] = {
    /* --- bonus --- */
    {"a bonus for each deal", BONUS("each: 250"), NULL, NULL, NULL},
    {"a bonus for large deals of a product",
     BONUS("each: 250, when: {quantity: \">= 10\", product: xscan, attribute.new: [a, b]}"), NULL,
     NULL, NULL},
    {"a quantity is compared", BONUS("each: 250, when: {quantity: 10}"), "15:48", "bad-value",
     ">= 1000"},
    {"a deal has no phase", BONUS("each: 250, when: {phase: a}"), "15:38", "unknown-key", NULL},
    {"a bonus of a share", BONUS("each: 5%"), "15:26", "bad-number", NULL},
    {"a bonus needs each", BONUS("limit: 3"), "15:12", "missing-key", NULL},
    {"one bonus", BONUS("each: 250, limit: 1"), NULL, NULL, NULL},
    {"no bonus", BONUS("each: 250, limit: 0"), "15:38", "bad-value", NULL},
    {"once a window", BONUS("each: 250, once: window"), NULL, NULL, NULL},
    {"once a year", BONUS("each: 250, once: year"), "15:37", "bad-word", NULL},
    {"a bonus for results", RESULTS("bonus: {each: 250}"), "14:12", "bad-value", NULL},
    /* --- contest --- */
    {"prizes for the first three", CONTEST("rank-by: measure, ties: each, awards: [5, 3, 1]"), NULL,
     NULL, NULL},
    {"prizes by attainment",
     SCENE_HEAD "components:\n  main:\n    over: quarter\n    pays: {contest: {rank-by: "
                "{attainment-of: revenue}, ties: earliest, awards: [5]" SETTLES "}}\n",
     NULL, NULL, NULL},
    {"prizes by measure need one",
     SCENE_HEAD
     "components:\n  main:\n    over: quarter\n    pays: {contest: {rank-by: measure, ties: "
     "earliest, awards: [5]" SETTLES "}}\n",
     "13:12", "bad-value", "downline-deals"},
    {"a prize for the first", CONTEST("first-to: 50, awards: [500]"), NULL, NULL, NULL},
    {"a prize for the first to 0", CONTEST("first-to: 0, awards: [500]"), "15:32", "bad-value",
     NULL},
    {"ranked and first", CONTEST("rank-by: measure, first-to: 1, ties: each, awards: [500]"),
     "15:12", "bad-value", NULL},
    {"neither ranked nor first", CONTEST("ties: each, awards: [500]"), "15:12", "bad-value",
     "first-to"},
    {"ranks must say ties", CONTEST("rank-by: measure, awards: [500]"), "15:12", "must-say",
     "earliest"},
    {"a contest must say settles",
     DOWNLINE("contest: {first-to: 5, awards: [500], after-settling: final}"), "15:12", "must-say",
     "window-end"},
    {"a contest must say after-settling",
     DOWNLINE("contest: {first-to: 5, awards: [500], settles: window-end}"), "15:12", "must-say",
     "recompute"},
    {"no prize", CONTEST("first-to: 5, awards: []"), "15:43", "bad-value", NULL},
    {"a prize of nothing", CONTEST("first-to: 5, awards: [0]"), "15:44", "bad-value", NULL},
    {"a prize of half a cent", CONTEST("first-to: 5, awards: [0.005]"), "15:44", "too-precise",
     NULL},
    {"a contest of one's own deals",
     DEALS "    pays: {contest: {first-to: 5, awards: [5]" SETTLES "}}\n", "15:12", "bad-value",
     "downline-deals"},
    {"a contest by deals",
     MAIN("of: downline-deals, sum: amount") "    cancelled: {effect: recompute}\n    over: deal\n "
                                             "   "
                                             "pays: {contest: {first-to: 5, awards: [5]" SETTLES
                                             "}}\n",
     "15:12", "bad-value", "over: quarter"},
    /* --- pool --- */
    {"a pool", POOL("budget: 100000, share: pro-rata"), NULL, NULL, NULL},
    {"a pool of claims", POOL("budget: 100000, share: {scale-down: {claim: 2%}}"), NULL, NULL,
     NULL},
    {"a pool of no claims", POOL("budget: 100000, share: {scale-down: {claim: 0%}}"), "15:63",
     "bad-value", NULL},
    {"a pool must say share", POOL("budget: 100000"), "15:12", "must-say", "scale-down"},
    {"a pool must say after-settling",
     DOWNLINE("pool: {budget: 5, share: pro-rata, settles: window-end}"), "15:12", "must-say",
     "recompute"},
    {"a pool of nothing", POOL("budget: 0, share: pro-rata"), "15:27", "bad-value", NULL},
    {"a pool of one's own deals",
     DEALS "    pays: {pool: {budget: 5, share: pro-rata" SETTLES "}}\n", "15:12", "bad-value",
     NULL},
};

static void a_bonus_says_its_limit(void **state)
{
    (void)state;
    static const struct {
        const char *plan;
        int limit;
    } cases[] = {
        {BONUS("each: 250"), 0},
        {BONUS("each: 250, limit: 3"), 3},
        {BONUS("each: 250, once: window"), 1},
        {BONUS("each: 250, once: window, limit: 3"), 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct scene scene;
        scene_init(&scene);
        const struct bonus_terms *terms = plan_of(&scene, cases[i].plan)->components[0].terms;
        assert_int_equal(terms->limit, cases[i].limit);
        assert_true(terms->each.units == decimal_of(250).units);
        scene_deinit(&scene);
    }
}

static void a_quantity_is_the_rows(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    const struct bonus_terms *terms =
        plan_of(&scene, BONUS("each: 1, when: {quantity: \">= 10\"}"))->components[0].terms;
    struct condition_subject subject = {.has_quantity = true, .quantity = decimal_of(10)};
    assert_int_equal(terms->condition_count, 1);
    assert_true(condition_fits(&terms->conditions[0], &subject));
    subject.quantity = scene_decimal("9.99");
    assert_false(condition_fits(&terms->conditions[0], &subject));
    subject = (struct condition_subject){.quantity = decimal_of(10)};
    assert_false(condition_fits(&terms->conditions[0], &subject));
    scene_deinit(&scene);
}

static void says_what_contests_and_pools_say(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    const struct contest_terms *contest =
        plan_of(&scene, CONTEST("rank-by: measure, ties: earliest, awards: [5000, 0.01]"))
            ->components[0]
            .terms;
    assert_int_equal(contest->by, CONTEST_BY_MEASURE);
    assert_int_equal(contest->count, 2);
    assert_int_equal(contest->awards[0], 500000);
    assert_int_equal(contest->awards[1], 1);
    assert_int_equal(contest->ties, TIES_EARLIEST);
    assert_true(contest->is_final);
    const struct contest_terms *first =
        plan_of(&scene, CONTEST("first-to: 50, awards: [1]"))->components[0].terms;
    assert_int_equal(first->by, CONTEST_FIRST_TO);
    assert_true(first->first_to == 50 * MEASURE_ONE);
    const struct pool_terms *pool =
        plan_of(&scene, DOWNLINE("pool: {budget: 1000, share: {scale-down: {claim: 2%}}, settles: "
                                 "window-end, after-settling: recompute}"))
            ->components[0]
            .terms;
    assert_int_equal(pool->budget, 100000);
    assert_true(pool->is_scaled_down && pool->claim.units == scene_decimal("2%").units);
    assert_false(pool->is_final);
    scene_deinit(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bonus_says_its_limit),
        cmocka_unit_test(a_quantity_is_the_rows),
        cmocka_unit_test(says_what_contests_and_pools_say),
    };
    return RUN_CASES(rows, says) +
           cmocka_run_group_tests_name("plan.mechanics.contest", tests, NULL, NULL);
}
