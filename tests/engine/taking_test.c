/* Whose part of a window's pay is whose, and what cancellations take back, through both folds: the
 * rows of PLAN-LANGUAGE sections 3, 5 and 7 by hand, on both sides of each boundary. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/worth_rows.h"

#define OVER(over, effect, rest)                                                                   \
    "  all:\n    measure: {of: deals, sum: amount, role: [owner]}\n"                               \
    "    cancelled: {effect: " effect "}\n    over: " over "\n" rest
#define RATE     "    pays: {rate: 10%}\n"
#define SLICES   "    attribution: slices\n"
#define PRO_RATA "    attribution: pro-rata\n"
/* 5 % up to 1,500, 10 % of all from there on: the deal that comes to it has most of the pay. */
#define WHOLE                                                                                      \
    "    pays: {tiers: {on: amount, method: whole, boundary: higher, gives: rate, negative: "      \
    "nothing, table: [{from: 0, give: 5%}, {from: 1500, give: 10%}]}}\n"
#define ADJUST(step) "    adjust: [" step "]\n"

#define DEAL(id, date, amount) "D-" id " 1 CLOSED 2026-" date " " amount " person:jo/owner/100%"
#define GONE(id, date, amount, gone)                                                               \
    "D-" id " 2 CANCELLED 2026-" date " " amount " person:jo/owner/100% gone=2026-" gone
#define ONE DEAL("1", "01-05", "1000")
#define TWO DEAL("2", "01-10", "1000")
#define JAN(earned)                                                                                \
    {                                                                                              \
        "all", "2026-01", earned, earned                                                           \
    }
#define FEB(earned)                                                                                \
    {                                                                                              \
        "all", "2026-02", earned, earned                                                           \
    }

static const struct worth_case rows[] = {
    {"a slice is what the row added when it came, and goes in the window of the cancellation",
     OVER("month", "original-rate", WHOLE SLICES),
     {ONE, TWO, GONE("2", "01-10", "1000", "02-20")},
     {JAN("200"), FEB("-150")}},
    {"the first row's slice",
     OVER("month", "original-rate", WHOLE SLICES),
     {ONE, TWO, GONE("1", "01-05", "1000", "02-20")},
     {JAN("200"), FEB("-50")}},
    {"rows of one instant go by their deals' ids",
     OVER("month", "original-rate", WHOLE SLICES),
     {DEAL("2", "01-05", "1000"), ONE, GONE("2", "01-05", "1000", "02-20")},
     {JAN("200"), FEB("-150")}},
    {"pro rata, to the measure",
     OVER("month", "original-rate", WHOLE PRO_RATA),
     {ONE, DEAL("2", "01-10", "3000"), GONE("2", "01-10", "3000", "02-20")},
     {JAN("400"), FEB("-300")}},
    {"a row that is amended changes what is taken back of another",
     OVER("month", "original-rate", WHOLE SLICES),
     {ONE, TWO, GONE("2", "01-10", "1000", "02-20"),
      "D-1 2 CLOSED 2026-01-05 400 person:jo/owner/100%"},
     {JAN("70"), FEB("-50")}},
    {"a cancellation that is itself undone takes nothing back",
     OVER("month", "original-rate", WHOLE SLICES),
     {ONE, TWO, GONE("2", "01-10", "1000", "02-20"),
      "D-2 3 CLOSED 2026-01-10 1000 person:jo/owner/100%"},
     {JAN("200"), FEB("0")}},
    {"a cancellation in the deal's own window",
     OVER("quarter", "original-rate", WHOLE SLICES),
     {ONE, TWO, GONE("2", "01-10", "1000", "02-20")},
     {{"all", "2026-Q1", "50", "50"}}},
    {"paid-only takes what had been released, which was all",
     OVER("month", "paid-only", WHOLE SLICES),
     {ONE, TWO, GONE("2", "01-10", "1000", "02-20")},
     {JAN("200"), FEB("-150")}},
    {"paid-only takes nothing back of what was negative, once its schedule has ended",
     OVER("month", "paid-only, take: [{until: 1 month, take: 100%}]", RATE SLICES),
     {DEAL("1", "01-05", "-1000"), GONE("1", "01-05", "-1000", "02-05")},
     {JAN("-100"), FEB("0")}},
    {"paid-only takes between nothing and what had been released, also where a floor turned it",
     OVER("month", "paid-only, basis: rate", RATE SLICES ADJUST("floor: {at: 50, per: window}")),
     {DEAL("1", "01-05", "-1000"), GONE("1", "01-05", "-1000", "02-20")},
     {JAN("50"), FEB("0")}},
    {"a share is taken",
     OVER("month", "original-rate, take: 50%", WHOLE SLICES),
     {ONE, TWO, GONE("2", "01-10", "1000", "02-20")},
     {JAN("200"), FEB("-75")}},
    {"a schedule, the day before its first step ends",
     OVER("month",
          "original-rate, take: [{until: 1 month, take: 100%}, {until: 2 months, take: 50%}]",
          RATE SLICES),
     {ONE, GONE("1", "01-05", "1000", "02-04")},
     {JAN("100"), FEB("-100")}},
    {"a schedule, the day on which its first step ends",
     OVER("month",
          "original-rate, take: [{until: 1 month, take: 100%}, {until: 2 months, take: 50%}]",
          RATE SLICES),
     {ONE, GONE("1", "01-05", "1000", "02-05")},
     {JAN("100"), FEB("-50")}},
    {"nothing after a schedule",
     OVER("month", "original-rate, take: [{until: 1 month, take: 100%}]", RATE SLICES),
     {ONE, GONE("1", "01-05", "1000", "02-05")},
     {JAN("100"), FEB("0")}},
    {"linear, by days",
     OVER("month", "original-rate, linear: 100 days", RATE SLICES),
     {ONE, GONE("1", "01-05", "1000", "02-14")}, /* 60 of 100 days are left */
     {JAN("100"), FEB("-60")}},
    {"linear months end on the last day of a shorter one",
     OVER("month", "original-rate, linear: 1 month", RATE SLICES),
     {DEAL("1", "01-31", "2800"), GONE("1", "01-31", "2800", "02-27")},
     {JAN("280"), FEB("-10")}},
    {"linear, at the term's end",
     OVER("month", "original-rate, linear: 1 month", RATE SLICES),
     {DEAL("1", "01-31", "2800"), GONE("1", "01-31", "2800", "02-28")},
     {JAN("280"), FEB("0")}},
    {"what a floor added stays with basis: rate",
     OVER("month", "original-rate, basis: rate", RATE SLICES ADJUST("floor: {at: 150, per: deal}")),
     {ONE, GONE("1", "01-05", "1000", "02-20")},
     {JAN("150"), FEB("-100")}},
    {"what a floor added goes too with basis: earned",
     OVER("month", "original-rate, basis: earned",
          RATE SLICES ADJUST("floor: {at: 150, per: deal}")),
     {ONE, GONE("1", "01-05", "1000", "02-20")},
     {JAN("150"), FEB("-150")}},
    {"a cap per deal holds for each deal's part",
     OVER("month", "recompute", RATE SLICES ADJUST("cap: {at: 150, per: deal}")),
     {ONE, DEAL("2", "01-10", "2000"), DEAL("3", "01-11", "1500")},
     {JAN("400")}},
    {"a floor per deal lifts each deal's part",
     OVER("month", "recompute", RATE PRO_RATA ADJUST("floor: {at: 150, per: deal}")),
     {ONE, DEAL("2", "01-10", "2000"), DEAL("3", "01-11", "0")},
     {JAN("500")}},
    {"a bound per deal is of all the participant's rows of the deal",
     OVER("month", "recompute", RATE SLICES ADJUST("cap: {at: 150, per: deal}")),
     {"D-1 1 CLOSED 2026-01-05 2000 person:jo/owner/60% person:jo/owner/40%"},
     {JAN("150")}},
    {"what belongs to no deal has no bound per deal",
     "  all:\n    measure: {of: deals, sum: amount, plus: 1000}\n    cancelled: {effect: "
     "recompute}\n"
     "    over: month\n" RATE SLICES ADJUST("{add: 70}, {cap: {at: 50, per: deal}}"),
     {ONE},
     {JAN("220")}},
    {"a cap per window is spread over the parts in proportion",
     OVER("month", "original-rate", RATE SLICES ADJUST("cap: {at: 150, per: window}")),
     {ONE, DEAL("2", "01-10", "2000"), GONE("2", "01-10", "2000", "02-20")},
     {JAN("150"), FEB("-100")}},
    {"add belongs to no deal",
     OVER("month", "original-rate", RATE SLICES ADJUST("add: 100")),
     {ONE, GONE("1", "01-05", "1000", "02-20")},
     {JAN("200"), FEB("-100")}},
    {"steps behind add take their part of both",
     OVER("month", "original-rate", RATE SLICES ADJUST("{add: 100}, {multiply: {by: 50%}}")),
     {ONE, GONE("1", "01-05", "1000", "02-20")},
     {JAN("100"), FEB("-50")}},
    {"plus belongs to no deal, by slices",
     "  all:\n    measure: {of: deals, sum: amount, plus: 500}\n    cancelled: {effect: "
     "original-rate}\n"
     "    over: month\n" WHOLE SLICES,
     {ONE, GONE("1", "01-05", "1000", "02-20")},
     {JAN("150"), FEB("-125")}}, /* pays(500) = 25 */
    {"plus belongs to no deal, pro rata",
     "  all:\n    measure: {of: deals, sum: amount, plus: 500}\n    cancelled: {effect: "
     "original-rate}\n"
     "    over: month\n" WHOLE PRO_RATA,
     {ONE, GONE("1", "01-05", "1000", "02-20")},
     {JAN("150"), FEB("-100")}},
    {"a deal that stands alone takes back in its own window",
     OVER("deal", "original-rate, take: 25%", RATE),
     {ONE, GONE("1", "01-05", "1000", "02-20")},
     {{"all", "deal:D-1", "75", "75"}}},
    {"what a gate withheld was never payable, and is not taken back of it",
     OVER("month", "original-rate",
          RATE SLICES ADJUST("gate: {when: {not: {attribute: role, is: ae}}, then: not-payable}")),
     {ONE, GONE("1", "01-05", "1000", "02-20")},
     {{"all", "2026-01", "100", "0"}, {"all", "2026-02", "-100", "0"}}},
    {"parts round with their window, not one by one",
     OVER("month", "original-rate", "    pays: {rate: 0.05%}\n" SLICES),
     {DEAL("1", "01-05", "11"), DEAL("2", "01-06", "11"), DEAL("3", "01-07", "11"),
      GONE("1", "01-05", "11", "02-20"), GONE("2", "01-06", "11", "02-20")},
     {JAN("0.02"), FEB("-0.01")}}, /* 0.0165 and 0.011 */
};

int main(void)
{
    return RUN_CASES(rows, is_worth);
}
