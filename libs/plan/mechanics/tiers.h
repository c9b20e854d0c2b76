/* `tiers`: bands of a measure or of attainment (PLAN-LANGUAGE section 4). Reading, paying and the
 * sentences are a file each. */
#ifndef MILEPOST_PLAN_MECHANICS_TIERS_H
#define MILEPOST_PLAN_MECHANICS_TIERS_H

#include "plan/lead.h"
#include "plan/plan.h"

enum tiers_method { TIERS_MARGINAL, TIERS_WHOLE, TIERS_INTERPOLATED };

struct tier {
    struct slice name; /* the edge as written */
    int128 edge;       /* in 10^-18 */
    struct rational edge_fraction;
    struct rational give; /* of an interpolated table's last row: 0 */
    bool is_retroactive;
    /* What a lead x in this tier is worth is offset + slope × x: of the measure where the table is
     * marginal and gives a rate or unit, else of the value that is given. */
    struct rational offset;
    struct rational slope;
    /* The same for x in 10^-18, in 10^-18 / denominator: the way without fractions. */
    int128 whole_offset;
    int128 whole_slope;
};

struct tiers_terms {
    enum lead lead;
    enum tiers_method method;
    enum gives gives;
    bool is_higher;     /* a value on an edge belongs to the higher tier */
    bool pays_negative; /* negative: first-tier */
    bool has_units;     /* units are a figure of their own; otherwise the measure is units */
    bool has_whole;     /* whole_offset and whole_slope hold */
    int128 denominator; /* of whole_offset and whole_slope, × 10^18 */
    const struct tier *tiers;
    int32_t count; /* an interpolated table's last row included */
};

/* The tiers cut the measure into slices, each at its own rate. */
static inline bool tiers_is_sliced(const struct tiers_terms *terms)
{
    return terms->method == TIERS_MARGINAL &&
           (terms->gives == GIVES_RATE || terms->gives == GIVES_UNIT);
}

/* What can be cancelled, returned or taken back can leave a negative measure. */
static inline bool tiers_can_be_negative(const struct plan_component *component)
{
    enum measure_of of = component->measure.of;
    return of == OF_DEALS || of == OF_DOWNLINE_DEALS || of == OF_ADJUSTMENTS;
}

/* The mechanic's own (mechanic.h), of which tiers.c makes its row. */
const void *tiers_parse(struct mechanic_reading *reading, const struct node *node);
void tiers_describe(const void *data, const struct words *words);

#endif
