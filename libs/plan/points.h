/* Straight lines between points: what curves, scores and multipliers are read into.
 *
 * Two points with the same x are a jump, of which `boundary` says which end counts exactly there.
 * Bands (`tiers` of a score) are the same thing: level lines with a jump at each edge. */
#ifndef MILEPOST_PLAN_POINTS_H
#define MILEPOST_PLAN_POINTS_H

#include "money/rational.h"
#include "plan/reading.h"

enum { POINTS_MAX = 200 };

struct point {
    struct slice name; /* x as written */
    struct rational x;
    struct rational y;
    /* From here to the next point, or past the last, the value is offset + slope × x. */
    struct rational offset;
    struct rational slope;
};

struct points {
    const struct point *at; /* in rising order of x */
    int32_t count;          /* ≥ 1 */
    bool is_lower;          /* a value on a jump belongs to the point before it */
    bool is_flat_below;     /* the first point's value also under it; otherwise nothing, 0 */
    bool is_flat_above;     /* the last point's value is the highest there is: a cap */
};

/* How the figures of a curve are written. */
struct points_form {
    enum figure_kind x;
    enum figure_kind y;
    enum figure_kind slope;
    bool may_be_negative; /* x */
};

/* The keys that points are read from, for key tables: points, below, above, boundary. */
/* clang-format off */
#define POINTS_KEYS                                                                                \
    {"points", KEY_REQUIRED, "points: [[50%, 0%], [100%, 100%], [150%, 300%]]"},                   \
    {"below", KEY_MUST_SAY,                                                                        \
     "below: nothing   # under the first point nothing is paid\n"                                  \
     "below: flat      # … what the first point pays"},                                            \
    {"above", KEY_MUST_SAY,                                                                        \
     "above: flat         # past the last point its value stays: a cap\n"                          \
     "above: {slope: 1}   # … rises by 1 share point per share point"},                            \
    {"boundary", KEY_OPTIONAL, NULL}
/* clang-format on */

/* Reads the points in `map`, whose keys were checked. False when something was reported or the
 * arena is full. */
bool points_parse(struct reading *reading, const struct node *map, const struct points_form *form,
                  struct points *out);

/* Reads bands: `boundary`, must be said, and `table`: [{from: 80%, give: 50%}, …]. Below the first
 * edge the value is 0; the first edge itself belongs to the first band. */
bool bands_parse(struct reading *reading, const struct node *map, const struct points_form *form,
                 struct points *out);

/* The value at x, and the last point that is not above x (-1: x is under all of them).
 * STATUS_OUT_OF_RANGE when it does not fit. */
enum status points_value(const struct points *points, struct rational x, struct rational *out,
                         int32_t *out_step) MUST_CHECK;

/* offset + slope × x. */
static inline enum status line_value(struct rational offset, struct rational slope,
                                     struct rational x, struct rational *out)
{
    struct rational part;
    enum status status = rational_multiply(slope, x, &part);
    return status ? status : rational_add(offset, part, out);
}

/* Reads `boundary: higher | lower`. */
bool points_boundary(struct reading *reading, const struct node *node, bool *out_is_higher);

#endif
