/* What one credit contributes to one component: the middle of `measure` (PLAN-LANGUAGE section 3).
 *
 * Which window it falls into and whether the participant is assigned is the book's business. */
#ifndef MILEPOST_ENGINE_MEASURE_ROW_H
#define MILEPOST_ENGINE_MEASURE_ROW_H

#include "engine/reasons.h"
#include "engine/rows.h"
#include "engine/sums.h"
#include "plan/plan.h"
#include "plan/rates.h"

/* What rows are measured by, besides their plan. */
struct measuring {
    const struct categories *categories;
    const struct rates *rates; /* NULL: none; what is to be converted waits */
    int32_t until;             /* the end of the window that the row counts in */
};

/* The parts of one unit of money in a component that converts: 10^-18 × those of a rate. */
#define CONVERTED_ONE (MEASURE_ONE * 1000000000)

/* The parts of one unit in which rows of the component add up. */
static inline int128 measure_unit(const struct plan_component *component)
{
    return component->measure.convert ? CONVERTED_ONE : MEASURE_ONE;
}

/* What a row measures in a component that converts. */
struct conversion {
    struct wide_sum whole;    /* the measure is this, in CONVERTED_ONE … */
    struct rational rest;     /* … and this, what is no whole number of it; den 0: nothing */
    struct rational exchange; /* what the row's money was multiplied with */
    bool lacks_rate;          /* for a part of its cash, which counts nothing yet */
};

struct contribution {
    bool fits;  /* false: the component does not look at this row; nothing else is set */
    bool waits; /* it fits and counts for nothing yet, for `reason`; nothing else is set */
    enum reason reason;
    bool overflows; /* it left 128 bits: its key cannot be evaluated */
    int128 measure; /* in 10^-18; with the share in it unless the share is taken of the pay. Of a
                     * component that converts: in CONVERTED_ONE, where rows are kept in order */
    int128 units;   /* in 10^-18, likewise, when the component needs units */
    struct wide_sum rated; /* Σ of value × rate, in 10^-18 (or CONVERTED_ONE) / den of the
                            * component's list of rates; likewise. Of a bonus as bounty.h says, as
                            * `units` then */
    bool is_converted;
    struct conversion conversion; /* when is_converted, and not set otherwise */
};

static inline bool lacks_rate(const struct contribution *contribution)
{
    return contribution->is_converted && contribution->conversion.lacks_rate;
}

/* Adds the contribution's measure, or takes it away. */
static inline void contribution_give(struct wide_sum *measure, const struct contribution *from)
{
    if (from->is_converted)
        wide_sum_give(measure, &from->conversion.whole);
    else
        wide_sum_add(measure, from->measure);
}

static inline void contribution_take(struct wide_sum *measure, const struct contribution *from)
{
    if (from->is_converted)
        wide_sum_take(measure, &from->conversion.whole);
    else
        wide_sum_subtract(measure, from->measure);
}

/* "Which date counts" (section 1): the row's own, or when a milestone was approved. */
static inline int64_t row_instant(const struct plan_component *component,
                                  const struct credit *credit)
{
    return component->approval.dates && credit->has_approved_at ? credit->approved_at
                                                                : credit->closed_at;
}

/* Whether a line meets the measure's conditions on lines. `subject` is left as it was. */
bool measure_counts_line(const struct measure *measure, struct condition_subject *subject,
                         const struct deal_line *line);

/* Of the whole credit, or with `line` (over: line) of this line of it alone. */
void measure_row(const struct plan *plan, const struct plan_component *component,
                 const struct measuring *measuring, const struct credit *credit,
                 const struct deal_line *line, struct contribution *out);

#endif
