/* What has happened to a deal, cash and milestones, as rows of participants' books carry it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/deal_course.h"
#include "support/case.h"
#include "support/engine_bench.h"

#define DEAL "D-1 1 CLOSED 2026-01-05 1000 person:jo/owner/60% person:kim/sdr/10%"

enum { FACTS = 6 };

struct course_case {
    const char *label;
    const char *facts[FACTS]; /* as bench_give takes them */
    const char *jo;           /* what jo's row of the deal says: cash, then milestones */
};

static const struct course_case rows[] = {
    {"nothing has happened", {DEAL}, ""},
    {"a payment", {DEAL, "P-1 D-1 1 2026-03-01 400"}, "P-1 400 2026-03-01;"},
    {"in the order in which they were received",
     {DEAL, "P-2 D-1 1 2026-03-01 400", "P-3 D-1 1 2026-02-28 100", "P-1 D-1 1 2026-03-01 200"},
     "P-3 100 2026-02-28; P-1 200 2026-03-01; P-2 400 2026-03-01;"},
    {"a refund is one below 0",
     {DEAL, "P-1 D-1 1 2026-03-01 400", "P-2 D-1 1 2026-03-02 -400"},
     "P-1 400 2026-03-01; P-2 -400 2026-03-02;"},
    {"one in another currency says which",
     {DEAL, "P-1 D-1 1 2026-03-01 400 EUR"},
     "P-1 400 EUR 2026-03-01;"},
    {"an amended amount and day",
     {DEAL, "P-1 D-1 1 2026-03-01 400", "P-1 D-1 2 2026-03-09 350"},
     "P-1 350 2026-03-09;"},
    {"one of 0 was taken away", {DEAL, "P-1 D-1 1 2026-03-01 400", "P-1 D-1 2 2026-03-01 0"}, ""},
    {"one of 0 moved to another deal",
     {DEAL, "P-1 D-1 1 2026-03-01 400", "P-1 D-1 2 2026-03-01 0", "P-1 D-2 2 2026-03-01 400"},
     ""},
    {"a deal's own alone", {DEAL, "P-1 D-10 1 2026-03-01 400"}, ""},
    {"an amended deal keeps its cash",
     {DEAL, "P-1 D-1 1 2026-03-01 400",
      "D-1 2 CLOSED 2026-01-05 2000 person:jo/owner/60% person:kim/sdr/10%"},
     "P-1 400 2026-03-01;"},
    {"an amended currency is that of its cash",
     {DEAL, "P-1 D-1 1 2026-03-01 400", "D-1 2 CLOSED 2026-01-05 1000 cur=EUR person:jo/owner/60%"},
     "P-1 400 USD 2026-03-01;"},
    {"a cancelled deal does",
     {DEAL, "P-1 D-1 1 2026-03-01 400",
      "D-1 2 CANCELLED 2026-01-05 1000 person:jo/owner/60% person:kim/sdr/10%"},
     "P-1 400 2026-03-01;"},
    {"a milestone that is reached",
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 live"},
     "live 2026-02-01;"},
    {"one that is approved, by when it was reached",
     {DEAL, "M-1 D-1 1 APPROVED 2026-02-01 live approved=2026-03-01"},
     "live 2026-02-01;"},
    {"neither one that was rejected nor one that was revoked",
     {DEAL, "M-1 D-1 1 REJECTED 2026-02-01 live", "M-2 D-1 1 REVOKED 2026-02-01 live"},
     ""},
    {"the first of a name",
     {DEAL, "M-1 D-1 1 REACHED 2026-02-09 live", "M-2 D-1 1 REACHED 2026-02-01 live"},
     "live 2026-02-01;"},
    {"the first that stands",
     {DEAL, "M-1 D-1 1 REACHED 2026-02-09 live", "M-2 D-1 1 REACHED 2026-02-01 live",
      "M-2 D-1 2 REVOKED 2026-02-01 live"},
     "live 2026-02-09;"},
    {"by day, then by name, whatever their ids",
     {DEAL, "M-1 D-1 1 REACHED 2026-02-09 live", "M-2 D-1 1 REACHED 2026-02-09 built",
      "M-3 D-1 1 REACHED 2026-02-01 signed"},
     "signed 2026-02-01; built 2026-02-09; live 2026-02-09;"},
    {"a milestone of somebody else's is the deal's too",
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 live person:al/owner/100%"},
     "live 2026-02-01;"},
    {"cash and milestones",
     {DEAL, "M-1 D-1 1 REACHED 2026-02-01 live", "P-1 D-1 1 2026-03-01 400"},
     "P-1 400 2026-03-01; live 2026-02-01;"},
};

static const char *course_of(const struct credit *credit)
{
    static char text[2000];
    size_t at = 0;
    char day[DATE_TEXT_BYTES];
    text[0] = '\0';
    const struct cash *cash = credit->cash.items;
    for (size_t i = 0; i < credit->cash.count; i++) {
        char amount[DECIMAL_TEXT_BYTES];
        decimal_format(cash[i].amount, amount);
        date_format((int32_t)(cash[i].received_at / DAY_MS), day);
        at +=
            (size_t)snprintf(text + at, sizeof text - at, "%s%.*s %s%s%.*s %s;", at ? " " : "",
                             SLICE_ARGS(cash[i].payment_id), amount,
                             cash[i].currency.length ? " " : "", SLICE_ARGS(cash[i].currency), day);
    }
    const struct reached *reached = credit->reached.items;
    for (size_t i = 0; i < credit->reached.count; i++) {
        date_format((int32_t)(reached[i].reached_at / DAY_MS), day);
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%.*s %s;", at ? " " : "",
                               SLICE_ARGS(reached[i].milestone), day);
    }
    return text;
}

/* The last row of `book` that went to the participant, of a milestone or of the deal. */
static struct credit last_of(struct bench *bench, const char *participant, enum credit_kind kind)
{
    struct credit credit = {0};
    for (size_t i = bench->credits.count; i-- > 0;) {
        bench_read_credit(bench, i, &bench->facts, &credit);
        if (slice_equal(credit.target, slice_of(participant)) &&
            slice_equal(credit.book, SLICE("deal:D-1")) && credit.kind == (int32_t)kind)
            return credit;
    }
    fail_msg("no row for %s", participant);
    return credit;
}

static void run(const struct course_case *row, bool is_backwards)
{
    static struct bench bench;
    int count = 0;
    bench_init(&bench);
    while (count < FACTS && row->facts[count])
        count++;
    for (int i = 0; i < count; i++)
        bench_give(&bench, row->facts[is_backwards ? count - 1 - i : i]);
    struct credit credit = last_of(&bench, "person:jo", CREDIT_DEAL);
    assert_string_equal(course_of(&credit), row->jo);
    size_t written = bench.credits.count;
    bench_restart(&bench);
    bench_read_all(&bench);
    assert_int_equal(bench_counters(&bench, BENCH_CREDITING).held, 0);
    for (int i = 0; i < count; i++)
        bench_give(&bench, row->facts[i]);
    assert_int_equal(bench.credits.count, written);
    bench_deinit(&bench);
}

/* As written and backwards; a restart finds it as it is, and facts that come twice write nothing.
 */
static void says(void **state)
{
    run(*state, false);
    run(*state, true);
}

/* --- who has it, and by which cause --- */

static void a_payment_credits_everybody_on_the_deal_again_once(void **state)
{
    (void)state;
    static struct bench bench;
    bench_init(&bench);
    bench_must_deal(&bench, DEAL);
    bench_must_payment(&bench, "P-1 D-1 1 2026-03-01 400");
    assert_int_equal(bench.credits.count, 4);
    struct credit credit = last_of(&bench, "person:kim", CREDIT_DEAL);
    assert_string_equal(course_of(&credit), "P-1 400 2026-03-01;");
    assert_true(slice_equal(credit_cause(&credit).topic, SLICE("payments")));
    assert_true(slice_equal(credit_cause(&credit).deal_id, SLICE("D-1")));
    bench_must_payment(&bench, "P-1 D-1 2 2026-03-01 400"); /* a new revision says the same */
    assert_int_equal(bench.credits.count, 4);
    bench_deinit(&bench);
}

static void who_is_on_a_milestone_alone_has_the_course_with_it(void **state)
{
    (void)state;
    static struct bench bench;
    bench_init(&bench);
    bench_must_deal(&bench, DEAL);
    bench_must_milestone(
        &bench, "M-1 D-1 1 REACHED 2026-02-01 live person:al/owner/90% person:jo/owner/10%");
    bench_must_payment(&bench, "P-1 D-1 1 2026-03-01 400");
    struct credit credit = last_of(&bench, "person:al", CREDIT_MILESTONE);
    assert_string_equal(course_of(&credit), "P-1 400 2026-03-01; live 2026-02-01;");
    assert_true(credit.has_deal_amount);
    assert_true(credit.deal_amount.units == decimal_of(1000).units);
    credit = last_of(&bench, "person:jo", CREDIT_MILESTONE); /* the deal's row has it */
    assert_string_equal(course_of(&credit), "");
    assert_false(credit.has_deal_amount);
    bench_deinit(&bench);
}

static void what_takes_back_says_so_whatever_stood_before(void **state)
{
    static const struct {
        const char *fact;
        bool takes;
    } steps[] = {
        {DEAL, false},
        {"P-1 D-1 1 2026-03-01 400", false},
        {"P-1 D-1 2 2026-03-01 300", false}, /* amended, not taken away */
        {"P-2 D-1 1 2026-03-02 -50", true},
        {"P-1 D-1 3 2026-03-01 0", true},
        {"P-1 D-1 4 2026-03-01 10", false},
        {"M-1 D-1 1 REACHED 2026-02-01 live", false},
        {"M-1 D-1 2 REVOKED 2026-02-01 live", true},
        {"M-1 D-1 3 APPROVED 2026-02-01 live approved=2026-02-02", false},
        {"M-1 D-1 4 REJECTED 2026-02-01 live", true},
        {"D-1 2 CLOSED 2026-01-05 900 person:jo/owner/60%", false},
    };
    (void)state;
    static struct bench bench;
    bench_init(&bench);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        bench_give(&bench, steps[i].fact);
        struct credit credit = last_of(&bench, "person:jo", CREDIT_DEAL);
        if (credit.takes_back != steps[i].takes)
            fail_msg("%s: %d", steps[i].fact, credit.takes_back);
    }
    bench_deinit(&bench);
}

static void a_deal_has_so_many_payments_and_no_more(void **state)
{
    (void)state;
    static struct bench bench;
    char words[80];
    bench_init(&bench);
    for (int i = 0; i < DEAL_PAYMENTS_MAX; i++) {
        snprintf(words, sizeof words, "P-%d D-1 1 2026-03-01 1", i);
        bench_must_payment(&bench, words);
    }
    assert_int_equal(bench_try_payment(&bench, "P-x D-1 1 2026-03-01 1"), STATUS_INVALID);
    assert_memory_equal(bench.detail, "out-of-range: ", 14);
    bench_must_payment(&bench, "P-0 D-1 2 2026-03-01 2");
    bench_must_payment(&bench, "P-x D-2 1 2026-03-01 1");
    bench_must_deal(&bench, DEAL);
    assert_int_equal(last_of(&bench, "person:jo", CREDIT_DEAL).cash.count, DEAL_PAYMENTS_MAX);
    bench_deinit(&bench);
}

static void a_held_deal_stays_as_it_is_until_it_is_accepted(void **state)
{
    (void)state;
    static struct bench bench;
    bench_init(&bench);
    bench_must_deal(&bench, "D-1 1 CLOSED 2026-01-05 1000 person:jo/owner/100%");
    bench_must_payment(&bench, "P-1 D-1 1 2026-03-01 400");
    struct slice key = {"deal:D-1\0p"
                        "P-1",
                        13};
    store_turn_begin(bench.stores[0]); /* behind the fold's back */
    store_remove(bench.stores[0], key);
    store_turn_keep(bench.stores[0]);
    size_t written = bench.credits.count;
    bench_must_payment(&bench, "P-2 D-1 1 2026-03-01 100");
    assert_int_equal(bench_counters(&bench, BENCH_CREDITING).held, 1);
    assert_int_equal(bench.credits.count, written);
    struct setting hold[] = {{SLICE("hold"), SLICE("deal:D-1")}, {SLICE("bound"), SLICE("1000")}};
    bench_must_control(&bench, "acceptance", "a", 1, "", hold, 2);
    assert_int_equal(bench_counters(&bench, BENCH_CREDITING).held, 0);
    struct credit credit = last_of(&bench, "person:jo", CREDIT_DEAL);
    assert_string_equal(course_of(&credit), "P-2 100 2026-03-01;");
    bench_deinit(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_payment_credits_everybody_on_the_deal_again_once),
        cmocka_unit_test(who_is_on_a_milestone_alone_has_the_course_with_it),
        cmocka_unit_test(what_takes_back_says_so_whatever_stood_before),
        cmocka_unit_test(a_deal_has_so_many_payments_and_no_more),
        cmocka_unit_test(a_held_deal_stays_as_it_is_until_it_is_accepted),
    };
    int failed = RUN_CASES(rows, says);
    failed += cmocka_run_group_tests_name("engine.course", tests, NULL, NULL);
    return failed != 0;
}
