#include <stdlib.h>

#include "engine/obvious_parts.h"

/* A step of the running total: a row, or, where the measure asks about lines, a line of it. */
struct piece {
    const struct obvious_entry *entry;
    const struct deal_line *line;
    mpq_srcptr value;
};

struct pieces {
    struct piece *items;
    size_t count;
};

/* "Rows of every kind have one total order: (instant, deal id, line id, role, row id)"; entries lie
 * in it already. */
static int compare_pieces(const void *a, const void *b)
{
    const struct piece *one = a;
    const struct piece *other = b;
    if (one->entry->at != other->entry->at)
        return one->entry->at < other->entry->at ? -1 : 1;
    int order = 0;
    if (one->line && other->line && one->entry->row->deal != other->entry->row->deal)
        order = slice_compare(one->entry->row->deal->deal_id, other->entry->row->deal->deal_id);
    else if (one->line && other->line)
        order = slice_compare(one->line->line_id, other->line->line_id);
    return order != 0 ? order : one->entry < other->entry ? -1 : one->entry > other->entry;
}

static void add_lines(struct obvious_book *book, const struct obvious_entry *entry,
                      struct slice sum, struct pieces *pieces)
{
    struct numbers *numbers = book->numbers;
    const struct deal *deal = entry->row->deal;
    const struct deal_line *lines = deal->lines.items;
    for (size_t i = 0; i < deal->lines.count && !book->all->status; i++) {
        if (!obvious_counts_line(book, entry, i))
            continue;
        mpq_srcptr value = obvious_amount(book->all, deal, &lines[i], sum);
        if (value && !slice_equal(sum, SLICE("quantity")))
            value = number_multiply(numbers, value, entry->exchange);
        if (value && !obvious_is_share_after(book))
            value = number_multiply(numbers, value, entry->credit);
        if (value)
            pieces->items[pieces->count++] = (struct piece){entry, &lines[i], value};
    }
}

/* "A condition on a line's field counts matching lines only": each is a row then, but "`over:
 * deal` first adds up the deal's matching lines". A count is of deals. With `share: after` the one
 * deal or line counts whole, once. */
static struct pieces pieces_of(struct obvious_book *book)
{
    const struct node *measure = node_find(book->component, "measure");
    const struct node *sum = node_find(measure, "sum");
    bool has_lines = book->window.over != WINDOW_DEAL && obvious_of(book->component) == OF_DEALS &&
                     sum && !node_is(sum, "count") &&
                     obvious_asks_about_lines(node_find(measure, "where"));
    size_t most = 1;
    for (size_t i = 0; i < book->measured; i++)
        most += 1 + (has_lines ? book->entries[i].row->deal->lines.count : 0);
    struct pieces pieces = {calloc(most, sizeof *pieces.items), 0};
    if (!pieces.items)
        abort();
    size_t count = obvious_is_share_after(book) && book->measured > 0 ? 1 : book->measured;
    for (size_t i = 0; i < count; i++) {
        const struct obvious_entry *entry = &book->entries[i];
        if (has_lines && !entry->line)
            add_lines(book, entry, sum->text, &pieces);
        else
            pieces.items[pieces.count++] = (struct piece){
                entry, NULL,
                obvious_is_share_after(book) ? entry->value : obvious_contribution(book, entry)};
    }
    if (pieces.count > 1)
        qsort(pieces.items, pieces.count, sizeof *pieces.items, compare_pieces);
    return pieces;
}

/* "`by`: end of month 1 | end of window", or a date, that day included. "Months count from the
 * window's start. Deadlines are judged by the rows' own dates." */
static bool is_in_time(struct obvious_book *book, const struct node *by, int32_t date)
{
    int32_t until;
    struct slice text = by ? by->text : (struct slice){0};
    if (!by || node_is(by, "end of window"))
        return true; /* rows of the window are dated in it */
    if (!date_parse(text, &until))
        return date <= until;
    if (slice_starts_with(text, SLICE("end of month "))) {
        mpq_srcptr number =
            number_read(book->numbers, (struct slice){text.bytes + 13, text.length - 13});
        for (int32_t month = 1; number && month <= 1200; month++)
            if (mpq_cmp_si(number, month, 1) == 0)
                return !window_month_until(&book->plan->calendar, &book->window.whole, month,
                                           &until) &&
                       date < until;
    }
    (void)obvious_refuse(book->all, book->plan, by, "a deadline that is not known here");
    return false;
}

/* "`late`: nothing, or a share of the award" */
static mpq_srcptr late_award(struct obvious_book *book, const struct node *late, mpq_srcptr award)
{
    if (!late || node_is(late, "nothing"))
        return number_of(book->numbers, 0);
    mpq_srcptr share = number_read(book->numbers, late->text);
    if (!share)
        return obvious_refuse(book->all, book->plan, late, "a `late` that is not known here");
    return number_multiply(book->numbers, award, share);
}

/* "`boundary`: reached (≥) | passed (>)" */
static bool is_reached(const struct node *milestones, mpq_srcptr total, mpq_srcptr reach)
{
    int order = mpq_cmp(total, reach);
    return order > 0 || (order == 0 && !node_is(node_find(milestones, "boundary"), "passed"));
}

/* "`give: 2%` of the total at the instant of reaching"; otherwise an amount. */
static mpq_srcptr award_of(struct obvious_book *book, const struct node *row, mpq_srcptr total)
{
    mpq_srcptr give = obvious_number_at(book->all, book->plan, row, "give");
    struct slice text = give ? node_find(row, "give")->text : (struct slice){0};
    bool is_share = text.length > 0 && text.bytes[text.length - 1] == '%';
    return is_share ? number_multiply(book->numbers, give, total) : give;
}

/* What one threshold pays. "Reached stays reached when a later-dated row is negative": the first
 * row with which the running total is there counts. "`plus` counts in the total", from the window's
 * first day on. */
static mpq_srcptr step_pay(struct obvious_book *book, const struct node *milestones,
                           const struct node *row, const struct pieces *pieces)
{
    struct numbers *numbers = book->numbers;
    mpq_srcptr reach = obvious_number_at(book->all, book->plan, row, "reach");
    mpq_srcptr total = book->plus;
    int32_t date = book->window.span.from;
    size_t next = 0;
    while (reach && !is_reached(milestones, total, reach)) {
        if (next == pieces->count)
            return number_of(numbers, 0);
        date = pieces->items[next].entry->date;
        total = number_add(numbers, total, pieces->items[next++].value);
    }
    mpq_srcptr award = reach ? award_of(book, row, total) : NULL;
    if (!award)
        return NULL;
    return is_in_time(book, node_find(row, "by"), date)
               ? award
               : late_award(book, node_find(milestones, "late"), award);
}

/* "`award: each` (a series) | `highest` (one lump sum)"; "`highest` takes the highest by `reach`
 * among those that pay". */
mpq_srcptr obvious_milestones(struct obvious_book *book, const struct node *milestones)
{
    struct numbers *numbers = book->numbers;
    const struct node *table = node_find(milestones, "table");
    bool is_highest = node_is(node_find(milestones, "award"), "highest");
    mpq_srcptr pay = number_of(numbers, 0);
    mpq_srcptr highest = NULL;
    struct pieces pieces = pieces_of(book);
    for (const struct node *row = table ? table->first : NULL; row; row = row->next) {
        mpq_srcptr one = step_pay(book, milestones, row, &pieces);
        mpq_srcptr reach = one ? obvious_number_at(book->all, book->plan, row, "reach") : NULL;
        if (!one || book->all->status) {
            pay = NULL;
            break;
        }
        if (!is_highest)
            pay = number_add(numbers, pay, one);
        else if (mpq_sgn(one) != 0 && (!highest || mpq_cmp(reach, highest) > 0)) {
            highest = reach;
            pay = one;
        }
    }
    free(pieces.items);
    return pay;
}
