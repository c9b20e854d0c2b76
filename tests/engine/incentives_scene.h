/* What tests of the incentives fold share: plans, and what a book shows. */
#ifndef MILEPOST_TESTS_INCENTIVES_SCENE_H
#define MILEPOST_TESTS_INCENTIVES_SCENE_H

#include "support/engine_bench.h"

static inline int set_up(void **state)
{
    static struct bench bench;
    bench_init(&bench);
    *state = &bench;
    return 0;
}

static inline int tear_down(void **state)
{
    bench_deinit(*state);
    return 0;
}

#define HEAD(id, number)                                                                           \
    "milepost: 1\nplan: " id "\nversion: " number "\ntitle: T\ncurrency: USD\ntimezone: UTC\n"     \
    "calendar: {year-starts: 01-01}\neffective: {from: 2026-01-01, until: 2028-01-01}\n"           \
    "rounding: {to: 0.01, mode: half-even}\nmid-window: last\ncomponents:\n"

#define RATE(percent)                                                                              \
    "  all:\n    measure: {of: deals, sum: amount, role: [owner]}\n"                               \
    "    cancelled: {effect: recompute}\n    over: quarter\n    pays: {rate: " percent "}\n"

static const char rate_plan[] = HEAD("ae", "1") RATE("10%");
static const char rate_plan_2[] = HEAD("ae", "2") RATE("20%");

static const char goal_plan[] =
    HEAD("ae", "1") "  all:\n    measure: {of: deals, sum: amount}\n"
                    "    cancelled: {effect: recompute}\n    over: quarter\n"
                    "    goal: {from: roster, prorate: none, attainment: exact, zero: pending}\n"
                    "    pays:\n      curve:\n        on: attainment\n"
                    "        gives: percent-of-target\n"
                    "        points: [[50%, 0%], [100%, 100%], [150%, 300%]]\n"
                    "        below: nothing\n        above: {slope: 1}\n";

static const char deal_plan[] =
    HEAD("ae", "1") "  each:\n    measure: {of: deals, sum: amount, share: after}\n"
                    "    cancelled: {effect: recompute}\n    over: deal\n    pays: {rate: 10%}\n"
                    "    adjust: [{cap: {at: 50, per: deal}}]\n"
                    "  lines:\n    measure: {of: deals, sum: amount, where: {product: core}}\n"
                    "    cancelled: {effect: recompute}\n    over: line\n    pays: {rate: 1%}\n"
                    "  count:\n    measure: {of: deals, sum: count, count: credited}\n"
                    "    cancelled: {effect: recompute}\n    over: year\n    pays: {unit: 7}\n";

static inline const char *earned(struct bench *bench, const char *participant,
                                 const char *component, const char *window)
{
    static char text[DECIMAL_TEXT_BYTES];
    decimal_format(bench_earned(bench, participant, component, window), text);
    return text;
}

/* The payout written last but `back`: kind delta total sequence. */
static inline const char *paid(struct bench *bench, size_t back)
{
    static char text[300];
    char delta[DECIMAL_TEXT_BYTES];
    char total[DECIMAL_TEXT_BYTES];
    assert_true(back < bench->payouts.count);
    struct payout payout = bench_payout(bench, bench->payouts.count - 1 - back);
    decimal_format(payout.earned_delta, delta);
    decimal_format(payout.earned_total, total);
    snprintf(text, sizeof text, "%.*s %s of %s #%d", SLICE_ARGS(payout.kind), delta, total,
             (int)payout.sequence);
    return text;
}

static inline struct emitted_row emitted(struct bench *bench, const char *component,
                                         const char *window)
{
    struct emitted_row row;
    assert_true(bench_emitted(bench, "person:jo", "ae", component, window, &row));
    return row;
}

static inline void assign_jo(struct bench *bench)
{
    bench_must_plan(bench, "ae", 1, rate_plan);
    bench_must_assign(bench, "person:jo", 1, "ae 2026-01-01 -");
    bench_drain(bench);
}

static inline int64_t held(struct bench *bench)
{
    return bench_counters(bench, BENCH_INCENTIVES).held;
}

static inline int64_t waiting(struct bench *bench)
{
    return bench_counters(bench, BENCH_INCENTIVES).waiting;
}

/* Changes an emitted row behind the fold's back. */
static inline void tear_emitted(struct bench *bench, int64_t earned_total)
{
    struct slice key = {"person:jo\0eae\0all\0002026-Q1", 25};
    struct emitted_row row = emitted(bench, "all", "2026-Q1");
    row.earned = row.payable = decimal_of(earned_total);
    struct buffer value = {0};
    plain_encode(&emitted_row_shape, &row, &value);
    assert_non_null(store_find(bench->stores[1], key));
    store_turn_begin(bench->stores[1]);
    store_put(bench->stores[1], key, buffer_slice(&value));
    store_turn_keep(bench->stores[1]);
    buffer_deinit(&value);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
