/* Crediting rules: whom a deal is credited to that names nobody. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/case.h"
#include "support/engine_bench.h"

#define RULES(match, more)                                                                         \
    "splits: {owner: at most 100%}\nmatch: " match "\nrules:\n"                                    \
    "  - {when: {product: core}, credit: {territory: dach-core, role: owner}}\n"                   \
    "  - {when: {category: devices}, credit: {team: north, role: sdr, share: 40%}}\n" more
#define DEAL(lines) "D-1 1 CLOSED 2026-02-03 1000" lines

struct rule_case {
    const char *label;
    const char *rules;
    const char *deal;
    const char *credited; /* by the order of their rows; with why they wait */
};

static const struct rule_case rows[] = {
    {"a deal that names somebody asks no rule", RULES("all", ""),
     DEAL(" person:jo/owner/100% +1/core/1000"), "person:jo owner 1"},
    {"a rule that fits", RULES("first", ""), DEAL(" +1/core/1000"), "territory:dach-core owner 1"},
    {"no rule fits", RULES("first", ""), DEAL(" +1/plus/1000"), ""},
    {"a condition on lines needs a line", RULES("first", ""), DEAL(""), ""},
    {"one line that fits is enough", RULES("first", ""), DEAL(" +1/plus/400 +2/core/600"),
     "territory:dach-core owner 1"},
    {"the first that fits", RULES("first", ""), DEAL(" +1/core/400 +2/xscan/600"),
     "territory:dach-core owner 1"},
    {"all that fit", RULES("all", ""), DEAL(" +1/core/400 +2/xscan/600"),
     "territory:dach-core owner 1; team:north sdr 0.4"},
    {"by the tree of categories", RULES("first", ""), DEAL(" +1/xscan/1000"), "team:north sdr 0.4"},
    {"several that one rule names",
     "match: first\nrules:\n  - {when: {product: core}, credit: [{person: jo, role: owner, share: "
     "60%}, {person: kim, role: owner, share: 40%}]}\n",
     DEAL(" +1/core/1000"), "person:jo owner 0.6; person:kim owner 0.4"},
    {"who stands twice has two rows",
     "match: all\nrules:\n  - {when: {product: core}, credit: {person: jo, role: owner}}\n"
     "  - {when: {product: [core, plus]}, credit: {person: jo, role: owner}}\n",
     DEAL(" +1/core/1000"), "person:jo owner 1; person:jo owner/2 1"},
    {"shares that break a rule wait",
     RULES("all", "  - {when: {product: core}, credit: {person: jo, role: owner}}\n"),
     DEAL(" +1/core/1000"),
     "territory:dach-core owner 1 splits-differ; person:jo owner 1 splits-differ"},
    {"an open deal is nobody's", RULES("first", ""), "D-1 1 OPEN 2026-02-03 1000 +1/core/1000", ""},
    {"a cancelled one says so to whom it was credited", RULES("first", ""),
     "D-1 1 CANCELLED 2026-02-03 1000 +1/core/1000", "territory:dach-core owner 1"},
};

/* The rows that stand, in the order in which they were last written. */
static const char *credited(struct bench *bench)
{
    static char text[1000];
    size_t at = 0;
    text[0] = '\0';
    for (size_t i = 0; i < bench->credits.count; i++) {
        struct credit credit;
        struct credit later;
        char share[DECIMAL_TEXT_BYTES];
        bool is_last = true;
        bench_read_credit(bench, i, &bench->facts, &credit);
        for (size_t k = i + 1; k < bench->credits.count && is_last; k++) {
            bench_read_credit(bench, k, &bench->facts, &later);
            is_last =
                !slice_equal(credit.target, later.target) || !slice_equal(credit.row, later.row);
        }
        if (!is_last || credit.is_withdrawn)
            continue;
        decimal_format(credit.share, share);
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%.*s %.*s %s%s%.*s", at ? "; " : "",
                               SLICE_ARGS(credit.target), SLICE_ARGS(credit.row), share,
                               credit.waits.length ? " " : "", SLICE_ARGS(credit.waits));
    }
    return text;
}

static void give(struct bench *bench, const struct rule_case *row, int step)
{
    if (step == 0)
        bench_must_control(bench, "crediting", "all", 1, row->rules, NULL, 0);
    else if (step == 1)
        bench_must_control(bench, "categories", "all", 1, "xscan: scanners\nscanners: devices\n",
                           NULL, 0);
    else
        bench_must_deal(bench, row->deal);
}

/* In every order of rules, categories and deal. */
static void names(void **state)
{
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (size_t i = 0; i < 6; i++) {
        static struct bench bench;
        bench_init(&bench);
        for (int step = 0; step < 3; step++) {
            give(&bench, *state, orders[i][step]);
            if (i % 2)
                bench_drain(&bench);
        }
        bench_drain(&bench);
        assert_string_equal(credited(&bench), ((const struct rule_case *)*state)->credited);
        assert_int_equal(bench_counters(&bench, BENCH_CREDITING).held, 0);
        bench_deinit(&bench);
    }
}

static void a_changed_rule_takes_back_and_credits_anew(void **state)
{
    (void)state;
    static struct bench bench;
    bench_init(&bench);
    bench_must_control(&bench, "crediting", "all", 1,
                       "match: first\nrules:\n  - {when: {product: core}, credit: {person: jo, "
                       "role: owner}}\n",
                       NULL, 0);
    bench_must_deal(&bench, DEAL(" +1/core/1000"));
    bench_must_milestone(&bench, "M-1 D-1 1 REACHED 2026-03-01 live");
    bench_must_payment(&bench, "P-1 D-1 1 2026-03-01 400");
    bench_must_control(&bench, "crediting", "all", 2,
                       "match: first\nrules:\n  - {when: {product: core}, credit: {person: kim, "
                       "role: owner}}\n",
                       NULL, 0);
    bench_drain(&bench);
    assert_string_equal(credited(&bench),
                        "person:kim owner 1; person:kim milestone\x1fM-1\x1fowner 1");
    bench_restart(&bench);
    bench_must_deal(&bench, "D-1 2 CLOSED 2026-02-03 1000 person:al/owner/100% +1/core/1000");
    assert_string_equal(credited(&bench),
                        "person:al owner 1; person:al milestone\x1fM-1\x1fowner 1");
    bench_must_control(&bench, "crediting", "all", 3, "splits: {owner: any}\n", NULL, 0);
    bench_must_deal(&bench, "D-1 3 CLOSED 2026-02-03 1000 +1/core/1000");
    assert_string_equal(credited(&bench), "");
    assert_int_equal(bench_counters(&bench, BENCH_CREDITING).waiting, 1);
    bench_deinit(&bench);
}

/* The odd cent of a fixed sum is crediting's business too. */
static void a_changed_remainder_comes_to_milestones_of_no_deal(void **state)
{
    (void)state;
    static struct bench bench;
    bench_init(&bench);
    bench_must_control(&bench, "crediting", "all", 1, "remainder: first\n", NULL, 0);
    bench_must_milestone(
        &bench, "M-1 - 1 REACHED 2026-03-01 live person:jo/owner/50% person:kim/owner/50%");
    size_t written = bench.credits.count;
    bench_must_control(&bench, "crediting", "all", 2, "remainder: last\n", NULL, 0);
    bench_drain(&bench);
    assert_int_equal(bench.credits.count, written + 2);
    bench_deinit(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_changed_rule_takes_back_and_credits_anew),
        cmocka_unit_test(a_changed_remainder_comes_to_milestones_of_no_deal),
    };
    int failed = RUN_CASES(rows, names);
    failed += cmocka_run_group_tests_name("engine.rule_credits", tests, NULL, NULL);
    return failed != 0;
}
