#include "plan/lead.h"
#include "plan/points.h"

struct curve_terms {
    enum lead lead;
    enum gives gives;
    struct points points;
};

/* --- reading --- */

static const struct key_rule curve_keys[] = {
    {"on", KEY_MUST_SAY, "on: attainment   # or amount, line.attribute.NAME"},
    {"gives", KEY_REQUIRED, "gives: percent-of-target   # or rate, amount"},
    POINTS_KEYS,
    {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_gives(struct mechanic_reading *reading, const struct node *node,
                        struct curve_terms *terms)
{
    if (!gives_parse(reading, node, &terms->gives))
        return false;
    if (terms->gives != GIVES_UNIT)
        return true;
    report_error(reading->reading->reports, node_place(node), "bad-value", "gives: amount",
                 "a curve gives percent-of-target, rate or amount, not units");
    return false;
}

/* Share points per share point and money per unit of x are numbers; a share per unit of an amount
 * carries its %. */
static struct points_form form_of(const struct curve_terms *terms)
{
    bool gives_share = terms->gives != GIVES_AMOUNT;
    struct points_form form = {
        .x = lead_figure(terms->lead),
        .y = gives_share ? FIGURE_SHARE : FIGURE_NUMBER,
        .slope = FIGURE_NUMBER,
        .may_be_negative = terms->lead == LEAD_ATTRIBUTE,
    };
    if (gives_share && form.x == FIGURE_NUMBER)
        form.slope = FIGURE_SHARE;
    if (gives_share && form.x == FIGURE_EITHER)
        form.slope = FIGURE_EITHER;
    return form;
}

static const void *parse(struct mechanic_reading *reading, const struct node *node)
{
    if (!reading_keys(reading->reading, node, "`curve`", curve_keys))
        return NULL;
    struct curve_terms *terms = reading_take(reading->reading, 1, sizeof *terms);
    if (!terms)
        return NULL;
    bool is_right = lead_parse(reading, node_find(node, "on"), &terms->lead);
    is_right &= parse_gives(reading, node_find(node, "gives"), terms);
    if (!is_right)
        return NULL;
    struct points_form form = form_of(terms);
    return points_parse(reading->reading, node, &form, &terms->points) ? terms : NULL;
}

/* --- paying --- */

static struct rational base_of(const struct curve_terms *terms, const struct pay_input *input)
{
    if (terms->gives == GIVES_AMOUNT)
        return RATIONAL_ONE;
    return terms->gives == GIVES_RATE ? measure_of(input) : input->target;
}

static enum status pay(const void *data, const struct pay_input *input, struct pay_result *out)
{
    const struct curve_terms *terms = data;
    struct rational value = RATIONAL_ZERO;
    struct rational pay;
    int32_t step = -1;
    if (lead_is_here(terms->lead, input)) {
        enum status status =
            points_value(&terms->points, lead_value(terms->lead, input), &value, &step);
        if (status)
            return status;
    }
    enum status status = rational_multiply(value, base_of(terms, input), &pay);
    if (status)
        return status;
    *out = (struct pay_result){.pay = pay, .step = step};
    if (step >= 0)
        out->name = terms->points.at[step].name;
    return STATUS_OK;
}

static bool edge(const void *data, int32_t index, struct rational *out)
{
    const struct curve_terms *terms = data;
    if (index >= terms->points.count)
        return false;
    *out = terms->points.at[index].x;
    return true;
}

const struct mechanic curve_mechanic = {
    .name = "curve",
    .summary = "Straight lines between points: the linear incentive.",
    .parse = parse,
    .pay = pay,
    .edges = "points",
    .edge = edge,
};
