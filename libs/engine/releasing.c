#include "engine/releasing.h"

/* --- one row --- */

/* What happened up to then counts. */
struct horizon {
    int64_t at;
    int32_t date;
};

static enum status horizon_of(const struct plan *plan, const struct plan_component *component,
                              const struct credit *credit, struct horizon *out)
{
    *out = (struct horizon){INT64_MAX, INT32_MAX};
    if (component->cancelled.effect != CANCELLED_PAID_ONLY || !is_taken_back(component, credit))
        return STATUS_OK;
    out->at = credit->cancelled_at;
    return zone_date_at(plan->zone, credit->cancelled_at, &out->date);
}

bool row_waits_for_approval(const struct plan_component *component, const struct credit *credit)
{
    return component->release.when == RELEASE_APPROVED && !credit->has_approved_at;
}

/* "Cash share of a deal = min(1, max(0, Σ payments / deal amount)); a deal of amount 0 counts as
 * paid when closed." */
static struct rational cash_share(const struct credit *course, const struct horizon *horizon)
{
    const struct cash *cash = course->cash.items;
    int128 amount = course->has_deal_amount ? course->deal_amount.units : course->amount.units;
    int128 paid = 0; /* of at most 1,000 amounts of 93 bits */
    struct rational share;
    if (amount == 0)
        return RATIONAL_ONE;
    for (size_t i = 0; i < course->cash.count; i++) {
        if (cash[i].currency.length == 0 && cash[i].received_at <= horizon->at)
            paid += cash[i].amount.units;
    }
    if (rational_of_ratio(paid, amount, &share))
        return RATIONAL_ZERO;
    return rational_max(RATIONAL_ZERO, rational_min(RATIONAL_ONE, share));
}

bool has_foreign_cash(const struct plan_component *component, const struct credit *course)
{
    if (component->release.when != RELEASE_PAYMENT_RECEIVED || !course)
        return false;
    const struct cash *cash = course->cash.items;
    for (size_t i = 0; i < course->cash.count; i++) {
        if (cash[i].currency.length > 0)
            return true;
    }
    return false;
}

/* "{milestone: go-live} (of the deal)" */
static bool has_reached(const struct credit *course, struct slice milestone,
                        const struct horizon *horizon)
{
    const struct reached *reached = course->reached.items;
    for (size_t i = 0; i < course->reached.count; i++) {
        if (slice_equal(reached[i].milestone, milestone) && reached[i].reached_at <= horizon->at)
            return true;
    }
    return false;
}

static struct rational share_of(const struct plan_component *component, const struct credit *credit,
                                const struct credit *course, const struct horizon *horizon,
                                int32_t window_until)
{
    switch (component->release.when) {
    case RELEASE_EARNED:
        break;
    case RELEASE_PAYMENT_RECEIVED:
        if (course && course->counts_as_paid && component->release.publishes_both)
            return RATIONAL_ONE;
        return course ? cash_share(course, horizon) : RATIONAL_ONE;
    case RELEASE_APPROVED:
        return rational_of(credit->has_approved_at && credit->approved_at <= horizon->at);
    case RELEASE_MILESTONE:
        return rational_of(course && has_reached(course, component->release.milestone, horizon));
    case RELEASE_WINDOW_END:
        return rational_of(window_until <= horizon->date);
    }
    return RATIONAL_ONE;
}

/* The day on which a hold-back ends, of the deal or of the window; HELD_FOR_EVER where that is no
 * day. */
static int32_t holdback_end(const struct plan *plan, const struct release *release,
                            int64_t closed_at, int32_t window_until)
{
    int32_t from = window_until;
    int32_t end;
    if (release->holdback == HOLDBACK_DATE)
        return release->holdback_date;
    if (release->holdback == HOLDBACK_AFTER_CLOSED && zone_date_at(plan->zone, closed_at, &from))
        return HELD_FOR_EVER;
    return duration_add(from, release->holdback_after, &end) ? HELD_FOR_EVER : end;
}

static int64_t deal_closed_at(const struct credit *credit)
{
    return credit->has_deal_closed_at ? credit->deal_closed_at : credit->closed_at;
}

enum status row_release_of(const struct plan *plan, const struct plan_component *component,
                           const struct credit *credit, const struct credit *course,
                           int32_t window_until, struct row_release *out)
{
    struct horizon horizon;
    struct row_release release = {RATIONAL_ONE, HELD_NOT};
    enum status status = horizon_of(plan, component, credit, &horizon);
    if (status)
        return status;
    if (component->release.holdback != HOLDBACK_NONE)
        release.held_until =
            holdback_end(plan, &component->release, deal_closed_at(credit), window_until);
    if (release.held_until > horizon.date)
        release.held_until = HELD_FOR_EVER;
    release.share = rational_reduce(share_of(component, credit, course, &horizon, window_until));
    *out = release;
    return STATUS_OK;
}

/* --- a window --- */

struct releasing {
    const struct plan_component *component;
    struct exact sum;
};

static enum status after_holdback(const struct plan_component *component, struct rational share,
                                  bool is_held, struct rational *out)
{
    *out = share;
    if (!is_held)
        return STATUS_OK;
    struct rational held = rational_of_decimal(component->release.holdback_share);
    struct rational let_go;
    enum status status = rational_subtract(RATIONAL_ONE, held, &let_go);
    return status ? status : rational_multiply(share, let_go, out);
}

static enum status release_part(void *self, const struct part *part)
{
    struct releasing *releasing = self;
    struct rational share;
    enum status status = after_holdback(releasing->component, part->share, part->is_held, &share);
    if (!status)
        exact_add_product(&releasing->sum, part->pay, share);
    return status;
}

/* Whether the window's end is waited for. */
static bool waits_for_end(const struct pay_parts *parts)
{
    return parts->valuation->component->release.when == RELEASE_WINDOW_END &&
           parts->date < parts->valuation->figures->until;
}

/* Without attribution what belongs to no row is the whole window. */
static enum status release_whole(const struct pay_parts *parts, struct exact *out)
{
    const struct valuation *valuation = parts->valuation;
    const struct plan_component *component = valuation->component;
    struct rational share = RATIONAL_ONE;
    if (component->release.when == RELEASE_APPROVED && valuation->sums->unapproved) {
        exact_deinit(out);
        return STATUS_OK;
    }
    if (component->release.holdback == HOLDBACK_NONE)
        return STATUS_OK;
    int32_t end = holdback_end(valuation->plan, &component->release, 0, valuation->figures->until);
    enum status status = after_holdback(component, RATIONAL_ONE, parts->date < end, &share);
    if (!status)
        exact_scale(out, share, RATIONAL_ONE);
    return status;
}

enum status release_parts(const struct pay_parts *parts, bool is_withheld, struct exact *out)
{
    struct releasing releasing = {.component = parts->valuation->component, .sum = EXACT_ZERO};
    *out = EXACT_ZERO;
    if (is_withheld || waits_for_end(parts))
        return STATUS_OK;
    exact_copy(&parts->rest, out);
    if (parts->by == PARTS_NONE)
        return release_whole(parts, out);
    enum status status = pay_parts_each(parts, false, &releasing, release_part);
    if (!status) {
        exact_multiply(&releasing.sum, &parts->scale);
        exact_add(out, &releasing.sum);
    }
    exact_deinit(&releasing.sum);
    return status;
}

/* --- taking back --- */

static enum status linear_share(const struct cancelled *cancelled, int32_t closed, int32_t gone,
                                struct rational *out)
{
    int32_t end;
    enum status status = duration_add(closed, cancelled->linear, &end);
    if (status)
        return status;
    *out = gone >= end      ? RATIONAL_ZERO
           : gone <= closed ? RATIONAL_ONE
                            : (struct rational){end - gone, end - closed};
    return STATUS_OK;
}

static enum status scheduled_share(const struct cancelled *cancelled, int32_t closed, int32_t gone,
                                   struct rational *out)
{
    for (size_t i = 0; i < cancelled->step_count; i++) {
        int32_t until;
        enum status status = duration_add(closed, cancelled->steps[i].until, &until);
        if (status)
            return status;
        if (gone < until) {
            *out = rational_of_decimal(cancelled->steps[i].take);
            return STATUS_OK;
        }
    }
    *out = RATIONAL_ZERO;
    return STATUS_OK;
}

enum status taken_share(const struct plan *plan, const struct plan_component *component,
                        const struct credit *credit, struct rational *out)
{
    const struct cancelled *cancelled = &component->cancelled;
    int32_t closed;
    int32_t gone;
    enum status status = zone_date_at(plan->zone, deal_closed_at(credit), &closed);
    if (!status)
        status = zone_date_at(plan->zone, credit->cancelled_at, &gone);
    if (status)
        return status;
    if (cancelled->linear.days || cancelled->linear.months)
        return linear_share(cancelled, closed, gone, out);
    if (cancelled->step_count)
        return scheduled_share(cancelled, closed, gone, out);
    *out = rational_of_decimal(cancelled->take);
    return STATUS_OK;
}

/* The share of the row that is released now; with `paid-only`, that had been when its deal was
 * cancelled. */
static enum status released_now(const struct pay_parts *parts, bool is_withheld,
                                const struct ordered_row *row, struct rational *out)
{
    const struct row_release *release = &ordered_row_more(row)->release;
    *out = RATIONAL_ZERO;
    if (is_withheld || waits_for_end(parts))
        return STATUS_OK;
    return after_holdback(parts->valuation->component, release->share,
                          release->held_until > parts->date, out);
}

/* "Never more than had been released for it": between nothing and that, whatever its sign. */
static void limit(struct exact *part, const struct exact *released)
{
    const struct exact zero = EXACT_ZERO;
    bool is_above = exact_compare(released, &zero) >= 0;
    const struct exact *least = is_above ? &zero : released;
    const struct exact *most = is_above ? released : &zero;
    const struct exact *bound = exact_compare(part, least) < 0  ? least
                                : exact_compare(part, most) > 0 ? most
                                                                : part;
    if (bound == part)
        return;
    exact_deinit(part);
    exact_copy(bound, part);
}

enum status take_row(const struct pay_parts *parts, const struct pay_parts *bare, bool is_withheld,
                     const struct take *take, struct exact *earned, struct exact *payable)
{
    bool is_paid_only = parts->valuation->component->cancelled.effect == CANCELLED_PAID_ONLY;
    struct exact part = EXACT_ZERO;
    struct exact released = EXACT_ZERO;
    struct rational share;
    enum status status = pay_parts_of_row(bare, take->row, &part);
    if (!status)
        status = pay_parts_of_row(parts, take->row, &released);
    if (!status)
        status = released_now(parts, is_withheld, take->row, &share);
    if (!status) {
        exact_scale(&part, take->share, RATIONAL_ONE);
        if (is_paid_only) {
            exact_scale(&released, share, RATIONAL_ONE);
            limit(&part, &released);
        }
        exact_add(earned, &part);
        if (!is_paid_only)
            exact_scale(&part, share, RATIONAL_ONE);
        exact_add(payable, &part);
    }
    exact_deinit(&part);
    exact_deinit(&released);
    return status;
}
