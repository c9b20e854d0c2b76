#include "engine/obvious_parts.h"

/* "A list picks by row: `match: first | highest | all` (`all` adds up)." NULL: "a row that matches
 * nothing pays nothing". */
static mpq_srcptr pick_rate(struct obvious_book *book, const struct node *pays,
                            const struct obvious_subject *subject)
{
    const struct node *rates = node_find(pays, "rates");
    const struct node *match = node_find(pays, "match");
    mpq_srcptr picked = NULL;
    for (const struct node *row = rates->first; row; row = row->next) {
        const struct node *give = node_find(row, "give");
        if (!give || !obvious_holds(book->all, node_find(row, "when"), subject, NULL))
            continue;
        mpq_srcptr rate = number_read(book->numbers, give->text);
        if (!rate)
            return obvious_refuse(book->all, book->plan, give, "a rate that does not read");
        if (!picked || (node_is(match, "highest") && mpq_cmp(rate, picked) > 0))
            picked = rate;
        else if (node_is(match, "all"))
            picked = number_add(book->numbers, picked, rate);
    }
    for (const struct node *row = rates->first; row && !picked; row = row->next)
        if (node_find(row, "else"))
            picked = number_read(book->numbers, node_find(row, "else")->text);
    return picked;
}

/* What one line, or a whole deal, pays before the share. */
static mpq_srcptr rate_piece(struct obvious_book *book, const struct node *pays,
                             const struct obvious_entry *entry, const struct deal_line *line)
{
    struct numbers *numbers = book->numbers;
    const struct node *sum = node_find(node_find(book->component, "measure"), "sum");
    struct obvious_subject subject = {entry->row->deal, line, entry->row->milestone};
    mpq_srcptr rate = pick_rate(book, pays, &subject);
    mpq_srcptr value = entry->value; /* of a milestone, payment …, which has no lines */
    if (entry->row->of == OF_DEALS)
        value = sum ? obvious_amount(book->all, entry->row->deal, line, sum->text) : NULL;
    if (!rate || !value)
        return number_of(numbers, 0);
    bool is_money = !node_is(sum, "count") && !node_is(sum, "quantity");
    if (is_money && entry->row->of == OF_DEALS)
        value = number_multiply(numbers, value, entry->exchange);
    return number_multiply(numbers, rate, value);
}

/* "per line where there are lines": those that the measure counts. */
static mpq_srcptr rate_row(struct obvious_book *book, const struct node *pays,
                           const struct obvious_entry *entry)
{
    const struct deal *deal = entry->row->deal;
    if (entry->row->of != OF_DEALS || deal->lines.count == 0)
        return rate_piece(book, pays, entry, NULL);
    const struct deal_line *lines = deal->lines.items;
    mpq_srcptr sum = number_of(book->numbers, 0);
    for (size_t i = 0; i < deal->lines.count; i++)
        if (obvious_counts_line(book, entry, i))
            sum = number_add(book->numbers, sum, rate_piece(book, pays, entry, &lines[i]));
    return sum;
}

/* "the participant's share is taken of the measure": of each row's. With `share: after` the one
 * deal or line pays whole, once. `plus` belongs to no row. */
mpq_srcptr obvious_rates(struct obvious_book *book, const struct node *pays)
{
    const struct node *measure = node_find(book->component, "measure");
    mpq_srcptr pay = number_of(book->numbers, 0);
    if (node_is(node_find(measure, "share"), "after"))
        return book->measured > 0 ? rate_row(book, pays, &book->entries[0]) : pay;
    for (size_t i = 0; i < book->measured; i++) {
        const struct obvious_entry *entry = &book->entries[i];
        mpq_srcptr row = rate_row(book, pays, entry);
        pay = number_add(book->numbers, pay, number_multiply(book->numbers, row, entry->credit));
    }
    return pay;
}
