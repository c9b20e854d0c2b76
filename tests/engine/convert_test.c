/* Money in other currencies (`convert`), through the incentives fold: which date's rate counts,
 * what waits for one, and that rates move books whenever they come. Figures by hand. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/worth_rows.h"

enum { FACTS_MAX = 4, RATES_MAX = 3 };

struct convert_case {
    const char *label;
    const char *component;
    const char *rates[RATES_MAX]; /* one record of control each */
    const char *deals[FACTS_MAX];
    const char *milestones[FACTS_MAX];
    const char *window;
    const char *earned;
    const char *pending; /* NULL: nothing */
    const char *payments[FACTS_MAX];
};

#define HEAD                                                                                       \
    "milepost: 1\nplan: ae\nversion: 1\ntitle: T\ncurrency: USD\ntimezone: America/New_York\n"     \
    "calendar: {year-starts: 01-01}\neffective: {from: 2026-01-01}\n"                              \
    "rounding: {to: 0.01, mode: half-even}\nmid-window: last\ncomponents:\n  all:\n"
#define MEASURE(of, sum, date, missing)                                                            \
    "    measure: {of: " of ", sum: " sum ", convert: {to: USD, rate-of: " date                    \
    ", missing: " missing "}}\n    cancelled: {effect: recompute}\n"
#define OVER(over, pays) "    over: " over "\n    pays: " pays "\n"
#define CLOSED(pays)     MEASURE("deals", "amount", "closed-date", "pending") OVER("quarter", pays)
#define TEN              "{rate: 10%}"
#define EUR(date, rate)  "- {on: " date ", pair: EUR/USD, rate: " rate "}\n"
#define DEAL(id, date, amount, more)                                                               \
    "D-" id " 1 CLOSED 2026-" date " " amount " person:jo/owner/" more
#define Q1 "2026-Q1"

static const struct convert_case rows[] = {
    {"at the rate of the day it closed",
     CLOSED(TEN),
     {EUR("2026-02-03", "1.0815") EUR("2026-02-04", "2")},
     {DEAL("1", "02-03", "1000", "100% cur=EUR"), DEAL("2", "02-03", "100", "100%")},
     {NULL},
     Q1,
     "118.15",
     NULL},
    {"one row that waits leaves the others valued",
     CLOSED(TEN),
     {EUR("2026-02-03", "1.0815")},
     {DEAL("1", "02-03", "1000", "100% cur=EUR"), DEAL("2", "02-04", "1000", "100% cur=EUR")},
     {NULL},
     Q1,
     "108.15",
     "rate-missing"},
    {"never an inverse or a cross",
     CLOSED(TEN),
     {"- {on: 2026-02-03, pair: USD/EUR, rate: 0.9}\n- {on: 2026-02-03, pair: EUR/GBP, rate: 1}\n"
      "- {on: 2026-02-03, pair: GBP/USD, rate: 1}\n"},
     {DEAL("1", "02-03", "1000", "100% cur=EUR")},
     {NULL},
     Q1,
     "0",
     "rate-missing"},
    {"a rate that is as old as it may be",
     MEASURE("deals", "amount", "closed-date", "previous-up-to 5 days") OVER("quarter", TEN),
     {EUR("2026-02-01", "1.1")},
     {DEAL("1", "02-06", "1000", "100% cur=EUR")},
     {NULL},
     Q1,
     "110",
     NULL},
    {"a rate that is a day too old",
     MEASURE("deals", "amount", "closed-date", "previous-up-to 5 days") OVER("quarter", TEN),
     {EUR("2026-02-01", "1.1")},
     {DEAL("1", "02-07", "1000", "100% cur=EUR")},
     {NULL},
     Q1,
     "0",
     "rate-missing"},
    {"at the rate of the window's last day",
     MEASURE("deals", "amount", "window-end", "pending") OVER("quarter", TEN),
     {EUR("2026-03-31", "1.2") EUR("2026-02-03", "9")},
     {DEAL("1", "02-03", "1000", "100% cur=EUR")},
     {NULL},
     Q1,
     "120",
     NULL},
    {"a deal's window ends on its day",
     MEASURE("deals", "amount", "window-end", "pending") OVER("deal", TEN),
     {EUR("2026-03-31", "9") EUR("2026-02-03", "1.5")},
     {DEAL("1", "02-03", "1000", "100% cur=EUR")},
     {NULL},
     "deal:D-1",
     "150",
     NULL},
    {"at the rate of a date on the deal",
     MEASURE("deals", "amount", "attribute.posted", "pending") OVER("quarter", TEN),
     {EUR("2026-02-05", "1.25") EUR("2026-02-03", "9")},
     {DEAL("1", "02-03", "1000", "100% cur=EUR @posted=2026-02-05")},
     {NULL},
     Q1,
     "125",
     NULL},
    {"a deal without that date waits",
     MEASURE("deals", "amount", "attribute.posted", "pending") OVER("quarter", TEN),
     {EUR("2026-02-03", "9")},
     {DEAL("1", "02-03", "1000", "100% cur=EUR"),
      DEAL("2", "02-03", "1000", "100% cur=EUR @posted=soon")},
     {NULL},
     Q1,
     "0",
     "rate-missing"},
    {"nothing is rounded before the window is",
     CLOSED("{rate: 1%}"), /* 3 × 0.3333 × 0.01 × 1.123456789, together 0.01123… */
     {EUR("2026-02-03", "1.123456789")},
     {DEAL("1", "02-03", "1", "33.33% cur=EUR"), DEAL("2", "02-03", "1", "33.33% cur=EUR"),
      DEAL("3", "02-03", "1", "33.33% cur=EUR")},
     {NULL},
     Q1,
     "0.01",
     NULL},
    {"amounts by name, a constant, and a list of rates",
     "    measure: {of: deals, sum: amount, plus: 50, convert: {to: USD, rate-of: closed-date, "
     "missing: pending}}\n    cancelled: {effect: recompute}\n" OVER(
         "quarter", "{match: first, rates: [{when: {product: core}, give: 10%}, {else: 1%}]}"),
     {EUR("2026-02-03", "2")},
     {DEAL("1", "02-03", "1000", "50% cur=EUR +1/core/600 +2/plus/400")},
     {NULL},
     Q1, /* (600 × 10 % + 400 × 1 %) × 2 × 50 % */
     "64",
     NULL},
    {"thresholds are reached in the plan's money",
     CLOSED("{milestones: {award: each, boundary: reached, table: [{name: a, reach: 2000, give: "
            "100}, {name: b, reach: 2000.01, give: 1}]}}"),
     {EUR("2026-02-03", "2")},
     {DEAL("1", "02-03", "1000", "100% cur=EUR")},
     {NULL},
     Q1,
     "100",
     NULL},
    {"with the share taken of the pay",
     "    measure: {of: deals, sum: amount, share: after, convert: {to: USD, rate-of: closed-date, "
     "missing: pending}}\n    cancelled: {effect: recompute}\n" OVER("deal", TEN),
     {EUR("2026-02-03", "2")},
     {DEAL("1", "02-03", "1000", "50% cur=EUR")},
     {NULL},
     "deal:D-1",
     "100",
     NULL},
    {"phases of a contract in euros, at the rate of the day the deal closed",
     MEASURE("milestones", "amount", "closed-date", "pending")
         OVER("deal", "{phases: {of: contract-value, requires: nothing, table: [{phase: design, "
                      "give: 100%}]}}"),
     {EUR("2026-02-03", "1.5") EUR("2026-03-01", "9")},
     {DEAL("1", "02-03", "1000", "100% cur=EUR")},
     {"M-1 D-1 1 REACHED 2026-03-01 m phase=design"},
     "deal:D-1",
     "1500",
     NULL},
    {"progress of a contract in euros",
     MEASURE("milestones", "amount", "closed-date", "pending")
         OVER("deal", "{progress: {of: contract-value, requires: nothing}}"),
     {EUR("2026-02-03", "1.5")},
     {DEAL("1", "02-03", "1000", "100% cur=EUR")},
     {"M-1 D-1 1 REACHED 2026-03-01 m percent=40%"},
     "deal:D-1",
     "600",
     NULL},
    {"a milestone without a deal counts at the rate of its own day",
     MEASURE("milestones", "amount", "closed-date", "pending") OVER("quarter", TEN),
     {EUR("2026-03-01", "1.5")},
     {NULL},
     {"M-1 - 1 REACHED 2026-03-01 m amount=1000 cur=EUR person:jo/owner/100%"},
     Q1,
     "150",
     NULL},
    {"later records add to the earlier ones, and correct them",
     CLOSED(TEN),
     {EUR("2026-02-03", "1") EUR("2026-02-04", "1"), EUR("2026-02-04", "1.5")},
     {DEAL("1", "02-03", "1000", "100% cur=EUR"), DEAL("2", "02-04", "1000", "100% cur=EUR")},
     {NULL},
     Q1,
     "250",
     NULL},
};

#define PAID(sum, pays) MEASURE("deals", sum, "paid-date", "pending") OVER("quarter", pays)
#define MARCH           EUR("2026-03-01", "1.5") EUR("2026-03-02", "2") EUR("2026-02-03", "9")

static const struct convert_case paid_rows[] = {
    {"each part of the cash at its own date, and what is not paid counts nothing",
     PAID("amount", TEN),
     {MARCH},
     {DEAL("1", "02-03", "1000", "100% cur=EUR")},
     {NULL},
     Q1, /* 300 × 1.5 + 500 × 2 */
     "145",
     NULL,
     {"P-1 D-1 1 2026-03-01 300 EUR", "P-2 D-1 1 2026-03-02 500 EUR"}},
    {"a part without a rate waits alone",
     PAID("amount", TEN),
     {MARCH},
     {DEAL("1", "02-03", "1000", "100% cur=EUR")},
     {NULL},
     Q1,
     "100",
     "rate-missing",
     {"P-1 D-1 1 2026-03-02 500 EUR", "P-2 D-1 1 2026-03-05 500 EUR"}},
    {"no more than the deal's amount, and refunds come off at their own date",
     PAID("amount", TEN),
     {MARCH},
     {DEAL("1", "02-03", "1000", "100% cur=EUR")},
     {NULL},
     Q1, /* 1000 × 1.5 - 400 × 2 */
     "70",
     NULL,
     {"P-1 D-1 1 2026-03-01 1200 EUR", "P-2 D-1 1 2026-03-02 -600 EUR"}},
    {"thirds of another amount are exact",
     PAID("amount.net", "{rate: 100%}"),
     {MARCH},
     {DEAL("1", "02-03", "300", "100% cur=EUR net=100"),
      DEAL("2", "02-03", "300", "100% cur=EUR net=200")},
     {NULL},
     Q1, /* (100 / 3 + 200 / 3) × 1.5 */
     "150",
     NULL,
     {"P-1 D-1 1 2026-03-01 100 EUR", "P-2 D-2 1 2026-03-01 100 EUR"}},
    {"what is paid in another currency than the deal's counts nothing",
     PAID("amount", TEN),
     {MARCH},
     {DEAL("1", "02-03", "1000", "100% cur=EUR")},
     {NULL},
     Q1,
     "45",
     NULL,
     {"P-1 D-1 1 2026-03-01 300 EUR", "P-2 D-1 1 2026-03-02 500 USD"}},
    {"a deal of 0 counts as paid when it closed",
     PAID("amount.net", TEN),
     {MARCH},
     {DEAL("1", "02-03", "0", "100% cur=EUR net=100")},
     {NULL},
     Q1,
     "90",
     NULL,
     {NULL}},
};

static void must_plan(struct bench *bench, const char *component)
{
    static struct zone_transition new_york[] = {{INT64_C(1762063200000), -18000},
                                                {INT64_C(1772953200000), -14400}};
    struct zone_table zone = {SLICE("America/New_York"), {new_york, 2}};
    struct buffer text = {0};
    buffer_printf(&text, HEAD "%s", component);
    struct control control = {.kind = SLICE("plan"),
                              .id = SLICE("ae"),
                              .version = 1,
                              .change = SLICE("apply-1"),
                              .semantics = SEMANTICS_LATEST,
                              .document = buffer_slice(&text),
                              .zones = {&zone, 1}};
    struct input input = {
        .kind = INPUT_CONTROL, .fact = &control, .cause = {.topic = SLICE("control")}};
    bench_must_apply(bench, BENCH_CREDITING, &input);
    bench_must_apply(bench, BENCH_INCENTIVES, &input);
    buffer_deinit(&text);
}

static void must_rates(struct bench *bench, const struct convert_case *row, bool is_backwards)
{
    size_t count = 0;
    while (count < RATES_MAX && row->rates[count])
        count++;
    for (size_t i = 0; i < count; i++) {
        size_t at = is_backwards ? count - 1 - i : i;
        bench_must_control(bench, "rates", "all", (int64_t)at + 1, row->rates[at], NULL, 0);
    }
    bench_drain(bench);
}

static void must_facts(struct bench *bench, const struct convert_case *row)
{
    for (size_t i = 0; i < FACTS_MAX && row->deals[i]; i++)
        bench_must_deal(bench, row->deals[i]);
    for (size_t i = 0; i < FACTS_MAX && row->milestones[i]; i++)
        bench_must_milestone(bench, row->milestones[i]);
    for (size_t i = 0; i < FACTS_MAX && row->payments[i]; i++)
        bench_must_payment(bench, row->payments[i]);
}

/* Rates first, facts first, and records of rates in the opposite order. */
static void converts(void **state)
{
    const struct convert_case *row = *state;
    for (int round = 0; round < 3; round++) {
        struct bench bench;
        struct emitted_row emitted;
        bench_init(&bench);
        must_plan(&bench, row->component);
        bench_must_assign(&bench, "person:jo", 1, "ae 2026-01-01 -");
        bench_drain(&bench);
        if (round != 1)
            must_rates(&bench, row, round == 2);
        must_facts(&bench, row);
        if (round == 1)
            must_rates(&bench, row, false);
        assert_true(bench_emitted(&bench, "person:jo", "ae", "all", row->window, &emitted));
        assert_worth(&bench, &(struct worth){"all", row->window, row->earned, NULL, row->pending});
        assert_settled(&bench);
        bench_deinit(&bench);
    }
}

/* A deal that was counted at one rate is counted out at that rate, although another one stands. */
static void a_corrected_rate_moves_what_was_paid(void **state)
{
    struct bench bench;
    (void)state;
    bench_init(&bench);
    must_plan(&bench, CLOSED(TEN));
    bench_must_assign(&bench, "person:jo", 1, "ae 2026-01-01 -");
    bench_must_control(&bench, "rates", "all", 1, EUR("2026-02-03", "1"), NULL, 0);
    bench_drain(&bench);
    bench_must_deal(&bench, DEAL("1", "02-03", "1000", "100% cur=EUR"));
    bench_must_deal(&bench, DEAL("2", "02-03", "500", "100% cur=EUR"));
    bench_must_control(&bench, "rates", "all", 2, EUR("2026-02-03", "2"), NULL, 0);
    /* Before the queue has come to the book. */
    bench_must_deal(&bench, "D-2 2 CANCELLED 2026-02-03 500 person:jo/owner/100% cur=EUR");
    bench_drain(&bench);
    assert_true(bench_earned(&bench, "person:jo", "all", Q1).units == decimal_of(200).units);
    struct payout payout = bench_payout(&bench, 2);
    assert_true(slice_equal(payout.kind, SLICE("ADJUSTMENT")));
    assert_true(slice_equal(payout.reason, SLICE("apply-1")));
    assert_settled(&bench);
    bench_deinit(&bench);
}

/* A book of plans that convert nothing is not read anew for a rate. */
static void rates_move_only_plans_that_convert(void **state)
{
    struct bench bench;
    (void)state;
    bench_init(&bench);
    must_plan(&bench,
              "    measure: {of: deals, sum: amount}\n    cancelled: {effect: recompute}\n" OVER(
                  "quarter", TEN));
    bench_must_assign(&bench, "person:jo", 1, "ae 2026-01-01 -");
    bench_drain(&bench);
    bench_must_control(&bench, "rates", "all", 1, EUR("2026-02-03", "1"), NULL, 0);
    assert_int_equal(bench_counters(&bench, BENCH_INCENTIVES).queued, 0);
    bench_deinit(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_corrected_rate_moves_what_was_paid),
                                       cmocka_unit_test(rates_move_only_plans_that_convert)};
    return RUN_CASES(rows, converts) + RUN_CASES(paid_rows, converts) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
