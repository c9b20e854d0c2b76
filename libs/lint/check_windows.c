/* Windows that the calendar and the plan's effective range do not make. */
#include "lint/lint_parts.h"

static bool is_of_year(enum window_over over)
{
    return window_count_in_year(over) > 0;
}

/* The first window that begins on or after the plan's first day. */
static bool first_whole(const struct plan *plan, enum window_over over, struct window_span *out)
{
    struct window_span span;
    if (window_containing(&plan->calendar, over, plan->from, &span))
        return false;
    if (span.from < plan->from)
        return window_next(&plan->calendar, &span, out);
    *out = span;
    return true;
}

static bool has_whole(const struct plan *plan, enum window_over over)
{
    struct window_span span;
    return first_whole(plan, over, &span) && span.until <= plan->until;
}

static void check_whole(struct linting *linting, const struct lint_component *component)
{
    enum window_over over = component->component->over;
    if (!is_of_year(over) || has_whole(linting->plan, over))
        return;
    lint_at(linting, node_find(component->node, "over"), "over: month   # or a longer `effective`",
            "no whole %s lies in the plan's effective range", window_over_name(over));
}

/* Whether `date` lies inside a window, not at its beginning. */
static bool cuts(const struct plan *plan, enum window_over over, int32_t date)
{
    struct window_span span;
    return date <= DATE_MAX && !window_containing(&plan->calendar, over, date, &span) &&
           span.from < date;
}

static void check_cut(struct linting *linting, const struct lint_component *component)
{
    const struct plan *plan = linting->plan;
    enum window_over over = component->component->over;
    if (!is_of_year(over) || !has_whole(plan, over))
        return;
    bool is_begin = cuts(plan, over, plan->from);
    if (is_begin || cuts(plan, over, plan->until))
        lint_at(linting, node_find(component->node, "over"), NULL,
                "the plan's %s day lies inside a %s: that window counts only the plan's own days",
                is_begin ? "first" : "last", window_over_name(over));
}

/* --- bounds of a year --- */

static void check_year(struct linting *linting, const struct lint_component *component)
{
    const struct plan_component *one = component->component;
    for (size_t i = 0; i < one->adjustment_count; i++) {
        const struct adjustment *step = &one->adjustments[i];
        bool is_bound = step->kind == ADJUST_CAP || step->kind == ADJUST_FLOOR;
        if (is_bound && step->per == PER_YEAR && one->over == WINDOW_YEAR)
            lint_at(linting, node_find(lint_step(component, i), "per"), "per: window",
                    "with `over: year` the window is the year");
    }
}

static const struct lint_check checks[] = {
    {.code = LINT_NO_WHOLE_WINDOW, .component = check_whole},
    {.code = LINT_PARTIAL_WINDOW, .component = check_cut},
    {.code = LINT_NO_EFFECT, .component = check_year},
};

LINT_FAMILY(windows);
