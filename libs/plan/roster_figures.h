/* Goals, target incentives and baselines of an assignment, as roster files write them
 * (PLAN-LANGUAGE section 11). */
#ifndef MILEPOST_PLAN_ROSTER_FIGURES_H
#define MILEPOST_PLAN_ROSTER_FIGURES_H

#include "base/shape.h"
#include "plan/reading.h"

/* Each reads a map into a list of struct figure; false when something was reported.
 *
 *   - goals: {COMPONENT: FORM}; a scorecard's plans from the roster stand under the objectives'
 *     names;
 *   - target: FORM, for every component, or {COMPONENT: FORM};
 *   - baseline: {COMPONENT: {2025-Q1: 100000}}.
 *
 * FORM is {annual: N}, {annual: N, weights: [20%, 20%, 20%, 40%]}, {window: N} or
 * {by-window: {2026-Q1: N}}. */
bool figures_parse(struct reading *reading, const struct node *node, struct list *out);
bool targets_parse(struct reading *reading, const struct node *node, struct list *out);
bool baselines_parse(struct reading *reading, const struct node *node, struct list *out);

#endif
