#include "engine/obvious_parts.h"

/* --- a figure of the roster for one window --- */

/* How many whole years the window is long; 0 when it is not. */
static int32_t whole_years(const struct window_span *span)
{
    int32_t end = span->from;
    for (int32_t years = 1; end < span->until; years++) {
        if (date_add_months(span->from, 12 * years, &end))
            return 0;
        if (end == span->until)
            return years;
    }
    return 0;
}

/* "`weights`: how a yearly goal falls on the windows; equal parts when left out." */
static mpq_srcptr annual_value(struct obvious_book *book, struct decimal annual, mpq_srcptr weight)
{
    struct numbers *numbers = book->numbers;
    int32_t parts = window_count_in_year(book->window.over);
    int32_t years = book->window.over == WINDOW_PLAN ? whole_years(&book->window.whole) : 0;
    mpq_srcptr value = number_decimal(numbers, annual);
    if (parts > 0)
        return weight ? number_multiply(numbers, value, weight)
                      : number_divide(numbers, value, number_of(numbers, parts));
    return years > 0 ? number_multiply(numbers, value, number_of(numbers, years)) : NULL;
}

/* The window's weight: the figure's own list, else the component's. NULL: equal parts. */
static mpq_srcptr weight_of(struct obvious_book *book, const struct figure *figure,
                            const struct node *weights)
{
    const struct slice *own = figure->weights.items;
    int32_t index = book->window.whole.index;
    const struct node *listed = weights && index > 0 ? node_at(weights, (size_t)index - 1) : NULL;
    struct slice text = listed ? listed->text : (struct slice){0};
    if (figure->weights.count > 0 && index > 0 && (size_t)index <= figure->weights.count)
        text = own[index - 1];
    if (figure->weights.count == 0 && !weights)
        return NULL;
    mpq_srcptr weight = number_read(book->numbers, text);
    return weight ? weight
                  : obvious_refuse(book->all, book->plan, weights, "no weight for the window");
}

/* A window is named as it is, or, where it is a part, as the whole. */
static bool names_window(struct obvious_book *book, struct slice name)
{
    struct obvious_window whole = book->window;
    whole.span = whole.whole;
    return slice_equal(name, book->id) ||
           (!whole.deal && slice_equal(name, obvious_window_name(book->all, &whole)));
}

mpq_srcptr obvious_figure(struct obvious_book *book, const struct assignment *assignment,
                          const struct list *figures, struct slice name, const struct node *weights)
{
    const struct figure *items = figures->items;
    const struct figure *figure = NULL;
    (void)assignment;
    for (size_t i = 0; i < figures->count; i++)
        if (slice_equal(items[i].component, name) || (!figure && items[i].component.length == 0))
            figure = &items[i];
    if (!figure)
        return NULL;
    if (figure->has_window)
        return number_decimal(book->numbers, figure->window);
    if (figure->has_annual)
        return annual_value(book, figure->annual, weight_of(book, figure, weights));
    const struct named_decimal *windows = figure->by_window.items;
    for (size_t i = 0; i < figure->by_window.count; i++)
        if (names_window(book, windows[i].name))
            return number_decimal(book->numbers, windows[i].value);
    return NULL;
}

/* --- proration --- */

static bool is_assigned_within(struct obvious_book *book, int32_t from, int32_t until)
{
    for (int32_t day = from; day < until; day++)
        if (obvious_is_assigned(book->person, book->plan->name, day))
            return true;
    return false;
}

/* "by days among the days assigned": of those in the window, or the part of it, over all days of
 * the whole window. */
static mpq_srcptr days_assigned(struct obvious_book *book)
{
    const struct window_span *span = &book->window.span;
    const struct window_span *whole = &book->window.whole;
    long days = 0;
    for (int32_t day = span->from; day < span->until; day++)
        days += obvious_is_assigned(book->person, book->plan->name, day);
    return number_divide(book->numbers, number_of(book->numbers, days),
                         number_of(book->numbers, whole->until - whole->from));
}

/* A month, counted from the window's start, is assigned when any day of it is. */
static mpq_srcptr months_assigned(struct obvious_book *book)
{
    const struct window_span *span = &book->window.span;
    long months = 0;
    long assigned = 0;
    int32_t from = book->window.whole.from;
    for (int32_t number = 1; from < book->window.whole.until; number++) {
        int32_t until;
        if (window_month_until(&book->plan->calendar, &book->window.whole, number, &until))
            break;
        months++;
        assigned += is_assigned_within(book, from > span->from ? from : span->from,
                                       until < span->until ? until : span->until);
        from = until;
    }
    return number_divide(book->numbers, number_of(book->numbers, assigned),
                         number_of(book->numbers, months > 0 ? months : 1));
}

/* "`prorate`: days | months | none, for days not assigned; `decimals`: exact | 4 rounds the factor
 * half-even." */
mpq_srcptr obvious_proration(struct obvious_book *book, const struct node *by,
                             const struct node *decimals)
{
    mpq_srcptr factor = NULL;
    if (!by || node_is(by, "none"))
        return number_of(book->numbers, 1);
    if (node_is(by, "days"))
        factor = days_assigned(book);
    else if (node_is(by, "months"))
        factor = months_assigned(book);
    else
        return obvious_refuse(book->all, book->plan, by, "a `prorate` that is not known here");
    if (!decimals || node_is(decimals, "exact"))
        return factor;
    mpq_srcptr places = number_read(book->numbers, decimals->text);
    mpq_srcptr step = number_of(book->numbers, 1);
    for (long i = 0; places && mpq_cmp_si(places, i, 1) > 0; i++)
        step = number_divide(book->numbers, step, number_of(book->numbers, 10));
    return places ? number_round(book->numbers, factor, step, SLICE("half-even"))
                  : obvious_refuse(book->all, book->plan, decimals, "`decimals` do not read");
}
