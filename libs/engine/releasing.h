/* `release`: from earned to payable (PLAN-LANGUAGE section 6), and what a cancellation takes back
 * (section 3). Internal to libs/engine.
 *
 * "Cash or approval share → hold-back of that": the share of a row is a function of its credit and
 * of its deal's own row (row_release_of) and stands with the row in its window's tree; days stand
 * there as days, so that the business date moves no row.
 *
 * Where the page leaves room:
 *   - payments, milestones and approvals count as soon as they are known; the business date moves
 *     hold-backs and the window's end. A hold-back ends on the day that `until` names;
 *   - an event of no deal has nothing to be paid, and reaches no milestone of a deal;
 *   - a payment in another currency than the deal's is left out, and the key says so;
 *   - what belongs to no row is released at once, but for `window-end` before that day. Without
 *     attribution that is the whole window: a hold-back holds its share, and it is approved when
 *     every row that counts in it is;
 *   - `paid-only` goes by what happened up to cancelled_at, by days up to its day, also for what is
 *     released of the deal from then on; it takes back between nothing and what had been
 *     released, whatever the sign of either;
 *   - taking back stands behind adjust. It is released, with `original-rate`, as the deal's part
 *     is; `basis: rate` takes the part as it would be without the component's floors. */
#ifndef MILEPOST_ENGINE_RELEASING_H
#define MILEPOST_ENGINE_RELEASING_H

#include "engine/pay_parts.h"

/* Whether anything of what is earned may not be payable at once. */
static inline bool is_releasing(const struct plan_component *component)
{
    return component->release.when != RELEASE_EARNED ||
           component->release.holdback != HOLDBACK_NONE;
}

/* Whether a cancellation takes back. */
static inline bool is_taking_back(const struct plan_component *component)
{
    return component->cancelled.effect == CANCELLED_ORIGINAL_RATE ||
           component->cancelled.effect == CANCELLED_PAID_ONLY;
}

/* Whether a row's release hangs on what has happened to its deal, which the deal's own row says. */
static inline bool follows_course(const struct plan_component *component)
{
    return component->release.when == RELEASE_PAYMENT_RECEIVED ||
           component->release.when == RELEASE_MILESTONE;
}

/* Whether `row` says what has happened to its deal: then it is asked for every row of the deal. */
static inline bool says_course(const struct credit *row)
{
    return !row->is_withdrawn && (row->kind == CREDIT_DEAL || row->has_deal_amount);
}

/* What `credit` has of its release in a window that ends on `window_until`. `course`: the row that
 * says what has happened to its deal, itself or another; NULL: it is of no deal. OUT_OF_RANGE: a
 * date is none. */
enum status row_release_of(const struct plan *plan, const struct plan_component *component,
                           const struct credit *credit, const struct credit *course,
                           int32_t window_until, struct row_release *out) MUST_CHECK;

/* Whether a payment that `course` (may be NULL) has is in another currency than the deal, where
 * payments are waited for. */
bool has_foreign_cash(const struct plan_component *component, const struct credit *course);

/* Whether the credit counts and is not approved, where the component waits for that. */
bool row_waits_for_approval(const struct plan_component *component, const struct credit *credit);

/* Makes `*out`, which is none yet, what is released of the parts in a window whose pay a gate
 * withholds or not. Fails as worth_of. */
enum status release_parts(const struct pay_parts *parts, bool is_withheld,
                          struct exact *out) MUST_CHECK;

/* A row whose deal was cancelled, and the share that is taken back of its part. */
struct take {
    const struct ordered_row *row;
    struct rational share;
};

/* The share that the component takes back of a deal that was cancelled. OUT_OF_RANGE as above. */
enum status taken_share(const struct plan *plan, const struct plan_component *component,
                        const struct credit *credit, struct rational *out) MUST_CHECK;

/* Whether the credit's cancellation takes back. */
static inline bool is_taken_back(const struct plan_component *component,
                                 const struct credit *credit)
{
    return is_taking_back(component) && credit->status == DEAL_CANCELLED &&
           credit->has_cancelled_at;
}

/* Adds what is taken back of the row to both. `parts` and `bare` are of the window that the row
 * counts in: as it is, and without floors (or the same). Fails as worth_of. */
enum status take_row(const struct pay_parts *parts, const struct pay_parts *bare, bool is_withheld,
                     const struct take *take, struct exact *earned,
                     struct exact *payable) MUST_CHECK;

#endif
