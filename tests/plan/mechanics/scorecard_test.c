/* The mechanic `scorecard` (PLAN-LANGUAGE section 4): what its terms say, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/mechanics/scorecard.h"
#include "plan/plan_lines.h"

/* Line 14: the first objective begins in column 74. */
#define CARD(objectives, more)                                                                     \
    RESULTS("scorecard: {of: target-incentive, missing: zero, objectives: [" objectives "]" more   \
            "}")
#define ONE(objective) CARD("{name: a, weight: 100%, " objective "}", "")
#define TWO(a, b, more)                                                                            \
    CARD("{name: a, weight: " a ", plan: 1, score: linear}, {name: b, weight: " b                  \
         ", plan: 1, score: linear}",                                                              \
         more)

static const struct line_row rows[] = {
    {"weights total 100 %", TWO("60%", "40%", ""), NULL, NULL, NULL},
    {"weights total 99.9 %", TWO("60%", "39.9%", ""), "14:73", "not-100-percent", NULL},
    {"weights total 100.1 %", TWO("60%", "40.1%", ""), "14:73", "not-100-percent", NULL},
    {"weights total what is said", TWO("60%", "60%", ", total-weight: 120%"), NULL, NULL, NULL},
    {"weights do not total what is said", TWO("60%", "40%", ", total-weight: 120%"), "14:185",
     "bad-value", NULL},
    {"a weight of 0", TWO("100%", "0%", ""), NULL, NULL, NULL},
    {"a negative weight", TWO("101%", "-1%", ""), "14:141", "bad-value", NULL},
    {"a weight carries its percent", TWO("60", "40%", ""), "14:92", "bad-number", NULL},
    {"one name for two",
     CARD("{name: a, weight: 50%, plan: 1, score: linear}, {name: a, weight: 50%, plan: 1, score: "
          "linear}",
          ""),
     "14:129", "twice", NULL},
    {"a scorecard must say missing",
     RESULTS("scorecard: {of: 100, objectives: [{name: a, weight: 100%, plan: 1, score: linear}]}"),
     "14:12", "must-say", "pending"},
    {"missing scores in full",
     RESULTS("scorecard: {of: 100, missing: 100%, objectives: [{name: a, weight: 100%, plan: 1, "
             "score: linear}]}"),
     NULL, NULL, NULL},
    {"missing that is none",
     RESULTS("scorecard: {of: 100, missing: skip, objectives: [{name: a, weight: 100%, plan: 1, "
             "score: linear}]}"),
     "14:42", "bad-word", NULL},
    {"of a share",
     RESULTS("scorecard: {of: 10%, missing: zero, objectives: [{name: a, weight: 100%, plan: 1, "
             "score: linear}]}"),
     "14:28", "bad-number", NULL},
    {"no objective", CARD("", ""), "14:73", "bad-value", NULL},
    {"an objective needs its score", ONE("plan: 1"), "14:74", "missing-key", "binary"},
    {"linear needs its plan", ONE("score: linear"), "14:74", "missing-key", "plan: 90"},
    {"a plan above 0", ONE("plan: 0.000000001, score: linear"), NULL, NULL, NULL},
    {"a plan of 0", ONE("plan: 0, score: linear"), "14:104", "bad-value", NULL},
    {"a plan from the roster", ONE("plan: {from: roster}, score: linear"), NULL, NULL, NULL},
    {"a plan from elsewhere", ONE("plan: {from: control}, score: linear"), "14:111", "bad-word",
     NULL},
    {"lower is better, with a cap", ONE("plan: 1, direction: lower, score: linear, cap: 120%"),
     NULL, NULL, NULL},
    {"a direction that is none", ONE("plan: 1, direction: down, score: linear"), "14:118",
     "bad-word", NULL},
    {"lower needs its plan", ONE("direction: lower, score: {binary: \">= 100%\"}"), "14:74",
     "missing-key", NULL},
    {"binary of the value itself", ONE("score: {binary: \">= 100%\"}"), NULL, NULL, NULL},
    {"binary needs its sign", ONE("score: {binary: 100%}"), "14:114", "bad-value", NULL},
    {"a curve",
     ONE("plan: 1, score: {curve: {points: [[80%, 0%], [100%, 100%]], below: nothing, above: "
         "flat}}"),
     NULL, NULL, NULL},
    {"a curve must say above",
     ONE("plan: 1, score: {curve: {points: [[80%, 0%], [100%, 100%]], below: nothing}}"), "14:115",
     "must-say", "flat"},
    {"a curve in numbers",
     ONE("plan: 1, score: {curve: {points: [[80, 0%]], below: nothing, above: flat}}"), "14:133",
     "bad-number", NULL},
    {"bands",
     ONE("plan: 1, score: {tiers: {boundary: higher, table: [{from: 80%, give: 50%}, {from: 100%, "
         "give: 100%}]}}"),
     NULL, NULL, NULL},
    {"bands must say boundary", ONE("plan: 1, score: {tiers: {table: [{from: 80%, give: 50%}]}}"),
     "14:115", "must-say", "lower"},
    {"bands rise",
     ONE("plan: 1, score: {tiers: {boundary: higher, table: [{from: 80%, give: 50%}, {from: 80%, "
         "give: 100%}]}}"),
     "14:180", "bad-value", NULL},
    {"a score that is none", ONE("plan: 1, score: {linear: 1}"), "14:114", "bad-value", NULL},
    {"a cap carries its percent", ONE("plan: 1, score: linear, cap: 1.2"), "14:127", "bad-number",
     NULL},
    {"scores in whole percents", TWO("60%", "40%", ", round-scores: whole-percent"), NULL, NULL,
     NULL},
    {"scores in something else", TWO("60%", "40%", ", round-scores: half"), "14:185", "bad-word",
     NULL},
    {"a scorecard of deals",
     DEALS
     "    pays: {scorecard: {of: 100, missing: zero, objectives: [{name: a, weight: 100%, plan: "
     "1, score: linear}]}}\n",
     "15:12", "bad-value", "of: results"},
    {"a scorecard names its results itself",
     MAIN(
         "of: results, result: csat") "    over: quarter\n    pays: {scorecard: {of: 100, missing: "
                                      "zero, objectives: [{name: a, weight: 100%, plan: 1, score: "
                                      "linear}]}}\n",
     "12:28", "bad-key", NULL},
    {"a scorecard says missing itself",
     MAIN(
         "of: results, missing: zero") "    over: quarter\n    pays: {scorecard: {of: 100, "
                                       "missing: "
                                       "zero, objectives: [{name: a, weight: 100%, plan: 1, score: "
                                       "linear}]}}\n",
     "12:28", "bad-key", NULL},
    {"a scorecard of averages",
     MAIN(
         "of: results, take: average") "    over: quarter\n    pays: {scorecard: {of: 100, "
                                       "missing: "
                                       "zero, objectives: [{name: a, weight: 100%, plan: 1, score: "
                                       "linear}]}}\n",
     NULL, NULL, NULL},
};

static struct rational score_at(const struct objective *objective, const char *ratio)
{
    struct rational score;
    int32_t step;
    assert_int_equal(points_value(&objective->points, scene_rational(ratio), &score, &step),
                     STATUS_OK);
    return score;
}

/* On both sides of each edge, and on it. */
static void bands_are_level_between_their_edges(void **state)
{
    (void)state;
    static const struct {
        const char *ratio;
        const char *higher;
        const char *lower;
    } cases[] = {
        {"79.9%", "0", "0"},      {"80%", "50%", "50%"},    {"80.1%", "50%", "50%"},
        {"99.9%", "50%", "50%"},  {"100%", "100%", "50%"},  {"100.1%", "100%", "100%"},
        {"120%", "130%", "100%"}, {"500%", "130%", "130%"},
    };
    struct scene scene;
    scene_init(&scene);
    const struct plan *plan = plan_of(
        &scene,
        CARD(
            "{name: a, weight: 50%, plan: 1, score: {tiers: {boundary: higher, table: [{from: 80%, "
            "give: 50%}, {from: 100%, give: 100%}, {from: 120%, give: 130%}]}}}, {name: b, weight: "
            "50%, plan: 1, score: {tiers: {boundary: lower, table: [{from: 80%, give: 50%}, {from: "
            "100%, give: 100%}, {from: 120%, give: 130%}]}}}",
            ""));
    const struct scorecard_terms *terms = plan->components[0].terms;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rational higher = score_at(&terms->objectives[0], cases[i].ratio);
        struct rational lower = score_at(&terms->objectives[1], cases[i].ratio);
        assert_int_equal(rational_compare(higher, scene_rational(cases[i].higher)), 0);
        assert_int_equal(rational_compare(lower, scene_rational(cases[i].lower)), 0);
    }
    scene_deinit(&scene);
}

static void says_what_the_objectives_say(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    const struct plan *plan = plan_of(
        &scene,
        CARD("{name: a, weight: 60%, plan: 90, score: linear, cap: 120%}, {name: b, weight: 25%, "
             "plan: "
             "{from: roster}, direction: lower, score: {curve: {points: [[80%, 0%], [100%, 100%]], "
             "below: nothing, above: flat}}}, {name: c, weight: 15%, score: {binary: \">= 100%\"}}",
             ", round-scores: whole-percent"));
    const struct plan_component *component = &plan->components[0];
    const struct scorecard_terms *terms = component->terms;
    const struct objective *objectives = terms->objectives;
    assert_int_equal(component->needs, NEEDS_TARGET);
    assert_true(terms->is_of_target && terms->rounds_scores);
    assert_int_equal(terms->missing, MISSING_ZERO);
    assert_int_equal(terms->count, 3);
    assert_int_equal(objectives[0].score, SCORE_LINEAR);
    assert_true(objectives[0].has_cap && objectives[0].cap.units == scene_decimal("120%").units);
    assert_true(objectives[0].plan.units == decimal_of(90).units);
    assert_true(objectives[1].is_plan_from_roster && objectives[1].is_lower_better);
    assert_int_equal(objectives[1].score, SCORE_POINTS);
    assert_int_equal(rational_compare(score_at(&objectives[1], "90%"), scene_rational("50%")), 0);
    assert_int_equal(objectives[2].score, SCORE_BINARY);
    assert_int_equal(objectives[2].comparator, COMPARE_GREATER_OR_EQUAL);
    assert_true(objectives[2].bound.units == decimal_of(1).units);
    assert_true(objectives[2].plan.units == decimal_of(1).units);
    scene_deinit(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bands_are_level_between_their_edges),
        cmocka_unit_test(says_what_the_objectives_say),
    };
    return RUN_CASES(rows, says) +
           cmocka_run_group_tests_name("plan.mechanics.scorecard", tests, NULL, NULL);
}
