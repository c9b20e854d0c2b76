/* The files given to `apply` and `simulate`, read together and compared with what stands. */
#ifndef MILEPOST_MILEPOST_BUNDLE_H
#define MILEPOST_MILEPOST_BUNDLE_H

#include "base/arena.h"
#include "money/money.h"
#include "plan/input_file.h"

enum { BUNDLE_FILES_MAX = 200, BUNDLE_FILE_BYTES_MAX = 64 * 1024 * 1024 };

struct bundle {
    struct arena arena;
    struct reports reports;
    struct control *controls; /* of all files, in their order */
    size_t control_count;
    struct roster *rosters;
    size_t roster_count;
    const struct currency *units; /* that plans may use: declared by the files read so far, or
                                   * those that stand already */
    size_t unit_count;
    bool reads_all;         /* also what is not evaluated here: for whom only reads plans */
    struct slice text;      /* of the file read last, whether or not it was refused */
    struct input_file last; /* the file read last, as it was read; zeroed when it was refused */
};

void bundle_init(struct bundle *bundle);
void bundle_deinit(struct bundle *bundle); /* Accepts a zeroed one. */

/* Whether a file was refused for a currency or its decimals, which units could put right. */
bool bundle_lacks_units(const struct bundle *bundle);

/* Reads one file more. `base` is a file whose folder relative names start from; NULL: the working
 * folder. INVALID: reported (file:line:column). UNAVAILABLE: it cannot be read, `detail` says why.
 */
enum status bundle_read(struct bundle *bundle, const char *path, const char *base,
                        char *detail) MUST_CHECK;

/* What a plan read by itself may use: the zones of this machine and the bundle's units, which it
 * borrows. */
struct plan_sources bundle_sources(const struct bundle *bundle);

/* Gives every record `change`, its version and its writer, and drops those whose content stands
 * already in `controls` (all versions) or `rosters` (the newest of each aspect, sorted by
 * participant and aspect). INVALID: a published plan version would change. */
enum status bundle_version(struct bundle *bundle, const struct control *controls,
                           size_t control_count, const struct roster *rosters, size_t roster_count,
                           const char *change, int64_t now_ms, char *detail) MUST_CHECK;

/* The whole file in the arena; UNAVAILABLE with `detail`. */
enum status read_file(const char *path, struct arena *arena, struct slice *out,
                      char *detail) MUST_CHECK;
/* A file of that text, instead of one that there is; UNAVAILABLE with `detail`. */
enum status write_file(const char *path, struct slice text, char *detail) MUST_CHECK;

#endif
