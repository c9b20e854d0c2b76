/* `milestones`: thresholds of a running total, each with an optional deadline (PLAN-LANGUAGE
 * section 4).
 *
 * "Reached stays reached when a later-dated row is negative; it goes when the rows themselves
 * change. `plus` counts in the total. Months count from the window's start. Deadlines are judged by
 * the rows' own dates, in their order." */
#ifndef MILEPOST_PLAN_MECHANICS_MILESTONES_H
#define MILEPOST_PLAN_MECHANICS_MILESTONES_H

#include "base/decimal.h"
#include "base/slice.h"

enum { MILESTONES_MAX = 200, MONTHS_MAX = 1200 };

enum deadline_kind {
    DEADLINE_NONE,
    DEADLINE_WINDOW_END, /* by: end of window */
    DEADLINE_MONTH_END,  /* by: end of month N: window_month_until */
    DEADLINE_DATE,       /* by: 2026-03-31, that day included */
};

struct milestone_step {
    struct slice name; /* as written; where none is, the threshold as written */
    int128 reach;      /* in 10^-18, > 0 */
    bool gives_share;  /* of the total at the instant of reaching; otherwise an amount of money */
    struct decimal give;
    enum deadline_kind by;
    int32_t month; /* DEADLINE_MONTH_END: 1 … the window's months */
    int32_t until; /* DEADLINE_DATE: the first day that is too late */
};

struct milestones_terms {
    bool is_highest; /* award: highest: one lump sum, the highest by `reach` among those that pay;
                      * each: a series */
    bool is_passed;  /* boundary: passed (>); reached (≥) */
    struct decimal late; /* share of the award that is paid when reached after the deadline; 0:
                          * nothing */
    const struct milestone_step *steps; /* in the order written */
    int32_t count;
};

#endif
