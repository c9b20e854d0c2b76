#include "plan/plan_parts.h"

/* What a component's parts ask of each other. */

void report_total(struct plan_reading *plan, const struct node *node, const char *what,
                  int128 total)
{
    char is[DECIMAL_TEXT_BYTES];
    decimal_format((struct decimal){total * 100}, is);
    report_error(plan->reading.reports, node_place(node), "not-100-percent", NULL,
                 "%s must total 100 %%, and is %s %%", what, is);
}

/* --- a cap where lower is better --- */

static bool has_cap(const struct plan_component *component)
{
    for (size_t i = 0; i < component->adjustment_count; i++) {
        if (component->adjustments[i].kind == ADJUST_CAP &&
            component->adjustments[i].when.count == 0)
            return true;
    }
    return false;
}

static bool check_cap(struct plan_reading *plan, const struct node *node,
                      const struct plan_component *component)
{
    if (!component->has_goal || !component->goal.is_lower_better || has_cap(component))
        return true;
    report_error(plan->reading.reports, node_key_place(node_find(node, "goal")), "must-say",
                 "adjust: [{cap: {at: 200% of target, per: window}}]",
                 "with `direction: lower` a cap is required: it is what an actual of 0 earns");
    return false;
}

/* --- attribution --- */

static bool is_bound_per_deal(const struct plan_component *component)
{
    for (size_t i = 0; i < component->adjustment_count; i++) {
        const struct adjustment *step = &component->adjustments[i];
        if ((step->kind == ADJUST_CAP || step->kind == ADJUST_FLOOR) && step->per == PER_DEAL)
            return true;
    }
    return false;
}

/* Who needs a deal's part of a window's pay, in words; NULL: nobody. */
static const char *who_needs_parts(const struct plan_component *component)
{
    const struct release *release = &component->release;
    if (component->over == WINDOW_DEAL || component->over == WINDOW_LINE)
        return NULL;
    if (release->when == RELEASE_PAYMENT_RECEIVED)
        return "`when: payment-received`";
    if (release->when == RELEASE_MILESTONE)
        return "releasing at a deal's milestone";
    if (release->holdback == HOLDBACK_AFTER_CLOSED)
        return "a hold-back by deal";
    if (component->cancelled.effect == CANCELLED_ORIGINAL_RATE)
        return "`effect: original-rate`";
    if (component->cancelled.effect == CANCELLED_PAID_ONLY)
        return "`effect: paid-only`";
    return is_bound_per_deal(component) ? "a cap or floor per deal" : NULL;
}

static bool check_attribution(struct plan_reading *plan, const struct node *node,
                              const struct plan_component *component)
{
    const char *who = who_needs_parts(component);
    if (!who || component->attribution != ATTRIBUTION_NONE)
        return true;
    report_error(plan->reading.reports, node_key_place(node), "must-say",
                 "attribution: slices     # a deal's part is what it added when it came\n"
                 "attribution: pro-rata   # … in proportion to its measure",
                 "%s needs each deal's part of the window's pay: a component must say "
                 "`attribution`",
                 who);
    return false;
}

/* --- the basis of taking back --- */

static bool has_floor(const struct plan_component *component)
{
    for (size_t i = 0; i < component->adjustment_count; i++) {
        if (component->adjustments[i].kind == ADJUST_FLOOR)
            return true;
    }
    return false;
}

static bool check_basis(struct plan_reading *plan, const struct node *node,
                        const struct plan_component *component)
{
    const struct node *cancelled = node_find(node, "cancelled");
    enum cancelled_effect effect = component->cancelled.effect;
    bool takes_part = effect == CANCELLED_ORIGINAL_RATE || effect == CANCELLED_PAID_ONLY;
    if (!takes_part || !has_floor(component) || node_find(cancelled, "basis"))
        return true;
    report_error(plan->reading.reports, node_key_place(cancelled), "must-say",
                 "basis: rate     # what a floor added stays\n"
                 "basis: earned   # … is taken back too",
                 "with a floor `cancelled` must say `basis`: whether what the floor had added is "
                 "taken back too");
    return false;
}

/* --- what is prorated has an end --- */

static bool is_prorated(const struct plan_component *component)
{
    for (size_t i = 0; i < component->adjustment_count; i++) {
        if (component->adjustments[i].kind == ADJUST_PRORATE)
            return true;
    }
    return component->has_goal && component->goal.prorate != PRORATE_NONE;
}

static bool check_prorate(struct plan_reading *plan, const struct node *node,
                          const struct plan_component *component)
{
    if (component->over != WINDOW_PLAN || plan->plan->until <= DATE_MAX || !is_prorated(component))
        return true;
    report_error(plan->reading.reports, node_place(node_find(node, "over")), "bad-value",
                 "effective: {from: 2026-01-01, until: 2027-01-01}",
                 "a plan that ends on no day has no length of which assigned days are a part, so "
                 "nothing can be prorated over it");
    return false;
}

bool component_check(struct plan_reading *plan, const struct node *node,
                     const struct plan_component *component)
{
    bool is_right = check_cap(plan, node, component);
    is_right &= check_attribution(plan, node, component);
    is_right &= check_prorate(plan, node, component);
    return check_basis(plan, node, component) && is_right;
}
