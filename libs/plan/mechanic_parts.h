/* What several mechanics read alike. Internal to libs/plan. */
#ifndef MILEPOST_PLAN_MECHANIC_PARTS_H
#define MILEPOST_PLAN_MECHANIC_PARTS_H

#include "plan/mechanic.h"

/* Reads `late`: nothing, 0, or a share of what is paid in time. */
bool late_parse(struct reading *reading, const struct node *node, struct decimal *out);

/* Whether the component counts milestone events over deals or the plan. */
bool milestone_rows_check(struct mechanic_reading *reading, const struct node *node);

/* Whether the component counts what comes over edges (or, where it need not, nothing) in windows of
 * time. */
bool downline_rows_check(struct mechanic_reading *reading, const struct node *node,
                         bool needs_measure);

/* Reads `settles` and `after-settling`. */
bool settling_parse(struct mechanic_reading *reading, const struct node *node, bool *out_is_final);

#endif
