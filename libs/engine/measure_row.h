/* What one credit contributes to one component: the middle of `measure` (PLAN-LANGUAGE section 3).
 *
 * Which window it falls into and whether the participant is assigned is the book's business. */
#ifndef MILEPOST_ENGINE_MEASURE_ROW_H
#define MILEPOST_ENGINE_MEASURE_ROW_H

#include "engine/reasons.h"
#include "engine/rows.h"
#include "engine/sums.h"
#include "plan/plan.h"

struct contribution {
    bool fits;      /* false: the component does not look at this row; nothing else is set */
    bool waits;     /* it fits and counts for nothing yet, for `reason` */
    bool overflows; /* it left 128 bits: its key cannot be evaluated */
    enum reason reason;
    int128 measure; /* in 10^-18; with the share in it unless the share is taken of the pay */
    int128 units;   /* likewise, when the component needs units */
    struct wide_sum rated; /* Σ of value × rate, in 10^-18 / den of the component's list of rates;
                            * likewise. Of a bonus as bounty.h says, as `units` then */
};

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
                 const struct categories *categories, const struct credit *credit,
                 const struct deal_line *line, struct contribution *out);

#endif
