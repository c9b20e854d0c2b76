/* Amounts that rounding will change: a whole award, bound or award step finer than `rounding`. */
#include "lint/lint_parts.h"

/* Whether an amount of money is no whole number of the plan's steps. */
static bool is_finer(const struct plan *plan, const struct node *node)
{
    struct decimal amount;
    if (!node || node->kind != NODE_SCALAR || decimal_parse(node->text, &amount))
        return false;
    int128 step = decimal_power(DECIMAL_SCALE - plan->currency.exponent) * plan->rounding_step;
    return amount.units % step != 0;
}

static void look(struct linting *linting, const struct node *node)
{
    char step[RATIONAL_TEXT_BYTES];
    const struct plan *plan = linting->plan;
    if (plan->currency.exponent > DECIMAL_SCALE || !is_finer(plan, node))
        return;
    rational_format(rational_of_units(plan->rounding_step, plan->currency.exponent), DECIMAL_SCALE,
                    step);
    lint_at(linting, node, "write the amount in whole steps, or a smaller `rounding: {to: …}`",
            "the amount is finer than the %s that the plan rounds to", step);
}

static void look_at_list(struct linting *linting, const struct node *list, const char *key)
{
    for (const struct node *row = list && list->kind == NODE_LIST ? list->first : NULL; row;
         row = row->next)
        look(linting, key ? node_find(row, key) : row);
}

/* Amounts that are paid as they stand. A sum per unit may be as fine as it likes. */
static void check_amounts(struct linting *linting, const struct lint_component *component)
{
    const struct node *tiers = node_find(component->pays, "tiers");
    const struct node *milestones = node_find(component->pays, "milestones");
    const struct node *phases = node_find(component->pays, "phases");
    if (node_is(node_find(tiers, "gives"), "amount") &&
        !node_is(node_find(tiers, "method"), "interpolated"))
        look_at_list(linting, node_find(tiers, "table"), "give");
    look_at_list(linting, node_find(milestones, "table"), "give");
    if (node_is(node_find(phases, "of"), "fixed"))
        look_at_list(linting, node_find(phases, "table"), "give");
    look(linting, node_find(node_find(component->pays, "level"), "give"));
    look(linting, node_find(node_find(component->pays, "bonus"), "each"));
    for (size_t i = 0; i < component->component->adjustment_count; i++) {
        const struct adjustment *step = &component->component->adjustments[i];
        const struct node *node = lint_step(component, i);
        if (step->kind == ADJUST_ADD)
            look(linting, node);
        else if (!step->is_share)
            look(linting, node_find(node, "at"));
    }
}

static const struct lint_check checks[] = {
    {.code = LINT_FINER_THAN_ROUNDING, .component = check_amounts},
};

LINT_FAMILY(figures);
