#include "engine/obvious.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/obvious_parts.h"
#include "money/money.h"

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

static struct slice text_of(struct obvious_book *book, mpq_srcptr number)
{
    return number ? number_text(number, book->all->arena) : (struct slice){0};
}

static void describe(struct obvious_book *book, struct obvious_total *out)
{
    *out = (struct obvious_total){.participant = book->person->participant,
                                  .plan = book->plan->name,
                                  .plan_version = book->plan->version,
                                  .component = book->component->key,
                                  .window = book->id,
                                  .currency = book->plan->currency,
                                  .measure = text_of(book, book->x),
                                  .has_goal = book->goal != NULL,
                                  .goal = text_of(book, book->goal),
                                  .has_attainment = book->a != NULL,
                                  .attainment = text_of(book, book->a),
                                  .waits = book->waits,
                                  .pending_count = book->pending_count};
    for (size_t i = 0; i < book->pending_count; i++)
        out->pending[i] = book->pending[i];
}

/* "Rounding happens once per window, on the cumulative amount"; "payable is rounded on its own
 * cumulative total". */
static void round_to(struct obvious_book *book, mpq_srcptr amount, struct decimal *out)
{
    struct obvious *all = book->all;
    const struct node *rounding = node_find(book->plan->root, "rounding");
    const struct node *mode = node_find(rounding, "mode");
    mpq_srcptr step = obvious_number_at(all, book->plan, rounding, "to");
    mpq_srcptr rounded =
        step && mode ? number_round(&all->numbers, amount, step, mode->text) : NULL;
    if (!rounded)
        (void)obvious_refuse(all, book->plan, rounding, "a rounding that is not known here");
    else if (!number_to_decimal(rounded, out))
        all->status = STATUS_OUT_OF_RANGE;
}

/* "`redeem: {rate: 0.05, to: USD}`; earned stays in the unit": what is payable, in the other
 * currency's smallest unit. */
static void redeem(struct obvious_book *book, struct obvious_total *total)
{
    struct obvious *all = book->all;
    const struct node *redeem = node_find(book->plan->root, "redeem");
    const struct node *to = node_find(redeem, "to");
    const struct node *mode = node_find(node_find(book->plan->root, "rounding"), "mode");
    const struct currency *currency = to ? currency_find(to->text, NULL, 0) : NULL;
    if (!redeem)
        return;
    mpq_srcptr rate = obvious_number_at(all, book->plan, redeem, "rate");
    if (!rate || !currency || !mode) {
        (void)obvious_refuse(all, book->plan, redeem, "a `redeem` that is not known here");
        return;
    }
    mpq_srcptr step = number_of(&all->numbers, 1);
    for (int i = 0; i < currency->exponent; i++)
        step = number_divide(&all->numbers, step, number_of(&all->numbers, 10));
    mpq_srcptr paid =
        number_multiply(&all->numbers, number_decimal(&all->numbers, total->payable), rate);
    paid = number_round(&all->numbers, paid, step, mode->text);
    total->has_redeemed = true;
    total->redeem_currency = to->text;
    if (!paid || !number_to_decimal(paid, &total->redeemed))
        all->status = STATUS_OUT_OF_RANGE;
}

/* "It adds to the earned of its component and window after rounding, unless a component measures
 * `of: adjustments`." */
static struct decimal by_hand(struct obvious_book *book)
{
    struct decimal sum = {0};
    for (size_t i = 0; i < book->person->row_count && !book->all->status; i++) {
        const struct obvious_row *row = &book->person->rows[i];
        struct obvious_window window;
        if (row->of != OF_ADJUSTMENTS || obvious_of(book->component) == OF_ADJUSTMENTS ||
            !obvious_window_of_row(book->all, book->person, book->plan, book->component, row, NULL,
                                   &window) ||
            !obvious_same_window(&window, &book->window))
            continue;
        if (!slice_equal(row->result->currency, book->plan->currency))
            obvious_pend(book, "currency-differs");
        else
            sum.units += row->result->amount.units;
    }
    return sum;
}

/* Steps 4 to 6 of the definition. */
static void value_book(struct obvious_book *book, struct totals *totals)
{
    struct obvious *all = book->all;
    struct obvious_total total;
    struct obvious_worth worth;
    struct obvious_take take;
    obvious_value_book(book, NULL, false, &worth);
    obvious_take_back(book, &take);
    mpq_srcptr earned = number_subtract(&all->numbers, number_of(&all->numbers, 0), take.earned);
    mpq_srcptr payable = number_subtract(&all->numbers, number_of(&all->numbers, 0), take.payable);
    if (worth.pay && !all->status) {
        earned = number_add(&all->numbers, earned, worth.pay);
        payable = obvious_release(book, &worth, &take);
    }
    obvious_worth_deinit(&worth);
    struct decimal adjusted = by_hand(book);
    if (all->status)
        return;
    describe(book, &total);
    round_to(book, earned, &total.earned);
    round_to(book, payable, &total.payable);
    total.earned.units += adjusted.units;
    total.payable.units += adjusted.units;
    redeem(book, &total);
    if (book->count > 0 || total.earned.units != 0 || total.payable.units != 0)
        add_total(totals, &total);
}

/* --- the keys of one participant --- */

struct keys {
    struct obvious_window *windows;
    const struct node **components;
    size_t count;
    size_t capacity;
};

static void add_key(struct keys *keys, const struct obvious_window *window,
                    const struct node *component)
{
    for (size_t i = 0; i < keys->count; i++)
        if (slice_equal(keys->components[i]->key, component->key) &&
            slice_equal(keys->windows[i].plan->name, window->plan->name) &&
            obvious_same_window(&keys->windows[i], window))
            return;
    if (keys->count == keys->capacity) {
        keys->capacity = keys->capacity ? keys->capacity * 2 : 32;
        keys->windows = realloc(keys->windows, keys->capacity * sizeof *keys->windows);
        keys->components = realloc(keys->components, keys->capacity * sizeof *keys->components);
        if (!keys->windows || !keys->components)
            abort();
    }
    keys->windows[keys->count] = *window;
    keys->components[keys->count++] = component;
}

/* A key exists where a row counts, and where a cancellation takes something back. */
static void add_row_keys(struct obvious *all, const struct obvious_person *person,
                         const struct obvious_plan *plan, const struct node *component,
                         struct keys *keys)
{
    enum window_over over;
    if (!obvious_over(all, plan, component, &over))
        return;
    for (size_t i = 0; i < person->row_count && !all->status; i++) {
        const struct obvious_row *row = &person->rows[i];
        const struct deal_line *lines = row->deal ? row->deal->lines.items : NULL;
        size_t count = over != WINDOW_LINE ? 1 : row->deal ? row->deal->lines.count : 0;
        bool is_asked = row->of == obvious_of(component) || row->of == OF_ADJUSTMENTS;
        for (size_t k = 0; k < count && is_asked; k++) {
            struct obvious_window window;
            struct obvious_window taken;
            const struct node *takes;
            if (!obvious_window_of_row(all, person, plan, component, row,
                                       over == WINDOW_LINE ? &lines[k] : NULL, &window))
                continue;
            add_key(keys, &window, component);
            if (row->of == OF_ADJUSTMENTS)
                continue;
            if (obvious_take_window(all, person, &window, component, row, &taken, &takes))
                add_key(keys, &taken, takes);
        }
    }
}

/* `level` needs no row: every window up to the business date that an assignment touches. */
static void add_level_keys(struct obvious *all, const struct obvious_person *person,
                           const struct obvious_plan *plan, const struct node *component,
                           struct keys *keys)
{
    const struct assignment *assignments =
        person->roster ? person->roster->assignments.items : NULL;
    enum window_over over;
    if (!node_find(node_find(component, "pays"), "level") || !all->facts->has_business_date ||
        !obvious_over(all, plan, component, &over))
        return;
    for (size_t i = 0; person->roster && i < person->roster->assignments.count; i++) {
        int32_t until = all->facts->business_date;
        struct obvious_window window;
        if (!slice_equal(assignments[i].plan, plan->name))
            continue;
        if (assignments[i].has_until && assignments[i].until < until)
            until = assignments[i].until;
        int32_t first = assignments[i].from;
        if (over == WINDOW_PLAN && first < plan->from)
            first = plan->from;
        for (int32_t day = first; day < until; day = window.span.until) {
            if (!obvious_window_on(all, person, plan, over, day, &window))
                break;
            if (window.plan == plan)
                add_key(keys, &window, component);
        }
    }
}

static void value_participant(struct obvious *all, struct slice participant, struct totals *totals)
{
    struct obvious_person person = obvious_person_of(all, participant);
    struct keys keys = {0};
    for (size_t i = 0; person.roster && i < all->plan_count; i++) {
        const struct obvious_plan *plan = &all->plans[i];
        for (const struct node *one = plan->components ? plan->components->first : NULL; one;
             one = one->next) {
            add_row_keys(all, &person, plan, one, &keys);
            add_level_keys(all, &person, plan, one, &keys);
        }
    }
    for (size_t i = 0; i < keys.count && !all->status; i++) {
        struct obvious_book book;
        obvious_open(all, &person, &keys.windows[i], keys.components[i], &book);
        if (!all->status)
            value_book(&book, totals);
        obvious_close(&book);
    }
    free(keys.windows);
    free(keys.components);
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
        obvious_read_rosters(&all);
    if (!all.status)
        obvious_credit(&all);
    for (size_t i = 0; i < all.roster_count && !all.status; i++)
        if (slice_equal(all.rosters[i]->aspect, SLICE("assignments")))
            value_participant(&all, all.rosters[i]->participant, &totals);
    if (!all.status)
        all.status = hand_over(&all, &totals, out, out_count);
    if (all.status && detail[0] == '\0')
        (void)snprintf(detail, DETAIL_BYTES, "%s",
                       all.status == STATUS_EXHAUSTED ? "not enough memory"
                                                      : "a total that no record can carry");
    numbers_deinit(&all.numbers);
    free(totals.items);
    free(all.rows);
    return all.status;
}
