/* Conditions of adjust and total that never hold, or always. */
#include "lint/lint_parts.h"

/* --- the nodes of a condition's parts --- */

/* Node of part `index` of the condition under `node`: parts stand in the order of the file. */
static const struct node *part_node(const struct when *when, const struct node *node, int32_t from,
                                    int32_t index)
{
    if (from == index)
        return node;
    const struct node *inner = node ? node->first : NULL;
    int32_t at = from + 1;
    if (when->parts[from].kind == WHEN_NOT)
        return part_node(when, inner, at, index);
    for (const struct node *one = inner ? inner->first : NULL; one; one = one->next) {
        if (index < when->parts[at].end)
            return part_node(when, one, at, index);
        at = when->parts[at].end;
    }
    return node;
}

/* --- what two parts ask of one figure --- */

static bool is_leaf(const struct when_part *part)
{
    return part->kind == WHEN_ATTAINMENT || part->kind == WHEN_EARNED || part->kind == WHEN_RESULT;
}

static bool same_figure(const struct when_part *a, const struct when_part *b)
{
    if (!is_leaf(a) || a->kind != b->kind)
        return false;
    if (a->kind == WHEN_RESULT)
        return a->result.owner == b->result.owner &&
               slice_equal(a->result.result, b->result.result);
    return a->look.component == b->look.component && a->look.window == b->look.window;
}

static bool bounds_above(const struct when_part *part)
{
    return part->comparator == COMPARE_LESS || part->comparator == COMPARE_LESS_OR_EQUAL;
}

static bool bounds_below(const struct when_part *part)
{
    return part->comparator == COMPARE_GREATER || part->comparator == COMPARE_GREATER_OR_EQUAL;
}

static bool includes_bound(const struct when_part *part)
{
    return part->comparator == COMPARE_LESS_OR_EQUAL ||
           part->comparator == COMPARE_GREATER_OR_EQUAL;
}

/* No figure is below `high` and above `low` as they ask. */
static bool is_empty_between(const struct when_part *low, const struct when_part *high)
{
    if (!bounds_below(low) || !bounds_above(high))
        return false;
    bool may_touch = includes_bound(low) && includes_bound(high);
    return low->bound.units > high->bound.units ||
           (low->bound.units == high->bound.units && !may_touch);
}

/* Every figure is above `low` or below `high`. */
static bool is_everything(const struct when_part *low, const struct when_part *high)
{
    if (!bounds_below(low) || !bounds_above(high))
        return false;
    bool touches = includes_bound(low) || includes_bound(high);
    return low->bound.units < high->bound.units ||
           (low->bound.units == high->bound.units && touches);
}

/* Both bound the figure on one side: one of them follows from the other. */
static bool is_one_sided(const struct when_part *one, const struct when_part *other)
{
    return (bounds_above(one) && bounds_above(other)) || (bounds_below(one) && bounds_below(other));
}

typedef bool pair_test(const struct when_part *low, const struct when_part *high);

/* A part of `kind` in which two parts, side by side, are as `test` says: the later of them, or -1.
 */
static int32_t find_pair(const struct when *when, enum when_kind kind, pair_test *test)
{
    for (int32_t i = 0; i < when->count; i++) {
        if (when->parts[i].kind != kind)
            continue;
        for (int32_t a = i + 1; a < when->parts[i].end; a = when->parts[a].end) {
            for (int32_t b = i + 1; b < a; b = when->parts[b].end) {
                const struct when_part *one = &when->parts[a];
                const struct when_part *other = &when->parts[b];
                if (same_figure(one, other) && (test(one, other) || test(other, one)))
                    return a;
            }
        }
    }
    return -1;
}

/* --- where the plan has only one window, and no earlier version that had others --- */

static bool has_one_window(const struct plan *plan, enum window_over over)
{
    struct window_span span;
    if (plan->version > 1)
        return false;
    return over == WINDOW_PLAN || (plan->until <= DATE_MAX && window_count_in_year(over) > 0 &&
                                   !window_containing(&plan->calendar, over, plan->from, &span) &&
                                   span.until >= plan->until);
}

static int32_t find_previous(const struct plan *plan, const struct when *when)
{
    for (int32_t i = 0; i < when->count; i++) {
        const struct when_part *part = &when->parts[i];
        bool looks = part->kind == WHEN_ATTAINMENT || part->kind == WHEN_EARNED;
        if (looks && part->look.window == LOOK_PREVIOUS &&
            has_one_window(plan, plan->components[part->look.component].over))
            return i;
    }
    return -1;
}

/* --- figures that are never below 0 --- */

/* An attainment of rows that are not taken back; `plus` can lower it. */
static int32_t find_below_zero(const struct plan *plan, const struct when *when, bool wants_always)
{
    for (int32_t i = 0; i < when->count; i++) {
        const struct when_part *part = &when->parts[i];
        if (part->kind != WHEN_ATTAINMENT || part->bound.units > 0)
            continue;
        const struct measure *measure = &plan->components[part->look.component].measure;
        bool is_never =
            part->comparator == COMPARE_LESS || (part->bound.units < 0 && bounds_above(part));
        bool is_always = part->comparator == COMPARE_GREATER_OR_EQUAL ||
                         (part->bound.units < 0 && bounds_below(part));
        if (measure->plus >= 0 && (wants_always ? is_always : is_never))
            return i;
    }
    return -1;
}

/* --- the checks --- */

static void report_part(struct linting *linting, const struct when *when, const struct node *node,
                        int32_t part, const char *fix, const char *sentence)
{
    if (part >= 0)
        lint_at(linting, part_node(when, node, 0, part), fix, "%s", sentence);
}

static void check_when_never(struct linting *linting, const struct when *when,
                             const struct node *node)
{
    report_part(linting, when, node, find_pair(when, WHEN_ALL, is_empty_between), NULL,
                "no figure fulfils this and the condition before it");
    report_part(linting, when, node, find_previous(linting->plan, when), NULL,
                "the plan has one window of this kind: there is no previous one");
    report_part(linting, when, node, find_below_zero(linting->plan, when, false),
                "attainment: \"< 80%\"", "attainment is not below 0 %");
}

static void check_when_always(struct linting *linting, const struct when *when,
                              const struct node *node)
{
    report_part(linting, when, node, find_pair(when, WHEN_ANY, is_everything), NULL,
                "every figure fulfils this or the condition before it");
    report_part(linting, when, node, find_below_zero(linting->plan, when, true),
                "attainment: \">= 100%\"", "attainment is always 0 % or more");
}

static void check_when_idle(struct linting *linting, const struct when *when,
                            const struct node *node)
{
    int32_t part = find_pair(when, WHEN_ALL, is_one_sided);
    if (part < 0)
        part = find_pair(when, WHEN_ANY, is_one_sided);
    report_part(linting, when, node, part, "leave one of them out",
                "of this and a condition before it, one follows from the other");
}

typedef void when_check(struct linting *linting, const struct when *when, const struct node *node);

static void each_when(struct linting *linting, const struct lint_component *component,
                      when_check *check)
{
    const struct plan_component *one = component->component;
    for (size_t i = 0; i < one->adjustment_count; i++) {
        if (one->adjustments[i].when.count)
            check(linting, &one->adjustments[i].when, node_find(lint_step(component, i), "when"));
    }
}

static void check_never(struct linting *linting, const struct lint_component *component)
{
    each_when(linting, component, check_when_never);
}

static void check_always(struct linting *linting, const struct lint_component *component)
{
    each_when(linting, component, check_when_always);
}

static void check_idle(struct linting *linting, const struct lint_component *component)
{
    each_when(linting, component, check_when_idle);
}

static const struct node *total_when(const struct linting *linting)
{
    return node_find(node_find(node_find(linting->root, "total"), "multiply"), "when");
}

static void check_total_never(struct linting *linting)
{
    if (linting->plan->total.multiply_when.count)
        check_when_never(linting, &linting->plan->total.multiply_when, total_when(linting));
}

static void check_total_always(struct linting *linting)
{
    if (linting->plan->total.multiply_when.count)
        check_when_always(linting, &linting->plan->total.multiply_when, total_when(linting));
}

/* --- whole percents here, exact there --- */

static void note_precision(struct linting *linting, const struct when *when,
                           const struct node *node)
{
    for (int32_t i = 0; i < when->count; i++) {
        const struct when_part *part = &when->parts[i];
        if (part->kind != WHEN_ATTAINMENT ||
            linting->plan->components[part->look.component].goal.precision == ATTAINMENT_EXACT)
            continue;
        lint_at(linting, part_node(when, node, 0, i), NULL,
                "the condition compares exact attainment, while pay goes by whole percents");
        return;
    }
}

static void check_precision(struct linting *linting, const struct lint_component *component)
{
    each_when(linting, component, note_precision);
}

static const struct lint_check checks[] = {
    {.code = LINT_NEVER_HOLDS, .component = check_never, .plan = check_total_never},
    {.code = LINT_ALWAYS_HOLDS, .component = check_always, .plan = check_total_always},
    {.code = LINT_NO_EFFECT, .component = check_idle},
    {.code = LINT_TWO_PRECISIONS, .component = check_precision},
};

LINT_FAMILY(conditions);
