/* scorecard: what each kind of score, each direction and each word for what is missing pays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/plan_scene.h"
#include "support/case.h"

enum { VALUES = 3 };

struct pays_row {
    const char *label;
    const char *terms;          /* of scorecard, beside `of: 1000` */
    const char *values[VALUES]; /* of the objectives' results; NULL: missing */
    const char *pay;            /* "num/den" or a decimal */
    enum pay_wait waits;
};

#define LINEAR "missing: zero, objectives: [{name: a, weight: 100%, plan: 80, score: linear"
#define LOWER  LINEAR ", direction: lower"
#define CURVE                                                                                      \
    "missing: zero, objectives: [{name: a, weight: 100%, plan: 100, direction: lower, score: "     \
    "{curve: {points: [[80%, 0%], [100%, 100%], [120%, 150%]], below: nothing, above: "
#define BINARY(condition)                                                                          \
    "missing: zero, objectives: [{name: a, weight: 100%, score: {binary: \"" condition "\"}}]"
#define TWO(missing)                                                                               \
    "missing: " missing ", objectives: [{name: a, weight: 60%, plan: 80, score: linear}, "         \
    "{name: b, weight: 40%, plan: 10, score: linear}]"
#define BANDS                                                                                      \
    "missing: zero, objectives: [{name: a, weight: 100%, plan: 100, score: {tiers: {boundary: "    \
    "higher, table: [{from: 80%, give: 50%}, {from: 100%, give: 100%}]}}}]"

static const struct pays_row rows[] = {
    {"linear is value over plan", LINEAR "}]", {"60"}, "750", 0},
    {"above plan it goes on", LINEAR "}]", {"120"}, "1500", 0},
    {"to its cap", LINEAR ", cap: 120%}]", {"120"}, "1200", 0},
    {"the cap itself", LINEAR ", cap: 120%}]", {"96"}, "1200", 0},
    {"a cent below the cap", LINEAR ", cap: 120%}]", {"95.2"}, "1190", 0},
    {"lower is better: plan over value", LOWER "}]", {"160"}, "500", 0},
    {"a value of 0 scores the cap", LOWER ", cap: 150%}]", {"0"}, "1500", 0},
    {"of a curve the end that stays level", CURVE "flat}}}]", {"0"}, "1500", 0},
    {"a curve on plan over value", CURVE "flat}}}]", {"125"}, "0", 0},
    {"between two points", CURVE "flat}}}]", {"100"}, "1000", 0},
    {"binary: just met", BINARY(">= 90"), {"90"}, "1000", 0},
    {"binary: just not", BINARY(">= 90"), {"89.999999999"}, "0", 0},
    {"binary by less", BINARY("< 3"), {"3"}, "0", 0},
    {"below the first band", BANDS, {"79.9"}, "0", 0},
    {"on the first band's edge", BANDS, {"80"}, "500", 0},
    {"on the second's", BANDS, {"100"}, "1000", 0},
    {"weights add up", TWO("zero"), {"80", "5"}, "800", 0},
    {"what is missing scores nothing", TWO("zero"), {"80", NULL}, "600", 0},
    {"or all of it", TWO("100%"), {"40", NULL}, "700", 0},
    {"or holds the component", TWO("pending"), {"40", NULL}, "0", PAY_WAITS_FOR_RESULT},
    {"and no longer when it is there", TWO("pending"), {"40", "10"}, "700", 0},
    {"whole percents: half a percent goes up, before the weight",
     "missing: zero, round-scores: whole-percent, objectives: [{name: a, weight: 50%, plan: 200, "
     "score: linear}, {name: b, weight: 50%, plan: 100, score: linear}]",
     {"1", "0.4"},
     "5",
     0},
    {"a plan from the roster that is not there waits",
     "missing: zero, objectives: [{name: a, weight: 100%, plan: {from: roster}, score: linear}]",
     {"80"},
     "0",
     PAY_WAITS_FOR_GOAL},
};

static void pays(void **state)
{
    const struct pays_row *row = *state;
    char text[2048];
    struct scene scene;
    struct pay_result result;
    struct result_figure figures[VALUES] = {{0}};
    const struct plan *plan = NULL;
    scene_init(&scene);
    (void)snprintf(text, sizeof text,
                   SCENE_HEAD "components:\n  main:\n    measure: {of: results}\n"
                              "    over: quarter\n    pays:\n"
                              "      scorecard: {of: 1000, %s}\n",
                   row->terms);
    assert_int_equal(scene_parse(&scene, slice_of(text), &plan), STATUS_OK);
    const struct plan_component *component = plan->components;
    for (size_t i = 0; i < component->result_count; i++)
        if (row->values[i])
            figures[i] = (struct result_figure){
                .is_there = true, .value = scene_decimal(row->values[i]).units, .divisor = 1};
    struct pay_input input = {.target = RATIONAL_ZERO, .results = figures};
    assert_int_equal(component->mechanic->pay(component->terms, &input, &result), STATUS_OK);
    assert_int_equal(result.waits, row->waits);
    if (!row->waits)
        assert_int_equal(rational_compare(result.pay, scene_rational(row->pay)), 0);
    scene_deinit(&scene);
}

int main(void)
{
    return RUN_CASES(rows, pays);
}
