/* Rows over both folds: facts, and what the keys of person:jo in plan `ae` are worth then. Include
 * after cmocka.h. */
#ifndef MILEPOST_TESTS_WORTH_ROWS_H
#define MILEPOST_TESTS_WORTH_ROWS_H

#include "support/case.h"
#include "support/engine_bench.h"

/* What a row leaves out at its end is NULL. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

enum { WORTH_FACTS = 7, WORTH_KEYS = 5 };

struct worth {
    const char *component;
    const char *window; /* NULL: all keys together, and only what they earned */
    const char *earned;
    const char *payable; /* NULL: not asked */
    const char *pending; /* the one reason; NULL: none */
};

struct worth_case {
    const char *label;
    const char *plan;               /* its components, as YAML, or all of it */
    const char *facts[WORTH_FACTS]; /* as bench_give takes them */
    struct worth worth[WORTH_KEYS];
    const char *assigned; /* NULL: ae 2026-01-01 - */
};

static inline void worth_publish(struct bench *bench, const char *plan)
{
    struct buffer text = {0};
    if (strncmp(plan, "milepost:", 9) != 0)
        buffer_printf(&text,
                      "milepost: 1\nplan: ae\nversion: 1\ntitle: T\ncurrency: USD\ntimezone: UTC\n"
                      "calendar: {year-starts: 01-01}\n"
                      "effective: {from: 2026-01-01, until: 2028-01-01}\n"
                      "rounding: {to: 0.01, mode: half-even}\nmid-window: last\ncomponents:\n");
    buffer_printf(&text, "%s", plan);
    buffer_append_byte(&text, '\0');
    bench_must_plan(bench, "ae", 1, text.bytes);
    buffer_deinit(&text);
}

static inline void assert_money(const struct worth *worth, const char *what, struct decimal value,
                                const char *expected)
{
    char is[DECIMAL_TEXT_BYTES];
    decimal_format(value, is);
    if (strcmp(is, expected) != 0)
        fail_msg("%s %s: %s %s instead of %s", worth->component,
                 worth->window ? worth->window : "in all", what, is, expected);
}

/* By the payouts, and by the row that the book keeps of them. */
static inline void assert_worth(struct bench *bench, const struct worth *worth)
{
    struct emitted_row row = {0};
    assert_money(worth, "earned", bench_earned(bench, "person:jo", worth->component, worth->window),
                 worth->earned);
    if (!worth->window)
        return;
    (void)bench_emitted(bench, "person:jo", "ae", worth->component, worth->window, &row);
    assert_money(worth, "emitted as earned", row.earned, worth->earned);
    if (worth->payable)
        assert_money(worth, "payable", row.payable, worth->payable);
    const struct slice *pending = row.pending.items;
    if (row.pending.count != (worth->pending ? 1 : 0) ||
        (worth->pending && !slice_equal(pending[0], slice_of(worth->pending))))
        fail_msg("%s %s: %zu reasons, the first %.*s, instead of %s", worth->component,
                 worth->window, row.pending.count, row.pending.count ? (int)pending[0].length : 0,
                 row.pending.count ? pending[0].bytes : "",
                 worth->pending ? worth->pending : "none");
}

/* Nothing is held, and a book read anew, by the folds as they are and by new ones, differs in
 * nothing. */
static inline void assert_settled(struct bench *bench)
{
    size_t payouts = bench->payouts.count;
    bench_read_all(bench);
    bench_restart(bench);
    bench_read_all(bench);
    assert_int_equal(bench->payouts.count, payouts);
    assert_int_equal(bench_counters(bench, BENCH_INCENTIVES).held, 0);
    assert_int_equal(bench_counters(bench, BENCH_CREDITING).held, 0);
}

static inline void worth_run(const struct worth_case *row, bool is_backwards, bool is_late)
{
    static struct bench bench;
    size_t count = 0;
    bench_init(&bench);
    bench_must_assign(&bench, "person:jo", 1, row->assigned ? row->assigned : "ae 2026-01-01 -");
    if (!is_late)
        worth_publish(&bench, row->plan);
    bench_drain(&bench);
    while (count < WORTH_FACTS && row->facts[count])
        count++;
    for (size_t i = 0; i < count; i++)
        bench_give(&bench, row->facts[is_backwards ? count - 1 - i : i]);
    if (is_late)
        worth_publish(&bench, row->plan);
    bench_drain(&bench);
    for (size_t i = 0; i < WORTH_KEYS && row->worth[i].component; i++)
        assert_worth(&bench, &row->worth[i]);
    assert_settled(&bench);
    bench_deinit(&bench);
}

/* A row's test: as written, backwards, and with the plan behind the facts. */
static inline void is_worth(void **state)
{
    worth_run(*state, false, false);
    worth_run(*state, true, false);
    worth_run(*state, false, true);
}

/* The payout written last: its kind, delta and cause. */
static inline const char *last_paid(struct bench *bench)
{
    static char text[300];
    char delta[DECIMAL_TEXT_BYTES];
    struct payout payout = bench_last_payout(bench);
    decimal_format(payout.earned_delta, delta);
    snprintf(text, sizeof text, "%.*s %s by %.*s of %.*s", SLICE_ARGS(payout.kind), delta,
             SLICE_ARGS(payout.cause.topic), SLICE_ARGS(payout.cause.deal_id));
    return text;
}

#endif
