/* A parsed Avro schema, with what avro-c drops: logical types, defaults and aliases.
 *
 * Internal to libs/schema. avro-c is asked first whether the schema is one at all. */
#ifndef MILEPOST_SCHEMA_TREE_H
#define MILEPOST_SCHEMA_TREE_H

#include <jansson.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/status.h"

enum { TREE_DEPTH_MAX = 64, TREE_BYTES_MAX = 64 * 1024 * 1024 };

enum tree_type {
    TREE_NULL,
    TREE_BOOLEAN,
    TREE_INT,
    TREE_LONG,
    TREE_FLOAT,
    TREE_DOUBLE,
    TREE_BYTES,
    TREE_STRING,
    TREE_RECORD,
    TREE_ENUM,
    TREE_FIXED,
    TREE_ARRAY,
    TREE_MAP,
    TREE_UNION,
    TREE_TYPES,
};

enum tree_logical {
    LOGICAL_NONE, /* none, or one that says nothing to us (uuid …) */
    LOGICAL_DECIMAL,
    LOGICAL_DATE,
    LOGICAL_MILLIS,
    LOGICAL_MICROS,
    LOGICAL_NANOS,
    LOGICAL_OTHER, /* time of day, local timestamps, durations, big-decimal: never ours */
};

struct tree_node;

struct tree_field {
    const char *name;
    const struct tree_node *type;
    const char **aliases;
    size_t alias_count;
    const json_t *preset; /* the default; NULL: none. Borrowed from the tree. */
};

struct tree_node {
    enum tree_type type;
    enum tree_logical logical;
    int scale;             /* decimal */
    const char *full_name; /* named types */
    struct tree_field *fields;
    size_t field_count;
    const struct tree_node **children; /* branches; items or values is the only one */
    size_t child_count;
    const char **symbols;
    size_t symbol_count;
    const char *symbol_preset; /* an enum's default symbol, or NULL */
    uint32_t size;             /* fixed */
};

struct tree {
    struct arena arena;
    json_t *json;
    const struct tree_node *root;
};

/* Parses; STATUS_INVALID with `detail` when it is no Avro schema. Nothing to deinit after a
 * failure. */
enum status tree_parse(struct slice json, struct tree *out, char *detail) MUST_CHECK;
void tree_deinit(struct tree *tree); /* accepts a zeroed tree; twice is fine */

/* Whether every value has the same bytes and the same meaning under both: names, order, symbols,
 * logical types and scales alike. */
bool tree_same(const struct tree_node *a, const struct tree_node *b);

/* Appends the Parsing Canonical Form. */
void tree_canonical(const struct tree_node *root, struct buffer *out);

/* CRC-64-AVRO. */
uint64_t tree_fingerprint(struct slice canonical);

/* "null", "boolean" … */
const char *tree_type_name(enum tree_type type);

/* The fewest bytes a value of this type takes; 0 for those that may take none. */
size_t tree_bytes_min(const struct tree_node *node);

#endif
