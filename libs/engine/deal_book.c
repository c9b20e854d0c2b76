#include "engine/crediting_fold.h"

#include "engine/control_book.h"
#include "engine/deal_links.h"
#include "engine/row_keys.h"

/* It writes nothing more. */
static bool is_held(const struct deal_row *row)
{
    return slice_equal(row->waits, DEAL_HELD);
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

/* What a book should have written. */
struct wanted {
    struct deal named; /* the deal, where rules name whom it is credited to */
    struct deal_facts facts;
    struct deal_credits deal;
};

static enum status find_wanted(struct crediting *crediting, const struct deal *deal,
                               const struct cause *cause, bool takes_back, struct wanted *out,
                               char *detail)
{
    struct arena *scratch = &crediting->io.scratch;
    enum status status = crediting_name(crediting, deal, &out->named, &deal);
    if (status)
        return status;
    out->facts.events.count = 0;
    if (!crediting_has_facts(crediting))
        return deal_credits(deal, NULL, cause, crediting_rules_in_force(crediting), scratch,
                            &out->deal);
    status = crediting_read_facts(crediting, deal, &out->facts, detail);
    if (status)
        return status;
    struct deal_course *course = &out->facts.course;
    bool has_course = course->cash.count || course->reached.count || takes_back;
    course->takes_back = takes_back;
    out->facts.events.course = course;
    return deal_credits(deal, has_course ? course : NULL, cause,
                        crediting_rules_in_force(crediting), scratch, &out->deal);
}

/* Whether what the book has written is what it would write. */
static enum status agrees(struct crediting *crediting, const struct deal_row *row,
                          const struct wanted *wanted, bool *out)
{
    *out = links_agree(&row->links, &wanted->deal.credits, &crediting->io.content);
    return *out ? crediting_events_agree(crediting, &wanted->facts.events, out) : STATUS_OK;
}

/* What moves a deal's book. */
struct news {
    const struct deal_row *before; /* the row as it stands, or NULL */
    const struct cause *cause;
    bool takes_back; /* it is a refund, or takes a payment or milestone away */
    const struct outbox *outbox;
};

/* Writes what `row`'s deal should have written, notes it in its links and puts it. */
static enum status reconcile(struct crediting *crediting, const struct news *news,
                             struct deal_row *row, char *detail)
{
    struct arena *scratch = &crediting->io.scratch;
    struct wanted wanted;
    enum status status =
        find_wanted(crediting, &row->deal, news->cause, news->takes_back, &wanted, detail);
    if (status)
        return status;
    row->waits = wanted.deal.waits;
    bool is_let_go = true;
    if (news->before && is_held(news->before))
        status = agrees(crediting, row, &wanted, &is_let_go);
    if (status)
        return status;
    if (!is_let_go) {
        row->waits = DEAL_HELD;
        return put(crediting, news->before, row);
    }
    struct links_context context = {withdrawn_deal, &row->deal, news->cause,
                                    news->outbox,   scratch,    &crediting->io.content};
    status = links_write(&context, &row->links, &wanted.deal.credits, &row->links);
    if (!status)
        status = put(crediting, news->before, row);
    return status
               ? status
               : crediting_write_events(crediting, &wanted.facts.events, news->cause, news->outbox);
}

enum status crediting_move_deal(struct crediting *crediting, const struct deal_row *present,
                                const struct cause *cause, bool takes_back,
                                const struct outbox *outbox, char *detail)
{
    const struct news news = {present, cause, takes_back, outbox};
    struct deal_row next = *present;
    return reconcile(crediting, &news, &next, detail);
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
    struct wanted wanted;
    struct cause cause = {0}; /* says nothing about content */
    enum status status = find_wanted(crediting, &row->deal, &cause, false, &wanted, detail);
    bool agree = false;
    if (!status)
        status = agrees(crediting, row, &wanted, &agree);
    if (status)
        return status;
    *out_changed = agree == is_held(row);
    if (*out_changed)
        row->waits = agree ? wanted.deal.waits : DEAL_HELD;
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
    struct cause cause = cause_of_change(change, &present.deal);
    return crediting_move_deal(crediting, &present, &cause, false, outbox, detail);
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
        const struct news news = {present, &cause, false, outbox};
        status = reconcile(crediting, &news, &next, detail);
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

static enum status apply_news(struct crediting *crediting, const struct news *news,
                              struct deal_row *row, char *detail)
{
    enum status status = reconcile(crediting, news, row, detail);
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
    struct cause cause = crediting_cause(input, deal->event_id, deal->deal_id, deal->revision);
    struct deal_row next = {.deal = *deal, .origin = {cause.offset, cause.at, cause.traceparent}};
    struct news news = {NULL, &cause, false, outbox};
    if (!found)
        return apply_news(crediting, &news, &next, detail);
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
    news.before = &present;
    return apply_news(crediting, &news, &next, detail);
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
    const struct change change = control_change(control, &input->cause);
    struct cause cause = cause_of_change(&change, &present.deal);
    return crediting_move_deal(crediting, &released, &cause, false, outbox, detail);
}
