/* Control's books, which both stages keep whole: every record under its kind, id and version. */
#ifndef MILEPOST_ENGINE_CONTROL_BOOK_H
#define MILEPOST_ENGINE_CONTROL_BOOK_H

#include "engine/row_io.h"
#include "money/money.h"

/* Puts the record into its book. `*out_is_new` is false for one that is there already with equal
 * content. INVALID: a field is missing, or its version is there with other content (id-conflict).
 */
enum status control_keep(struct row_io *io, const struct control *control, bool *out_is_new,
                         char *detail) MUST_CHECK;

/* The record of `kind` with the highest version, whatever its id (of equal ones the last id). */
enum status control_latest(struct row_io *io, struct slice kind, struct control *out,
                           bool *out_found, char *detail) MUST_CHECK;

/* The setting called `name`; bytes NULL when there is none. */
struct slice control_setting(const struct control *control, struct slice name);

/* Calls `each` for every record of `kind`, ids in byte order, versions ascending, and stops at the
 * first status that is not OK. `each` may not change the store. */
enum status control_each(struct row_io *io, struct slice kind,
                         enum status (*each)(void *self, const struct control *control,
                                             char *detail),
                         void *self, char *detail) MUST_CHECK;

/* The units that control declares: of its latest `units` record, in `arena`; none is none. CORRUPT:
 * they cannot be read. */
enum status control_units(struct row_io *io, struct arena *arena, const struct currency **out_units,
                          size_t *out_count, char *detail) MUST_CHECK;

/* The queue's entry for a record that moves books. */
struct change control_change(const struct control *control, const struct cause *cause);

#endif
