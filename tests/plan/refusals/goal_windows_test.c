/* What a goal says of windows, and `prorate`, `decimals`, `baseline` (PLAN-LANGUAGE section 3). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/plan_lines.h"

/* Line 15 is `goal`. */
#define OVER(over)                                                                                 \
    MAIN("of: deals, sum: amount") "    cancelled: {effect: recompute}\n    over: " over "\n"
#define ROSTER                "from: roster, attainment: exact, zero: nothing, prorate: none"
#define GOAL_OVER(over, goal) OVER(over) "    goal: {" goal "}\n    pays: {rate: 10%}\n"

/* A plan that ends as `effective` says; `over` stands in line 13. */
#define ENDING(until, lines)                                                                       \
    "milepost: 1\nplan: p\nversion: 3\ncurrency: USD\ntimezone: UTC\n"                             \
    "calendar: {year-starts: 01-01}\neffective: {from: 2026-01-01" until "}\n"                     \
    "rounding: {to: 0.01, mode: half-even}\nmid-window: last\ncomponents:\n  main:\n"              \
    "    measure: {of: deals, sum: amount}\n    over: plan\n    cancelled: {effect: "              \
    "recompute}\n" lines
#define PRORATED_GOAL                                                                              \
    "    goal: {from: roster, attainment: exact, zero: nothing, prorate: days}\n"                  \
    "    pays: {rate: 10%}\n"
#define PRORATED_PAY "    pays: {rate: 10%}\n    adjust: [{prorate: months}]\n"

static const struct line_row rows[] = {
    {"a goal is prorated over a plan that ends", ENDING(", until: 2028-01-01", PRORATED_GOAL), NULL,
     NULL, NULL},
    {"and not over one that does not", ENDING("", PRORATED_GOAL), "13:11", "bad-value", "until"},
    {"nor is pay", ENDING("", PRORATED_PAY), "13:11", "bad-value", "until"},
    {"which is over one that does", ENDING(", until: 2027-01-01", PRORATED_PAY), NULL, NULL, NULL},
    {"a goal may be 0.000000001", GOAL_OVER("quarter", "fixed: 0.000000001"), NULL, NULL, NULL},
    {"four quarters total 100 %", GOAL_OVER("quarter", ROSTER ", weights: [20%, 20%, 20%, 40%]"),
     NULL, NULL, NULL},
    {"four quarters total 99.9 %", GOAL_OVER("quarter", ROSTER ", weights: [20%, 20%, 20%, 39.9%]"),
     "15:84", "not-100-percent", NULL},
    {"four quarters total 100.000001 %",
     GOAL_OVER("quarter", ROSTER ", weights: [20%, 20%, 20%, 40.000001%]"), "15:84",
     "not-100-percent", NULL},
    {"three weights for four quarters", GOAL_OVER("quarter", ROSTER ", weights: [50%, 25%, 25%]"),
     "15:84", "bad-value", NULL},
    {"five weights for four quarters",
     GOAL_OVER("quarter", ROSTER ", weights: [20%, 20%, 20%, 20%, 20%]"), "15:84", "bad-value",
     NULL},
    {"two halves", GOAL_OVER("half", ROSTER ", weights: [60%, 40%]"), NULL, NULL, NULL},
    {"one year", GOAL_OVER("year", ROSTER ", weights: [100%]"), NULL, NULL, NULL},
    {"a weight is not negative", GOAL_OVER("half", ROSTER ", weights: [110%, -10%]"), "15:91",
     "bad-value", NULL},
    {"a weight carries its percent", GOAL_OVER("half", ROSTER ", weights: [50%, 0.5]"), "15:90",
     "bad-number", NULL},
    {"weights of a fixed goal", GOAL_OVER("half", "fixed: 5, weights: [50%, 50%]"), "15:22",
     "bad-key", "from: roster"},
    {"weights of a plan's window", GOAL_OVER("plan", ROSTER ", weights: [100%]"), "15:75",
     "bad-key", NULL},
    {"a ramp", GOAL_OVER("quarter", ROSTER ", ramp: [0%, 25%, 120%]"), NULL, NULL, NULL},
    {"a ramp of nothing", GOAL_OVER("quarter", ROSTER ", ramp: []"), "15:81", "bad-value", NULL},
    {"a ramp by deals", GOAL_OVER("deal", ROSTER ", ramp: [0%]"), "15:75", "bad-key", NULL},
    {"a ramp of a plan's window", GOAL_OVER("plan", ROSTER ", ramp: [0%]"), "15:75", "bad-key",
     NULL},
    {"a ramp from the next window",
     GOAL_OVER("quarter", ROSTER ", ramp-from: next-window, ramp: [0%]"), NULL, NULL, NULL},
    {"ramp-from without a ramp", GOAL_OVER("quarter", ROSTER ", ramp-from: next-window"), "15:75",
     "bad-key", "ramp:"},
    {"prorated by months, to 4 places",
     GOAL_OVER("quarter", "from: roster, attainment: exact, zero: nothing, prorate: months, "
                          "decimals: 4"),
     NULL, NULL, NULL},
    {"prorated exactly",
     GOAL_OVER("quarter",
               "from: roster, attainment: exact, zero: nothing, prorate: days, decimals: exact"),
     NULL, NULL, NULL},
    {"prorated by weeks",
     GOAL_OVER("quarter", "from: roster, attainment: exact, zero: nothing, prorate: weeks"),
     "15:69", "bad-word", NULL},
    {"12 places",
     GOAL_OVER("quarter",
               "from: roster, attainment: exact, zero: nothing, prorate: days, decimals: 12"),
     NULL, NULL, NULL},
    {"13 places",
     GOAL_OVER("quarter",
               "from: roster, attainment: exact, zero: nothing, prorate: days, decimals: 13"),
     "15:85", "bad-value", NULL},
    {"places of nothing", GOAL_OVER("quarter", ROSTER ", decimals: 4"), "15:75", "no-effect",
     "prorate: days"},
    {"growth over last year", GOAL_OVER("year", ROSTER ", baseline: {same-window: last-year}"),
     NULL, NULL, NULL},
    {"growth that may be negative",
     GOAL_OVER("year", ROSTER ", baseline: {same-window: last-year, negative: count}"), NULL, NULL,
     NULL},
    {"growth over another window", GOAL_OVER("year", ROSTER ", baseline: {same-window: previous}"),
     "15:99", "bad-word", NULL},
    {"growth without a goal", GOAL_OVER("year", "baseline: {same-window: last-year}"), NULL, NULL,
     NULL},
    {"growth without a goal, with what a goal says",
     GOAL_OVER("year", "baseline: {same-window: last-year}, zero: nothing"), "15:48", "unknown-key",
     NULL},
    {"growth of deals", GOAL_OVER("deal", "baseline: {same-window: last-year}"), "15:12", "bad-key",
     NULL},
    {"attainment without a goal needs more than growth",
     OVER("quarter") "    goal: {baseline: {same-window: last-year}}\n    pays:\n      curve: {on: "
                     "attainment, gives: amount, points: [[0%, 0]], below: nothing, above: flat}\n",
     "16:5", "must-say", "goal:"},
};

int main(void)
{
    return RUN_CASES(rows, says);
}
