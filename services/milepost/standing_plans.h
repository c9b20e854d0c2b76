/* The plans among what stands, compiled. */
#ifndef MILEPOST_MILEPOST_STANDING_PLANS_H
#define MILEPOST_MILEPOST_STANDING_PLANS_H

#include "engine/plans.h"
#include "milepost/control_log.h"
#include "plan/fact_check.h"

struct standing_plans {
    struct interner names;
    struct plans plans;
};

/* Compiles all of them, and the categories. The plans must stay where they are; text is borrowed
 * from `standing`, units from `rules`. CORRUPT with `detail`. */
enum status standing_plans_read(struct standing_plans *plans, const struct standing *standing,
                                const struct fact_rules *rules, char *detail) MUST_CHECK;
void standing_plans_deinit(struct standing_plans *plans); /* Accepts a zeroed one. */

/* That version of the plan; NULL: there is none. */
const struct plan *standing_plans_find(const struct standing_plans *plans, struct slice plan,
                                       int64_t version);

/* How many places money of that plan version is shown with: those of its `rounding.to`; without
 * such a version those of the currency. */
int standing_plans_places(const struct standing_plans *plans, struct slice plan, int64_t version,
                          struct slice currency);

#endif
