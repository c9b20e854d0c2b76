/* `terms`: the day on which a payout is due (PLAN-LANGUAGE section 6). "`terms` sets `due_on` and
 * changes no amount."
 *
 * The page does not say from which day the terms run. They run from the day of the fact that moved
 * what is payable: a payment's received_at, a milestone's reached_at (approved_at where the
 * component goes by approval), a cancellation's cancelled_at, otherwise the deal's closed_at; a
 * result's day; the business date where that, or a change of plans, people or rules, moved it. */
#ifndef MILEPOST_ENGINE_DUE_H
#define MILEPOST_ENGINE_DUE_H

#include "engine/incentives_fold.h"

/* False: the component has no terms, or nobody knows a day from which they run. */
bool due_day(const struct incentives *fold, const struct plan *plan,
             const struct plan_component *component, const struct mover *mover, int32_t *out);

#endif
