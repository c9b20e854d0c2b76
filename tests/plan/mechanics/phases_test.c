/* The mechanics `phases`, `progress` and `level` (PLAN-LANGUAGE section 4): what their terms say,
 * and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/mechanics/level.h"
#include "plan/mechanics/phases.h"
#include "plan/mechanics/progress.h"
#include "plan/plan_lines.h"

/* Line 15: the mechanic stands in column 12, the first row of a table in column 56. */
#define OVER(measure, over)                                                                        \
    MAIN("of: " measure) "    cancelled: {effect: recompute}\n    over: " over "\n"
#define TABLE(of, table, more) MILESTONES("phases: {of: " of ", table: " table more "}")
#define SHARES(table, more)    TABLE("contract-value", table, more)
#define LEVEL(level, over)                                                                         \
    SCENE_HEAD "components:\n  main:\n    over: " over "\n    pays: {level: {" level "}}\n"

static const struct line_row rows[] = {
    {"phases total 100 %", SHARES("[{phase: a, give: 30%}, {phase: b, give: 70%}]", ""), NULL, NULL,
     NULL},
    {"phases total 99 %", SHARES("[{phase: a, give: 30%}, {phase: b, give: 69%}]", ""), "15:48",
     "not-100-percent", NULL},
    {"phases total 101 %", SHARES("[{phase: a, give: 30%}, {phase: b, give: 71%}]", ""), "15:48",
     "not-100-percent", NULL},
    {"phases of a part", SHARES("[{phase: a, give: 30%}]", ", partial: true"), NULL, NULL, NULL},
    {"phases of no part", SHARES("[{phase: a, give: 30%}]", ", partial: false"), "15:48",
     "not-100-percent", NULL},
    {"phases of target", TABLE("target-incentive", "[{phase: a, give: 100%}]", ""), NULL, NULL,
     NULL},
    {"fixed phases", TABLE("fixed", "[{phase: a, give: 500}, {phase: b, give: 2500.50}]", ""), NULL,
     NULL, NULL},
    {"fixed phases carry no percent", TABLE("fixed", "[{phase: a, give: 100%}]", ""), "15:57",
     "bad-number", NULL},
    {"phases of a contract carry their percent", SHARES("[{phase: a, give: 1}]", ""), "15:66",
     "bad-number", NULL},
    {"phases as the milestones say", SHARES("from milestones", ""), NULL, NULL, NULL},
    {"phases as nobody says", SHARES("from roster", ""), "15:48", "bad-value", NULL},
    {"no phase at all", SHARES("[]", ""), "15:48", "bad-value", NULL},
    {"a phase twice", SHARES("[{phase: a, give: 30%}, {phase: a, give: 70%}]", ""), "15:80",
     "twice", NULL},
    {"a deadline", SHARES("[{phase: a, give: 100%, by: 4 weeks after closed, late: 50%}]", ""),
     NULL, NULL, NULL},
    {"a deadline after nothing", SHARES("[{phase: a, give: 100%, by: 4 weeks}]", ""), "15:76",
     "bad-value", "after closed"},
    {"late without a deadline", SHARES("[{phase: a, give: 100%, late: nothing}]", ""), "15:72",
     "bad-key", "by:"},
    {"approved phases", SHARES("from milestones", ", requires: approval, dated: approved"), NULL,
     NULL, NULL},
    {"phases that are approved, dated when reached",
     SHARES("from milestones", ", requires: approval, dated: reached"), NULL, NULL, NULL},
    {"dated by an approval that is not required", SHARES("from milestones", ", dated: approved"),
     "15:72", "bad-value", "requires"},
    {"phases of deals",
     OVER("deals, sum: amount",
          "deal") "    pays: {phases: {of: contract-value, table: from milestones}}\n",
     "15:12", "bad-value", "milestones"},
    {"phases over the plan",
     OVER("milestones",
          "plan") "    pays: {phases: {of: contract-value, table: from milestones}}\n",
     NULL, NULL, NULL},
    {"phases over a quarter",
     OVER("milestones",
          "quarter") "    pays: {phases: {of: contract-value, table: from milestones}}\n",
     "15:12", "bad-value", "over: deal"},
    {"progress", MILESTONES("progress: {of: contract-value, requires: approval}"), NULL, NULL,
     NULL},
    {"progress of something else", MILESTONES("progress: {of: fixed}"), "15:27", "bad-word", NULL},
    {"progress of deals",
     OVER("deals, sum: amount", "deal") "    pays: {progress: {of: contract-value}}\n", "15:12",
     "bad-value", NULL},
    {"level", LEVEL("give: 2000, each: month", "plan"), NULL, NULL, NULL},
    {"level by weeks", LEVEL("give: 2000, each: week", "month"), "13:38", "bad-word", NULL},
    {"level over a deal", LEVEL("give: 2000, each: month", "deal"), "13:12", "bad-value",
     "over: month"},
    {"level of a share", LEVEL("give: 2%, each: month", "month"), "13:26", "bad-number", NULL},
    {"level counts nothing",
     MAIN("of: deals, sum: amount") "    over: month\n    pays: {level: {give: 1, each: month}}\n",
     "12:5", "bad-key", NULL},
};

static void says_what_the_table_says(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    const struct plan *plan = plan_of(
        &scene,
        MILESTONES("phases: {of: target-incentive, partial: yes, requires: approval, dated: "
                   "approved, table: [{phase: design, give: 30%, by: 2 months after closed, "
                   "late: 40%}, {phase: build, give: 12.5%}]}"));
    const struct plan_component *component = &plan->components[0];
    const struct phases_terms *terms = component->terms;
    assert_int_equal(component->needs, NEEDS_TARGET | NEEDS_EVENTS);
    assert_true(component->approval.is_required && component->approval.dates);
    assert_int_equal(terms->of, PHASES_OF_TARGET_INCENTIVE);
    assert_true(terms->is_partial && terms->approval.is_required && terms->approval.dates);
    assert_false(terms->is_from_milestones);
    assert_int_equal(terms->count, 2);
    assert_true(slice_equal(terms->phases[0].phase, SLICE("design")));
    assert_true(terms->phases[0].has_by && !terms->phases[1].has_by);
    assert_int_equal(terms->phases[0].by.months, 2);
    assert_true(terms->phases[0].late.units == scene_decimal("40%").units);
    assert_true(terms->phases[1].give.units == scene_decimal("12.5%").units);
    scene_deinit(&scene);
}

static void a_level_has_no_measure(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    const struct plan *plan = plan_of(&scene, LEVEL("give: 2000.50, each: month", "quarter"));
    const struct level_terms *terms = plan->components[0].terms;
    assert_false(plan->components[0].has_measure);
    assert_true(terms->give.units == scene_decimal("2000.5").units);
    scene_deinit(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_the_table_says),
        cmocka_unit_test(a_level_has_no_measure),
    };
    return RUN_CASES(rows, says) +
           cmocka_run_group_tests_name("plan.mechanics.phases", tests, NULL, NULL);
}
