/* A roster held against the plans that it points at. */
#include "lint/lint_parts.h"

#include "plan/mechanics/scorecard.h"

struct roster_linting {
    struct linting linting;
    const struct plan *const *plans;
    size_t plan_count;
};

/* What a figure of the roster is for. */
enum figure_use { USE_GOAL, USE_TARGET, USE_BASELINE };

static const struct plan *find_plan(const struct roster_linting *roster, struct slice name)
{
    const struct plan *found = NULL;
    for (size_t i = 0; i < roster->plan_count; i++) {
        if (slice_equal(roster->plans[i]->name, name) &&
            (!found || roster->plans[i]->version > found->version))
            found = roster->plans[i];
    }
    return found;
}

/* Whether any version has the component, or an objective of that name. */
static bool is_known(const struct roster_linting *roster, struct slice plan, struct slice name)
{
    for (size_t i = 0; i < roster->plan_count; i++) {
        const struct plan *one = roster->plans[i];
        if (!slice_equal(one->name, plan))
            continue;
        if (plan_component_find(one, name))
            return true;
        for (size_t k = 0; k < one->component_count; k++) {
            for (size_t r = 0; r < one->components[k].result_count; r++) {
                if (slice_equal(one->components[k].results[r], name))
                    return true;
            }
        }
    }
    return false;
}

static void set_code(struct roster_linting *roster, enum lint_code code)
{
    roster->linting.code = code;
}

/* --- one figure: {annual: 10}, {window: 5}, {by-window: {2026-Q1: 3}} --- */

/* What is wrong with a window of a figure in one version of a plan; NULL: nothing. */
static const char *window_fault(const struct plan *plan, struct slice component, struct slice id)
{
    const struct plan_component *one = plan_component_find(plan, component);
    struct window_span span;
    if (window_by_id(&plan->calendar, id, &span))
        return "the plan's calendar has no such window";
    if (one && span.over != one->over)
        return "the component has windows of another length";
    if (span.until <= plan->from || span.from >= plan->until)
        return "the window lies outside the plan's effective range";
    return NULL;
}

/* Of all versions: one that asks for the window is enough. */
static const char *fault_of(const struct roster_linting *roster, struct slice plan,
                            struct slice component, struct slice id)
{
    const char *fault = NULL;
    for (size_t i = 0; i < roster->plan_count; i++) {
        if (!slice_equal(roster->plans[i]->name, plan))
            continue;
        fault = window_fault(roster->plans[i], component, id);
        if (!fault)
            return NULL;
    }
    return fault;
}

/* A baseline is of windows before the plan. */
static void look_at_windows(struct roster_linting *roster, const struct plan *plan,
                            struct slice component, const struct node *figure, enum figure_use use)
{
    const struct node *by_window = node_find(figure, "by-window");
    const struct plan_component *one = plan_component_find(plan, component);
    set_code(roster, LINT_UNUSED_FIGURE);
    for (const struct node *window = by_window && use != USE_BASELINE ? by_window->first : NULL;
         window; window = window->next) {
        const char *fault = fault_of(roster, plan->name, component, window->key);
        if (fault)
            lint_at_key(&roster->linting, window, NULL, "nothing asks for `%.*s`: %s",
                        SLICE_ARGS(window->key), fault);
    }
    if (one && one->over <= WINDOW_DEAL && node_find(figure, "annual"))
        lint_at_key(&roster->linting, node_find(figure, "annual"), "window: 1000",
                    "a yearly figure does not fall on the windows of `over: %s`",
                    window_over_name(one->over));
}

/* Fewer than 100 units in a window, where attainment goes in whole percents. */
static void look_at_size(struct roster_linting *roster, const struct plan_component *component,
                         const struct node *figure)
{
    const struct node *annual = node_find(figure, "annual");
    const struct node *window = node_find(figure, "window");
    const struct node *node = window ? window : annual;
    struct decimal value;
    if (!component->has_goal || !node || node->kind != NODE_SCALAR ||
        decimal_parse(node->text, &value))
        return;
    int32_t windows = window ? 1 : window_count_in_year(component->over);
    if (windows <= 0 || !lint_is_coarse(component, value, windows))
        return;
    set_code(roster, LINT_COARSE_GOAL);
    lint_at(&roster->linting, node, "tiers pay uneven or rare measures better",
            "a goal of fewer than 100 countable units a %s cannot reach every whole percent",
            window_over_name(component->over));
}

static void look_at_component(struct roster_linting *roster, const struct plan *plan,
                              const struct node *figure, enum figure_use use)
{
    const struct plan_component *component = plan_component_find(plan, figure->key);
    if (!is_known(roster, plan->name, figure->key)) {
        set_code(roster, LINT_NOT_IN_PLAN);
        lint_at_key(&roster->linting, figure, NULL, "plan `%.*s` has no component `%.*s`",
                    SLICE_ARGS(plan->name), SLICE_ARGS(figure->key));
        return;
    }
    look_at_windows(roster, plan, figure->key, figure, use);
    if (!component || use != USE_GOAL)
        return;
    look_at_size(roster, component, figure);
    if (component->has_goal && !component->goal.is_from_roster) {
        set_code(roster, LINT_UNUSED_FIGURE);
        lint_at_key(&roster->linting, figure, "goal: {from: roster, …}   # in the plan",
                    "the plan has a fixed goal for `%.*s`", SLICE_ARGS(component->name));
    }
}

/* --- an assignment --- */

static bool is_figure(const struct node *map)
{
    return node_find(map, "annual") || node_find(map, "window") || node_find(map, "by-window");
}

static void look_at_figures(struct roster_linting *roster, const struct plan *plan,
                            const struct node *map, enum figure_use use)
{
    if (!map || map->kind != NODE_MAP)
        return;
    if (use == USE_TARGET && is_figure(map)) {
        if (plan->component_count == 1)
            look_at_windows(roster, plan, plan->components[0].name, map, use);
        return;
    }
    for (const struct node *one = map->first; one; one = one->next)
        look_at_component(roster, plan, one, use);
}

static bool has_figure(const struct node *map, const char *key, struct slice component)
{
    const struct node *figures = node_find(map, key);
    for (const struct node *one = figures ? figures->first : NULL; one; one = one->next) {
        if (slice_equal(one->key, component))
            return true;
    }
    return figures && is_figure(figures);
}

static void look_for_missing(struct roster_linting *roster, const struct plan *plan,
                             const struct node *assignment)
{
    for (size_t i = 0; i < plan->component_count; i++) {
        const struct plan_component *one = &plan->components[i];
        bool wants_goal = one->has_goal && one->goal.is_from_roster &&
                          ((one->needs & NEEDS_ATTAINMENT) || lint_is_looked_at(plan, one));
        set_code(roster, LINT_NOT_IN_ROSTER);
        if (wants_goal && !has_figure(assignment, "goals", one->name))
            lint_at(&roster->linting, node_find(assignment, "plan"),
                    "goals: {COMPONENT: {annual: 1000000}}",
                    "the assignment has no goal for `%.*s`, which waits for one",
                    SLICE_ARGS(one->name));
        if ((one->needs & NEEDS_TARGET) && !has_figure(assignment, "target", one->name))
            lint_at(&roster->linting, node_find(assignment, "plan"), "target: {annual: 40000}",
                    "the assignment has no target incentive for `%.*s`, which waits for one",
                    SLICE_ARGS(one->name));
    }
}

static void look_at_assignment(struct roster_linting *roster, const struct node *assignment)
{
    const struct node *name = node_find(assignment, "plan");
    const struct plan *plan = name ? find_plan(roster, name->text) : NULL;
    if (!plan)
        return;
    look_at_figures(roster, plan, node_find(assignment, "goals"), USE_GOAL);
    look_at_figures(roster, plan, node_find(assignment, "target"), USE_TARGET);
    look_at_figures(roster, plan, node_find(assignment, "baseline"), USE_BASELINE);
    look_for_missing(roster, plan, assignment);
}

enum status lint_roster(const struct node *root, struct slice file, struct slice text,
                        const struct plan *const *plans, size_t plan_count, struct reports *reports)
{
    struct roster_linting roster = {
        .linting = {.root = root, .reports = reports}, .plans = plans, .plan_count = plan_count};
    const struct node *participants = node_find(root, "participants");
    reports_read(reports, file, text, 1);
    for (const struct node *one = participants ? participants->first : NULL; one; one = one->next) {
        const struct node *assignments = node_find(one, "assignments");
        for (const struct node *assignment = assignments ? assignments->first : NULL; assignment;
             assignment = assignment->next)
            look_at_assignment(&roster, assignment);
    }
    return STATUS_OK;
}
