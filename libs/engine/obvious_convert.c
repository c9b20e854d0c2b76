#include "engine/obvious_parts.h"

static struct slice currency_of(const struct obvious_book *book, const struct obvious_row *row)
{
    if (row->of == OF_RESULTS)
        return book->plan->currency;
    if (row->payment)
        return row->payment->currency;
    if (row->of == OF_ADJUSTMENTS)
        return row->result->currency.length ? row->result->currency : book->plan->currency;
    if (row->milestone && row->milestone->currency.length > 0)
        return row->milestone->currency;
    return row->deal ? row->deal->currency : book->plan->currency;
}

static bool is_pair(const struct node *pair, struct slice from, struct slice to)
{
    struct slice head;
    if (!pair)
        return false;
    struct slice rest = slice_split(pair->text, '/', &head);
    return slice_equal(head, from) && slice_equal(rest, to);
}

/* "`missing: pending | previous-up-to 5 days`" */
static int32_t days_back(struct obvious_book *book, const struct node *missing)
{
    struct duration days;
    if (!missing || node_is(missing, "pending"))
        return 0;
    struct slice rest = missing->text;
    if (slice_starts_with(rest, SLICE("previous-up-to "))) {
        rest.bytes += 15;
        rest.length -= 15;
        if (!duration_parse(rest, &days) && days.months == 0)
            return days.days;
    }
    (void)obvious_refuse(book->all, book->plan, missing, "a `missing` that is not known here");
    return 0;
}

/* "only a published pair is used, never an inverse or a cross": the rate published on the day, or
 * the last one of so many days before. */
static mpq_srcptr rate_on(struct obvious_book *book, const struct node *convert, struct slice from,
                          int32_t date)
{
    const struct node *to = node_find(convert, "to");
    const struct node *found = NULL;
    int32_t back = days_back(book, node_find(convert, "missing"));
    int32_t best = date - back - 1;
    for (size_t i = 0; i < book->all->rates_count; i++) {
        for (const struct node *row = book->all->rates[i]->first; row; row = row->next) {
            const struct node *on = node_find(row, "on");
            int32_t day;
            if (!on || !to || date_parse(on->text, &day) || day > date || day <= best ||
                !is_pair(node_find(row, "pair"), from, to->text))
                continue;
            best = day;
            found = row;
        }
    }
    if (!found)
        return NULL;
    return obvious_number_at(book->all, NULL, found, "rate");
}

/* "a date on the deal, such as the invoice's posting" */
static bool attribute_date(const struct obvious_row *row, struct slice name, int32_t *out)
{
    const struct text_or_decimal *found =
        row->milestone ? obvious_attribute(&row->milestone->attributes, name) : NULL;
    if (!found && row->deal)
        found = obvious_attribute(&row->deal->attributes, name);
    return found && !found->is_decimal && !date_parse(found->text, out);
}

/* --- cash --- */

static bool counts_as_cash(const struct payment *payment, const struct deal *deal)
{
    return slice_equal(payment->deal_id, deal->deal_id) &&
           slice_equal(payment->currency, deal->currency);
}

/* "Cash share of a deal = min(1, max(0, Σ payments / deal amount)); a deal of amount 0 counts as
 * paid when closed." */
mpq_srcptr obvious_cash(struct obvious *all, const struct deal *deal, int64_t until)
{
    struct numbers *numbers = &all->numbers;
    mpq_srcptr amount = number_decimal(numbers, deal->amount);
    mpq_srcptr paid = number_of(numbers, 0);
    if (mpq_sgn(amount) == 0)
        return number_of(numbers, 1);
    for (size_t i = 0; i < all->payment_count; i++) {
        const struct payment *payment = all->payments[i];
        if (counts_as_cash(payment, deal) && payment->received_at <= until)
            paid = number_add(numbers, paid, number_decimal(numbers, payment->amount));
    }
    return number_least(number_of(numbers, 1),
                        number_most(number_of(numbers, 0), number_divide(numbers, paid, amount)));
}

/* The payment of the deal that follows instant and id; NULL: none. Those of one instant count
 * together. */
static const struct payment *next_payment(struct obvious *all, const struct deal *deal,
                                          int64_t after)
{
    const struct payment *next = NULL;
    for (size_t i = 0; i < all->payment_count; i++) {
        const struct payment *payment = all->payments[i];
        if (counts_as_cash(payment, deal) && payment->received_at > after &&
            (!next || payment->received_at < next->received_at))
            next = payment;
    }
    return next;
}

/* "`paid-date` values each cash part at its own date": what has not been paid counts nothing yet,
 * and a part whose rate is missing waits alone. */
static mpq_srcptr by_cash_parts(struct obvious_book *book, const struct obvious_entry *entry,
                                const struct node *convert, struct slice from)
{
    struct numbers *numbers = book->numbers;
    const struct deal *deal = entry->row->deal;
    mpq_srcptr sum = number_of(numbers, 0);
    mpq_srcptr before = sum;
    int64_t at = INT64_MIN;
    if (deal->amount.units == 0) {
        mpq_srcptr rate = rate_on(book, convert, from, entry->date);
        if (!rate)
            obvious_pend(book, "rate-missing");
        return rate;
    }
    for (const struct payment *payment; (payment = next_payment(book->all, deal, at));
         at = payment->received_at) {
        int32_t date;
        mpq_srcptr after = obvious_cash(book->all, deal, payment->received_at);
        mpq_srcptr part = number_subtract(numbers, after, before);
        before = after;
        if (zone_date_at(book->plan->zone, payment->received_at, &date))
            continue;
        mpq_srcptr rate = rate_on(book, convert, from, date);
        if (rate)
            sum = number_add(numbers, sum, number_multiply(numbers, part, rate));
        else
            obvious_pend(book, "rate-missing");
    }
    return sum;
}

bool obvious_is_foreign(const struct milestone *milestone, const struct deal *deal)
{
    if (!deal)
        return milestone->currency.length == 0 &&
               (milestone->has_amount || milestone->has_contract_value);
    return milestone->currency.length > 0 && !slice_equal(milestone->currency, deal->currency);
}

mpq_srcptr obvious_exchange(struct obvious_book *book, const struct obvious_entry *entry)
{
    const struct node *measure = node_find(book->component, "measure");
    const struct node *convert = node_find(measure, "convert");
    const struct node *rate_of = node_find(convert, "rate-of");
    const struct node *sum = node_find(measure, "sum");
    struct slice from = currency_of(book, entry->row);
    int32_t date = entry->date;
    bool has_date = true;
    const struct node *to = node_find(convert, "to");
    bool is_foreign =
        entry->row->milestone && obvious_is_foreign(entry->row->milestone, entry->row->deal);
    if (!is_foreign && slice_equal(from, rate_of && to ? to->text : book->plan->currency))
        return number_of(book->numbers, 1);
    if (!rate_of || is_foreign) {
        obvious_pend(book, "currency-differs");
        return NULL;
    }
    if (node_is(sum, "count") || node_is(sum, "quantity"))
        return number_of(book->numbers, 1);
    if (node_is(rate_of, "paid-date") && entry->row->of != OF_PAYMENTS && entry->row->deal)
        return by_cash_parts(book, entry, convert, from);
    if (node_is(rate_of, "closed-date") && entry->row->deal)
        has_date = !zone_date_at(book->plan->zone, entry->row->deal->closed_at, &date);
    else if (node_is(rate_of, "window-end"))
        date = book->window.span.until - 1;
    else if (slice_starts_with(rate_of->text, SLICE("attribute.")))
        has_date = attribute_date(
            entry->row, (struct slice){rate_of->text.bytes + 10, rate_of->text.length - 10}, &date);
    mpq_srcptr rate = has_date ? rate_on(book, convert, from, date) : NULL;
    if (!rate)
        obvious_pend(book, "rate-missing");
    return rate;
}
