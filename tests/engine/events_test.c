/* Milestone events through both folds: which rows they give, and what those earn. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/worth_rows.h"

#define HEAD                                                                                       \
    "milepost: 1\nplan: ae\nversion: 1\ntitle: T\ncurrency: USD\ntimezone: UTC\n"                  \
    "calendar: {year-starts: 01-01}\neffective: {from: 2026-01-01, until: 2027-01-01}\n"           \
    "rounding: {to: 0.01, mode: half-even}\nmid-window: last\ncomponents:\n  fee:\n    measure: {"
#define OF(more, effect, over, pays)                                                               \
    HEAD "of: milestones" more "}\n    cancelled: {effect: " effect "}\n    over: " over           \
         "\n    pays: " pays "\n"
#define PHASES(more) OF("", "recompute", "deal", "{phases: {of: contract-value, " more "}}")
#define TABLE        "table: [{phase: a, give: 30%}, {phase: b, give: 70%}]"
#define COUNT(more)  OF(", sum: count, count: credited" more, "recompute", "quarter", "{unit: 1}")
#define PROGRESS     OF("", "recompute", "deal", "{progress: {of: contract-value}}")
#define OVER_PLAN    OF("", "recompute", "plan", "{phases: {of: contract-value, " TABLE "}}")
#define DEAL         "D-1 1 CLOSED 2026-01-05 1000 person:jo/owner/100%"
#define TWO          "D-1 1 CLOSED 2026-01-05 1000 person:jo/owner/60% person:kim/owner/40%"

static const struct worth_case rows[] = {
    {"a phase earns its share of the deal",
     PHASES(TABLE),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x phase=a"},
     {{"fee", NULL, "300"}}},
    {"both phases earn all of it",
     PHASES(TABLE),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x phase=a", "M-2 D-1 1 REACHED 2026-03-01 x phase=b"},
     {{"fee", NULL, "1000"}}},
    {"each participant has its share",
     PHASES(TABLE),
     {TWO, "M-1 D-1 1 REACHED 2026-02-01 x phase=a"},
     {{"fee", NULL, "180"}}},
    {"two roles of one participant add up",
     PHASES(TABLE),
     {"D-1 1 CLOSED 2026-01-05 1000 person:jo/owner/60% person:jo/sdr/5%",
      "M-1 D-1 1 REACHED 2026-02-01 x phase=a"},
     {{"fee", NULL, "195"}}},
    {"a milestone's own participants stand instead of the deal's",
     PHASES(TABLE),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x phase=a person:kim/owner/90% person:jo/owner/10%"},
     {{"fee", NULL, "30"}}},
    {"a phase that no table knows earns nothing",
     PHASES(TABLE),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x phase=c"},
     {{"fee", NULL, "0"}}},
    {"a phase is paid once, for its first event",
     PHASES(TABLE),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x phase=a", "M-2 D-1 1 REACHED 2026-01-20 x phase=a"},
     {{"fee", NULL, "300"}}},
    {"a milestone before its deal",
     PHASES(TABLE),
     {"M-1 D-1 1 REACHED 2026-02-01 x phase=a", DEAL},
     {{"fee", NULL, "300"}}},
    {"a milestone without its deal waits for it",
     PHASES(TABLE),
     {"M-1 D-1 1 REACHED 2026-02-01 x phase=a person:jo/owner/100% contract=1000"},
     {{"fee", NULL, "0"}}},
    {"an open deal's milestones earn nothing yet",
     PHASES(TABLE),
     {"D-1 1 OPEN 2026-01-05 1000 person:jo/owner/100%", "M-1 D-1 1 REACHED 2026-02-01 x phase=a"},
     {{"fee", NULL, "0"}}},
    {"an amended deal is a change of scope",
     PHASES(TABLE),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x phase=a",
      "D-1 2 CLOSED 2026-01-05 1300 person:jo/owner/100%"},
     {{"fee", NULL, "390"}}},
    {"a milestone that states a value is one too",
     PHASES(TABLE),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x phase=a",
      "M-2 D-1 1 REACHED 2026-03-01 x phase=b contract=500"},
     {{"fee", NULL, "500"}}},
    {"the latest that states one decides",
     PHASES(TABLE),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x phase=a contract=2000",
      "M-2 D-1 1 REACHED 2026-01-10 x phase=b contract=500", "M-3 D-1 1 REACHED 2026-04-01 x"},
     {{"fee", NULL, "2000"}}},
    {"also where it is somebody else's",
     PHASES(TABLE),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x phase=a",
      "M-2 D-1 1 REACHED 2026-03-01 x contract=100 person:kim/owner/100%"},
     {{"fee", NULL, "30"}}},
    {"one in another currency states nothing",
     PHASES(TABLE),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x phase=a",
      "M-2 D-1 1 REACHED 2026-03-01 x contract=100 cur=EUR"},
     {{"fee", NULL, "300"}}},
    {"a revoked milestone takes back what it earned, and its value",
     PHASES(TABLE),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x phase=a",
      "M-2 D-1 1 REACHED 2026-03-01 x phase=b contract=500",
      "M-2 D-1 2 REVOKED 2026-03-01 x phase=b"},
     {{"fee", NULL, "300"}}},
    {"a rejected one earns nothing, whether approval is asked or not",
     PHASES(TABLE),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x phase=a", "M-1 D-1 2 REJECTED 2026-02-01 x phase=a"},
     {{"fee", NULL, "0"}}},
    {"a cancelled deal takes all of it back",
     PHASES(TABLE),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x phase=a",
      "D-1 2 CANCELLED 2026-01-05 1000 person:jo/owner/100%"},
     {{"fee", NULL, "0"}}},
    {"never: what was reached until the cancellation stays",
     OF("", "never", "deal", "{phases: {of: contract-value, " TABLE "}}"),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-04 x phase=a", "M-2 D-1 1 REACHED 2026-02-05 x phase=b",
      "D-1 2 CANCELLED 2026-01-05 1000 person:jo/owner/100%"},
     {{"fee", NULL, "300"}}},
    {"never holds in windows of time too",
     OF(", sum: count, count: credited", "never", "quarter", "{unit: 1}"),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-04 x phase=a", "M-2 D-1 1 REACHED 2026-02-05 x phase=b",
      "D-1 2 CANCELLED 2026-01-05 1000 person:jo/owner/100%"},
     {{"fee", NULL, "1"}}},
    {"a deal whose lines differ waits with its milestones",
     PHASES(TABLE),
     {"D-1 1 CLOSED 2026-01-05 1000 person:jo/owner/100% +1/core/999",
      "M-1 D-1 1 REACHED 2026-02-01 x phase=a"},
     {{"fee", NULL, "0"}}},
    {"the last day of a deadline is in time",
     PHASES("table: [{phase: a, give: 100%, by: 2 weeks after closed, late: 50%}]"),
     {DEAL, "M-1 D-1 1 REACHED 2026-01-19 x phase=a"},
     {{"fee", NULL, "1000"}}},
    {"the day behind it is late",
     PHASES("table: [{phase: a, give: 100%, by: 2 weeks after closed, late: 50%}]"),
     {DEAL, "M-1 D-1 1 REACHED 2026-01-20 x phase=a"},
     {{"fee", NULL, "500"}}},
    {"late may be nothing",
     PHASES("table: [{phase: a, give: 100%, by: 2 weeks after closed, late: nothing}]"),
     {DEAL, "M-1 D-1 1 REACHED 2026-01-20 x phase=a"},
     {{"fee", NULL, "0"}}},
    {"what is only reached earns nothing where approval is required",
     PHASES(TABLE ", requires: approval"),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x phase=a"},
     {{"fee", NULL, "0"}}},
    {"what is approved does",
     PHASES(TABLE ", requires: approval"),
     {DEAL, "M-1 D-1 1 APPROVED 2026-02-01 x phase=a approved=2026-03-01"},
     {{"fee", NULL, "300"}}},
    {"dated when reached: the assignment of that day",
     PHASES(TABLE ", requires: approval, dated: reached"),
     {DEAL, "M-1 D-1 1 APPROVED 2026-02-01 x phase=a approved=2026-03-01"},
     {{"fee", NULL, "0"}},
     "ae 2026-03-01 -"},
    {"dated when approved: the assignment of that day",
     PHASES(TABLE ", requires: approval, dated: approved"),
     {DEAL, "M-1 D-1 1 APPROVED 2026-02-01 x phase=a approved=2026-03-01"},
     {{"fee", NULL, "300"}},
     "ae 2026-03-01 -"},
    {"from milestones: the share that it states",
     PHASES("table: from milestones"),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x share=25%"},
     {{"fee", NULL, "250"}}},
    {"from milestones: or its amount",
     PHASES("table: from milestones"),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x amount=77.5 cur=USD"},
     {{"fee", NULL, "77.5"}}},
    {"from milestones: each event",
     PHASES("table: from milestones"),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x phase=a share=25%",
      "M-2 D-1 1 REACHED 2026-02-01 x phase=a share=25%"},
     {{"fee", NULL, "500"}}},
    {"fixed amounts",
     OF("", "recompute", "deal", "{phases: {of: fixed, table: [{phase: a, give: 80}]}}"),
     {TWO, "M-1 D-1 1 REACHED 2026-02-01 x phase=a"},
     {{"fee", NULL, "48"}}},
    {"parts of the target incentive",
     OF("", "recompute", "deal", "{phases: {of: target-incentive, " TABLE "}}"),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x phase=a"},
     {{"fee", NULL, "150"}},
     "ae 2026-01-01 - target=500"},
    {"progress: the latest percentage",
     PROGRESS,
     {DEAL, "M-2 D-1 1 REACHED 2026-03-01 x percent=62.5%",
      "M-1 D-1 1 REACHED 2026-02-01 x percent=40%"},
     {{"fee", NULL, "625"}}},
    {"progress: one that states none changes nothing",
     PROGRESS,
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x percent=40%", "M-2 D-1 1 REACHED 2026-03-01 x"},
     {{"fee", NULL, "400"}}},
    {"progress may fall",
     PROGRESS,
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x percent=40%",
      "M-2 D-1 1 REACHED 2026-03-01 x percent=30%"},
     {{"fee", NULL, "300"}}},
    {"over the plan, all deals",
     OVER_PLAN,
     {DEAL, "D-2 1 CLOSED 2026-01-05 500 person:jo/owner/100%",
      "M-1 D-1 1 REACHED 2026-02-01 x phase=a", "M-2 D-2 1 REACHED 2026-02-01 x phase=a",
      "M-3 D-2 1 REACHED 2026-02-02 x phase=a"},
     {{"fee", NULL, "450"}}},
    {"over the plan, a value that a milestone outside the assignment states",
     OVER_PLAN,
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x phase=a",
      "M-2 D-1 1 REACHED 2026-04-01 x phase=b contract=600"},
     {{"fee", NULL, "180"}},
     "ae 2026-01-01 2026-03-01"},
    {"over the plan, of no deal too: the value that it states",
     OVER_PLAN,
     {"M-1 - 1 REACHED 2026-02-01 x phase=a contract=200 cur=USD person:jo/owner/50%"},
     {{"fee", NULL, "30"}}},
    {"a milestone of no deal stands in no deal's window",
     PHASES(TABLE),
     {"M-1 - 1 REACHED 2026-02-01 x phase=a contract=200 cur=USD person:jo/owner/50%"},
     {{"fee", NULL, "0"}}},
    {"counted in windows of time",
     COUNT(""),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x", "M-2 D-1 1 REACHED 2026-03-31 x"},
     {{"fee", NULL, "2"}}},
    {"of no deal",
     COUNT(""),
     {"M-1 - 1 REACHED 2026-02-01 x person:jo/owner/50%"},
     {{"fee", NULL, "1"}}},
    {"of no deal, revoked",
     COUNT(""),
     {"M-1 - 1 REACHED 2026-02-01 x person:jo/owner/50%",
      "M-1 - 2 REVOKED 2026-02-01 x person:jo/owner/50%"},
     {{"fee", NULL, "0"}}},
    {"of no deal, with money of no currency",
     COUNT(""),
     {"M-1 - 1 REACHED 2026-02-01 x amount=5 person:jo/owner/50%"},
     {{"fee", NULL, "0"}}},
    {"their own amounts",
     OF(", sum: amount", "recompute", "quarter", "{rate: 10%}"),
     {TWO, "M-1 D-1 1 REACHED 2026-02-01 x amount=50 cur=USD",
      "M-2 D-1 1 REACHED 2026-03-01 x share=10%"},
     {{"fee", NULL, "3"}}},
    {"where: the milestone",
     COUNT(", where: {milestone: live}"),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 live", "M-2 D-1 1 REACHED 2026-02-01 dead"},
     {{"fee", NULL, "1"}}},
    {"where: the phase",
     COUNT(", where: {phase: [a, b]}"),
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x phase=b", "M-2 D-1 1 REACHED 2026-02-01 x"},
     {{"fee", NULL, "1"}}},
    {"rows that are kept in order are counted out as what they are",
     HEAD
     "of: deals, sum: amount}\n    cancelled: {effect: recompute}\n    over: quarter\n"
     "    pays: {milestones: {award: each, boundary: reached, table: [{reach: 1000, give: 50}, "
     "{reach: 2500, give: 7}]}}\n",
     {DEAL, "D-2 1 CLOSED 2026-01-05 1000 person:jo/owner/100%",
      "D-1 2 CLOSED 2026-01-05 1600 person:jo/owner/100%"},
     {{"fee", NULL, "57"}}},
    {"deals count no milestones, milestones no deals",
     HEAD "of: deals, sum: count, count: credited}\n    cancelled: {effect: recompute}\n"
          "    over: quarter\n    pays: {unit: 1}\n",
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 x"},
     {{"fee", NULL, "1"}}},
};

/* --- rows --- */

static const char *written(struct bench *bench, size_t back)
{
    static char text[400];
    struct credit credit;
    char contract[DECIMAL_TEXT_BYTES];
    assert_true(back < bench->credits.count);
    bench_read_credit(bench, bench->credits.count - 1 - back, &bench->facts, &credit);
    decimal_format(credit.contract_value, contract);
    snprintf(text, sizeof text, "%.*s %.*s %s%s%.*s%s%s", SLICE_ARGS(credit.target),
             SLICE_ARGS(credit.row), contract, credit.waits.bytes ? " waits " : "",
             SLICE_ARGS(credit.waits), credit.is_withdrawn ? " withdrawn" : "",
             credit.status == DEAL_CANCELLED ? " CANCELLED" : "");
    return text;
}

static void writes_only_the_row_that_a_new_value_changes(void **state)
{
    (void)state;
    static struct bench bench;
    bench_init(&bench);
    bench_must_deal(&bench, DEAL);
    bench_must_milestone(&bench, "M-1 D-1 1 REACHED 2026-02-01 x phase=a");
    assert_int_equal(bench.credits.count, 3); /* the deal's row says that x was reached */
    assert_string_equal(written(&bench, 0), "person:jo milestone\x1fM-1\x1fowner 1000");
    bench_must_milestone(&bench, "M-2 D-1 1 REACHED 2026-03-01 x phase=b contract=700");
    assert_int_equal(bench.credits.count, 4);
    assert_string_equal(written(&bench, 0), "person:jo milestone\x1fM-2\x1fowner 700");
    bench_must_milestone(&bench, "M-2 D-1 2 REVOKED 2026-03-01 x phase=b");
    assert_int_equal(bench.credits.count, 5);
    assert_string_equal(written(&bench, 0),
                        "person:jo milestone\x1fM-2\x1fowner 0 withdrawn CANCELLED");
    bench_must_milestone(&bench, "M-1 D-1 2 REJECTED 2026-02-01 x phase=a");
    assert_string_equal(written(&bench, 0), "person:jo milestone\x1fM-1\x1fowner 0 withdrawn");
    bench_deinit(&bench);
}

static void withdraws_the_rows_of_who_is_no_longer_on_the_milestone(void **state)
{
    (void)state;
    static struct bench bench;
    bench_init(&bench);
    bench_must_deal(&bench, DEAL);
    bench_must_milestone(&bench, "M-1 D-1 1 REACHED 2026-02-01 x person:al/owner/100%");
    bench_must_milestone(&bench, "M-1 D-1 2 REACHED 2026-02-01 x person:kim/owner/100%");
    assert_string_equal(written(&bench, 1), "person:kim milestone\x1fM-1\x1fowner 1000");
    assert_string_equal(written(&bench, 0), "person:al milestone\x1fM-1\x1fowner 0 withdrawn");
    bench_must_milestone(&bench, "M-1 D-1 3 REACHED 2026-02-01 x");
    assert_string_equal(written(&bench, 1), "person:jo milestone\x1fM-1\x1fowner 1000");
    bench_must_deal(&bench, "D-1 2 CLOSED 2026-01-05 1000 person:lee/owner/100%");
    assert_string_equal(written(&bench, 1), "person:lee milestone\x1fM-1\x1fowner 1000");
    assert_string_equal(written(&bench, 0), "person:jo milestone\x1fM-1\x1fowner 0 withdrawn");
    bench_deinit(&bench);
}

static void pays_by_the_fact_that_moved_it(void **state)
{
    (void)state;
    static struct bench bench;
    bench_init(&bench);
    bench_must_plan(&bench, "ae", 1, PHASES(TABLE));
    bench_must_assign(&bench, "person:jo", 1, "ae 2026-01-01 -");
    bench_must_deal(&bench, DEAL);
    bench_must_milestone(&bench, "M-1 D-1 1 REACHED 2026-02-01 x phase=a");
    assert_string_equal(last_paid(&bench), "EARNED 300 by milestones of D-1");
    bench_must_milestone(&bench, "M-2 D-1 1 REACHED 2026-03-01 x phase=b contract=700");
    assert_string_equal(last_paid(&bench), "EARNED 400 by milestones of D-1");
    assert_int_equal(bench.payouts.count, 2);
    bench_must_deal(&bench, "D-1 2 CLOSED 2026-01-05 900 person:jo/owner/100%");
    assert_int_equal(bench.payouts.count, 2); /* 700 stands */
    bench_must_milestone(&bench, "M-2 D-1 2 REVOKED 2026-03-01 x phase=b");
    assert_string_equal(last_paid(&bench), "CLAWBACK -430 by milestones of D-1");
    bench_must_deal(&bench, "D-1 3 CANCELLED 2026-01-05 900 person:jo/owner/100%");
    assert_string_equal(last_paid(&bench), "CLAWBACK -270 by deals of D-1");
    bench_deinit(&bench);
}

/* Of the plan's phase `a`, effective from a day on. */
static void publish(struct bench *bench, int version, const char *from, const char *give)
{
    struct buffer text = {0};
    buffer_printf(&text,
                  "milepost: 1\nplan: ae\nversion: %d\ntitle: T\ncurrency: USD\ntimezone: UTC\n"
                  "calendar: {year-starts: 01-01}\neffective: {from: %s, until: 2027-01-01}\n"
                  "rounding: {to: 0.01, mode: half-even}\ncomponents:\n  fee:\n"
                  "    measure: {of: milestones}\n    cancelled: {effect: recompute}\n"
                  "    over: deal\n    pays: {phases: {of: contract-value, partial: true, "
                  "table: [{phase: a, give: %s}, {phase: b, give: 1%%}]}}\n",
                  version, from, give);
    buffer_append_byte(&text, '\0');
    bench_must_plan(bench, "ae", version, text.bytes);
    buffer_deinit(&text);
}

static void a_deals_window_is_valued_by_the_version_of_the_deals_day(void **state)
{
    static const struct {
        const char *deal;
        const char *earned;
    } cases[] = {
        {"D-1 1 CLOSED 2025-12-31 1000 person:jo/owner/100%", "310"}, /* none then: the first */
        {"D-1 1 CLOSED 2026-02-28 1000 person:jo/owner/100%", "310"},
        {"D-1 1 CLOSED 2026-03-01 1000 person:jo/owner/100%", "510"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static struct bench bench;
        char text[DECIMAL_TEXT_BYTES];
        bench_init(&bench);
        bench_must_assign(&bench, "person:jo", 1, "ae 2026-01-01 -");
        publish(&bench, 1, "2026-01-01", "30%");
        bench_must_deal(&bench, cases[i].deal);
        bench_must_milestone(&bench, "M-1 D-1 1 REACHED 2026-02-10 x phase=a");
        publish(&bench, 2, "2026-03-01", "50%");
        bench_drain(&bench);
        bench_must_milestone(&bench, "M-2 D-1 1 REACHED 2026-04-10 x phase=b");
        decimal_format(bench_earned(&bench, "person:jo", "fee", "deal:D-1"), text);
        assert_string_equal(text, cases[i].earned);
        bench_deinit(&bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_only_the_row_that_a_new_value_changes),
        cmocka_unit_test(withdraws_the_rows_of_who_is_no_longer_on_the_milestone),
        cmocka_unit_test(pays_by_the_fact_that_moved_it),
        cmocka_unit_test(a_deals_window_is_valued_by_the_version_of_the_deals_day),
    };
    return RUN_CASES(rows, is_worth) +
           cmocka_run_group_tests_name("engine.events", tests, NULL, NULL);
}
