#include <stdlib.h>

#include "engine/obvious_parts.h"

/* The year that a window's first day lies in. */
static bool year_of(const struct obvious_book *book, struct window_span *out)
{
    return !window_containing(&book->plan->calendar, WINDOW_YEAR, book->window.span.from, out);
}

struct year_windows {
    struct obvious_window *items;
    size_t count;
};

static void keep(struct year_windows *windows, const struct obvious_window *window)
{
    for (size_t i = 0; i < windows->count; i++)
        if (obvious_same_window(&windows->items[i], window))
            return;
    windows->items = realloc(windows->items, (windows->count + 1) * sizeof *windows->items);
    if (!windows->items)
        abort();
    windows->items[windows->count++] = *window;
}

/* The order in which windows fill: by their first day; deals by the instant they closed. */
static bool is_before(const struct obvious_window *a, const struct obvious_window *b)
{
    if (!a->deal)
        return a->span.from < b->span.from;
    if (a->deal->closed_at != b->deal->closed_at)
        return a->deal->closed_at < b->deal->closed_at;
    int order = slice_compare(a->deal->deal_id, b->deal->deal_id);
    return order != 0 || !a->line ? order < 0
                                  : slice_compare(a->line->line_id, b->line->line_id) < 0;
}

/* Those of a version's component in the book's year in which a row counts. */
static void add_windows(struct obvious_book *book, const struct obvious_plan *plan,
                        const struct node *component, struct year_windows *windows)
{
    struct window_span year;
    const struct obvious_person *person = book->person;
    bool has_year = year_of(book, &year);
    for (size_t i = 0; i < person->row_count && has_year; i++) {
        const struct obvious_row *row = &person->rows[i];
        const struct deal_line *lines = row->deal ? row->deal->lines.items : NULL;
        size_t count = book->window.over == WINDOW_LINE && row->deal ? row->deal->lines.count : 1;
        for (size_t k = 0; k < count; k++) {
            struct obvious_window window;
            const struct deal_line *line = book->window.over == WINDOW_LINE ? &lines[k] : NULL;
            if (row->of == obvious_of(component) &&
                obvious_window_of_row(book->all, person, plan, component, row, line, &window) &&
                window_holds(&year, window.span.from))
                keep(windows, &window);
        }
    }
    /* of `level`, every window: those in which no month counts put nothing in */
    bool is_level = node_find(node_find(component, "pays"), "level") != NULL;
    struct obvious_window window;
    for (int32_t day = year.from; has_year && is_level && day < year.until;
         day = window.span.until) {
        if (!obvious_window_on(book->all, person, plan, book->window.over, day, &window))
            break;
        if (window.plan == plan && window_holds(&year, window.span.from))
            keep(windows, &window);
    }
}

/* Of every version. */
static struct year_windows windows_of_year(struct obvious_book *book)
{
    struct year_windows windows = {0};
    for (size_t i = 0; i < book->all->plan_count && !book->all->status; i++) {
        const struct obvious_plan *plan = &book->all->plans[i];
        const struct node *component = obvious_component(plan, book->component->key);
        if (slice_equal(plan->name, book->plan->name) && component)
            add_windows(book, plan, component, &windows);
    }
    return windows;
}

/* A share of the target is one of all windows of the year. */
static mpq_srcptr limit_of_year(struct obvious_book *book, const struct node *at)
{
    struct obvious_book window = *book;
    struct window_span year;
    struct slice head;
    mpq_srcptr sum = number_of(book->numbers, 0);
    struct slice rest = slice_split(at->text, ' ', &head);
    if (!slice_equal(rest, SLICE("of target")))
        return obvious_limit(book, at);
    if (book->window.deal || !year_of(book, &year))
        return obvious_limit(book, at);
    for (int32_t day = year.from; day < year.until; day = window.window.span.until) {
        const struct assignment *touching[OBVIOUS_TOUCHING_MAX];
        if (!obvious_window_on(book->all, book->person, book->plan, book->window.over, day,
                               &window.window))
            break;
        size_t count = obvious_touching(book->person, book->plan->name, window.window.span.from,
                                        window.window.span.until, touching);
        window.assignment = count > 0 ? touching[count - 1] : NULL;
        window.plan = window.window.plan = book->plan;
        window.id = obvious_window_name(book->all, &window.window);
        window.target = NULL;
        obvious_set_goal(&window);
        if (window.assignment && !window.target)
            return obvious_target(&window), obvious_wait(book, "target-missing"), NULL;
        if (window.target)
            sum = number_add(book->numbers, sum, window.target);
    }
    mpq_srcptr share = number_read(book->numbers, head);
    return share ? number_multiply(book->numbers, share, sum) : NULL;
}

/* What one window has before the step; what another version earned in its own counts whole. */
static mpq_srcptr pay_before(struct obvious_book *book, const struct node *step,
                             const struct obvious_window *window)
{
    struct obvious_book other;
    struct obvious_worth worth;
    mpq_srcptr zero = number_of(book->numbers, 0);
    const struct node *component = obvious_component(window->plan, book->component->key);
    obvious_open(book->all, book->person, window, component, &other);
    if (book->all->status)
        return obvious_close_with(&other, zero);
    obvious_value_book(&other, window->plan == book->plan ? step : NULL, false, &worth);
    mpq_srcptr pay = worth.pay;
    obvious_worth_deinit(&worth);
    return obvious_close_with(&other, pay ? pay : zero);
}

static mpq_srcptr sum_before(struct obvious_book *book, const struct node *step)
{
    struct year_windows windows = windows_of_year(book);
    mpq_srcptr sum = number_of(book->numbers, 0);
    for (size_t i = 0; i < windows.count && !book->all->status; i++)
        if (is_before(&windows.items[i], &book->window))
            sum = number_add(book->numbers, sum, pay_before(book, step, &windows.items[i]));
    free(windows.items);
    return sum;
}

/* "per: … year (windows fill in order)": of the year's sum so far no more than the cap, of which
 * the windows before have theirs. */
mpq_srcptr obvious_year_cap(struct obvious_book *book, const struct node *step, mpq_srcptr pay)
{
    const struct node *cap = node_find(step, "cap");
    const struct node *at = node_find(cap, "at");
    if (!cap || !at)
        return obvious_refuse(book->all, book->plan, step, "`per: year` of something but a cap");
    mpq_srcptr limit = limit_of_year(book, at);
    if (!limit)
        return NULL;
    mpq_srcptr before = sum_before(book, step);
    mpq_srcptr after = number_add(book->numbers, before, pay);
    return number_subtract(book->numbers, number_least(limit, after), number_least(limit, before));
}
