/* A component's pay as a function of one figure: what it is counted in, and on both sides of edges.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lint/probe.h"
#include "plan/plan_scene.h"
#include "support/case.h"

#define TIERS_WHOLE                                                                                \
    "    pays:\n      tiers: {on: amount, method: whole, boundary: higher, gives: rate, "          \
    "negative: "                                                                                   \
    "nothing,\n        table: [{from: 0, give: 4%}, {from: 1000, give: 5%}]}\n"
#define CURVE                                                                                      \
    "    pays:\n      curve: {on: attainment, gives: percent-of-target, below: nothing, above: "   \
    "{slope: 1},\n        points: [[50%, 0%], [100%, 100%], [150%, 300%]]}\n"
#define FIXED "    goal: {fixed: 1000}\n"
#define SLICES_A                                                                                   \
    "    pays:\n      tiers: {on: attainment, method: marginal, boundary: higher, gives: rate, "   \
    "negative: nothing,\n        table: [{from: 0%, give: 4%}, {from: 100%, give: 8%}]}\n"

static const struct row {
    const char *label;
    const char *lines;
    const char *x;
    const char *below;
    const char *at;
    const char *above;
    const char *text; /* of what is paid at x */
} rows[] = {
    {"a whole tier re-rates everything at its edge", TIERS_WHOLE, "1000", "40", "50", "50",
     "50 USD"},
    {"within a tier both sides are one", TIERS_WHOLE, "500", "20", "20", "20", "20 USD"},
    {"below 0 there is nothing", TIERS_WHOLE, "0", "0", "0", "0", "0 USD"},
    {"a curve is counted in the target incentive", SCENE_GOAL CURVE, "110%", "1.4", "1.4", "1.4",
     "140 % of the target incentive"},
    {"past its last point a curve goes on by its slope", SCENE_GOAL CURVE, "151%", "3.01", "3.01",
     "3.01", "301 % of the target incentive"},
    {"a rate of what the roster's goal cuts is counted in the goal", SCENE_GOAL SLICES_A, "150%",
     "0.08", "0.08", "0.08", "8 % of the goal"},
    {"a rate of what a fixed goal cuts is money", FIXED SLICES_A, "150%", "80", "80", "80",
     "80 USD"},
    {"a cap in money binds money", TIERS_WHOLE "    adjust: [{cap: {at: 45, per: window}}]\n",
     "1000", "40", "45", "45", "45 USD"},
    {"a cap in money is left out of what is counted in the target",
     SCENE_GOAL CURVE "    adjust: [{cap: {at: 45, per: window}}]\n", "100%", "1", "1", "1",
     "100 % of the target incentive"},
    {"a cap of the target binds it",
     SCENE_GOAL CURVE "    adjust: [{cap: {at: 120% of target, per: window}}]\n", "110%", "1.2",
     "1.2", "1.2", "120 % of the target incentive"},
    {"a gate on the component's own attainment is told",
     SCENE_GOAL CURVE "    adjust: [{gate: {when: {component: main, attainment: \"< 80%\"}, then: "
                      "nothing}}]\n",
     "80%", "0", "0.6", "0.6", "60 % of the target incentive"},
    {"a gate on a result is left out",
     SCENE_GOAL CURVE "    adjust: [{gate: {when: {result: nps, value: \"< 80\"}, then: "
                      "nothing}}]\n",
     "80%", "0.6", "0.6", "0.6", "60 % of the target incentive"},
    {"a milestone is reached with exactly itself",
     "    pays:\n      milestones: {award: each, boundary: reached, table: [{reach: 1000, give: "
     "2%}]}\n",
     "1000", "0", "20", "20", "20 USD"},
    {"a milestone to be passed is not",
     "    pays:\n      milestones: {award: each, boundary: passed, table: [{reach: 1000, give: "
     "2%}]}\n",
     "1000", "0", "0", "20", "0 USD"},
    {"units begin behind the free ones", "    pays: {unit: 10, after: 1000}\n", "1000", "0", "0",
     "0", "0 USD"},
};

static void is(struct rational came, const char *wanted)
{
    char text[RATIONAL_TEXT_BYTES];
    rational_format(came, 12, text);
    assert_string_equal(text, wanted);
}

static void asks(void **state)
{
    const struct row *row = *state;
    struct scene scene;
    struct rational pay;
    char text[PROBE_TEXT_BYTES];
    scene_init(&scene);
    const struct plan *plan = scene_plan(&scene, "sum: amount", "quarter", row->lines);
    const struct node *root;
    assert_int_equal(
        node_read_yaml(plan->document, NODE_BYTES_MAX, &scene.arena, &scene.reports, &root),
        STATUS_OK);
    struct probe *probe = arena_take(&scene.arena, sizeof *probe);
    assert_true(probe_init(probe, plan, &plan->components[0],
                           node_at(node_find(root, "components"), 0), &scene.arena));
    struct rational x = scene_rational(row->x);
    assert_int_equal(probe_below(probe, x, &pay), STATUS_OK);
    is(pay, row->below);
    assert_int_equal(probe_above(probe, x, &pay), STATUS_OK);
    is(pay, row->above);
    assert_int_equal(probe_pay(probe, x, &pay), STATUS_OK);
    is(pay, row->at);
    probe_pay_text(probe, pay, text);
    assert_string_equal(text, row->text);
    scene_deinit(&scene);
}

/* --- what cannot be asked --- */

static const struct refused {
    const char *label;
    const char *measure;
    const char *lines;
} refused[] = {
    {"a list of rates pays by row", "sum: amount",
     "    pays: {rates: [{when: {territory: DACH}, give: 2%}, {else: 1%}], match: first}\n"},
};

static void cannot_be_asked(void **state)
{
    const struct refused *row = *state;
    struct scene scene;
    scene_init(&scene);
    const struct plan *plan = scene_plan(&scene, row->measure, "quarter", row->lines);
    const struct node *root;
    assert_int_equal(
        node_read_yaml(plan->document, NODE_BYTES_MAX, &scene.arena, &scene.reports, &root),
        STATUS_OK);
    struct probe *probe = arena_take(&scene.arena, sizeof *probe);
    assert_false(probe_init(probe, plan, &plan->components[0],
                            node_at(node_find(root, "components"), 0), &scene.arena));
    scene_deinit(&scene);
}

int main(void)
{
    return RUN_CASES(rows, asks) + RUN_CASES(refused, cannot_be_asked);
}
