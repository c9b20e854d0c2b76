#include "engine/events.h"

#include "engine/milestone_credits.h"
#include "engine/row_keys.h"

#include <stdlib.h>

/* --- one deal's --- */

static bool is_event(const struct credit *credit)
{
    return credit->kind == CREDIT_MILESTONE && !credit->is_withdrawn;
}

/* By reached_at and id, which is the order in which a contract's values follow each other. */
static bool is_later(const struct credit *a, const struct credit *b)
{
    if (a->closed_at != b->closed_at)
        return a->closed_at > b->closed_at;
    return slice_compare(event_row_id(a->row), event_row_id(b->row)) > 0;
}

struct decimal events_contract(const struct credit *credits, size_t count)
{
    const struct credit *last = NULL;
    for (size_t i = 0; i < count; i++) {
        if (is_event(&credits[i]) && (!last || is_later(&credits[i], last)))
            last = &credits[i];
    }
    return last && last->has_contract_value ? last->contract_value : (struct decimal){0};
}

enum status events_add(struct event_list *list, const struct plan *plan,
                       const struct plan_component *component, const struct credit *credit,
                       const struct contribution *contribution, struct decimal contract)
{
    struct pay_event event = {
        .deal = credit->book,
        .event = event_row_id(credit->row),
        .role = credit->role,
        .row = credit->row,
        .phase = credit->phase.bytes ? credit->phase : credit->milestone,
        .at = row_instant(component, credit),
        .has_closed = credit->has_deal_closed_at,
        .share = credit->share,
        .contract_value = contract,
        .has_own_share = credit->has_own_share,
        .own_share = credit->own_share,
        .amount = credit->amount,
        .exchange = contribution->is_converted ? contribution->conversion.exchange : RATIONAL_ONE,
        .has_percent_complete = credit->has_percent_complete,
        .percent_complete = credit->percent_complete,
    };
    if (zone_date_at(plan->zone, event.at, &event.date) ||
        (event.has_closed && zone_date_at(plan->zone, credit->deal_closed_at, &event.closed)))
        return STATUS_OUT_OF_RANGE;
    list->items[list->count++] = event;
    return STATUS_OK;
}

static int by_order(const void *a, const void *b)
{
    const struct pay_event *first = a;
    const struct pay_event *second = b;
    int order = slice_compare(first->deal, second->deal);
    if (!order)
        order = slice_compare(first->phase, second->phase);
    if (!order)
        order = first->at < second->at ? -1 : first->at > second->at;
    return order ? order : slice_compare(first->event, second->event);
}

struct pay_events events_sorted(struct event_list *list)
{
    if (list->count > 1)
        qsort(list->items, list->count, sizeof *list->items, by_order);
    return (struct pay_events){list->items, list->count};
}

/* --- a window of time: all deals of the book --- */

struct credits {
    struct credit *items;
    size_t count;
};

static bool is_event_row(const struct row *row, struct slice *out_book)
{
    struct slice parts[2];
    row_key_parts(row_key_parse(row_key(row)).id, parts, 2);
    *out_book = parts[0];
    return event_row_id(parts[1]).length > 0;
}

/* Every row of an event in the participant's book, by deals. */
static enum status read_all(const struct tally *tally, struct credits *out, char *detail)
{
    struct buffer prefix = {0};
    struct slice from = key_of_credits(&prefix, tally->book->participant, SLICE(""));
    from.length--; /* before the first book */
    struct store_cursor cursor;
    struct slice book;
    size_t count = 0;
    const struct row *row = store_first(tally->io->store, from, false, &cursor);
    for (; row && slice_starts_with(row_key(row), from); row = store_next(&cursor))
        count += is_event_row(row, &book);
    *out = (struct credits){arena_take_array(&tally->io->scratch, count, sizeof *out->items), 0};
    enum status status = out->items ? STATUS_OK : STATUS_EXHAUSTED;
    row = store_first(tally->io->store, from, false, &cursor);
    for (; !status && out->count < count; row = store_next(&cursor)) {
        if (!is_event_row(row, &book))
            continue;
        struct credit *credit = &out->items[out->count++];
        status = row_decode(tally->io, ROW_CREDIT, row, credit, detail);
    }
    buffer_deinit(&prefix);
    return status;
}

struct gathering {
    const struct tally *tally;
    const struct plan *plan;
    const struct plan_component *component;
    uint32_t plan_number;
    int32_t from;
    int32_t until;
    struct event_list list;
};

static enum status gather(struct gathering *gathering, const struct credit *credit,
                          struct decimal contract)
{
    const struct plan *plan = gathering->plan;
    int32_t date;
    struct contribution contribution;
    if (zone_date_at(plan->zone, row_instant(gathering->component, credit), &date) ||
        date < gathering->from || date >= gathering->until ||
        !book_is_assigned(gathering->tally->book, gathering->plan_number, date))
        return STATUS_OK;
    struct measuring measuring = plans_measuring(gathering->tally->plans, gathering->until);
    measure_row(plan, gathering->component, &measuring, credit, NULL, &contribution);
    if (!contribution.fits || contribution.waits)
        return STATUS_OK;
    return events_add(&gathering->list, plan, gathering->component, credit, &contribution,
                      contract);
}

static size_t behind_book(const struct credits *credits, size_t first)
{
    size_t i = first;
    while (i < credits->count && slice_equal(credits->items[i].book, credits->items[first].book))
        i++;
    return i;
}

enum status events_of_window(const struct tally *tally, const struct plan_version *version,
                             size_t index, int32_t from, int32_t until, struct pay_events *out,
                             char *detail)
{
    struct credits credits;
    struct gathering gathering = {
        .tally = tally,
        .plan = version->plan,
        .component = &version->plan->components[index],
        .plan_number = version->series->number,
        .from = from,
        .until = until,
    };
    enum status status = read_all(tally, &credits, detail);
    if (status)
        return status;
    gathering.list.items =
        arena_take_array(&tally->io->scratch, credits.count, sizeof *gathering.list.items);
    if (!gathering.list.items)
        return STATUS_EXHAUSTED;
    for (size_t first = 0; first < credits.count;) {
        size_t behind = behind_book(&credits, first);
        struct decimal contract = events_contract(&credits.items[first], behind - first);
        for (; !status && first < behind; first++)
            status = gather(&gathering, &credits.items[first], contract);
        if (status)
            return status;
    }
    *out = events_sorted(&gathering.list);
    return STATUS_OK;
}

void events_touch(const struct book *book, struct touched *touched)
{
    for (uint32_t i = 0; i < book->key_count; i++) {
        const struct book_key *key = &book->keys[i];
        if (key->version && key->version->plan->components[key->index].needs & NEEDS_EVENTS)
            touched_add(touched, i);
    }
}
