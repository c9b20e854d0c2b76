/* What is accepted and refused in `milestones` (PLAN-LANGUAGE section 4), and what its terms say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/mechanics/milestones.h"
#include "plan/plan_lines.h"

#define OVER(over)                                                                                 \
    MAIN("of: deals, sum: amount") "    cancelled: {effect: recompute}\n    over: " over "\n"
/* Line 15: `award` stands in column 25, the first row's first key in column 72. */
#define LADDER(over, rows, more)                                                                   \
    OVER(over)                                                                                     \
    "    pays: {milestones: {award: each, boundary: reached, table: [" rows "]" more "}}\n"
#define BY(over, by) LADDER(over, "{reach: 5, give: 1, by: " by "}", "")

static const struct line_row rows[] = {
    {"a series",
     LADDER("quarter", "{name: a, reach: 5, give: 1}, {name: b, reach: 10, give: 2%}", ""), NULL,
     NULL, NULL},
    {"milestones must say award",
     OVER("quarter") "    pays: {milestones: {boundary: reached, table: [{reach: 5, give: 1}]}}\n",
     "15:12", "must-say", "highest"},
    {"milestones must say boundary",
     OVER("quarter") "    pays: {milestones: {award: each, table: [{reach: 5, give: 1}]}}\n",
     "15:12", "must-say", "passed"},
    {"milestones need a table",
     OVER("quarter") "    pays: {milestones: {award: each, boundary: passed}}\n", "15:12",
     "missing-key", NULL},
    {"an empty table", LADDER("quarter", "", ""), "15:64", "bad-value", NULL},
    {"two of one threshold, by other deadlines",
     LADDER("quarter",
            "{name: a, reach: 5, give: 2, by: end of month 1}, {name: b, reach: 5, give: 1}", ""),
     NULL, NULL, NULL},
    {"two of one name",
     LADDER("quarter", "{name: a, reach: 5, give: 1}, {name: a, reach: 9, give: 1}", ""), "15:102",
     "twice", NULL},
    {"two of one threshold without names",
     LADDER("quarter", "{reach: 5, give: 1}, {reach: 5, give: 2}", ""), "15:86", "twice", "name:"},
    {"a threshold of 0", LADDER("quarter", "{reach: 0, give: 1}", ""), "15:73", "bad-value", NULL},
    {"the smallest threshold", LADDER("quarter", "{reach: 0.000000001, give: 1}", ""), NULL, NULL,
     NULL},
    {"a threshold that is a share", LADDER("quarter", "{reach: 50%, give: 1}", ""), "15:73",
     "bad-number", NULL},
    {"what is not given", LADDER("quarter", "{reach: 50}", ""), "15:65", "missing-key", NULL},
    {"the last month of a quarter", BY("quarter", "end of month 3"), NULL, NULL, NULL},
    {"the fourth month of a quarter", BY("quarter", "end of month 4"), "15:89", "bad-value",
     "end of window"},
    {"month 0", BY("quarter", "end of month 0"), "15:89", "bad-value", NULL},
    {"the one month of a month", BY("month", "end of month 1"), NULL, NULL, NULL},
    {"the second month of a month", BY("month", "end of month 2"), "15:89", "bad-value", NULL},
    {"the sixth month of a half", BY("half", "end of month 6"), NULL, NULL, NULL},
    {"the twelfth month of a year", BY("year", "end of month 12"), NULL, NULL, NULL},
    {"the thirteenth month of a year", BY("year", "end of month 13"), "15:89", "bad-value", NULL},
    {"the last month of a plan of a year", BY("plan", "end of month 12"), NULL, NULL, NULL},
    {"a month behind the plan", BY("plan", "end of month 13"), "15:89", "bad-value", NULL},
    {"the end of the window", BY("quarter", "end of window"), NULL, NULL, NULL},
    {"by a date", BY("quarter", "2026-03-31"), NULL, NULL, NULL},
    {"by a date that is none", BY("quarter", "2026-02-30"), "15:89", "bad-value", "2026-03-31"},
    {"a deal has no deadline", BY("deal", "end of window"), "15:89", "bad-value", NULL},
    {"a deal alone is a milestone", LADDER("deal", "{reach: 5, give: 1}", ""), NULL, NULL, NULL},
    {"late pays nothing", LADDER("quarter", "{reach: 5, give: 1}", ", late: nothing"), NULL, NULL,
     NULL},
    {"late pays half", LADDER("quarter", "{reach: 5, give: 1}", ", late: 50%"), NULL, NULL, NULL},
    {"late takes nothing away", LADDER("quarter", "{reach: 5, give: 1}", ", late: -1%"), "15:93",
     "bad-value", NULL},
    {"late carries its percent", LADDER("quarter", "{reach: 5, give: 1}", ", late: 0.5"), "15:93",
     "bad-number", NULL},
    {"an award that is none",
     OVER("quarter") "    pays: {milestones: {award: all, boundary: reached, table: [{reach: 5, "
                     "give: 1}]}}\n",
     "15:32", "bad-word", NULL},
};

static void says_what_the_table_says(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    const struct plan *plan = plan_of(
        &scene, OVER("quarter") "    pays:\n      milestones:\n        award: highest\n        "
                                "boundary: passed\n        late: 25%\n        table:\n          - "
                                "{name: first, reach: 100000, by: end of month 2, give: 1000.50}\n"
                                "          - {reach: 250000, by: 2026-03-31, give: 2%}\n"
                                "          - {name: last, reach: 500000, by: end of window, give: "
                                "5000}\n          - {name: open, reach: 600000, give: 1}\n");
    const struct milestones_terms *terms = plan->components[0].terms;
    assert_int_equal(terms->count, 4);
    assert_true(terms->is_highest && terms->is_passed);
    assert_true(terms->late.units == scene_decimal("0.25").units);
    const struct milestone_step *steps = terms->steps;
    assert_true(slice_equal(steps[0].name, SLICE("first")));
    assert_true(steps[0].reach == 100000 * MEASURE_ONE);
    assert_int_equal(steps[0].by, DEADLINE_MONTH_END);
    assert_int_equal(steps[0].month, 2);
    assert_true(!steps[0].gives_share && steps[0].give.units == scene_decimal("1000.5").units);
    assert_true(slice_equal(steps[1].name, SLICE("250000")));
    assert_int_equal(steps[1].by, DEADLINE_DATE);
    int32_t april;
    assert_int_equal(date_parse(SLICE("2026-04-01"), &april), STATUS_OK);
    assert_int_equal(steps[1].until, april);
    assert_true(steps[1].gives_share && steps[1].give.units == scene_decimal("2%").units);
    assert_int_equal(steps[2].by, DEADLINE_WINDOW_END);
    assert_int_equal(steps[3].by, DEADLINE_NONE);
    scene_deinit(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(says_what_the_table_says)};
    return RUN_CASES(rows, says) +
           cmocka_run_group_tests_name("plan.refusals.milestones", tests, NULL, NULL);
}
