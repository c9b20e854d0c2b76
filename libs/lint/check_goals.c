/* Goals: too coarse for whole percents, 0 by the plan itself, ramps, goals that nobody looks at. */
#include "lint/lint_parts.h"

static void check_coarse(struct linting *linting, const struct lint_component *component)
{
    const struct plan_component *one = component->component;
    if (one->has_goal && !one->goal.is_from_roster && lint_is_coarse(one, one->goal.fixed, 1))
        lint_at(linting, node_find(component->node, "goal"),
                "tiers pay uneven or rare measures better",
                "a goal of fewer than 100 countable units cannot reach every whole percent");
}

/* --- shares of 0 --- */

static const struct node *zero_share(const struct node *list, const struct decimal *shares,
                                     size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (shares[i].units == 0)
            return node_at(list, i);
    }
    return NULL;
}

static void check_zero(struct linting *linting, const struct lint_component *component)
{
    const struct goal *goal = &component->component->goal;
    const struct node *node = node_find(component->node, "goal");
    if (!component->component->has_goal || !goal->is_from_roster || goal->zero != ZERO_PENDING)
        return;
    const struct node *zero = zero_share(node_find(node, "ramp"), goal->ramp, goal->ramp_count);
    if (!zero)
        zero = zero_share(node_find(node, "weights"), goal->weights, goal->weight_count);
    if (zero)
        lint_at(linting, zero, "zero: full-target   # or nothing",
                "a share of 0 %% makes the goal 0, and `zero: pending` waits for another one");
}

/* --- ramps --- */

static void check_ramp(struct linting *linting, const struct lint_component *component)
{
    const struct goal *goal = &component->component->goal;
    const struct node *ramp = node_find(node_find(component->node, "goal"), "ramp");
    for (size_t i = 1; i < goal->ramp_count; i++) {
        if (goal->ramp[i].units < goal->ramp[i - 1].units)
            lint_at(linting, node_at(ramp, i), "let the shares rise",
                    "this step of the ramp is lower than the one before it");
    }
    if (goal->ramp_count > 0 && goal->ramp[goal->ramp_count - 1].units > ONE_SHARE)
        lint_at(linting, node_at(ramp, goal->ramp_count - 1), "end the ramp at 100 %",
                "past the list a ramp is 100 %%, which is lower than its last step");
}

static void check_idle(struct linting *linting, const struct lint_component *component)
{
    const struct goal *goal = &component->component->goal;
    const struct node *node = node_find(component->node, "goal");
    bool is_full = goal->ramp_count > 0;
    for (size_t i = 0; i < goal->ramp_count; i++)
        is_full &= goal->ramp[i].units == ONE_SHARE;
    if (is_full)
        lint_at_key(linting, node_find(node, "ramp"), "leave it out", "a ramp of 100 %% is none");
}

/* --- goals for people --- */

static void check_unused(struct linting *linting, const struct lint_component *component)
{
    const struct plan_component *one = component->component;
    if (one->has_goal && !(one->needs & NEEDS_ATTAINMENT) && !lint_is_looked_at(linting->plan, one))
        lint_at_key(linting, node_find(component->node, "goal"), NULL,
                    "no pay and no condition looks at this goal: it is shown to people");
}

static const struct lint_check checks[] = {
    {.code = LINT_COARSE_GOAL, .component = check_coarse},
    {.code = LINT_WAITS_FOR_EVER, .component = check_zero},
    {.code = LINT_RAMP_FALLS, .component = check_ramp},
    {.code = LINT_NO_EFFECT, .component = check_idle},
    {.code = LINT_UNUSED_GOAL, .component = check_unused},
};

LINT_FAMILY(goals);
