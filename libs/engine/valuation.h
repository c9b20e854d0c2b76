/* A window on its way through measure, goal and mechanic: what worth.h, pay_parts.h and taking.h
 * are computed from. Internal to libs/engine. */
#ifndef MILEPOST_ENGINE_VALUATION_H
#define MILEPOST_ENGINE_VALUATION_H

#include "engine/measure_row.h"
#include "engine/worth.h"

/* Begun with valuation_of. What it looks up around itself it looks up once. */
struct valuation {
    const struct plan *plan;
    const struct plan_component *component;
    const struct window_figures *figures;
    const struct window_sums *sums;
    const struct given_pay *given; /* NULL: the mechanic pays */
    const struct surroundings *around;
    struct pay_input input;
    bool has_goal;
    bool is_zero_goal;   /* the goal is 0: `zero` says what that pays */
    bool is_zero_actual; /* direction: lower, and the actual is 0: the cap is earned */
    bool has_baseline;   /* it is known; 0 where the component has none */
    struct rational baseline;
    bool has_other; /* the attainment that `on: {attainment-of: …}` names is looked up … */
    bool waits_for_other;
    struct rational other;
    bool is_cut;                    /* only rows up to … */
    const struct ordered_row *last; /* … this one count; NULL: no row */
};

struct valuation valuation_of(const struct plan *plan, const struct plan_component *component,
                              const struct window_sums *sums, const struct window_figures *figures,
                              const struct surroundings *around);

/* X, from rows that count or, for who looks at a window without any, from none. What it lacks goes
 * into `pending`. Fails as worth_of. */
enum status valuation_measure(struct valuation *valuation, uint32_t *pending) MUST_CHECK;

/* X before any baseline. */
enum status valuation_measure_gross(struct valuation *valuation) MUST_CHECK;

/* The goal that holds, and how far the measure has come; as `worth` shows them. */
enum status valuation_attain(struct valuation *valuation, struct worth *worth) MUST_CHECK;

/* What the roster still lacks for this key to be valued: bits of reasons. */
uint32_t valuation_lacks(const struct valuation *valuation);

/* Y by the mechanic. */
enum status valuation_run(struct valuation *valuation, struct pay_result *out) MUST_CHECK;

/* "pays(rows up to and with it)": what the mechanic of `whole` would pay for the rows up to
 * `until`, everything else being as it is. 0 where that waits. */
enum status valuation_pays_until(const struct valuation *whole, const struct ordered_sums *until,
                                 struct rational *out) MUST_CHECK;

#endif
