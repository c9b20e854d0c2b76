/* Milestone events in the books of deals, and in books of their own. */
#include "engine/crediting_fold.h"

#include "engine/deal_links.h"
#include "engine/milestone_credits.h"
#include "engine/row_keys.h"

/* --- reading --- */

/* Walks the keys of all rows once, up to the first event: after the state came. */
static void learn_events(struct crediting *crediting)
{
    struct store_cursor cursor;
    const struct row *row = store_first(crediting->io.store, SLICE("deal:"), false, &cursor);
    crediting->has_events = false;
    crediting->events_known = true;
    for (; row && !crediting->has_events; row = store_next(&cursor))
        crediting->has_events = row_key_parse(row_key(row)).letter == 'm';
}

static size_t count_events(const struct crediting *crediting, struct slice prefix)
{
    struct store_cursor cursor;
    const struct row *row = store_first(crediting->io.store, prefix, false, &cursor);
    size_t count = 0;
    for (; row && slice_starts_with(row_key(row), prefix); row = store_next(&cursor))
        count++;
    return count;
}

/* All events of the deal, in their order. */
static enum status read_events(struct crediting *crediting, const struct deal *deal,
                               struct milestone_events *out, char *detail)
{
    *out = (struct milestone_events){.deal = deal};
    if (!crediting->events_known)
        learn_events(crediting);
    if (!crediting->has_events)
        return STATUS_OK;
    struct slice prefix = key_of_milestone(&crediting->io.other_key, deal->deal_id, SLICE(""));
    size_t count = count_events(crediting, prefix);
    enum status status = STATUS_OK;
    if (count == 0)
        return STATUS_OK;
    out->rows = arena_take_array(&crediting->io.scratch, count, sizeof *out->rows);
    out->book = deal_book(deal->deal_id, &crediting->io.scratch);
    if (!out->rows || !out->book.bytes)
        return STATUS_EXHAUSTED;
    struct store_cursor cursor;
    const struct row *row = store_first(crediting->io.store, prefix, false, &cursor);
    for (; !status && out->count < count; row = store_next(&cursor))
        status = row_decode(&crediting->io, ROW_MILESTONE, row, &out->rows[out->count++], detail);
    milestone_events_sort(out);
    return status;
}

/* --- writing --- */

/* One event on its way into participants' books. */
struct writing {
    const struct milestone_events *events;
    size_t index;
};

static enum status withdrawn_event(const struct links_context *context, struct credit *out)
{
    const struct writing *writing = context->of;
    *out = milestone_withdrawn_credit(writing->events, writing->index, context->cause);
    return STATUS_OK;
}

static bool are_same(const struct list *a, const struct list *b)
{
    const struct link *links = a->items;
    const struct link *others = b->items;
    bool are = a->count == b->count;
    for (size_t i = 0; are && i < a->count; i++)
        are = links[i].content == others[i].content &&
              slice_equal(links[i].target, others[i].target) &&
              slice_equal(links[i].row, others[i].row);
    return are;
}

static void put_event(struct crediting *crediting, const struct milestone_row *row)
{
    struct slice key =
        key_of_milestone(&crediting->io.key, row->milestone.deal_id, row->milestone.milestone_id);
    row_put(&crediting->io, ROW_MILESTONE, key, row);
}

static enum status write_event(struct crediting *crediting, const struct milestone_events *events,
                               size_t index, const struct cause *cause, const struct outbox *outbox)
{
    struct writing writing = {events, index};
    struct links_context context = {
        withdrawn_event, &writing, cause, outbox, &crediting->io.scratch, &crediting->io.content};
    const struct crediting_rules *rules = crediting->has_rules ? &crediting->rules : NULL;
    struct milestone_row *row = &events->rows[index];
    struct list credits;
    struct list links;
    enum status status =
        milestone_credits(events, index, cause, rules, &crediting->io.scratch, &credits);
    if (!status)
        status = links_write(&context, &row->links, &credits, &links);
    if (status || are_same(&row->links, &links))
        return status;
    row->links = links;
    put_event(crediting, row);
    return STATUS_OK;
}

enum status crediting_write_events(struct crediting *crediting, const struct deal *deal,
                                   const struct cause *cause, const struct outbox *outbox,
                                   char *detail)
{
    struct milestone_events events;
    enum status status = read_events(crediting, deal, &events, detail);
    for (size_t i = 0; !status && i < events.count; i++)
        status = write_event(crediting, &events, i, cause, outbox);
    return status;
}

enum status crediting_events_agree(struct crediting *crediting, const struct deal *deal,
                                   bool *out_agree, char *detail)
{
    struct milestone_events events;
    struct cause cause = {0}; /* says nothing about content */
    const struct crediting_rules *rules = crediting->has_rules ? &crediting->rules : NULL;
    enum status status = read_events(crediting, deal, &events, detail);
    bool agree = true;
    for (size_t i = 0; !status && agree && i < events.count; i++) {
        struct list credits;
        status = milestone_credits(&events, i, &cause, rules, &crediting->io.scratch, &credits);
        if (!status)
            agree = links_agree(&events.rows[i].links, &credits, &crediting->io.content);
    }
    if (!status)
        *out_agree = agree;
    return status;
}

/* --- an incoming event --- */

static struct cause cause_of(const struct input *input, const struct milestone *milestone)
{
    struct cause cause = input->cause;
    if (!cause.event_id.length)
        cause.event_id = milestone->event_id;
    cause.deal_id = milestone->deal_id;
    cause.revision = milestone->revision;
    return cause;
}

/* What became of the fact: credited, waiting (for its deal, or as its rows say), or only kept. */
static enum row_outcome outcome_of(struct crediting *crediting, const struct deal_row *deal,
                                   struct milestone_row *row)
{
    const struct milestone_events events = {
        .deal = deal ? &deal->deal : NULL, .book = SLICE(""), .rows = row, .count = 1};
    const struct crediting_rules *rules = crediting->has_rules ? &crediting->rules : NULL;
    struct list credits;
    bool stands =
        row->milestone.status != MILESTONE_REJECTED && row->milestone.status != MILESTONE_REVOKED;
    if (stands && row->milestone.deal_id.length && !deal)
        return OUTCOME_WAITING;
    if (milestone_credits(&events, 0, &row->cause, rules, &crediting->io.scratch, &credits) ||
        credits.count == 0)
        return OUTCOME_KEPT;
    bool waits = ((const struct credit *)credits.items)->waits.bytes != NULL;
    return waits || (deal && slice_equal(deal->waits, DEAL_HELD)) ? OUTCOME_WAITING
                                                                  : OUTCOME_VALUED;
}

static enum status write_of_no_deal(struct crediting *crediting, struct milestone_row *row,
                                    const struct outbox *outbox)
{
    struct slice kind = SLICE("milestone:");
    struct slice id = row->milestone.milestone_id;
    char *book = arena_take_raw(&crediting->io.scratch, kind.length + id.length);
    if (!book)
        return STATUS_EXHAUSTED;
    memcpy(book, kind.bytes, kind.length);
    memcpy(book + kind.length, id.bytes, id.length);
    const struct milestone_events events = {
        .book = {book, kind.length + id.length}, .rows = row, .count = 1};
    const struct cause cause = row->cause;
    return write_event(crediting, &events, 0, &cause, outbox);
}

enum status crediting_apply_event(struct crediting *crediting, const struct input *input,
                                  const struct milestone_row *before, const struct outbox *outbox,
                                  char *detail)
{
    const struct milestone *milestone = input->fact;
    struct milestone_row row = {.milestone = *milestone, .cause = cause_of(input, milestone)};
    struct deal_row deal;
    bool has_deal = false;
    enum status status = STATUS_OK;
    if (before)
        row.links = before->links;
    if (milestone->deal_id.length)
        status =
            crediting_settled_deal(crediting, milestone->deal_id, outbox, &deal, &has_deal, detail);
    if (status)
        return status;
    outcomes_add_planless(&crediting->outcomes,
                          outcome_of(crediting, has_deal ? &deal : NULL, &row));
    put_event(crediting, &row);
    crediting->has_events = true;
    if (!milestone->deal_id.length)
        return write_of_no_deal(crediting, &row, outbox);
    if (!has_deal || slice_equal(deal.waits, DEAL_HELD))
        return STATUS_OK;
    return crediting_write_events(crediting, &deal.deal, &row.cause, outbox, detail);
}
