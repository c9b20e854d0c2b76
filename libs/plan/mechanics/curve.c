#include "plan/lead.h"

enum { POINTS_MAX = 200 };

struct point {
    struct slice name; /* x as written */
    struct rational x;
    struct rational y;
    /* From here to the next point, or past the last, the value is offset + slope × x. */
    struct rational offset;
    struct rational slope;
};

struct curve_terms {
    enum lead lead;
    enum gives gives;
    bool is_lower;      /* a value on a jump belongs to the point before it */
    bool is_flat_below; /* the first point's value also under it; otherwise nothing */
    const struct point *points;
    int32_t count;
};

/* --- reading --- */

static const struct key_rule curve_keys[] = {
    {"on", KEY_MUST_SAY, "on: attainment   # or amount, line.attribute.NAME"},
    {"gives", KEY_REQUIRED, "gives: percent-of-target   # or rate, amount"},
    {"points", KEY_REQUIRED, "points: [[50%, 0%], [100%, 100%], [150%, 300%]]"},
    {"below", KEY_MUST_SAY,
     "below: nothing   # under the first point nothing is paid\n"
     "below: flat      # … what the first point pays"},
    {"above", KEY_MUST_SAY,
     "above: flat         # past the last point its value stays: a cap\n"
     "above: {slope: 1}   # … rises by 1 share point per share point"},
    {"boundary", KEY_OPTIONAL, NULL},
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

static bool parse_point(struct mechanic_reading *reading, const struct node *node,
                        const struct curve_terms *terms, struct point *point)
{
    struct decimal x;
    if (!reading_list(reading->reading, node, "a point"))
        return false;
    if (node->count != 2) {
        report_error(reading->reading->reports, node_place(node), "bad-value", "[100%, 100%]",
                     "a point is a pair: where, and what is paid there");
        return false;
    }
    if (!lead_edge(reading, node_at(node, 0), terms->lead, &x))
        return false;
    point->name = node_at(node, 0)->text;
    point->x = rational_reduce(rational_of_decimal(x));
    return gives_value(reading, node_at(node, 1), terms->gives, &point->y);
}

/* Points must not fall back; at most two share an x, and then there is a jump. */
static bool check_order(struct mechanic_reading *reading, const struct node *node,
                        const struct point *points, int32_t index, bool *has_jump)
{
    const struct point *point = &points[index];
    int order = index == 0 ? 1 : rational_compare(point->x, point[-1].x);
    bool is_third = order == 0 && index >= 2 && rational_compare(point->x, point[-2].x) == 0;
    *has_jump |= order == 0;
    if (order >= 0 && !is_third)
        return true;
    report_error(reading->reading->reports, node_place(node), "bad-value", NULL, "%s",
                 is_third ? "at most two points share a place: the two ends of a jump"
                          : "points must stand in rising order");
    return false;
}

static bool parse_points(struct mechanic_reading *reading, const struct node *list,
                         struct curve_terms *terms, struct point *points, bool *has_jump)
{
    bool is_right = true;
    for (const struct node *node = list->first; node; node = node->next) {
        is_right &= parse_point(reading, node, terms, &points[terms->count]);
        if (is_right)
            is_right &= check_order(reading, node, points, terms->count, has_jump);
        terms->count++;
    }
    terms->points = points;
    return is_right;
}

static bool parse_boundary(struct mechanic_reading *reading, const struct node *curve,
                           bool has_jump, struct curve_terms *terms)
{
    const struct node *boundary = node_find(curve, "boundary");
    bool is_higher = true;
    if (has_jump && !boundary) {
        report_error(reading->reading->reports, node_key_place(node_find(curve, "points")),
                     "must-say",
                     "boundary: higher   # exactly on the jump the second point pays\n"
                     "boundary: lower    # … the first point",
                     "a curve with a jump must say `boundary`");
        return false;
    }
    if (boundary && !boundary_parse(reading, boundary, &is_higher))
        return false;
    if (boundary && !has_jump)
        report_warning(reading->reading->reports, node_key_place(boundary), "no-effect",
                       "leave it out",
                       "no two points share a place, so `boundary` decides nothing");
    terms->is_lower = !is_higher;
    return true;
}

static const struct key_rule slope_keys[] = {
    {"slope", KEY_REQUIRED, "slope: 1"},
    {NULL, KEY_OPTIONAL, NULL},
};

/* Share points per share point and money per unit of x are numbers; a share per unit of an amount
 * carries its %. */
static bool read_slope(struct mechanic_reading *reading, const struct node *node,
                       const struct curve_terms *terms, struct rational *out)
{
    struct decimal slope;
    bool is_share;
    bool gives_share = terms->gives != GIVES_AMOUNT;
    bool is_read =
        gives_share && terms->lead == LEAD_AMOUNT
            ? reading_share(reading->reading, node, "`slope` per unit of the measure", &slope)
        : gives_share && terms->lead == LEAD_ATTRIBUTE
            ? reading_number_or_share(reading->reading, node, "`slope`", &slope, &is_share)
            : reading_number(reading->reading, node, "`slope`", &slope);
    if (is_read)
        *out = rational_reduce(rational_of_decimal(slope));
    return is_read;
}

static bool parse_ends(struct mechanic_reading *reading, const struct node *curve,
                       struct curve_terms *terms, struct point *last)
{
    static const char *const below_words[] = {"nothing", "flat", NULL};
    static const char *const above_words[] = {"flat", "{slope: N}", NULL};
    const struct node *above = node_find(curve, "above");
    int word = 0;
    bool is_right =
        reading_word(reading->reading, node_find(curve, "below"), "`below`", below_words, 2, &word);
    terms->is_flat_below = word == 1;
    last->slope = RATIONAL_ZERO;
    if (above->kind != NODE_MAP)
        return reading_word(reading->reading, above, "`above`", above_words, 1, &word) && is_right;
    return reading_keys(reading->reading, above, "`above`", slope_keys) &&
           read_slope(reading, node_find(above, "slope"), terms, &last->slope) && is_right;
}

/* offset + slope × x */
static enum status at(const struct point *point, struct rational x, struct rational *out)
{
    struct rational part;
    enum status status = rational_multiply(point->slope, x, &part);
    return status ? status : rational_add(point->offset, part, out);
}

static enum status compile_point(struct point *point, const struct point *next)
{
    struct rational width;
    struct rational rise;
    struct rational part;
    enum status status = STATUS_OK;
    if (next) {
        status = rational_subtract(next->x, point->x, &width);
        if (!status)
            status = rational_subtract(next->y, point->y, &rise);
        point->slope = RATIONAL_ZERO;
        if (!status && !rational_is_zero(width))
            status = rational_divide(rise, width, &point->slope);
    }
    if (!status)
        status = rational_multiply(point->slope, point->x, &part);
    if (!status)
        status = rational_subtract(point->y, part, &point->offset);
    point->slope = rational_reduce(point->slope);
    if (!status)
        point->offset = rational_reduce(point->offset);
    return status;
}

static bool compile(struct mechanic_reading *reading, const struct node *list, struct point *points,
                    int32_t count)
{
    enum status status = STATUS_OK;
    for (int32_t i = 0; i < count && !status; i++)
        status = compile_point(&points[i], i + 1 < count ? &points[i + 1] : NULL);
    if (!status)
        return true;
    report_error(reading->reading->reports, node_key_place(list), "out-of-range", NULL,
                 "the points' figures are too large to draw a line between exactly");
    return false;
}

static bool check_count(struct mechanic_reading *reading, const struct node *list)
{
    if (!reading_list(reading->reading, list, "`points`"))
        return false;
    if (list->count >= 1 && list->count <= POINTS_MAX)
        return true;
    report_error(reading->reading->reports, node_key_place(list), "bad-value", NULL,
                 "a curve has 1 to %d points, not %zu", POINTS_MAX, list->count);
    return false;
}

static const void *parse(struct mechanic_reading *reading, const struct node *node)
{
    if (!reading_keys(reading->reading, node, "`curve`", curve_keys))
        return NULL;
    const struct node *list = node_find(node, "points");
    struct curve_terms *terms = reading_take(reading->reading, 1, sizeof *terms);
    if (!terms)
        return NULL;
    bool has_jump = false;
    bool is_right = lead_parse(reading, node_find(node, "on"), &terms->lead);
    is_right &= parse_gives(reading, node_find(node, "gives"), terms);
    if (!is_right || !check_count(reading, list))
        return NULL;
    struct point *points = reading_take(reading->reading, list->count, sizeof *points);
    if (!points || !parse_points(reading, list, terms, points, &has_jump))
        return NULL;
    is_right = parse_boundary(reading, node, has_jump, terms);
    is_right &= parse_ends(reading, node, terms, &points[terms->count - 1]);
    return is_right && compile(reading, list, points, terms->count) ? terms : NULL;
}

/* --- paying --- */

/* The point whose line holds x, and the point reached for the step; -1 below the first. On the
 * lower side of a jump the line of the point before it ends in the jump's first point. */
static int32_t find_line(const struct curve_terms *terms, struct rational x, int32_t *out_step)
{
    int32_t step = terms->count - 1;
    while (step >= 0 && rational_compare(x, terms->points[step].x) < 0)
        step--;
    *out_step = step;
    int32_t line = step;
    while (terms->is_lower && line > 0 && rational_compare(x, terms->points[line].x) == 0)
        line--;
    return line;
}

static enum status value_at(const struct curve_terms *terms, struct rational x,
                            struct rational *out, int32_t *out_step)
{
    int32_t line = find_line(terms, x, out_step);
    if (line >= 0)
        return at(&terms->points[line], x, out);
    *out = terms->is_flat_below ? terms->points[0].y : RATIONAL_ZERO;
    return STATUS_OK;
}

static struct rational base_of(const struct curve_terms *terms, const struct pay_input *input)
{
    if (terms->gives == GIVES_AMOUNT)
        return RATIONAL_ONE;
    return terms->gives == GIVES_RATE ? rational_of_measure(input->measure) : input->target;
}

static enum status pay(const void *data, const struct pay_input *input, struct pay_result *out)
{
    const struct curve_terms *terms = data;
    struct rational value = RATIONAL_ZERO;
    struct rational pay;
    int32_t step = -1;
    if (terms->lead != LEAD_ATTRIBUTE || input->has_attribute) {
        enum status status = value_at(terms, lead_value(terms->lead, input), &value, &step);
        if (status)
            return status;
    }
    enum status status = rational_multiply(value, base_of(terms, input), &pay);
    if (status)
        return status;
    *out = (struct pay_result){.pay = pay, .step = step};
    if (step >= 0)
        out->name = terms->points[step].name;
    return STATUS_OK;
}

const struct mechanic curve_mechanic = {
    .name = "curve",
    .summary = "Straight lines between points: the linear incentive.",
    .parse = parse,
    .pay = pay,
};
