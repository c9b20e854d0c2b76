/* `total`: what applies to the sum of a person's components, by pay period (PLAN-LANGUAGE
 * section 8).
 *
 * "The steps run multiply, cap, draw, minimum; components' own lines stay as they are; `window:
 * same` is the component's window that the pay period lies in." */
#ifndef MILEPOST_PLAN_TOTAL_H
#define MILEPOST_PLAN_TOTAL_H

#include "money/money.h"
#include "plan/when.h"

enum draw_kind {
    DRAW_NONE,
    DRAW_RECOVERABLE,     /* tops earnings up to the amount and takes it back later */
    DRAW_NON_RECOVERABLE, /* tops up for good */
    DRAW_LOAN,            /* paid on top of earnings and taken back from the next periods' pay */
};

struct draw {
    enum draw_kind kind;
    int64_t amount;          /* > 0, in smallest units of the currency */
    bool recovers_all;       /* recover: all takes everything above zero; surplus never takes pay
                              * below the draw */
    int32_t recovery_starts; /* the first period, from 1, in which it is taken back */
    bool is_paid_at_start;   /* pay: period-start: advanced, and what is earned counts against it at
                              * the end; otherwise period-end */
    bool is_restated;        /* restate-draws: yes: a late change re-runs the chain; otherwise it
                              * enters the open period as earnings */
};

enum total_per { TOTAL_PER_YEAR, TOTAL_PER_PERIOD };

struct plan_total {
    bool is_given;
    bool has_multiply;
    struct decimal factor;
    struct when multiply_when; /* without parts: always */
    bool has_cap;
    struct decimal cap;
    enum total_per cap_per;
    struct draw draw;
    bool has_minimum;
    struct decimal minimum; /* smaller balances are carried over */
};

/* `redeem`, for a plan in a declared unit: "earned stays in the unit". */
struct redeem {
    bool is_given;
    struct decimal rate; /* > 0: of `to` for one unit */
    struct currency to;
};

#endif
