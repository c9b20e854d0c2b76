/* From earned to payable, through both folds: the rows of PLAN-LANGUAGE section 6 by hand, on both
 * sides of each boundary. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/worth_rows.h"

#define OVER(over, effect, rest)                                                                   \
    "  all:\n    measure: {of: deals, sum: amount, role: [owner]}\n"                               \
    "    cancelled: {effect: " effect "}\n    over: " over "\n" rest
#define MILESTONES(over, rest)                                                                     \
    "  all:\n    measure: {of: milestones, sum: amount}\n    cancelled: {effect: recompute}\n"     \
    "    over: " over "\n" rest
#define RATE          "    pays: {rate: 10%}\n"
#define SLICES        "    attribution: slices\n"
#define PRO_RATA      "    attribution: pro-rata\n"
#define RELEASE(when) "    release: {when: " when "}\n"
#define CASH          RELEASE("payment-received")
#define HOLD(until)   "    release: {holdback: {share: 30%, until: " until "}}\n"
/* 5 % up to 1,500, 10 % of all from there on: the deal that comes to it has most of the pay. */
#define WHOLE                                                                                      \
    "    pays: {tiers: {on: amount, method: whole, boundary: higher, gives: rate, negative: "      \
    "nothing, table: [{from: 0, give: 5%}, {from: 1500, give: 10%}]}}\n"

#define DEAL(id, date, amount) "D-" id " 1 CLOSED 2026-" date " " amount " person:jo/owner/100%"
#define GONE(id, date, amount, gone)                                                               \
    "D-" id " 2 CANCELLED 2026-" date " " amount " person:jo/owner/100% gone=2026-" gone
#define PAID(id, deal, date, amount) "P-" id " D-" deal " 1 2026-" date " " amount
#define ONE                          DEAL("1", "01-10", "1000")
#define TWO                          DEAL("2", "01-11", "1000")

static const struct worth_case rows[] = {
    {"nothing is payable before the first payment",
     OVER("month", "recompute", RATE SLICES CASH),
     {ONE},
     {{"all", "2026-01", "100", "0"}}},
    {"half is payable when half is paid",
     OVER("month", "recompute", RATE SLICES CASH),
     {ONE, PAID("1", "1", "03-15", "500")},
     {{"all", "2026-01", "100", "50"}}},
    {"payments add up, refunds take away",
     OVER("month", "recompute", RATE SLICES CASH),
     {ONE, PAID("1", "1", "03-15", "900"), PAID("2", "1", "03-16", "100"),
      PAID("3", "1", "04-01", "-400")},
     {{"all", "2026-01", "100", "60"}}},
    {"more than the deal is worth releases no more than all",
     OVER("month", "recompute", RATE SLICES CASH),
     {ONE, PAID("1", "1", "03-15", "1500")},
     {{"all", "2026-01", "100", "100"}}},
    {"less than nothing releases nothing",
     OVER("month", "recompute", RATE SLICES CASH),
     {ONE, PAID("1", "1", "03-15", "-1")},
     {{"all", "2026-01", "100", "0"}}},
    {"a deal of amount 0 counts as paid when closed",
     "  all:\n    measure: {of: deals, sum: count, count: credited}\n    cancelled: {effect: "
     "recompute}\n"
     "    over: month\n    pays: {unit: 10}\n" SLICES CASH,
     {DEAL("1", "01-10", "0")},
     {{"all", "2026-01", "10", "10"}}},
    {"a payment in another currency is left out, and says so",
     OVER("month", "recompute", RATE SLICES CASH),
     {ONE, PAID("1", "1", "03-15", "250"), PAID("2", "1", "03-15", "500 EUR")},
     {{"all", "2026-01", "100", "25", "currency-differs"}}},
    {"what is paid releases its own slice",
     OVER("month", "recompute", WHOLE SLICES CASH),
     {ONE, TWO, PAID("1", "2", "03-15", "1000")},
     {{"all", "2026-01", "200", "150"}}},
    {"what is paid releases its own proportion",
     OVER("month", "recompute", WHOLE PRO_RATA CASH),
     {ONE, TWO, PAID("1", "2", "03-15", "1000")},
     {{"all", "2026-01", "200", "100"}}},
    {"with share: after a deal's proportion is of all it measures",
     "  all:\n    measure: {of: deals, sum: amount, share: after, plus: 1000}\n"
     "    cancelled: {effect: recompute}\n    over: deal\n" RATE PRO_RATA CASH,
     {"D-1 1 CLOSED 2026-01-10 1000 person:jo/owner/50%", PAID("1", "1", "03-15", "500")},
     {{"all", "deal:D-1", "100", "75"}}},
    {"thirds release cents, and the last one the remainder",
     OVER("month", "recompute", "    pays: {rate: 1%}\n" SLICES CASH),
     {DEAL("1", "01-10", "1"), PAID("1", "1", "02-01", "0.33"), PAID("2", "1", "02-02", "0.33"),
      PAID("3", "1", "02-03", "0.34")},
     {{"all", "2026-01", "0.01", "0.01"}}},
    {"a deal that stands alone needs no attribution",
     OVER("deal", "recompute", RATE CASH),
     {ONE, PAID("1", "1", "03-15", "500")},
     {{"all", "deal:D-1", "100", "50"}}},
    {"what belongs to no deal is released at once",
     OVER("month", "recompute", RATE SLICES CASH "    adjust: [add: 70]\n"),
     {ONE, PAID("1", "1", "03-15", "500")},
     {{"all", "2026-01", "170", "120"}}},
    {"a milestone of the deal releases it",
     OVER("month", "recompute", RATE SLICES RELEASE("{milestone: go-live}")),
     {ONE, TWO, "M-1 D-1 1 REACHED 2026-05-01 go-live"},
     {{"all", "2026-01", "200", "100"}}},
    {"another milestone does not",
     OVER("month", "recompute", RATE SLICES RELEASE("{milestone: go-live}")),
     {ONE, "M-1 D-1 1 REACHED 2026-05-01 kick-off"},
     {{"all", "2026-01", "100", "0"}}},
    {"a milestone that is revoked takes its release back",
     OVER("month", "recompute", RATE SLICES RELEASE("{milestone: go-live}")),
     {ONE, "M-1 D-1 1 REACHED 2026-05-01 go-live", "M-1 D-1 2 REVOKED 2026-05-01 go-live"},
     {{"all", "2026-01", "100", "0"}}},
    {"the day before the window ends",
     OVER("month", "recompute", RATE RELEASE("window-end")),
     {ONE, "date 2026-01-31"},
     {{"all", "2026-01", "100", "0"}}},
    {"the day on which the window has ended",
     OVER("month", "recompute", RATE RELEASE("window-end")),
     {ONE, "date 2026-02-01"},
     {{"all", "2026-01", "100", "100"}}},
    {"a hold-back by deal, the day before it ends",
     OVER("month", "recompute", RATE SLICES HOLD("90 days after closed")),
     {ONE, TWO, "date 2026-04-09"},
     {{"all", "2026-01", "200", "140"}}},
    {"a hold-back by deal, deal by deal",
     OVER("month", "recompute", RATE SLICES HOLD("90 days after closed")),
     {ONE, TWO, "date 2026-04-10"},
     {{"all", "2026-01", "200", "170"}}},
    {"a hold-back is of what the cash lets through",
     OVER("month", "recompute",
          RATE SLICES "    release: {when: payment-received, holdback: {share: 30%, until: 90 days "
                      "after closed}}\n"),
     {ONE, PAID("1", "1", "03-15", "500")},
     {{"all", "2026-01", "100", "35"}}},
    {"a hold-back by window, the day before it ends",
     OVER("month", "recompute", RATE HOLD("30 days after window-end")),
     {ONE, "date 2026-03-02"},
     {{"all", "2026-01", "100", "70"}}},
    {"a hold-back by window, the day on which it ends",
     OVER("month", "recompute", RATE HOLD("30 days after window-end")),
     {ONE, "date 2026-03-03"},
     {{"all", "2026-01", "100", "100"}}},
    {"a hold-back until a date, the day before",
     OVER("month", "recompute", RATE HOLD("2026-06-30")),
     {ONE, "date 2026-06-29"},
     {{"all", "2026-01", "100", "70"}}},
    {"a hold-back until a date",
     OVER("month", "recompute", RATE HOLD("2026-06-30")),
     {ONE, "date 2026-06-30"},
     {{"all", "2026-01", "100", "100"}}},
    {"paid-only takes back what had been paid, and nothing is released later",
     OVER("month", "paid-only", RATE SLICES CASH),
     {ONE, PAID("1", "1", "01-20", "500"), GONE("1", "01-10", "1000", "02-20"),
      PAID("2", "1", "03-01", "500")},
     {{"all", "2026-01", "100", "50"}, {"all", "2026-02", "-50", "-50"}}},
    {"paid-only takes no more than its share of the part",
     OVER("month", "paid-only, take: 20%", RATE SLICES CASH),
     {ONE, PAID("1", "1", "01-20", "500"), GONE("1", "01-10", "1000", "02-20")},
     {{"all", "2026-01", "100", "50"}, {"all", "2026-02", "-20", "-20"}}},
    {"original-rate takes all of the part back, of which what is released is payable",
     OVER("month", "original-rate", RATE SLICES CASH),
     {ONE, PAID("1", "1", "01-20", "500"), GONE("1", "01-10", "1000", "02-20")},
     {{"all", "2026-01", "100", "50"}, {"all", "2026-02", "-100", "-50"}}},
    {"a gate that withholds releases nothing",
     OVER("month", "recompute",
          RATE SLICES CASH
          "    adjust: [gate: {when: {not: {attribute: role, is: ae}}, then: not-payable}]\n"),
     {ONE, PAID("1", "1", "03-15", "500")},
     {{"all", "2026-01", "100", "0"}}},
    {"an event is released when it is approved, by its slice",
     MILESTONES("deal", RATE RELEASE("approved")),
     {ONE, "M-1 D-1 1 REACHED 2026-02-01 a amount=500 cur=USD",
      "M-2 D-1 1 APPROVED 2026-02-02 b amount=300 cur=USD approved=2026-03-01"},
     {{"all", "deal:D-1", "80", "30"}}},
    {"without attribution events of a window are released when all are approved",
     MILESTONES("month", RATE RELEASE("approved")),
     {ONE, "M-1 D-1 1 REACHED 2026-02-01 a amount=500 cur=USD",
      "M-2 D-1 1 APPROVED 2026-02-02 b amount=300 cur=USD approved=2026-03-01"},
     {{"all", "2026-02", "80", "0"}}},
    {"an event that is approved later",
     MILESTONES("month", RATE RELEASE("approved")),
     {ONE, "M-1 D-1 1 REACHED 2026-02-01 a amount=500 cur=USD",
      "M-2 D-1 1 APPROVED 2026-02-02 b amount=300 cur=USD approved=2026-03-01",
      "M-1 D-1 2 APPROVED 2026-02-01 a amount=500 cur=USD approved=2026-03-05"},
     {{"all", "2026-02", "80", "80"}}},
    {"an event is released with its deal's cash, whichever comes first",
     MILESTONES("month", RATE SLICES CASH),
     {ONE, "M-1 D-1 1 REACHED 2026-02-01 a amount=500 cur=USD", PAID("1", "1", "03-15", "500")},
     {{"all", "2026-02", "50", "25"}}},
    {"an event of no deal has nothing to wait for",
     MILESTONES("month", RATE SLICES CASH),
     {"M-1 - 1 REACHED 2026-02-01 a amount=500 cur=USD person:jo/owner/100%"},
     {{"all", "2026-02", "50", "50"}}},
};

int main(void)
{
    return RUN_CASES(rows, is_worth);
}
