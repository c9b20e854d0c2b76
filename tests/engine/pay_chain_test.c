/* Fast against obvious over random `total`s and periods; and what one row of either comes to. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "engine/obvious.h"
#include "engine/pay_chain.h"

enum { HISTORIES = 20000, PERIODS_MAX = 16, TEXT_BYTES = 1024 };

/* --- chance --- */

static uint64_t drawn;

static uint32_t draw(uint32_t below)
{
    uint64_t z = drawn += 0x9E3779B97F4A7C15u; /* splitmix64 */
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ (z >> 31)) >> 32) % below;
}

static const char *pick(const char *const *words, uint32_t count)
{
    return words[draw(count)];
}

#define PICK(...)                                                                                  \
    pick((const char *const[]){__VA_ARGS__},                                                       \
         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void write_plan(char out[TEXT_BYTES])
{
    const char *kind = PICK("recoverable, recover: surplus", "recoverable, recover: all",
                            "non-recoverable", "loan");
    char starts[48] = "";
    char step[4][160] = {"", "", "", ""};
    if (draw(2) && kind[0] == 'r')
        snprintf(starts, sizeof starts, ", recovery-starts: period %u", 1 + draw(6));
    if (draw(2))
        snprintf(step[0], sizeof step[0], "  multiply: {by: %s%s}\n",
                 PICK("200%", "33.333%", "75%", "0%", "-50%"),
                 draw(2) ? ", when: {component: c, attainment: \">= 110%\", window: same}" : "");
    if (draw(2))
        snprintf(step[1], sizeof step[1], "  cap: {at: %s, per: %s}\n",
                 PICK("1000", "2500.50", "500"), PICK("year", "period"));
    if (draw(4))
        snprintf(step[2], sizeof step[2], "  draw: {amount: %s, kind: %s%s, pay: %s}\n",
                 PICK("1000", "333.33", "2000"), kind, starts, PICK("period-end", "period-start"));
    if (draw(2))
        snprintf(step[3], sizeof step[3], "  minimum-payment: %s\n", PICK("50", "999.99"));
    snprintf(out, TEXT_BYTES,
             "milepost: 1\nplan: ae\nversion: 1\ntitle: T\ncurrency: USD\ntimezone: UTC\n"
             "calendar: {year-starts: %s}\neffective: {from: 2026-01-01}\n"
             "rounding: {to: %s, mode: %s}\nmid-window: last\ncomponents:\n"
             "  c:\n    measure: {of: deals, sum: amount}\n    cancelled: {effect: recompute}\n"
             "    over: month\n    goal: {fixed: 100, attainment: exact}\n    pays: {rate: 10%%}\n"
             "total:\n%s%s%s%s",
             PICK("01-01", "04-06"), PICK("0.01", "0.05", "1"),
             PICK("half-even", "half-up", "toward-zero", "away-from-zero"), step[0], step[1],
             step[2], step[3]);
}

static size_t draw_periods(struct obvious_period *out)
{
    size_t count = 1 + draw(PERIODS_MAX);
    int32_t day = 20454 + (int32_t)draw(200);
    for (size_t i = 0; i < count; i++, day += 30) {
        int64_t cents = draw(3) ? (int64_t)draw(300000) : 100000 * (int64_t)draw(3);
        if (draw(6) == 0)
            cents = -cents / 3;
        out[i] = (struct obvious_period){.from = day,
                                         .until = day + 30,
                                         .is_closed = i + 1 < count || draw(2),
                                         .holds = draw(2) == 1,
                                         .earned = {(int128)cents * 10000000}};
    }
    return count;
}

/* --- comparing --- */

static enum status utc(void *self, struct slice zone, int32_t from, int32_t until,
                       struct arena *arena, struct zone *out, char detail[DETAIL_BYTES])
{
    (void)self;
    (void)zone;
    (void)from;
    (void)until;
    (void)arena;
    (void)detail;
    *out = (struct zone){0};
    return STATUS_OK;
}

static const struct plan *read(const char *text, struct arena *arena)
{
    static const struct plan_sources sources = {.zone = utc, .reads_all = true};
    const struct plan *plan = NULL;
    struct reports reports;
    reports_init(&reports, arena);
    if (plan_parse(slice_of(text), SLICE("plan.yaml"), arena, &sources, &reports, &plan))
        return NULL; /* a total without a step, say */
    return plan;
}

static void assert_money(int64_t units, struct decimal wanted, const char *what, size_t period,
                         const char *text)
{
    if (money_to_decimal(units, 2).units != wanted.units)
        fail_msg("period %zu: %s is %lld cents, not %lld\n%s", period + 1, what, (long long)units,
                 (long long)(wanted.units / 10000000), text);
}

static bool compare(const char *text, struct obvious_period *periods, size_t count)
{
    struct arena arena;
    char detail[DETAIL_BYTES];
    struct pay_chain chain = {0};
    arena_init_growing(&arena, (size_t)4 << 20);
    const struct plan *plan = read(text, &arena);
    if (plan && obvious_pay_periods(slice_of(text), periods, count, &arena, detail))
        fail_msg("obvious: %s\n%s", detail, text);
    for (size_t i = 0; plan && i < count; i++) {
        struct chain_pay pay;
        struct chain_period period = {.from = periods[i].from,
                                      .is_closed = periods[i].is_closed,
                                      .is_assigned = true,
                                      .holds = periods[i].holds};
        assert_int_equal(money_from_decimal(periods[i].earned, 2, &period.earned), STATUS_OK);
        assert_int_equal(pay_chain_next(&chain, plan, &period, &pay), STATUS_OK);
        assert_money(pay.payable, periods[i].payable, "payable", i, text);
        assert_money(pay.draw_paid, periods[i].draw_paid, "draw_paid", i, text);
        assert_money(pay.draw_owed, periods[i].draw_owed, "draw_owed", i, text);
    }
    arena_deinit(&arena);
    return plan != NULL;
}

static void pays_as_the_obvious_evaluator_does(void **state)
{
    const char *seed = getenv("MILEPOST_SEED");
    size_t compared = 0;
    (void)state;
    drawn = seed ? strtoull(seed, NULL, 10) : 1;
    printf("seed %llu\n", (unsigned long long)drawn);
    for (int i = 0; i < HISTORIES; i++) {
        char text[TEXT_BYTES];
        struct obvious_period periods[PERIODS_MAX];
        write_plan(text);
        compared += compare(text, periods, draw_periods(periods));
    }
    printf("%zu totals compared\n", compared);
    assert_true(compared > HISTORIES / 2);
}

static void nothing_is_drawn_where_nobody_is_assigned(void **state)
{
    struct arena arena;
    struct pay_chain chain = {0};
    struct chain_pay pay;
    (void)state;
    arena_init_growing(&arena, (size_t)4 << 20);
    const struct plan *plan =
        read("milepost: 1\nplan: ae\nversion: 1\ntitle: T\ncurrency: USD\ntimezone: UTC\n"
             "calendar: {year-starts: 01-01}\neffective: {from: 2026-01-01}\n"
             "rounding: {to: 0.01, mode: half-even}\nmid-window: last\ncomponents:\n"
             "  c:\n    measure: {of: deals, sum: amount}\n    cancelled: {effect: recompute}\n"
             "    over: month\n    pays: {rate: 10%}\n"
             "total: {draw: {amount: 1000, kind: recoverable, recover: surplus}}\n",
             &arena);
    assert_non_null(plan);
    struct chain_period period = {
        .from = 20454, .is_closed = true, .is_assigned = true, .earned = 40000};
    assert_int_equal(pay_chain_next(&chain, plan, &period, &pay), STATUS_OK);
    assert_int_equal(pay.draw_owed, 60000);
    period.is_assigned = false;
    period.earned = 500000;
    assert_int_equal(pay_chain_next(&chain, plan, &period, &pay), STATUS_OK);
    assert_int_equal(pay.payable, 500000);
    assert_int_equal(pay.draw_owed, 60000);
    arena_deinit(&arena);
}

static void what_does_not_fit_changes_nothing(void **state)
{
    struct arena arena;
    struct pay_chain chain = {.carried = INT64_MAX};
    struct chain_pay pay = {.payable = 7};
    (void)state;
    arena_init_growing(&arena, (size_t)4 << 20);
    const struct plan *plan =
        read("milepost: 1\nplan: ae\nversion: 1\ntitle: T\ncurrency: USD\ntimezone: UTC\n"
             "effective: {from: 2026-01-01}\nrounding: {to: 0.01, mode: half-even}\ncomponents:\n"
             "  c:\n    measure: {of: deals, sum: amount}\n    cancelled: {effect: recompute}\n"
             "    over: deal\n    pays: {rate: 10%}\ntotal: {minimum-payment: 50}\n",
             &arena);
    assert_non_null(plan);
    struct chain_period period = {.from = 20454, .is_closed = true, .earned = 1};
    assert_int_equal(pay_chain_next(&chain, plan, &period, &pay), STATUS_OUT_OF_RANGE);
    assert_int_equal(pay.payable, 7);
    assert_int_equal(chain.periods, 0);
    arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pays_as_the_obvious_evaluator_does),
        cmocka_unit_test(nothing_is_drawn_where_nobody_is_assigned),
        cmocka_unit_test(what_does_not_fit_changes_nothing),
    };
    return cmocka_run_group_tests_name("engine.pay_chain", tests, NULL, NULL);
}
