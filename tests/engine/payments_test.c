/* `of: payments` through both folds: what payments count, and whose payouts say so. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/worth_rows.h"

#define PLAN_FROM(from, measure, over, pays)                                                       \
    "milepost: 1\nplan: ae\nversion: 1\ntitle: T\ncurrency: USD\ntimezone: UTC\n"                  \
    "calendar: {year-starts: 01-01}\neffective: {from: " from ", until: 2027-01-01}\n"             \
    "rounding: {to: 0.01, mode: half-even}\nmid-window: last\ncomponents:\n  fee:\n"               \
    "    measure: {of: payments" measure "}\n    over: " over "\n    pays: " pays "\n"
#define PLAN(measure, over, pays) PLAN_FROM("2026-01-01", measure, over, pays)
#define AMOUNT                    PLAN(", sum: amount", "quarter", "{rate: 10%}")
#define DEAL                      "D-1 1 CLOSED 2026-01-05 1000 person:jo/owner/60% person:kim/sdr/10%"
#define PAID                      "P-1 D-1 1 2026-03-31 400"

static const struct worth_case rows[] = {
    {"a payment counts by the participant's share", AMOUNT, {DEAL, PAID}, {{"fee", NULL, "24"}}},
    {"nothing is paid, nothing counts", AMOUNT, {DEAL}, {{"fee", NULL, "0"}}},
    {"on the day it is received: the last of its window",
     AMOUNT,
     {DEAL, PAID},
     {{"fee", "2026-Q1", "24"}}},
    {"on the day it is received: the first of the next",
     AMOUNT,
     {DEAL, "P-1 D-1 1 2026-04-01 400"},
     {{"fee", "2026-Q2", "24"}}},
    {"each by its own day, not the deal's",
     AMOUNT,
     {"D-1 1 CLOSED 2025-06-05 1000 person:jo/owner/60%", PAID, "P-2 D-1 1 2026-04-01 100"},
     {{"fee", NULL, "30"}}},
    {"who was not assigned then has nothing of it",
     AMOUNT,
     {DEAL, PAID, "P-2 D-1 1 2026-04-01 100"},
     {{"fee", NULL, "24"}},
     "ae 2026-01-01 2026-04-01"},
    {"a refund takes back in its own window",
     AMOUNT,
     {DEAL, PAID, "P-2 D-1 1 2026-04-01 -100"},
     {{"fee", "2026-Q2", "-6"}}},
    {"more than the deal is worth counts as it is",
     AMOUNT,
     {DEAL, "P-1 D-1 1 2026-03-01 5000"},
     {{"fee", NULL, "300"}}},
    {"an amended amount counts instead",
     AMOUNT,
     {DEAL, PAID, "P-1 D-1 2 2026-03-31 300"},
     {{"fee", NULL, "18"}}},
    {"one that moved to another deal counts there",
     AMOUNT,
     {DEAL, "D-2 1 CLOSED 2026-01-05 900 person:jo/owner/100%", PAID, "P-1 D-1 2 2026-03-31 0",
      "P-1 D-2 2 2026-03-31 400"},
     {{"fee", NULL, "40"}}},
    {"a cancelled deal's payments are what they are",
     AMOUNT,
     {DEAL, PAID, "D-1 2 CANCELLED 2026-01-05 1000 person:jo/owner/60% person:kim/sdr/10%"},
     {{"fee", NULL, "24"}}},
    {"an open deal's count nothing yet",
     AMOUNT,
     {"D-1 1 OPEN 2026-01-05 1000 person:jo/owner/60%", PAID},
     {{"fee", NULL, "0"}}},
    {"an amended share is that of its payments",
     AMOUNT,
     {DEAL, PAID, "D-1 2 CLOSED 2026-01-05 1000 person:jo/owner/50%"},
     {{"fee", NULL, "20"}}},
    {"who leaves the deal leaves its payments",
     AMOUNT,
     {DEAL, PAID, "D-1 2 CLOSED 2026-01-05 1000 person:kim/owner/50%"},
     {{"fee", NULL, "0"}}},
    {"lines that differ hold the payments too",
     AMOUNT,
     {"D-1 1 CLOSED 2026-01-05 1000 person:jo/owner/60% +1/core/999", PAID},
     {{"fee", NULL, "0"}}},
    {"another currency than the plan's waits",
     AMOUNT,
     {DEAL, "P-1 D-1 1 2026-03-31 400 EUR", "P-2 D-1 1 2026-03-31 100"},
     {{"fee", NULL, "6"}}},
    {"a payment in the plan's currency of a deal that is not",
     AMOUNT,
     {"D-1 1 CLOSED 2026-01-05 1000 cur=EUR person:jo/owner/60%", PAID},
     {{"fee", NULL, "24"}}},
    {"counted whole",
     PLAN(", sum: count, count: credited", "quarter", "{unit: 1}"),
     {DEAL, PAID, "P-2 D-1 1 2026-03-01 1"},
     {{"fee", NULL, "2"}}},
    {"counted by share",
     PLAN(", sum: count, count: shared", "quarter", "{unit: 1}"),
     {DEAL, PAID, "P-2 D-1 1 2026-03-01 1"},
     {{"fee", NULL, "1.2"}}},
    {"the role that counts",
     PLAN(", sum: amount, role: [sdr]", "quarter", "{rate: 10%}"),
     {"D-1 1 CLOSED 2026-01-05 1000 person:jo/owner/60% person:jo/sdr/10%", PAID},
     {{"fee", NULL, "4"}}},
    {"a role that stands twice counts twice",
     AMOUNT,
     {"D-1 1 CLOSED 2026-01-05 1000 person:jo/owner/60% person:jo/owner/40%", PAID},
     {{"fee", NULL, "40"}}},
    {"in the window of the deal",
     PLAN(", sum: amount", "deal", "{rate: 10%}"),
     {DEAL, PAID, "P-2 D-1 1 2026-04-01 100"},
     {{"fee", "deal:D-1", "30"}}},
    {"also where a version begins behind the deal's day",
     PLAN_FROM("2026-03-01", ", sum: amount", "deal", "{rate: 10%}"),
     {DEAL, PAID},
     {{"fee", "deal:D-1", "24"}}},
    {"and goes when the payment does",
     PLAN_FROM("2026-03-01", ", sum: amount", "deal", "{rate: 10%}"),
     {DEAL, PAID, "P-1 D-1 2 2026-03-31 0"},
     {{"fee", "deal:D-1", "0"}}},
    {"in the order in which they were received",
     PLAN(", sum: amount", "quarter",
          "{milestones: {award: each, boundary: reached, late: nothing, table: [{name: a, reach: "
          "300, give: 50, by: 2026-02-28}]}}"),
     {"D-1 1 CLOSED 2026-01-05 1000 person:jo/owner/100%", "P-2 D-1 1 2026-02-28 100",
      "P-1 D-1 1 2026-02-10 200", "P-3 D-1 1 2026-03-01 300"},
     {{"fee", NULL, "50"}}},
};

static void payouts_say_what_the_payment_did(void **state)
{
    static const struct {
        const char *fact;
        const char *payout;
    } steps[] = {
        {PAID, "EARNED 24 by payments of D-1"},
        {"P-1 D-1 2 2026-03-31 300", "EARNED -6 by payments of D-1"}, /* amended */
        {"P-2 D-1 1 2026-03-31 -50", "CLAWBACK -3 by payments of D-1"},
        {"P-1 D-1 3 2026-03-31 0", "CLAWBACK -18 by payments of D-1"},
        {"D-1 2 CLOSED 2026-01-05 1000 person:jo/owner/100%", "EARNED -2 by deals of D-1"},
        {"D-1 3 CANCELLED 2026-01-05 1000 person:jo/owner/100%", "EARNED -2 by deals of D-1"},
        {"P-3 D-1 1 2026-03-31 70", "EARNED 7 by payments of D-1"}, /* of a cancelled deal */
    };
    (void)state;
    static struct bench bench;
    bench_init(&bench);
    bench_must_plan(&bench, "ae", 1, AMOUNT);
    bench_must_assign(&bench, "person:jo", 1, "ae 2026-01-01 -");
    bench_must_deal(&bench, DEAL);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        bench_give(&bench, steps[i].fact);
        assert_string_equal(last_paid(&bench), steps[i].payout);
    }
    bench_deinit(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(payouts_say_what_the_payment_did)};
    int failed = RUN_CASES(rows, is_worth);
    failed += cmocka_run_group_tests_name("engine.payments", tests, NULL, NULL);
    return failed != 0;
}
