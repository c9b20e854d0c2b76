/* What one row of a component that pays a `bonus` is paid: "a bounty on a split deal is divided by
 * share, the odd cent going where crediting's `remainder` says" (PLAN-LANGUAGE section 4).
 *
 * Each of a role gets whole steps of the plan's rounding, toward zero, and the one who takes the
 * odd cent what is left of all their shares. With `share: after` a row is paid the whole sum, of
 * which the share is taken later. `quantity` in `when` is that of what the measure counts of the
 * row, and 0 where it has none. */
#ifndef MILEPOST_ENGINE_BOUNTY_H
#define MILEPOST_ENGINE_BOUNTY_H

#include "engine/measure_row.h"

/* Sets `rated`, in 10^-9 of the currency, and makes `units` 10^-18 × the number of rows that are
 * paid: 1 or 0. `quantity` is that of what the measure counts; `line` as of measure_row. */
void bounty_of_row(const struct plan *plan, const struct plan_component *component,
                   struct condition_subject *subject, const struct credit *credit,
                   const struct deal_line *line, int128 quantity, struct contribution *out);

#endif
