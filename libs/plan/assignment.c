#include "plan/assignment.h"

/* The day after its last one within [from, until); not above `from` when it does not touch it. */
static int32_t end_within(const struct assignment *assignment, int32_t until)
{
    return assignment->has_until && assignment->until < until ? assignment->until : until;
}

const struct assignment *assignment_last(const struct list *assignments, struct slice plan,
                                         int32_t from, int32_t until)
{
    const struct assignment *best = NULL;
    for (size_t i = 0; i < assignments->count; i++) {
        const struct assignment *one = (const struct assignment *)assignments->items + i;
        int32_t end = end_within(one, until);
        if (!slice_equal(one->plan, plan) || one->from >= until || end <= from || end <= one->from)
            continue;
        int32_t best_end = best ? end_within(best, until) : INT32_MIN;
        if (end > best_end || (end == best_end && one->from > best->from))
            best = one;
    }
    return best;
}

bool assignment_covers(const struct list *assignments, struct slice plan, int32_t date)
{
    return assignment_last(assignments, plan, date, date + 1) != NULL;
}

const struct figure *figure_find(const struct list *figures, struct slice component)
{
    const struct figure *general = NULL;
    for (size_t i = 0; i < figures->count; i++) {
        const struct figure *figure = (const struct figure *)figures->items + i;
        if (slice_equal(figure->component, component))
            return figure;
        if (figure->component.length == 0)
            general = figure;
    }
    return general;
}

/* Whole years from `from` to `until`; 0 when they are none. */
static int32_t whole_years(int32_t from, int32_t until)
{
    int32_t end = from;
    for (int32_t years = 1; end < until; years++) {
        if (date_add_months(from, years * 12, &end))
            return 0;
        if (end == until)
            return years;
    }
    return 0;
}

static bool annual_value(const struct figure *figure, const struct window_span *span,
                         struct rational *out)
{
    int32_t parts = window_count_in_year(span->over);
    int32_t years = 1;
    if (parts == 0) {
        parts = 1;
        years = span->over == WINDOW_PLAN ? whole_years(span->from, span->until) : 0;
    }
    struct rational share = {years, parts};
    return years > 0 && !rational_multiply(rational_of_decimal(figure->annual), share, out);
}

/* Weights are kept as written; whoever wrote them has checked them. */
static bool weighted_value(const struct figure *figure, const struct calendar *calendar,
                           const struct window_span *span, struct rational *out)
{
    struct window_span here;
    struct decimal weight;
    if ((size_t)window_count_in_year(span->over) != figure->weights.count ||
        window_containing(calendar, span->over, span->from, &here))
        return false;
    const struct slice *text = (const struct slice *)figure->weights.items + here.index - 1;
    return !decimal_parse_share(*text, &weight) &&
           !rational_multiply(rational_of_decimal(figure->annual), rational_of_decimal(weight),
                              out);
}

bool figure_value(const struct figure *figure, const struct calendar *calendar,
                  const struct window_span *span, struct slice window_id, struct rational *out)
{
    if (figure->has_annual && figure->weights.count > 0)
        return weighted_value(figure, calendar, span, out);
    if (figure->has_annual)
        return annual_value(figure, span, out);
    if (figure->has_window) {
        *out = rational_of_decimal(figure->window);
        return true;
    }
    for (size_t i = 0; i < figure->by_window.count; i++) {
        const struct named_decimal *one = (const struct named_decimal *)figure->by_window.items + i;
        if (!slice_equal(one->name, window_id))
            continue;
        *out = rational_of_decimal(one->value);
        return true;
    }
    return false;
}
