/* Lists of rates through both folds: what windows, deals and lines earn from them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/sums.h"
#include "support/case.h"
#include "support/engine_bench.h"

#define LIST                                                                                       \
    "[{when: {product: xscan}, give: 15%}, {when: {category: scanners}, give: 5%}, {else: 1%}]"

struct rated {
    const char *label;
    const char *measure; /* behind `of: deals` */
    const char *over;
    const char *pays; /* what stands in its braces */
    const char *window;
    const char *deal;
    const char *earned; /* by person:jo */
};

#define DEAL(amount, who, rest) "D-1 1 CLOSED 2026-02-03 " amount " person:jo/owner/" who " " rest
#define FIRST                   "rates: " LIST ", match: first"

static const struct rated rows[] = {
    {"each line has its own rate", "sum: amount", "quarter", FIRST, "2026-Q1",
     DEAL("1000", "100%", "+1/xscan/600 +2/scanners/300 +3/core/100"), "106"},
    {"a share is taken of each line", "sum: amount", "quarter", FIRST, "2026-Q1",
     DEAL("1000", "60%", "+1/xscan/600 +2/scanners/300 +3/core/100"), "63.6"},
    {"a deal without lines is one row", "sum: amount", "quarter", FIRST, "2026-Q1",
     DEAL("1000", "100%", ""), "10"},
    {"a row that matches nothing pays nothing", "sum: amount", "quarter",
     "rates: [{when: {product: xscan}, give: 15%}], match: first", "2026-Q1",
     DEAL("1000", "100%", "+1/core/1000"), "0"},
    {"all adds up", "sum: amount", "quarter", "rates: " LIST ", match: all", "2026-Q1",
     DEAL("1000", "100%", "+1/xscan/600 +2/scanners/300 +3/core/100"), "136"},
    {"lines that the measure leaves out pay nothing", "sum: amount, where: {category: scanners}",
     "quarter", FIRST, "2026-Q1", DEAL("1000", "100%", "+1/xscan/600 +2/scanners/300 +3/core/100"),
     "105"},
    {"plus gets no rate", "sum: amount, plus: 1000", "quarter", FIRST, "2026-Q1",
     DEAL("1000", "100%", ""), "10"},
    {"a line alone has its own rate", "sum: amount", "line", FIRST, "line:D-1/2",
     DEAL("1000", "50%", "+1/xscan/600 +2/scanners/300 +3/core/100"), "7.5"},
    {"a deal alone adds up its lines", "sum: amount, share: after", "deal", FIRST, "deal:D-1",
     DEAL("1000", "50%", "+1/xscan/600 +2/scanners/300 +3/core/100"), "53"},
    {"nothing is rounded before the window", "sum: amount", "quarter", FIRST, "2026-Q1",
     DEAL("1", "100%", "+1/xscan/0.03 +2/xscan/0.03 +3/scanners/0.94"), "0.06"},
    {"the largest amounts at the finest rate are exact", "sum: amount", "quarter",
     "rates: [{when: {product: a}, give: 0.0000001%}, {else: 100%}], match: first", "2026-Q1",
     DEAL("900000000000000", "100%", "+1/a/100000000000000 +2/b/800000000000000"),
     "800000000100000"},
};

static void earns(void **state)
{
    const struct rated *row = *state;
    struct bench bench;
    struct buffer plan = {0};
    char is[DECIMAL_TEXT_BYTES];
    bench_init(&bench);
    bench_must_control(&bench, "categories", "default", 1, "{xscan: scanners, scanners: devices}\n",
                       NULL, 0);
    buffer_printf(&plan,
                  "milepost: 1\nplan: ae\nversion: 1\ntitle: T\ncurrency: USD\ntimezone: UTC\n"
                  "calendar: {year-starts: 01-01}\n"
                  "effective: {from: 2026-01-01, until: 2028-01-01}\n"
                  "rounding: {to: 0.01, mode: half-even}\nmid-window: last\ncomponents:\n"
                  "  all:\n    measure: {of: deals, %s}\n    cancelled: {effect: recompute}\n"
                  "    over: %s\n    pays: {%s}\n",
                  row->measure, row->over, row->pays);
    buffer_append_byte(&plan, '\0');
    bench_must_plan(&bench, "ae", 1, plan.bytes);
    bench_must_assign(&bench, "person:jo", 1, "ae 2026-01-01 -");
    bench_drain(&bench);
    bench_must_deal(&bench, row->deal);
    decimal_format(bench_earned(&bench, "person:jo", "all", row->window), is);
    assert_string_equal(is, row->earned);
    bench_must_deal(&bench, "D-1 2 CANCELLED 2026-02-03 0 person:jo/owner/100%");
    decimal_format(bench_earned(&bench, "person:jo", "all", row->window), is);
    assert_string_equal(is, "0");
    assert_int_equal(bench_counters(&bench, BENCH_INCENTIVES).held, 0);
    buffer_deinit(&plan);
    bench_deinit(&bench);
}

/* --- the sums they need --- */

static void products_of_any_sign_add_up_and_go_out_again(void **state)
{
    (void)state;
    static const int64_t factors[] = {1, -1, 7, -1000000000000, 1000000000000, 0};
    static const int128 parts[] = {1, -1, INT128_MAX, -INT128_MAX, (int128)1 << 64, 0};
    struct wide_sum sum = {0};
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < 6; i++)
            for (size_t k = 0; k < 6; k++)
                wide_sum_add_product(&sum, round ? -parts[i] : parts[i], factors[k]);
    int128 value;
    assert_true(wide_sum_value(&sum, &value));
    assert_true(value == 0);
    wide_sum_add_product(&sum, -((int128)1 << 70), 3);
    assert_true(wide_sum_value(&sum, &value));
    assert_true(value == -((int128)3 << 70));
}

static void tens_are_cancelled_until_it_fits(void **state)
{
    (void)state;
    struct wide_sum sum = {0};
    struct rational is;
    int128 big = decimal_power(38); /* × 10^12 is far beyond 128 bits */
    wide_sum_add_product(&sum, -big, 1000000000000);
    assert_true(wide_sum_fraction(&sum, decimal_power(27), &is));
    assert_int_equal(rational_compare(is, (struct rational){-decimal_power(23), 1}), 0);
    assert_false(wide_sum_fraction(&sum, decimal_power(11), &is)); /* 10^39 is too much itself */
    wide_sum_add_product(&sum, 1, 1);
    assert_false(wide_sum_fraction(&sum, decimal_power(27), &is)); /* not a multiple of ten */
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_of_any_sign_add_up_and_go_out_again),
        cmocka_unit_test(tens_are_cancelled_until_it_fits),
    };
    return RUN_CASES(rows, earns) + cmocka_run_group_tests_name("engine.rates", tests, NULL, NULL);
}
