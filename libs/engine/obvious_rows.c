#include <stdlib.h>

#include "engine/obvious_parts.h"

/* Within 0.01 %, that included. */
static mpq_srcptr tolerance(struct numbers *numbers)
{
    return number_read(numbers, SLICE("0.01%"));
}

static mpq_srcptr share_of_role(struct numbers *numbers, const struct list *list, struct slice role)
{
    const struct deal_participant *participants = list->items;
    mpq_srcptr sum = number_of(numbers, 0);
    for (size_t i = 0; i < list->count; i++)
        if (slice_equal(participants[i].role, role))
            sum = number_add(numbers, sum, number_decimal(numbers, participants[i].share));
    return sum;
}

static bool keeps_rule(struct obvious *all, const struct list *participants,
                       const struct node *rule)
{
    struct numbers *numbers = &all->numbers;
    struct slice bound = rule->text;
    bool is_exact = slice_starts_with(bound, SLICE("exactly "));
    bool is_most = slice_starts_with(bound, SLICE("at most "));
    if (slice_equal(bound, SLICE("any")))
        return true;
    if (!is_exact && !is_most) {
        (void)obvious_refuse(all, NULL, rule, "a split rule that is not known here");
        return false;
    }
    bound.bytes += 8; /* `exactly ` and `at most ` are as long */
    bound.length -= 8;
    mpq_srcptr limit = number_read(numbers, bound);
    mpq_srcptr sum = share_of_role(numbers, participants, rule->key);
    if (!limit)
        return false;
    mpq_srcptr low = number_subtract(numbers, limit, tolerance(numbers));
    mpq_srcptr high = number_add(numbers, limit, tolerance(numbers));
    return mpq_cmp(sum, high) <= 0 && (is_most || mpq_cmp(sum, low) >= 0);
}

static bool keeps_splits(struct obvious *all, const struct list *participants)
{
    size_t mark = all->numbers.count;
    bool keeps = participants->count > 0;
    for (const struct node *rule = all->splits ? all->splits->first : NULL; rule; rule = rule->next)
        keeps = keeps && keeps_rule(all, participants, rule);
    numbers_release(&all->numbers, mark);
    return keeps;
}

static bool has_matching_lines(const struct deal *deal)
{
    const struct deal_line *lines = deal->lines.items;
    int128 sum = 0;
    for (size_t i = 0; i < deal->lines.count; i++)
        sum += lines[i].amount.units;
    return deal->lines.count == 0 || sum == deal->amount.units;
}

/* --- the latest of every fact --- */

/* A fact with what tells it from others, "a revision per (book, id)"; of equal ones the first
 * stands. */
struct version {
    struct slice id;
    struct slice more; /* of results: which of the participant's; else the deal it is of */
    struct slice even_more;
    int64_t revision;
    const void *fact;
};

static int compare_ids(const struct version *one, const struct version *other)
{
    int order = slice_compare(one->id, other->id);
    if (order == 0)
        order = slice_compare(one->more, other->more);
    return order != 0 ? order : slice_compare(one->even_more, other->even_more);
}

static int compare_versions(const void *a, const void *b)
{
    const struct version *one = a;
    const struct version *other = b;
    int order = compare_ids(one, other);
    if (order == 0)
        order = one->revision > other->revision ? -1 : one->revision < other->revision;
    if (order == 0)
        order = one->fact < other->fact ? -1 : one->fact > other->fact;
    return order;
}

/* Keeps the highest revision of each; returns how many there are. */
static size_t keep_latest(struct version *versions, size_t count)
{
    size_t kept = 0;
    if (count > 0)
        qsort(versions, count, sizeof *versions, compare_versions);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || compare_ids(&versions[kept - 1], &versions[i]) != 0)
            versions[kept++] = versions[i];
    return kept;
}

/* --- rows --- */

static void add_row(struct obvious *all, struct obvious_row row)
{
    if (all->row_count == all->row_capacity) {
        all->row_capacity = all->row_capacity ? all->row_capacity * 2 : 256;
        all->rows = realloc(all->rows, all->row_capacity * sizeof *all->rows);
        if (!all->rows)
            abort();
    }
    all->rows[all->row_count++] = row;
}

static void add_rows(struct obvious *all, const struct list *participants, struct obvious_row row)
{
    const struct deal_participant *items = participants->items;
    for (size_t i = 0; i < participants->count; i++) {
        row.participant = items[i].participant;
        row.role = items[i].role;
        row.share = items[i].share;
        row.part = &items[i];
        add_row(all, row);
    }
}

/* "A CANCELLED record repeats the whole deal and counts as having been closed"; open deals are not
 * closed yet. */
static bool can_count(const struct deal *deal)
{
    return deal->status != DEAL_OPEN && has_matching_lines(deal);
}

static const struct deal *deal_called(const struct version *deals, size_t count, struct slice id)
{
    size_t low = 0;
    for (size_t high = count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (slice_compare(deals[middle].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && slice_equal(deals[low].id, id) ? deals[low].fact : NULL;
}

/* "participants are the milestone's own, else the deal's". A milestone of a deal waits for it. */
static void credit_milestones(struct obvious *all, struct version *versions,
                              const struct version *deals, size_t deal_count)
{
    const struct obvious_facts *facts = all->facts;
    for (size_t i = 0; i < facts->milestone_count; i++)
        versions[i] = (struct version){.id = facts->milestones[i].milestone_id,
                                       .more = facts->milestones[i].deal_id,
                                       .revision = facts->milestones[i].revision,
                                       .fact = &facts->milestones[i]};
    size_t count = keep_latest(versions, facts->milestone_count);
    all->milestone_count = count;
    for (size_t i = 0; i < count; i++) {
        const struct milestone *milestone = all->milestones[i] = versions[i].fact;
        const struct deal *deal = deal_called(deals, deal_count, milestone->deal_id);
        const struct list *participants = &milestone->participants;
        if (milestone->deal_id.length > 0 && (!deal || !can_count(deal)))
            continue;
        bool are_the_deals = participants->count == 0 && deal;
        if (are_the_deals)
            participants = &deal->participants;
        if (!are_the_deals || keeps_splits(all, participants))
            add_rows(
                all, participants,
                (struct obvious_row){.of = OF_MILESTONES, .deal = deal, .milestone = milestone});
    }
}

/* A payment of 0 is one that "is revoked under the old key and stated under the new". */
static void credit_payments(struct obvious *all, struct version *versions,
                            const struct version *deals, size_t deal_count)
{
    const struct obvious_facts *facts = all->facts;
    for (size_t i = 0; i < facts->payment_count; i++)
        versions[i] = (struct version){.id = facts->payments[i].payment_id,
                                       .more = facts->payments[i].deal_id,
                                       .revision = facts->payments[i].revision,
                                       .fact = &facts->payments[i]};
    size_t count = keep_latest(versions, facts->payment_count);
    all->payment_count = count;
    for (size_t i = 0; i < count; i++) {
        const struct payment *payment = all->payments[i] = versions[i].fact;
        const struct deal *deal = deal_called(deals, deal_count, payment->deal_id);
        bool is_taken_away = payment->amount.units == 0;
        if (deal && !is_taken_away && can_count(deal) && keeps_splits(all, &deal->participants))
            add_rows(all, &deal->participants,
                     (struct obvious_row){.of = OF_PAYMENTS, .deal = deal, .payment = payment});
    }
}

/* A result is told from others by its name and its window or date, an adjustment by its id. */
static void credit_results(struct obvious *all, struct version *versions)
{
    const struct obvious_facts *facts = all->facts;
    for (size_t i = 0; i < facts->result_count; i++) {
        const struct result *one = &facts->results[i];
        bool is_result = one->what == RESULT_RESULT;
        struct slice when = one->window;
        if (is_result && !when.bytes && one->has_date)
            when = (struct slice){(const char *)&one->date, sizeof one->date};
        versions[i] = (struct version){.id = one->participant,
                                       .more = is_result ? one->result : one->adjustment_id,
                                       .even_more = is_result ? when : (struct slice){0},
                                       .revision = one->revision,
                                       .fact = one};
    }
    size_t count = keep_latest(versions, facts->result_count);
    for (size_t i = 0; i < count; i++) {
        const struct result *one = versions[i].fact;
        add_row(all,
                (struct obvious_row){.of = one->what == RESULT_RESULT ? OF_RESULTS : OF_ADJUSTMENTS,
                                     .participant = one->participant,
                                     .share = decimal_of(1),
                                     .result = one});
    }
}

static int compare_rows(const void *a, const void *b)
{
    const struct obvious_row *one = a;
    const struct obvious_row *other = b;
    int order = slice_compare(one->participant, other->participant);
    return order != 0 ? order : one->of < other->of ? -1 : one->of > other->of;
}

/* --- "for deals that name nobody" --- */

/* A line's conditions hold where they all hold of one line. */
static bool rule_fits(struct obvious *all, const struct node *when, const struct deal *deal)
{
    const struct deal_line *lines = deal->lines.items;
    struct obvious_subject subject = {.deal = deal};
    if (!obvious_asks_about_lines(when))
        return obvious_holds(all, when, &subject, NULL);
    for (size_t i = 0; i < deal->lines.count; i++) {
        subject.line = &lines[i];
        if (obvious_holds(all, when, &subject, NULL))
            return true;
    }
    return false;
}

/* "`credit:` names a participant, territory, team …": `{territory: dach-core, role: owner}`. */
static void name_one(struct obvious *all, const struct node *credit, struct list *out)
{
    struct deal_participant one = {.share = decimal_of(1)};
    for (const struct node *key = credit->first; key; key = key->next) {
        struct buffer text = {0};
        if (slice_equal(key->key, SLICE("role"))) {
            one.role = key->text;
        } else if (slice_equal(key->key, SLICE("share"))) {
            if (decimal_parse_share(key->text, &one.share))
                (void)obvious_refuse(all, NULL, key, "a share that does not read");
        } else {
            buffer_printf(&text, "%.*s:%.*s", SLICE_ARGS(key->key), SLICE_ARGS(key->text));
            one.participant = arena_copy(all->arena, buffer_slice(&text));
        }
        buffer_deinit(&text);
    }
    struct deal_participant *items = arena_take_array(all->arena, out->count + 1, sizeof *items);
    if (!items || !one.participant.bytes) {
        all->status = STATUS_EXHAUSTED;
        return;
    }
    if (out->count)
        memcpy(items, out->items, out->count * sizeof *items);
    items[out->count] = one;
    *out = (struct list){items, out->count + 1};
}

/* The deal with those that "`match: first | all`" of the rules credit. */
static const struct deal *name_by_rules(struct obvious *all, const struct deal *deal)
{
    struct deal *named = arena_take(all->arena, sizeof *named);
    if (!named) {
        all->status = STATUS_EXHAUSTED;
        return deal;
    }
    *named = *deal;
    for (const struct node *rule = all->rules->first; rule && !all->status; rule = rule->next) {
        const struct node *credit = node_find(rule, "credit");
        if (!rule_fits(all, node_find(rule, "when"), deal))
            continue;
        if (credit->kind == NODE_MAP)
            name_one(all, credit, &named->participants);
        else
            for (const struct node *one = credit->first; one; one = one->next)
                name_one(all, one, &named->participants);
        if (!all->takes_all)
            break;
    }
    return named;
}

void obvious_credit(struct obvious *all)
{
    const struct obvious_facts *facts = all->facts;
    size_t most = facts->milestone_count + facts->payment_count + facts->result_count;
    struct version *deals = arena_take_array(all->arena, facts->deal_count, sizeof *deals);
    struct version *others = arena_take_array(all->arena, most, sizeof *others);
    all->payments = arena_take_array(all->arena, facts->payment_count, sizeof *all->payments);
    all->milestones = arena_take_array(all->arena, facts->milestone_count, sizeof *all->milestones);
    if (!deals || !others || !all->payments || !all->milestones) {
        all->status = STATUS_EXHAUSTED;
        return;
    }
    for (size_t i = 0; i < facts->deal_count; i++)
        deals[i] = (struct version){.id = facts->deals[i].deal_id,
                                    .revision = facts->deals[i].revision,
                                    .fact = &facts->deals[i]};
    size_t count = keep_latest(deals, facts->deal_count);
    for (size_t i = 0; all->rules && i < count; i++) {
        const struct deal *deal = deals[i].fact;
        if (deal->participants.count == 0)
            deals[i].fact = name_by_rules(all, deal);
    }
    for (size_t i = 0; i < count; i++) {
        const struct deal *deal = deals[i].fact;
        if (can_count(deal) && keeps_splits(all, &deal->participants))
            add_rows(all, &deal->participants, (struct obvious_row){.of = OF_DEALS, .deal = deal});
    }
    credit_milestones(all, others, deals, count);
    credit_payments(all, others, deals, count);
    credit_results(all, others);
    if (all->row_count > 0)
        qsort(all->rows, all->row_count, sizeof *all->rows, compare_rows);
}
