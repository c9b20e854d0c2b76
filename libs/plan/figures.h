/* Goal and target incentive of a window: what the roster's assignments say, as `goal` and
 * `mid-window` read it (PLAN-LANGUAGE sections 2 and 3).
 *
 * In this order: a yearly goal falls on the windows by the roster's weights, else by the plan's
 * `weights`; `ramp` scales it by the window's number since its assignment began; `mid-window` makes
 * one figure of several assignments; `prorate` scales the goal, and T with it, for days not
 * assigned. All exact.
 *
 * Where the page leaves room:
 *   - days of two assignments to one plan that overlap are assigned once for `prorate`, and weigh
 *     for each of them in `blend`;
 *   - in `prorate: months` a month counts whole when any of its days is assigned, as in the common
 *     formula "12 - month + 1"; months count from the window's start;
 *   - with `ramp-from: next-window` a partial first window, which lies before the ramp, has its
 *     first share; one that the assignment fills is number 1 either way;
 *   - `blend` has no figure when one of the assignments in the window has none;
 *   - a part of a window has the whole window's figures, and counts as it for weights and ramp;
 *     `prorate` scales them by the part's assigned days among all days of the window. */
#ifndef MILEPOST_PLAN_FIGURES_H
#define MILEPOST_PLAN_FIGURES_H

#include "plan/fact.h"
#include "plan/plan.h"

struct goal_figures {
    bool has_goal; /* of the roster, or fixed */
    bool has_target;
    struct rational goal;
    struct rational target;
};

/* For one window of `component`, or a part of it, `span` (over, from, until) with the id `window`,
 * from all
 * `assignments` (list of struct assignment) of the participant, of which those to the plan count;
 * the target only when `wants_target`. STATUS_OUT_OF_RANGE when a figure does not fit. */
enum status goal_figures(const struct list *assignments, const struct plan *plan,
                         const struct plan_component *component, const struct window_span *span,
                         struct slice window, bool wants_target,
                         struct goal_figures *out) MUST_CHECK;

/* The goal called `name`, an objective of a scorecard, in the last assignment of the window; false
 * when the roster has none for it. */
bool goal_named(const struct list *assignments, const struct plan *plan, struct slice name,
                const struct window_span *span, struct slice window, struct rational *out);

/* The part of the window that the participant is assigned to the plan for, 0 … 1, by days or
 * months; 1 for PRORATE_NONE. Rounded half-even to `places`, unless that is
 * PRORATE_PLACES_EXACT. */
enum status assigned_part(const struct list *assignments, const struct plan *plan,
                          const struct window_span *span, enum prorate by, int32_t places,
                          struct rational *out) MUST_CHECK;

#endif
