/* All schemas that a program meets, and records to and from bytes by them.
 *
 * Our own versions come from a folder (schemas/README.md); writers' schemas from a registry when
 * one is configured, else from that folder by the fixed ids of its ids.json. What was fetched is
 * kept for ever, what the registry did not know for a while. After the first message of a writer's
 * schema nothing is looked up by text, allocated or locked per message. One thread at a time: each
 * loop has its own. */
#ifndef MILEPOST_SCHEMA_SCHEMAS_H
#define MILEPOST_SCHEMA_SCHEMAS_H

#include "base/arena.h"
#include "base/log.h"
#include "engine/fold.h"
#include "schema/registry.h"
#include "schema/schema_kind_list.h"

/* How long the registry's "unknown" is believed, and how long after a failure it is not asked
 * again. */
enum { SCHEMAS_MISS_MS = 30000, SCHEMAS_RETRY_MS = 500, SCHEMAS_MISSES_MAX = 1024 };

struct schemas_options {
    const char *folder;               /* of NAME.avsc, history/ and ids.json */
    struct registry_options registry; /* `url` NULL or "": no registry */
    bool registers; /* auto.register.schemas: schemas_prepare() registers what is not there */
};

struct schemas;

/* Reads and compiles everything of the folder. REFUSED, naming the file: it cannot be read, or does
 * not agree with the shape; or the registry's configuration cannot work. Asks no registry. */
enum status schemas_open(const struct schemas_options *options, struct schemas **out,
                         char *detail) MUST_CHECK;
void schemas_free(struct schemas *schemas);

/* For metrics. */
struct schemas_figures {
    int64_t cached;            /* writers' schemas of public records that are known */
    struct histogram requests; /* to the registry, as registry_durations() */
};
struct schemas_figures schemas_figures(const struct schemas *schemas);

/* Hands in the shape of a kind of SCHEMA_WORKER_KIND_LIST, before it is used. REFUSED: it does not
 * agree with the kind's schema. */
enum status schemas_use_shape(struct schemas *schemas, enum schema_kind kind,
                              const struct shape *shape, char *detail) MUST_CHECK;

/* --- public records: Confluent's wire format --- */

/* Decodes a record's value by its header `__value_schema_id`, else by its prefix (0x00, 4-byte id).
 * Text is borrowed from the value, lists from `arena`. `now_ms` is any clock that does not go back.
 * INVALID: `detail` is "reason: sentence", the reason one of magic, unknown-schema, wrong-schema,
 * undecodable. UNAVAILABLE: the registry does not answer, try again later. REFUSED: it never will
 * as configured. EXHAUSTED: the arena is full. */
enum status schemas_decode(struct schemas *schemas, enum schema_kind kind,
                           const struct log_record *record, void *out, struct arena *arena,
                           int64_t now_ms, char *detail) MUST_CHECK;

/* Finds the id under which records of `kind` are written to `topic` (its full name): the registry's
 * for subject `topic-value`, else that of ids.json. Once per kind and before schemas_encode().
 * UNAVAILABLE as above; REFUSED: not registered (and not to be), or incompatible. */
enum status schemas_prepare(struct schemas *schemas, enum schema_kind kind, const char *topic,
                            char *detail) MUST_CHECK;

/* Appends 0x00, the id and the body. The kind was prepared. */
void schemas_encode(const struct schemas *schemas, enum schema_kind kind, const void *value,
                    struct buffer *out);

/* --- private records: 0x01, 8-byte fingerprint, body --- */

void schemas_encode_private(const struct schemas *schemas, enum schema_kind kind, const void *value,
                            struct buffer *out);

/* CORRUPT: not a record of that kind. EXHAUSTED: the arena is full. */
enum status schemas_decode_private(struct schemas *schemas, enum schema_kind kind,
                                   struct slice bytes, void *out, struct arena *arena,
                                   char *detail) MUST_CHECK;

/* --- rows in state and in packed records: the version's id as an Avro long, body --- */

void schemas_encode_row(const struct schemas *schemas, enum schema_kind kind, const void *value,
                        struct buffer *out);

/* Statuses as schemas_decode_private(). */
enum status schemas_decode_row(struct schemas *schemas, enum schema_kind kind, struct slice bytes,
                               void *out, struct arena *arena, char *detail) MUST_CHECK;

/* The codec that the folds use; valid as long as `schemas`. */
struct row_codec schemas_row_codec(struct schemas *schemas);

/* The current schema's text as the file has it; borrowed from `schemas`. */
struct slice schemas_text(const struct schemas *schemas, enum schema_kind kind);

#endif
