/* Control's sections in files, as the records that `apply` writes. */
#ifndef MILEPOST_PLAN_CONTROL_FILE_H
#define MILEPOST_PLAN_CONTROL_FILE_H

#include "money/money.h"
#include "plan/fact.h"
#include "plan/node.h"

/* The id of a record that holds a whole section: its kind is the section's name. */
#define CONTROL_SECTION_ID "all"

/* Checks the sections of `root` (crediting, categories, rates, pay-groups, units) and makes one
 * record each, without version, change and writer; `document` is the section's value as YAML. Keys
 * named in `beside` (NULL-terminated, may be NULL) may stand in the file too. `limits` come later
 * and are refused. STATUS_INVALID with reports; EXHAUSTED when the arena is full. */
enum status control_parse(const struct node *root, const char *const *beside, struct arena *arena,
                          struct reports *reports, struct list *out) MUST_CHECK;

/* Reads the units that control declares: `units: {PTS: {decimals: 0}}`. `section` is the section's
 * value; the result is an array in the arena. */
enum status units_parse(const struct node *section, struct arena *arena, struct reports *reports,
                        const struct currency **out, size_t *out_count) MUST_CHECK;

/* As units_parse, from the document of a control record of kind `units`. */
enum status units_read(struct slice document, struct arena *arena, struct reports *reports,
                       const struct currency **out, size_t *out_count) MUST_CHECK;

#endif
