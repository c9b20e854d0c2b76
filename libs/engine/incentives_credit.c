#include "engine/incentives_fold.h"

#include "engine/credit_content.h"
#include "engine/deal_value.h"
#include "engine/events.h"
#include "engine/row_keys.h"
#include "engine/tally.h"

/* --- what sort of payouts a credit's change makes: by its cause, never by the sign --- */

static struct mover mover_of_credit(const struct credit *credit)
{
    bool is_control = slice_equal(credit->cause.topic, SLICE("control"));
    /* What a payment or milestone did to a cancelled deal is not the cancellation's doing. */
    bool is_cancelled = credit->status == DEAL_CANCELLED &&
                        (credit->kind == CREDIT_MILESTONE || credit->cause.topic.length == 0);
    struct mover mover = {
        .cause = credit_cause(credit),
        .credit = credit,
        .kind = is_control                           ? SLICE("ADJUSTMENT")
                : is_cancelled || credit->takes_back ? SLICE("CLAWBACK")
                                                     : SLICE("EARNED"),
    };
    if (is_control && credit->cause.event_id.length)
        mover.reason = credit->cause.event_id;
    return mover;
}

/* --- applying --- */

struct applying {
    struct incentives *fold;
    struct book *book;
    const struct credit *credit;
    const struct credit *before; /* NULL: the row is new */
    struct mover mover;
    const struct outbox *outbox;
    char *detail;
};

/* The other rows of events of the deal are released by what this one says of it: they are counted
 * out and in again. */
static enum status tally_events(const struct applying *applying, struct touched *touched)
{
    struct incentives *fold = applying->fold;
    const struct credit *credit = applying->credit;
    struct tally tally = tally_of(fold, applying->book);
    struct deal_rows rows;
    bool is_said = says_course(credit) || (applying->before && says_course(applying->before));
    if (!applying->book->follows_course || !is_said)
        return STATUS_OK;
    arena_reset(&fold->deal_scratch);
    enum status status =
        deal_rows_read(fold, applying->book, credit->book, &rows, applying->detail);
    for (size_t i = 0; !status && i < rows.count; i++) {
        const struct credit *row = &rows.items[i];
        if (row->kind != CREDIT_MILESTONE || slice_equal(row->row, credit->row))
            continue;
        status = tally_credit(&tally, row, -1, touched, applying->detail);
        if (!status)
            status = tally_credit(&tally, row, 1, touched, applying->detail);
    }
    return status;
}

/* Counts the row as it was out and as it is in. */
static enum status tally_change(const struct applying *applying, struct touched *touched)
{
    struct incentives *fold = applying->fold;
    struct tally tally = tally_of(fold, applying->book);
    enum status status = STATUS_OK;
    if (applying->before)
        status = tally_credit(&tally, applying->before, -1, touched, applying->detail);
    if (!applying->mover.hold.bytes && !applying->credit->counts_as_paid) /* it was in before */
        tally.outcomes = &fold->outcomes;
    if (!status)
        status = tally_credit(&tally, applying->credit, 1, touched, applying->detail);
    if (!status)
        status = tally_events(applying, touched);
    if (applying->credit->kind == CREDIT_MILESTONE)
        events_touch(applying->book, touched);
    return status;
}

static enum status move_book(const struct applying *applying)
{
    struct incentives *fold = applying->fold;
    struct touched *touched = &fold->touched;
    touched->count = 0;
    enum status status = tally_change(applying, touched);
    if (!status)
        status = reconcile_touched(fold, applying->book, touched, &applying->mover,
                                   applying->outbox, applying->detail);
    if (!status && applying->book->has_deal_keys)
        status = reconcile_deal(fold, applying->book, applying->credit->book, applying->before,
                                &applying->mover, applying->outbox, applying->detail);
    return status;
}

static enum status put_and_move(const struct applying *applying)
{
    struct incentives *fold = applying->fold;
    const struct credit *credit = applying->credit;
    row_put(&fold->io, ROW_CREDIT,
            key_of_credit(&fold->io.key, credit->target, credit->book, credit->row), credit);
    return move_book(applying);
}

/* "`refund-before-payment`: both-due the release and its reversal": a deal that is cancelled before
 * it was paid is released first, as if it had been; its cancellation then takes that back. Only
 * what is published hangs on it. */
static enum status release_refund(const struct applying *applying)
{
    struct incentives *fold = applying->fold;
    struct credit paid = *applying->before;
    struct applying releasing = *applying;
    paid.counts_as_paid = true;
    releasing.credit = &paid;
    releasing.mover.kind = SLICE("EARNED");
    releasing.mover.is_newer_row = false;
    fold->counts_as_paid = true;
    enum status status = move_book(&releasing);
    fold->counts_as_paid = false;
    return status;
}

static bool is_refunded(const struct applying *applying)
{
    const struct credit *before = applying->before;
    return applying->book->publishes_both && before->kind == CREDIT_DEAL && !before->is_withdrawn &&
           before->status == DEAL_CLOSED && !before->waits.bytes &&
           applying->credit->status == DEAL_CANCELLED;
}

/* Two rows of one version that say different things: the first stands, and what it counts in is
 * held until a newer version comes or somebody accepts. */
static enum status hold_row(const struct applying *applying)
{
    struct applying held = *applying;
    held.credit = applying->before;
    held.mover.hold = SLICE("row-differs");
    return move_book(&held);
}

static int compare_versions(const struct credit *a, const struct credit *b)
{
    if (a->generation != b->generation)
        return a->generation < b->generation ? -1 : 1;
    return a->turn < b->turn ? -1 : a->turn > b->turn;
}

static enum status apply_beside(struct applying *applying)
{
    struct incentives *fold = applying->fold;
    int order = compare_versions(applying->credit, applying->before);
    if (order > 0) {
        applying->mover.is_newer_row = true;
        enum status status = is_refunded(applying) ? release_refund(applying) : STATUS_OK;
        return status ? status : put_and_move(applying);
    }
    bool differs = order == 0 && credit_content(applying->credit, &fold->io.content) !=
                                     credit_content(applying->before, &fold->io.content);
    if (differs)
        return hold_row(applying);
    outcomes_add_planless(&fold->outcomes, OUTCOME_DUPLICATE);
    return STATUS_OK;
}

static enum status check_credit(const struct credit *credit, char *detail)
{
    if (credit->target.length && credit->book.length && credit->row.length)
        return STATUS_OK;
    say(detail, "bad-id: a credit needs target, book and row");
    return STATUS_INVALID;
}

enum status incentives_apply_credit(struct incentives *fold, const struct input *input,
                                    const struct outbox *outbox, char *detail)
{
    const struct credit *credit = input->fact;
    struct applying applying = {
        .fold = fold,
        .credit = credit,
        .mover = mover_of_credit(credit),
        .outbox = outbox,
        .detail = detail,
    };
    enum status status = check_credit(credit, detail);
    if (!status)
        status = incentives_book(fold, credit->target, outbox, &applying.book, detail);
    if (status)
        return status;
    struct credit before;
    bool found;
    struct slice key = key_of_credit(&fold->io.key, credit->target, credit->book, credit->row);
    status = row_find(&fold->io, ROW_CREDIT, key, &before, &found, detail);
    if (status)
        return status;
    if (!found)
        return put_and_move(&applying);
    applying.before = applying.mover.before = &before;
    return apply_beside(&applying);
}
