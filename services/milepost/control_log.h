/* Control and roster as they stand in Kafka, and the one writer of both. */
#ifndef MILEPOST_MILEPOST_CONTROL_LOG_H
#define MILEPOST_MILEPOST_CONTROL_LOG_H

#include "base/arena.h"
#include "money/money.h"
#include "ops/connect.h"

/* The newest version of every control record and roster aspect. */
struct standing {
    struct arena arena;
    struct control *controls;
    size_t control_count;
    struct roster *rosters;
    size_t roster_count;
    int32_t partitions;
    int64_t records;
};

/* Reads control partition 0 (all partitions say the same) and the roster topic, read_committed, to
 * their ends. UNAVAILABLE, REFUSED as the connection. */
enum status standing_read(const struct connection *connection, struct schemas *schemas,
                          struct standing *out, char *detail) MUST_CHECK;
void standing_deinit(struct standing *standing); /* Accepts a zeroed one. */

/* Sorts the rosters by participant and aspect, and of each keeps the highest version. */
void standing_keep_newest(struct standing *standing);
/* The record of that kind and id with the highest version, or NULL. */
const struct control *standing_control(const struct standing *standing, struct slice kind,
                                       struct slice id);
/* The record of kind `units`; NULL: control declares none. */
const struct control *standing_units(const struct standing *standing);
/* The units that control declares, read into the arena; without any the outputs stay as they are.
 * REFUSED with `detail`: the record cannot be read. */
enum status standing_units_read(const struct standing *standing, struct arena *arena,
                                const struct currency **out_units, size_t *out_count,
                                char *detail) MUST_CHECK;
const struct roster *standing_roster(const struct standing *standing, struct slice participant,
                                     struct slice aspect);
/* Writes all records in one transaction: control into every partition, roster into the
 * participant's. FENCED: another apply took over. */
enum status control_write(const struct connection *connection, struct schemas *schemas,
                          const struct control *controls, size_t control_count,
                          const struct roster *rosters, size_t roster_count, int32_t partitions,
                          char *detail) MUST_CHECK;

#endif
