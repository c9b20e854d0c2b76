/* The system's time zone files, read once by `apply` and `simulate`: never by a worker.
 *
 * Reads TZif version 2 and higher (RFC 8536): the 64-bit transitions, and beyond them the rule in
 * the footer. */
#ifndef MILEPOST_CALENDAR_ZONE_FILE_H
#define MILEPOST_CALENDAR_ZONE_FILE_H

#include "base/arena.h"
#include "calendar/zone.h"

#define ZONE_FOLDER "/usr/share/zoneinfo"

enum { ZONE_NAME_BYTES_MAX = 64, ZONE_FILE_BYTES_MAX = 256 * 1024 };

/* Days [from, until) whose local dates a table must get right. */
struct zone_range {
    int32_t from;
    int32_t until;
};

/* Whether `name` can be an IANA name: letters, digits, `+ - _ /`, no empty part, at most
 * ZONE_NAME_BYTES_MAX. (Points are refused, so no name leaves the folder.) */
bool zone_name_is_valid(struct slice name);

/* The transitions of zone `name` in `folder` (ZONE_FOLDER usually) that matter in `range`, two days
 * more on either side; the rows live in `arena`. STATUS_INVALID with a sentence in `detail` for a
 * bad name, a missing file or one that is not TZif; STATUS_EXHAUSTED when the arena is full. */
enum status zone_file_read(const char *folder, struct slice name, struct zone_range range,
                           struct arena *arena, struct zone *out,
                           char detail[DETAIL_BYTES]) MUST_CHECK;

/* As zone_file_read, from the file's bytes. */
enum status zone_file_parse(struct slice bytes, struct zone_range range, struct arena *arena,
                            struct zone *out, char detail[DETAIL_BYTES]) MUST_CHECK;

#endif
