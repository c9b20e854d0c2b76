#include "plan/points.h"

/* --- reading --- */

static bool read_x(struct reading *reading, const struct node *node, const struct points_form *form,
                   struct point *point)
{
    struct decimal x;
    if (!reading_figure(reading, node, "an edge", form->x, &x))
        return false;
    point->name = node->text;
    point->x = rational_reduce(rational_of_decimal(x));
    if (form->may_be_negative || x.units >= 0)
        return true;
    report_error(reading->reports, node_place(node), "bad-value", NULL,
                 "an edge cannot be negative; what a negative measure pays is said by `negative` "
                 "or `below`");
    return false;
}

static bool read_y(struct reading *reading, const struct node *node, const struct points_form *form,
                   struct point *point)
{
    struct decimal y;
    if (!reading_figure(reading, node, "what is given", form->y, &y))
        return false;
    point->y = rational_reduce(rational_of_decimal(y));
    return true;
}

static bool parse_point(struct reading *reading, const struct node *node,
                        const struct points_form *form, struct point *point)
{
    if (!reading_list(reading, node, "a point"))
        return false;
    if (node->count != 2) {
        report_error(reading->reports, node_place(node), "bad-value", "[100%, 100%]",
                     "a point is a pair: where, and what is paid there");
        return false;
    }
    return read_x(reading, node_at(node, 0), form, point) &&
           read_y(reading, node_at(node, 1), form, point);
}

/* Points must not fall back; at most two share an x, and then there is a jump. */
static bool check_order(struct reading *reading, const struct node *node,
                        const struct point *points, int32_t index, bool *has_jump)
{
    const struct point *point = &points[index];
    int order = index == 0 ? 1 : rational_compare(point->x, point[-1].x);
    bool is_third = order == 0 && index >= 2 && rational_compare(point->x, point[-2].x) == 0;
    *has_jump |= order == 0;
    if (order >= 0 && !is_third)
        return true;
    report_error(reading->reports, node_place(node), "bad-value", NULL, "%s",
                 is_third ? "at most two points share a place: the two ends of a jump"
                          : "points must stand in rising order");
    return false;
}

static bool parse_list(struct reading *reading, const struct node *list,
                       const struct points_form *form, struct point *points, bool *has_jump)
{
    bool is_right = true;
    int32_t index = 0;
    for (const struct node *node = list->first; node; node = node->next, index++) {
        is_right &= parse_point(reading, node, form, &points[index]);
        if (is_right)
            is_right &= check_order(reading, node, points, index, has_jump);
    }
    return is_right;
}

bool points_boundary(struct reading *reading, const struct node *node, bool *out_is_higher)
{
    static const char *const words[] = {"higher", "lower", NULL};
    int word;
    if (!reading_word(reading, node, "`boundary`", words, 2, &word))
        return false;
    *out_is_higher = word == 0;
    return true;
}

static bool parse_boundary(struct reading *reading, const struct node *map, bool has_jump,
                           struct points *out)
{
    const struct node *boundary = node_find(map, "boundary");
    bool is_higher = true;
    if (has_jump && !boundary) {
        report_error(reading->reports, node_key_place(node_find(map, "points")), "must-say",
                     "boundary: higher   # exactly on the jump the second point pays\n"
                     "boundary: lower    # … the first point",
                     "a curve with a jump must say `boundary`");
        return false;
    }
    if (boundary && !points_boundary(reading, boundary, &is_higher))
        return false;
    if (boundary && !has_jump)
        report_warning(reading->reports, node_key_place(boundary), "no-effect", "leave it out",
                       "no two points share a place, so `boundary` decides nothing");
    out->is_lower = !is_higher;
    return true;
}

static const struct key_rule slope_keys[] = {
    {"slope", KEY_REQUIRED, "slope: 1"},
    {NULL, KEY_OPTIONAL, NULL},
};

/* Share points per share point and money per unit of x are numbers; a share per unit of an amount
 * carries its %. */
static bool read_slope(struct reading *reading, const struct node *node,
                       const struct points_form *form, struct rational *out)
{
    struct decimal slope;
    const char *what = form->slope == FIGURE_SHARE ? "`slope` per unit of the measure" : "`slope`";
    if (!reading_figure(reading, node, what, form->slope, &slope))
        return false;
    *out = rational_reduce(rational_of_decimal(slope));
    return true;
}

static bool parse_ends(struct reading *reading, const struct node *map,
                       const struct points_form *form, struct points *out, struct point *last)
{
    static const char *const below_words[] = {"nothing", "flat", NULL};
    static const char *const above_words[] = {"flat", "{slope: N}", NULL};
    const struct node *above = node_find(map, "above");
    int word = 0;
    bool is_right =
        reading_word(reading, node_find(map, "below"), "`below`", below_words, 2, &word);
    out->is_flat_below = word == 1;
    out->is_flat_above = above->kind != NODE_MAP;
    last->slope = RATIONAL_ZERO;
    if (above->kind != NODE_MAP)
        return reading_word(reading, above, "`above`", above_words, 1, &word) && is_right;
    return reading_keys(reading, above, "`above`", slope_keys) &&
           read_slope(reading, node_find(above, "slope"), form, &last->slope) && is_right;
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
    if (status)
        return status;
    point->slope = rational_reduce(point->slope);
    point->offset = rational_reduce(point->offset);
    return STATUS_OK;
}

static bool compile(struct reading *reading, const struct node *list, struct point *points,
                    int32_t count)
{
    enum status status = STATUS_OK;
    for (int32_t i = 0; i < count && !status; i++)
        status = compile_point(&points[i], i + 1 < count ? &points[i + 1] : NULL);
    if (!status)
        return true;
    report_error(reading->reports, node_key_place(list), "out-of-range", NULL,
                 "the points' figures are too large to draw a line between exactly");
    return false;
}

static bool check_count(struct reading *reading, const struct node *list, const char *what)
{
    if (!reading_list(reading, list, what))
        return false;
    if (list->count >= 1 && list->count <= POINTS_MAX)
        return true;
    report_error(reading->reports, node_key_place(list), "bad-value", NULL,
                 "%s has 1 to %d entries, not %zu", what, POINTS_MAX, list->count);
    return false;
}

bool points_parse(struct reading *reading, const struct node *map, const struct points_form *form,
                  struct points *out)
{
    const struct node *list = node_find(map, "points");
    bool has_jump = false;
    if (!check_count(reading, list, "`points`"))
        return false;
    struct point *points = reading_take(reading, list->count, sizeof *points);
    if (!points || !parse_list(reading, list, form, points, &has_jump))
        return false;
    out->at = points;
    out->count = (int32_t)list->count;
    bool is_right = parse_boundary(reading, map, has_jump, out);
    is_right &= parse_ends(reading, map, form, out, &points[out->count - 1]);
    return is_right && compile(reading, list, points, out->count);
}

/* --- bands --- */

static const struct key_rule band_keys[] = {
    {"from", KEY_REQUIRED, "from: 80%"},
    {"give", KEY_REQUIRED, "give: 50%"},
    {NULL, KEY_OPTIONAL, NULL},
};

/* A band's edge is the point where the one before ends and the point where it begins itself. */
static bool parse_band(struct reading *reading, const struct node *row,
                       const struct points_form *form, struct points *out, struct point *points)
{
    struct point *begin = &points[out->count > 0 ? out->count + 1 : 0];
    if (!reading_keys(reading, row, "a band", band_keys) ||
        !read_x(reading, node_find(row, "from"), form, begin) ||
        !read_y(reading, node_find(row, "give"), form, begin))
        return false;
    if (out->count > 0) {
        begin[-1] = (struct point){.name = begin->name, .x = begin->x, .y = begin[-2].y};
        if (rational_compare(begin[-2].x, begin->x) >= 0) {
            report_error(reading->reports, node_place(node_find(row, "from")), "bad-value", NULL,
                         "bands must rise: this edge is not above the one before");
            return false;
        }
    }
    begin->slope = RATIONAL_ZERO;
    out->count += out->count > 0 ? 2 : 1;
    return true;
}

bool bands_parse(struct reading *reading, const struct node *map, const struct points_form *form,
                 struct points *out)
{
    const struct node *table = node_find(map, "table");
    bool is_higher = true;
    if (!points_boundary(reading, node_find(map, "boundary"), &is_higher) ||
        !check_count(reading, table, "`table`"))
        return false;
    struct point *points = reading_take(reading, 2 * table->count, sizeof *points);
    if (!points)
        return false;
    struct points bands = {.at = points, .is_lower = !is_higher, .is_flat_above = true};
    for (const struct node *row = table->first; row; row = row->next) {
        if (!parse_band(reading, row, form, &bands, points))
            return false;
    }
    *out = bands;
    return compile(reading, table, points, bands.count);
}

/* --- asking --- */

/* The point whose line holds x, and the point reached for the step; -1 below the first. On the
 * lower side of a jump the line of the point before it ends in the jump's first point. */
static int32_t find_line(const struct points *points, struct rational x, int32_t *out_step)
{
    int32_t step = points->count - 1;
    while (step >= 0 && rational_compare(x, points->at[step].x) < 0)
        step--;
    *out_step = step;
    int32_t line = step;
    while (points->is_lower && line > 0 && rational_compare(x, points->at[line].x) == 0)
        line--;
    return line;
}

enum status points_value(const struct points *points, struct rational x, struct rational *out,
                         int32_t *out_step)
{
    int32_t line = find_line(points, x, out_step);
    if (line >= 0)
        return line_value(points->at[line].offset, points->at[line].slope, x, out);
    *out = points->is_flat_below ? points->at[0].y : RATIONAL_ZERO;
    return STATUS_OK;
}
