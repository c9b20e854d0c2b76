#include "engine/crediting_fold.h"

#include "engine/control_book.h"
#include "engine/deal_links.h"
#include "engine/row_keys.h"

/* It writes nothing more. */
static bool is_held(const struct deal_row *row)
{
    return slice_equal(row->waits, DEAL_HELD);
}

static const struct crediting_rules *rules_of(const struct crediting *crediting)
{
    return crediting->has_rules ? &crediting->rules : NULL;
}

/* The oldest queued change that has yet to come to this book. */
static const struct change *change_ahead(const struct crediting *crediting, struct slice book)
{
    for (size_t i = 0; i < changes_count(&crediting->small); i++) {
        const struct change *change = changes_at(&crediting->small, i);
        if (change_is_ahead(change, book))
            return change;
    }
    return NULL;
}

static enum status read_row(struct crediting *crediting, const struct row *row,
                            struct deal_row *out, char *detail)
{
    enum status status = row_decode(&crediting->io, ROW_DEAL, row, out, detail);
    return status ? status : links_unfold(out, &crediting->io.scratch, detail);
}

static enum status find_row(struct crediting *crediting, struct slice deal_id, struct deal_row *out,
                            bool *out_found, char *detail)
{
    struct slice key = key_of_deal(&crediting->io.key, deal_id);
    enum status status = row_find(&crediting->io, ROW_DEAL, key, out, out_found, detail);
    if (!status && *out_found)
        status = links_unfold(out, &crediting->io.scratch, detail);
    return status;
}

static enum status put(struct crediting *crediting, const struct deal_row *before,
                       struct deal_row *row)
{
    struct list links = row->links;
    enum status status = links_fold(row, &crediting->io.scratch);
    if (status)
        return status;
    deal_counts_change(&crediting->counts, &crediting->io, before, row);
    struct slice key = key_of_deal(&crediting->io.key, row->deal.deal_id);
    row_put(&crediting->io, ROW_DEAL, key, row);
    row->links = links;
    row->contents = SLICE("");
    return STATUS_OK;
}

static enum status withdrawn_deal(const struct links_context *context, struct credit *out)
{
    const struct deal *deal = context->of;
    struct slice book = deal_book(deal->deal_id, context->scratch);
    if (!book.bytes)
        return STATUS_EXHAUSTED;
    *out = deal_withdrawn_credit(deal, book, context->cause);
    return STATUS_OK;
}

/* Whether what the book has written is what it would write. */
static enum status agrees(struct crediting *crediting, const struct deal_row *row,
                          const struct deal_credits *wanted, bool *out, char *detail)
{
    *out = links_agree(&row->links, &wanted->credits, &crediting->io.content);
    return *out ? crediting_events_agree(crediting, &row->deal, out, detail) : STATUS_OK;
}

/* Writes what `row`'s deal should have written, notes it in its links and puts it. `before` is the
 * row as it stands, or NULL. */
static enum status reconcile(struct crediting *crediting, const struct deal_row *before,
                             struct deal_row *row, const struct cause *cause,
                             const struct outbox *outbox, char *detail)
{
    struct arena *scratch = &crediting->io.scratch;
    struct deal_credits wanted;
    enum status status = deal_credits(&row->deal, cause, rules_of(crediting), scratch, &wanted);
    if (status)
        return status;
    row->waits = wanted.waits;
    bool is_let_go = true;
    if (before && is_held(before))
        status = agrees(crediting, row, &wanted, &is_let_go, detail);
    if (status)
        return status;
    if (!is_let_go) {
        row->waits = DEAL_HELD;
        return put(crediting, before, row);
    }
    struct links_context context = {withdrawn_deal, &row->deal, cause,
                                    outbox,         scratch,    &crediting->io.content};
    status = links_write(&context, &row->links, &wanted.credits, &row->links);
    if (!status)
        status = put(crediting, before, row);
    return status ? status : crediting_write_events(crediting, &row->deal, cause, outbox, detail);
}

/* The cause that a deal's credits carry when a change of control moved them. */
static struct cause cause_of_change(const struct change *change, const struct deal *deal)
{
    struct cause cause = change->cause;
    cause.deal_id = deal->deal_id;
    cause.revision = deal->revision;
    return cause;
}

static enum status check(struct crediting *crediting, struct deal_row *row, bool *out_changed,
                         char *detail)
{
    struct deal_credits wanted;
    struct cause cause = {0}; /* says nothing about content */
    enum status status =
        deal_credits(&row->deal, &cause, rules_of(crediting), &crediting->io.scratch, &wanted);
    bool agree = false;
    if (!status)
        status = agrees(crediting, row, &wanted, &agree, detail);
    if (status)
        return status;
    *out_changed = agree == is_held(row);
    if (*out_changed)
        row->waits = agree ? wanted.waits : DEAL_HELD;
    return STATUS_OK;
}

enum status crediting_check(struct crediting *crediting, const struct row *row, char *detail)
{
    struct deal_row present;
    enum status status = read_row(crediting, row, &present, detail);
    if (status)
        return status;
    if (change_ahead(crediting, row_key_parse(row_key(row)).book))
        return STATUS_OK;
    struct deal_row checked = present;
    bool changed;
    status = check(crediting, &checked, &changed, detail);
    if (!status && changed)
        status = put(crediting, &present, &checked);
    return status;
}

enum status crediting_recredit(struct crediting *crediting, const struct row *row,
                               const struct change *change, const struct outbox *outbox,
                               char *detail)
{
    struct deal_row present;
    enum status status = read_row(crediting, row, &present, detail);
    if (status)
        return status;
    struct deal_row next = present;
    struct cause cause = cause_of_change(change, &present.deal);
    return reconcile(crediting, &present, &next, &cause, outbox, detail);
}

/* --- an incoming deal --- */

static enum status refuse_revision(const struct deal_row *present, const struct deal *deal,
                                   bool *out_is_news, char *detail)
{
    *out_is_news = deal->revision > present->deal.revision;
    if (deal->revision != present->deal.revision ||
        shape_equal_content(&deal_shape, &present->deal, deal))
        return STATUS_OK;
    say(detail, "id-conflict: deal %.*s revision %lld stands with other content",
        SLICE_ARGS(deal->deal_id), (long long)deal->revision);
    return STATUS_INVALID;
}

/* Before a fact moves a book: what a queued change would still do to it is done first, under the
 * change's name; and a book that disagrees with its links is held. */
static enum status settle_present(struct crediting *crediting, struct deal_row *present,
                                  struct slice book, const struct outbox *outbox, char *detail)
{
    const struct change *change = change_ahead(crediting, book);
    struct deal_row next = *present;
    enum status status = STATUS_OK;
    if (change) {
        struct cause cause = cause_of_change(change, &present->deal);
        status = reconcile(crediting, present, &next, &cause, outbox, detail);
    } else {
        bool changed;
        status = check(crediting, &next, &changed, detail);
        if (!status && changed)
            status = put(crediting, present, &next);
    }
    if (!status)
        *present = next;
    return status;
}

enum status crediting_settled_deal(struct crediting *crediting, struct slice deal_id,
                                   const struct outbox *outbox, struct deal_row *out,
                                   bool *out_found, char *detail)
{
    enum status status = find_row(crediting, deal_id, out, out_found, detail);
    if (status || !*out_found)
        return status;
    struct slice book = deal_book(deal_id, &crediting->io.scratch);
    return book.bytes ? settle_present(crediting, out, book, outbox, detail) : STATUS_EXHAUSTED;
}

static struct cause cause_of(const struct input *input, const struct deal *deal)
{
    struct cause cause = input->cause;
    if (!cause.event_id.length)
        cause.event_id = deal->event_id;
    cause.deal_id = deal->deal_id;
    cause.revision = deal->revision;
    return cause;
}

static enum status reconcile_news(struct crediting *crediting, const struct deal_row *before,
                                  struct deal_row *row, const struct cause *cause,
                                  const struct outbox *outbox, char *detail)
{
    enum status status = reconcile(crediting, before, row, cause, outbox, detail);
    if (!status)
        outcomes_add_planless(&crediting->outcomes,
                              row->waits.bytes ? OUTCOME_WAITING : OUTCOME_VALUED);
    return status;
}

enum status crediting_apply_deal(struct crediting *crediting, const struct input *input,
                                 const struct outbox *outbox, char *detail)
{
    const struct deal *deal = input->fact;
    struct deal_row present;
    bool found;
    enum status status = find_row(crediting, deal->deal_id, &present, &found, detail);
    if (status)
        return status;
    struct cause cause = cause_of(input, deal);
    struct deal_row next = {.deal = *deal, .origin = {cause.offset, cause.at, cause.traceparent}};
    if (!found)
        return reconcile_news(crediting, NULL, &next, &cause, outbox, detail);
    bool is_news;
    status = refuse_revision(&present, deal, &is_news, detail);
    if (status)
        return status;
    if (!is_news) {
        outcomes_add_planless(&crediting->outcomes, OUTCOME_DUPLICATE);
        return STATUS_OK;
    }
    struct slice book = deal_book(deal->deal_id, &crediting->io.scratch);
    status = settle_present(crediting, &present, book, outbox, detail);
    if (status)
        return status;
    next.links = present.links;
    return reconcile_news(crediting, &present, &next, &cause, outbox, detail);
}

/* --- acceptance of a hold --- */

static bool is_within_bound(const struct control *control, struct decimal amount)
{
    struct decimal bound;
    if (decimal_parse(control_setting(control, SLICE("bound")), &bound))
        return false;
    return amount.units <= bound.units && amount.units >= -bound.units;
}

enum status crediting_accept(struct crediting *crediting, const struct input *input,
                             const struct outbox *outbox, char *detail)
{
    const struct control *control = input->fact;
    struct slice hold = control_setting(control, SLICE("hold"));
    if (!slice_starts_with(hold, SLICE("deal:")))
        return STATUS_OK;
    struct slice deal_id = {hold.bytes + 5, hold.length - 5};
    struct deal_row present;
    bool found;
    enum status status = find_row(crediting, deal_id, &present, &found, detail);
    if (status || !found || !is_held(&present) || !is_within_bound(control, present.deal.amount))
        return status;
    struct deal_row released = present;
    released.waits = (struct slice){NULL, 0};
    status = put(crediting, &present, &released);
    if (status)
        return status;
    struct deal_row next = released;
    const struct change change = control_change(control, &input->cause);
    struct cause cause = cause_of_change(&change, &present.deal);
    return reconcile(crediting, &released, &next, &cause, outbox, detail);
}
