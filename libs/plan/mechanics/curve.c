#include "plan/lead.h"
#include "plan/points.h"
#include "plan/words.h"

struct curve_terms {
    enum lead lead;
    enum gives gives;
    struct points points;
};

/* --- reading --- */

static const struct key_rule curve_keys[] = {
    {"on", KEY_MUST_SAY,
     "on: attainment   # or amount, {attainment-of: COMPONENT}, line.attribute.NAME"},
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

/* --- in words --- */

static void append_x(const struct words *words, const void *self, const struct point *point)
{
    const struct curve_terms *terms = self;
    words_lead(words, terms->lead, point->x, point->name);
}

static void append_y(const struct words *words, const void *self, struct rational value)
{
    const struct curve_terms *terms = self;
    words_given_figure(words, terms->gives, value);
}

/* The slope is a number: share points per share point, or what 1 more of x adds. */
static void append_past(const struct words *words, const void *self, struct rational slope)
{
    const struct curve_terms *terms = self;
    bool is_share = terms->lead != LEAD_AMOUNT && terms->gives != GIVES_AMOUNT;
    struct rational added = slope;
    buffer_printf(words->out, "each further %s adds ", is_share ? "1 %" : "1");
    if (is_share && rational_multiply(slope, (struct rational){1, 100}, &added))
        added = RATIONAL_ZERO;
    words_given(words, terms->gives, added);
}

static void describe(const void *data, const struct words *words)
{
    static const char *const what[GIVES_COUNT] = {
        [GIVES_RATE] = "A rate on the whole measure",
        [GIVES_AMOUNT] = "A sum",
        [GIVES_PERCENT_OF_TARGET] = "A share of the target incentive",
    };
    const struct curve_terms *terms = data;
    const struct words_points curve = {.points = &terms->points,
                                       .x = append_x,
                                       .y = append_y,
                                       .past = append_past,
                                       .of = words_given_of(terms->gives),
                                       .self = terms};
    buffer_printf(words->out, "%s that hangs on ", what[terms->gives]);
    words_lead_name(words, terms->lead);
    buffer_printf(words->out, ".\n");
    words_points(words, &curve);
}

static void landmarks(const void *data, struct landmarks *landmarks)
{
    const struct curve_terms *terms = data;
    const struct points *points = &terms->points;
    landmarks->of = lead_landmarks(terms->lead);
    for (int32_t i = 0; i < points->count; i++) {
        const struct point *point = &points->at[i];
        bool begins = i == 0 && !points->is_flat_below && !rational_is_zero(point->y);
        bool jumps = i + 1 < points->count && rational_compare(point[1].x, point->x) == 0;
        landmarks_add(
            landmarks,
            (struct landmark){.at = point->x, .is_jump = begins || jumps, .name = point->name});
        i += jumps;
    }
}

const struct mechanic curve_mechanic = {
    .name = "curve",
    .summary = "Straight lines between points: the linear incentive.",
    .parse = parse,
    .pay = pay,
    .describe = describe,
    .landmarks = landmarks,
};
