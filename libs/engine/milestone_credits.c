#include "engine/milestone_credits.h"

#include "engine/other_shares.h"

#include <stdlib.h>

#define ROW_KIND SLICE("milestone\x1f")

/* --- names of rows --- */

struct slice event_row_name(struct slice milestone_id, struct slice role, struct arena *scratch)
{
    struct slice kind = ROW_KIND;
    size_t length = kind.length + milestone_id.length + 1 + role.length;
    char *text = arena_take_raw(scratch, length);
    if (!text)
        return (struct slice){NULL, 0};
    memcpy(text, kind.bytes, kind.length);
    char *at = text + kind.length;
    if (milestone_id.length)
        memcpy(at, milestone_id.bytes, milestone_id.length);
    at += milestone_id.length;
    *at++ = '\x1f';
    if (role.length)
        memcpy(at, role.bytes, role.length);
    return (struct slice){text, length};
}

struct slice event_row_id(struct slice row)
{
    struct slice kind = ROW_KIND;
    struct slice id;
    if (!slice_starts_with(row, kind))
        return SLICE("");
    (void)slice_split((struct slice){row.bytes + kind.length, row.length - kind.length}, '\x1f',
                      &id);
    return id;
}

/* --- the events of a book --- */

static int by_order(const void *a, const void *b)
{
    const struct milestone *first = &((const struct milestone_row *)a)->milestone;
    const struct milestone *second = &((const struct milestone_row *)b)->milestone;
    if (first->reached_at != second->reached_at)
        return first->reached_at < second->reached_at ? -1 : 1;
    return slice_compare(first->milestone_id, second->milestone_id);
}

void milestone_events_sort(struct milestone_events *events)
{
    if (events->count > 1)
        qsort(events->rows, events->count, sizeof *events->rows, by_order);
}

bool milestone_stands(const struct milestone *milestone)
{
    return milestone->status == MILESTONE_REACHED || milestone->status == MILESTONE_APPROVED;
}

bool milestone_counts(const struct milestone_events *events, size_t index)
{
    const struct milestone *milestone = &events->rows[index].milestone;
    if (milestone->deal_id.length && (!events->deal || events->deal->status == DEAL_OPEN))
        return false;
    return milestone_stands(milestone);
}

static const struct list *participants_of(const struct milestone_events *events, size_t index)
{
    const struct milestone *milestone = &events->rows[index].milestone;
    bool has_own = milestone->participants.count > 0 || !events->deal;
    return has_own ? &milestone->participants : &events->deal->participants;
}

static bool is_named(const struct list *list, struct slice target)
{
    const struct deal_participant *participants = list->items;
    for (size_t i = 0; i < list->count; i++) {
        if (slice_equal(participants[i].participant, target))
            return true;
    }
    return false;
}

/* --- the contract --- */

static bool is_in_other_currency(const struct milestone_events *events, size_t index)
{
    const struct milestone *milestone = &events->rows[index].milestone;
    if (!events->deal) /* without a deal, money needs a currency of its own */
        return !milestone->currency.length &&
               (milestone->has_amount || milestone->has_contract_value);
    return milestone->currency.length && !slice_equal(milestone->currency, events->deal->currency);
}

struct contract {
    bool has_value;
    struct decimal value;
};

/* As agreed with the events up to and with `last`. */
static struct contract contract_of(const struct milestone_events *events, size_t last)
{
    for (size_t i = last + 1; i-- > 0;) {
        const struct milestone *milestone = &events->rows[i].milestone;
        if (milestone->has_contract_value && milestone_counts(events, i) &&
            !is_in_other_currency(events, i))
            return (struct contract){true, milestone->contract_value};
    }
    return events->deal ? (struct contract){true, events->deal->amount} : (struct contract){0};
}

static struct contract contract_for(const struct milestone_events *events, size_t index,
                                    struct slice target)
{
    for (size_t i = index + 1; i < events->count; i++) {
        if (milestone_counts(events, i) && is_named(participants_of(events, i), target))
            return contract_of(events, index);
    }
    return contract_of(events, events->count - 1);
}

/* --- credits --- */

static struct slice why_it_waits(const struct milestone_events *events, size_t index,
                                 const struct crediting_rules *rules)
{
    if (is_in_other_currency(events, index))
        return SLICE("currency-differs");
    if (!events->deal)
        return (struct slice){NULL, 0};
    bool has_own = events->rows[index].milestone.participants.count > 0;
    return deal_waits(events->deal, has_own ? NULL : rules, participants_of(events, index));
}

static bool has_attribute(const struct list *attributes, struct slice name)
{
    for (size_t i = 0; i < attributes->count; i++) {
        if (slice_equal(((const struct attribute *)attributes->items)[i].name, name))
            return true;
    }
    return false;
}

static enum status join_attributes(const struct list *own, const struct list *deals,
                                   struct arena *scratch, struct list *out)
{
    if (deals->count == 0 || own->count == 0) {
        *out = own->count ? *own : *deals;
        return STATUS_OK;
    }
    size_t count = own->count;
    struct attribute *items = arena_take_array(scratch, own->count + deals->count, sizeof *items);
    if (!items)
        return STATUS_EXHAUSTED;
    memcpy(items, own->items, own->count * sizeof *items);
    for (size_t i = 0; i < deals->count; i++) {
        const struct attribute *attribute = (const struct attribute *)deals->items + i;
        if (!has_attribute(own, attribute->name))
            items[count++] = *attribute;
    }
    *out = (struct list){items, count};
    return STATUS_OK;
}

static void set_of_deal(struct credit *out, const struct deal *deal)
{
    out->status = deal->status;
    out->currency = deal->currency;
    out->has_cancelled_at = deal->has_cancelled_at;
    out->cancelled_at = deal->cancelled_at;
    out->customer_id = deal->customer_id;
    out->territory = deal->territory;
    out->deal_type = deal->deal_type;
    out->has_deal_closed_at = true;
    out->deal_closed_at = deal->closed_at;
}

/* What all credits of the event have. `out` is zeroed. */
static enum status set_event(struct credit *out, const struct milestone_events *events,
                             size_t index, struct arena *scratch)
{
    const struct milestone *milestone = &events->rows[index].milestone;
    const struct list none = {NULL, 0};
    out->book = events->book;
    out->kind = CREDIT_MILESTONE;
    out->status = DEAL_CLOSED;
    out->currency = milestone->currency.bytes ? milestone->currency : SLICE("");
    if (events->deal)
        set_of_deal(out, events->deal);
    out->closed_at = milestone->reached_at;
    out->has_more = true;
    out->milestone = milestone->milestone;
    out->phase = milestone->phase;
    out->has_approved_at = milestone->status == MILESTONE_APPROVED;
    out->approved_at = out->has_approved_at ? milestone->approved_at : 0;
    out->has_percent_complete = milestone->has_percent_complete;
    out->percent_complete = milestone->percent_complete;
    out->has_own_share = milestone->has_share;
    out->own_share = milestone->share;
    if (milestone->has_amount)
        out->amount = milestone->amount;
    return join_attributes(&milestone->attributes, events->deal ? &events->deal->attributes : &none,
                           scratch, &out->attributes);
}

/* The course of a deal that does not name the target. */
static void put_course(const struct milestone_events *events, struct credit *credit)
{
    if (!events->deal || is_named(&events->deal->participants, credit->target))
        return;
    credit->has_deal_amount = true;
    credit->deal_amount = events->deal->amount;
    if (events->course)
        course_put(events->course, credit);
}

enum status milestone_credits(const struct milestone_events *events, size_t index,
                              const struct cause *cause, const struct crediting_rules *rules,
                              struct arena *scratch, struct list *out)
{
    *out = (struct list){NULL, 0};
    if (!milestone_counts(events, index))
        return STATUS_OK;
    const struct list *list = participants_of(events, index);
    const struct deal_participant *participants = list->items;
    struct credit *credits = arena_take_array(scratch, list->count, sizeof *credits);
    struct credit event = {.cause = credit_short_cause(cause, events->book),
                           .waits = why_it_waits(events, index, rules)};
    if (!credits || set_event(&event, events, index, scratch))
        return STATUS_EXHAUSTED;
    for (size_t i = 0; i < list->count; i++) {
        struct slice role = participant_row(participants, i, scratch);
        struct contract contract = contract_for(events, index, participants[i].participant);
        credits[i] = event;
        credits[i].target = participants[i].participant;
        credits[i].role = participants[i].role;
        credits[i].share = participants[i].share;
        credits[i].has_contract_value = contract.has_value;
        credits[i].contract_value = contract.value;
        put_course(events, &credits[i]);
        if (!role.bytes)
            return STATUS_EXHAUSTED;
        credits[i].row = event_row_name(events->rows[index].milestone.milestone_id, role, scratch);
        if (!credits[i].row.bytes)
            return STATUS_EXHAUSTED;
    }
    *out = (struct list){list->count ? credits : NULL, list->count};
    return other_shares_put(list, rules, scratch, credits);
}

struct credit milestone_withdrawn_credit(const struct milestone_events *events, size_t index,
                                         const struct cause *cause)
{
    const struct milestone *milestone = &events->rows[index].milestone;
    const struct deal *deal = events->deal;
    bool is_gone =
        milestone->status == MILESTONE_REVOKED || (deal && deal->status == DEAL_CANCELLED);
    return (struct credit){
        .book = events->book,
        .is_withdrawn = true,
        .kind = CREDIT_MILESTONE,
        .role = SLICE(""),
        .status = is_gone ? DEAL_CANCELLED : DEAL_CLOSED,
        .closed_at = milestone->reached_at,
        .currency = deal ? deal->currency : SLICE(""),
        .cause = credit_short_cause(cause, events->book),
    };
}
