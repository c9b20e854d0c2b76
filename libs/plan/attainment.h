/* Attainment: a measure against its goal, in the words of the plan's `goal:`. */
#ifndef MILEPOST_PLAN_ATTAINMENT_H
#define MILEPOST_PLAN_ATTAINMENT_H

#include "plan/plan.h"

/* A of measure X against `goal`, which is not 0, by direction and precision; 1 = 100 %.
 * With direction: lower, X is not 0 either. STATUS_OUT_OF_RANGE when it does not fit. */
enum status attainment_of(const struct goal *terms, struct rational actual, struct rational goal,
                          struct rational *out) MUST_CHECK;

/* `value` (1 = 100 %) in whole percents: the largest not above it, or the nearest, half a percent
 * going up. STATUS_OUT_OF_RANGE when it does not fit. */
enum status whole_percent(struct rational value, bool is_nearest, struct rational *out) MUST_CHECK;

/* The pay `pay` after one adjustment; `target` is looked at for a share of it. */
enum status adjustment_apply(const struct adjustment *adjustment, struct rational pay,
                             struct rational target, struct rational *out) MUST_CHECK;

#endif
