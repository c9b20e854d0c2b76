#include "plan/plan_parts.h"

/* --- cap and floor --- */

static const struct key_rule bound_keys[] = {
    {"at", KEY_REQUIRED, "at: 5000   # or 200% of target"},
    {"per", KEY_REQUIRED, "per: window   # or deal, year"},
    {"when", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

/* `5000`, or `200% of target`. */
static bool parse_at(struct plan_reading *plan, const struct node *node, struct adjustment *out)
{
    struct slice suffix = SLICE(" of target");
    struct node share = *node;
    if (node->kind == NODE_SCALAR && node->text.length > suffix.length &&
        memcmp(node->text.bytes + node->text.length - suffix.length, suffix.bytes, suffix.length) ==
            0) {
        share.text.length -= suffix.length;
        out->is_share = true;
        return reading_share(&plan->reading, &share, "`at`", &out->at);
    }
    if (node->kind == NODE_SCALAR && node->text.length > 0 &&
        node->text.bytes[node->text.length - 1] == '%') {
        report_error(plan->reading.reports, node_place(node), "bad-value", "at: 200% of target",
                     "a share must say of what: `%.*s of target`", SLICE_ARGS(node->text));
        return false;
    }
    return reading_number(&plan->reading, node, "`at`", &out->at);
}

static bool has_deals(const struct plan_component *component)
{
    enum measure_of of = component->measure.of;
    return component->has_measure &&
           (of == OF_DEALS || of == OF_DOWNLINE_DEALS || of == OF_MILESTONES || of == OF_PAYMENTS);
}

static bool parse_per(struct plan_reading *plan, const struct node *node,
                      const struct plan_component *component, struct adjustment *out)
{
    static const char *const words[] = {"window", "deal", "year", NULL};
    static const enum bound_per pers[] = {PER_WINDOW, PER_DEAL, PER_YEAR};
    int word;
    if (!reading_word(&plan->reading, node, "`per`", words, 3, &word))
        return false;
    out->per = pers[word];
    if (out->per == PER_DEAL && !has_deals(component))
        return reading_refuse(&plan->reading, node, "per: window",
                              "this component counts no deals");
    if (out->per == PER_YEAR && component->over == WINDOW_PLAN)
        return reading_refuse(&plan->reading, node, "per: window",
                              "the window is the whole plan, and no part of it is a year's");
    if (out->per == PER_DEAL && component->over != WINDOW_DEAL)
        reading_feature(&plan->reading, FEATURE_BOUND_PER_DEAL, node);
    if (out->per == PER_YEAR)
        reading_feature(&plan->reading,
                        component->over <= WINDOW_DEAL || out->kind == ADJUST_FLOOR
                            ? FEATURE_BOUND_OTHER_YEAR
                            : FEATURE_BOUND_PER_YEAR,
                        node);
    return true;
}

static bool parse_bound(struct plan_reading *plan, const struct node *node,
                        struct plan_component *component, struct adjustment *out)
{
    if (!reading_keys(&plan->reading, node, out->kind == ADJUST_CAP ? "`cap`" : "`floor`",
                      bound_keys))
        return false;
    const struct node *when = node_find(node, "when");
    bool is_right = parse_at(plan, node_find(node, "at"), out);
    if (out->is_share)
        component->needs |= when ? NEEDS_TARGET_WHEN : NEEDS_TARGET;
    is_right &= parse_per(plan, node_find(node, "per"), component, out);
    if (!when)
        return is_right;
    reading_key_feature(&plan->reading, FEATURE_BOUND_WHEN, when);
    return when_parse(plan, component, when, &out->when) && is_right;
}

/* --- gate --- */

static const struct key_rule gate_keys[] = {
    {"when", KEY_REQUIRED, "when: {component: new-business, attainment: \"< 80%\", window: same}"},
    {"then", KEY_MUST_SAY,
     "then: nothing       # the pay is 0\n"
     "then: not-payable   # it is earned and never released\n"
     "then: {keep: 75%}   # a share of it stays"},
    {NULL, KEY_OPTIONAL, NULL},
};

static const struct key_rule keep_keys[] = {
    {"keep", KEY_REQUIRED, "keep: 75%"},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_then(struct plan_reading *plan, const struct node *node, struct adjustment *out)
{
    static const char *const words[] = {"nothing", "not-payable", "{keep: SHARE}", NULL};
    static const enum gate_then thens[] = {GATE_NOTHING, GATE_NOT_PAYABLE};
    int word;
    if (node->kind == NODE_MAP) {
        out->then = GATE_KEEP;
        return reading_keys(&plan->reading, node, "`then`", keep_keys) &&
               reading_share(&plan->reading, node_find(node, "keep"), "`keep`", &out->factor);
    }
    if (!reading_word(&plan->reading, node, "`then`", words, 2, &word))
        return false;
    out->then = thens[word];
    return true;
}

static bool parse_gate(struct plan_reading *plan, const struct node *node,
                       struct plan_component *component, struct adjustment *out)
{
    reading_key_feature(&plan->reading, FEATURE_GATE, node);
    if (!reading_keys(&plan->reading, node, "`gate`", gate_keys))
        return false;
    bool is_right = when_parse(plan, component, node_find(node, "when"), &out->when);
    return parse_then(plan, node_find(node, "then"), out) && is_right;
}

/* --- add and prorate --- */

static bool parse_add(struct plan_reading *plan, const struct node *node,
                      struct plan_component *component, struct adjustment *out)
{
    (void)component;
    reading_key_feature(&plan->reading, FEATURE_ADD, node);
    return reading_number(&plan->reading, node, "`add`", &out->at);
}

static bool parse_prorate(struct plan_reading *plan, const struct node *node,
                          struct plan_component *component, struct adjustment *out)
{
    reading_key_feature(&plan->reading, FEATURE_PRORATED_PAY, node);
    if (!prorate_parse(plan, node, &out->prorate))
        return false;
    if (out->prorate == PRORATE_NONE)
        return reading_refuse(&plan->reading, node, "leave the step out",
                              "a step `prorate: none` does nothing");
    return component->goal.prorate == PRORATE_NONE ||
           reading_refuse(
               &plan->reading, node, "goal: {…, prorate: none}",
               "the goal is prorated already; pay is prorated only where the goal is not");
}

/* --- steps --- */

static const struct key_rule step_keys[] = {
#define STEP_KEY(symbol, name) {name, KEY_OPTIONAL, NULL},
    ADJUST_LIST(STEP_KEY)
#undef STEP_KEY
        {NULL, KEY_OPTIONAL, NULL},
};

static bool (*const parsers[])(struct plan_reading *plan, const struct node *node,
                               struct plan_component *component, struct adjustment *out) = {
    [ADJUST_CAP] = parse_bound, [ADJUST_FLOOR] = parse_bound,
    [ADJUST_GATE] = parse_gate, [ADJUST_MULTIPLY] = multiply_parse,
    [ADJUST_ADD] = parse_add,   [ADJUST_PRORATE] = parse_prorate,
};
_Static_assert(sizeof parsers / sizeof parsers[0] == ADJUST_COUNT, "a parser for each step");

static bool parse_step(struct plan_reading *plan, const struct node *node,
                       struct plan_component *component, struct adjustment *out)
{
    if (!reading_keys(&plan->reading, node, "a step of `adjust`", step_keys))
        return false;
    if (node->count != 1)
        return reading_refuse(
            &plan->reading, node, "- cap: {at: 5000, per: window}\n- floor: {at: 200, per: window}",
            "a step of `adjust` has one key; steps are taken in the order written");
    for (int i = 0; i < ADJUST_COUNT; i++) {
        if (slice_equal(node->first->key, slice_of(step_keys[i].key)))
            out->kind = (enum adjust_kind)i;
    }
    return parsers[out->kind](plan, node->first, component, out);
}

bool adjust_parse(struct plan_reading *plan, const struct node *node,
                  struct plan_component *component)
{
    if (!reading_list(&plan->reading, node, "`adjust`"))
        return false;
    struct adjustment *steps = reading_take(&plan->reading, node->count, sizeof *steps);
    if (!steps)
        return false;
    bool is_right = true;
    size_t count = 0;
    for (const struct node *item = node->first; item; item = item->next)
        is_right &= parse_step(plan, item, component, &steps[count++]);
    component->adjustments = steps;
    component->adjustment_count = count;
    return is_right;
}
