#include "plan/plan_parts.h"

/* `multiply`: by a share, or by a curve over a result. */

static const struct key_rule multiply_keys[] = {
    {"by", KEY_REQUIRED,
     "by: 75%\nby: {curve: {points: [[50, 80%], [70, 120%]], below: flat, above: flat}, "
     "of: {result: nps}}"},
    {"when", KEY_OPTIONAL, NULL},
    {"between", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static const struct key_rule by_keys[] = {
    {"curve", KEY_REQUIRED, "curve: {points: [[50, 80%], [70, 120%]], below: flat, above: flat}"},
    {"of", KEY_REQUIRED, "of: {result: nps}"},
    {NULL, KEY_OPTIONAL, NULL},
};

static const struct key_rule of_keys[] = {
    {"result", KEY_REQUIRED, "result: nps"},
    {"of", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static const struct key_rule curve_keys[] = {
    POINTS_KEYS,
    {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_curve(struct plan_reading *plan, const struct node *by, struct adjustment *out)
{
    static const struct points_form form = {FIGURE_EITHER, FIGURE_SHARE, FIGURE_EITHER, true};
    reading_key_feature(&plan->reading, FEATURE_MULTIPLY_CURVE, by);
    if (!reading_keys(&plan->reading, by, "`by`", by_keys))
        return false;
    const struct node *curve = node_find(by, "curve");
    const struct node *of = node_find(by, "of");
    struct points *points = reading_take(&plan->reading, 1, sizeof *points);
    if (!points)
        return false;
    bool is_right = reading_keys(&plan->reading, of, "`of`", of_keys) &&
                    result_name_parse(plan, of, &out->result);
    out->curve = points;
    return reading_keys(&plan->reading, curve, "`curve`", curve_keys) &&
           points_parse(&plan->reading, curve, &form, points) && is_right;
}

static bool parse_between(struct plan_reading *plan, const struct node *node,
                          struct adjustment *out)
{
    out->has_between = true;
    if (!reading_list(&plan->reading, node, "`between`"))
        return false;
    if (node->count == 2) {
        bool is_right =
            reading_share(&plan->reading, node_at(node, 0), "the least factor", &out->least);
        is_right &=
            reading_share(&plan->reading, node_at(node, 1), "the largest factor", &out->most);
        if (!is_right || out->least.units <= out->most.units)
            return is_right;
    }
    report_error(plan->reading.reports, node_place(node), "bad-value", "between: [0%, 125%]",
                 "`between` is a pair: the least and the largest factor");
    return false;
}

bool multiply_parse(struct plan_reading *plan, const struct node *node,
                    struct plan_component *component, struct adjustment *out)
{
    reading_key_feature(&plan->reading, FEATURE_MULTIPLY, node);
    if (!reading_keys(&plan->reading, node, "`multiply`", multiply_keys))
        return false;
    const struct node *by = node_find(node, "by");
    const struct node *when = node_find(node, "when");
    const struct node *between = node_find(node, "between");
    bool is_right = by->kind == NODE_MAP ? parse_curve(plan, by, out)
                                         : reading_share(&plan->reading, by, "`by`", &out->factor);
    if (when)
        is_right &= when_parse(plan, component, when, &out->when);
    if (between)
        is_right &= parse_between(plan, between, out);
    return is_right;
}
