/* A file that `apply` or `simulate` is given: a plan, a roster or control, told by its top-level
 * keys.
 *
 * `milepost`, `plan` or `components` make it a plan, `participants` a roster (pay groups may stand
 * beside it), everything else is control. */
#ifndef MILEPOST_PLAN_INPUT_FILE_H
#define MILEPOST_PLAN_INPUT_FILE_H

#include "plan/fact.h"
#include "plan/plan.h"

enum document_kind { DOCUMENT_PLAN, DOCUMENT_ROSTER, DOCUMENT_CONTROL };

struct input_file {
    enum document_kind kind;
    const struct plan *plan; /* DOCUMENT_PLAN */
    struct list controls;    /* struct control: the plan, pay groups or control's sections; without
                              * version (but for plans), change, writer and semantics */
    struct list rosters;     /* struct roster, without version and change */
};

/* Reads `text`. STATUS_INVALID with reports; EXHAUSTED when the arena is full. Everything in `out`
 * lives in the arena. */
enum status input_file_read(struct slice text, struct slice file, struct arena *arena,
                            const struct plan_sources *sources, struct reports *reports,
                            struct input_file *out) MUST_CHECK;

/* The control record of a plan: kind `plan`, its name and version, the document, and the
 * transitions of its time zone. */
enum status plan_control(const struct plan *plan, struct arena *arena,
                         struct control *out) MUST_CHECK;

/* Reads the plan in such a record, with the transitions that stand in it. */
enum status plan_read_control(const struct control *control, const struct currency *units,
                              size_t unit_count, struct arena *arena, struct reports *reports,
                              const struct plan **out) MUST_CHECK;

#endif
