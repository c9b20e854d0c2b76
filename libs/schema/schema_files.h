/* The folder of schemas: NAME.avsc, history/NAME.N.avsc, ids.json. Internal to libs/schema. */
#ifndef MILEPOST_SCHEMA_SCHEMA_FILES_H
#define MILEPOST_SCHEMA_SCHEMA_FILES_H

#include "base/arena.h"
#include "base/status.h"
#include "schema/schema_kind_list.h"

/* One published version. */
struct schema_version {
    enum schema_kind kind;
    uint32_t id;
    uint64_t fingerprint;
    struct slice json;
};

struct schema_files {
    struct slice current[SCHEMA_KINDS];
    uint32_t current_id[SCHEMA_KINDS]; /* of the newest version, which is the current one */
    uint64_t current_fingerprint[SCHEMA_KINDS];
    struct schema_version *versions;
    size_t version_count;
};

/* Reads all of it into `arena`. REFUSED, naming the file, when something is missing, not a schema,
 * or when a current file is not its newest version in history. */
enum status schema_files_read(const char *folder, struct arena *arena, struct schema_files *out,
                              char *detail) MUST_CHECK;

#endif
