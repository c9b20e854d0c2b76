/* Cancellations, release, and what applies to the total. */
#include "lint/lint_parts.h"

/* --- cancellations --- */

static bool takes_part(const struct cancelled *cancelled)
{
    return cancelled->effect == CANCELLED_ORIGINAL_RATE || cancelled->effect == CANCELLED_PAID_ONLY;
}

static void check_take(struct linting *linting, const struct lint_component *component)
{
    const struct cancelled *cancelled = &component->component->cancelled;
    const struct node *take = node_find(node_find(component->node, "cancelled"), "take");
    for (size_t i = 1; i < cancelled->step_count; i++) {
        if (cancelled->steps[i].take.units > cancelled->steps[i - 1].take.units)
            lint_at(linting, node_find(node_at(take, i), "take"),
                    "let the shares fall with the deal's age",
                    "an older deal is taken back by a larger share than a younger one");
    }
}

static bool takes_nothing(const struct cancelled *cancelled)
{
    for (size_t i = 0; i < cancelled->step_count; i++) {
        if (cancelled->steps[i].take.units != 0)
            return false;
    }
    return cancelled->step_count > 0 || cancelled->take.units == 0;
}

static void check_no_take(struct linting *linting, const struct lint_component *component)
{
    const struct cancelled *cancelled = &component->component->cancelled;
    const struct node *take = node_find(node_find(component->node, "cancelled"), "take");
    if (!takes_part(cancelled) || !take)
        return;
    if (takes_nothing(cancelled))
        lint_at_key(linting, take, "cancelled: {effect: never}",
                    "taking 0 %% back is `effect: never`");
    else if (cancelled->step_count > 0 &&
             cancelled->steps[cancelled->step_count - 1].take.units == 0)
        lint_at(linting, node_at(take, cancelled->step_count - 1), "leave the step out",
                "after the last step nothing is taken back anyway");
}

/* --- release --- */

static void check_holdback(struct linting *linting, const struct lint_component *component)
{
    const struct release *release = &component->component->release;
    const struct node *node = node_find(node_find(component->node, "release"), "holdback");
    if (!node || release->holdback == HOLDBACK_NONE)
        return;
    if (release->holdback_share.units == 0)
        lint_at(linting, node_find(node, "share"), "leave `holdback` out",
                "a hold-back of 0 %% holds nothing back");
    else if (release->holdback == HOLDBACK_DATE && release->holdback_date <= linting->plan->from)
        lint_at(linting, node_find(node, "until"), "until: 30 days after window-end",
                "the hold-back is over before the plan begins");
}

static void check_word(struct linting *linting, const struct lint_component *component)
{
    const struct plan_component *one = component->component;
    const struct node *release = node_find(component->node, "release");
    if (one->release.when == RELEASE_WINDOW_END && one->over <= WINDOW_DEAL)
        lint_at(linting, node_find(release, "when"), "when: earned",
                "a window of one deal ends as it is earned");
    const struct node *refund = node_find(release, "refund-before-payment");
    if (refund && one->release.when != RELEASE_PAYMENT_RECEIVED)
        lint_at_key(linting, refund, "leave it out",
                    "nothing waits for payment here, so no refund comes before it");
}

/* --- attribution --- */

static void check_attribution(struct linting *linting, const struct lint_component *component)
{
    const struct node *attribution = node_find(component->node, "attribution");
    if (attribution && component->component->over <= WINDOW_DEAL)
        lint_at_key(linting, attribution, "leave it out",
                    "a window of one deal has no parts to attribute");
}

/* --- total --- */

static const struct node *total_node(const struct linting *linting, const char *step,
                                     const char *key)
{
    const struct node *node = node_find(node_find(linting->root, "total"), step);
    const struct node *value = key ? node_find(node, key) : NULL;
    return value ? value : node;
}

static struct rational money_of(const struct plan *plan, int64_t amount)
{
    return rational_of_units(amount, plan->currency.exponent);
}

static void check_total_bounds(struct linting *linting)
{
    const struct plan_total *total = &linting->plan->total;
    if (!total->has_cap)
        return;
    struct rational cap = rational_of_decimal(total->cap);
    if (total->has_minimum && rational_compare(rational_of_decimal(total->minimum), cap) > 0)
        lint_at(linting, total_node(linting, "minimum-payment", NULL), NULL,
                "the smallest payment is above the cap: nothing is ever paid out");
    if (total->draw.kind != DRAW_NONE &&
        rational_compare(money_of(linting->plan, total->draw.amount), cap) > 0)
        lint_at(linting, total_node(linting, "draw", "amount"), NULL, "the draw is above the cap");
}

static void check_total_idle(struct linting *linting)
{
    const struct plan_total *total = &linting->plan->total;
    if (total->has_multiply && total->factor.units == ONE_SHARE)
        lint_at_key(linting, total_node(linting, "multiply", NULL), "leave it out",
                    "a factor of 100 %% changes nothing");
}

static void check_total_nothing(struct linting *linting)
{
    const struct plan_total *total = &linting->plan->total;
    if (total->has_multiply && total->factor.units == 0 && total->multiply_when.count == 0)
        lint_at(linting, total_node(linting, "multiply", "by"), NULL,
                "a factor of 0 leaves nothing");
    if (total->has_cap && total->cap.units == 0)
        lint_at(linting, total_node(linting, "cap", "at"), NULL, "a cap at 0 leaves nothing");
}

static const struct lint_check checks[] = {
    {.code = LINT_TAKE_RISES, .component = check_take},
    {.code = LINT_NO_EFFECT, .component = check_no_take},
    {.code = LINT_NO_EFFECT, .component = check_holdback},
    {.code = LINT_NO_EFFECT, .component = check_word},
    {.code = LINT_NO_EFFECT, .component = check_attribution},
    {.code = LINT_BOUNDS_CROSS, .plan = check_total_bounds},
    {.code = LINT_NO_EFFECT, .plan = check_total_idle},
    {.code = LINT_PAYS_NOTHING, .plan = check_total_nothing},
};

LINT_FAMILY(release);
