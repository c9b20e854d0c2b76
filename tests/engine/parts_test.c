/* Windows in parts (`mid-window: split`, `split-windows: yes`), through the incentives fold: which
 * days a part has, what it is called, by which goal and version it is valued, and what others see
 * of it. Figures by hand. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/worth_rows.h"

enum { DEALS_MAX = 5 };

struct parts_case {
    const char *label;
    const char *plans[2];
    const char *assigned;
    const char *deals[DEALS_MAX]; /* date and amount */
    struct worth worth[WORTH_KEYS];
};

#define HEAD(number, from, mid, splits)                                                            \
    "milepost: 1\nplan: ae\nversion: " number "\ntitle: T\ncurrency: USD\ntimezone: UTC\n"         \
    "calendar: {year-starts: 01-01}\neffective: {from: " from "}\n"                                \
    "rounding: {to: 0.01, mode: half-even}\nmid-window: " mid "\nsplit-windows: " splits           \
    "\ncomponents:\n"
#define MEASURE(name, over)                                                                        \
    "  " name ":\n    measure: {of: deals, sum: amount}\n    cancelled: {effect: recompute}\n"     \
    "    over: " over "\n"
#define RATE(percent) MEASURE("all", "quarter") "    pays: {rate: " percent "}\n"
#define LINEAR(over, prorate)                                                                      \
    MEASURE("all", over)                                                                           \
    "    goal: {from: roster, attainment: exact, zero: nothing, prorate: " prorate "}\n"           \
    "    pays:\n      curve: {on: attainment, gives: percent-of-target, points: [[0%, 0%]],\n"     \
    "              below: nothing, above: {slope: 1}}\n"
#define LOOKS(window)                                                                              \
    MEASURE("all", "quarter")                                                                      \
    "    pays: {rate: 10%}\n    adjust:\n      - multiply: {by: 200%, when: {component: other, "   \
    "attainment: \">= 100%\", window: " window                                                     \
    "}}\n" MEASURE("other", "quarter") "    goal: {fixed: 1000}\n    pays: nothing\n"

static const struct parts_case rows[] = {
    {"each assignment's goal holds in its part",
     {HEAD("1", "2026-01-01", "split", "no") LINEAR("quarter", "none")},
     "ae 2026-01-01 2026-02-15 goal=1000 target=100; ae 2026-02-15 - goal=2000 target=100",
     {"2026-02-14 600", "2026-02-15 600", "2026-04-01 500"},
     {{"all", "2026-Q1", "0"},
      {"all", "2026-Q1.1", "60"},
      {"all", "2026-Q1.2", "30"},
      {"all", "2026-Q2", "25"}}},
    {"prorate scales by the part's days in the window",
     {HEAD("1", "2026-01-01", "split", "no") LINEAR("quarter", "days")},
     /* 45 of 90 days each: goals of 500 and 1000, targets of 50 */
     "ae 2026-01-01 2026-02-15 goal=1000 target=100; ae 2026-02-15 - goal=2000 target=100",
     {"2026-02-14 600", "2026-02-15 600"},
     {{"all", "2026-Q1.1", "60"}, {"all", "2026-Q1.2", "30"}}},
    {"prorate by months counts those that a day of the part is in",
     {HEAD("1", "2026-01-01", "split", "no") LINEAR("quarter", "months")},
     /* 2 of 3 months each: goals of 600 and 1200, targets of 60 */
     "ae 2026-01-01 2026-02-15 goal=900 target=90; ae 2026-02-15 - goal=1800 target=90",
     {"2026-02-14 600", "2026-02-15 600"},
     {{"all", "2026-Q1.1", "60"}, {"all", "2026-Q1.2", "30"}}},
    {"days without an assignment stay with the part before, and count for nothing",
     {HEAD("1", "2026-01-01", "split", "no") RATE("10%")},
     "ae 2026-01-01 2026-02-01; ae 2026-03-01 -",
     {"2026-01-31 100", "2026-02-10 1000", "2026-03-01 200"},
     {{"all", "2026-Q1.1", "10"}, {"all", "2026-Q1.2", "20"}, {"all", "2026-Q1", "0"}}},
    {"who begins in a window has it whole",
     {HEAD("1", "2026-01-01", "split", "no") RATE("10%")},
     "ae 2026-02-01 -",
     {"2026-02-10 1000"},
     {{"all", "2026-Q1", "100"}, {"all", "2026-Q1.1", "0"}}},
    {"two that begin a window's assignments on one day begin no part",
     {HEAD("1", "2026-01-01", "split", "no") RATE("10%")},
     "ae 2026-02-01 2026-02-20; ae 2026-02-01 -",
     {"2026-02-10 1000"},
     {{"all", "2026-Q1", "100"}}},
    {"an assignment to another plan splits nothing",
     {HEAD("1", "2026-01-01", "split", "no") RATE("10%")},
     "ae 2026-01-01 -; other 2026-02-01 -",
     {"2026-02-10 1000"},
     {{"all", "2026-Q1", "100"}}},
    {"three parts",
     {HEAD("1", "2026-01-01", "split", "no") MEASURE("all", "year") "    pays: {rate: 10%}\n"},
     "ae 2026-01-01 2026-03-01; ae 2026-03-01 2026-06-01; ae 2026-06-01 -",
     {"2026-02-28 100", "2026-03-01 200", "2026-05-31 300", "2026-06-01 400"},
     {{"all", "2026.1", "10"}, {"all", "2026.2", "50"}, {"all", "2026.3", "40"}}},
    {"with split-windows a window ends where the version begins",
     {HEAD("1", "2026-01-01", "last", "no") RATE("10%"),
      HEAD("2", "2026-02-10", "last", "yes") RATE("20%")},
     "ae 2026-01-01 -",
     {"2026-02-09 1000", "2026-02-10 1000", "2026-04-01 1000"},
     {{"all", "2026-Q1.1", "100"}, {"all", "2026-Q1.2", "200"}, {"all", "2026-Q2", "200"}}},
    {"without it the window goes by the version of its first day",
     {HEAD("1", "2026-01-01", "last", "no") RATE("10%"),
      HEAD("2", "2026-02-10", "last", "no") RATE("20%")},
     "ae 2026-01-01 -",
     {"2026-02-09 1000", "2026-02-10 1000", "2026-04-01 1000"},
     {{"all", "2026-Q1", "200"}, {"all", "2026-Q2", "200"}}},
    {"a version that begins with a window splits none",
     {HEAD("1", "2026-01-01", "last", "no") RATE("10%"),
      HEAD("2", "2026-04-01", "last", "yes") RATE("20%")},
     "ae 2026-01-01 -",
     {"2026-03-31 1000", "2026-04-01 1000"},
     {{"all", "2026-Q1", "100"}, {"all", "2026-Q2", "200"}}},
    {"the range of a plan ends where a version splits it",
     {HEAD("1", "2026-01-01", "last", "no") MEASURE("all", "plan") "    pays: {rate: 10%}\n",
      HEAD("2", "2026-02-10", "last", "yes") MEASURE("all", "plan") "    pays: {rate: 20%}\n"},
     "ae 2026-01-01 -",
     {"2026-02-09 1000", "2026-02-10 1000"},
     {{"all", "plan.1", "100"}, {"all", "plan", "200"}}},
    {"parts are numbered over versions and assignments",
     {HEAD("1", "2026-01-01", "split", "no") RATE("10%"),
      HEAD("2", "2026-02-10", "split", "yes") RATE("20%")},
     "ae 2026-01-01 2026-01-20; ae 2026-01-20 2026-03-01; ae 2026-03-01 -",
     {"2026-01-19 100", "2026-01-20 200", "2026-02-10 300", "2026-03-01 400"},
     {{"all", "2026-Q1.1", "10"},
      {"all", "2026-Q1.2", "20"},
      {"all", "2026-Q1.3", "60"},
      {"all", "2026-Q1.4", "80"}}},
    {"a part is valued by the version of its own first day",
     {HEAD("1", "2026-01-01", "split", "no") RATE("10%"),
      HEAD("2", "2026-02-10", "last", "no") RATE("20%")},
     "ae 2026-01-01 2026-03-01; ae 2026-03-01 -",
     {"2026-02-20 100", "2026-03-01 100"},
     {{"all", "2026-Q1.1", "10"}, {"all", "2026-Q1.2", "20"}}},
    {"the same window of another is the same part",
     {HEAD("1", "2026-01-01", "split", "no") LOOKS("same")},
     "ae 2026-01-01 2026-02-15; ae 2026-02-15 -",
     {"2026-02-14 999.99", "2026-02-15 1000"},
     {{"all", "2026-Q1.1", "100"}, {"all", "2026-Q1.2", "200"}}},
    {"the previous window of a second part is the first, and that of a first one the quarter "
     "before",
     {HEAD("1", "2026-01-01", "split", "no") LOOKS("previous")},
     "ae 2026-01-01 2026-05-15; ae 2026-05-15 -",
     {"2026-03-31 1000", "2026-05-14 500", "2026-05-15 500", "2026-07-01 100"},
     {{"all", "2026-Q1", "100"},
      {"all", "2026-Q2.1", "100"},
      {"all", "2026-Q2.2", "50"},
      {"all", "2026-Q3", "10"}}},
    {"parts fill a yearly cap in order",
     {HEAD("1", "2026-01-01", "split", "no") MEASURE(
         "all", "year") "    pays: {rate: 10%}\n    adjust: [{cap: {at: 150, per: year}}]\n"},
     "ae 2026-01-01 2026-05-15; ae 2026-05-15 -",
     {"2026-03-31 1000", "2026-05-15 1000"},
     {{"all", "2026.1", "100"}, {"all", "2026.2", "50"}}},
    {"months of a deadline count from the start of the whole window",
     {HEAD("1", "2026-01-01", "split", "no") MEASURE(
         "all",
         "quarter") "    pays: {milestones: {award: each, boundary: reached, late: 50%, table: "
                    "[{name: a, reach: 100, by: end of month 2, give: 10}]}}\n"},
     "ae 2026-01-01 2026-02-15; ae 2026-02-15 2026-02-20; ae 2026-02-20 -",
     {"2026-02-15 100", "2026-03-01 100"},
     {{"all", "2026-Q1.2", "10"}, {"all", "2026-Q1.3", "5"}}},
};

static void must_deal(struct bench *bench, size_t index, const char *date_and_amount)
{
    char words[120];
    snprintf(words, sizeof words, "D-%zu 1 CLOSED %s person:jo/owner/100%%", index,
             date_and_amount);
    bench_must_deal(bench, words);
}

/* The roster before the deals, and behind them: then what was paid for the whole goes back. A book
 * read anew differs in nothing. */
static void earns(void **state)
{
    const struct parts_case *row = *state;
    for (int round = 0; round < 2; round++) {
        struct bench bench;
        bench_init(&bench);
        for (size_t i = 0; i < 2 && row->plans[i]; i++)
            bench_must_plan(&bench, "ae", (int64_t)i + 1, row->plans[i]);
        bench_must_assign(&bench, "person:jo", 1,
                          round ? "ae 2026-01-01 - goal=500 target=70" : "");
        if (!round)
            bench_must_assign(&bench, "person:jo", 2, row->assigned);
        for (size_t i = 0; i < DEALS_MAX && row->deals[i]; i++)
            must_deal(&bench, i, row->deals[i]);
        if (round)
            bench_must_assign(&bench, "person:jo", 2, row->assigned);
        bench_drain(&bench);
        for (size_t i = 0; i < WORTH_KEYS && row->worth[i].component; i++)
            assert_worth(&bench, &row->worth[i]);
        assert_settled(&bench);
        bench_deinit(&bench);
    }
}

/* What attainment says of a part: its own days, whether or not its book is in memory. */
static void attainment_has_the_days_of_the_part(void **state)
{
    struct bench bench;
    struct attainment view;
    bool more;
    (void)state;
    bench_init(&bench);
    bench_must_plan(&bench, "ae", 1, HEAD("1", "2026-01-01", "split", "no") RATE("10%"));
    bench_must_assign(&bench, "person:jo", 1, "ae 2026-01-01 2026-02-15; ae 2026-02-15 -");
    must_deal(&bench, 1, "2026-02-15 100");
    struct fold *fold = bench.folds[BENCH_INCENTIVES];
    struct outbox outbox = bench_outbox(&bench);
    fold->forget(fold->self, (struct slice){"person:jo\0e", 11});
    bench_begin(&bench);
    assert_int_equal(fold->publish(fold->self, 10, &outbox, &more, bench.detail), STATUS_OK);
    bench_keep(&bench);
    bench_read(&bench.attainments, bench.attainments.count - 1, &attainment_shape, &bench.facts,
               &view);
    assert_true(slice_equal(view.window, SLICE("2026-Q1.2")));
    assert_true(view.has_window_from && view.has_window_until);
    assert_int_equal(view.window_from, words_date(SLICE("2026-02-15")));
    assert_int_equal(view.window_until, words_date(SLICE("2026-04-01")));
    bench_deinit(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(attainment_has_the_days_of_the_part)};
    return RUN_CASES(rows, earns) + cmocka_run_group_tests(tests, NULL, NULL);
}
