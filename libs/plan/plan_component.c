#include "plan/plan_parts.h"

static const struct key_rule component_keys[] = {
    {"measure", KEY_OPTIONAL, NULL},
    {"cancelled", KEY_OPTIONAL, NULL},
    {"over", KEY_REQUIRED, "over: quarter   # line, deal, month, quarter, half, year, plan"},
    {"goal", KEY_OPTIONAL, NULL},
    {"pays", KEY_REQUIRED, "pays: {rate: 10%}"},
    {"adjust", KEY_OPTIONAL, NULL},
    {"release", KEY_OPTIONAL, NULL},
    {"attribution", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

/* --- what others may look at --- */

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

static bool parse_name(struct plan_reading *plan, const struct node *node,
                       struct plan_component *component)
{
    struct node name = {
        .kind = NODE_SCALAR, .text = node->key, .line = node->key_line, .column = node->key_column};
    component->name = node->key;
    component->place = node_key_place(node);
    return reading_name(&plan->reading, &name, "a component", &component->name);
}

bool component_begin(struct plan_reading *plan, const struct node *node,
                     struct plan_component *component)
{
    const struct node *goal = node_find(node, "goal");
    bool is_right = parse_name(plan, node, component);
    is_right &= reading_keys(&plan->reading, node, "a component", component_keys);
    return is_right && parse_over(plan, node_find(node, "over"), component) &&
           (!goal || goal_parse(plan, goal, component));
}

/* --- the rest --- */

static bool refuse_measure(struct plan_reading *plan, const struct node *measure,
                           const struct mechanic *mechanic)
{
    report_error(plan->reading.reports, node_key_place(measure), "bad-key", "leave it out",
                 "`%s` needs no `measure`: it counts nothing", mechanic->name);
    return false;
}

static bool parse_measure(struct plan_reading *plan, const struct node *node,
                          struct plan_component *component)
{
    const struct mechanic *mechanic = mechanic_of(node_find(node, "pays"));
    const struct node *measure = node_find(node, "measure");
    enum mechanic_measure wants = mechanic ? mechanic->measure : MEASURE_SUMMED;
    if (wants == MEASURE_NONE)
        return !measure || refuse_measure(plan, measure, mechanic);
    if (measure) {
        component->has_measure = true;
        return measure_parse(plan, measure, wants, component);
    }
    if (wants == MEASURE_OPTIONAL)
        return true;
    report_error(plan->reading.reports, node_key_place(node), "missing-key",
                 "measure: {of: deals, sum: amount}", "a component needs `measure`");
    return false;
}

static bool parse_pays(struct plan_reading *plan, const struct node *node,
                       struct plan_component *component)
{
    struct mechanic_reading reading = {
        .reading = &plan->reading, .plan = plan, .component = component};
    component->mechanic = mechanic_parse(&reading, node, &component->terms);
    component->needs |= reading.needs;
    component->attribute = reading.attribute;
    component->attainment_of = reading.attainment_of;
    component->rates = reading.rates;
    component->bonus = reading.bonus;
    component->approval = reading.approval;
    if (reading.result_count) {
        component->results = reading.results;
        component->result_count = reading.result_count;
    } else if (component->measure.result.length) {
        component->results = &component->measure.result;
        component->result_count = 1;
    }
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

static void note_looks(struct plan_component *component)
{
    bool looks = component->baseline.is_given || (component->needs & NEEDS_ATTAINMENT_OF);
    for (size_t i = 0; i < component->adjustment_count; i++) {
        const struct adjustment *step = &component->adjustments[i];
        looks |= step->when.count || step->curve || step->per == PER_YEAR;
    }
    component->looks_around = looks;
    component->moves_with_date = (component->needs & NEEDS_MONTHS) ||
                                 component->release.when == RELEASE_WINDOW_END ||
                                 component->release.holdback != HOLDBACK_NONE;
}

static bool is_by_deal(const struct plan_component *component, const struct adjustment *step)
{
    return (step->kind == ADJUST_CAP || step->kind == ADJUST_FLOOR) && step->per == PER_DEAL &&
           component->over != WINDOW_DEAL;
}

static void note_parts(struct plan_component *component)
{
    bool is_alone = component->over == WINDOW_DEAL || component->over == WINDOW_LINE;
    enum cancelled_effect effect = component->cancelled.effect;
    bool needs = component->release.when != RELEASE_EARNED ||
                 component->release.holdback != HOLDBACK_NONE ||
                 effect == CANCELLED_ORIGINAL_RATE || effect == CANCELLED_PAID_ONLY;
    for (size_t i = 0; i < component->adjustment_count; i++)
        needs |= is_by_deal(component, &component->adjustments[i]);
    component->divides_pay = needs && (is_alone || component->attribution != ATTRIBUTION_NONE);
}

/* What stands behind `pays` may be left out. */
static const struct {
    const char *key;
    bool (*parse)(struct plan_reading *plan, const struct node *node,
                  struct plan_component *component);
} behind[] = {
    {"adjust", adjust_parse},
    {"release", release_parse},
    {"attribution", attribution_parse},
};

bool component_parse(struct plan_reading *plan, const struct node *node,
                     struct plan_component *component)
{
    bool is_right = parse_measure(plan, node, component);
    is_right &= cancelled_parse(plan, node, component);
    if (!is_right)
        return false;
    is_right = parse_pays(plan, node_find(node, "pays"), component);
    for (size_t i = 0; i < sizeof behind / sizeof behind[0]; i++) {
        const struct node *value = node_find(node, behind[i].key);
        if (value)
            is_right &= behind[i].parse(plan, value, component);
    }
    note_looks(component);
    note_parts(component);
    return is_right && component_check(plan, node, component);
}
