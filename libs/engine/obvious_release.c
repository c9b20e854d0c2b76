#include "engine/obvious_parts.h"

/* By which day, and by which instant, things count: the business date, or the day of a cancellation
 * where that is earlier. */
static bool has_passed(struct obvious_book *book, int32_t date, int64_t until)
{
    const struct obvious_facts *facts = book->all->facts;
    int32_t cancelled_on;
    if (!facts->has_business_date || facts->business_date < date)
        return false;
    return until == INT64_MAX || zone_date_at(book->plan->zone, until, &cancelled_on) ||
           date <= cancelled_on;
}

static bool has_milestone(struct obvious *all, const struct deal *deal, struct slice name,
                          int64_t until)
{
    for (size_t i = 0; i < all->milestone_count; i++) {
        const struct milestone *one = all->milestones[i];
        bool stands = one->status == MILESTONE_REACHED || one->status == MILESTONE_APPROVED;
        if (deal && stands && slice_equal(one->deal_id, deal->deal_id) &&
            slice_equal(one->milestone, name) && one->reached_at <= until)
            return true;
    }
    return false;
}

/* "`approved` (milestones, results)" */
static bool is_approved(const struct obvious_row *row, int64_t until)
{
    if (row->milestone)
        return row->milestone->status == MILESTONE_APPROVED &&
               (!row->milestone->has_approved_at || row->milestone->approved_at <= until);
    return row->result && row->result->approved_by.length > 0;
}

/* "Payments being … in the deal's currency (another one waits as `currency-differs`)". */
static void pend_foreign(struct obvious_book *book, const struct deal *deal)
{
    const struct obvious *all = book->all;
    for (size_t i = 0; i < all->payment_count; i++) {
        const struct payment *payment = all->payments[i];
        if (slice_equal(payment->deal_id, deal->deal_id) && payment->amount.units != 0 &&
            !slice_equal(payment->currency, deal->currency))
            obvious_pend(book, "currency-differs");
    }
}

/* "`when`: earned | payment-received | approved | {milestone: go-live} (of the deal) | window-end"
 */
static mpq_srcptr first_share(struct obvious_book *book, const struct obvious_entry *entry,
                              int64_t until)
{
    struct numbers *numbers = book->numbers;
    const struct node *when = node_find(node_find(book->component, "release"), "when");
    const struct node *milestone = node_find(when, "milestone");
    if (!when || node_is(when, "earned"))
        return number_of(numbers, 1);
    if (node_is(when, "payment-received")) {
        if (!entry->row->deal)
            return number_of(numbers, 1);
        pend_foreign(book, entry->row->deal);
        return obvious_cash(book->all, entry->row->deal, until);
    }
    if (node_is(when, "approved"))
        return number_of(numbers, is_approved(entry->row, until));
    if (milestone)
        return number_of(numbers,
                         has_milestone(book->all, entry->row->deal, milestone->text, until));
    if (node_is(when, "window-end"))
        return number_of(numbers, has_passed(book, book->window.span.until, until));
    return obvious_refuse(book->all, book->plan, when, "a `when` that is not known here");
}

static bool ends_with(struct slice text, struct slice end, struct slice *out_head)
{
    if (text.length < end.length ||
        memcmp(text.bytes + text.length - end.length, end.bytes, end.length) != 0)
        return false;
    *out_head = (struct slice){text.bytes, text.length - end.length};
    return true;
}

/* "`holdback: {share: 30%, until: 90 days after closed}`", or after window-end, or a date: the day
 * on which it is let go. `entry` NULL: of the window as a whole. */
static bool held_until(struct obvious_book *book, const struct node *until,
                       const struct obvious_entry *entry, int32_t *out)
{
    struct slice head;
    struct duration duration;
    int32_t from = book->window.span.until;
    if (!date_parse(until->text, out))
        return true;
    if (ends_with(until->text, SLICE(" after closed"), &head)) {
        if (!entry)
            return false;
        from = entry->date;
        if (entry->row->deal && zone_date_at(book->plan->zone, entry->row->deal->closed_at, &from))
            return false;
    } else if (!ends_with(until->text, SLICE(" after window-end"), &head)) {
        (void)obvious_refuse(book->all, book->plan, until, "an `until` that is not known here");
        return false;
    }
    return !duration_parse(head, &duration) && !duration_add(from, duration, out);
}

/* "hold-back of that" */
static mpq_srcptr after_holdback(struct obvious_book *book, const struct obvious_entry *entry,
                                 mpq_srcptr share, int64_t until)
{
    const struct node *holdback = node_find(node_find(book->component, "release"), "holdback");
    const struct node *end = node_find(holdback, "until");
    int32_t date;
    if (!share || !holdback || !end ||
        (held_until(book, end, entry, &date) && has_passed(book, date, until)))
        return share;
    mpq_srcptr held = obvious_number_at(book->all, book->plan, holdback, "share");
    return held ? number_multiply(book->numbers, share,
                                  number_subtract(book->numbers, number_of(book->numbers, 1), held))
                : NULL;
}

/* With `paid-only` "nothing more is released for that deal" than what was when it was cancelled. */
mpq_srcptr obvious_released(struct obvious_book *book, const struct obvious_entry *entry,
                            bool is_withheld, int64_t until)
{
    const struct deal *deal = entry->row->deal;
    const struct node *effect = node_find(node_find(book->component, "cancelled"), "effect");
    mpq_srcptr zero = number_of(book->numbers, 0);
    if (is_withheld)
        return zero;
    if (deal && deal->status == DEAL_CANCELLED && deal->has_cancelled_at &&
        node_is(effect, "paid-only") && deal->cancelled_at < until)
        until = deal->cancelled_at;
    mpq_srcptr share = after_holdback(book, entry, first_share(book, entry, until), until);
    return share ? share : zero;
}

/* Approval of what has no parts: the whole is payable when every row of it is approved. */
static bool waits_for_approval(struct obvious_book *book)
{
    const struct node *when = node_find(node_find(book->component, "release"), "when");
    for (size_t i = 0; i < book->count && node_is(when, "approved"); i++)
        if (!is_approved(book->entries[i].row, INT64_MAX))
            return true;
    return false;
}

/* What belongs to no deal "is released at once", but not before the window's end where that is what
 * is waited for. */
static mpq_srcptr release_rest(struct obvious_book *book, const struct obvious_worth *worth)
{
    const struct node *release = node_find(book->component, "release");
    bool waits = node_is(node_find(release, "when"), "window-end") &&
                 !has_passed(book, book->window.span.until, INT64_MAX);
    if (worth->is_withheld || waits || (!worth->has_parts && waits_for_approval(book)))
        return number_of(book->numbers, 0);
    if (worth->has_parts)
        return worth->rest;
    mpq_srcptr share = after_holdback(book, NULL, number_of(book->numbers, 1), INT64_MAX);
    return share ? number_multiply(book->numbers, worth->rest, share) : worth->rest;
}

/* "payable = release(earned, attribution, cash, approvals, business date)", before it is rounded.
 */
mpq_srcptr obvious_release(struct obvious_book *book, const struct obvious_worth *worth,
                           const struct obvious_take *take)
{
    struct numbers *numbers = book->numbers;
    mpq_srcptr payable = release_rest(book, worth);
    for (size_t i = 0; i < book->count; i++) {
        mpq_srcptr share = obvious_released(book, &book->entries[i], worth->is_withheld, INT64_MAX);
        payable = number_add(numbers, payable, number_multiply(numbers, worth->parts[i], share));
    }
    return number_subtract(numbers, payable, take->payable);
}
