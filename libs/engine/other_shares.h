/* Who takes the odd cent of a fixed amount that is divided by share: "the odd cent going where
 * crediting's `remainder` says" (PLAN-LANGUAGE section 4, bonus).
 *
 * How much is left hangs on all shares in the role, so the row that takes it carries those of the
 * others. Of equal shares the first in the list takes it; without a rule the largest share does. */
#ifndef MILEPOST_ENGINE_OTHER_SHARES_H
#define MILEPOST_ENGINE_OTHER_SHARES_H

#include "engine/row_io.h"
#include "plan/crediting_rules.h"

/* Puts them on `credits`, which are those of `participants` in their order. `rules` may be NULL.
 * EXHAUSTED: the scratch is full. */
enum status other_shares_put(const struct list *participants, const struct crediting_rules *rules,
                             struct arena *scratch, struct credit *credits) MUST_CHECK;

#endif
