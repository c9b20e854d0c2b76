#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/incentives_scene.h"

static const char plan[] = HEAD("ae", "1") RATE(
    "10%") "  corrections:\n    measure: {of: adjustments, sum: amount}\n    over: quarter\n"
           "    pays: {rate: 50%}\n"
           "  each:\n    measure: {of: deals, sum: amount}\n    cancelled: {effect: recompute}\n"
           "    over: deal\n    pays: {rate: 1%}\n"
           "  late:\n    measure: {of: deals, sum: amount}\n    cancelled: {effect: recompute}\n"
           "    over: quarter\n    pays: {rate: 10%}\n"
           "    adjust: [{gate: {when: {not: {result: csat, value: \"> 0\"}}, then: "
           "not-payable}}]\n";

/* `A-1 REVISION COMPONENT 2026-02-03 AMOUNT CURRENCY` of person:jo and the plan ae. */
static void adjust(struct bench *bench, const char *words)
{
    arena_reset(&bench->facts);
    struct slice text = arena_copy(&bench->facts, slice_of(words));
    struct result result = {.event_id = SLICE("e"),
                            .what = RESULT_ADJUSTMENT,
                            .participant = SLICE("person:jo"),
                            .plan = SLICE("ae"),
                            .reason = SLICE("lost order found"),
                            .by = SLICE("kim"),
                            .approved_by = SLICE("lee"),
                            .has_date = true,
                            .has_amount = true};
    result.adjustment_id = words_next(&text);
    result.revision = words_whole(words_next(&text));
    result.component = words_next(&text);
    result.date = words_date(words_next(&text));
    result.amount = words_decimal(words_next(&text));
    result.currency = words_next(&text);
    struct input input = {.kind = INPUT_RESULT,
                          .fact = &result,
                          .key = SLICE("person:jo"),
                          .cause = {.topic = SLICE("results"), .event_id = SLICE("e")}};
    bench_must_apply(bench, BENCH_INCENTIVES, &input);
}

static void assign(struct bench *bench)
{
    bench_must_plan(bench, "ae", 1, plan);
    bench_must_assign(bench, "person:jo", 1, "ae 2026-01-01 2026-07-01");
    bench_drain(bench);
}

static void it_adds_to_what_is_earned_behind_rounding(void **state)
{
    struct bench *bench = *state;
    assign(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 0.04 person:jo/owner/100%");
    assert_string_equal(earned(bench, "person:jo", "all", "2026-Q1"), "0");
    adjust(bench, "A-1 1 all 2026-03-31 150.25 USD");
    assert_string_equal(paid(bench, 0), "ADJUSTMENT 150.25 of 150.25 #1");
    struct payout payout = bench_last_payout(bench);
    assert_true(slice_equal(payout.reason, SLICE("lost order found")));
    assert_true(slice_equal(payout.cause.topic, SLICE("results")));
    assert_true(payout.payable_delta.units == payout.earned_delta.units);
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 0.04 person:jo/owner/100%");
    assert_string_equal(paid(bench, 1), "EARNED 0.01 of 150.26 #2"); /* `late` came behind */
}

static void it_needs_no_row_beside_it(void **state)
{
    struct bench *bench = *state;
    assign(bench);
    adjust(bench, "A-1 1 all 2026-04-01 -20 USD");
    assert_string_equal(earned(bench, "person:jo", "all", "2026-Q2"), "-20");
    assert_string_equal(earned(bench, "person:jo", "all", "2026-Q1"), "0");
    bench_read_all(bench);
    assert_int_equal(held(bench), 0);
}

static void it_is_payable_whatever_is_released(void **state)
{
    struct bench *bench = *state;
    assign(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    adjust(bench, "A-1 1 late 2026-02-05 7 USD");
    struct emitted_row row = emitted(bench, "late", "2026-Q1");
    assert_true(row.earned.units == decimal_of(107).units);
    assert_true(row.payable.units == decimal_of(7).units);
}

static void a_higher_revision_takes_its_place(void **state)
{
    struct bench *bench = *state;
    assign(bench);
    adjust(bench, "A-1 1 all 2026-02-05 7 USD");
    adjust(bench, "A-1 2 all 2026-05-05 9 USD"); /* in another window */
    assert_string_equal(earned(bench, "person:jo", "all", "2026-Q1"), "0");
    assert_string_equal(earned(bench, "person:jo", "all", "2026-Q2"), "9");
    adjust(bench, "A-1 1 all 2026-02-05 7 USD");
    assert_string_equal(earned(bench, "person:jo", "all", "2026-Q1"), "0");
    adjust(bench, "A-1 3 all 2026-05-05 0 USD");
    assert_string_equal(earned(bench, "person:jo", "all", "2026-Q2"), "0");
    bench_restart(bench);
    bench_read_all(bench);
    assert_int_equal(held(bench), 0);
}

static void a_component_that_measures_adjustments_pays_for_those_that_name_it(void **state)
{
    struct bench *bench = *state;
    assign(bench);
    adjust(bench, "A-1 1 corrections 2026-02-05 7 USD");
    adjust(bench, "A-2 1 all 2026-02-05 100 USD");
    assert_string_equal(earned(bench, "person:jo", "corrections", "2026-Q1"), "3.5");
    assert_string_equal(earned(bench, "person:jo", "all", "2026-Q1"), "100");
    assert_true(emitted(bench, "corrections", "2026-Q1").measure.units == decimal_of(7).units);
}

static void where_it_cannot_count(void **state)
{
    static const struct {
        const char *words;
        const char *component;
        const char *window;
    } rows[] = {
        {"A-1 1 all 2026-07-01 5 USD", "all", "2026-Q3"},   /* no longer assigned */
        {"A-1 1 each 2026-02-05 5 USD", "each", "2026-Q1"}, /* has no window of time */
        {"A-1 1 all 2026-02-05 5 EUR", "all", "2026-Q1"},   /* another currency */
        {"A-1 1 corrections 2026-02-05 5 EUR", "corrections", "2026-Q1"},
        {"A-1 1 nothing 2026-02-05 5 USD", "nothing", "2026-Q1"}, /* no such component */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bench bench;
        bench_init(&bench);
        assign(&bench);
        adjust(&bench, rows[i].words);
        assert_int_equal(bench.payouts.count, 0);
        assert_string_equal(earned(&bench, "person:jo", rows[i].component, rows[i].window), "0");
        bench_deinit(&bench);
    }
}

static void one_in_another_currency_is_shown_as_waiting(void **state)
{
    struct bench *bench = *state;
    assign(bench);
    adjust(bench, "A-1 1 all 2026-02-05 5 EUR");
    struct emitted_row row = emitted(bench, "all", "2026-Q1");
    assert_int_equal(row.pending.count, 1);
    assert_true(
        slice_equal(((const struct slice *)row.pending.items)[0], SLICE("currency-differs")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_adds_to_what_is_earned_behind_rounding),
        TEST(it_needs_no_row_beside_it),
        TEST(it_is_payable_whatever_is_released),
        TEST(a_higher_revision_takes_its_place),
        TEST(a_component_that_measures_adjustments_pays_for_those_that_name_it),
        cmocka_unit_test(where_it_cannot_count),
        TEST(one_in_another_currency_is_shown_as_waiting),
    };
    return cmocka_run_group_tests_name("engine.adjustment", tests, NULL, NULL);
}
