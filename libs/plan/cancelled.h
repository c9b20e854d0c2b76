/* `cancelled`: what a cancellation does to pay (PLAN-LANGUAGE section 3).
 *
 * "`effect` is about status CANCELLED; every other amendment recomputes." What is taken back
 * belongs to the window of `cancelled_at`. */
#ifndef MILEPOST_PLAN_CANCELLED_H
#define MILEPOST_PLAN_CANCELLED_H

#include "base/decimal.h"
#include "calendar/duration.h"

/* symbol, word in plans */
#define CANCELLED_LIST(ROW)                                                                        \
    ROW(CANCELLED_RECOMPUTE, "recompute") /* as if the deal had never been; part of its window */  \
    /* The deal keeps its place in the running total and its own attributed part is taken back. */ \
    ROW(CANCELLED_ORIGINAL_RATE, "original-rate")                                                  \
    /* So too, but never more than had been released for it by dates up to cancelled_at; payable   \
     * at once and in full, and nothing more is released for that deal. */                         \
    ROW(CANCELLED_PAID_ONLY, "paid-only")                                                          \
    ROW(CANCELLED_NEVER, "never") /* what was earned stays */

#define CANCELLED_SYMBOL(symbol, name) symbol,
enum cancelled_effect { CANCELLED_LIST(CANCELLED_SYMBOL) CANCELLED_COUNT };
#undef CANCELLED_SYMBOL

enum { TAKE_STEPS_MAX = 32 };

/* Of a schedule by age, from closed_at to cancelled_at: younger than `until` takes `take`. */
struct take_step {
    struct duration until; /* after closed_at; exclusive, rising */
    struct decimal take;   /* 0 … 1 */
};

/* The share that is taken back, for original-rate and paid-only: by `steps` where there are some
 * ("nothing after"), by `linear` where it has a length ("by days, from 100 % at closed_at to 0 at
 * the term's end; the last day of a shorter month"), else `take`. */
struct cancelled {
    enum cancelled_effect effect;
    struct decimal take; /* 1 when nothing is said */
    const struct take_step *steps;
    size_t step_count;
    struct duration linear; /* 0 days and months: none */
    bool takes_earned;      /* basis: earned: a floor that had lifted the deal's pay is taken back
                             * too; basis: rate leaves what the floor added */
};

#endif
