/* Where practice is divided (FIELD.md, S1–S20) and the language has an answer for a plan that gives
 * none: what holds then, and the line that would say it. Everything else that practice is divided
 * on must be said, and its readers refuse the plan. */
#include "lint/lint_parts.h"

/* Notes that `key` is not said in `map`, which is there. */
static void silent(struct linting *linting, const struct node *map, const char *key,
                   const char *fix, const char *sentence)
{
    if (map && map->kind == NODE_MAP && !node_find(map, key))
        lint_at_key(linting, map, fix, "%s", sentence);
}

static void measure_defaults(struct linting *linting, const struct lint_component *component)
{
    const struct measure *measure = &component->component->measure;
    const struct node *node = node_find(component->node, "measure");
    bool has_roles = measure->of == OF_DEALS || measure->of == OF_MILESTONES ||
                     measure->of == OF_PAYMENTS || measure->of == OF_DOWNLINE_DEALS;
    bool has_edges = measure->of == OF_DOWNLINE_DEALS || measure->of == OF_DOWNLINE_PAY;
    if (has_roles) {
        silent(linting, node, "role", "role: [owner]", "credit of every role counts");
        silent(linting, node, "convert", "convert: none", "a deal in another currency waits (S11)");
    }
    if (has_roles && component->component->over <= WINDOW_DEAL)
        silent(linting, node, "share", "share: before   # or after",
               "the participant's share is taken of the measure, not of the pay (S18)");
    if (!has_edges)
        return;
    silent(linting, node, "levels", "levels: 1", "rows count from any number of edges below");
    silent(linting, node, "minus-lower-level", "minus-lower-level: no   # or yes",
           "the base is the full one: what the level below earned is not taken off (S14)");
}

static void cancelled_defaults(struct linting *linting, const struct lint_component *component)
{
    const struct node *node = node_find(component->node, "cancelled");
    enum cancelled_effect effect = component->component->cancelled.effect;
    bool takes = effect == CANCELLED_ORIGINAL_RATE || effect == CANCELLED_PAID_ONLY;
    if (takes && !node_find(node, "linear"))
        silent(linting, node, "take", "take: 100%", "all of a deal's part is taken back (S6)");
}

static void goal_defaults(struct linting *linting, const struct lint_component *component)
{
    const struct node *node = node_find(component->node, "goal");
    const struct goal *goal = &component->component->goal;
    if (!component->component->has_goal)
        return;
    silent(linting, node, "direction", "direction: higher   # or lower",
           "more is better: attainment is actual over goal (S10)");
    silent(linting, node, "attainment", "attainment: exact   # or whole-percent-down",
           "attainment is exact (S16)");
    silent(linting, node, "prorate", "prorate: none   # or days, months",
           "days without assignment do not lower the goal (S17)");
    if (goal->prorate != PRORATE_NONE)
        silent(linting, node, "decimals", "decimals: exact   # or 4",
               "the factor of proration is not rounded (S17)");
    if (goal->ramp_count > 0)
        silent(linting, node, "ramp-from", "ramp-from: first-window   # or next-window",
               "a first, partial window is number 1 of the ramp");
}

static bool has_deadline(const struct node *table)
{
    const struct node *row = table && table->kind == NODE_LIST ? table->first : NULL;
    while (row && !node_find(row, "by"))
        row = row->next;
    return row != NULL;
}

static void pays_defaults(struct linting *linting, const struct lint_component *component)
{
    const struct node *milestones = node_find(component->pays, "milestones");
    const struct node *phases = node_find(component->pays, "phases");
    const struct node *scorecard = node_find(component->pays, "scorecard");
    const struct node *rates = node_find(component->pays, "rates");
    if (has_deadline(node_find(milestones, "table")))
        silent(linting, milestones, "late", "late: nothing   # or a share such as 50%",
               "what is reached after its deadline pays nothing");
    silent(linting, phases, "requires", "requires: nothing   # or approval",
           "a phase is earned as it is reached, without approval");
    silent(linting, scorecard, "round-scores", "round-scores: none   # or whole-percent",
           "scores are not rounded (S10)");
    if (rates && rates->kind == NODE_LIST && rates->count > 0 &&
        !node_find(node_at(rates, rates->count - 1), "else"))
        lint_at_key(linting, rates, "- {else: 0%}", "a row that fits no rate pays nothing (S20)");
}

static void release_defaults(struct linting *linting, const struct lint_component *component)
{
    const struct node *release = node_find(component->node, "release");
    if (!node_is(component->pays, "nothing"))
        silent(linting, component->node, "release", "release: {when: earned}",
               "what is earned is payable at once");
    if (component->component->release.when == RELEASE_PAYMENT_RECEIVED)
        silent(linting, release, "refund-before-payment",
               "refund-before-payment: net   # or both-due",
               "of a refund before payment neither release nor reversal is published (S19)");
}

static void check_component(struct linting *linting, const struct lint_component *component)
{
    measure_defaults(linting, component);
    cancelled_defaults(linting, component);
    goal_defaults(linting, component);
    pays_defaults(linting, component);
    release_defaults(linting, component);
}

static void check_total(struct linting *linting)
{
    const struct node *draw = node_find(node_find(linting->root, "total"), "draw");
    silent(linting, draw, "pay", "pay: period-end   # or period-start",
           "the draw is settled when the period ends");
    if (linting->plan->total.draw.kind == DRAW_RECOVERABLE)
        silent(linting, draw, "recovery-starts", "recovery-starts: period 1",
               "taking back begins with the first period (S7)");
}

static const struct lint_check checks[] = {
    {.code = LINT_DEFAULT, .component = check_component, .plan = check_total},
};

LINT_FAMILY(defaults);
