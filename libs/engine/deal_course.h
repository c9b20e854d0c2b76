/* What has happened to a deal: the cash that came for it and the milestones that stand.
 *
 * Rows of the deal carry it as absolute values (rows.h, struct credit), so that what is released
 * and what is counted `of: payments` hangs on one row, whatever came first. A payment of 0 is one
 * that was taken away: that is how a payment that moves to another deal is revoked. */
#ifndef MILEPOST_ENGINE_DEAL_COURSE_H
#define MILEPOST_ENGINE_DEAL_COURSE_H

#include "base/arena.h"
#include "engine/rows.h"

/* How many payments and how many milestones one deal may have, those taken away too. One more is
 * refused as `out-of-range`: every row of the deal carries them all. */
enum { DEAL_PAYMENTS_MAX = 1000, DEAL_MILESTONES_MAX = 1000 };

/* Zero-valid: nothing has happened. */
struct deal_course {
    struct list cash;    /* cash: by received_at, then payment_id */
    struct list reached; /* reached: each name once, by its first instant, then by name */
    bool takes_back;     /* what moves the rows now is a refund, or takes something away */
};

/* The cash of `payments` (in any order) of a deal in `currency`. Text is borrowed, the list is from
 * `scratch`. EXHAUSTED: that is full. */
enum status course_cash(const struct payment_row *payments, size_t count, struct slice currency,
                        struct arena *scratch, struct list *out) MUST_CHECK;

/* Of `milestones`, which are sorted by (reached_at, milestone_id), those that stand; likewise. */
enum status course_reached(const struct milestone_row *milestones, size_t count,
                           struct arena *scratch, struct list *out) MUST_CHECK;

/* Puts the course into a row, which has more than others then. */
void course_put(const struct deal_course *course, struct credit *credit);

#endif
