#include "engine/obvious_parts.h"

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
                           const struct node *row)
{
    struct numbers *numbers = book->numbers;
    mpq_srcptr reach = obvious_number_at(book->all, book->plan, row, "reach");
    mpq_srcptr total = book->plus;
    int32_t date = book->window.span.from;
    size_t next = 0;
    while (reach && !is_reached(milestones, total, reach)) {
        if (next == book->measured)
            return number_of(numbers, 0);
        date = book->entries[next].date;
        total = number_add(numbers, total, obvious_contribution(book, &book->entries[next++]));
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
    for (const struct node *row = table ? table->first : NULL; row; row = row->next) {
        mpq_srcptr one = step_pay(book, milestones, row);
        mpq_srcptr reach = one ? obvious_number_at(book->all, book->plan, row, "reach") : NULL;
        if (!one || book->all->status)
            return NULL;
        if (!is_highest)
            pay = number_add(numbers, pay, one);
        else if (mpq_sgn(one) != 0 && (!highest || mpq_cmp(reach, highest) > 0)) {
            highest = reach;
            pay = one;
        }
    }
    return pay;
}
