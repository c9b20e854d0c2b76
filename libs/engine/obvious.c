#include "engine/obvious.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/obvious_parts.h"

/* --- the roster --- */

static int compare_rosters(const void *a, const void *b)
{
    const struct roster *one = *(const struct roster *const *)a;
    const struct roster *other = *(const struct roster *const *)b;
    int order = slice_compare(one->participant, other->participant);
    if (order == 0)
        order = one->version > other->version ? -1 : one->version < other->version;
    return order;
}

/* The newest assignments of every participant, by participant. */
static void read_rosters(struct obvious *all)
{
    const struct obvious_facts *facts = all->facts;
    const struct roster **rosters =
        arena_take_array(all->arena, facts->roster_count, sizeof *rosters);
    size_t count = 0;
    size_t kept = 0;
    if (!rosters) {
        all->status = STATUS_EXHAUSTED;
        return;
    }
    for (size_t i = 0; i < facts->roster_count; i++)
        if (slice_equal(facts->rosters[i].aspect, SLICE("assignments")))
            rosters[count++] = &facts->rosters[i];
    if (count > 0)
        qsort(rosters, count, sizeof *rosters, compare_rosters);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !slice_equal(rosters[kept - 1]->participant, rosters[i]->participant))
            rosters[kept++] = rosters[i];
    all->rosters = rosters;
    all->roster_count = kept;
}

static int compare_name(const void *name, const void *roster)
{
    const struct roster *one = *(const struct roster *const *)roster;
    return slice_compare(*(const struct slice *)name, one->participant);
}

static const struct roster *assignments_of(const struct obvious *all, struct slice participant)
{
    const struct roster *const *found = all->roster_count
                                            ? bsearch(&participant, all->rosters, all->roster_count,
                                                      sizeof *all->rosters, compare_name)
                                            : NULL;
    return found ? *found : NULL;
}

static bool is_assigned(const struct roster *roster, struct slice plan, int32_t date)
{
    const struct assignment *assignments = roster->assignments.items;
    for (size_t i = 0; i < roster->assignments.count; i++)
        if (slice_equal(assignments[i].plan, plan) && date >= assignments[i].from &&
            (!assignments[i].has_until || date < assignments[i].until))
            return true;
    return false;
}

/* mid-window: last takes the last of those that hold in the window. */
static const struct assignment *last_assignment(const struct roster *roster, struct slice plan,
                                                const struct window_span *span)
{
    const struct assignment *assignments = roster->assignments.items;
    const struct assignment *last = NULL;
    for (size_t i = 0; i < roster->assignments.count; i++) {
        const struct assignment *one = &assignments[i];
        bool holds = one->from < span->until && (!one->has_until || one->until > span->from);
        if (slice_equal(one->plan, plan) && holds && (!last || one->from > last->from))
            last = one;
    }
    return last;
}

/* --- windows --- */

/* The highest version that is effective at the window's first day; where there is none, the first
 * that becomes effective in it. */
static const struct obvious_plan *version_for(const struct obvious *all, struct slice plan,
                                              const struct window_span *span)
{
    const struct obvious_plan *highest = NULL;
    const struct obvious_plan *first = NULL;
    for (size_t i = 0; i < all->plan_count; i++) {
        const struct obvious_plan *one = &all->plans[i];
        if (!slice_equal(one->name, plan))
            continue;
        if (one->from <= span->from && span->from < one->until &&
            (!highest || one->version > highest->version))
            highest = one;
        if (one->from > span->from && one->from < span->until &&
            (!first || one->from < first->from ||
             (one->from == first->from && one->version > first->version)))
            first = one;
    }
    return highest ? highest : first;
}

static struct slice window_name(struct obvious *all, const struct obvious_plan *plan,
                                const struct obvious_entry *entry)
{
    struct buffer name = {0};
    char id[WINDOW_ID_BYTES];
    if (entry->line)
        window_append_line_id(entry->row->deal->deal_id, entry->line->line_id, &name);
    else if (entry->span.over == WINDOW_DEAL)
        window_append_deal_id(entry->row->deal->deal_id, &name);
    else
        buffer_append(&name, id, window_id(&plan->calendar, &entry->span, id));
    struct slice copy = arena_copy(all->arena, buffer_slice(&name));
    buffer_deinit(&name);
    if (!copy.bytes)
        all->status = STATUS_EXHAUSTED;
    return copy;
}

/* --- the keys of one component --- */

struct component_rows {
    struct obvious *all;
    const struct obvious_plan *plan;
    const struct node *component;
    enum window_over over;
    const struct roster *roster;
    struct obvious_entry *entries;
    size_t count;
    size_t capacity;
};

static void keep(struct component_rows *rows, struct obvious_entry entry)
{
    size_t mark = rows->all->numbers.count;
    bool fits = obvious_fits(rows->all, rows->component, &entry);
    numbers_release(&rows->all->numbers, mark);
    if (!fits)
        return;
    entry.window = window_name(rows->all, rows->plan, &entry);
    if (rows->count == rows->capacity) {
        rows->capacity = rows->capacity ? rows->capacity * 2 : 64;
        rows->entries = realloc(rows->entries, rows->capacity * sizeof *rows->entries);
        if (!rows->entries)
            abort();
    }
    rows->entries[rows->count++] = entry;
}

/* Q: rows dated in a window that this version values and within the assignment, in the plan's
 * currency (a deal in another one waits). */
static void take_row(struct component_rows *rows, const struct obvious_row *row)
{
    const struct obvious_plan *plan = rows->plan;
    const struct deal_line *lines = row->deal->lines.items;
    struct obvious_entry entry = {.row = row};
    int32_t date;
    if (zone_date_at(plan->zone, row->deal->closed_at, &date) ||
        window_containing(&plan->calendar, rows->over, date, &entry.span))
        return;
    if (!is_assigned(rows->roster, plan->name, date) ||
        version_for(rows->all, plan->name, &entry.span) != plan ||
        !slice_equal(row->deal->currency, plan->currency))
        return;
    if (rows->over != WINDOW_LINE)
        keep(rows, entry);
    for (size_t i = 0; rows->over == WINDOW_LINE && i < row->deal->lines.count; i++) {
        entry.line = &lines[i];
        keep(rows, entry);
    }
}

static int compare_entries(const void *a, const void *b)
{
    const struct obvious_entry *one = a;
    const struct obvious_entry *other = b;
    int order = slice_compare(one->window, other->window);
    if (order == 0) /* rows lie in one array */
        order = one->row < other->row ? -1 : one->row > other->row;
    return order;
}

/* --- worth --- */

struct totals {
    struct obvious_total *items;
    size_t count;
    size_t capacity;
};

static void add_total(struct totals *totals, const struct obvious_total *total)
{
    if (totals->count == totals->capacity) {
        totals->capacity = totals->capacity ? totals->capacity * 2 : 64;
        totals->items = realloc(totals->items, totals->capacity * sizeof *totals->items);
        if (!totals->items)
            abort();
    }
    totals->items[totals->count++] = *total;
}

static void describe(const struct obvious_book *book, struct obvious_total *out)
{
    struct obvious *all = book->all;
    *out = (struct obvious_total){.participant = book->entries[0].row->participant,
                                  .plan = book->plan->name,
                                  .plan_version = book->plan->version,
                                  .component = book->component->key,
                                  .window = book->entries[0].window,
                                  .currency = book->plan->currency,
                                  .measure = number_text(book->x, all->arena),
                                  .has_goal = book->goal != NULL,
                                  .has_attainment = book->a != NULL,
                                  .waits = book->waits};
    if (book->goal)
        out->goal = number_text(book->goal, all->arena);
    if (book->a)
        out->attainment = number_text(book->a, all->arena);
}

static void value_book(struct obvious_book *book, struct totals *totals)
{
    struct obvious *all = book->all;
    struct obvious_total total;
    const struct node *rounding = node_find(book->plan->root, "rounding");
    const struct node *to = node_find(rounding, "to");
    const struct node *mode = node_find(rounding, "mode");
    obvious_measure(book);
    mpq_srcptr pay = all->status ? NULL : obvious_pay(book);
    if (all->status)
        return;
    describe(book, &total);
    if (pay) {
        mpq_srcptr step = to ? number_read(&all->numbers, to->text) : NULL;
        pay = step && mode ? number_round(&all->numbers, pay, step, mode->text) : NULL;
        if (!pay)
            (void)obvious_refuse(all, book->plan, rounding, "a rounding that is not known here");
        else if (!number_to_decimal(pay, &total.earned))
            all->status = STATUS_OUT_OF_RANGE;
    }
    add_total(totals, &total);
}

static void value_component(struct component_rows *rows, struct totals *totals)
{
    struct obvious *all = rows->all;
    if (rows->count > 0)
        qsort(rows->entries, rows->count, sizeof *rows->entries, compare_entries);
    for (size_t from = 0, until; from < rows->count && !all->status; from = until) {
        for (until = from + 1; until < rows->count; until++)
            if (!slice_equal(rows->entries[until].window, rows->entries[from].window))
                break;
        size_t mark = all->numbers.count;
        struct obvious_book book = {
            .all = all,
            .numbers = &all->numbers,
            .plan = rows->plan,
            .component = rows->component,
            .over = rows->over,
            .assignment =
                last_assignment(rows->roster, rows->plan->name, &rows->entries[from].span),
            .entries = rows->entries + from,
            .count = until - from,
        };
        value_book(&book, totals);
        numbers_release(&all->numbers, mark);
    }
}

/* `count` rows of one participant. */
static void value_participant(struct obvious *all, const struct obvious_row *first, size_t count,
                              struct totals *totals)
{
    struct component_rows rows = {.all = all, .roster = assignments_of(all, first->participant)};
    for (size_t i = 0; rows.roster && i < all->plan_count; i++) {
        const struct node *components = all->plans[i].components;
        rows.plan = &all->plans[i];
        for (const struct node *one = components ? components->first : NULL; one; one = one->next) {
            const struct node *over = node_find(one, "over");
            rows.component = one;
            rows.count = 0;
            if (!over || window_over_find(over->text, &rows.over))
                (void)obvious_refuse(all, rows.plan, one, "a window that is not known here");
            for (size_t k = 0; !all->status && k < count; k++)
                take_row(&rows, &first[k]);
            value_component(&rows, totals);
        }
    }
    free(rows.entries);
}

static int compare_totals(const void *a, const void *b)
{
    const struct obvious_total *one = a;
    const struct obvious_total *other = b;
    int order = slice_compare(one->participant, other->participant);
    if (order == 0)
        order = slice_compare(one->plan, other->plan);
    if (order == 0)
        order = slice_compare(one->component, other->component);
    return order != 0 ? order : slice_compare(one->window, other->window);
}

static enum status hand_over(struct obvious *all, struct totals *totals, struct obvious_total **out,
                             size_t *out_count)
{
    struct obvious_total *items = arena_take_array(all->arena, totals->count, sizeof *items);
    if (!items)
        return STATUS_EXHAUSTED;
    if (totals->count > 0) {
        qsort(totals->items, totals->count, sizeof *items, compare_totals);
        memcpy(items, totals->items, totals->count * sizeof *items);
    }
    *out = items;
    *out_count = totals->count;
    return STATUS_OK;
}

enum status obvious_evaluate(const struct obvious_facts *facts, struct arena *arena,
                             struct obvious_total **out, size_t *out_count, char *detail)
{
    struct obvious all = {.facts = facts, .arena = arena, .detail = detail};
    struct totals totals = {0};
    detail[0] = '\0';
    obvious_read_documents(&all);
    if (!all.status)
        read_rosters(&all);
    if (!all.status)
        obvious_credit(&all);
    for (size_t from = 0, until; from < all.row_count && !all.status; from = until) {
        for (until = from + 1; until < all.row_count; until++)
            if (!slice_equal(all.rows[until].participant, all.rows[from].participant))
                break;
        value_participant(&all, &all.rows[from], until - from, &totals);
    }
    if (!all.status)
        all.status = hand_over(&all, &totals, out, out_count);
    if (all.status && detail[0] == '\0')
        (void)snprintf(detail, DETAIL_BYTES, "%s",
                       all.status == STATUS_EXHAUSTED ? "not enough memory"
                                                      : "a total that no record can carry");
    numbers_deinit(&all.numbers);
    free(totals.items);
    return all.status;
}
