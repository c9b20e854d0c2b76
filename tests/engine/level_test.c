#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/incentives_scene.h"

#define LEVEL(over)                                                                                \
    HEAD("ae", "1")                                                                                \
    "  retainer:\n    over: " over "\n    pays: {level: {give: 2000, each: month}}\n"

static void reach(struct bench *bench, const char *text)
{
    bench_must_date(bench, text);
    bench_drain(bench);
}

static void each_whole_month_of_an_assignment_that_the_date_has_passed_pays(void **state)
{
    static const struct {
        const char *label;
        const char *plan;
        const char *assigned;
        const char *date;
        const char *window;
        const char *earned;
    } rows[] = {
        {"the month's last day has not passed it", LEVEL("month"), "ae 2026-01-01 -", "2026-01-31",
         "2026-01", "0"},
        {"the next one's first day has", LEVEL("month"), "ae 2026-01-01 -", "2026-02-01", "2026-01",
         "2000"},
        {"all months of a window", LEVEL("quarter"), "ae 2026-01-01 -", "2026-07-15", "2026-Q1",
         "6000"},
        {"so far", LEVEL("quarter"), "ae 2026-01-01 -", "2026-06-30", "2026-Q2", "4000"},
        {"none of a later window", LEVEL("quarter"), "ae 2026-01-01 -", "2026-07-31", "2026-Q3",
         "0"},
        {"an assignment from the second day on lacks the month", LEVEL("year"), "ae 2026-01-02 -",
         "2026-04-01", "2026", "4000"},
        {"one until the last day lacks it", LEVEL("year"), "ae 2026-01-01 2026-03-31", "2026-09-01",
         "2026", "4000"},
        {"one until the next month does not", LEVEL("year"), "ae 2026-01-01 2026-04-01",
         "2026-09-01", "2026", "6000"},
        {"of two that meet within a month neither has it", LEVEL("year"),
         "ae 2026-01-01 2026-02-10; ae 2026-02-10 -", "2026-04-01", "2026", "4000"},
        {"two that follow each other have all", LEVEL("year"),
         "ae 2026-01-01 2026-02-01; ae 2026-02-01 -", "2026-04-01", "2026", "6000"},
        {"the whole plan", LEVEL("plan"), "ae 2025-06-01 -", "2027-02-01", "plan", "26000"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bench bench;
        bench_init(&bench);
        bench_must_plan(&bench, "ae", 1, rows[i].plan);
        bench_must_assign(&bench, "person:jo", 1, rows[i].assigned);
        bench_drain(&bench);
        reach(&bench, rows[i].date);
        const char *got = earned(&bench, "person:jo", "retainer", rows[i].window);
        if (strcmp(got, rows[i].earned) != 0)
            fail_msg("%s: %s", rows[i].label, got);
        bench_read_all(&bench);
        assert_int_equal(held(&bench), 0);
        bench_deinit(&bench);
    }
}

/* --- whatever comes when --- */

static void plan_assignment_and_date_may_come_in_any_order(void **state)
{
    (void)state;
    for (int order = 0; order < 6; order++) {
        static const char *const orders[] = {"pad", "pda", "apd", "adp", "dpa", "dap"};
        struct bench bench;
        bench_init(&bench);
        for (const char *step = orders[order]; *step; step++) {
            if (*step == 'p')
                bench_must_plan(&bench, "ae", 1, LEVEL("quarter"));
            else if (*step == 'a')
                bench_must_assign(&bench, "person:jo", 1, "ae 2026-01-01 -");
            else
                reach(&bench, "2026-03-01");
            bench_drain(&bench);
        }
        assert_string_equal(earned(&bench, "person:jo", "retainer", "2026-Q1"), "4000");
        bench_read_all(&bench);
        assert_int_equal(held(&bench), 0);
        bench_deinit(&bench);
    }
}

static void a_date_pays_as_a_fact_and_a_roster_change_adjusts(void **state)
{
    struct bench *bench = *state;
    bench_must_plan(bench, "ae", 1, LEVEL("quarter"));
    bench_must_assign(bench, "person:jo", 1, "ae 2026-01-01 -");
    bench_drain(bench);
    reach(bench, "2026-02-01");
    assert_string_equal(paid(bench, 0), "EARNED 2000 of 2000 #1");
    struct payout payout = bench_last_payout(bench);
    assert_true(slice_equal(payout.cause.topic, SLICE("control")));
    reach(bench, "2026-03-15");
    assert_string_equal(paid(bench, 0), "EARNED 2000 of 4000 #2");
    bench_must_assign(bench, "person:jo", 2, "ae 2026-02-01 -");
    assert_string_equal(paid(bench, 0), "ADJUSTMENT -2000 of 2000 #3");
    bench_must_assign(bench, "person:jo", 3, "ae 2026-03-05 -");
    assert_string_equal(paid(bench, 0), "ADJUSTMENT -2000 of 0 #4");
}

static void a_row_for_a_book_that_the_date_has_yet_to_come_to_settles_it_first(void **state)
{
    struct bench *bench = *state;
    bench_must_plan(bench, "ae", 1, LEVEL("quarter") RATE("10%"));
    bench_must_assign(bench, "person:jo", 1, "ae 2026-01-01 -");
    bench_drain(bench);
    bench_must_date(bench, "2026-02-01");
    assert_int_equal(bench->payouts.count, 0);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-01-20 100 person:jo/owner/100%");
    assert_string_equal(paid(bench, 1), "EARNED 2000 of 2000 #1");
    assert_string_equal(paid(bench, 0), "EARNED 10 of 10 #1");
    bench_drain(bench);
    assert_int_equal(bench->payouts.count, 2);
}

static void no_deal_counts_in_a_component_without_a_measure(void **state)
{
    struct bench *bench = *state;
    bench_must_plan(bench, "ae", 1, LEVEL("quarter"));
    bench_must_assign(bench, "person:jo", 1, "ae 2026-01-01 -");
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 100 person:jo/owner/100%");
    assert_int_equal(bench->payouts.count, 0);
    reach(bench, "2026-02-01");
    struct emitted_row row = emitted(bench, "retainer", "2026-Q1");
    assert_true(row.measure.units == 0);
    assert_true(row.earned.units == decimal_of(2000).units);
}

static void a_restart_finds_the_months_paid(void **state)
{
    struct bench *bench = *state;
    bench_must_plan(bench, "ae", 1, LEVEL("month"));
    bench_must_assign(bench, "person:jo", 1, "ae 2026-01-01 -");
    reach(bench, "2026-04-01");
    assert_int_equal(bench->payouts.count, 3);
    bench_restart(bench);
    bench_read_all(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 100 person:jo/owner/100%");
    assert_int_equal(bench->payouts.count, 3);
    assert_int_equal(held(bench), 0);
    reach(bench, "2026-05-01");
    assert_int_equal(bench->payouts.count, 4);
}

static void a_floor_lifts_nothing_where_no_month_has_passed(void **state)
{
    static const char plan[] =
        HEAD("ae", "1") "  retainer:\n    over: month\n    pays: {level: {give: 2, each: month}}\n"
                        "    adjust: [{floor: {at: 5, per: window}}]\n";
    struct bench *bench = *state;
    bench_must_plan(bench, "ae", 1, plan);
    bench_must_assign(bench, "person:jo", 1, "ae 2026-01-01 -");
    reach(bench, "2026-02-15");
    assert_string_equal(earned(bench, "person:jo", "retainer", "2026-01"), "5");
    assert_string_equal(earned(bench, "person:jo", "retainer", "2026-02"), "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_whole_month_of_an_assignment_that_the_date_has_passed_pays),
        cmocka_unit_test(plan_assignment_and_date_may_come_in_any_order),
        TEST(a_date_pays_as_a_fact_and_a_roster_change_adjusts),
        TEST(a_row_for_a_book_that_the_date_has_yet_to_come_to_settles_it_first),
        TEST(no_deal_counts_in_a_component_without_a_measure),
        TEST(a_restart_finds_the_months_paid),
        TEST(a_floor_lifts_nothing_where_no_month_has_passed),
    };
    return cmocka_run_group_tests_name("engine.level", tests, NULL, NULL);
}
