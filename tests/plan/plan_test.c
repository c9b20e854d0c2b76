#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "plan/attainment.h"
#include "plan/plan_scene.h"

#define COMPONENT(name, measure, over, more)                                                       \
    "  " name ":\n    measure: {of: deals, " measure "}\n    cancelled: {effect: recompute}\n"     \
    "    over: " over "\n" more

static const char whole[] =
    "milepost: 1\nplan: account-executive\nversion: 3\ntitle: Account executives 2026\n"
    "currency: USD\ntimezone: America/New_York\ncalendar: {weeks: 4-4-5, year-starts: 2026-02-01}\n"
    "effective: {from: 2026-01-01}\nrounding: {to: 0.05, mode: half-up}\nmid-window: last\n"
    "split-windows: no\ncomponents:\n" COMPONENT(
        "new-business",
        "sum: amount.net, role: [owner, sdr], where: {product: [core, plus], "
        "territory: DACH, attribute.level: \">= 3\"}, plus: -100, convert: none",
        "quarter",
        "    goal: {from: roster, direction: lower, attainment: whole-percent-down, "
        "zero: full-target, prorate: none}\n"
        "    pays: {rate: 10%}\n"
        "    adjust:\n      - cap: {at: 200% of target, per: window}\n"
        "      - floor: {at: 200.50, per: window}\n")
        COMPONENT("deals-closed", "sum: count, count: shared, role: sdr, share: after", "deal",
                  "    goal: none\n    pays: nothing\n    adjust: [{floor: {at: 1, per: deal}}]\n");

static void compiles_what_the_file_says(void **state)
{
    (void)state;
    struct scene scene;
    const struct plan *plan = NULL;
    scene_init(&scene);
    assert_int_equal(scene_parse(&scene, slice_of(whole), &plan), STATUS_OK);
    assert_true(slice_equal(plan->name, SLICE("account-executive")));
    assert_true(slice_equal(plan->title, SLICE("Account executives 2026")));
    assert_int_equal(plan->version, 3);
    assert_string_equal(plan->currency.code, "USD");
    assert_int_equal(plan->calendar.weeks, WEEKS_445);
    assert_int_equal(plan->until, DATE_MAX + 1);
    assert_int_equal(plan->calendar.plan_from, plan->from);
    assert_int_equal(plan->rounding_step, 5);
    assert_int_equal(plan->rounding_places, 2);
    assert_int_equal(plan->rounding_mode, ROUND_HALF_UP);
    assert_int_equal(plan->component_count, 2);
    assert_int_equal(strlen(plan->hash), 32);
    scene_deinit(&scene);
}

static void compiles_a_component(void **state)
{
    (void)state;
    struct scene scene;
    const struct plan *plan = NULL;
    scene_init(&scene);
    assert_int_equal(scene_parse(&scene, slice_of(whole), &plan), STATUS_OK);
    const struct plan_component *first = plan_component_find(plan, SLICE("new-business"));
    assert_ptr_equal(first, &plan->components[0]);
    assert_int_equal(first->place.line, 13);
    assert_int_equal(first->measure.sum, SUM_NAMED_AMOUNT);
    assert_true(slice_equal(first->measure.amount_name, SLICE("net")));
    assert_int_equal(first->measure.condition_count, 3);
    assert_true(first->measure.has_line_condition);
    assert_true(first->measure.plus == -100 * MEASURE_ONE);
    assert_true(measure_counts_role(&first->measure, plan_role_bit(plan, SLICE("sdr"))));
    assert_false(measure_counts_role(&first->measure, plan_role_bit(plan, SLICE("overlay"))));
    assert_true(first->has_goal && first->goal.is_from_roster && first->goal.is_lower_better);
    assert_int_equal(first->goal.precision, ATTAINMENT_WHOLE_DOWN);
    assert_int_equal(first->goal.zero, ZERO_FULL_TARGET);
    assert_int_equal(first->needs, NEEDS_TARGET);
    assert_int_equal(first->adjustment_count, 2);
    assert_true(first->adjustments[0].is_share);
    assert_true(first->adjustments[1].at.units == scene_decimal("200.5").units);
    scene_deinit(&scene);
}

static void compiles_the_second_component(void **state)
{
    (void)state;
    struct scene scene;
    const struct plan *plan = NULL;
    scene_init(&scene);
    assert_int_equal(scene_parse(&scene, slice_of(whole), &plan), STATUS_OK);
    const struct plan_component *second = &plan->components[1];
    assert_int_equal(second->index, 1);
    assert_int_equal(second->measure.sum, SUM_COUNT);
    assert_false(second->measure.counts_credited);
    assert_true(second->measure.is_share_after);
    assert_int_equal(second->over, WINDOW_DEAL);
    assert_false(second->has_goal);
    assert_true(measure_counts_role(&second->measure, plan_role_bit(plan, SLICE("sdr"))));
    assert_false(measure_counts_role(&second->measure, plan_role_bit(plan, SLICE("owner"))));
    assert_null(plan_component_find(plan, SLICE("new")));
    scene_deinit(&scene);
}

static void a_plan_over_deals_needs_no_calendar_and_may_pay_in_points(void **state)
{
    (void)state;
    struct scene scene;
    const struct plan *plan = NULL;
    scene_init(&scene);
    const char text[] =
        "milepost: 1\nplan: p\nversion: 1\ncurrency: PTS\ntimezone: UTC\n"
        "effective: {from: 2026-01-01}\nrounding: {to: 1, mode: half-even}\n"
        "components:\n" COMPONENT("c", "sum: quantity", "line", "    pays: {unit: 2}\n");
    assert_int_equal(scene_parse(&scene, slice_of(text), &plan), STATUS_OK);
    assert_int_equal(plan->currency.exponent, 0);
    assert_int_equal(plan->rounding_places, 0);
    scene_deinit(&scene);
}

static struct rational adjusted(const struct plan_component *component, const char *pay)
{
    struct rational value = scene_rational(pay);
    for (size_t i = 0; i < component->adjustment_count; i++)
        assert_int_equal(
            adjustment_apply(&component->adjustments[i], value, rational_of(100), &value),
            STATUS_OK);
    return value;
}

/* V63: 10 % with a minimum of 200 and a maximum of 5,000. */
static void caps_and_floors_in_the_order_written(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    const struct plan *plan =
        scene_plan(&scene, "sum: amount", "deal",
                   "    pays: {rate: 10%}\n    adjust:\n      - floor: {at: 200, per: deal}\n"
                   "      - cap: {at: 5000, per: deal}\n");
    const struct plan_component *component = &plan->components[0];
    assert_int_equal(rational_compare(adjusted(component, "100"), rational_of(200)), 0);
    assert_int_equal(rational_compare(adjusted(component, "200"), rational_of(200)), 0);
    assert_int_equal(rational_compare(adjusted(component, "200.01"), scene_rational("200.01")), 0);
    assert_int_equal(rational_compare(adjusted(component, "4999.99"), scene_rational("4999.99")),
                     0);
    assert_int_equal(rational_compare(adjusted(component, "10000"), rational_of(5000)), 0);
    plan = scene_plan(&scene, "sum: amount", "month",
                      "    pays: {rate: 10%}\n    adjust:\n      - cap: {at: 50, per: window}\n"
                      "      - floor: {at: 60% of target, per: window}\n");
    assert_int_equal(rational_compare(adjusted(&plan->components[0], "55"), rational_of(60)), 0);
    scene_deinit(&scene);
}

static void equal_documents_have_equal_hashes(void **state)
{
    (void)state;
    char a[PLAN_HASH_BYTES];
    char b[PLAN_HASH_BYTES];
    plan_hash(SLICE("a: 1"), a);
    plan_hash(SLICE("a: 1"), b);
    assert_string_equal(a, b);
    plan_hash(SLICE("a: 2"), b);
    assert_string_not_equal(a, b);
}

static void every_mechanic_is_found_by_its_name(void **state)
{
    (void)state;
    size_t count;
    const struct mechanic *const *table = mechanic_table(&count);
    assert_int_equal(count, 14);
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(mechanic_find(slice_of(table[i]->name)), table[i]);
        assert_true(strlen(table[i]->summary) > 10);
    }
    assert_null(mechanic_find(SLICE("tier")));
}

static void finds_several_mistakes_in_one_pass(void **state)
{
    (void)state;
    struct scene scene;
    const struct plan *plan = NULL;
    scene_init(&scene);
    const char text[] = SCENE_HEAD
        "components:\n" COMPONENT("a", "sum: amout", "quarter", "    pays: {rate: 10%}\n")
            COMPONENT("b", "sum: amount", "quarter", "    pays: {rate: ten}\n");
    assert_int_equal(scene_parse(&scene, slice_of(text), &plan), STATUS_INVALID);
    assert_int_equal(scene.reports.error_count, 2);
    assert_int_equal(scene.reports.first->line, 12);
    assert_int_equal(scene.reports.last->line, 20);
    scene_deinit(&scene);
}

static void a_full_arena_is_no_mistake_of_the_plan(void **state)
{
    (void)state;
    struct scene scene;
    enum status status;
    size_t bytes = 512;
    do {
        const struct plan *plan = NULL;
        struct arena small;
        scene_init(&scene);
        char *storage = malloc(bytes);
        assert_non_null(storage);
        arena_init(&small, storage, bytes);
        const struct plan_sources sources = {.zone = scene_zone};
        status = plan_parse(slice_of(whole), SLICE("f"), &small, &sources, &scene.reports, &plan);
        assert_true(status == STATUS_OK || status == STATUS_EXHAUSTED);
        free(storage);
        scene_deinit(&scene);
        bytes += 496;
    } while (status);
    assert_true(bytes > 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compiles_what_the_file_says),
        cmocka_unit_test(compiles_a_component),
        cmocka_unit_test(compiles_the_second_component),
        cmocka_unit_test(a_plan_over_deals_needs_no_calendar_and_may_pay_in_points),
        cmocka_unit_test(caps_and_floors_in_the_order_written),
        cmocka_unit_test(equal_documents_have_equal_hashes),
        cmocka_unit_test(every_mechanic_is_found_by_its_name),
        cmocka_unit_test(finds_several_mistakes_in_one_pass),
        cmocka_unit_test(a_full_arena_is_no_mistake_of_the_plan),
    };
    return cmocka_run_group_tests_name("plan.plan", tests, NULL, NULL);
}
