/* What mechanics over milestone events say about approval: `requires` and `dated` (PLAN-LANGUAGE
 * sections 1 and 4). */
#ifndef MILEPOST_PLAN_APPROVAL_H
#define MILEPOST_PLAN_APPROVAL_H

#include "plan/reading.h"

struct approval {
    bool is_required; /* requires: approval: an event that is only reached earns nothing yet */
    bool dates;       /* dated: approved: the row's date is approved_at; otherwise reached_at */
};

/* Reads the two keys of `map`, either of which may be missing: nothing is required then, and
 * reached_at counts. */
bool approval_parse(struct reading *reading, const struct node *map, struct approval *out);

#endif
