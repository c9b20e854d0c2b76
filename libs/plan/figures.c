#include "plan/figures.h"

#include "plan/assignment.h"

/* --- days and months that are assigned --- */

static bool is_to(const struct assignment *assignment, struct slice plan)
{
    return slice_equal(assignment->plan, plan);
}

static int32_t end_of(const struct assignment *assignment)
{
    return assignment->has_until ? assignment->until : DATE_MAX + 1;
}

/* From `day` on, the first run of assigned days that touches [day, until); false: none. */
static bool next_run(const struct list *assignments, struct slice plan, int32_t day, int32_t until,
                     int32_t *out_from, int32_t *out_until)
{
    int32_t from = until;
    int32_t end = until;
    for (size_t i = 0; i < assignments->count; i++) {
        const struct assignment *one = (const struct assignment *)assignments->items + i;
        int32_t begins = one->from > day ? one->from : day;
        if (!is_to(one, plan) || end_of(one) <= begins || begins >= from)
            continue;
        from = begins;
        end = end_of(one) < until ? end_of(one) : until;
    }
    *out_from = from;
    *out_until = end;
    return from < until;
}

static int32_t assigned_days(const struct list *assignments, struct slice plan, int32_t from,
                             int32_t until)
{
    int32_t days = 0;
    int32_t first;
    int32_t end;
    for (int32_t day = from; next_run(assignments, plan, day, until, &first, &end); day = end)
        days += end - first;
    return days;
}

/* The whole window that a part is of; itself, where it is whole. */
static struct window_span whole_of(const struct plan *plan, const struct window_span *span)
{
    struct window_span whole;
    return window_containing(&plan->calendar, span->over, span->from, &whole) ? *span : whole;
}

static enum status assigned_months(const struct list *assignments, const struct plan *plan,
                                   const struct window_span *span, const struct window_span *whole,
                                   int64_t *out_assigned, int64_t *out_all)
{
    int64_t assigned = 0;
    int64_t all = 0;
    for (int32_t begin = whole->from; begin < whole->until;) {
        int32_t end;
        if (window_month_until(&plan->calendar, whole, (int32_t)++all, &end))
            return STATUS_OUT_OF_RANGE;
        end = end < whole->until ? end : whole->until;
        int32_t from = begin > span->from ? begin : span->from;
        int32_t until = end < span->until ? end : span->until;
        assigned += assigned_days(assignments, plan->name, from, until) > 0;
        begin = end;
    }
    *out_assigned = assigned;
    *out_all = all;
    return STATUS_OK;
}

enum status assigned_part(const struct list *assignments, const struct plan *plan,
                          const struct window_span *span, enum prorate by, int32_t places,
                          struct rational *out)
{
    if (by == PRORATE_NONE) {
        *out = RATIONAL_ONE;
        return STATUS_OK;
    }
    struct window_span whole = whole_of(plan, span);
    int64_t part = assigned_days(assignments, plan->name, span->from, span->until);
    int64_t all = whole.until - whole.from;
    if (by == PRORATE_MONTHS) {
        enum status status = assigned_months(assignments, plan, span, &whole, &part, &all);
        if (status)
            return status;
    }
    struct rational exact = {part, all};
    if (places == PRORATE_PLACES_EXACT) {
        *out = exact;
        return STATUS_OK;
    }
    int128 units;
    enum status status =
        rational_round_wide(exact, rational_of_units(1, places), ROUND_HALF_EVEN, &units);
    if (!status)
        *out = rational_of_units(units, places);
    return status;
}

/* --- one assignment's goal --- */

/* The window's number, from 1, since the one in which the assignment began. */
static int32_t ramp_number(const struct plan *plan, const struct goal *goal,
                           const struct window_span *span, const struct assignment *assignment)
{
    struct window_span here;
    struct window_span first;
    int32_t windows = window_count_in_year(span->over);
    if (windows == 0 || window_containing(&plan->calendar, span->over, span->from, &here) ||
        window_containing(&plan->calendar, span->over, assignment->from, &first))
        return 1;
    int32_t number = (here.year - first.year) * windows + here.index - first.index + 1;
    if (goal->is_ramp_from_next && assignment->from > first.from)
        number--;
    return number > 1 ? number : 1;
}

static enum status ramped(const struct plan *plan, const struct goal *goal,
                          const struct window_span *span, const struct assignment *assignment,
                          struct rational *value)
{
    if (goal->ramp_count == 0)
        return STATUS_OK;
    size_t number = (size_t)ramp_number(plan, goal, span, assignment);
    if (number > goal->ramp_count)
        return STATUS_OK;
    return rational_multiply(*value, rational_of_decimal(goal->ramp[number - 1]), value);
}

/* A yearly goal's part that falls on the window by weight. */
static bool weighted(const struct plan *plan, const struct goal *goal, const struct figure *figure,
                     const struct window_span *span, struct rational *out)
{
    struct window_span here;
    if (window_containing(&plan->calendar, span->over, span->from, &here) || here.index < 1 ||
        (size_t)here.index > goal->weight_count)
        return false;
    return !rational_multiply(rational_of_decimal(figure->annual),
                              rational_of_decimal(goal->weights[here.index - 1]), out);
}

/* What is asked for: the figures of a window or a part of one. */
struct asking {
    const struct list *assignments;
    const struct plan *plan;
    const struct plan_component *component;
    const struct window_span *span; /* its own days */
    struct window_span whole;       /* and the window's, whose figures it has */
    struct slice window;            /* id of the whole */
    char id[WINDOW_ID_BYTES];
};

static void ask(struct asking *asking, const struct window_span *span, struct slice window)
{
    const struct plan *plan = asking->plan;
    asking->span = span;
    asking->whole = whole_of(plan, span);
    asking->window = window;
    if (asking->whole.from != span->from || asking->whole.until != span->until)
        asking->window =
            (struct slice){asking->id, window_id(&plan->calendar, &asking->whole, asking->id)};
}

static bool figure_asked(const struct asking *asking, const struct figure *figure,
                         struct rational *out)
{
    return figure_value(figure, &asking->plan->calendar, &asking->whole, asking->window, out);
}

static bool own_goal(const struct asking *asking, const struct assignment *assignment,
                     struct rational *out)
{
    const struct goal *goal = &asking->component->goal;
    if (!goal->is_from_roster) {
        *out = rational_of_decimal(goal->fixed);
        return true;
    }
    const struct figure *figure = figure_find(&assignment->goals, asking->component->name);
    if (figure && figure->has_annual && figure->weights.count == 0 && goal->weight_count)
        return weighted(asking->plan, goal, figure, asking->span, out);
    return figure && figure_asked(asking, figure, out);
}

bool goal_named(const struct list *assignments, const struct plan *plan, struct slice name,
                const struct window_span *span, struct slice window, struct rational *out)
{
    const struct assignment *last =
        assignment_last(assignments, plan->name, span->from, span->until);
    const struct figure *figure = last ? figure_find(&last->goals, name) : NULL;
    struct asking asking = {.plan = plan};
    ask(&asking, span, window);
    return figure && slice_equal(figure->component, name) && figure_asked(&asking, figure, out);
}

/* --- several assignments in one window --- */

struct blend {
    struct rational sum; /* of figure × days */
    int64_t days;
    bool lacks; /* an assignment in the window has no figure */
};

static enum status blend_add(struct blend *blend, bool has_figure, struct rational figure,
                             int32_t days)
{
    struct rational weighed;
    blend->lacks |= !has_figure;
    blend->days += days;
    if (!has_figure)
        return STATUS_OK;
    enum status status = rational_multiply(figure, rational_of(days), &weighed);
    return status ? status : rational_add(blend->sum, weighed, &blend->sum);
}

static enum status blend_end(const struct blend *blend, bool *out_has, struct rational *out)
{
    *out_has = blend->days > 0 && !blend->lacks;
    return *out_has ? rational_divide(blend->sum, rational_of(blend->days), out) : STATUS_OK;
}

/* The figures of one assignment for the window, before proration. */
static enum status own_figures(const struct asking *asking, const struct assignment *assignment,
                               bool wants_target, struct goal_figures *out)
{
    const struct plan_component *component = asking->component;
    *out = (struct goal_figures){0};
    if (component->has_goal) {
        out->has_goal = own_goal(asking, assignment, &out->goal);
        if (out->has_goal) {
            enum status status =
                ramped(asking->plan, &component->goal, asking->span, assignment, &out->goal);
            if (status)
                return status;
        }
    }
    const struct figure *target =
        wants_target ? figure_find(&assignment->targets, component->name) : NULL;
    out->has_target = target && figure_asked(asking, target, &out->target);
    return STATUS_OK;
}

static enum status blended(const struct asking *asking, bool wants_target, struct goal_figures *out)
{
    struct blend goal = {.sum = RATIONAL_ZERO};
    struct blend target = {.sum = RATIONAL_ZERO};
    const struct list *assignments = asking->assignments;
    for (size_t i = 0; i < assignments->count; i++) {
        const struct assignment *one = (const struct assignment *)assignments->items + i;
        int32_t days = window_days_within(asking->span, one->from, end_of(one));
        struct goal_figures own;
        if (!is_to(one, asking->plan->name) || days == 0)
            continue;
        enum status status = own_figures(asking, one, wants_target, &own);
        if (!status)
            status = blend_add(&goal, own.has_goal, own.goal, days);
        if (!status)
            status = blend_add(&target, own.has_target, own.target, days);
        if (status)
            return status;
    }
    *out = (struct goal_figures){0};
    enum status status = blend_end(&goal, &out->has_goal, &out->goal);
    return status ? status : blend_end(&target, &out->has_target, &out->target);
}

/* The last assignment's, which hold for all of the window; in a part of one, that part's own. */
static enum status last_figures(const struct asking *asking, bool wants_target,
                                struct goal_figures *out)
{
    const struct assignment *last = assignment_last(asking->assignments, asking->plan->name,
                                                    asking->span->from, asking->span->until);
    if (last)
        return own_figures(asking, last, wants_target, out);
    *out = (struct goal_figures){0};
    return STATUS_OK;
}

static enum status prorated(const struct list *assignments, const struct plan *plan,
                            const struct goal *goal, const struct window_span *span,
                            struct goal_figures *figures)
{
    struct rational part;
    enum status status =
        assigned_part(assignments, plan, span, goal->prorate, goal->prorate_places, &part);
    if (!status && figures->has_goal)
        status = rational_multiply(figures->goal, part, &figures->goal);
    if (!status && figures->has_target)
        status = rational_multiply(figures->target, part, &figures->target);
    return status;
}

enum status goal_figures(const struct list *assignments, const struct plan *plan,
                         const struct plan_component *component, const struct window_span *span,
                         struct slice window, bool wants_target, struct goal_figures *out)
{
    struct goal_figures figures;
    struct asking asking = {.assignments = assignments, .plan = plan, .component = component};
    ask(&asking, span, window);
    enum status status = plan->mid_window == MID_WINDOW_BLEND
                             ? blended(&asking, wants_target, &figures)
                             : last_figures(&asking, wants_target, &figures);
    if (!status && component->has_goal && component->goal.prorate != PRORATE_NONE)
        status = prorated(assignments, plan, &component->goal, span, &figures);
    if (!status)
        *out = figures;
    return status;
}
