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

/* Those of the book's component in its year in which a row counts, where this version values them.
 */
static struct year_windows windows_of_year(struct obvious_book *book)
{
    struct year_windows windows = {0};
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
            if (row->of == obvious_of(book->component) &&
                obvious_window_of_row(book->all, person, book->plan, book->component, row, line,
                                      &window) &&
                window_holds(&year, window.span.from))
                keep(&windows, &window);
        }
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

/* What the step lets through in one window, given what those before it have taken. */
static mpq_srcptr fill(struct obvious_book *book, const struct node *step,
                       const struct obvious_window *window, mpq_srcptr room)
{
    struct obvious_book other;
    struct obvious_worth worth;
    const struct node *when = node_find(node_find(step, "cap"), "when");
    obvious_open(book->all, book->person, window, book->component, &other);
    if (book->all->status)
        return obvious_close_with(&other, room);
    obvious_value_book(&other, step, false, &worth);
    bool holds = !when || obvious_condition(&other, when);
    mpq_srcptr taken = worth.pay ? worth.pay : number_of(book->numbers, 0);
    if (holds)
        taken = number_least(taken, room);
    obvious_worth_deinit(&worth);
    return obvious_close_with(&other, number_subtract(book->numbers, room, taken));
}

/* "per: … year (windows fill in order)": what the earlier windows of the year leave. */
mpq_srcptr obvious_year_room(struct obvious_book *book, const struct node *step)
{
    const struct node *cap = node_find(step, "cap");
    const struct node *at = node_find(cap, "at");
    if (!cap || !at)
        return obvious_refuse(book->all, book->plan, step, "`per: year` of something but a cap");
    mpq_srcptr room = limit_of_year(book, at);
    struct year_windows windows = windows_of_year(book);
    for (size_t done = 0; room && done < windows.count; done++) {
        size_t next = done;
        for (size_t i = done + 1; i < windows.count; i++)
            if (is_before(&windows.items[i], &windows.items[next]))
                next = i;
        struct obvious_window window = windows.items[next];
        windows.items[next] = windows.items[done];
        if (is_before(&window, &book->window) && !book->all->status)
            room = fill(book, step, &window, room);
    }
    free(windows.items);
    return room;
}
