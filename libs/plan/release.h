/* `release`: from earned to payable, and `attribution`: a deal's part of a window's pay
 * (PLAN-LANGUAGE sections 6 and 7).
 *
 * "A pipeline in this order: cash or approval share → hold-back of that." Cash share of a deal =
 * min(1, max(0, Σ payments / deal amount)). */
#ifndef MILEPOST_PLAN_RELEASE_H
#define MILEPOST_PLAN_RELEASE_H

#include "base/decimal.h"
#include "base/slice.h"
#include "calendar/duration.h"

enum release_when {
    RELEASE_EARNED,
    RELEASE_PAYMENT_RECEIVED,
    RELEASE_APPROVED,  /* milestones, results */
    RELEASE_MILESTONE, /* {milestone: go-live} of the deal */
    RELEASE_WINDOW_END,
};

enum holdback_until {
    HOLDBACK_NONE,
    HOLDBACK_AFTER_CLOSED,     /* `after` the deal's closed_at */
    HOLDBACK_AFTER_WINDOW_END, /* `after` the window's end */
    HOLDBACK_DATE,
};

/* A zeroed release releases at once what is earned. */
struct release {
    enum release_when when;
    struct slice milestone;       /* RELEASE_MILESTONE */
    enum holdback_until holdback; /* of what is released */
    struct decimal holdback_share;
    struct duration holdback_after;
    int32_t holdback_date;
    bool publishes_both; /* refund-before-payment: both-due publishes the release and its reversal;
                          * net, also when nothing is said, neither. Amounts are the same */
    bool has_terms;
    struct duration net; /* `terms`: sets due_on and changes no amount */
};

/* symbol, word in plans */
#define ATTRIBUTION_LIST(ROW)                                                                      \
    ROW(ATTRIBUTION_NONE, "")                                                                      \
    /* A row's part is pays(rows up to and with it) − pays(rows before it), before adjust, whose \
     * effect is spread in proportion; `plus` and `add` belong to no deal. */                      \
    ROW(ATTRIBUTION_SLICES, "slices")                                                              \
    ROW(ATTRIBUTION_PRO_RATA, "pro-rata") /* in proportion to the measure */

#define ATTRIBUTION_SYMBOL(symbol, name) symbol,
enum attribution { ATTRIBUTION_LIST(ATTRIBUTION_SYMBOL) ATTRIBUTION_COUNT };
#undef ATTRIBUTION_SYMBOL

#endif
