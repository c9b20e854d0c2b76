/* What a credit's money counts in the currency that a component converts to (PLAN-LANGUAGE section
 * 3, `convert`): exactly, by the rates that control has published. */
#ifndef MILEPOST_ENGINE_EXCHANGE_H
#define MILEPOST_ENGINE_EXCHANGE_H

#include "engine/rows.h"
#include "engine/sums.h"
#include "plan/plan.h"
#include "plan/rates.h"

struct exchange {
    bool waits;      /* without the rate that it needs; nothing else is set */
    bool lacks_rate; /* for a part of its cash, which counts nothing yet */
    int128 times;    /* amounts are multiplied by times / (per × 10^9) */
    int128 per;      /* > 0 */
};

/* For a component with `convert`. `until`: the end of the window that the credit counts in.
 * "`paid-date` values each cash part at its own date": of a deal counts what has been paid, up to
 * its amount, and of each part what it adds; parts of one instant count together.
 *
 * Where the text leaves room: a milestone without a deal has no closing date, so its own counts; a
 * deal of amount 0 "counts as paid when closed", so its own date counts. */
void exchange_find(const struct plan *plan, const struct plan_component *component,
                   const struct rates *rates, const struct credit *credit, int32_t until,
                   struct exchange *out);

/* Adds `part`, in 10^-18 of the credit's currency, to a sum in CONVERTED_ONE (measure_row.h).
 * False, with nothing added, where that is no whole number of it or does not fit. */
bool exchange_add(const struct exchange *exchange, int128 part, struct wide_sum *sum) MUST_CHECK;

#endif
