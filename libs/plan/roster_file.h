/* Roster files: participants, their pay, assignments and edges (PLAN-LANGUAGE section 11).
 *
 * Each aspect that a participant lists (profile, employed, assignments, edges) becomes one record,
 * complete: what is not in the list is no more. An aspect that is not listed is left as it is. */
#ifndef MILEPOST_PLAN_ROSTER_FILE_H
#define MILEPOST_PLAN_ROSTER_FILE_H

#include "plan/fact.h"
#include "plan/node.h"

enum { ROSTER_BYTES_MAX = 64 * 1024 * 1024 };

/* Reads the list under `participants:`; `out` becomes a list of struct roster in file order,
 * without version and change. STATUS_INVALID with reports; EXHAUSTED when the arena is full. Texts
 * live in the arena. */
enum status roster_parse(const struct node *participants, struct arena *arena,
                         struct reports *reports, struct list *out) MUST_CHECK;

#endif
