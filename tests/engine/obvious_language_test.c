/* The plan language by hand: small plans of one component, both sides of every boundary, figures
 * worked out on paper from the page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/buffer.h"
#include "engine/obvious_scene.h"
#include "support/case.h"

#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

struct row {
    const char *label;
    const char *head;       /* behind `rounding`; a blank: mid-window: last */
    const char *components; /* one or more */
    const char *assignments;
    const char *events; /* one a line, as written by append_event */
    const char *worth;  /* `component window earned payable` of each total, in order */
    const char *later;  /* components of a version that ends windows on 2026-04-01; NULL: none */
};

#define LAST "mid-window: last"
#define ONE  "{plan: ae, from: 2026-01-01}"
#define DEALS(over, rest)                                                                          \
    "  c:\n    measure: {of: deals, sum: amount}\n    cancelled: {effect: recompute}\n"            \
    "    over: " over "\n" rest
#define RATE      "    pays: {rate: 10%}\n"
#define SLICES    "    attribution: slices\n"
#define ADJUST(x) "    adjust: [" x "]\n"
#define EFFECT(x, over, rest)                                                                      \
    "  c:\n    measure: {of: deals, sum: amount}\n    cancelled: {" x "}\n    over: " over "\n" rest

#define LADDER(late)                                                                               \
    "    pays:\n      milestones:\n        award: each\n        boundary: reached\n        "       \
    "late: " late "\n        table:\n"                                                             \
    "          - {name: first, reach: 100000, by: end of month 1, give: 1000}\n"                   \
    "          - {name: second, reach: 250000, by: end of month 2, give: 2%}\n"                    \
    "          - {name: third, reach: 500000, by: end of window, give: 5000}\n"
#define WHOLE(table)                                                                               \
    "    pays: {tiers: {on: amount, method: whole, boundary: higher, gives: rate, negative: "      \
    "nothing, table: [" table "]}}\n"
#define GOAL(rest) "    goal: {from: roster, attainment: exact, zero: nothing, " rest "}\n"
/* 100 for each 100 % of attainment; and the target itself. */
#define GIVES_A                                                                                    \
    "    pays: {curve: {on: attainment, gives: amount, below: flat, above: {slope: 100}, points: " \
    "[[0%, 0], [100%, 100]]}}\n"
#define GIVES_T                                                                                    \
    "    pays: {curve: {on: attainment, gives: percent-of-target, below: flat, above: flat, "      \
    "points: [[0%, 100%], [100%, 100%]]}}\n"
#define PHASES(more)                                                                               \
    "  c:\n    measure: {of: milestones}\n    cancelled: {effect: recompute}\n    over: deal\n"    \
    "    pays:\n      phases:\n        of: contract-value\n        requires: nothing\n"            \
    "        table:\n          - {phase: design, give: 30%" more "}\n"                             \
    "          - {phase: build, give: 40%}\n          - {phase: launch, give: 30%}\n"

static const struct row rows[] = {
    /* milestones: CO4, CO8 */
    {"CO4: each milestone reached in time pays", LAST, DEALS("quarter", LADDER("nothing")), ONE,
     "deal D-1 2026-01-31 100000\ndeal D-2 2026-02-28 150000\ndeal D-3 2026-03-31 250000",
     "c 2026-Q1 11000 11000"},
    {"a cent short of a milestone pays nothing", LAST, DEALS("quarter", LADDER("nothing")), ONE,
     "deal D-1 2026-01-31 99999.99", "c 2026-Q1 0 0"},
    {"a day after the deadline is late", LAST, DEALS("quarter", LADDER("nothing")), ONE,
     "deal D-1 2026-02-01 100000", "c 2026-Q1 0 0"},
    {"late pays a share of the award", LAST, DEALS("quarter", LADDER("50%")), ONE,
     "deal D-1 2026-02-01 100000", "c 2026-Q1 500 500"},
    {"the share is of the total at the instant of reaching", LAST,
     DEALS("quarter", LADDER("nothing")), ONE,
     "deal D-1 2026-01-10 100000\ndeal D-2 2026-01-20 180000\ndeal D-3 2026-01-21 50000",
     "c 2026-Q1 6600 6600"},
    {"reached stays reached when a later-dated row is negative", LAST,
     DEALS("quarter", LADDER("nothing")), ONE,
     "deal D-1 2026-01-10 100000\ndeal D-2 2026-01-20 -50000", "c 2026-Q1 1000 1000"},
    {"it goes when the rows themselves change", LAST, DEALS("quarter", LADDER("nothing")), ONE,
     "deal D-1 2026-01-10 100000\ncancel D-1 2026-01-10 100000 2026-03-01", ""},
    {"highest pays the highest of those that pay", LAST,
     DEALS("quarter", "    pays: {milestones: {award: highest, boundary: passed, late: nothing, "
                      "table: [{reach: 100, give: 10}, {reach: 200, by: end of month 1, give: "
                      "50}]}}\n"),
     ONE, "deal D-1 2026-02-10 200.01", "c 2026-Q1 10 10"},
    {"with share: after a milestone looks at the whole deal", LAST,
     "  c:\n    measure: {of: deals, sum: amount, share: after}\n    cancelled: {effect: "
     "recompute}\n    over: deal\n    pays: {milestones: {award: each, boundary: reached, late: "
     "nothing, table: [{reach: 100, give: 10}]}}\n",
     ONE, "half D-1 2026-02-10 100\nhalf D-2 2026-02-10 99.99", "c deal:D-1 5 5\nc deal:D-2 0 0"},
    {"passed is more than reached", LAST,
     DEALS("quarter", "    pays: {milestones: {award: each, boundary: passed, late: nothing, "
                      "table: [{reach: 100, give: 10}, {reach: 200, give: 50}]}}\n"),
     ONE, "deal D-1 2026-02-10 200", "c 2026-Q1 10 10"},

    /* goal */
    {"a fixed goal is there also on a day on which nobody is assigned", LAST,
     "  c:\n    measure: {of: milestones, sum: count, count: credited}\n    cancelled: {effect: "
     "never}\n    over: deal\n    goal: {fixed: 2, attainment: exact}\n" GIVES_A,
     "{plan: ae, from: 2026-02-01}", "deal D-1 2026-01-10 1000\nreached M-1 D-1 launch 2026-02-05",
     "c deal:D-1 50 50"},
    {"V68: months are assigned in whole", LAST,
     DEALS("quarter", GOAL("weights: [20%, 20%, 20%, 40%], prorate: months") GIVES_A),
     "{plan: ae, from: 2026-03-01, goals: {c: {annual: 100000}}, target: {window: 300}}",
     "deal D-1 2026-03-10 6666\ndeal D-2 2026-04-10 20000",
     "c 2026-Q1 99.99 99.99\n"
     "c 2026-Q2 100 100"},
    {"V69: 17 of 31 days are 0.5484 of the goal", LAST,
     DEALS("month", GOAL("prorate: days, decimals: 4") GIVES_A),
     "{plan: ae, from: 2026-01-15, goals: {c: {window: 10000}}, target: {window: 10000}}",
     "deal D-1 2026-01-20 5484", "c 2026-01 100 100"},
    {"prorate scales the target too", LAST, DEALS("month", GOAL("prorate: days") GIVES_T),
     "{plan: ae, from: 2026-01-15, goals: {c: {window: 1000}}, target: {window: 310}}",
     "deal D-1 2026-01-20 1\ndeal D-2 2026-02-20 1", "c 2026-01 170 170\nc 2026-02 310 310"},
    {"weights and ramp scale the goal only", LAST,
     DEALS("quarter", GOAL("weights: [10%, 20%, 30%, 40%], ramp: [50%], prorate: none") GIVES_T),
     "{plan: ae, from: 2026-01-01, goals: {c: {annual: 1000}}, target: {annual: 400}}",
     "deal D-1 2026-01-20 1", "c 2026-Q1 100 100"},
    {"a ramp counts the first, partial window", LAST,
     DEALS("month", GOAL("ramp: [25%, 50%], prorate: none") GIVES_A),
     "{plan: ae, from: 2026-01-15, goals: {c: {window: 1000}}, target: {window: 100}}",
     "deal D-1 2026-01-20 250\ndeal D-2 2026-02-20 250\ndeal D-3 2026-03-20 250",
     "c 2026-01 100 100\nc 2026-02 50 50\nc 2026-03 25 25"},
    {"a ramp from the next window does not", LAST,
     DEALS("month", GOAL("ramp: [25%, 50%], ramp-from: next-window, prorate: none") GIVES_A),
     "{plan: ae, from: 2026-01-15, goals: {c: {window: 1000}}, target: {window: 100}}",
     "deal D-1 2026-01-20 250\ndeal D-2 2026-02-20 250\ndeal D-3 2026-03-20 250\n"
     "deal D-4 2026-04-20 250",
     "c 2026-01 100 100\nc 2026-02 100 100\nc 2026-03 50 50\nc 2026-04 25 25"},
    {"blend weighs goals by days among the days assigned", "mid-window: blend",
     DEALS("month", GOAL("prorate: none") GIVES_A),
     "{plan: ae, from: 2026-01-01, until: 2026-04-11, goals: {c: {window: 300}}, target: {window: "
     "100}}, {plan: ae, from: 2026-04-11, goals: {c: {window: 600}}, target: {window: 100}}",
     "deal D-1 2026-04-20 500", "c 2026-04 100 100"},
    {"last takes the last", LAST, DEALS("month", GOAL("prorate: none") GIVES_A),
     "{plan: ae, from: 2026-01-01, until: 2026-04-11, goals: {c: {window: 300}}, target: {window: "
     "100}}, {plan: ae, from: 2026-04-11, goals: {c: {window: 500}}, target: {window: 100}}",
     "deal D-1 2026-04-20 500", "c 2026-04 100 100"},
    {"split makes parts with their days of the figures", "mid-window: split",
     DEALS("month", GOAL("prorate: days") GIVES_A),
     "{plan: ae, from: 2026-01-01, until: 2026-04-11, goals: {c: {window: 300}}, target: {window: "
     "300}}, {plan: ae, from: 2026-04-11, goals: {c: {window: 600}}, target: {window: 600}}",
     "deal D-1 2026-04-10 100\ndeal D-2 2026-04-11 200", "c 2026-04.1 100 100\nc 2026-04.2 50 50"},
    {"a baseline leaves growth only, from the roster or the rows", LAST,
     "  c:\n    measure: {of: deals, sum: amount}\n    cancelled: {effect: recompute}\n    over: "
     "quarter\n    goal: {baseline: {same-window: last-year}}\n" RATE,
     "{plan: ae, from: 2026-01-01, baseline: {c: {2025-Q1: 100}}}",
     "deal D-1 2026-02-01 150\ndeal D-2 2027-02-01 100\ndeal D-3 2027-03-01 60",
     "c 2026-Q1 5 5\nc 2027-Q1 1 1"},

    /* cancelled */
    {"original-rate leaves the others their rate", LAST,
     EFFECT("effect: original-rate, take: 100%, basis: rate", "quarter",
            SLICES WHOLE("{from: 0, give: 1%}, {from: 1000, give: 10%}")),
     ONE, "deal D-1 2026-01-10 900\ndeal D-2 2026-02-10 100\ncancel D-2 2026-02-10 100 2026-04-01",
     "c 2026-Q1 100 100\nc 2026-Q2 -91 -91"},
    {"recompute takes the rate from the others", LAST,
     EFFECT("effect: recompute", "quarter", WHOLE("{from: 0, give: 1%}, {from: 1000, give: 10%}")),
     ONE, "deal D-1 2026-01-10 900\ndeal D-2 2026-02-10 100\ncancel D-2 2026-02-10 100 2026-04-01",
     "c 2026-Q1 9 9"},
    {"never leaves what was earned", LAST, EFFECT("effect: never", "quarter", RATE), ONE,
     "cancel D-1 2026-02-10 100 2026-04-01", "c 2026-Q1 10 10"},
    {"V38: a day before twelve months all is taken", LAST,
     EFFECT("effect: original-rate, basis: rate, take: [{until: 12 months, take: 100%}, {until: 18 "
            "months, take: 50%}]",
            "year", SLICES RATE),
     ONE, "cancel D-1 2026-01-10 1000 2027-01-09", "c 2026 100 100\nc 2027 -100 -100"},
    {"V38: at twelve months half is taken", LAST,
     EFFECT("effect: original-rate, basis: rate, take: [{until: 12 months, take: 100%}, {until: 18 "
            "months, take: 50%}]",
            "year", SLICES RATE),
     ONE, "cancel D-1 2026-01-10 1000 2027-01-10", "c 2026 100 100\nc 2027 -50 -50"},
    {"V38: at eighteen months nothing is taken", LAST,
     EFFECT("effect: original-rate, basis: rate, take: [{until: 12 months, take: 100%}, {until: 18 "
            "months, take: 50%}]",
            "year", SLICES RATE),
     ONE, "cancel D-1 2026-01-10 1000 2027-07-10", "c 2026 100 100"},
    {"linear goes by days to the last day of a shorter month", LAST,
     EFFECT("effect: original-rate, basis: rate, linear: 1 month", "year", SLICES RATE), ONE,
     "cancel D-1 2026-01-31 1000 2026-02-07", "c 2026 25 25"},
    {"basis earned takes the floor back too", LAST,
     EFFECT("effect: original-rate, take: 100%, basis: earned", "month",
            SLICES RATE ADJUST("{floor: {at: 10, per: deal}}")),
     ONE, "cancel D-1 2026-01-10 50 2026-03-01", "c 2026-01 10 10\nc 2026-03 -10 -10"},
    {"paid-only takes no more than had been released", LAST,
     EFFECT("effect: paid-only, take: 100%, basis: rate", "month",
            SLICES RATE "    release: {when: payment-received, refund-before-payment: net}\n"),
     ONE,
     "pay P-1 D-1 2026-02-01 400\npay P-2 D-1 2026-03-02 600\ncancel D-1 2026-01-10 1000 "
     "2026-03-01",
     "c 2026-01 100 40\nc 2026-03 -40 -40"},
    {"a payment at the instant of cancelling had been released", LAST,
     EFFECT("effect: paid-only, take: 100%, basis: rate", "month",
            SLICES RATE "    release: {when: payment-received, refund-before-payment: net}\n"),
     ONE,
     "pay P-1 D-1 2026-02-01 400\npay P-2 D-1 2026-03-01 600\ncancel D-1 2026-01-10 1000 "
     "2026-03-01",
     "c 2026-01 100 100\nc 2026-03 -100 -100"},

    /* release */
    {"with share: after a deal's proportion is of all it measures", LAST,
     "  c:\n    measure: {of: deals, sum: amount, share: after, plus: 1000}\n    cancelled: "
     "{effect: recompute}\n    over: deal\n    attribution: pro-rata\n    release: {when: "
     "payment-received}\n" RATE,
     ONE, "half D-1 2026-01-10 1000\npay P-1 D-1 2026-03-15 500", "c deal:D-1 100 75"},
    {"V55: payable as far as the deal is paid", LAST,
     DEALS("quarter",
           SLICES RATE "    release: {when: payment-received, refund-before-payment: net}\n"),
     ONE, "deal D-1 2026-01-10 10000\npay P-1 D-1 2026-02-01 5000", "c 2026-Q1 1000 500"},
    {"more than all of it pays all, a refund of all nothing", LAST,
     DEALS("quarter",
           SLICES RATE "    release: {when: payment-received, refund-before-payment: net}\n"),
     ONE,
     "deal D-1 2026-01-10 100\npay P-1 D-1 2026-02-01 150\ndeal D-2 2026-01-11 100\n"
     "pay P-2 D-2 2026-02-01 100\npay P-3 D-2 2026-02-02 -120\ndeal D-3 2026-01-12 0",
     "c 2026-Q1 20 10"},
    {"the last release carries the remainder", LAST,
     DEALS("quarter",
           SLICES RATE "    release: {when: payment-received, refund-before-payment: net}\n"),
     ONE, "deal D-1 2026-01-10 0.15\npay P-1 D-1 2026-02-01 0.05\npay P-2 D-1 2026-02-02 0.05",
     "c 2026-Q1 0.02 0.01"},
    {"V39: a hold-back stays the day before", LAST,
     DEALS("month", SLICES RATE "    release: {when: earned, holdback: {share: 30%, until: 90 days "
                                "after closed}}\n"),
     ONE, "deal D-1 2026-01-01 1000\ndate 2026-03-31", "c 2026-01 100 70"},
    {"V39: and goes on its day", LAST,
     DEALS("month", SLICES RATE "    release: {when: earned, holdback: {share: 30%, until: 90 days "
                                "after closed}}\n"),
     ONE, "deal D-1 2026-01-01 1000\ndate 2026-04-01", "c 2026-01 100 100"},
    {"plus and add are released at once", LAST,
     "  c:\n    measure: {of: deals, sum: amount, plus: 100}\n    cancelled: {effect: recompute}\n"
     "    over: quarter\n" SLICES RATE ADJUST("{add: 5}") "    release: {when: payment-received, "
                                                          "refund-before-payment: net}\n",
     ONE, "deal D-1 2026-01-10 1000", "c 2026-Q1 115 15"},
    {"at the window's end, not before", LAST,
     DEALS("month", RATE "    release: {when: window-end}\n"), ONE,
     "deal D-1 2026-01-10 1000\ndate 2026-01-31", "c 2026-01 100 0"},
    {"at the window's end", LAST, DEALS("month", RATE "    release: {when: window-end}\n"), ONE,
     "deal D-1 2026-01-10 1000\ndate 2026-02-01", "c 2026-01 100 100"},

    /* adjust */
    {"a gate at its edge stays open", LAST,
     DEALS("quarter", GOAL("prorate: none") RATE ADJUST(
                          "{gate: {when: {component: c, attainment: \"< 80%\", window: same}, "
                          "then: nothing}}")),
     "{plan: ae, from: 2026-01-01, goals: {c: {window: 1000}}}", "deal D-1 2026-01-10 800",
     "c 2026-Q1 80 80"},
    {"a gate below its edge closes", LAST,
     DEALS("quarter", GOAL("prorate: none") RATE ADJUST(
                          "{gate: {when: {component: c, attainment: \"< 80%\", window: same}, "
                          "then: nothing}}")),
     "{plan: ae, from: 2026-01-01, goals: {c: {window: 1000}}}", "deal D-1 2026-01-10 799.99",
     "c 2026-Q1 0 0"},
    {"not-payable is earned and never released", LAST,
     DEALS("quarter", GOAL("prorate: none") RATE ADJUST(
                          "{gate: {when: {component: c, attainment: \"< 80%\", window: same}, "
                          "then: not-payable}}")),
     "{plan: ae, from: 2026-01-01, goals: {c: {window: 1000}}}", "deal D-1 2026-01-10 799.99",
     "c 2026-Q1 80 0"},
    {"a condition on what is missing is false, its opposite true", LAST,
     DEALS("month", RATE ADJUST("{multiply: {by: 50%, when: {result: nps, value: \"< 30\", of: "
                                "self}}}, {multiply: {by: 200%, when: {not: {result: nps, value: "
                                "\"< 30\", of: self}}}}")),
     ONE, "deal D-1 2026-01-10 1000\ndeal D-2 2026-02-10 1000\nresult nps 2026-02 29.9",
     "c 2026-01 200 200\nc 2026-02 50 50"},
    {"steps run in the order written", LAST,
     DEALS("month", RATE ADJUST("{add: -100}, {floor: {at: 20, per: window}}, {multiply: {by: "
                                "200%}}, {cap: {at: 50, per: window}}")),
     ONE, "deal D-1 2026-01-10 1000\ndeal D-2 2026-02-10 1240", "c 2026-01 40 40\nc 2026-02 48 48"},
    {"a yearly cap fills window by window", LAST,
     DEALS("month", RATE ADJUST("{cap: {at: 150, per: year}}")), ONE,
     "deal D-1 2026-03-10 700\ndeal D-2 2026-01-10 1000\ndeal D-3 2027-01-10 1000\ndeal D-4 "
     "2026-04-10 100",
     "c 2026-01 100 100\nc 2026-03 50 50\nc 2026-04 0 0\nc 2027-01 100 100"},
    {"a yearly cap is one on the year's sum", LAST,
     DEALS("month", RATE ADJUST("{cap: {at: 150, per: year}}")), ONE,
     "deal D-1 2026-01-10 2000\ndeal D-2 2026-03-10 -300\ndeal D-3 2026-04-10 -500",
     "c 2026-01 150 150\nc 2026-03 0 0\nc 2026-04 -30 -30"},
    {"caps per deal bound each deal's part", LAST,
     DEALS("month", SLICES RATE ADJUST("{cap: {at: 60, per: deal}}, {floor: {at: 20, per: deal}}")),
     ONE, "deal D-1 2026-01-10 1000\ndeal D-2 2026-01-11 50\ndeal D-3 2026-01-12 300",
     "c 2026-01 110 110"},
    {"earned of another component is compared before rounding", LAST,
     DEALS("month", RATE) "  d:\n    measure: {of: deals, sum: amount}\n    cancelled: {effect: "
                          "recompute}\n    over: month\n    pays: {rate: 1%}\n    adjust: [{gate: "
                          "{when: {component: c, earned: \"< 10\"}, then: {keep: 75%}}}]\n",
     ONE, "deal D-1 2026-01-10 99.99\ndeal D-2 2026-02-10 100",
     "c 2026-01 10 10\nc 2026-02 10 10\nd 2026-01 0.75 0.75\nd 2026-02 1 1"},
    {"tiers on another component's attainment", LAST,
     DEALS("month", GOAL("prorate: none") "    pays: nothing\n") "  d:\n    measure: {of: deals, "
                                                                 "sum: amount}\n    cancelled: "
                                                                 "{effect: recompute}\n    "
                                                                 "over: month\n    pays: {tiers: "
                                                                 "{on: {attainment-of: c, window: "
                                                                 "same}, method: whole, "
                                                                 "boundary: higher, gives: rate, "
                                                                 "negative: nothing, table: "
                                                                 "[{from: 0%, give: 1%}, {from: "
                                                                 "100%, give: 2%}]}}\n",
     "{plan: ae, from: 2026-01-01, goals: {c: {window: 1000}}}",
     "deal D-1 2026-01-10 999\ndeal D-2 2026-02-10 1000",
     "c 2026-01 0 0\nc 2026-02 0 0\nd 2026-01 9.99 9.99\nd 2026-02 20 20"},

    /* phases, progress, level: UP2, UP3, UP6, UP7 */
    {"UP7: 30, 40 and 30 % of the contract", LAST, PHASES(""), ONE,
     "deal D-1 2026-01-05 10000\nreached M-1 D-1 design 2026-01-20\nreached M-2 D-1 build "
     "2026-02-20\nreached M-3 D-1 launch 2026-03-20",
     "c deal:D-1 10000 10000"},
    {"UP6: on the last day of its weeks a deliverable is in time", LAST,
     PHASES(", by: 2 weeks after closed, late: 50%"), ONE,
     "deal D-1 2026-01-05 10000\nreached M-1 D-1 design 2026-01-19", "c deal:D-1 3000 3000"},
    {"UP6: a day later it is late", LAST, PHASES(", by: 2 weeks after closed, late: 50%"), ONE,
     "deal D-1 2026-01-05 10000\nreached M-1 D-1 design 2026-01-20", "c deal:D-1 1500 1500"},
    {"UP10: a new contract value re-values what was earned", LAST, PHASES(""), ONE,
     "deal D-1 2026-01-05 10000\nreached M-1 D-1 design 2026-01-20\nreached M-2 D-1 build "
     "2026-02-20 12000",
     "c deal:D-1 8400 8400"},
    {"UP2: 40 % done pays 40 %", LAST,
     "  c:\n    measure: {of: milestones}\n    cancelled: {effect: recompute}\n    over: deal\n"
     "    pays: {progress: {of: contract-value, requires: nothing}}\n",
     ONE, "deal D-1 2026-01-05 10000\ndone M-1 D-1 25% 2026-01-20\ndone M-2 D-1 40% 2026-02-20",
     "c deal:D-1 4000 4000"},
    {"UP3: a whole month that the business date has passed", LAST,
     "  c:\n    over: month\n    pays: {level: {give: 2000, each: month}}\n",
     "{plan: ae, from: 2026-01-15, until: 2026-04-15}", "date 2026-03-31", "c 2026-02 2000 2000"},
    {"UP3: and on its first day the next", LAST,
     "  c:\n    over: month\n    pays: {level: {give: 2000, each: month}}\n",
     "{plan: ae, from: 2026-01-15, until: 2026-04-15}", "date 2026-04-01",
     "c 2026-02 2000 2000\nc 2026-03 2000 2000"},

    /* results, bonus, convert */
    {"a bonus at its quantity, limited to the earliest", LAST,
     "  c:\n    measure: {of: deals, sum: quantity}\n    cancelled: {effect: recompute}\n    over: "
     "month\n    pays: {bonus: {each: 250, when: {quantity: \">= 10\"}, limit: 2}}\n",
     ONE,
     "deal D-1 2026-01-10 1 10\ndeal D-2 2026-01-11 1 9\ndeal D-3 2026-01-12 1 11\ndeal D-4 "
     "2026-01-13 1 12",
     "c 2026-01 500 500"},
    {"results are averaged over their windows", LAST,
     "  c:\n    measure: {of: results, result: nps, sum: value, take: average, missing: pending}\n"
     "    over: quarter\n    pays: {unit: 10}\n",
     ONE, "result nps 2026-01 30\nresult nps 2026-02 40\nresult nps 2026-04 7",
     "c 2026-Q1 350 350\nc 2026-Q2 70 70"},
    {"of two results on one day the later window in byte order is the last", LAST,
     "  c:\n    measure: {of: results, result: nps, sum: value, take: last, missing: pending}\n"
     "    over: quarter\n    pays: {unit: 10}\n",
     ONE, "result nps 2026-Q1 40\nresult nps 2026-03 30", "c 2026-Q1 400 400"},
    {"paid-only takes nothing back of what was negative, once its schedule has ended", LAST,
     EFFECT("effect: paid-only, take: [{until: 1 month, take: 100%}]", "month", SLICES RATE), ONE,
     "cancel D-1 2026-01-10 -1000 2026-03-01", "c 2026-01 -100 -100"},
    {"what is taken back belongs to the part of cancelled_at, also where no version values it",
     LAST, EFFECT("effect: original-rate", "year", SLICES RATE), ONE,
     "cancel D-1 2026-03-10 1000 2026-04-22", "c 2026.1 100 100\nc 2026.2 -100 -100",
     "  d:\n    measure: {of: deals, sum: amount}\n    cancelled: {effect: recompute}\n"
     "    over: month\n" RATE},
    {"only the published pair of the day converts", LAST,
     "  c:\n    measure: {of: deals, sum: amount, convert: {to: USD, rate-of: closed-date, "
     "missing: "
     "pending}}\n    cancelled: {effect: recompute}\n    over: month\n" RATE,
     ONE, "deal D-1 2026-01-10 1000 1 EUR\ndeal D-2 2026-01-11 1000 1 EUR\ndeal D-3 2026-01-11 10",
     "c 2026-01 121 121"},
    {"a rate of up to so many days before", LAST,
     "  c:\n    measure: {of: deals, sum: amount, convert: {to: USD, rate-of: closed-date, "
     "missing: "
     "previous-up-to 5 days}}\n    cancelled: {effect: recompute}\n    over: month\n" RATE,
     ONE, "deal D-1 2026-01-15 1000 1 EUR\ndeal D-2 2026-02-16 1000 1 EUR", "c 2026-01 120 120"},
    {"each cash part at its own date", LAST,
     "  c:\n    measure: {of: deals, sum: amount, convert: {to: USD, rate-of: paid-date, missing: "
     "pending}}\n    cancelled: {effect: recompute}\n    over: month\n" RATE,
     ONE,
     "deal D-1 2026-01-05 1000 1 EUR\npay P-1 D-1 2026-01-10 250 EUR\npay P-2 D-1 2026-02-10 250 "
     "EUR",
     "c 2026-01 55 55"},
};

/* --- events --- */

static struct slice next(struct slice *text)
{
    struct slice word;
    *text = slice_split(*text, ' ', &word);
    return word;
}

static void append_deal(struct slice line, bool is_cancelled, const char *share, struct buffer *out)
{
    struct slice id = next(&line);
    struct slice date = next(&line);
    struct slice amount = next(&line);
    struct slice quantity = next(&line);
    struct slice currency = next(&line);
    buffer_printf(out,
                  "{\"type\":\"deal\",\"deal_id\":\"%.*s\",\"revision\":%d,\"status\":\"%s\","
                  "\"closed_at\":\"%.*sT00:00:00Z\",\"amount\":\"%.*s\",\"currency\":\"%.*s\","
                  "\"participants\":[{\"participant\":\"person:jo\",\"role\":\"owner\","
                  "\"share\":\"%s\"}]",
                  SLICE_ARGS(id), is_cancelled ? 2 : 1, is_cancelled ? "CANCELLED" : "CLOSED",
                  SLICE_ARGS(date), SLICE_ARGS(amount),
                  SLICE_ARGS(currency.length ? currency : SLICE("USD")), share);
    if (is_cancelled)
        buffer_printf(out, ",\"cancelled_at\":\"%.*sT00:00:00Z\"", SLICE_ARGS(quantity));
    else if (quantity.length > 0)
        buffer_printf(out, ",\"quantity\":\"%.*s\"", SLICE_ARGS(quantity));
    buffer_printf(out, "}\n");
}

static void append_payment(struct slice line, struct buffer *out)
{
    struct slice id = next(&line);
    struct slice deal = next(&line);
    struct slice date = next(&line);
    struct slice amount = next(&line);
    struct slice currency = next(&line);
    buffer_printf(out,
                  "{\"type\":\"payment\",\"payment_id\":\"%.*s\",\"deal_id\":\"%.*s\","
                  "\"received_at\":\"%.*sT00:00:00Z\",\"amount\":\"%.*s\",\"currency\":\"%.*s\"}\n",
                  SLICE_ARGS(id), SLICE_ARGS(deal), SLICE_ARGS(date), SLICE_ARGS(amount),
                  SLICE_ARGS(currency.length ? currency : SLICE("USD")));
}

/* `reached M D phase date [contract value]`, `done M D percent date`. */
static void append_milestone(struct slice line, bool is_progress, struct buffer *out)
{
    struct slice id = next(&line);
    struct slice deal = next(&line);
    struct slice what = next(&line);
    struct slice date = next(&line);
    struct slice value = next(&line);
    buffer_printf(out,
                  "{\"type\":\"milestone\",\"milestone_id\":\"%.*s\",\"deal_id\":\"%.*s\","
                  "\"milestone\":\"%.*s\",\"status\":\"REACHED\",\"reached_at\":\"%.*sT00:00:00Z\"",
                  SLICE_ARGS(id), SLICE_ARGS(deal), SLICE_ARGS(is_progress ? id : what),
                  SLICE_ARGS(date));
    if (is_progress)
        buffer_printf(out, ",\"percent_complete\":\"%.*s\"", SLICE_ARGS(what));
    else
        buffer_printf(out, ",\"phase\":\"%.*s\"", SLICE_ARGS(what));
    if (value.length > 0)
        buffer_printf(out, ",\"contract_value\":\"%.*s\",\"currency\":\"USD\"", SLICE_ARGS(value));
    buffer_printf(out, "}\n");
}

static void append_result(struct slice line, struct buffer *out)
{
    struct slice name = next(&line);
    struct slice window = next(&line);
    struct slice value = next(&line);
    buffer_printf(out,
                  "{\"type\":\"result\",\"participant\":\"person:jo\",\"result\":\"%.*s\","
                  "\"window\":\"%.*s\",\"value\":\"%.*s\"}\n",
                  SLICE_ARGS(name), SLICE_ARGS(window), SLICE_ARGS(value));
}

static void append_event(struct slice line, struct buffer *out)
{
    struct slice kind = next(&line);
    if (slice_equal(kind, SLICE("deal")) || slice_equal(kind, SLICE("cancel")))
        append_deal(line, slice_equal(kind, SLICE("cancel")), "100%", out);
    else if (slice_equal(kind, SLICE("half")))
        append_deal(line, false, "50%", out);
    else if (slice_equal(kind, SLICE("pay")))
        append_payment(line, out);
    else if (slice_equal(kind, SLICE("reached")) || slice_equal(kind, SLICE("done")))
        append_milestone(line, slice_equal(kind, SLICE("done")), out);
    else if (slice_equal(kind, SLICE("result")))
        append_result(line, out);
    else
        buffer_printf(out, "{\"type\":\"date\",\"date\":\"%.*s\"}\n", SLICE_ARGS(line));
}

static struct slice events_of(struct example *example, const char *events)
{
    struct slice text = slice_of(events);
    struct buffer out = {0};
    while (text.length > 0) {
        struct slice line;
        text = slice_split(text, '\n', &line);
        append_event(line, &out);
    }
    struct slice copy = arena_copy(&example->arena, buffer_slice(&out));
    buffer_deinit(&out);
    return copy;
}

static struct slice formatted(struct example *example, struct buffer *text)
{
    struct slice copy = arena_copy(&example->arena, buffer_slice(text));
    buffer_deinit(text);
    return copy;
}

static void append_money(struct buffer *out, struct decimal value)
{
    char text[DECIMAL_TEXT_BYTES];
    size_t length = decimal_format(value, text);
    buffer_printf(out, " %.*s", (int)length, text);
}

static void read_plan(struct example *example, int version, const char *from, const char *head,
                      const char *components)
{
    struct buffer plan = {0};
    buffer_printf(&plan,
                  "milepost: 1\nplan: ae\nversion: %d\ntitle: T\ncurrency: USD\ntimezone: UTC\n"
                  "calendar: {year-starts: 01-01}\n"
                  "effective: {from: %s, until: 2028-01-01}\n"
                  "rounding: {to: 0.01, mode: half-even}\n%s\ncomponents:\n%s",
                  version, from, head, components);
    read_input(example, "plan.yaml", formatted(example, &plan));
}

static void is_worth(void **state)
{
    const struct row *row = *state;
    struct example *example = example_new(row->label);
    struct buffer roster = {0};
    struct buffer worth = {0};
    buffer_printf(&roster, "participants: [{participant: person:jo, assignments: [%s]}]\n",
                  row->assignments);
    read_control(example, SLICE("rates: [{on: 2026-01-10, pair: EUR/USD, rate: 1.20}, {on: "
                                "2026-02-10, pair: EUR/USD, rate: 1.00}, {on: 2026-01-11, pair: "
                                "USD/EUR, rate: 0.8}]\n"));
    read_plan(example, 1, "2026-01-01", row->head, row->components);
    if (row->later)
        read_plan(example, 2, "2026-04-01", LAST "\nsplit-windows: yes", row->later);
    read_input(example, "roster.yaml", formatted(example, &roster));
    read_events(example, events_of(example, row->events));
    evaluate(example);
    for (size_t i = 0; i < example->total_count; i++) {
        const struct obvious_total *total = &example->totals[i];
        buffer_printf(&worth, "%s%.*s %.*s", i ? "\n" : "", SLICE_ARGS(total->component),
                      SLICE_ARGS(total->window));
        append_money(&worth, total->earned);
        append_money(&worth, total->payable);
    }
    buffer_append_byte(&worth, '\0');
    assert_string_equal(worth.bytes, row->worth);
    buffer_deinit(&worth);
    example_free(example);
}

int main(void)
{
    return RUN_CASES(rows, is_worth);
}
