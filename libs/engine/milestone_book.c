/* Milestone events in the books of deals, and in books of their own. */
#include "engine/crediting_fold.h"

#include "engine/deal_links.h"
#include "engine/milestone_credits.h"
#include "engine/row_keys.h"

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
    const struct crediting_rules *rules = crediting_rules_in_force(crediting);
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

enum status crediting_write_events(struct crediting *crediting,
                                   const struct milestone_events *events, const struct cause *cause,
                                   const struct outbox *outbox)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < events->count; i++)
        status = write_event(crediting, events, i, cause, outbox);
    return status;
}

enum status crediting_events_agree(struct crediting *crediting,
                                   const struct milestone_events *events, bool *out_agree)
{
    struct cause cause = {0}; /* says nothing about content */
    const struct crediting_rules *rules = crediting_rules_in_force(crediting);
    enum status status = STATUS_OK;
    bool agree = true;
    for (size_t i = 0; !status && agree && i < events->count; i++) {
        struct list credits;
        status = milestone_credits(events, i, &cause, rules, &crediting->io.scratch, &credits);
        if (!status)
            agree = links_agree(&events->rows[i].links, &credits, &crediting->io.content);
    }
    if (!status)
        *out_agree = agree;
    return status;
}

/* --- an incoming event --- */

/* What became of the fact: credited, waiting (for its deal, or as its rows say), or only kept. */
static enum row_outcome outcome_of(struct crediting *crediting, const struct deal_row *deal,
                                   struct milestone_row *row)
{
    struct milestone_events events = {.book = SLICE(""), .rows = row, .count = 1};
    struct deal copy;
    const struct crediting_rules *rules = crediting_rules_in_force(crediting);
    struct list credits;
    if (milestone_stands(&row->milestone) && row->milestone.deal_id.length && !deal)
        return OUTCOME_WAITING;
    if (deal && crediting_name(crediting, &deal->deal, &copy, &events.deal))
        return OUTCOME_KEPT;
    if (milestone_credits(&events, 0, &row->cause, rules, &crediting->io.scratch, &credits) ||
        credits.count == 0)
        return OUTCOME_KEPT;
    bool waits = ((const struct credit *)credits.items)->waits.bytes != NULL;
    return waits || (deal && slice_equal(deal->waits, DEAL_HELD)) ? OUTCOME_WAITING
                                                                  : OUTCOME_VALUED;
}

static enum status write_of_no_deal(struct crediting *crediting, struct milestone_row *row,
                                    const struct cause *cause, const struct outbox *outbox)
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
    return write_event(crediting, &events, 0, cause, outbox);
}

enum status crediting_recredit_event(struct crediting *crediting, const struct row *row,
                                     const struct change *change, const struct outbox *outbox,
                                     char *detail)
{
    struct milestone_row event;
    enum status status = row_decode(&crediting->io, ROW_MILESTONE, row, &event, detail);
    struct cause cause = change->cause;
    if (status)
        return status;
    cause.revision = event.milestone.revision;
    return write_of_no_deal(crediting, &event, &cause, outbox);
}

enum status crediting_apply_event(struct crediting *crediting, const struct input *input,
                                  const struct milestone_row *before, const struct outbox *outbox,
                                  char *detail)
{
    const struct milestone *milestone = input->fact;
    struct milestone_row row = {.milestone = *milestone,
                                .cause = crediting_cause(input, milestone->event_id,
                                                         milestone->deal_id, milestone->revision)};
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
        return write_of_no_deal(crediting, &row, &row.cause, outbox);
    if (!has_deal || slice_equal(deal.waits, DEAL_HELD))
        return STATUS_OK;
    bool stands = milestone_stands(milestone);
    bool stood = before && milestone_stands(&before->milestone);
    return crediting_move_deal(crediting, &deal, &row.cause, stood && !stands, outbox, detail);
}
