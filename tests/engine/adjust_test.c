/* Conditions, steps of adjust, and components that look at one another, through the incentives
 * fold: the rows of PLAN-LANGUAGE by hand, on both sides of each boundary. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/worth_rows.h"

#define DEALS(name, over, rest)                                                                    \
    "  " name ":\n    measure: {of: deals, sum: amount, role: [owner]}\n"                          \
    "    cancelled: {effect: recompute}\n    over: " over "\n" rest
#define GOAL(number)           "    goal: {fixed: " number ", direction: higher, attainment: exact}\n"
#define RATE                   "    pays: {rate: 10%}\n"
#define ADJUST(step)           "    adjust:\n      - " step "\n"
#define DEAL(id, date, amount) "D-" id " 1 CLOSED 2026-" date " " amount " person:jo/owner/100%"
#define OTHER(number)                                                                              \
    "  other:\n    measure: {of: deals, sum: amount, role: [overlay]}\n"                           \
    "    cancelled: {effect: recompute}\n    over: quarter\n" GOAL(number) RATE
#define OVERLAY(id, date, amount)                                                                  \
    "O-" id " 1 CLOSED 2026-" date " " amount " person:jo/overlay/100%"

#define GATE(when, then)    ADJUST("gate: {when: {" when "}, then: " then "}")
#define TIMES(factor, when) ADJUST("multiply: {by: " factor ", when: {" when "}}")

static const struct worth_case rows[] = {
    {"add",
     DEALS("all", "quarter", RATE ADJUST("add: -100.25")),
     {DEAL("1", "02-03", "2000")},
     {{"all", "2026-Q1", "99.75"}}},
    {"steps are taken in the order written",
     DEALS("all", "quarter", RATE "    adjust: [{add: 100}, {multiply: {by: 50%}}, {add: 1}]\n"),
     {DEAL("1", "02-03", "2000")},
     {{"all", "2026-Q1", "151"}}},
    {"a window without rows gets no step",
     DEALS("all", "quarter", RATE ADJUST("add: 100")),
     {DEAL("1", "02-03", "2000"), "D-1 2 CANCELLED 2026-02-03 0 person:jo/owner/100%"},
     {{"all", "2026-Q1", "0"}}},
    {"multiply without a condition",
     DEALS("all", "quarter", RATE ADJUST("multiply: {by: 75%}")),
     {DEAL("1", "02-03", "2000")},
     {{"all", "2026-Q1", "150"}}},
    {"a factor below between",
     DEALS("all", "quarter", RATE ADJUST("multiply: {by: 75%, between: [80%, 120%]}")),
     {DEAL("1", "02-03", "2000")},
     {{"all", "2026-Q1", "160"}}},
    {"a factor above between",
     DEALS("all", "quarter", RATE ADJUST("multiply: {by: 175%, between: [80%, 120%]}")),
     {DEAL("1", "02-03", "2000")},
     {{"all", "2026-Q1", "240"}}},
    {"below its own attainment",
     DEALS("all", "quarter",
           GOAL("10000") RATE TIMES("50%", "component: all, attainment: \"< 50%\", window: same")),
     {DEAL("1", "02-03", "4999.99")},
     {{"all", "2026-Q1", "250"}}},
    {"exactly on it",
     DEALS("all", "quarter",
           GOAL("10000") RATE TIMES("50%", "component: all, attainment: \"< 50%\", window: same")),
     {DEAL("1", "02-03", "5000")},
     {{"all", "2026-Q1", "500"}}},
    {"conditions compare what was not rounded to whole percents",
     DEALS("all", "quarter",
           "    goal: {fixed: 10000, direction: higher, attainment: whole-percent-nearest}\n" RATE
               TIMES("50%", "component: all, attainment: \"< 80%\", window: same")),
     {DEAL("1", "02-03", "7999")},
     {{"all", "2026-Q1", "399.95"}}},
    {"a gate that another component opens",
     DEALS("all", "quarter",
           RATE GATE("component: other, attainment: \"< 80%\", window: same", "nothing"))
         OTHER("1000"),
     {DEAL("1", "02-03", "2000"), OVERLAY("1", "02-04", "800")},
     {{"all", "2026-Q1", "200"}, {"other", "2026-Q1", "80"}}},
    {"a gate that it keeps shut",
     DEALS("all", "quarter",
           RATE GATE("component: other, attainment: \"< 80%\", window: same", "nothing"))
         OTHER("1000"),
     {DEAL("1", "02-03", "2000"), OVERLAY("1", "02-04", "799.99")},
     {{"all", "2026-Q1", "0"}, {"other", "2026-Q1", "80"}}},
    {"a component without a row has come no further than 0 %",
     DEALS("all", "quarter",
           RATE GATE("component: other, attainment: \"< 80%\", window: same", "nothing"))
         OTHER("1000"),
     {DEAL("1", "02-03", "2000")},
     {{"all", "2026-Q1", "0"}}},
    {"what falls back shuts the gate again",
     DEALS("all", "quarter",
           RATE GATE("component: other, attainment: \"< 80%\", window: same", "nothing"))
         OTHER("1000"),
     {DEAL("1", "02-03", "2000"), OVERLAY("1", "02-04", "800"),
      "O-1 2 CANCELLED 2026-02-04 800 person:jo/overlay/100%"},
     {{"all", "2026-Q1", "0"}, {"other", "2026-Q1", "0"}}},
    {"a gate that keeps a share",
     DEALS("all", "quarter",
           RATE GATE("component: other, attainment: \"< 80%\", window: same", "{keep: 75%}"))
         OTHER("1000"),
     {DEAL("1", "02-03", "2000")},
     {{"all", "2026-Q1", "150"}}},
    {"no goal in the roster makes a condition false, and not of it true",
     DEALS("all", "quarter",
           RATE TIMES("50%", "not: {component: other, attainment: \"< 80%\", window: same}"))
         DEALS(
             "other", "quarter",
             "    goal: {from: roster, direction: higher, prorate: none, attainment: exact, zero: "
             "nothing}\n" RATE),
     {DEAL("1", "02-03", "2000")},
     {{"all", "2026-Q1", "100"}, {"other", "2026-Q1", "200"}}},
    {"a month looks at the quarter that it lies in",
     DEALS("all", "month",
           RATE TIMES("200%", "component: other, attainment: \">= 100%\", window: containing"))
         OTHER("1000"),
     {DEAL("1", "01-31", "2000"), DEAL("2", "02-01", "1000"), DEAL("3", "04-01", "500"),
      OVERLAY("1", "03-31", "1000")},
     {{"all", "2026-01", "400"}, {"all", "2026-02", "200"}, {"all", "2026-04", "50"}}},
    {"the window before",
     DEALS("all", "quarter",
           RATE TIMES("200%", "component: other, attainment: \">= 100%\", window: previous"))
         OTHER("1000"),
     {DEAL("1", "03-31", "2000"), DEAL("2", "04-01", "1000"), OVERLAY("1", "03-31", "1000")},
     {{"all", "2026-Q1", "200"}, {"all", "2026-Q2", "200"}}},
    {"the window before the plan is missing",
     DEALS("all", "quarter",
           RATE TIMES("50%", "component: other, attainment: \"< 100%\", window: previous"))
         OTHER("1000"),
     {DEAL("1", "03-31", "2000"), DEAL("2", "04-01", "2000")},
     {{"all", "2026-Q1", "200"}, {"all", "2026-Q2", "100"}}},
    {"what another one earned, before it was rounded",
     DEALS("all", "quarter", RATE TIMES("50%", "component: other, earned: \">= 80\", window: same"))
         OTHER("1000"),
     {DEAL("1", "02-03", "2000"), OVERLAY("1", "02-04", "799.99")},
     {{"all", "2026-Q1", "200"}, {"other", "2026-Q1", "80"}}},
    {"and on the edge",
     DEALS("all", "quarter", RATE TIMES("50%", "component: other, earned: \">= 80\", window: same"))
         OTHER("1000"),
     {DEAL("1", "02-03", "2000"), OVERLAY("1", "02-04", "800")},
     {{"all", "2026-Q1", "100"}, {"other", "2026-Q1", "80"}}},
    {"behind its own adjustments",
     DEALS("all", "quarter", RATE TIMES("50%", "component: other, earned: \">= 80\", window: same"))
         OTHER("1000") ADJUST("cap: {at: 79, per: window}"),
     {DEAL("1", "02-03", "2000"), OVERLAY("1", "02-04", "800")},
     {{"all", "2026-Q1", "200"}, {"other", "2026-Q1", "79"}}},
    {"a deal looks at the month that it lies in",
     DEALS("all", "deal",
           RATE TIMES("200%", "component: other, attainment: \">= 100%\", window: containing"))
         OTHER("1000"),
     {DEAL("1", "02-03", "2000"), DEAL("2", "04-03", "2000"), OVERLAY("1", "02-04", "1000")},
     {{"all", "deal:D-1", "400"}, {"all", "deal:D-2", "200"}}},
    {"a deal looks at what it earns elsewhere",
     DEALS("all", "deal", RATE TIMES("50%", "component: other, earned: \">= 20\", window: same"))
         DEALS("other", "deal", "    pays: {rate: 1%}\n"),
     {DEAL("1", "02-03", "2000"), DEAL("2", "02-03", "1999")},
     {{"all", "deal:D-1", "100"}, {"all", "deal:D-2", "199.9"}}},
    {"a cap while a condition holds",
     DEALS(
         "all", "quarter",
         RATE ADJUST("cap: {at: 100, per: window, when: {component: other, attainment: \"< 80%\", "
                     "window: same}}")) OTHER("1000"),
     {DEAL("1", "02-03", "2000"), DEAL("2", "04-03", "2000"), OVERLAY("1", "02-04", "800"),
      OVERLAY("2", "04-04", "799")},
     {{"all", "2026-Q1", "200"}, {"all", "2026-Q2", "100"}}},
    {"all of several",
     DEALS("all", "quarter",
           RATE TIMES("50%", "all: [{component: other, earned: \">= 80\"}, {component: other, "
                             "attainment: \"< 100%\"}]")) OTHER("1000"),
     {DEAL("1", "02-03", "2000"), DEAL("2", "04-03", "2000"), OVERLAY("1", "02-04", "800"),
      OVERLAY("2", "04-04", "1000")},
     {{"all", "2026-Q1", "100"}, {"all", "2026-Q2", "200"}}},
    {"any of several",
     DEALS("all", "quarter",
           RATE TIMES("50%", "any: [{component: other, earned: \"< 80\"}, {component: other, "
                             "attainment: \">= 100%\"}]")) OTHER("1000"),
     {DEAL("1", "02-03", "2000"), DEAL("2", "04-03", "2000"), OVERLAY("1", "02-04", "800"),
      OVERLAY("2", "04-04", "1000")},
     {{"all", "2026-Q1", "200"}, {"all", "2026-Q2", "100"}}},
    {"a target that only a condition asks for is not missed while it does not hold",
     DEALS("all", "quarter",
           RATE ADJUST("cap: {at: 50% of target, per: window, when: {component: other, attainment: "
                       "\">= 100%\", window: same}}")) OTHER("1000"),
     {DEAL("1", "02-03", "2000"), DEAL("2", "04-03", "2000"), OVERLAY("2", "04-04", "1000")},
     {{"all", "2026-Q1", "200"}, {"all", "2026-Q2", "0", NULL, "no-target"}}},
    {"deals whose tiers look at their own attainment",
     DEALS(
         "all", "deal",
         "    goal: {fixed: 1000, direction: higher, attainment: exact}\n"
         "    pays: {tiers: {on: {attainment-of: all, window: same}, method: whole, boundary: "
         "higher, gives: rate, negative: nothing, table: [{from: 0%, give: 1%}, {from: 100%, give: "
         "2%}]}}\n"),
     {DEAL("1", "02-03", "999.99"), DEAL("2", "04-03", "1000")},
     {{"all", "deal:D-1", "10"}, {"all", "deal:D-2", "20"}}},
    {"deals whose rows' pay looks at their own attainment",
     "  all:\n    measure: {of: deals, sum: amount, role: [owner], share: after}\n"
     "    cancelled: {effect: recompute}\n    over: deal\n"
     "    goal: {fixed: 1000, direction: higher, attainment: exact}\n"
     "    pays: {tiers: {on: {attainment-of: all, window: same}, method: whole, boundary: higher, "
     "gives: rate, negative: nothing, table: [{from: 0%, give: 1%}, {from: 100%, give: 2%}]}}\n",
     {DEAL("1", "02-03", "999.99"), DEAL("2", "04-03", "1000")},
     {{"all", "deal:D-1", "10"}, {"all", "deal:D-2", "20"}}},
    {"tiers on what another one attained",
     DEALS("all", "month",
           "    pays: {tiers: {on: {attainment-of: other, window: containing}, method: whole, "
           "boundary: higher, gives: rate, negative: nothing, table: [{from: 0%, give: 1%}, {from: "
           "100%, give: 2%}]}}\n") OTHER("1000"),
     {DEAL("1", "02-03", "2000"), DEAL("2", "04-03", "2000"), OVERLAY("1", "02-04", "999.99"),
      OVERLAY("2", "05-04", "1000")},
     {{"all", "2026-02", "20"}, {"all", "2026-04", "40"}}},
    {"a yearly cap fills in order",
     DEALS("all", "quarter", RATE ADJUST("cap: {at: 500, per: year}")),
     {DEAL("3", "09-03", "4000"), DEAL("1", "02-03", "2000"), DEAL("2", "04-03", "2000"),
      "D-4 1 CLOSED 2027-01-01 4000 person:jo/owner/100%"},
     {{"all", "2026-Q1", "200"},
      {"all", "2026-Q2", "200"},
      {"all", "2026-Q3", "100"},
      {"all", "2027-Q1", "400"}}},
    {"what falls back gives back only what counted",
     DEALS("all", "quarter", RATE ADJUST("cap: {at: 500, per: year}")),
     {DEAL("1", "02-03", "6000"), DEAL("2", "04-03", "-500"), DEAL("3", "07-03", "-1000")},
     {{"all", "2026-Q1", "500"}, {"all", "2026-Q2", "0"}, {"all", "2026-Q3", "-50"}}},
    {"a yearly cap of target takes the year's",
     DEALS("all", "quarter", RATE ADJUST("cap: {at: 200% of target, per: year}")),
     {DEAL("1", "02-03", "7000"), DEAL("2", "04-03", "2000")},
     {{"all", "2026-Q1", "700"}, {"all", "2026-Q2", "100"}},
     "ae 2026-01-01 - target=100"},
    {"growth over the same window last year",
     DEALS("all", "quarter", "    goal: {baseline: {same-window: last-year}}\n" RATE),
     {DEAL("1", "02-03", "2000"), "D-2 1 CLOSED 2027-02-03 2500 person:jo/owner/100%",
      "D-3 1 CLOSED 2027-04-03 2500 person:jo/owner/100%"},
     {{"all", "2026-Q1", "200"}, {"all", "2027-Q1", "50"}, {"all", "2027-Q2", "250"}}},
    {"shrinking is not below 0",
     DEALS("all", "quarter", "    goal: {baseline: {same-window: last-year}}\n" RATE),
     {"D-2 1 CLOSED 2027-02-03 1500 person:jo/owner/100%", DEAL("1", "02-03", "2000")},
     {{"all", "2026-Q1", "200"}, {"all", "2027-Q1", "0"}}},
    {"unless it counts",
     DEALS("all", "quarter",
           "    goal: {baseline: {same-window: last-year, negative: count}}\n" RATE),
     {"D-2 1 CLOSED 2027-02-03 1500 person:jo/owner/100%", DEAL("1", "02-03", "2000")},
     {{"all", "2026-Q1", "200"}, {"all", "2027-Q1", "-50"}}},
    {"a result below",
     DEALS("all", "quarter", RATE TIMES("75%", "result: nps, value: \"< 30\"")),
     {DEAL("1", "02-03", "2000"), "result nps 2026-Q1 29.999"},
     {{"all", "2026-Q1", "150"}}},
    {"a result on the edge, the last of the window",
     DEALS("all", "quarter", RATE TIMES("75%", "result: nps, value: \"< 30\"")),
     {"result nps 2026-03 30", "result nps 2026-01 10", DEAL("1", "02-03", "2000")},
     {{"all", "2026-Q1", "200"}}},
    {"a missing result",
     DEALS("all", "quarter", RATE TIMES("75%", "result: nps, value: \"< 30\"")),
     {DEAL("1", "02-03", "2000"), "result nps 2026-Q2 10"},
     {{"all", "2026-Q1", "200"}}},
    {"a result alone is no row",
     DEALS("all", "quarter",
           RATE "    adjust: [{add: 100}, {multiply: {by: 75%, when: {result: nps, value: \"< "
                "30\"}}}]\n"),
     {"result nps 2026-Q1 10"},
     {{"all", "2026-Q1", "0"}}},
    {"a deal looks at a result of its day",
     DEALS("all", "deal", RATE TIMES("75%", "result: nps, value: \"< 30\"")),
     {DEAL("1", "02-03", "2000"), DEAL("2", "02-04", "2000"), "result nps 2026-02-03 10"},
     {{"all", "deal:D-1", "150"}, {"all", "deal:D-2", "200"}}},
    {"a factor by a curve over a result, and 100 % without one",
     DEALS(
         "all", "quarter",
         RATE ADJUST("multiply: {by: {curve: {points: [[30, 80%], [70, 120%]], below: flat, above: "
                     "flat}, of: {result: nps}}, between: [0%, 125%]}")),
     {DEAL("1", "02-03", "2000"), DEAL("2", "04-03", "2000"), DEAL("3", "07-03", "2000"),
      "result nps 2026-Q1 40", "result nps 2026-Q3 71"},
     {{"all", "2026-Q1", "180"}, {"all", "2026-Q2", "200"}, {"all", "2026-Q3", "240"}}},
};

int main(void)
{
    return RUN_CASES(rows, is_worth);
}
