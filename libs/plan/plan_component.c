#include "plan/plan_parts.h"

static const struct key_rule component_keys[] = {
    {"measure", KEY_REQUIRED, "measure: {of: deals, sum: amount}"},
    {"cancelled", KEY_MUST_SAY,
     "cancelled: {effect: recompute}   # as if a cancelled deal had never been"},
    {"over", KEY_REQUIRED, "over: quarter   # line, deal, month, quarter, half, year, plan"},
    {"goal", KEY_OPTIONAL, NULL},
    {"pays", KEY_REQUIRED, "pays: {rate: 10%}"},
    {"adjust", KEY_OPTIONAL, NULL},
    {"release", KEY_LATER, "without `release` what is earned is payable"},
    {"attribution", KEY_LATER, "nothing here needs a deal's part of a window's pay yet"},
    {NULL, KEY_OPTIONAL, NULL},
};

static const struct key_rule cancelled_keys[] = {
    {"effect", KEY_MUST_SAY, "effect: recompute"},
    {"take", KEY_LATER, NULL},
    {"linear", KEY_LATER, NULL},
    {"basis", KEY_LATER, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static const char *const effect_words[] = {"recompute", "original-rate", "paid-only", "never",
                                           NULL};

static bool parse_cancelled(struct plan_reading *plan, const struct node *node)
{
    int effect;
    return reading_keys(&plan->reading, node, "`cancelled`", cancelled_keys) &&
           reading_word(&plan->reading, node_find(node, "effect"), "`effect`", effect_words, 1,
                        &effect);
}

static const char *const over_words[] = {
#define WINDOW_WORD(symbol, name, count) name,
    WINDOW_LIST(WINDOW_WORD)
#undef WINDOW_WORD
        NULL,
};

static bool parse_over(struct plan_reading *plan, const struct node *node,
                       struct plan_component *component)
{
    int over;
    if (!reading_word(&plan->reading, node, "`over`", over_words, WINDOW_OVER_COUNT, &over))
        return false;
    component->over = (enum window_over)over;
    return true;
}

static bool parse_pays(struct plan_reading *plan, const struct node *node,
                       struct plan_component *component)
{
    struct mechanic_reading reading = {.reading = &plan->reading, .component = component};
    component->mechanic = mechanic_parse(&reading, node, &component->terms);
    component->needs |= reading.needs;
    component->attribute = reading.attribute;
    component->rates = reading.rates;
    if (!component->mechanic)
        return false;
    if (!(reading.needs & NEEDS_ATTAINMENT) || component->has_goal)
        return true;
    report_error(plan->reading.reports, node_key_place(node), "must-say",
                 "goal: {from: roster, direction: higher, attainment: exact, zero: nothing, "
                 "prorate: none}\ngoal: {fixed: 500000}",
                 "pay by attainment must say `goal`: what attainment is measured against");
    return false;
}

static bool parse_steps(struct plan_reading *plan, const struct node *node,
                        struct plan_component *component)
{
    const struct node *goal = node_find(node, "goal");
    const struct node *adjust = node_find(node, "adjust");
    bool is_right = parse_cancelled(plan, node_find(node, "cancelled"));
    is_right &= parse_over(plan, node_find(node, "over"), component);
    if (!is_right)
        return false;
    is_right = measure_parse(plan, node_find(node, "measure"), component);
    if (goal)
        is_right &= goal_parse(plan, goal, component);
    if (!is_right)
        return false;
    is_right = parse_pays(plan, node_find(node, "pays"), component);
    if (adjust)
        is_right &= adjust_parse(plan, adjust, component);
    return is_right;
}

static bool has_cap(const struct plan_component *component)
{
    for (size_t i = 0; i < component->adjustment_count; i++) {
        if (component->adjustments[i].kind == ADJUST_CAP)
            return true;
    }
    return false;
}

static bool parse_name(struct plan_reading *plan, const struct node *node,
                       struct plan_component *component)
{
    struct node name = {
        .kind = NODE_SCALAR, .text = node->key, .line = node->key_line, .column = node->key_column};
    component->place = node_key_place(node);
    return reading_name(&plan->reading, &name, "a component", &component->name);
}

bool component_parse(struct plan_reading *plan, const struct node *node,
                     struct plan_component *component)
{
    bool is_right = parse_name(plan, node, component);
    is_right &= reading_keys(&plan->reading, node, "a component", component_keys);
    if (!is_right || !parse_steps(plan, node, component))
        return false;
    if (component->has_goal && component->goal.is_lower_better && !has_cap(component)) {
        report_error(plan->reading.reports, node_key_place(node_find(node, "goal")), "must-say",
                     "adjust: [{cap: {at: 200% of target, per: window}}]",
                     "with `direction: lower` a cap is required: it is what an actual of 0 earns");
        return false;
    }
    return true;
}

static bool can_count_hundred(const struct plan_component *component)
{
    bool is_countable =
        component->measure.sum == SUM_QUANTITY || component->measure.sum == SUM_COUNT;
    return !is_countable || component->goal.is_from_roster ||
           component->goal.fixed.units >= (int128)100 * 1000000000;
}

void component_lint(struct plan_reading *plan, const struct node *node,
                    const struct plan_component *component)
{
    if (component->has_goal && component->goal.precision != ATTAINMENT_EXACT &&
        !can_count_hundred(component))
        report_warning(plan->reading.reports, node_place(node_find(node, "goal")), "coarse-goal",
                       "tiers pay uneven or rare measures better",
                       "a goal of fewer than 100 countable units cannot reach every whole percent");
}
