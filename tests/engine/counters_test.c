/* What folds count for metrics: gauges that are what the rows say, whatever was undone or restored,
 * and what became of each row. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/incentives_scene.h"

static const char rules[] = "splits: {owner: exactly 100%}\n";

static struct fold_counters crediting(struct bench *bench)
{
    return bench_counters(bench, BENCH_CREDITING);
}

static struct fold_counters incentives(struct bench *bench)
{
    return bench_counters(bench, BENCH_INCENTIVES);
}

static void pay_deal(struct bench *bench, const char *deal_id)
{
    struct payment payment = {.event_id = SLICE("e"),
                              .payment_id = SLICE("P-1"),
                              .deal_id = slice_of(deal_id),
                              .revision = 1,
                              .received_at = 1770000000000,
                              .amount = decimal_of(10),
                              .currency = SLICE("USD")};
    struct input input = {.kind = INPUT_PAYMENT, .fact = &payment, .key = payment.deal_id};
    bench_must_apply(bench, BENCH_CREDITING, &input);
}

/* --- deal books --- */

static void a_book_is_counted_once_whichever_of_its_facts_came_first(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(crediting(bench).books, 0);
    pay_deal(bench, "D-1");
    assert_int_equal(crediting(bench).books, 1);
    pay_deal(bench, "D-2");
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    assert_int_equal(crediting(bench).books, 2);
    bench_must_deal(bench, "D-3 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    pay_deal(bench, "D-3");
    bench_must_deal(bench, "D-3 2 CLOSED 2026-02-03 2000 person:jo/owner/100%");
    assert_int_equal(crediting(bench).books, 3);
    bench_restart(bench);
    assert_int_equal(crediting(bench).books, 3);
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    assert_int_equal(crediting(bench).books, 3);
}

static void deals_that_wait_are_counted_after_a_restart_too(void **state)
{
    struct bench *bench = *state;
    bench_must_control(bench, "crediting", "default", 1, rules, NULL, 0);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/90%");
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_restart(bench);
    assert_int_equal(crediting(bench).waiting, 1);
    bench_must_deal(bench, "D-1 2 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    assert_int_equal(crediting(bench).waiting, 0);
}

static void an_undone_turn_leaves_the_counts_of_deals_as_they_were(void **state)
{
    struct bench *bench = *state;
    bench_must_control(bench, "crediting", "default", 1, rules, NULL, 0);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/90%");
    assert_int_equal(crediting(bench).waiting, 1);
    bench_begin(bench);
    bench_must_deal(bench, "D-1 2 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 1000 person:jo/owner/80%");
    pay_deal(bench, "D-3");
    bench_undo(bench);
    assert_int_equal(crediting(bench).waiting, 1);
    assert_int_equal(crediting(bench).books, 1);
}

/* --- participants' books --- */

static void rows_that_wait_are_known_again_when_all_books_have_been_read(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/60% person:al/owner/40%");
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 1000 person:jo/owner/100% cur=EUR");
    assert_int_equal(waiting(bench), 2);
    bench_restart(bench);
    assert_int_equal(incentives(bench).unread, 1);
    bench_read_all(bench);
    assert_int_equal(incentives(bench).unread, 0);
    assert_int_equal(incentives(bench).books, 2);
    assert_int_equal(waiting(bench), 2);
}

static void a_book_that_an_undone_turn_took_from_memory_is_read_again(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100% cur=EUR");
    bench_read_all(bench);
    bench_begin(bench);
    bench_must_deal(bench, "D-1 2 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    assert_int_equal(waiting(bench), 0);
    bench_undo(bench);
    assert_int_equal(incentives(bench).unread, 1);
    bench_read_all(bench);
    assert_int_equal(waiting(bench), 1);
    assert_int_equal(incentives(bench).unread, 0);
}

/* Books leave memory behind the walk: it goes round once more. */
static void books_that_go_while_others_are_read_are_not_missed(void **state)
{
    struct bench *bench = *state;
    bool more;
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:al/owner/50% person:bo/owner/50%");
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_restart(bench);
    struct fold *fold = bench->folds[BENCH_INCENTIVES];
    bench_begin(bench);
    struct outbox outbox = bench_outbox(bench);
    assert_int_equal(fold->verify(fold->self, 2, &outbox, &more, bench->detail), STATUS_OK);
    bench_keep(bench);
    assert_int_equal(incentives(bench).books, 2);
    bench_begin(bench);
    bench_must_deal(bench, "D-1 2 CLOSED 2026-02-03 2000 person:al/owner/50% person:bo/owner/50%");
    bench_undo(bench);
    bench_read_all(bench);
    assert_int_equal(incentives(bench).books, 3);
    assert_int_equal(waiting(bench), 3);
}

static void keys_on_hold_are_counted_after_a_restart_before_their_books_are_read(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    tear_emitted(bench, 150);
    bench_read_all(bench);
    assert_int_equal(held(bench), 1);
    bench_restart(bench);
    bench_publish(bench);
    assert_int_equal(held(bench), 1);
    bench_read_all(bench);
    assert_int_equal(held(bench), 1);
}

static void an_undone_turn_leaves_the_count_of_holds_as_it_was(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_publish(bench);
    tear_emitted(bench, 150);
    bench_restart(bench);
    bench_publish(bench);
    assert_int_equal(held(bench), 0);
    bench_begin(bench);
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 900 person:jo/owner/100%");
    assert_int_equal(held(bench), 1);
    bench_undo(bench);
    bench_publish(bench);
    assert_int_equal(held(bench), 0);
}

/* --- what became of rows --- */

static void a_row_counts_for_each_plan_that_was_asked(void **state)
{
    struct bench *bench = *state;
    bench_must_plan(bench, "ae", 1, rate_plan);
    bench_must_plan(bench, "each", 1, HEAD("each", "1") RATE("1%"));
    bench_must_assign(bench, "person:jo", 1, "ae 2026-01-01 -; each 2026-01-01 -");
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    assert_int_equal(bench_of_plans(bench, BENCH_INCENTIVES, OUTCOME_VALUED), 2);
    bench_must_deal(bench, "D-1 2 CLOSED 2026-02-03 1000 person:jo/owner/100% cur=EUR");
    assert_int_equal(bench_of_plans(bench, BENCH_INCENTIVES, OUTCOME_WAITING), 2);
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 1000 person:jo/sdr/100%");
    assert_int_equal(bench_of_plans(bench, BENCH_INCENTIVES, OUTCOME_KEPT), 2);
    bench_must_deal(bench, "D-3 1 CLOSED 2029-02-03 1000 person:jo/owner/100%");
    assert_int_equal(bench_of_plans(bench, BENCH_INCENTIVES, OUTCOME_WAITING), 4);
    assert_int_equal(bench_of_plans(bench, BENCH_INCENTIVES, OUTCOME_VALUED), 2);
}

static void a_row_that_no_plan_was_asked_about_has_an_outcome_too(void **state)
{
    struct bench *bench = *state;
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    assert_int_equal(bench_planless(bench, BENCH_INCENTIVES, OUTCOME_WAITING), 1);
    bench_must_deal(bench, "D-1 2 CANCELLED 2026-02-03 1000 person:jo/owner/100%");
    assert_int_equal(bench_planless(bench, BENCH_INCENTIVES, OUTCOME_KEPT), 1);
    assert_int_equal(bench_planless(bench, BENCH_INCENTIVES, OUTCOME_WAITING), 1);
    bench_must_assign(bench, "person:jo", 1, "unpublished 2026-01-01 -");
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    assert_int_equal(bench_planless(bench, BENCH_INCENTIVES, OUTCOME_WAITING), 2);
}

static void a_book_that_is_read_again_processes_no_rows(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_read_all(bench);
    bench_restart(bench);
    bench_read_all(bench);
    assert_int_equal(bench_of_plans(bench, BENCH_INCENTIVES, OUTCOME_VALUED), 1);
}

static void a_turn_counts_what_it_did_alone(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_begin(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_undo(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    assert_int_equal(bench_of_plans(bench, BENCH_INCENTIVES, OUTCOME_VALUED), 1);
    assert_int_equal(bench_planless(bench, BENCH_CREDITING, OUTCOME_VALUED), 1);
}

static void a_deal_is_credited_or_waits_and_a_payment_with_it(void **state)
{
    struct bench *bench = *state;
    bench_must_control(bench, "crediting", "default", 1, rules, NULL, 0);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/90%");
    bench_must_deal(bench, "D-1 2 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_must_deal(bench, "D-1 2 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    pay_deal(bench, "D-1");
    pay_deal(bench, "D-1");
    pay_deal(bench, "D-2");
    assert_int_equal(bench_planless(bench, BENCH_CREDITING, OUTCOME_WAITING), 2);
    assert_int_equal(bench_planless(bench, BENCH_CREDITING, OUTCOME_VALUED), 2);
    assert_int_equal(bench_planless(bench, BENCH_CREDITING, OUTCOME_KEPT), 0);
    assert_int_equal(bench_planless(bench, BENCH_CREDITING, OUTCOME_DUPLICATE), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_book_is_counted_once_whichever_of_its_facts_came_first),
        TEST(deals_that_wait_are_counted_after_a_restart_too),
        TEST(an_undone_turn_leaves_the_counts_of_deals_as_they_were),
        TEST(rows_that_wait_are_known_again_when_all_books_have_been_read),
        TEST(a_book_that_an_undone_turn_took_from_memory_is_read_again),
        TEST(books_that_go_while_others_are_read_are_not_missed),
        TEST(keys_on_hold_are_counted_after_a_restart_before_their_books_are_read),
        TEST(an_undone_turn_leaves_the_count_of_holds_as_it_was),
        TEST(a_row_counts_for_each_plan_that_was_asked),
        TEST(a_row_that_no_plan_was_asked_about_has_an_outcome_too),
        TEST(a_book_that_is_read_again_processes_no_rows),
        TEST(a_turn_counts_what_it_did_alone),
        TEST(a_deal_is_credited_or_waits_and_a_payment_with_it),
    };
    return cmocka_run_group_tests_name("engine.counters", tests, NULL, NULL);
}
