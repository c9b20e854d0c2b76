/* `release`, `attribution`, `total`, `redeem` (PLAN-LANGUAGE sections 2, 6, 7, 8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/plan_lines.h"

/* Line 16 is `release`. */
#define RELEASE(release) RATE "    release: {" release "}\n"
#define RESULTS_OVER                                                                               \
    MAIN("of: results, result: a, take: last, missing: zero")                                      \
    "    over: quarter\n    pays: {unit: 1}\n"
#define OVER_DEALS                                                                                 \
    MAIN("of: deals, sum: amount")                                                                 \
    "    cancelled: {effect: recompute}\n    over: deal\n    pays: "                               \
    "{rate: 1%}\n"
#define DRAW(more) TOTAL("draw: {amount: 2000, " more "}")

static const struct line_row rows[] = {
    {"release at once", RELEASE("when: earned"), NULL, NULL, NULL},
    {"an empty release", RELEASE(""), NULL, NULL, NULL},
    {"release by cash must say attribution", RELEASE("when: payment-received"), "11:3", "must-say",
     "slices"},
    {"release by cash", RELEASE("when: payment-received") SLICES, NULL, NULL, NULL},
    {"release by cash, in proportion",
     RELEASE("when: payment-received") "    attribution: pro-rata\n", NULL, NULL, NULL},
    {"a deal alone needs no attribution",
     OVER_DEALS "    release: {when: payment-received, holdback: {share: 30%, until: 90 days after "
                "closed}}\n",
     NULL, NULL, NULL},
    {"release by cash of results", RESULTS_OVER "    release: {when: payment-received}\n", "15:21",
     "bad-value", NULL},
    {"release by approval of results", RESULTS_OVER "    release: {when: approved}\n", NULL, NULL,
     NULL},
    {"release by approval of deals", RELEASE("when: approved"), "16:21", "bad-value", NULL},
    {"release at a milestone must say attribution", RELEASE("when: {milestone: go-live}"), "11:3",
     "must-say", NULL},
    {"release at a milestone of results",
     RESULTS_OVER "    release: {when: {milestone: go-live}}\n", "15:21", "bad-value", NULL},
    {"release at a milestone without a name", RELEASE("when: {}") SLICES, "16:15", "missing-key",
     NULL},
    {"release that is none", RELEASE("when: paid"), "16:21", "bad-word", NULL},
    {"a hold-back of nothing", RELEASE("holdback: {share: 0%, until: 2027-01-01}"), NULL, NULL,
     NULL},
    {"a hold-back of all", RELEASE("holdback: {share: 100%, until: 30 days after window-end}"),
     NULL, NULL, NULL},
    {"a hold-back of more", RELEASE("holdback: {share: 100.1%, until: 2027-01-01}"), "16:33",
     "bad-value", NULL},
    {"a hold-back of less", RELEASE("holdback: {share: -0.1%, until: 2027-01-01}"), "16:33",
     "bad-value", NULL},
    {"a hold-back by deal must say attribution",
     RELEASE("holdback: {share: 30%, until: 90 days after closed}"), "11:3", "must-say", NULL},
    {"a hold-back by deal of results",
     RESULTS_OVER "    release: {holdback: {share: 30%, until: 90 days after closed}}\n", "15:45",
     "bad-value", NULL},
    {"a hold-back until nobody knows", RELEASE("holdback: {share: 30%, until: 90 days}"), "16:45",
     "bad-value", "after closed"},
    {"a hold-back until a blank more",
     RELEASE("holdback: {share: 30%, until: 90 days  after closed}"), "16:45", "bad-value", NULL},
    {"a hold-back needs until", RELEASE("holdback: {share: 30%}"), "16:15", "missing-key", NULL},
    {"a refund before payment", RELEASE("refund-before-payment: net"), NULL, NULL, NULL},
    {"a refund that is none", RELEASE("refund-before-payment: both"), "16:38", "bad-word", NULL},
    {"terms", RELEASE("terms: {net: 1 month}"), NULL, NULL, NULL},
    {"terms without a unit", RELEASE("terms: {net: 30}"), "16:28", "bad-value", NULL},
    {"attribution where nothing needs it", RATE SLICES, NULL, NULL, NULL},
    {"attribution that is none", RATE "    attribution: shares\n", "16:18", "bad-word", NULL},
    {"taking back must say attribution",
     MAIN("of: deals, sum: amount") "    cancelled: {effect: original-rate}\n    over: month\n    "
                                    "pays: {rate: 1%}\n",
     "11:3", "must-say", "slices"},
    {"taking back by deals needs none",
     MAIN("of: deals, sum: amount") "    cancelled: {effect: paid-only}\n    over: deal\n    "
                                    "pays: {rate: 1%}\n",
     NULL, NULL, NULL},
    /* --- total --- */
    {"an empty total", RATE "total: {}\n", NULL, NULL, NULL},
    {"a draw", DRAW("kind: recoverable, recover: all"), NULL, NULL, NULL},
    {"a draw that is advanced",
     DRAW("kind: recoverable, recover: surplus, pay: period-start, recovery-starts: period 1"),
     NULL, NULL, NULL},
    {"a draw must say its kind", DRAW("recover: all"), "16:9", "must-say", "loan"},
    {"a recoverable draw must say recover", DRAW("kind: recoverable"), "16:9", "must-say",
     "surplus"},
    {"a loan need not", DRAW("kind: loan"), NULL, NULL, NULL},
    {"a non-recoverable draw", DRAW("kind: non-recoverable"), NULL, NULL, NULL},
    {"a non-recoverable draw is not recovered", DRAW("kind: non-recoverable, recover: all"),
     "16:62", "bad-value", NULL},
    {"a non-recoverable draw is never recovered",
     DRAW("kind: non-recoverable, recovery-starts: period 2"), "16:70", "bad-value", NULL},
    {"recovery in period 0", DRAW("kind: loan, recovery-starts: period 0"), "16:59", "bad-value",
     NULL},
    {"recovery in a month", DRAW("kind: loan, recovery-starts: 4"), "16:59", "bad-value",
     "period 4"},
    {"a draw of nothing", TOTAL("draw: {amount: 0, kind: loan}"), "16:24", "bad-value", NULL},
    {"a draw of a cent", TOTAL("draw: {amount: 0.01, kind: loan}"), NULL, NULL, NULL},
    {"a draw of less than a cent", TOTAL("draw: {amount: 0.001, kind: loan}"), "16:24",
     "too-precise", NULL},
    {"draws are run again", TOTAL("restate-draws: yes, draw: {amount: 1, kind: loan}"), NULL, NULL,
     NULL},
    {"draws are run again where there is none", TOTAL("restate-draws: yes"), "16:9", "bad-key",
     NULL},
    {"a total's cap by pay period", TOTAL("cap: {at: 50000, per: period}"), NULL, NULL, NULL},
    {"a total's cap by deal", TOTAL("cap: {at: 50000, per: deal}"), "16:31", "bad-word", NULL},
    {"a total's cap of a target", TOTAL("cap: {at: 200% of target, per: year}"), "16:19",
     "bad-number", NULL},
    {"a minimum of nothing", TOTAL("minimum-payment: 0"), "16:26", "bad-value", NULL},
    {"a total for who reaches the goal",
     RATE OTHER "total: {multiply: {by: 200%, when: {component: other, attainment: \">= 110%\", "
                "window: same}}}\n",
     NULL, NULL, NULL},
    {"a total for a component without a goal",
     TOTAL("multiply: {by: 200%, when: {component: main, attainment: \">= 110%\"}}"), "16:48",
     "no-goal", NULL},
    {"a total by what was earned",
     TOTAL("multiply: {by: 200%, when: {component: main, earned: \">= 110\"}}"), NULL, NULL, NULL},
    {"a pay period lies in no deal",
     OVER_DEALS "total: {multiply: {by: 200%, when: {component: main, earned: \">= 110\"}}}\n",
     "16:48", "bad-window", NULL},
    {"a total's step that is none", TOTAL("floor: 5"), "16:9", "unknown-key", NULL},
    /* --- redeem, split-windows --- */
    {"points are redeemed", HEAD("mid-window: last\nredeem: {rate: 0.05, to: USD}\n"), NULL, NULL,
     NULL},
    {"points are redeemed for nothing", HEAD("mid-window: last\nredeem: {rate: 0, to: USD}\n"),
     "10:16", "bad-value", NULL},
    {"points are redeemed for what is no currency",
     HEAD("mid-window: last\nredeem: {rate: 1, to: USX}\n"), "10:23", "unknown-currency", NULL},
    {"money is not redeemed",
     SCENE_HEAD
     "redeem: {rate: 0.05, to: EUR}\ncomponents:\n  main:\n    measure: {of: deals, sum: "
     "amount}\n    cancelled: {effect: recompute}\n    over: quarter\n    pays: {rate: "
     "10%}\n",
     "10:1", "bad-key", "PTS"},
    {"windows are not split", HEAD("mid-window: last\nsplit-windows: no\n"), NULL, NULL, NULL},
    {"windows are split perhaps", HEAD("mid-window: last\nsplit-windows: maybe\n"), "10:16",
     "bad-word", NULL},
};

int main(void)
{
    return RUN_CASES(rows, says);
}
