/* `measure` and `cancelled` (PLAN-LANGUAGE section 3): which rows may be counted how. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/plan_lines.h"

#define CAN  "    cancelled: {effect: recompute}\n"
#define OVER "    over: quarter\n    pays: {unit: 1}\n"
/* Line 12 is `measure`, its first key stands in column 15. */
#define OF(measure)        MAIN(measure) OVER
#define OF_DEALS_(measure) MAIN("of: deals, " measure) CAN OVER
#define RESULT(more)       OF("of: results, result: csat, take: last, missing: zero" more)

static const struct line_row rows[] = {
    /* --- what is summed --- */
    {"an amount called net", OF_DEALS_("sum: amount.net"), NULL, NULL, NULL},
    {"an amount called nothing", OF_DEALS_("sum: amount."), "12:31", "bad-word", "amount"},
    {"quantities", OF_DEALS_("sum: quantity"), NULL, NULL, NULL},
    {"deals need sum", MAIN("of: deals") CAN OVER, "12:5", "missing-key", "quantity"},
    {"results need no sum", RESULT(""), NULL, NULL, NULL},
    {"the value of results", RESULT(", sum: value"), NULL, NULL, NULL},
    {"the amount of results", RESULT(", sum: amount"), "12:74", "bad-value", "sum: value"},
    {"the value of deals", OF_DEALS_("sum: value"), "12:31", "bad-value", "sum: amount"},
    {"the amount of payments", OF("of: payments, sum: amount"), NULL, NULL, NULL},
    {"the quantity of payments", OF("of: payments, sum: quantity"), "12:34", "bad-value", NULL},
    {"payments are counted", OF("of: payments, sum: count, count: shared"), NULL, NULL, NULL},
    {"the amount of awards", OF("of: awards, sum: amount"), NULL, NULL, NULL},
    {"awards are counted, and never shared", OF("of: awards, sum: count"), NULL, NULL, NULL},
    {"a named amount of adjustments", OF("of: adjustments, sum: amount.net"), "12:37", "bad-value",
     NULL},
    {"the pay of the downline", OF("of: downline-pay, sum: amount"), NULL, NULL, NULL},
    {"counted deals must say count", OF_DEALS_("sum: count"), "12:31", "must-say", "credited"},
    {"counted milestones must say count", MAIN("of: milestones, sum: count") CAN OVER, "12:36",
     "must-say", "shared"},
    {"count beside amounts", OF_DEALS_("sum: amount, count: shared"), "12:39", "bad-key", NULL},
    /* --- keys for some rows only --- */
    {"a role of results", RESULT(", role: owner"), "12:69", "bad-key", NULL},
    {"conditions on awards", OF("of: awards, sum: amount, where: {customer: x}"), "12:40",
     "bad-key", NULL},
    {"the share of adjustments", OF("of: adjustments, sum: amount, share: before"), "12:45",
     "bad-key", NULL},
    {"levels of one's own deals", OF_DEALS_("sum: amount, levels: 1"), "12:39", "bad-key", NULL},
    {"one level of the downline", MAIN("of: downline-deals, sum: amount, levels: 1") CAN OVER, NULL,
     NULL, NULL},
    {"no level of the downline", MAIN("of: downline-deals, sum: amount, levels: 0") CAN OVER,
     "12:56", "bad-value", NULL},
    {"64 levels", OF("of: downline-pay, sum: amount, levels: 64"), NULL, NULL, NULL},
    {"65 levels", OF("of: downline-pay, sum: amount, levels: 65"), "12:54", "bad-value", NULL},
    {"the lower level is taken off",
     MAIN("of: downline-deals, sum: amount, minus-lower-level: yes") CAN OVER, NULL, NULL, NULL},
    {"the lower level is a yes or no",
     MAIN("of: downline-deals, sum: amount, minus-lower-level: 1") CAN OVER, "12:67", "bad-word",
     NULL},
    {"a result of deals", OF_DEALS_("sum: amount, result: csat"), "12:39", "bad-key", NULL},
    {"take of deals", OF_DEALS_("sum: amount, take: last"), "12:39", "bad-key", NULL},
    {"missing of deals", OF_DEALS_("sum: amount, missing: zero"), "12:39", "bad-key", NULL},
    {"plus of everything", RESULT(", plus: -10"), NULL, NULL, NULL},
    /* --- results --- */
    {"results must say which", OF("of: results, take: last, missing: zero"), "12:5", "missing-key",
     "result: csat"},
    {"results must say take", OF("of: results, result: csat, missing: zero"), "12:5", "must-say",
     "average"},
    {"results must say missing", OF("of: results, result: csat, take: max"), "12:5", "must-say",
     "pending"},
    {"a missing result is 0 or waits", OF("of: results, result: csat, take: sum, missing: 100%"),
     "12:62", "bad-word", NULL},
    {"take that is none", OF("of: results, result: csat, take: first, missing: zero"), "12:48",
     "bad-word", NULL},
    /* --- windows --- */
    {"lines of deals", MAIN("of: deals, sum: amount") CAN "    over: line\n    pays: {unit: 1}\n",
     NULL, NULL, NULL},
    {"lines of milestones",
     MAIN("of: milestones, sum: amount") CAN "    over: line\n    pays: {unit: 1}\n", "12:19",
     "bad-value", "over: quarter"},
    {"payments by deal", MAIN("of: payments, sum: amount") "    over: deal\n    pays: {unit: 1}\n",
     NULL, NULL, NULL},
    {"results by deal",
     MAIN("of: results, result: a, take: last, missing: zero") "    over: deal\n    pays: {unit: "
                                                               "1}\n",
     "12:19", "bad-value", NULL},
    /* --- where --- */
    {"a milestone's name and phase",
     MAIN("of: milestones, sum: amount, where: {milestone: a, phase: [b, c], deal-type: d}")
         CAN OVER,
     NULL, NULL, NULL},
    {"a deal has no phase", OF_DEALS_("sum: amount, where: {phase: b}"), "12:47", "unknown-key",
     NULL},
    {"a milestone has no product",
     MAIN("of: milestones, sum: amount, where: {product: b}") CAN OVER, "12:52", "unknown-key",
     NULL},
    {"a deal's quantity is no condition of where", OF_DEALS_("sum: amount, where: {quantity: 1}"),
     "12:47", "unknown-key", NULL},
    {"a line's attribute", OF_DEALS_("sum: amount, where: {line.attribute.a: \">= 3\"}"), NULL,
     NULL, NULL},
    /* --- convert --- */
    {"nothing is converted", OF_DEALS_("sum: amount, convert: none"), NULL, NULL, NULL},
    {"converted by a date on the deal",
     OF_DEALS_("sum: amount, convert: {to: USD, rate-of: attribute.posted, missing: pending}"),
     NULL, NULL, NULL},
    {"converted by the paid date",
     OF_DEALS_("sum: amount, convert: {to: USD, rate-of: paid-date, missing: pending}"), NULL, NULL,
     NULL},
    {"converting must say which date",
     OF_DEALS_("sum: amount, convert: {to: USD, missing: pending}"), "12:39", "must-say",
     "closed-date"},
    {"converting must say missing",
     OF_DEALS_("sum: amount, convert: {to: USD, rate-of: window-end}"), "12:39", "must-say",
     "previous-up-to"},
    {"an attribute without a name",
     OF_DEALS_("sum: amount, convert: {to: USD, rate-of: attribute., missing: pending}"), "12:67",
     "bad-word", NULL},
    {"a rate up to 5 days old",
     OF_DEALS_("sum: amount, convert: {to: USD, rate-of: window-end, missing: previous-up-to 5 "
               "days}"),
     NULL, NULL, NULL},
    {"a rate up to a month old",
     OF_DEALS_("sum: amount, convert: {to: USD, rate-of: window-end, missing: previous-up-to 1 "
               "month}"),
     "12:88", "bad-value", NULL},
    {"a rate up to 0 days old",
     OF_DEALS_("sum: amount, convert: {to: USD, rate-of: window-end, missing: previous-up-to 0 "
               "days}"),
     "12:88", "bad-value", NULL},
    {"to a currency that is none",
     OF_DEALS_("sum: amount, convert: {to: USX, rate-of: window-end, missing: pending}"), "12:53",
     "unknown-currency", NULL},
    {"quantities are not converted",
     OF_DEALS_("sum: quantity, convert: {to: USD, rate-of: window-end, missing: pending}"), "12:41",
     "bad-key", NULL},
    /* --- cancelled --- */
    {"milestones must say cancelled", MAIN("of: milestones, sum: amount") OVER, "11:3", "must-say",
     "recompute"},
    {"deals of the downline must say cancelled", MAIN("of: downline-deals, sum: amount") OVER,
     "11:3", "must-say", NULL},
    {"payments are not cancelled", MAIN("of: payments, sum: amount") CAN OVER, "13:5", "no-effect",
     NULL},
    {"all is taken back", CANCELLED("effect: original-rate, take: 100%"), NULL, NULL, NULL},
    {"nothing said takes all back", CANCELLED("effect: paid-only"), NULL, NULL, NULL},
    {"half is taken back", CANCELLED("effect: original-rate, take: 50%"), NULL, NULL, NULL},
    {"more than all is taken back", CANCELLED("effect: original-rate, take: 100.1%"), "13:46",
     "bad-value", NULL},
    {"less than nothing is taken back", CANCELLED("effect: original-rate, take: -1%"), "13:46",
     "bad-value", NULL},
    {"a share carries its percent", CANCELLED("effect: original-rate, take: 1"), "13:46",
     "bad-number", NULL},
    {"a schedule rises",
     CANCELLED("effect: paid-only, take: [{until: 12 months, take: 100%}, {until: 18 months, take: "
               "50%}]"),
     NULL, NULL, NULL},
    {"a schedule does not stand still",
     CANCELLED("effect: paid-only, take: [{until: 12 months, take: 100%}, {until: 12 months, take: "
               "50%}]"),
     "13:83", "bad-value", NULL},
    {"a year is not after twelve months",
     CANCELLED("effect: paid-only, take: [{until: 12 months, take: 100%}, {until: 1 year, take: "
               "50%}]"),
     "13:83", "bad-value", NULL},
    {"63 days are after two months, whichever they are",
     CANCELLED("effect: paid-only, take: [{until: 2 months, take: 100%}, {until: 63 days, take: "
               "50%}]"),
     NULL, NULL, NULL},
    {"62 days may end with two months",
     CANCELLED("effect: paid-only, take: [{until: 2 months, take: 100%}, {until: 62 days, take: "
               "50%}]"),
     "13:82", "bad-value", NULL},
    {"an empty schedule", CANCELLED("effect: paid-only, take: []"), "13:42", "bad-value", NULL},
    {"linear", CANCELLED("effect: original-rate, linear: 12 months"), NULL, NULL, NULL},
    {"linear over nothing", CANCELLED("effect: original-rate, linear: 0 days"), "13:48",
     "bad-value", NULL},
    {"linear without a unit", CANCELLED("effect: original-rate, linear: 12"), "13:48", "bad-value",
     NULL},
    {"linear beside take", CANCELLED("effect: original-rate, take: 100%, linear: 12 months"),
     "13:52", "bad-key", NULL},
    {"recompute takes nothing", CANCELLED("effect: recompute, take: 50%"), "13:36", "bad-key",
     "original-rate"},
    {"never has no basis", CANCELLED("effect: never, basis: rate"), "13:32", "bad-key", NULL},
    {"a basis that is none", CANCELLED("effect: original-rate, basis: floor"), "13:47", "bad-word",
     NULL},
    {"with a floor the basis must be said",
     CANCELLED("effect: original-rate") "    adjust: [{floor: {at: 10, per: deal}}]\n", "13:5",
     "must-say", "basis: earned"},
    {"a floor with its basis",
     CANCELLED("effect: original-rate, basis: rate") "    adjust: [{floor: {at: 10, per: deal}}]\n",
     NULL, NULL, NULL},
};

int main(void)
{
    return RUN_CASES(rows, says);
}
