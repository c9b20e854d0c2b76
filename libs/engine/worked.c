#include "engine/worked_parts.h"

#include "plan/assignment.h"
#include "plan/figures.h"
#include "plan/words.h"

/* --- conditions --- */

bool worked_is_outside(const struct worked *worked, const struct when *when)
{
    for (int32_t i = 0; i < when->count; i++) {
        const struct when_part *part = &when->parts[i];
        bool is_own = part->kind == WHEN_ATTAINMENT && part->look.window == LOOK_SAME &&
                      part->look.component == worked->component->index;
        bool is_known = part->kind == WHEN_ATTRIBUTE && worked->attributes;
        if (part->kind > WHEN_NOT && !is_own && !is_known)
            return true;
    }
    return false;
}

/* The component without the steps whose condition is not known, but for `taken`, which is. */
static const struct plan_component *with_steps(const struct worked *worked, size_t taken)
{
    struct plan_component *copy = arena_take(worked->arena, sizeof *copy);
    struct adjustment *steps =
        arena_take_array(worked->arena, worked->component->adjustment_count + 1, sizeof *steps);
    if (!copy || !steps)
        return NULL;
    *copy = *worked->component;
    copy->adjustments = steps;
    copy->adjustment_count = 0;
    for (size_t i = 0; i < worked->component->adjustment_count; i++) {
        struct adjustment step = worked->component->adjustments[i];
        if (worked_is_outside(worked, &step.when)) {
            if (i != taken)
                continue;
            step.when = (struct when){0};
        }
        steps[copy->adjustment_count++] = step;
    }
    return copy;
}

/* --- columns --- */

static bool add_column(struct worked *worked, struct worked_column column, size_t taken)
{
    if (worked->column_count == WORKED_COLUMNS_MAX)
        return true;
    column.component = with_steps(worked, taken);
    worked->columns[worked->column_count++] = column;
    return column.component != NULL;
}

/* The next deadline behind `after`; INT32_MAX: none. */
static int32_t deadline_after(const struct landmarks *landmarks, int32_t after)
{
    int32_t next = INT32_MAX;
    for (size_t i = 0; i < landmarks->count; i++) {
        const struct landmark *landmark = &landmarks->items[i];
        if (landmark->has_until && landmark->until > after && landmark->until < next)
            next = landmark->until;
    }
    return next;
}

/* Whether a row of that day would count. */
static bool can_come(const struct worked *worked, int32_t day)
{
    return window_holds(&worked->span, day) &&
           (!worked->assignments ||
            assignment_covers(worked->assignments, worked->plan->name, day));
}

/* A column for each last day in time, and one for what comes after all of them. */
static bool add_deadlines(struct worked *worked)
{
    bool is_ok = true;
    int32_t last = INT32_MIN;
    for (int32_t until = deadline_after(worked->landmarks, INT32_MIN); until != INT32_MAX;
         until = deadline_after(worked->landmarks, until)) {
        last = until;
        if (worked->landmarks->of == LANDMARKS_MEASURE && can_come(worked, until - 1))
            is_ok &= add_column(
                worked, (struct worked_column){.kind = WORKED_BY_DAY, .day = until - 1}, SIZE_MAX);
    }
    bool can_be_late = last != INT32_MIN &&
                       (worked->landmarks->of == LANDMARKS_PHASES || last < worked->span.until);
    if (can_be_late)
        is_ok &= add_column(worked, (struct worked_column){.kind = WORKED_TOO_LATE, .day = last},
                            SIZE_MAX);
    return is_ok;
}

static enum status add_columns(struct worked *worked)
{
    bool has_days = worked->landmarks->of == LANDMARKS_MEASURE &&
                    deadline_after(worked->landmarks, INT32_MIN) != INT32_MAX;
    bool is_ok =
        has_days || add_column(worked, (struct worked_column){.kind = WORKED_AS_IS}, SIZE_MAX);
    is_ok &= add_deadlines(worked);
    if (worked->column_count == 0)
        is_ok &= add_column(worked, (struct worked_column){.kind = WORKED_AS_IS}, SIZE_MAX);
    for (size_t i = 0; i < worked->component->adjustment_count; i++) {
        if (worked_is_outside(worked, &worked->component->adjustments[i].when))
            is_ok &= add_column(worked, (struct worked_column){.kind = WORKED_WHILE, .step = i}, i);
    }
    return is_ok ? STATUS_OK : STATUS_EXHAUSTED;
}

/* --- figures --- */

static bool is_of_money(const struct plan_component *component)
{
    return !component->has_measure || component->mechanic->measure == MEASURE_ROWS ||
           component->measure.sum == SUM_AMOUNT || component->measure.sum == SUM_NAMED_AMOUNT;
}

static void set_goal(struct worked *worked, enum worked_goal goal, struct rational value)
{
    worked->goal = goal;
    worked->figures.has_goal = true;
    worked->figures.goal = value;
}

static void set_target(struct worked *worked, enum worked_target target, struct rational value)
{
    worked->target = target;
    worked->figures.has_target = true;
    worked->figures.target = value;
}

static enum status find_assigned(struct worked *worked, const struct list *assignments)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < PRORATE_COUNT; i++)
        worked->figures.assigned[i] = RATIONAL_ONE;
    for (int by = PRORATE_DAYS; assignments && !status && by < PRORATE_COUNT; by++)
        status = assigned_part(assignments, worked->plan, &worked->span, (enum prorate)by,
                               PRORATE_PLACES_EXACT, &worked->figures.assigned[by]);
    return status;
}

static enum status find_own_figures(struct worked *worked, const struct list *assignments,
                                    struct slice window)
{
    const struct assignment *last =
        assignment_last(assignments, worked->plan->name, worked->span.from, worked->span.until);
    struct goal_figures figures;
    worked->attributes = last ? &last->attributes : NULL;
    enum status status = goal_figures(assignments, worked->plan, worked->component, &worked->span,
                                      window, true, &figures);
    if (status)
        return status;
    if (figures.has_goal && worked->component->has_goal)
        set_goal(worked, WORKED_GOAL_OWN, figures.goal);
    if (figures.has_target)
        set_target(worked, WORKED_TARGET_OWN, figures.target);
    return STATUS_OK;
}

/* The goals of objectives. */
static void find_named_goals(struct worked *worked, const struct list *assignments,
                             struct slice window)
{
    const struct plan_component *component = worked->component;
    struct rational *goals =
        arena_take_array(worked->arena, component->result_count + 1, sizeof *goals);
    for (size_t i = 0; goals && assignments && i < component->result_count; i++) {
        if (!goal_named(assignments, worked->plan, component->results[i], &worked->span, window,
                        &goals[i]))
            goals[i] = (struct rational){0, 0};
    }
    worked->landmarks->goals = goals;
}

/* --- shares or an example --- */

/* What a landmark is in measures, for goals of whatever size. */
static enum status landmark_at(const struct worked *worked, const struct landmark *landmark,
                               struct rational *out)
{
    *out = landmark->at;
    if (worked->landmarks->of != LANDMARKS_ATTAINMENT)
        return STATUS_OK;
    if (!worked->component->goal.is_lower_better)
        return rational_multiply(landmark->at, worked->figures.goal, out);
    return rational_is_zero(landmark->at)
               ? STATUS_OK
               : rational_divide(worked->figures.goal, landmark->at, out);
}

static enum status value_landmark(const struct worked *worked, size_t column,
                                  const struct landmark *landmark, struct rational *out)
{
    struct worth worth;
    struct attempt attempt = {
        .worked = worked, .column = &worked->columns[column], .landmark = landmark};
    enum status status = landmark_at(worked, landmark, &attempt.at);
    if (!status)
        status = attempt_worth(&attempt, &worth);
    if (!status)
        *out = worth.has_pay ? worth.pay : RATIONAL_ZERO;
    return status;
}

/* Whether every landmark of `other` pays `times` as much as that of `worked`. */
static bool is_multiple(const struct worked *worked, const struct worked *other, int64_t times)
{
    for (size_t c = 0; c < worked->column_count; c++) {
        for (size_t i = 0; i < worked->landmarks->count; i++) {
            struct rational one;
            struct rational two;
            if (value_landmark(worked, c, &worked->landmarks->items[i], &one) ||
                value_landmark(other, c, &worked->landmarks->items[i], &two) ||
                rational_multiply(one, rational_of(times), &one) || rational_compare(one, two) != 0)
                return false;
        }
    }
    return true;
}

/* Whether a step speaks of money, so that pay cannot be a share of the target incentive. */
static bool adjusts_by_money(const struct plan_component *component)
{
    for (size_t i = 0; i < component->adjustment_count; i++) {
        const struct adjustment *step = &component->adjustments[i];
        bool is_bound = step->kind == ADJUST_CAP || step->kind == ADJUST_FLOOR;
        if (step->kind == ADJUST_ADD || (is_bound && !step->is_share))
            return true;
    }
    return false;
}

/* Pay that doubles with the target incentive is a share of it. */
static void choose_target(struct worked *worked)
{
    if (worked->figures.has_target ||
        !(worked->component->needs & (NEEDS_TARGET | NEEDS_TARGET_WHEN)))
        return;
    struct worked twice = *worked;
    set_target(worked, WORKED_TARGET_SHARE, rational_of(1));
    set_target(&twice, WORKED_TARGET_SHARE, rational_of(2));
    if (!worked->component->mechanic->pay || adjusts_by_money(worked->component) ||
        !is_multiple(worked, &twice, 2))
        set_target(worked, WORKED_TARGET_EXAMPLE, rational_of(10000));
}

/* Pay that stays when goal and measure double hangs on their ratio alone. */
static void choose_goal(struct worked *worked)
{
    if (worked->figures.has_goal || !worked->component->has_goal)
        return;
    if (!worked->component->goal.is_from_roster) {
        set_goal(worked, WORKED_GOAL_FIXED, rational_of_decimal(worked->component->goal.fixed));
        return;
    }
    set_goal(worked, WORKED_GOAL_EXAMPLE,
             rational_of(is_of_money(worked->component) ? 100000 : 100));
    if (worked->landmarks->of != LANDMARKS_ATTAINMENT || !worked->component->mechanic->pay)
        return;
    struct worked one = *worked;
    struct worked two = *worked;
    set_goal(&one, WORKED_GOAL_SHARE, rational_of(1));
    set_goal(&two, WORKED_GOAL_SHARE, rational_of(2));
    one.figures.has_target = two.figures.has_target = true;
    if (!worked->figures.has_target)
        one.figures.target = two.figures.target = RATIONAL_ONE;
    if (is_multiple(&one, &two, 1) && worked->component->measure.plus == 0)
        set_goal(worked, WORKED_GOAL_SHARE, RATIONAL_ONE);
}

static void choose_example(struct worked *worked)
{
    enum landmark_of of = worked->landmarks->of;
    worked->example = rational_of(is_of_money(worked->component) ? 100000 : 100);
    if (worked->goal != WORKED_GOAL_NONE && of == LANDMARKS_OTHER &&
        rational_sign(worked->figures.goal) > 0)
        worked->example = worked->figures.goal;
    worked->is_example_measure = of == LANDMARKS_OTHER || of == LANDMARKS_RATES ||
                                 of == LANDMARKS_PHASES || of == LANDMARKS_COMPLETE;
}

/* What pays the same whatever the example is needs none. */
static void check_example(struct worked *worked)
{
    struct worked other = *worked;
    if (!worked->is_example_measure || !worked->component->mechanic->pay)
        return;
    worked->is_example_measure =
        rational_multiply(worked->example, rational_of(2), &other.example) != STATUS_OK ||
        !is_multiple(worked, &other, 1);
}

/* --- the step between measures --- */

static bool is_whole(struct rational value)
{
    return rational_reduce(value).den == 1;
}

static void choose_unit(struct worked *worked)
{
    const struct landmarks *landmarks = worked->landmarks;
    worked->unit = 1;
    worked->places = 0;
    if (landmarks->of == LANDMARKS_OTHER || worked->goal == WORKED_GOAL_SHARE) {
        worked->places = 4;
    } else if (is_of_money(worked->component)) {
        worked->places = words_measured_in(worked->plan, worked->component)->exponent;
    } else if (worked->component->measure.sum == SUM_VALUE) {
        worked->places = 2;
    }
    for (size_t i = 0; landmarks->of == LANDMARKS_MEASURE && i < landmarks->count; i++) {
        if (worked->places == 0 && !is_whole(landmarks->items[i].at))
            worked->places = 2;
    }
}

/* --- all of it --- */

enum status worked_make(const struct plan *plan, const struct plan_component *component,
                        const struct list *assignments, const struct window_span *span,
                        struct slice window, struct arena *arena, struct worked *out)
{
    *out = (struct worked){.plan = plan,
                           .component = component,
                           .span = *span,
                           .assignments = assignments,
                           .first = span->from,
                           .arena = arena};
    while (out->first + 1 < span->until && !can_come(out, out->first))
        out->first++;
    out->figures = (struct window_figures){
        .from = span->from, .until = span->until, .goal = RATIONAL_ZERO, .target = RATIONAL_ZERO};
    out->landmarks = arena_take(arena, sizeof *out->landmarks);
    if (!out->landmarks)
        return STATUS_EXHAUSTED;
    enum status status = find_assigned(out, assignments);
    if (!status && assignments)
        status = find_own_figures(out, assignments, window);
    if (status)
        return status;
    find_named_goals(out, assignments, window);
    out->landmarks->calendar = &plan->calendar;
    out->landmarks->window = *span;
    if (component->mechanic->landmarks)
        component->mechanic->landmarks(component->terms, out->landmarks);
    status = add_columns(out);
    if (status)
        return status;
    choose_example(out);
    choose_goal(out);
    choose_target(out);
    choose_example(out);
    check_example(out);
    choose_unit(out);
    return STATUS_OK;
}

bool worked_has_values(const struct worked *worked)
{
    return worked->component->mechanic->pay && worked->landmarks->of != LANDMARKS_NONE;
}

enum status worked_value_of(const struct worked *worked, size_t column,
                            const struct landmark *landmark, struct rational at, struct worth *out)
{
    const struct attempt attempt = {
        .worked = worked, .column = &worked->columns[column], .at = at, .landmark = landmark};
    return attempt_worth(&attempt, out);
}

enum status worked_value(const struct worked *worked, size_t column, struct rational at,
                         struct worth *out)
{
    return worked_value_of(worked, column, NULL, at, out);
}
