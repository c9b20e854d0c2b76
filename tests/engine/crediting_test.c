#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/engine_bench.h"

static int set_up(void **state)
{
    static struct bench bench;
    bench_init(&bench);
    *state = &bench;
    return 0;
}

static int tear_down(void **state)
{
    bench_deinit(*state);
    return 0;
}

static const char rules[] = "splits: {owner: exactly 100%, overlay: any, sdr: at most 100%}\n";

/* The credit written last but `back`, as text: target row share status waits withdrawn. */
static const char *written(struct bench *bench, size_t back)
{
    static char text[400];
    static const char *const statuses[] = {"OPEN", "CLOSED", "CANCELLED"};
    struct credit credit;
    char share[DECIMAL_TEXT_BYTES];
    char amount[DECIMAL_TEXT_BYTES];
    assert_true(back < bench->credits.count);
    bench_read_credit(bench, bench->credits.count - 1 - back, &bench->facts, &credit);
    decimal_format(credit.share, share);
    decimal_format(credit.amount, amount);
    snprintf(text, sizeof text, "%.*s %.*s %s of %s %s%s%.*s%s", SLICE_ARGS(credit.target),
             SLICE_ARGS(credit.row), share, amount, statuses[credit.status],
             credit.waits.bytes ? " waits " : "", SLICE_ARGS(credit.waits),
             credit.is_withdrawn ? " withdrawn" : "");
    return text;
}

static void writes_one_row_for_each_participant_and_role(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(bench_try_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/60% "
                                           "person:kim/owner/40% person:jo/sdr/10%"),
                     STATUS_OK);
    assert_int_equal(bench->credits.count, 3);
    assert_string_equal(written(bench, 2), "person:jo owner 0.6 of 1000 CLOSED");
    assert_string_equal(written(bench, 1), "person:kim owner 0.4 of 1000 CLOSED");
    assert_string_equal(written(bench, 0), "person:jo sdr 0.1 of 1000 CLOSED");
}

static void numbers_a_role_that_stands_twice(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(bench_try_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/60% "
                                           "person:jo/owner/40%"),
                     STATUS_OK);
    assert_string_equal(written(bench, 1), "person:jo owner 0.6 of 1000 CLOSED");
    assert_string_equal(written(bench, 0), "person:jo owner/2 0.4 of 1000 CLOSED");
}

static void an_open_deal_gives_nothing_and_takes_back_what_stood(void **state)
{
    struct bench *bench = *state;
    bench_must_deal(bench, "D-1 1 OPEN 2026-02-03 1000 person:jo/owner/100%");
    assert_int_equal(bench->credits.count, 0);
    bench_must_deal(bench, "D-1 2 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_must_deal(bench, "D-1 3 OPEN 2026-02-03 1000 person:jo/owner/100%");
    assert_int_equal(bench->credits.count, 2);
    assert_string_equal(written(bench, 0), "person:jo owner 0 of 0 OPEN withdrawn");
}

static void a_cancelled_deal_gives_rows_that_say_so(void **state)
{
    struct bench *bench = *state;
    bench_must_deal(bench, "D-1 1 CANCELLED 2026-02-03 1000 person:jo/owner/100%");
    assert_string_equal(written(bench, 0), "person:jo owner 1 of 1000 CANCELLED");
}

static void an_amendment_writes_only_what_changed_and_withdraws_who_left(void **state)
{
    struct bench *bench = *state;
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/50% "
                           "person:kim/owner/50% person:al/sdr/5%");
    bench_must_deal(bench, "D-1 2 CLOSED 2026-02-03 1000 person:jo/owner/70% "
                           "person:lee/owner/30% person:al/sdr/5%");
    assert_int_equal(bench->credits.count, 6);
    assert_string_equal(written(bench, 2), "person:jo owner 0.7 of 1000 CLOSED");
    assert_string_equal(written(bench, 1), "person:lee owner 0.3 of 1000 CLOSED");
    assert_string_equal(written(bench, 0), "person:kim owner 0 of 0 CLOSED withdrawn");
    bench_must_deal(bench, "D-1 3 CLOSED 2026-02-03 1000 person:jo/owner/70% "
                           "person:kim/owner/30% person:al/sdr/5%");
    assert_string_equal(written(bench, 1), "person:kim owner 0.3 of 1000 CLOSED");
    assert_string_equal(written(bench, 0), "person:lee owner 0 of 0 CLOSED withdrawn");
}

static void the_highest_revision_wins_whatever_comes_first(void **state)
{
    struct bench *bench = *state;
    bench_must_deal(bench, "D-1 2 CLOSED 2026-02-03 2000 person:jo/owner/100%");
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    assert_int_equal(bench->credits.count, 1);
    assert_string_equal(written(bench, 0), "person:jo owner 1 of 2000 CLOSED");
    assert_int_equal(bench_planless(bench, BENCH_CREDITING, OUTCOME_DUPLICATE), 1);
}

static void an_equal_revision_with_equal_content_is_a_duplicate(void **state)
{
    struct bench *bench = *state;
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    assert_int_equal(bench->credits.count, 1);
    assert_int_equal(bench_planless(bench, BENCH_CREDITING, OUTCOME_DUPLICATE), 1);
}

static void an_equal_revision_with_other_content_is_a_conflict(void **state)
{
    struct bench *bench = *state;
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    size_t bytes = store_bytes(bench->stores[0]);
    assert_int_equal(bench_try_deal(bench, "D-1 1 CLOSED 2026-02-03 1001 person:jo/owner/100%"),
                     STATUS_INVALID);
    assert_memory_equal(bench->detail, "id-conflict: ", 13);
    assert_int_equal(bench->credits.count, 1);
    assert_int_equal(store_bytes(bench->stores[0]), bytes);
}

static void a_key_that_is_not_the_bare_deal_id_is_refused(void **state)
{
    struct bench *bench = *state;
    static const struct slice keys[] = {{"deal:D-1", 8}, {"D-2", 3}, {NULL, 0}, {"", 0}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct deal deal =
            deal_of_words(&bench->facts, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
        struct input input = {.kind = INPUT_DEAL, .fact = &deal, .key = keys[i]};
        assert_int_equal(bench_apply(bench, BENCH_CREDITING, &input), STATUS_INVALID);
        assert_memory_equal(bench->detail, "wrong-key: ", 11);
    }
    assert_int_equal(store_rows(bench->stores[0]), 0);
}

static void shares_that_break_a_rule_wait_until_they_are_amended(void **state)
{
    struct bench *bench = *state;
    bench_must_control(bench, "crediting", "default", 1, rules, NULL, 0);
    bench_drain(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/90%");
    assert_string_equal(written(bench, 0),
                        "person:jo owner 0.9 of 1000 CLOSED waits splits-differ");
    assert_int_equal(bench_counters(bench, BENCH_CREDITING).waiting, 1);
    bench_must_deal(bench, "D-1 2 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    assert_string_equal(written(bench, 0), "person:jo owner 1 of 1000 CLOSED");
    assert_int_equal(bench_counters(bench, BENCH_CREDITING).waiting, 0);
}

static void lines_that_do_not_total_the_deal_wait(void **state)
{
    struct bench *bench = *state;
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100% "
                           "+1/core/600 +2/plus/399.99");
    assert_string_equal(written(bench, 0), "person:jo owner 1 of 1000 CLOSED waits lines-differ");
    bench_must_deal(bench, "D-1 2 CLOSED 2026-02-03 1000 person:jo/owner/100% "
                           "+1/core/600 +2/plus/400");
    assert_string_equal(written(bench, 0), "person:jo owner 1 of 1000 CLOSED");
}

static void a_deal_that_names_nobody_waits_in_its_book(void **state)
{
    struct bench *bench = *state;
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000");
    assert_int_equal(bench->credits.count, 0);
    assert_int_equal(bench_counters(bench, BENCH_CREDITING).waiting, 1);
}

static void a_changed_rule_credits_deals_again_in_byte_order(void **state)
{
    struct bench *bench = *state;
    bench_must_deal(bench, "D-2 1 CLOSED 2026-02-03 1000 person:jo/owner/90%");
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_must_deal(bench, "D-10 1 CLOSED 2026-02-03 500 person:jo/owner/80%");
    bench_must_control(bench, "crediting", "default", 1, rules, NULL, 0);
    assert_int_equal(bench->credits.count, 3);
    assert_int_equal(bench_counters(bench, BENCH_CREDITING).queued, 1);
    bench_drain(bench);
    assert_int_equal(bench->credits.count, 5);
    assert_string_equal(written(bench, 1), "person:jo owner 0.8 of 500 CLOSED waits splits-differ");
    assert_string_equal(written(bench, 0),
                        "person:jo owner 0.9 of 1000 CLOSED waits splits-differ");
    assert_int_equal(bench_counters(bench, BENCH_CREDITING).queued, 0);
    struct credit credit;
    bench_read_credit(bench, 4, &bench->facts, &credit);
    assert_true(slice_equal(credit_cause(&credit).topic, SLICE("control")));
    assert_true(slice_equal(credit_cause(&credit).event_id, SLICE("apply-1")));
    assert_true(slice_equal(credit_cause(&credit).deal_id, SLICE("D-2")));
}

static void a_fresh_fact_for_a_deal_that_a_change_has_yet_to_reach_waits_for_it(void **state)
{
    struct bench *bench = *state;
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/90%");
    bench_must_control(bench, "crediting", "default", 1, rules, NULL, 0);
    bench_begin(bench);
    assert_int_equal(bench_try_deal(bench, "D-1 2 CLOSED 2026-02-03 2000 person:jo/owner/90%"),
                     STATUS_OK);
    assert_int_equal(bench->credits.count, 3);
    struct credit credit;
    bench_read_credit(bench, 1, &bench->facts, &credit);
    assert_true(slice_equal(credit_cause(&credit).topic, SLICE("control")));
    assert_true(slice_equal(credit.waits, SLICE("splits-differ")));
    bench_read_credit(bench, 2, &bench->facts, &credit);
    assert_true(slice_equal(credit_cause(&credit).topic, SLICE("deals")));
    bench_keep(bench);
    bench_drain(bench);
    assert_int_equal(bench->credits.count, 2); /* of one turn the last row of an identity stands */
}

static void milestones_and_payments_are_kept_by_revision(void **state)
{
    struct bench *bench = *state;
    struct payment payment = {.event_id = SLICE("e"),
                              .payment_id = SLICE("P-1"),
                              .deal_id = SLICE("D-1"),
                              .revision = 1,
                              .received_at = 1770000000000,
                              .amount = decimal_of(500),
                              .currency = SLICE("USD")};
    struct input paid = {.kind = INPUT_PAYMENT, .fact = &payment, .key = SLICE("D-1")};
    struct milestone milestone = {.event_id = SLICE("e"),
                                  .milestone_id = SLICE("M-1"),
                                  .milestone = SLICE("launch"),
                                  .revision = 1,
                                  .reached_at = 1770000000000};
    struct input reached = {.kind = INPUT_MILESTONE, .fact = &milestone, .key = SLICE("M-1")};
    bench_must_apply(bench, BENCH_CREDITING, &paid);
    bench_must_apply(bench, BENCH_CREDITING, &reached);
    bench_must_apply(bench, BENCH_CREDITING, &paid);
    assert_int_equal(store_rows(bench->stores[0]), 2);
    payment.amount = decimal_of(501);
    assert_int_equal(bench_apply(bench, BENCH_CREDITING, &paid), STATUS_INVALID);
    payment.revision = 2;
    assert_int_equal(bench_apply(bench, BENCH_CREDITING, &paid), STATUS_OK);
    paid.key = SLICE("P-1");
    assert_int_equal(bench_apply(bench, BENCH_CREDITING, &paid), STATUS_INVALID);
    assert_memory_equal(bench->detail, "wrong-key: ", 11);
    assert_int_equal(store_rows(bench->stores[0]), 2);
}

/* Changes a link behind the fold's back, as a torn transaction would. */
static void tear_link(struct bench *bench)
{
    struct slice key = {"deal:D-1\0d", 10};
    struct deal_row row;
    struct plain_reader reader = {row_value(store_find(bench->stores[0], key)), &bench->facts};
    plain_decode(&deal_row_shape, &reader, &row);
    assert_int_equal(row.contents.length, 8); /* of jo, the only participant */
    char torn[8];
    memcpy(torn, row.contents.bytes, sizeof torn);
    torn[0]++;
    row.contents.bytes = torn;
    struct buffer value = {0};
    plain_encode(&deal_row_shape, &row, &value);
    store_turn_begin(bench->stores[0]);
    store_put(bench->stores[0], key, buffer_slice(&value));
    store_turn_keep(bench->stores[0]);
    buffer_deinit(&value);
}

/* Links that are those of the deal's participants are kept by their content alone. */
static void a_row_names_only_links_that_its_participants_do_not(void **state)
{
    static const struct {
        const char *deal;
        size_t links;
        size_t contents; /* bytes */
    } steps[] = {
        {"D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/60% person:kim/sdr/40%", 0, 16},
        {"D-1 2 CLOSED 2026-02-03 1000 person:jo/owner/100%", 2, 0}, /* kim's is withdrawn */
        {"D-1 3 CLOSED 2026-02-03 1000 person:kim/sdr/40% person:jo/owner/60%", 2, 0},
        {"D-1 4 CLOSED 2026-02-03 1000 person:jo/owner/70% person:kim/sdr/30%", 0, 16},
        {"D-1 5 CANCELLED 2026-02-03 1000 person:jo/owner/70% person:kim/sdr/30%", 0, 16},
        {"D-2 1 CLOSED 2026-02-03 1000 person:jo/owner/60% person:jo/owner/40%", 2, 0},
        {"D-3 1 OPEN 2026-02-03 1000 person:jo/owner/100%", 0, 0},
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        bench_must_deal(bench, steps[i].deal);
        char key[] = "deal:D-1\0d";
        key[7] = steps[i].deal[2];
        struct deal_row row;
        const struct row *found = store_find(bench->stores[0], (struct slice){key, 10});
        struct plain_reader reader = {row_value(found), &bench->facts};
        plain_decode(&deal_row_shape, &reader, &row);
        assert_int_equal(row.links.count, steps[i].links);
        assert_int_equal(row.contents.length, steps[i].contents);
    }
    assert_string_equal(written(bench, 3), "person:jo owner 0.7 of 1000 CANCELLED");
    bench_must_deal(bench,
                    "D-1 6 CANCELLED 2026-02-03 1000 person:jo/owner/70% person:kim/sdr/20%");
    assert_string_equal(written(bench, 0), "person:kim sdr 0.2 of 1000 CANCELLED");
    size_t before = bench->credits.count;
    bench_must_deal(bench,
                    "D-1 7 CANCELLED 2026-02-03 1000 person:jo/owner/70% person:kim/sdr/20%");
    assert_int_equal(bench->credits.count, before);
}

static void links_that_differ_though_nothing_is_queued_hold_the_deal(void **state)
{
    struct bench *bench = *state;
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_read_all(bench);
    assert_int_equal(bench_counters(bench, BENCH_CREDITING).held, 0);
    tear_link(bench);
    bench_read_all(bench);
    assert_int_equal(bench_counters(bench, BENCH_CREDITING).held, 1);
    bench_must_deal(bench, "D-1 2 CLOSED 2026-02-03 3000 person:jo/owner/100%");
    assert_int_equal(bench->credits.count, 1);

    struct setting hold[] = {{SLICE("hold"), SLICE("deal:D-1")},
                             {SLICE("bound"), SLICE("2999.99")}};
    bench_must_control(bench, "acceptance", "a", 1, "", hold, 2);
    bench_pass(bench);
    assert_int_equal(bench_counters(bench, BENCH_CREDITING).held, 1);
    hold[1].value = SLICE("3000");
    bench_must_control(bench, "acceptance", "a", 2, "", hold, 2);
    assert_int_equal(bench_counters(bench, BENCH_CREDITING).held, 0);
    assert_string_equal(written(bench, 0), "person:jo owner 1 of 3000 CLOSED");
}

static void control_of_any_kind_is_kept_and_topics_go_to_the_state(void **state)
{
    struct bench *bench = *state;
    struct setting settings[] = {{SLICE("partitions"), SLICE("12")},
                                 {SLICE("epoch"), SLICE("E2")},
                                 {SLICE("attainment-generation"), SLICE("G2")}};
    bench_must_control(bench, "topics", "default", 1, "", settings, 3);
    bench_must_control(bench, "of-later", "x", 1, "text", NULL, 0);
    for (int i = 0; i < 2; i++) {
        const struct fold_state *kept = bench->folds[i]->state(bench->folds[i]->self);
        assert_int_equal(kept->partitions, 12);
        assert_true(slice_equal(kept->epoch, SLICE("E2")));
        assert_true(slice_equal(kept->attainment_generation, SLICE("G2")));
        assert_int_equal(store_rows(bench->stores[i]), 2);
    }
}

/* Each setting is that of the highest version that says it, whatever order they come in. */
static void topics_of_a_lower_version_that_come_late_change_nothing(void **state)
{
    struct bench *bench = *state;
    struct setting first[] = {{SLICE("partitions"), SLICE("12")},
                              {SLICE("attainment-generation"), SLICE("G1")}};
    struct setting second[] = {{SLICE("epoch"), SLICE("E2")},
                               {SLICE("attainment-generation"), SLICE("G2")}};
    bench_must_control(bench, "topics", "default", 2, "", second, 2);
    bench_must_control(bench, "topics", "default", 1, "", first, 2);
    for (int i = 0; i < 2; i++) {
        const struct fold_state *kept = bench->folds[i]->state(bench->folds[i]->self);
        assert_int_equal(kept->partitions, 12);
        assert_true(slice_equal(kept->epoch, SLICE("E2")));
        assert_true(slice_equal(kept->attainment_generation, SLICE("G2")));
    }
    first[0].value = SLICE("24");
    bench_must_control(bench, "topics", "default", 3, "", first, 1);
    for (int i = 0; i < 2; i++)
        assert_int_equal(bench->folds[i]->state(bench->folds[i]->self)->partitions, 24);
}

/* What is refused leaves the store as it was. */
static void topics_with_an_impossible_number_of_partitions_are_not_kept(void **state)
{
    struct bench *bench = *state;
    struct setting settings[] = {{SLICE("partitions"), SLICE("0")}};
    struct control control = {.kind = SLICE("topics"),
                              .id = SLICE("default"),
                              .version = 1,
                              .change = SLICE("apply-1"),
                              .written_by = SLICE("test"),
                              .document = SLICE(""),
                              .settings = {settings, 1}};
    struct input input = {.kind = INPUT_CONTROL, .fact = &control};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(bench_apply(bench, i, &input), STATUS_INVALID);
        assert_int_equal(store_rows(bench->stores[i]), 0);
    }
}

static void a_restart_writes_nothing_again(void **state)
{
    struct bench *bench = *state;
    bench_must_control(bench, "crediting", "default", 1, rules, NULL, 0);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    bench_restart(bench);
    bench_drain(bench);
    bench_read_all(bench);
    bench_must_deal(bench, "D-1 1 CLOSED 2026-02-03 1000 person:jo/owner/100%");
    assert_int_equal(bench->credits.count, 1);
    bench_must_deal(bench, "D-1 2 CLOSED 2026-02-03 1000 person:jo/owner/90%");
    assert_string_equal(written(bench, 0),
                        "person:jo owner 0.9 of 1000 CLOSED waits splits-differ");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(writes_one_row_for_each_participant_and_role),
        TEST(numbers_a_role_that_stands_twice),
        TEST(an_open_deal_gives_nothing_and_takes_back_what_stood),
        TEST(a_cancelled_deal_gives_rows_that_say_so),
        TEST(an_amendment_writes_only_what_changed_and_withdraws_who_left),
        TEST(the_highest_revision_wins_whatever_comes_first),
        TEST(an_equal_revision_with_equal_content_is_a_duplicate),
        TEST(an_equal_revision_with_other_content_is_a_conflict),
        TEST(a_key_that_is_not_the_bare_deal_id_is_refused),
        TEST(shares_that_break_a_rule_wait_until_they_are_amended),
        TEST(lines_that_do_not_total_the_deal_wait),
        TEST(a_deal_that_names_nobody_waits_in_its_book),
        TEST(a_changed_rule_credits_deals_again_in_byte_order),
        TEST(a_fresh_fact_for_a_deal_that_a_change_has_yet_to_reach_waits_for_it),
        TEST(milestones_and_payments_are_kept_by_revision),
        TEST(links_that_differ_though_nothing_is_queued_hold_the_deal),
        TEST(control_of_any_kind_is_kept_and_topics_go_to_the_state),
        TEST(topics_of_a_lower_version_that_come_late_change_nothing),
        TEST(topics_with_an_impossible_number_of_partitions_are_not_kept),
        TEST(a_restart_writes_nothing_again),
        TEST(a_row_names_only_links_that_its_participants_do_not),
    };
    return cmocka_run_group_tests_name("engine.crediting", tests, NULL, NULL);
}
