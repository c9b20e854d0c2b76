#include "plan/plan_parts.h"

static const struct key_rule step_keys[] = {
    {"cap", KEY_OPTIONAL, NULL},   {"floor", KEY_OPTIONAL, NULL}, {"gate", KEY_LATER, NULL},
    {"multiply", KEY_LATER, NULL}, {"add", KEY_LATER, NULL},      {"prorate", KEY_LATER, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static const struct key_rule bound_keys[] = {
    {"at", KEY_REQUIRED, "at: 5000   # or 200% of target"},
    {"per", KEY_REQUIRED, "per: window   # or deal, with over: deal"},
    {"when", KEY_LATER, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static const char *const per_words[] = {"window", "deal", "year", NULL};
enum { PER_DEAL = 1, PER_HERE = 2 };

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

static bool parse_per(struct plan_reading *plan, const struct node *node,
                      const struct plan_component *component)
{
    int per;
    if (!reading_word(&plan->reading, node, "`per`", per_words, PER_HERE, &per))
        return false;
    if (per != PER_DEAL || component->over == WINDOW_DEAL)
        return true;
    report_error(plan->reading.reports, node_place(node), "not-here", "over: deal",
                 "`per: deal` inside a longer window, or with lines, is in the language, but this "
                 "version cannot do it yet");
    return false;
}

static bool parse_step(struct plan_reading *plan, const struct node *node,
                       const struct plan_component *component, struct adjustment *out)
{
    if (!reading_keys(&plan->reading, node, "a step of `adjust`", step_keys))
        return false;
    if (node->count != 1) {
        report_error(plan->reading.reports, node_place(node), "bad-value",
                     "- cap: {at: 5000, per: window}\n- floor: {at: 200, per: window}",
                     "a step of `adjust` has one key; steps are taken in the order written");
        return false;
    }
    const struct node *bound = node->first;
    out->kind = slice_equal(bound->key, SLICE("cap")) ? ADJUST_CAP : ADJUST_FLOOR;
    if (!reading_keys(&plan->reading, bound, out->kind == ADJUST_CAP ? "`cap`" : "`floor`",
                      bound_keys))
        return false;
    bool is_right = parse_at(plan, node_find(bound, "at"), out);
    return parse_per(plan, node_find(bound, "per"), component) && is_right;
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
    for (const struct node *item = node->first; item; item = item->next, count++) {
        is_right &= parse_step(plan, item, component, &steps[count]);
        if (steps[count].is_share)
            component->needs |= NEEDS_TARGET;
    }
    component->adjustments = steps;
    component->adjustment_count = count;
    return is_right;
}
