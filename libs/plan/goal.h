/* `goal`: what a measure is held against (PLAN-LANGUAGE section 3). */
#ifndef MILEPOST_PLAN_GOAL_H
#define MILEPOST_PLAN_GOAL_H

#include "base/decimal.h"

/* symbol, word in plans */
#define GOAL_PRECISION_LIST(ROW)                                                                   \
    ROW(ATTAINMENT_EXACT, "exact")                                                                 \
    ROW(ATTAINMENT_WHOLE_DOWN, "whole-percent-down")                                               \
    ROW(ATTAINMENT_WHOLE_NEAREST, "whole-percent-nearest")

#define GOAL_ZERO_LIST(ROW)                                                                        \
    ROW(ZERO_FULL_TARGET, "full-target") /* a goal of 0: the target incentive is earned in full */ \
    ROW(ZERO_NOTHING, "nothing")         /* pays nothing */                                        \
    ROW(ZERO_PENDING, "pending")         /* waits for another goal */

/* What days that are not assigned do to a goal and its target, or to pay. */
#define PRORATE_LIST(ROW)                                                                          \
    ROW(PRORATE_NONE, "none")                                                                      \
    ROW(PRORATE_DAYS, "days")                                                                      \
    ROW(PRORATE_MONTHS, "months")

#define GOAL_SYMBOL(symbol, name) symbol,
enum goal_precision { GOAL_PRECISION_LIST(GOAL_SYMBOL) GOAL_PRECISION_COUNT };
enum goal_zero { GOAL_ZERO_LIST(GOAL_SYMBOL) GOAL_ZERO_COUNT };
enum prorate { PRORATE_LIST(GOAL_SYMBOL) PRORATE_COUNT };
#undef GOAL_SYMBOL

enum { WEIGHTS_MAX = 12, RAMP_MAX = 120, PRORATE_PLACES_MAX = 12, PRORATE_PLACES_EXACT = -1 };

struct goal {
    bool is_from_roster;  /* otherwise `fixed`, the same in every window */
    struct decimal fixed; /* > 0 */
    bool is_lower_better; /* direction: lower: attainment is goal / actual, and an actual of 0 earns
                           * what the component's first cap without a condition allows */
    enum goal_precision precision;
    enum goal_zero zero;
    const struct decimal *weights; /* of the windows of a year, in their order; they total 1; NULL:
                                    * equal parts. They fall on yearly (`annual`) goals only */
    size_t weight_count;
    const struct decimal *ramp; /* by window since the assignment began; past its end 1 */
    size_t ramp_count;
    bool is_ramp_from_next; /* ramp-from: next-window: the first, partial window is not number 1 */
    enum prorate prorate;   /* scales the goal and T; weights and ramp scale the goal only */
    int32_t prorate_places; /* `decimals`: the factor is rounded half-even to so many places;
                             * PRORATE_PLACES_EXACT: not at all */
};

/* `baseline: {same-window: last-year}`: only growth over it counts. Stands under `goal`, also where
 * there is no goal. */
struct baseline {
    bool is_given;
    bool counts_negative; /* negative: count; otherwise growth is not below 0 */
};

#endif
