#include <stdlib.h>

#include "engine/obvious_parts.h"

static const char *const of_names[] = {"deals", "milestones", "payments", "results", "adjustments"};

enum obvious_of obvious_of(const struct node *component)
{
    const struct node *of = node_find(node_find(component, "measure"), "of");
    for (size_t i = 0; i < sizeof of_names / sizeof of_names[0]; i++)
        if (node_is(of, of_names[i]))
            return (enum obvious_of)i;
    return OF_NOTHING;
}

/* --- which date counts --- */

/* The mechanic's `requires` and `dated`, where it has them. */
static const struct node *approval_of(const struct node *component)
{
    const struct node *pays = node_find(component, "pays");
    const struct node *phases = node_find(pays, "phases");
    return phases ? phases : node_find(pays, "progress");
}

/* "Milestone: `reached_at`, or `approved_at` where approval is required and `dated: approved`." */
static bool milestone_instant(const struct node *component, const struct milestone *milestone,
                              int64_t *out)
{
    const struct node *approval = approval_of(component);
    bool is_dated_approved = node_is(node_find(approval, "requires"), "approval") &&
                             node_is(node_find(approval, "dated"), "approved");
    *out = is_dated_approved ? milestone->approved_at : milestone->reached_at;
    return !is_dated_approved || milestone->has_approved_at;
}

/* "Result: its window's last instant, or its date." */
static bool result_date(const struct obvious_plan *plan, const struct result *result, int32_t *out)
{
    struct window_span span;
    if (result->has_date) {
        *out = result->date;
        return true;
    }
    if (result->window.length > 0 && !window_by_id(&plan->calendar, result->window, &span)) {
        *out = span.until - 1;
        return true;
    }
    return result->window.length > 0 && !date_parse(result->window, out);
}

bool obvious_date(const struct obvious_plan *plan, const struct node *component,
                  const struct obvious_row *row, int64_t *out_at, int32_t *out_date)
{
    if (row->result) {
        if (!result_date(plan, row->result, out_date))
            return false;
        *out_at = zone_day_start(plan->zone, *out_date + 1) - 1;
        return true;
    }
    if (row->payment)
        *out_at = row->payment->received_at;
    else if (!row->milestone)
        *out_at = row->deal->closed_at;
    else if (!milestone_instant(component, row->milestone, out_at))
        return false;
    return !zone_date_at(plan->zone, *out_at, out_date);
}

/* --- which rows fit --- */

/* With `never` "what was earned stays": a milestone after the cancellation had not been earned. */
static bool is_too_late(const struct node *component, const struct obvious_row *row)
{
    int64_t at;
    return row->milestone && row->deal->has_cancelled_at &&
           milestone_instant(component, row->milestone, &at) && at > row->deal->cancelled_at;
}

/* "`effect` is about status CANCELLED": with `recompute` "as if the deal had never been". Payments
 * are what they are, whatever became of the deal. */
static bool is_undone(const struct node *component, const struct obvious_row *row)
{
    const struct node *effect = node_find(node_find(component, "cancelled"), "effect");
    return row->deal && row->deal->status == DEAL_CANCELLED && row->of != OF_PAYMENTS &&
           (!effect || node_is(effect, "recompute") ||
            (node_is(effect, "never") && is_too_late(component, row)));
}

static bool milestone_counts(const struct node *component, const struct milestone *milestone)
{
    bool requires = node_is(node_find(approval_of(component), "requires"), "approval");
    return milestone->status == MILESTONE_APPROVED ||
           (!requires && milestone->status == MILESTONE_REACHED);
}

/* A result is the one the measure names, or one that the scorecard's objectives name. */
static bool result_counts(const struct node *component, const struct result *result)
{
    const struct node *named = node_find(node_find(component, "measure"), "result");
    const struct node *scorecard = node_find(node_find(component, "pays"), "scorecard");
    const struct node *objectives = node_find(scorecard, "objectives");
    if (named)
        return result->has_value && slice_equal(named->text, result->result);
    for (const struct node *one = objectives ? objectives->first : NULL; one; one = one->next) {
        const struct node *name = node_find(one, "name");
        if (result->has_value && name && slice_equal(name->text, result->result))
            return true;
    }
    return false;
}

/* An adjustment counts in the component that it names. */
static bool adjustment_counts(const struct node *component, const struct result *result)
{
    return result->has_amount && slice_equal(result->component, component->key);
}

bool obvious_fits(struct obvious *all, const struct node *component, const struct obvious_row *row,
                  const struct deal_line *line)
{
    const struct node *measure = node_find(component, "measure");
    const struct node *role = node_find(measure, "role");
    const struct node *where = node_find(measure, "where");
    struct obvious_subject subject = {row->deal, line, row->milestone};
    if ((row->of != obvious_of(component) && row->of != OF_ADJUSTMENTS) ||
        is_undone(component, row))
        return false;
    if (row->of == OF_RESULTS)
        return result_counts(component, row->result);
    if (row->of == OF_ADJUSTMENTS)
        return adjustment_counts(component, row->result);
    if (row->milestone && !milestone_counts(component, row->milestone))
        return false;
    if (role && !obvious_lists(role, row->role))
        return false;
    if (line || !row->deal || !obvious_asks_about_lines(where))
        return obvious_holds(all, where, &subject, NULL);
    const struct deal_line *lines = row->deal->lines.items;
    for (size_t i = 0; i < row->deal->lines.count; i++) {
        subject.line = &lines[i];
        if (obvious_holds(all, where, &subject, NULL))
            return true;
    }
    return false;
}

/* --- in which window --- */

/* Q: "rows of B that fit `measure`, dated in W and within P's assignment to the plan". The window
 * of a deal, whatever of it is measured, has the deal's day as its first. */
bool obvious_window_of_row(struct obvious *all, const struct obvious_person *person,
                           const struct obvious_plan *plan, const struct node *component,
                           const struct obvious_row *row, const struct deal_line *line,
                           struct obvious_window *out)
{
    enum window_over over;
    int64_t at;
    int32_t date;
    int32_t first;
    if (!obvious_over(all, plan, component, &over) ||
        !obvious_date(plan, component, row, &at, &date) ||
        !obvious_is_assigned(person, plan->name, date))
        return false;
    bool is_alone = over == WINDOW_DEAL || over == WINDOW_LINE;
    if (is_alone && (!row->deal || (over == WINDOW_LINE && (!line || row->of != OF_DEALS))))
        return false;
    first = date;
    if (is_alone && zone_date_at(plan->zone, row->deal->closed_at, &first))
        return false;
    if (row->of == OF_ADJUSTMENTS && row->result->plan.length > 0 &&
        !slice_equal(row->result->plan, plan->name))
        return false;
    if (!obvious_window_on(all, person, plan, over, first, out))
        return false;
    if (is_alone)
        obvious_window_await(all, component, plan->name, out);
    if (out->plan != plan)
        return false;
    out->deal = is_alone ? row->deal : NULL;
    out->line = over == WINDOW_LINE ? line : NULL;
    size_t mark = all->numbers.count;
    bool fits = obvious_fits(all, component, row, out->line);
    numbers_release(&all->numbers, mark);
    return fits;
}

/* --- opening --- */

static void note(struct obvious_book *book, const char *reason)
{
    size_t at = 0;
    while (at < book->pending_count && strcmp(book->pending[at], reason) < 0)
        at++;
    if ((at < book->pending_count && strcmp(book->pending[at], reason) == 0) ||
        book->pending_count == OBVIOUS_PENDING_MAX)
        return;
    for (size_t i = book->pending_count++; i > at; i--)
        book->pending[i] = book->pending[i - 1];
    book->pending[at] = reason;
}

void obvious_wait(struct obvious_book *book, const char *reason)
{
    if (!book->waits)
        book->waits = reason;
    note(book, reason);
}

void obvious_pend(struct obvious_book *book, const char *reason)
{
    note(book, reason);
}

static struct slice row_id(const struct obvious_row *row)
{
    if (row->milestone)
        return row->milestone->milestone_id;
    if (row->payment)
        return row->payment->payment_id;
    if (row->result)
        return row->of == OF_RESULTS ? row->result->result : row->result->adjustment_id;
    return (struct slice){0};
}

/* The window or the date that a result is of. */
static struct slice result_window(const struct result *result, char text[DATE_TEXT_BYTES])
{
    return result->has_date ? (struct slice){text, date_format(result->date, text)}
                            : result->window;
}

static int compare_results(const struct obvious_row *one, const struct obvious_row *other)
{
    char first[DATE_TEXT_BYTES];
    char second[DATE_TEXT_BYTES];
    if (!one->result || !other->result)
        return 0;
    return slice_compare(result_window(one->result, first), result_window(other->result, second));
}

/* "Rows of every kind have one total order: (instant, deal id, line id, role, row id)." */
static int compare_entries(const void *a, const void *b)
{
    const struct obvious_entry *one = a;
    const struct obvious_entry *other = b;
    if (one->at != other->at)
        return one->at < other->at ? -1 : 1;
    int order = 0;
    if (one->row->deal && other->row->deal)
        order = slice_compare(one->row->deal->deal_id, other->row->deal->deal_id);
    if (order == 0)
        order = slice_compare(one->row->role, other->row->role);
    if (order == 0)
        order = slice_compare(row_id(one->row), row_id(other->row));
    if (order == 0)
        order = compare_results(one->row, other->row);
    return order != 0 ? order : one->row < other->row ? -1 : one->row > other->row;
}

static void take_row(struct obvious_book *book, const struct obvious_row *row)
{
    struct obvious_window window;
    struct obvious_entry entry = {.row = row, .line = book->window.line};
    bool is_other_deal = book->window.deal && row->deal != book->window.deal;
    if (row->of != obvious_of(book->component) || is_other_deal ||
        !obvious_window_of_row(book->all, book->person, book->plan, book->component, row,
                               book->window.line, &window) ||
        !obvious_same_window(&window, &book->window) ||
        !obvious_date(book->plan, book->component, row, &entry.at, &entry.date))
        return;
    if (obvious_value_entry(book, &entry))
        book->entries[book->count++] = entry;
}

void obvious_open(struct obvious *all, const struct obvious_person *person,
                  const struct obvious_window *window, const struct node *component,
                  struct obvious_book *out)
{
    const struct assignment *touching[OBVIOUS_TOUCHING_MAX];
    *out = (struct obvious_book){.all = all,
                                 .numbers = &all->numbers,
                                 .mark = all->numbers.count,
                                 .person = person,
                                 .plan = window->plan,
                                 .component = component,
                                 .window = *window};
    if (++all->depth > OBVIOUS_DEPTH_MAX)
        (void)obvious_refuse(all, window->plan, component, "components that look in a circle");
    size_t count = obvious_touching(person, window->plan->name, window->span.from,
                                    window->span.until, touching);
    out->assignment = count > 0 ? touching[count - 1] : NULL;
    out->id = obvious_window_name(all, window);
    out->entries = calloc(person->row_count + 1, sizeof *out->entries);
    if (!out->entries)
        abort();
    for (size_t i = 0; i < person->row_count && !all->status; i++)
        take_row(out, &person->rows[i]);
    if (out->count > 1)
        qsort(out->entries, out->count, sizeof *out->entries, compare_entries);
    if (all->status)
        return;
    obvious_set_goal(out);
    obvious_measure(out, out->count);
    if (!all->status)
        obvious_attain(out);
}

void obvious_close(struct obvious_book *book)
{
    book->all->depth--;
    free(book->entries);
    numbers_release(book->numbers, book->mark);
}

mpq_srcptr obvious_close_with(struct obvious_book *book, mpq_srcptr value)
{
    book->all->depth--;
    free(book->entries);
    return numbers_keep(book->numbers, book->mark, value);
}

/* "`window: same | containing | previous`": the window of the other component that this one's first
 * day lies in, or the one before that. */
bool obvious_open_other(const struct obvious_book *book, struct slice name,
                        const struct node *which, struct obvious_book *out)
{
    struct obvious *all = book->all;
    struct obvious_window window;
    const struct node *component;
    bool is_previous = node_is(which, "previous");
    if (!obvious_window_of(all, book->person, book->plan->name, name, book->window.span.from,
                           book->window.deal, book->window.line, &window, &component))
        return false;
    if (is_previous && (window.deal || window.over == WINDOW_PLAN ||
                        !obvious_window_of(all, book->person, book->plan->name, name,
                                           window.span.from - 1, NULL, NULL, &window, &component)))
        return false;
    if (all->status)
        return false;
    obvious_open(all, book->person, &window, component, out);
    if (all->status || !out->assignment) { /* nobody there: what is missing */
        obvious_close(out);
        return false;
    }
    return true;
}
