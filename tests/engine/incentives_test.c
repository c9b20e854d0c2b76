#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/incentives_scene.h"

/* --- one deal to one payout --- */

static void one_deal_makes_one_payout(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 8000 person:jo/owner/100%");
    assert_int_equal(bench->payouts.count, 1);
    struct payout payout = bench_last_payout(bench);
    assert_string_equal(paid(bench, 0), "EARNED 800 of 800 #1");
    assert_true(slice_equal(payout.payee, SLICE("person:jo")));
    assert_true(slice_equal(payout.plan, SLICE("ae")));
    assert_true(slice_equal(payout.component, SLICE("all")));
    assert_true(slice_equal(payout.window, SLICE("2026-Q1")));
    assert_true(slice_equal(payout.currency, SLICE("USD")));
    assert_true(slice_equal(payout.cause.deal_id, SLICE("D-1")));
    assert_true(slice_equal(payout.cause.topic, SLICE("deals")));
    assert_true(payout.has_payable_delta);
    assert_true(payout.payable_delta.units == payout.earned_delta.units);
    assert_int_equal(payout.payout_id.length, 32);
    assert_int_equal(payout.plan_version, 1);
}

static void a_split_deal_pays_each_their_share(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_assign(bench, "person:kim", 1, "ae 2026-01-01 -");
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000.01 person:jo/owner/70% "
                           "person:kim/owner/30% person:kim/sdr/5%");
    assert_string_equal(earned(bench, "person:jo", "all", "2026-Q1"), "70");
    assert_string_equal(earned(bench, "person:kim", "all", "2026-Q1"), "30");
}

static void rounding_is_on_the_cumulative_amount_of_the_window(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 0.04 person:jo/owner/100%");
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 0.04 person:jo/owner/100%");
    bench_must_deal(bench, "D-3 1 CLOSED 2026-02-03 0.04 person:jo/owner/100%");
    assert_string_equal(earned(bench, "person:jo", "all", "2026-Q1"), "0.01");
    assert_int_equal(bench->payouts.count, 1);
}

static void no_payout_at_zero_difference(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 100 person:jo/owner/100%");
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 0 person:jo/owner/100%");
    bench_must_deal(bench, "D-3 1 CLOSED 2026-02-03 70 person:jo/sdr/100%");
    assert_int_equal(bench->payouts.count, 1);
}

static void the_kind_comes_from_the_cause_never_from_the_sign(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    assert_string_equal(paid(bench, 0), "EARNED 100 of 100 #1");
    bench_must_deal(bench, "D-1 2 CLOSED 2026-02-03 400 person:jo/owner/100%");
    assert_string_equal(paid(bench, 0), "EARNED -60 of 40 #2");
    bench_must_deal(bench, "D-1 3 CANCELLED 2026-02-03 400 person:jo/owner/100%");
    assert_string_equal(paid(bench, 0), "CLAWBACK -40 of 0 #3");
    bench_must_deal(bench, "D-1 4 CLOSED 2026-02-03 400 person:jo/owner/100%");
    assert_string_equal(paid(bench, 0), "EARNED 40 of 40 #4");
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 -100 person:jo/owner/100%");
    assert_string_equal(paid(bench, 0), "EARNED -10 of 30 #5");
    bench_must_deal(bench, "D-1 5 CLOSED 2026-02-03 400 person:kim/owner/100%");
    assert_string_equal(paid(bench, 0), "EARNED -40 of -10 #6");
}

static void a_deal_that_moves_to_another_window_is_taken_from_the_first(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-03-31 1000 person:jo/owner/100%");
    bench_must_deal(bench, "D-1 2 CLOSED 2026-04-01 1000 person:jo/owner/100%");
    assert_string_equal(earned(bench, "person:jo", "all", "2026-Q1"), "0");
    assert_string_equal(earned(bench, "person:jo", "all", "2026-Q2"), "100");
}

static void pay_terms_of_the_profile_stand_on_the_payout(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    struct roster profile = {.participant = SLICE("person:jo"),
                             .aspect = SLICE("profile"),
                             .version = 1,
                             .pay_group = SLICE("us-monthly"),
                             .pay_code = SLICE("1200"),
                             .pay_to = SLICE("partner:p")};
    assert_int_equal(bench_try_roster(bench, &profile), STATUS_OK);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 100 person:jo/owner/100%");
    struct payout payout = bench_last_payout(bench);
    assert_true(slice_equal(payout.payee, SLICE("partner:p")));
    assert_true(slice_equal(payout.pay_group, SLICE("us-monthly")));
    assert_true(slice_equal(payout.pay_code, SLICE("1200")));
    profile.version = 2;
    profile.is_unpaid = true;
    assert_int_equal(bench_try_roster(bench, &profile), STATUS_OK);
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 100 person:jo/owner/100%");
    payout = bench_last_payout(bench);
    assert_null(payout.payee.bytes);
    assert_false(payout.has_payable_delta);
}

/* --- what waits --- */

static void a_row_waits_for_assignment_and_plan_and_is_paid_when_they_come(void **state)
{
    struct bench *bench = *state;
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    assert_int_equal(waiting(bench), 1);
    bench_must_assign(bench, "person:jo", 1, "ae 2026-01-01 -");
    assert_int_equal(waiting(bench), 1);
    assert_int_equal(bench->payouts.count, 0);
    bench_must_plan(bench, "ae", 1, rate_plan);
    bench_drain(bench);
    assert_int_equal(waiting(bench), 0);
    assert_string_equal(paid(bench, 0), "ADJUSTMENT 100 of 100 #1");
    assert_true(slice_equal(bench_last_payout(bench).reason, SLICE("apply-1")));
}

static void a_row_counts_on_the_first_day_of_an_assignment_and_not_on_the_day_it_ends(void **state)
{
    struct bench *bench = *state;
    bench_must_plan(bench, "ae", 1, rate_plan);
    bench_must_assign(bench, "person:jo", 1, "ae 2026-02-03 2026-02-05");
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-02 1 person:jo/owner/100%");
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 10 person:jo/owner/100%");
    bench_must_deal(bench, "D-3 1 CLOSED 2026-02-04 100 person:jo/owner/100%");
    bench_must_deal(bench, "D-4 1 CLOSED 2026-02-05 1000 person:jo/owner/100%");
    assert_string_equal(earned(bench, "person:jo", "all", "2026-Q1"), "11");
    assert_int_equal(waiting(bench), 2);
}

static void a_row_in_another_currency_waits_and_its_key_says_so(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100% cur=EUR");
    assert_int_equal(bench->payouts.count, 0);
    assert_int_equal(waiting(bench), 1);
    struct emitted_row row = emitted(bench, "all", "2026-Q1");
    assert_int_equal(row.pending.count, 1);
    assert_true(slice_equal(((struct slice *)row.pending.items)[0], SLICE("currency-differs")));
    bench_must_deal(bench, "D-1 2 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    assert_int_equal(waiting(bench), 0);
    bench_read_all(bench);
    assert_int_equal(waiting(bench), 0);
    assert_int_equal(emitted(bench, "all", "2026-Q1").pending.count, 0);
    assert_string_equal(paid(bench, 0), "EARNED 100 of 100 #1");
}

static void a_goal_that_is_missing_or_zero_is_waited_for(void **state)
{
    struct bench *bench = *state;
    bench_must_plan(bench, "ae", 1, goal_plan);
    bench_must_assign(bench, "person:jo", 1, "ae 2026-01-01 -");
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    struct emitted_row row = emitted(bench, "all", "2026-Q1");
    assert_int_equal(row.pending.count, 2);
    assert_true(slice_equal(((struct slice *)row.pending.items)[0], SLICE("no-goal")));
    assert_true(slice_equal(((struct slice *)row.pending.items)[1], SLICE("no-target")));
    bench_must_assign(bench, "person:jo", 2, "ae 2026-01-01 - goal=0 target=500");
    row = emitted(bench, "all", "2026-Q1");
    assert_int_equal(row.pending.count, 1);
    assert_true(slice_equal(((struct slice *)row.pending.items)[0], SLICE("zero-goal")));
    assert_int_equal(bench->payouts.count, 0);
    bench_must_assign(bench, "person:jo", 3, "ae 2026-01-01 - goal=1000 target=500");
    assert_string_equal(paid(bench, 0), "ADJUSTMENT 500 of 500 #1");
    row = emitted(bench, "all", "2026-Q1");
    assert_true(row.has_attainment && row.attainment.units == 1000000000000);
}

/* --- roster and plans --- */

static void a_roster_change_pays_the_difference_as_an_adjustment(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_must_assign(bench, "person:jo", 2, "ae 2026-03-01 -");
    assert_string_equal(paid(bench, 0), "ADJUSTMENT -100 of 0 #2");
    assert_true(slice_equal(bench_last_payout(bench).cause.topic, SLICE("roster")));
    bench_must_assign(bench, "person:jo", 1, "ae 2026-01-01 -");
    assert_string_equal(earned(bench, "person:jo", "all", "2026-Q1"), "0");
}

static void a_higher_version_supersedes_for_windows_that_begin_in_it(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_must_plan(bench, "ae", 2, rate_plan_2);
    assert_int_equal(bench->payouts.count, 1);
    bench_drain(bench);
    assert_string_equal(paid(bench, 0), "ADJUSTMENT 100 of 200 #2");
    assert_int_equal(bench_last_payout(bench).plan_version, 2);
}

static void a_fresh_row_first_reconciles_its_book_with_a_queued_change(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_must_plan(bench, "ae", 2, rate_plan_2);
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 500 person:jo/owner/100%");
    assert_string_equal(paid(bench, 1), "ADJUSTMENT 100 of 200 #2");
    assert_string_equal(paid(bench, 0), "EARNED 100 of 300 #3");
    bench_drain(bench);
    assert_int_equal(bench->payouts.count, 3);
}

static void a_drain_goes_on_after_a_restart_where_it_was(void **state)
{
    struct bench *bench = *state;
    char person[32];
    bench_must_plan(bench, "ae", 1, rate_plan);
    for (int i = 0; i < 6; i++) {
        char words[100];
        snprintf(person, sizeof person, "person:%d", i);
        snprintf(words, sizeof words, "D-%d 1 CLOSED 2026-02-03 1000 %s/owner/100%%", i, person);
        bench_must_assign(bench, person, 1, "ae 2026-01-01 -");
        bench_must_deal(bench, words);
    }
    bench_drain(bench);
    bench_must_plan(bench, "ae", 2, rate_plan_2);
    struct outbox outbox = bench_outbox(bench);
    bool more;
    bench_begin(bench);
    struct fold *fold = bench->folds[BENCH_INCENTIVES];
    assert_int_equal(fold->drain(fold->self, 3, &outbox, &more, bench->detail), STATUS_OK);
    bench_keep(bench);
    assert_true(more);
    assert_int_equal(bench->payouts.count, 9);
    bench_restart(bench);
    bench_drain(bench);
    assert_int_equal(bench->payouts.count, 12);
    assert_string_equal(earned(bench, "person:5", "all", "2026-Q1"), "200");
    assert_int_equal(held(bench), 0);
}

static void a_window_that_begins_when_no_version_is_effective_waits(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench); /* effective until 2028-01-01 */
    bench_must_deal(bench, "D-1 1 CLOSED 2027-12-31 1000 person:jo/owner/100%");
    bench_must_deal(bench, "D-2 1 CLOSED 2028-01-01 1000 person:jo/owner/100%");
    assert_string_equal(earned(bench, "person:jo", NULL, NULL), "100");
    assert_int_equal(waiting(bench), 1);
}

static void a_key_of_a_plan_left_behind_does_not_follow_the_plan(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_must_assign(bench, "person:jo", 2, "other 2026-01-01 -");
    bench_must_plan(bench, "ae", 2, rate_plan_2);
    bench_drain(bench);
    bench_publish(bench);
    size_t views = bench->attainments.count;
    bench_restart(bench);
    bench_read_all(bench);
    bench_publish(bench);
    assert_int_equal(bench->attainments.count, views);
    assert_int_equal(bench->payouts.count, 2);
    assert_int_equal(emitted(bench, "all", "2026-Q1").plan_version, 1);
}

static void an_unknown_number_of_semantics_stops_the_task(void **state)
{
    struct bench *bench = *state;
    struct control control = {.kind = SLICE("plan"),
                              .id = SLICE("ae"),
                              .version = 1,
                              .semantics = SEMANTICS_LATEST + 1,
                              .document = {rate_plan, sizeof rate_plan - 1}};
    struct input input = {.kind = INPUT_CONTROL, .fact = &control};
    assert_int_equal(bench_apply(bench, BENCH_INCENTIVES, &input), STATUS_CORRUPT);
}

/* --- versions of rows --- */

static void give_credit(struct bench *bench, int64_t turn, int64_t amount, enum status expected)
{
    struct credit credit = {.target = SLICE("person:jo"),
                            .book = SLICE("deal:D-1"),
                            .row = SLICE("owner"),
                            .generation = 1,
                            .turn = turn,
                            .role = SLICE("owner"),
                            .share = decimal_of(1),
                            .status = DEAL_CLOSED,
                            .closed_at = 1770000000000,
                            .currency = SLICE("USD"),
                            .amount = decimal_of(amount),
                            .cause = {.topic = SLICE("deals")}};
    struct input input = {.kind = INPUT_CREDIT, .fact = &credit};
    assert_int_equal(bench_apply(bench, BENCH_INCENTIVES, &input), expected);
}

static void a_lower_version_is_ignored_and_an_equal_one_is_a_duplicate(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    give_credit(bench, 5, 1000, STATUS_OK);
    give_credit(bench, 4, 7000, STATUS_OK);
    give_credit(bench, 5, 1000, STATUS_OK);
    assert_int_equal(bench->payouts.count, 1);
    assert_int_equal(bench_planless(bench, BENCH_INCENTIVES, OUTCOME_DUPLICATE), 2);
    assert_int_equal(held(bench), 0);
}

static void rows_of_one_version_that_differ_hold_their_key_until_a_newer_one(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    give_credit(bench, 5, 1000, STATUS_OK);
    give_credit(bench, 5, 1001, STATUS_OK);
    assert_int_equal(held(bench), 1);
    assert_true(slice_equal(emitted(bench, "all", "2026-Q1").held, SLICE("row-differs")));
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 500 person:jo/owner/100%");
    assert_int_equal(bench->payouts.count, 1);
    give_credit(bench, 6, 2000, STATUS_OK);
    assert_int_equal(held(bench), 0);
    assert_string_equal(paid(bench, 0), "EARNED 150 of 250 #2");
}

/* --- holds --- */

static void an_overflow_keeps_what_was_emitted_and_holds_the_key(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    for (int i = 2; i < 14; i++) {
        char words[120];
        snprintf(words, sizeof words,
                 "D-%d 1 CLOSED 2026-02-03 90000000000000000 person:jo/owner/100%%", i);
        bench_must_deal(bench, words);
    }
    assert_int_equal(held(bench), 1);
    struct emitted_row row = emitted(bench, "all", "2026-Q1");
    assert_true(slice_equal(row.held, SLICE("overflow")));
    assert_int_equal(row.hold_id.length, 16);
    assert_true(row.earned.units == bench_earned(bench, "person:jo", "all", "2026-Q1").units);
    for (int i = 2; i < 14; i++) {
        char words[120];
        snprintf(words, sizeof words,
                 "D-%d 2 CANCELLED 2026-02-03 90000000000000000 person:jo/owner/100%%", i);
        bench_must_deal(bench, words);
    }
    assert_int_equal(held(bench), 0);
    assert_string_equal(earned(bench, "person:jo", "all", "2026-Q1"), "100");
}

static void what_differs_at_first_touch_is_held_until_accepted(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    tear_emitted(bench, 90);
    bench_restart(bench);
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 500 person:jo/owner/100%");
    assert_int_equal(bench->payouts.count, 1);
    assert_int_equal(held(bench), 1);
    struct emitted_row row = emitted(bench, "all", "2026-Q1");
    assert_true(slice_equal(row.held, SLICE("differs")));
    struct setting settings[] = {{SLICE("hold"), row.hold_id}, {SLICE("bound"), SLICE("59.99")}};
    bench_must_control(bench, "acceptance", "a", 1, "", settings, 2);
    assert_int_equal(held(bench), 1);
    settings[1].value = SLICE("60");
    bench_must_control(bench, "acceptance", "a", 2, "", settings, 2);
    assert_int_equal(held(bench), 0);
    assert_string_equal(paid(bench, 0), "ADJUSTMENT 60 of 150 #2");
}

static void what_differs_is_held_until_it_agrees_again(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    tear_emitted(bench, 150);
    bench_read_all(bench);
    assert_int_equal(held(bench), 1);
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 500 person:jo/owner/100%");
    assert_int_equal(held(bench), 0);
    assert_int_equal(bench->payouts.count, 1);
    bench_must_deal(bench, "D-3 1 CLOSED 2026-02-03 500 person:jo/owner/100%");
    assert_string_equal(paid(bench, 0), "EARNED 50 of 200 #2");
}

static void a_restart_emits_nothing_and_holds_nothing(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_publish(bench);
    size_t views = bench->attainments.count;
    bench_restart(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_must_deal(bench, "D-2 1 CLOSED 2026-05-03 1000 person:jo/owner/100%");
    bench_publish(bench);
    assert_int_equal(bench->payouts.count, 2);
    assert_int_equal(bench->attainments.count, views + 1);
    assert_int_equal(held(bench), 0);
}

/* --- windows that are deals and lines --- */

static void deals_and_lines_stand_alone(void **state)
{
    struct bench *bench = *state;
    bench_must_plan(bench, "ae", 1, deal_plan);
    bench_must_assign(bench, "person:jo", 1, "ae 2026-01-01 -");
    bench_drain(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/40% person:jo/sdr/20% "
                           "+1/core/600 +2/plus/300 +3/core/100");
    /* 100 each, 60 % of it, capped; 1 % of (40 % + 20 %) of 600 and of 100; two rows. */
    assert_string_equal(earned(bench, "person:jo", "each", "deal:D-1"), "50");
    assert_string_equal(earned(bench, "person:jo", "lines", "line:D-1/1"), "3.6");
    assert_string_equal(earned(bench, "person:jo", "lines", "line:D-1/3"), "0.6");
    assert_string_equal(earned(bench, "person:jo", "count", "2026"), "14");
    bench_must_deal(bench, "D-1 2 CLOSED 2026-02-03 400 person:jo/owner/40% "
                           "+1/plus/200 +3/core/200");
    assert_string_equal(earned(bench, "person:jo", "each", "deal:D-1"), "16");
    assert_string_equal(earned(bench, "person:jo", "lines", "line:D-1/1"), "0");
    assert_string_equal(earned(bench, "person:jo", "lines", "line:D-1/3"), "0.8");
    assert_string_equal(earned(bench, "person:jo", "count", "2026"), "7");
    bench_must_assign(bench, "person:jo", 2, "ae 2026-03-01 -");
    assert_string_equal(earned(bench, "person:jo", "each", "deal:D-1"), "0");
    assert_string_equal(earned(bench, "person:jo", "lines", "line:D-1/3"), "0");
    assert_string_equal(earned(bench, "person:jo", "count", "2026"), "0");
    bench_must_assign(bench, "person:jo", 3, "ae 2026-01-01 -");
    bench_must_deal(bench, "D-1 3 CANCELLED 2026-02-03 400 person:jo/owner/40% "
                           "+1/plus/200 +3/core/200");
    assert_string_equal(earned(bench, "person:jo", NULL, NULL), "0");
    assert_int_equal(held(bench), 0);
}

/* --- views --- */

static void attainment_is_published_oldest_first_and_once(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_assign(bench, "person:al", 1, "ae 2026-01-01 -");
    bench_must_deal(bench, "D-1 1 CLOSED 2026-05-03 1000 person:jo/owner/100%");
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_must_deal(bench, "D-3 1 CLOSED 2026-02-03 1000 person:al/owner/100%");
    bench_must_deal(bench, "D-4 1 CLOSED 2026-05-03 1000 person:jo/owner/100%");
    bench_publish(bench);
    assert_int_equal(bench->attainments.count, 3);
    struct attainment view;
    bench_read(&bench->attainments, 0, &attainment_shape, &bench->facts, &view);
    assert_true(slice_equal(view.participant, SLICE("person:jo")));
    assert_true(slice_equal(view.window, SLICE("2026-Q2")));
    assert_true(view.earned.units == decimal_of(200).units);
    assert_int_equal(view.sequence, 2);
    assert_true(view.has_window_from);
    assert_true(slice_equal(view.generation, SLICE("G")));
    bench_read(&bench->attainments, 2, &attainment_shape, &bench->facts, &view);
    assert_true(slice_equal(view.participant, SLICE("person:al")));
    bench_publish(bench);
    assert_int_equal(bench->attainments.count, 3);
}

static void what_is_pending_outlives_a_restart_in_its_order(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-08-03 1000 person:jo/owner/100%");
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_restart(bench);
    bench_must_deal(bench, "D-3 1 CLOSED 2026-05-03 1000 person:jo/owner/100%");
    bench_publish(bench);
    static const char *const windows[] = {"2026-Q3", "2026-Q1", "2026-Q2"};
    assert_int_equal(bench->attainments.count, 3);
    for (size_t i = 0; i < 3; i++) {
        struct attainment view;
        bench_read(&bench->attainments, i, &attainment_shape, &bench->facts, &view);
        assert_true(slice_equal(view.window, slice_of(windows[i])));
    }
}

/* --- facts --- */

static void results_are_kept_by_revision_and_by_their_key(void **state)
{
    struct bench *bench = *state;
    struct result result = {.event_id = SLICE("e"),
                            .what = RESULT_RESULT,
                            .participant = SLICE("person:jo"),
                            .revision = 1,
                            .result = SLICE("csat"),
                            .window = SLICE("2026-Q1"),
                            .has_value = true,
                            .value = decimal_of(92)};
    struct input input = {.kind = INPUT_RESULT, .fact = &result, .key = SLICE("person:jo")};
    bench_must_apply(bench, BENCH_INCENTIVES, &input);
    bench_must_apply(bench, BENCH_INCENTIVES, &input);
    result.value = decimal_of(93);
    assert_int_equal(bench_apply(bench, BENCH_INCENTIVES, &input), STATUS_INVALID);
    result.revision = 2;
    bench_must_apply(bench, BENCH_INCENTIVES, &input);
    assert_int_equal(store_rows(bench->stores[1]), 1);
    input.key = SLICE("jo");
    assert_int_equal(bench_apply(bench, BENCH_INCENTIVES, &input), STATUS_INVALID);
    assert_memory_equal(bench->detail, "wrong-key: ", 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_deal_makes_one_payout),
        TEST(a_split_deal_pays_each_their_share),
        TEST(rounding_is_on_the_cumulative_amount_of_the_window),
        TEST(no_payout_at_zero_difference),
        TEST(the_kind_comes_from_the_cause_never_from_the_sign),
        TEST(a_deal_that_moves_to_another_window_is_taken_from_the_first),
        TEST(pay_terms_of_the_profile_stand_on_the_payout),
        TEST(a_row_waits_for_assignment_and_plan_and_is_paid_when_they_come),
        TEST(a_row_counts_on_the_first_day_of_an_assignment_and_not_on_the_day_it_ends),
        TEST(a_row_in_another_currency_waits_and_its_key_says_so),
        TEST(a_goal_that_is_missing_or_zero_is_waited_for),
        TEST(a_roster_change_pays_the_difference_as_an_adjustment),
        TEST(a_higher_version_supersedes_for_windows_that_begin_in_it),
        TEST(a_fresh_row_first_reconciles_its_book_with_a_queued_change),
        TEST(a_drain_goes_on_after_a_restart_where_it_was),
        TEST(a_window_that_begins_when_no_version_is_effective_waits),
        TEST(a_key_of_a_plan_left_behind_does_not_follow_the_plan),
        TEST(an_unknown_number_of_semantics_stops_the_task),
        TEST(a_lower_version_is_ignored_and_an_equal_one_is_a_duplicate),
        TEST(rows_of_one_version_that_differ_hold_their_key_until_a_newer_one),
        TEST(an_overflow_keeps_what_was_emitted_and_holds_the_key),
        TEST(what_differs_at_first_touch_is_held_until_accepted),
        TEST(what_differs_is_held_until_it_agrees_again),
        TEST(a_restart_emits_nothing_and_holds_nothing),
        TEST(deals_and_lines_stand_alone),
        TEST(attainment_is_published_oldest_first_and_once),
        TEST(what_is_pending_outlives_a_restart_in_its_order),
        TEST(results_are_kept_by_revision_and_by_their_key),
    };
    return cmocka_run_group_tests_name("engine.incentives", tests, NULL, NULL);
}
