#include "engine/obvious_parts.h"

/* --- what one row is worth --- */

mpq_srcptr obvious_amount(struct obvious *all, const struct deal *deal,
                          const struct deal_line *line, struct slice sum)
{
    struct numbers *numbers = &all->numbers;
    const struct list *amounts = line ? &line->amounts : &deal->amounts;
    const struct named_decimal *named = amounts->items;
    if (slice_equal(sum, SLICE("count")))
        return number_of(numbers, 1);
    if (slice_equal(sum, SLICE("amount")))
        return number_decimal(numbers, line ? line->amount : deal->amount);
    if (slice_equal(sum, SLICE("quantity"))) {
        bool has = line ? line->has_quantity : deal->has_quantity;
        struct decimal quantity = line ? line->quantity : deal->quantity;
        return has ? number_decimal(numbers, quantity) : number_of(numbers, 0);
    }
    if (!slice_starts_with(sum, SLICE("amount.")))
        return obvious_refuse(all, NULL, NULL, "a sum that is not known here");
    for (size_t i = 0; i < amounts->count; i++)
        if (slice_equal(named[i].name, (struct slice){sum.bytes + 7, sum.length - 7}))
            return number_decimal(numbers, named[i].value);
    return number_of(numbers, 0);
}

bool obvious_counts_line(struct obvious_book *book, const struct obvious_entry *entry, size_t index)
{
    const struct deal *deal = entry->row->deal;
    const struct deal_line *line = (const struct deal_line *)deal->lines.items + index;
    const struct node *where = node_find(node_find(book->component, "measure"), "where");
    struct obvious_subject subject = {deal, line, entry->row->milestone};
    if (entry->line)
        return line == entry->line;
    return obvious_holds(book->all, where, &subject, NULL);
}

/* "A condition on a line's field counts matching lines only; otherwise the whole deal." A deal
 * counts as one however many lines match. */
mpq_srcptr obvious_value(struct obvious_book *book, const struct obvious_entry *entry,
                         struct slice sum)
{
    const struct deal *deal = entry->row->deal;
    const struct deal_line *lines = deal->lines.items;
    const struct node *where = node_find(node_find(book->component, "measure"), "where");
    if (entry->line || !obvious_asks_about_lines(where) || slice_equal(sum, SLICE("count")))
        return obvious_amount(book->all, deal, entry->line, sum);
    mpq_srcptr value = number_of(book->numbers, 0);
    for (size_t i = 0; i < deal->lines.count && !book->all->status; i++)
        if (obvious_counts_line(book, entry, i))
            value =
                number_add(book->numbers, value, obvious_amount(book->all, deal, &lines[i], sum));
    return value;
}

/* Of a payment, the part that falls on the lines that count. */
static mpq_srcptr payment_value(struct obvious_book *book, const struct obvious_entry *entry)
{
    struct numbers *numbers = book->numbers;
    const struct node *where = node_find(node_find(book->component, "measure"), "where");
    mpq_srcptr paid = number_decimal(numbers, entry->row->payment->amount);
    mpq_srcptr whole = number_decimal(numbers, entry->row->deal->amount);
    if (!obvious_asks_about_lines(where))
        return paid;
    if (mpq_sgn(whole) == 0)
        return number_of(numbers, 0);
    mpq_srcptr part = obvious_value(book, entry, SLICE("amount"));
    return number_divide(numbers, number_multiply(numbers, paid, part), whole);
}

/* "`value` (results)"; of awards, adjustments and milestones their amount. Without `sum` only a
 * single result has a measure. */
static mpq_srcptr row_value(struct obvious_book *book, const struct obvious_entry *entry,
                            struct slice sum)
{
    struct numbers *numbers = book->numbers;
    const struct obvious_row *row = entry->row;
    const struct node *named = node_find(node_find(book->component, "measure"), "result");
    if (row->of == OF_RESULTS && (named || sum.length > 0))
        return slice_equal(sum, SLICE("count")) ? number_of(numbers, 1)
                                                : number_decimal(numbers, row->result->value);
    if (sum.length == 0)
        return number_of(numbers, 0);
    if (row->of == OF_DEALS)
        return obvious_value(book, entry, sum);
    if (slice_equal(sum, SLICE("count")))
        return number_of(numbers, 1);
    if (!slice_equal(sum, SLICE("amount")))
        return number_of(numbers, 0);
    if (row->of == OF_PAYMENTS)
        return payment_value(book, entry);
    if (row->of == OF_ADJUSTMENTS)
        return number_decimal(numbers, row->result->amount);
    return row->milestone->has_amount ? number_decimal(numbers, row->milestone->amount)
                                      : number_of(numbers, 0);
}

static struct slice sum_of(const struct obvious_book *book)
{
    const struct node *sum = node_find(node_find(book->component, "measure"), "sum");
    return sum ? sum->text : (struct slice){0};
}

bool obvious_is_share_after(const struct obvious_book *book)
{
    return node_is(node_find(node_find(book->component, "measure"), "share"), "after");
}

bool obvious_value_entry(struct obvious_book *book, struct obvious_entry *entry)
{
    struct numbers *numbers = book->numbers;
    const struct node *measure = node_find(book->component, "measure");
    struct slice sum = sum_of(book);
    bool is_money = !slice_equal(sum, SLICE("count")) && !slice_equal(sum, SLICE("quantity"));
    bool is_whole = slice_equal(sum, SLICE("count")) &&
                    node_is(node_find(measure, "count"), "credited") &&
                    !obvious_is_share_after(book); /* the share is of the pay, and of its parts */
    entry->exchange = obvious_exchange(book, entry);
    if (!entry->exchange)
        return false;
    entry->credit = is_whole ? number_of(numbers, 1) : number_decimal(numbers, entry->row->share);
    entry->value = row_value(book, entry, sum);
    entry->units = entry->row->of == OF_DEALS ? obvious_value(book, entry, SLICE("quantity"))
                                              : number_of(numbers, 0);
    if (!entry->value || !entry->units)
        return false;
    if (is_money)
        entry->value = number_multiply(numbers, entry->value, entry->exchange);
    return true;
}

mpq_srcptr obvious_contribution(struct obvious_book *book, const struct obvious_entry *entry)
{
    return number_multiply(book->numbers, entry->value, entry->credit);
}

/* --- X --- */

/* "`take`: `last | average | sum | max` of its values in the window". */
static mpq_srcptr take_of(struct obvious_book *book, const struct node *take, mpq_srcptr sum)
{
    mpq_srcptr most = NULL;
    if (book->measured == 0 || !take || node_is(take, "sum"))
        return take || book->measured == 0 ? sum : book->entries[book->measured - 1].value;
    if (node_is(take, "last"))
        return book->entries[book->measured - 1].value;
    if (node_is(take, "average"))
        return number_divide(book->numbers, sum, number_of(book->numbers, (long)book->measured));
    for (size_t i = 0; i < book->measured; i++)
        most = most ? number_most(most, book->entries[i].value) : book->entries[i].value;
    return node_is(take, "max")
               ? most
               : obvious_refuse(book->all, book->plan, take, "a `take` that is not known here");
}

/* `share: after`: one deal, or one line, however many parts of it are the participant's. */
static void measure_after(struct obvious_book *book)
{
    if (book->measured == 0)
        return;
    book->x = book->entries[0].value;
    book->units = book->entries[0].units;
    book->share = number_of(book->numbers, 0);
    for (size_t i = 0; i < book->measured; i++) {
        mpq_srcptr share = number_decimal(book->numbers, book->entries[i].row->share);
        book->share = number_add(book->numbers, book->share, share);
    }
}

/* "count only growth over it; not below 0 unless `negative: count`". */
static void take_baseline_off(struct obvious_book *book, const struct node *baseline)
{
    mpq_srcptr zero = number_of(book->numbers, 0);
    mpq_srcptr base = obvious_baseline(book, baseline);
    if (!base)
        return;
    book->x = number_subtract(book->numbers, book->x, base);
    book->plus = number_subtract(book->numbers, book->plus, base);
    if (!node_is(node_find(baseline, "negative"), "count"))
        book->x = number_most(book->x, zero);
}

/* X = Σ of contributions (share × value, converted as `convert` says) + `plus`. */
void obvious_measure(struct obvious_book *book, size_t count)
{
    struct numbers *numbers = book->numbers;
    const struct node *measure = node_find(book->component, "measure");
    const struct node *plus = node_find(measure, "plus");
    const struct node *baseline = node_find(node_find(book->component, "goal"), "baseline");
    book->measured = count;
    book->x = number_of(numbers, 0);
    book->units = number_of(numbers, 0);
    book->share = number_of(numbers, 1);
    book->plus = number_of(numbers, 0);
    for (size_t i = 0; i < count; i++) {
        const struct obvious_entry *entry = &book->entries[i];
        mpq_srcptr share = number_decimal(numbers, entry->row->share);
        book->x = number_add(numbers, book->x, obvious_contribution(book, entry));
        book->units =
            number_add(numbers, book->units, number_multiply(numbers, entry->units, share));
    }
    if (obvious_is_share_after(book))
        measure_after(book);
    if (obvious_of(book->component) == OF_RESULTS && !slice_equal(sum_of(book), SLICE("count")))
        book->x = take_of(book, node_find(measure, "take"), book->x);
    if (plus && book->x)
        book->plus = obvious_number_at(book->all, book->plan, measure, "plus");
    if (book->x && book->plus)
        book->x = number_add(numbers, book->x, book->plus);
    book->gross = book->x;
    if (baseline && !book->all->status)
        take_baseline_off(book, baseline);
}
