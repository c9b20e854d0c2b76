/* Results through the incentives fold: which of them a window takes, and what that earns. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/case.h"
#include "support/engine_bench.h"

enum { RESULTS = 4, JANUARY = 20454, FEBRUARY = 20485, APRIL = 20544 };

struct given {
    const char *window; /* or NULL and a date */
    int32_t date;
    const char *value;
};

struct result_case {
    const char *label;
    const char *measure; /* behind `of: results, result: csat, sum: value` */
    const char *pays;
    struct given results[RESULTS];
    const char *earned; /* by person:jo in 2026-Q1 */
};

#define UNIT "unit: 1"

static const struct result_case rows[] = {
    {"the last value",
     "take: last, missing: zero",
     UNIT,
     {{NULL, JANUARY, "90"}, {NULL, FEBRUARY, "70"}},
     "70"},
    {"whatever came last",
     "take: last, missing: zero",
     UNIT,
     {{NULL, FEBRUARY, "70"}, {NULL, JANUARY, "90"}},
     "70"},
    {"of one day the one later in byte order",
     "take: last, missing: zero",
     UNIT,
     {{"2026-Q1", 0, "80"}, {"2026-03", 0, "60"}},
     "80"},
    {"a window's result counts on its last day",
     "take: last, missing: zero",
     UNIT,
     {{"2026-03", 0, "60"}, {NULL, APRIL - 2, "90"}},
     "60"},
    {"so a year's does not count in its first quarter",
     "take: sum, missing: zero",
     UNIT,
     {{"2026-03", 0, "60"}, {"2026", 0, "1000"}},
     "60"},
    {"the sum",
     "take: sum, missing: zero",
     UNIT,
     {{"2026-01", 0, "60"}, {"2026-02", 0, "-10"}, {NULL, APRIL - 1, "5"}, {NULL, APRIL, "100"}},
     "55"},
    {"the highest",
     "take: max, missing: zero",
     UNIT,
     {{"2026-01", 0, "-60"}, {"2026-02", 0, "-10"}, {"2026-03", 0, "-20"}},
     "-10"},
    {"an average is exact until the window is rounded",
     "take: average, missing: zero",
     "unit: 0.06",
     {{"2026-01", 0, "1"}, {"2026-02", 0, "1"}, {"2026-03", 0, "0.25"}},
     "0.04"},
    {"a third of a value is not on an edge that is above it",
     "take: average, missing: zero",
     "tiers: {on: amount, method: whole, boundary: higher, gives: amount, negative: nothing, "
     "table: [{from: 0, give: 1}, {from: 0.666666667, give: 2}]}",
     {{"2026-01", 0, "1"}, {"2026-02", 0, "1"}, {"2026-03", 0, "0"}},
     "1"},
    {"and is on one below it",
     "take: average, missing: zero",
     "tiers: {on: amount, method: whole, boundary: higher, gives: amount, negative: nothing, "
     "table: [{from: 0, give: 1}, {from: 0.666666666, give: 2}]}",
     {{"2026-01", 0, "1"}, {"2026-02", 0, "1"}, {"2026-03", 0, "0"}},
     "2"},
    {"plus is added once, to the average too",
     "take: average, missing: zero, plus: 10",
     UNIT,
     {{"2026-01", 0, "1"}, {"2026-02", 0, "2"}},
     "11.5"},
};

static struct result result_of(const struct given *given)
{
    return (struct result){
        .event_id = SLICE("E"),
        .what = RESULT_RESULT,
        .participant = SLICE("person:jo"),
        .revision = 1,
        .result = SLICE("csat"),
        .window = slice_of(given->window),
        .has_date = given->window == NULL,
        .date = given->date,
        .has_value = true,
        .value = words_decimal(slice_of(given->value)),
    };
}

static void must_result(struct bench *bench, const struct result *result)
{
    bench_begin(bench);
    struct input input = {.kind = INPUT_RESULT, .fact = result, .key = result->participant};
    input.cause.event_id = result->event_id;
    bench_must_apply(bench, BENCH_INCENTIVES, &input);
    bench_keep(bench);
}

static void publish(struct bench *bench, const char *measure, const char *pays)
{
    struct buffer plan = {0};
    buffer_printf(&plan,
                  "milepost: 1\nplan: ae\nversion: 1\ntitle: T\ncurrency: USD\ntimezone: UTC\n"
                  "calendar: {year-starts: 01-01}\n"
                  "effective: {from: 2026-01-01, until: 2028-01-01}\n"
                  "rounding: {to: 0.01, mode: half-even}\nmid-window: last\ncomponents:\n"
                  "  all:\n    measure: {of: results, result: csat, sum: value, %s}\n"
                  "    over: quarter\n    pays: {%s}\n",
                  measure, pays);
    buffer_append_byte(&plan, '\0');
    bench_must_plan(bench, "ae", 1, plan.bytes);
    bench_must_assign(bench, "person:jo", 1, "ae 2026-01-01 -");
    bench_drain(bench);
    buffer_deinit(&plan);
}

static void assert_earned(struct bench *bench, const char *earned)
{
    char is[DECIMAL_TEXT_BYTES];
    decimal_format(bench_earned(bench, "person:jo", "all", "2026-Q1"), is);
    assert_string_equal(is, earned);
    assert_int_equal(bench_counters(bench, BENCH_INCENTIVES).held, 0);
}

static void earns(void **state)
{
    const struct result_case *row = *state;
    struct bench bench;
    bench_init(&bench);
    publish(&bench, row->measure, row->pays);
    for (size_t i = 0; i < RESULTS && row->results[i].value; i++) {
        struct result result = result_of(&row->results[i]);
        must_result(&bench, &result);
    }
    assert_earned(&bench, row->earned);
    bench_restart(&bench); /* and from the rows alone, nothing moves */
    bench_read_all(&bench);
    assert_earned(&bench, row->earned);
    bench_deinit(&bench);
}

/* What waits is not paid, and is when what it waits for comes; also when plan and roster do. */
static void results_may_come_before_the_plan(void **state)
{
    (void)state;
    const struct given given = {"2026-03", 0, "7"};
    struct result result = result_of(&given);
    struct bench bench;
    bench_init(&bench);
    must_result(&bench, &result);
    publish(&bench, "take: last, missing: zero", UNIT);
    assert_earned(&bench, "7");
    result.revision = 2;
    result.value = words_decimal(SLICE("9"));
    must_result(&bench, &result);
    assert_earned(&bench, "9");
    assert_true(bench_last_payout(&bench).earned_delta.units == words_decimal(SLICE("2")).units);
    bench_deinit(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_may_come_before_the_plan),
    };
    return RUN_CASES(rows, earns) +
           cmocka_run_group_tests_name("engine.results", tests, NULL, NULL);
}
