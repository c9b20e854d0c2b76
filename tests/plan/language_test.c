/* What the parts of a plan around its mechanics are compiled to (PLAN-LANGUAGE sections 2 to 8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/plan_lines.h"

#define OVER(over)                                                                                 \
    MAIN("of: deals, sum: amount") "    cancelled: {effect: recompute}\n    over: " over "\n"

static bool is(struct decimal value, const char *text)
{
    return value.units == scene_decimal(text).units;
}

static void a_measure_of_the_downline(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    const struct plan *plan = plan_of(
        &scene,
        MAIN("of: downline-deals, sum: amount.net, levels: 2, minus-lower-level: yes, role: "
             "owner, convert: {to: EUR, rate-of: attribute.posted, missing: previous-up-to 5 "
             "days}") "    cancelled: {effect: never}\n    over: quarter\n    pays: {rate: "
                      "1%}\n");
    const struct measure *measure = &plan->components[0].measure;
    assert_true(plan->components[0].has_measure);
    assert_int_equal(measure->of, OF_DOWNLINE_DEALS);
    assert_int_equal(measure->sum, SUM_NAMED_AMOUNT);
    assert_int_equal(measure->levels, 2);
    assert_true(measure->is_minus_lower_level);
    assert_string_equal(measure->convert->to.code, "EUR");
    assert_int_equal(measure->convert->date, CONVERT_ATTRIBUTE);
    assert_true(slice_equal(measure->convert->attribute, SLICE("posted")));
    assert_int_equal(measure->convert->previous_days, 5);
    assert_int_equal(plan->components[0].cancelled.effect, CANCELLED_NEVER);
    scene_deinit(&scene);
}

#define RESULTS_LINE                                                                               \
    MAIN("of: results, result: csat, take: average, missing: pending, plus: -5")                   \
    "    over: month\n    pays: {unit: 1}\n"

static void a_measure_of_results(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    const struct plan *plan = plan_of(&scene, RESULTS_LINE);
    const struct measure *measure = &plan->components[0].measure;
    assert_int_equal(measure->of, OF_RESULTS);
    assert_int_equal(measure->sum, SUM_VALUE);
    assert_true(slice_equal(measure->result, SLICE("csat")));
    assert_int_equal(measure->take, TAKE_AVERAGE);
    assert_int_equal(measure->missing, MISSING_PENDING);
    assert_true(measure->plus == -5 * MEASURE_ONE);
    assert_null(measure->convert);
    scene_deinit(&scene);
}

static void a_schedule_of_taking_back(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    const struct cancelled *cancelled =
        &plan_of(&scene, CANCELLED("effect: paid-only, basis: earned, take: [{until: 12 months, "
                                   "take: 100%}, {until: 400 days, take: 12.5%}]"))
             ->components[0]
             .cancelled;
    assert_int_equal(cancelled->effect, CANCELLED_PAID_ONLY);
    assert_int_equal(cancelled->step_count, 2);
    assert_int_equal(cancelled->steps[0].until.months, 12);
    assert_true(is(cancelled->steps[0].take, "100%"));
    assert_int_equal(cancelled->steps[1].until.days, 400);
    assert_true(is(cancelled->steps[1].take, "12.5%"));
    assert_true(cancelled->takes_earned);
    const struct cancelled *linear =
        &plan_of(&scene, CANCELLED("effect: original-rate, linear: 1 year"))
             ->components[0]
             .cancelled;
    assert_int_equal(linear->linear.months, 12);
    assert_int_equal(linear->step_count, 0);
    const struct cancelled *whole =
        &plan_of(&scene, CANCELLED("effect: original-rate"))->components[0].cancelled;
    assert_true(is(whole->take, "100%"));
    assert_int_equal(whole->linear.months + whole->linear.days, 0);
    assert_false(whole->takes_earned);
    scene_deinit(&scene);
}

static void a_goal_by_windows(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    const struct plan_component *component =
        &plan_of(&scene,
                 GOAL("weights: [20%, 20%, 20%, 40%], ramp: [0%, 12.5%], ramp-from: next-window, "
                      "decimals: 4, baseline: {same-window: last-year, negative: count}",
                      "months"))
             ->components[0];
    const struct goal *goal = &component->goal;
    assert_int_equal(goal->weight_count, 4);
    assert_true(is(goal->weights[3], "40%"));
    assert_int_equal(goal->ramp_count, 2);
    assert_true(is(goal->ramp[1], "12.5%"));
    assert_true(goal->is_ramp_from_next);
    assert_int_equal(goal->prorate, PRORATE_MONTHS);
    assert_int_equal(goal->prorate_places, 4);
    assert_true(component->baseline.is_given && component->baseline.counts_negative);
    scene_deinit(&scene);
}

static void a_plain_goal_rounds_no_factor(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    const struct plan_component *component =
        &plan_of(&scene, DEALS "    goal: {fixed: 5, prorate: days, decimals: exact}\n    pays: "
                               "{rate: 1%}\n")
             ->components[0];
    assert_int_equal(component->goal.prorate, PRORATE_DAYS);
    assert_int_equal(component->goal.prorate_places, PRORATE_PLACES_EXACT);
    assert_false(component->baseline.is_given);
    const struct plan_component *growth =
        &plan_of(&scene, DEALS "    goal: {baseline: {same-window: last-year}}\n    pays: {rate: "
                               "1%}\n")
             ->components[0];
    assert_false(growth->has_goal);
    assert_true(growth->baseline.is_given && !growth->baseline.counts_negative);
    scene_deinit(&scene);
}

/* Each part is followed by what stands in it; `end` is behind all of that. */
static void a_condition_is_a_tree_in_the_order_written(void **state)
{
    (void)state;
    static const struct {
        enum when_kind kind;
        int32_t end;
    } expected[] = {{WHEN_ALL, 7}, {WHEN_ATTAINMENT, 2}, {WHEN_NOT, 4},   {WHEN_RESULT, 4},
                    {WHEN_ANY, 7}, {WHEN_ATTRIBUTE, 6},  {WHEN_EARNED, 7}};
    struct scene scene;
    scene_init(&scene);
    const struct plan *plan = plan_of(
        &scene,
        ADJUST("gate: {then: {keep: 75%}, when: {all: [{component: other, attainment: \"< "
               "80%\", window: previous}, {not: {result: nps, value: \">= 30\", of: team}}, "
               "{any: [{attribute: level, is: [a, 3]}, {component: other, earned: \"= "
               "5\"}]}]}}") OTHER);
    const struct adjustment *gate = &plan->components[0].adjustments[0];
    assert_int_equal(gate->kind, ADJUST_GATE);
    assert_int_equal(gate->then, GATE_KEEP);
    assert_true(is(gate->factor, "75%"));
    assert_int_equal(gate->when.count, 7);
    const struct when_part *parts = gate->when.parts;
    for (int32_t i = 0; i < gate->when.count; i++) {
        assert_int_equal(parts[i].kind, expected[i].kind);
        assert_int_equal(parts[i].end, expected[i].end);
    }
    assert_int_equal(parts[1].look.component, 1);
    assert_int_equal(parts[1].look.window, LOOK_PREVIOUS);
    assert_int_equal(parts[1].comparator, COMPARE_LESS);
    assert_true(is(parts[1].bound, "80%"));
    assert_true(slice_equal(parts[3].result.result, SLICE("nps")));
    assert_int_equal(parts[3].result.owner, RESULT_OF_TEAM);
    assert_true(slice_equal(parts[5].attribute.name, SLICE("level")));
    assert_int_equal(parts[5].attribute.count, 2);
    assert_int_equal(parts[6].look.window, LOOK_SAME);
    assert_int_equal(parts[6].comparator, COMPARE_EQUAL);
    scene_deinit(&scene);
}

static void steps_stand_in_the_order_written(void **state)
{
    (void)state;
    static const enum adjust_kind kinds[] = {ADJUST_ADD, ADJUST_MULTIPLY, ADJUST_CAP,
                                             ADJUST_PRORATE, ADJUST_FLOOR};
    struct scene scene;
    scene_init(&scene);
    const struct plan *plan =
        plan_of(&scene, RATE SLICES
                "    adjust:\n      - add: -100\n      - multiply: {by: {curve: {points: "
                "[[30, 80%], [70, 120%]], below: flat, above: flat}, of: {result: nps, "
                "of: company}}, between: [90%, 110%]}\n      - cap: {at: 150% of target, "
                "per: year, when: {attribute: a, is: b}}\n      - prorate: months\n      "
                "- floor: {at: 200.50, per: deal}\n");
    const struct plan_component *component = &plan->components[0];
    const struct adjustment *steps = component->adjustments;
    assert_int_equal(component->adjustment_count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(steps[i].kind, kinds[i]);
    assert_int_equal(component->needs, NEEDS_TARGET_WHEN);
    assert_true(is(steps[0].at, "-100"));
    assert_true(steps[1].has_between && is(steps[1].least, "90%") && is(steps[1].most, "110%"));
    assert_int_equal(steps[1].result.owner, RESULT_OF_COMPANY);
    struct rational factor;
    int32_t step;
    assert_int_equal(points_value(steps[1].curve, scene_rational("50"), &factor, &step), STATUS_OK);
    assert_int_equal(rational_compare(factor, RATIONAL_ONE), 0);
    assert_int_equal(steps[2].per, PER_YEAR);
    assert_true(steps[2].is_share && steps[2].when.count == 1);
    assert_int_equal(steps[3].prorate, PRORATE_MONTHS);
    assert_int_equal(steps[4].per, PER_DEAL);
    assert_int_equal(component->attribution, ATTRIBUTION_SLICES);
    scene_deinit(&scene);
}

static void a_release_is_a_pipeline(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    const struct release *release =
        &plan_of(&scene,
                 RATE "    release: {when: {milestone: go-live}, holdback: {share: 30%, until: "
                      "90 days after closed}, refund-before-payment: both-due, terms: {net: 1 "
                      "month}}\n    attribution: pro-rata\n")
             ->components[0]
             .release;
    assert_int_equal(release->when, RELEASE_MILESTONE);
    assert_true(slice_equal(release->milestone, SLICE("go-live")));
    assert_int_equal(release->holdback, HOLDBACK_AFTER_CLOSED);
    assert_true(is(release->holdback_share, "30%"));
    assert_int_equal(release->holdback_after.days, 90);
    assert_true(release->publishes_both && release->has_terms);
    assert_int_equal(release->net.months, 1);
    const struct release *dated =
        &plan_of(&scene, RATE "    release: {when: window-end, holdback: {share: 5%, until: "
                              "2027-01-15}}\n")
             ->components[0]
             .release;
    int32_t date;
    assert_int_equal(date_parse(SLICE("2027-01-15"), &date), STATUS_OK);
    assert_int_equal(dated->when, RELEASE_WINDOW_END);
    assert_int_equal(dated->holdback, HOLDBACK_DATE);
    assert_int_equal(dated->holdback_date, date);
    assert_false(dated->publishes_both || dated->has_terms);
    scene_deinit(&scene);
}

static void a_total_is_of_the_plan(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    const struct plan_total *total =
        &plan_of(&scene,
                 RATE OTHER "total:\n  minimum-payment: 50\n  draw: {amount: 2000.50, kind: "
                            "recoverable, recover: surplus, recovery-starts: period 4, pay: "
                            "period-start}\n  cap: {at: 50000, per: year}\n  multiply: {by: "
                            "200%, when: {component: other, attainment: \">= 110%\"}}\n  "
                            "restate-draws: yes\n")
             ->total;
    assert_true(total->is_given && total->has_multiply && total->has_cap && total->has_minimum);
    assert_true(is(total->factor, "200%") && is(total->cap, "50000") && is(total->minimum, "50"));
    assert_int_equal(total->multiply_when.parts[0].look.component, 1);
    assert_int_equal(total->cap_per, TOTAL_PER_YEAR);
    assert_int_equal(total->draw.kind, DRAW_RECOVERABLE);
    assert_int_equal(total->draw.amount, 200050);
    assert_int_equal(total->draw.recovery_starts, 4);
    assert_true(total->draw.is_paid_at_start && total->draw.is_restated);
    assert_false(total->draw.recovers_all);
    const struct plan *none = plan_of(&scene, RATE);
    assert_false(none->total.is_given);
    assert_int_equal(none->total.draw.kind, DRAW_NONE);
    scene_deinit(&scene);
}

static void a_head_says_what_changes_mean(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    const struct plan *plan = plan_of(
        &scene, HEAD("mid-window: split\nsplit-windows: yes\nredeem: {rate: 0.05, to: USD}\n"));
    assert_int_equal(plan->mid_window, MID_WINDOW_SPLIT);
    assert_true(plan->splits_windows && plan->redeem.is_given);
    assert_true(is(plan->redeem.rate, "0.05"));
    assert_string_equal(plan->redeem.to.code, "USD");
    const struct plan *blend = plan_of(&scene, HEAD("mid-window: blend\n"));
    assert_int_equal(blend->mid_window, MID_WINDOW_BLEND);
    assert_false(blend->splits_windows || blend->redeem.is_given);
    scene_deinit(&scene);
}

static void attainment_of_another_leads(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    const struct plan_component *component =
        &plan_of(&scene,
                 OVER("month") "    pays:\n      curve: {on: {attainment-of: other, window: "
                               "containing}, gives: rate, points: [[50%, 1%], [100%, 5%]], below: "
                               "nothing, above: flat}\n" OTHER)
             ->components[0];
    assert_int_equal(component->needs, NEEDS_ATTAINMENT_OF);
    assert_int_equal(component->attainment_of.component, 1);
    assert_int_equal(component->attainment_of.window, LOOK_CONTAINING);
    struct pay_input input = {
        .measure = 1000 * MEASURE_ONE, .attribute = scene_rational("75%"), .has_attribute = true};
    struct pay_result result;
    assert_int_equal(component->mechanic->pay(component->terms, &input, &result), STATUS_OK);
    assert_int_equal(rational_compare(result.pay, rational_of(30)), 0);
    input.has_attribute = false;
    assert_int_equal(component->mechanic->pay(component->terms, &input, &result), STATUS_OK);
    assert_true(rational_is_zero(result.pay));
    scene_deinit(&scene);
}

#define LOOKS(name, at)                                                                            \
    "  " name ":\n    measure: {of: deals, sum: amount}\n    cancelled: {effect: recompute}\n"     \
    "    over: quarter\n    pays: {rate: 1%}\n" at
#define EARNED(at)                                                                                 \
    "    adjust: [{gate: {when: {component: " at ", earned: \"> 5\"}, then: nothing}}]\n"

/* Who looks at nobody's pay stays where the file has it; the others come behind what they look at.
 */
static void components_are_valued_behind_what_they_look_at(void **state)
{
    (void)state;
    static const int32_t order[] = {2, 1, 0, 3};
    struct scene scene;
    scene_init(&scene);
    const struct plan *plan =
        plan_of(&scene, SCENE_HEAD "components:\n" LOOKS("a", EARNED("b")) LOOKS("b", EARNED("c"))
                            LOOKS("c", "") LOOKS("d", ""));
    for (int i = 0; i < 4; i++)
        assert_int_equal(plan->order[i], order[i]);
    plan = plan_of(&scene, RATE OTHER);
    assert_int_equal(plan->order[0], 0);
    assert_int_equal(plan->order[1], 1);
    scene_deinit(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_measure_of_the_downline),
        cmocka_unit_test(a_measure_of_results),
        cmocka_unit_test(a_schedule_of_taking_back),
        cmocka_unit_test(a_goal_by_windows),
        cmocka_unit_test(a_plain_goal_rounds_no_factor),
        cmocka_unit_test(a_condition_is_a_tree_in_the_order_written),
        cmocka_unit_test(steps_stand_in_the_order_written),
        cmocka_unit_test(a_release_is_a_pipeline),
        cmocka_unit_test(a_total_is_of_the_plan),
        cmocka_unit_test(a_head_says_what_changes_mean),
        cmocka_unit_test(attainment_of_another_leads),
        cmocka_unit_test(components_are_valued_behind_what_they_look_at),
    };
    return cmocka_run_group_tests_name("plan.language", tests, NULL, NULL);
}
