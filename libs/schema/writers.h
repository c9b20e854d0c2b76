/* Writers' schemas by their keys, each with a decoder per kind of ours. Internal to libs/schema.
 *
 * A hash table whose entries never move or leave, except that misses are dropped when there are too
 * many of them: a flood of made-up ids must not fill the memory. */
#ifndef MILEPOST_SCHEMA_WRITERS_H
#define MILEPOST_SCHEMA_WRITERS_H

#include "schema/codec.h"
#include "schema/schema_kind_list.h"

enum writer_key_kind { WRITER_ID, WRITER_GUID, WRITER_FINGERPRINT, WRITER_FILE_ID };

struct writer_key {
    uint64_t high;
    uint64_t low;
    enum writer_key_kind kind;
};

struct writer {
    struct writer_key key;
    char *json; /* NULL: the registry did not know it at `missed_ms` */
    size_t json_bytes;
    int64_t missed_ms;
    struct decoder *decoders[SCHEMA_KINDS]; /* compiled when first wanted */
    char *refusals[SCHEMA_KINDS];           /* why it cannot be compiled, or NULL */
};

struct writers {
    struct writer **slots;
    size_t slot_count; /* a power of 2, or 0 */
    size_t count;
    size_t miss_count;
    size_t public_count; /* schemas under a WRITER_ID or WRITER_GUID */
};

void writers_deinit(struct writers *writers);

/* NULL: not there. Borrowed until writers_deinit(); a miss until the next add. */
struct writer *writers_find(const struct writers *writers, struct writer_key key);

/* Adds or completes an entry; the text is copied, bytes NULL notes a miss. */
struct writer *writers_put(struct writers *writers, struct writer_key key, struct slice json,
                           int64_t now_ms);

#endif
