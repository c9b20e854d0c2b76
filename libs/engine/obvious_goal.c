#include "engine/obvious_parts.h"

/* --- ramp --- */

/* "by window since the assignment began; the first, partial one is number 1 (or `ramp-from:
 * next-window`)". A window that the assignment fills from its first day is number 1 either way; the
 * partial one before number 1 has the first share too. */
static long ramp_number(struct obvious_book *book, const struct node *goal,
                        const struct assignment *assignment)
{
    struct window_span span;
    long number = 1;
    const struct calendar *calendar = &book->plan->calendar;
    if (book->window.deal || book->window.over == WINDOW_PLAN ||
        window_containing(calendar, book->window.over, assignment->from, &span))
        return 1;
    bool is_partial = assignment->from > span.from;
    for (; span.from < book->window.whole.from; number++)
        if (!window_next(calendar, &span, &span))
            break;
    if (is_partial && node_is(node_find(goal, "ramp-from"), "next-window"))
        number--;
    return number > 0 ? number : 1;
}

/* "past the list 100 %" */
static mpq_srcptr ramp_share(struct obvious_book *book, const struct node *goal,
                             const struct assignment *assignment)
{
    const struct node *ramp = node_find(goal, "ramp");
    const struct node *share =
        ramp ? node_at(ramp, (size_t)ramp_number(book, goal, assignment) - 1) : NULL;
    if (!share)
        return number_of(book->numbers, 1);
    mpq_srcptr number = number_read(book->numbers, share->text);
    return number ? number : obvious_refuse(book->all, book->plan, share, "a ramp in disorder");
}

/* --- goal and target of the window --- */

/* One assignment's goal, weighted and ramped; NULL: it says nothing. "weights and ramp scale the
 * goal only". */
static mpq_srcptr goal_of(struct obvious_book *book, const struct assignment *assignment)
{
    const struct node *goal = node_find(book->component, "goal");
    const struct node *fixed = node_find(goal, "fixed");
    mpq_srcptr value = NULL;
    if (fixed)
        value = obvious_number_at(book->all, book->plan, goal, "fixed");
    else if (node_find(goal, "from"))
        value = obvious_figure(book, assignment, &assignment->goals, book->component->key,
                               node_find(goal, "weights"));
    mpq_srcptr ramp = value ? ramp_share(book, goal, assignment) : NULL;
    return ramp ? number_multiply(book->numbers, value, ramp) : NULL;
}

static mpq_srcptr target_of(struct obvious_book *book, const struct assignment *assignment)
{
    return obvious_figure(book, assignment, &assignment->targets, book->component->key, NULL);
}

/* "`blend` weighs the assignments' goals and targets by days among the days assigned": NULL where
 * one of them says nothing. */
static mpq_srcptr blend(struct obvious_book *book,
                        mpq_srcptr (*figure_of)(struct obvious_book *book,
                                                const struct assignment *assignment))
{
    struct numbers *numbers = book->numbers;
    const struct assignment *touching[OBVIOUS_TOUCHING_MAX];
    const struct window_span *span = &book->window.span;
    size_t count =
        obvious_touching(book->person, book->plan->name, span->from, span->until, touching);
    mpq_srcptr sum = number_of(numbers, 0);
    long all_days = 0;
    for (size_t i = 0; i < count; i++) {
        int32_t until = touching[i]->has_until ? touching[i]->until : span->until;
        int32_t days = window_days_within(span, touching[i]->from, until);
        mpq_srcptr value = figure_of(book, touching[i]);
        if (!value)
            return NULL;
        all_days += days;
        sum = number_add(numbers, sum, number_multiply(numbers, value, number_of(numbers, days)));
    }
    return all_days > 0 ? number_divide(numbers, sum, number_of(numbers, all_days)) : NULL;
}

/* "`last` takes the last of the window"; a part of a split window has one. "`prorate` scales goal
 * and T". */
void obvious_set_goal(struct obvious_book *book)
{
    const struct node *goal = node_find(book->component, "goal");
    bool is_map = goal && goal->kind == NODE_MAP;
    bool is_blend = node_is(node_find(book->plan->root, "mid-window"), "blend");
    /* A deal's milestones may lie within an assignment when the deal's own day does not. */
    if (!book->assignment && node_find(goal, "fixed"))
        book->goal = obvious_number_at(book->all, book->plan, goal, "fixed");
    if (!book->assignment)
        return;
    if (is_map)
        book->goal = is_blend ? blend(book, goal_of) : goal_of(book, book->assignment);
    book->target = is_blend ? blend(book, target_of) : target_of(book, book->assignment);
    if (!is_map || book->all->status)
        return;
    mpq_srcptr factor =
        obvious_proration(book, node_find(goal, "prorate"), node_find(goal, "decimals"));
    if (factor && book->goal)
        book->goal = number_multiply(book->numbers, book->goal, factor);
    if (factor && book->target)
        book->target = number_multiply(book->numbers, book->target, factor);
}

/* --- attainment --- */

/* "`direction`: higher; lower = goal / actual"; "`attainment`: exact | whole-percent-down |
 * whole-percent-nearest (half a percent goes up)". A goal of 0 has none, and neither has an actual
 * of 0 where less is better, nor what is `missing: pending`. */
void obvious_attain(struct obvious_book *book)
{
    struct numbers *numbers = book->numbers;
    const struct node *goal = node_find(book->component, "goal");
    const struct node *precision = node_find(goal, "attainment");
    bool is_lower = node_is(node_find(goal, "direction"), "lower");
    book->exact = book->a = NULL;
    if (!book->goal || !book->x || mpq_sgn(book->goal) == 0 ||
        (is_lower && mpq_sgn(book->x) == 0) || obvious_awaits_result(book))
        return;
    book->exact = is_lower ? number_divide(numbers, book->goal, book->x)
                           : number_divide(numbers, book->x, book->goal);
    book->a = book->exact;
    if (!precision || node_is(precision, "exact"))
        return;
    mpq_srcptr percent = number_multiply(numbers, book->exact, number_of(numbers, 100));
    if (node_is(precision, "whole-percent-nearest"))
        percent = number_add(numbers, percent, number_read(numbers, SLICE("0.5")));
    book->a = number_divide(numbers, number_floor(numbers, percent), number_of(numbers, 100));
}

/* --- baseline --- */

/* "`baseline: {same-window: last-year}`": what the roster gives for that window, else the measure
 * of the rows in it. */
mpq_srcptr obvious_baseline(struct obvious_book *book, const struct node *baseline)
{
    struct obvious *all = book->all;
    struct obvious_book past = *book;
    struct obvious_window window;
    const struct node *component;
    if (!node_is(node_find(baseline, "same-window"), "last-year"))
        return obvious_refuse(all, book->plan, baseline, "a baseline that is not known here");
    if (!window_last_year(&book->plan->calendar, &book->window.whole, &past.window.whole))
        return number_of(&all->numbers, 0);
    past.window.span = past.window.whole;
    past.id = obvious_window_name(all, &past.window);
    mpq_srcptr given = book->assignment
                           ? obvious_figure(&past, book->assignment, &book->assignment->baselines,
                                            book->component->key, NULL)
                           : NULL;
    if (given)
        return given;
    if (!obvious_window_of(all, book->person, book->plan->name, book->component->key,
                           past.window.whole.from, NULL, NULL, &window, &component))
        return number_of(&all->numbers, 0);
    obvious_open(all, book->person, &window, component, &past);
    mpq_srcptr x = past.gross && past.assignment ? past.gross : number_of(&all->numbers, 0);
    return obvious_close_with(&past, x);
}
