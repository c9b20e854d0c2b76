/* Steps of adjust: bounds that cross, steps that change nothing, what follows a cap. */
#include "lint/lint_parts.h"

static bool is_bound(const struct adjustment *step)
{
    return step->kind == ADJUST_CAP || step->kind == ADJUST_FLOOR;
}

static const struct node *at_of(const struct lint_component *component, size_t index)
{
    const struct node *step = lint_step(component, index);
    const struct node *at = node_find(step, "at");
    return at ? at : step;
}

/* --- bounds that cross --- */

static void check_bounds(struct linting *linting, const struct lint_component *component)
{
    const struct plan_component *one = component->component;
    for (size_t i = 0; i < one->adjustment_count; i++) {
        const struct adjustment *step = &one->adjustments[i];
        for (size_t k = 0; k < one->adjustment_count; k++) {
            const struct adjustment *cap = &one->adjustments[k];
            bool is_pair = step->kind == ADJUST_FLOOR && cap->kind == ADJUST_CAP &&
                           step->is_share == cap->is_share && step->per == cap->per &&
                           !step->when.count && !cap->when.count;
            if (!is_pair || step->at.units <= cap->at.units)
                continue;
            lint_at(linting, at_of(component, i), "put the floor below the cap",
                    "the floor is above the cap: the later of the two decides alone");
        }
    }
}

/* --- steps without effect --- */

static const char *idle(const struct adjustment *step)
{
    bool is_one = step->factor.units == ONE_SHARE;
    if (step->kind == ADJUST_MULTIPLY && !step->curve && is_one && !step->has_between)
        return "a factor of 100 % changes nothing";
    if (step->kind == ADJUST_ADD && step->at.units == 0)
        return "adding 0 changes nothing";
    if (step->kind == ADJUST_GATE && step->then == GATE_KEEP && is_one)
        return "a gate that keeps 100 % takes nothing";
    if (step->has_between && !step->curve && step->least.units <= step->factor.units &&
        step->factor.units <= step->most.units)
        return "the factor is one figure and lies in `between` already";
    return NULL;
}

static void check_idle(struct linting *linting, const struct lint_component *component)
{
    const struct plan_component *one = component->component;
    for (size_t i = 0; i < one->adjustment_count; i++) {
        const char *sentence = idle(&one->adjustments[i]);
        if (sentence)
            lint_at_key(linting, lint_step(component, i), "leave the step out", "%s", sentence);
    }
}

/* A cap that the table cannot come to. */
static void check_idle_cap(struct linting *linting, const struct lint_component *component)
{
    const struct plan_component *one = component->component;
    const struct probe *probe = component->probe;
    struct rational far = rational_of(1000000000);
    struct rational pay;
    struct rational more;
    bool is_first_cap = probe && one->adjustment_count > 0 && is_bound(&one->adjustments[0]) &&
                        one->adjustments[0].kind == ADJUST_CAP && !one->adjustments[0].when.count &&
                        one->adjustments[0].per == PER_WINDOW &&
                        probe->unit == (one->adjustments[0].is_share ? PROBE_TARGETS : PROBE_MONEY);
    if (!is_first_cap || probe->edge_count == 0 || probe_raw(probe, far, &pay) ||
        rational_multiply(far, far, &far) || probe_raw(probe, far, &more) ||
        rational_compare(pay, more) != 0)
        return;
    for (size_t i = 0; i < probe->edge_count; i++) {
        if (!probe_raw(probe, probe->edges[i].at, &more))
            pay = rational_max(pay, more);
    }
    struct rational bound = rational_of_decimal(one->adjustments[0].at);
    char most[PROBE_TEXT_BYTES];
    probe_pay_text(probe, pay, most);
    if (rational_compare(pay, bound) < 0 && !one->goal.is_lower_better)
        lint_at(linting, at_of(component, 0), "leave the cap out, or lower it",
                "the cap is never come to: the table pays %s at most", most);
}

/* --- steps that leave nothing --- */

static void check_nothing(struct linting *linting, const struct lint_component *component)
{
    const struct plan_component *one = component->component;
    for (size_t i = 0; i < one->adjustment_count; i++) {
        const struct adjustment *step = &one->adjustments[i];
        if (step->when.count)
            continue;
        if (step->kind == ADJUST_CAP && step->at.units == 0)
            lint_at(linting, at_of(component, i), NULL, "a cap at 0 leaves nothing");
        if (step->kind == ADJUST_MULTIPLY && !step->curve && step->factor.units == 0)
            lint_at_key(linting, lint_step(component, i), NULL, "a factor of 0 leaves nothing");
    }
}

/* --- behind a cap --- */

/* A sum added behind a cap is an allowance; a factor or a floor takes the cap away. */
static bool can_raise(const struct adjustment *step, const struct adjustment *cap)
{
    bool has_high_point = false;
    const struct points *curve = step->curve;
    for (int32_t i = 0; curve && i < curve->count; i++)
        has_high_point |= rational_compare(curve->at[i].y, RATIONAL_ONE) > 0;
    if (step->kind == ADJUST_MULTIPLY && step->has_between && step->most.units <= ONE_SHARE)
        return false;
    if (step->kind == ADJUST_MULTIPLY)
        return curve ? has_high_point || !curve->is_flat_above : step->factor.units > ONE_SHARE;
    return step->kind == ADJUST_FLOOR && step->is_share == cap->is_share && step->when.count &&
           step->at.units > cap->at.units;
}

static bool is_capped_again(const struct plan_component *component, size_t behind)
{
    for (size_t i = behind; i < component->adjustment_count; i++) {
        const struct adjustment *step = &component->adjustments[i];
        if (step->kind == ADJUST_CAP && !step->when.count && step->per != PER_DEAL)
            return true;
    }
    return false;
}

static void check_behind_cap(struct linting *linting, const struct lint_component *component)
{
    const struct plan_component *one = component->component;
    const struct adjustment *cap = NULL;
    for (size_t i = 0; i < one->adjustment_count; i++) {
        const struct adjustment *step = &one->adjustments[i];
        if (step->kind == ADJUST_CAP && step->per == PER_WINDOW && !step->when.count)
            cap = step;
        if (!cap || step == cap || !can_raise(step, cap) || is_capped_again(one, i + 1))
            continue;
        lint_at_key(linting, lint_step(component, i), "put the cap behind this step",
                    "this step stands behind the cap and can pay more than it");
    }
}

static const struct lint_check checks[] = {
    {.code = LINT_BOUNDS_CROSS, .component = check_bounds},
    {.code = LINT_NO_EFFECT, .component = check_idle},
    {.code = LINT_NO_EFFECT, .component = check_idle_cap},
    {.code = LINT_PAYS_NOTHING, .component = check_nothing},
    {.code = LINT_CAP_EXCEEDED, .component = check_behind_cap},
};

LINT_FAMILY(steps);
