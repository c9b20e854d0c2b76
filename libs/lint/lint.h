/* Remarks on a valid plan: what it leaves open, what cannot be meant, and on request what it does.
 *
 * Pure: the same plan has the same findings. Money is probed at the landmarks of mechanics
 * (mechanic.h), exactly. Each check is a row of a family (check_list.h), each code a row
 * of lint_code.h. */
#ifndef MILEPOST_LINT_LINT_H
#define MILEPOST_LINT_LINT_H

#include "lint/lint_code.h"
#include "plan/plan.h"

/* What a plan is held against beside itself; NULL and 0 where it is not at hand. */
struct lint_around {
    const struct control *controls; /* of all files */
    size_t control_count;
    const struct crediting_rules *crediting; /* of control, read */
    const struct categories *categories;
    const struct rates *rates;
};

/* Adds to `reports` what there is to say of `plan`, which was read from `file`; with `has_notes`
 * also the notes. Findings are in the order of the file. STATUS_EXHAUSTED when the reports' arena
 * is full. */
enum status lint_plan(const struct plan *plan, struct slice file, const struct lint_around *around,
                      bool has_notes, struct reports *reports) MUST_CHECK;

/* Adds what there is to say of a roster's file, given the plans that are known: of assignments to
 * other plans nothing is said. `root` is the file's tree, `text` its text. STATUS_EXHAUSTED as
 * above. */
enum status lint_roster(const struct node *root, struct slice file, struct slice text,
                        const struct plan *const *plans, size_t plan_count,
                        struct reports *reports) MUST_CHECK;

#endif
