/* Shapes: what a struct of ours looks like, said once.
 *
 * A shape lists the fields of a C struct under their schema names. The Avro codec (libs/schema)
 * compiles it against a writer's schema, the JSON reader and writer follow it, and content is
 * compared by it; so a new field is one struct member, one row here and one line in the .avsc.
 *
 * How a field is held:
 *   TEXT, BYTES      struct slice; an absent optional one has bytes NULL
 *   BOOL             bool
 *   INT, DATE        int32_t (a date is days since 1970-01-01)
 *   LONG, INSTANT    int64_t (an instant is milliseconds since 1970-01-01T00:00Z)
 *   DECIMAL, SHARE   struct decimal (Avro decimal, precision 38, scale 9; a share's 1 is 100 %)
 *   RATIO            struct decimal whose units are 10^-12 (Avro decimal, precision 38, scale 12)
 *   ENUM             int32_t, an index into `symbols`
 *   RECORD           the nested struct itself
 *   LIST             struct list of nested structs, or of slices when `of` is NULL (items text)
 *   MAP              struct list of entry structs `of`; the entry's first field is the key (TEXT)
 *                    and its only other field the value
 *   TEXT_OR_DECIMAL  struct text_or_decimal
 * An optional field of another kind than TEXT and BYTES names the bool that says whether it is
 * there
 * (`presence`); the value of an absent one is zero. */
#ifndef MILEPOST_BASE_SHAPE_H
#define MILEPOST_BASE_SHAPE_H

#include "base/buffer.h"
#include "base/decimal.h"
#include "base/slice.h"

enum shape_kind {
    SHAPE_TEXT,
    SHAPE_BYTES,
    SHAPE_BOOL,
    SHAPE_INT,
    SHAPE_DATE,
    SHAPE_LONG,
    SHAPE_INSTANT,
    SHAPE_DECIMAL,
    SHAPE_SHARE,
    SHAPE_RATIO,
    SHAPE_ENUM,
    SHAPE_RECORD,
    SHAPE_LIST,
    SHAPE_MAP,
    SHAPE_TEXT_OR_DECIMAL,
};

struct list {
    void *items; /* contiguous structs; NULL when count is 0 */
    size_t count;
};

struct text_or_decimal {
    bool is_decimal;
    struct slice text;      /* when not is_decimal */
    struct decimal decimal; /* when is_decimal */
};

enum { SHAPE_ALWAYS = -1, SHAPE_BY_BYTES = -2 };

struct shape;

struct shape_field {
    const char *name;
    enum shape_kind kind;
    size_t offset;              /* of the member in the struct */
    int presence;               /* offset of the has_ bool, SHAPE_ALWAYS, or SHAPE_BY_BYTES */
    const struct shape *of;     /* RECORD, LIST, MAP */
    const char *const *symbols; /* ENUM: NULL-terminated */
    bool is_identity;           /* not content: left out when contents are compared (event_id) */
};

struct shape {
    const char *name; /* the Avro record's full name without the namespace */
    size_t size;      /* sizeof the struct */
    const struct shape_field *fields;
    size_t count;
    size_t encoded; /* offset of a slice: all fields as our current schema has them; 0: none */
};

/* One row of a shape's table; `type` is the struct. */
#define SHAPE_FIELD(type, member, kind)                                                            \
    {                                                                                              \
#member, kind, offsetof(type, member), SHAPE_ALWAYS, 0, 0, 0                               \
    }
#define SHAPE_IDENTITY(type, member, kind)                                                         \
    {                                                                                              \
#member, kind, offsetof(type, member), SHAPE_ALWAYS, 0, 0, 1                               \
    }
#define SHAPE_OPTIONAL_TEXT(type, member)                                                          \
    {                                                                                              \
#member, SHAPE_TEXT, offsetof(type, member), SHAPE_BY_BYTES, 0, 0, 0                       \
    }
#define SHAPE_OPTIONAL_BYTES(type, member)                                                         \
    {                                                                                              \
#member, SHAPE_BYTES, offsetof(type, member), SHAPE_BY_BYTES, 0, 0, 0                      \
    }
#define SHAPE_OPTIONAL(type, member, kind)                                                         \
    {                                                                                              \
#member, kind, offsetof(type, member), (int)offsetof(type, has_##member), 0, 0, 0          \
    }
#define SHAPE_NESTED(type, member, kind, of)                                                       \
    {                                                                                              \
#member, kind, offsetof(type, member), SHAPE_ALWAYS, of, 0, 0                              \
    }
#define SHAPE_OPTIONAL_NESTED(type, member, kind, of)                                              \
    {                                                                                              \
#member, kind, offsetof(type, member), (int)offsetof(type, has_##member), of, 0, 0         \
    }
#define SHAPE_SYMBOLS(type, member, symbols)                                                       \
    {                                                                                              \
#member, SHAPE_ENUM, offsetof(type, member), SHAPE_ALWAYS, 0, symbols, 0                   \
    }
#define SHAPE_OF(type, schema_name, rows)                                                          \
    {                                                                                              \
        schema_name, sizeof(struct type), rows, sizeof(rows) / sizeof((rows)[0]), 0                \
    }
/* A record of members of the struct itself. */
#define SHAPE_PART(name, of)                                                                       \
    {                                                                                              \
#name, SHAPE_RECORD, 0, SHAPE_ALWAYS, of, 0, 0                                             \
    }
#define SHAPE_OPTIONAL_PART(type, name, of)                                                        \
    {                                                                                              \
#name, SHAPE_RECORD, 0, (int)offsetof(type, has_##name), of, 0, 0                          \
    }
/* A record that is passed on as it came: decoding by a writer's schema that is ours sets the slice
 * `encoded` to its bytes, and encoding copies them when they are set instead of going through the
 * fields. Who changes a field of such a struct clears `encoded`. */
#define SHAPE_ENCODED_OF(type, schema_name, rows)                                                  \
    {                                                                                              \
        schema_name, sizeof(struct type), rows, sizeof(rows) / sizeof((rows)[0]),                  \
            offsetof(struct type, encoded)                                                         \
    }

/* Whether two structs of `shape` say the same, identity fields apart. Maps compare by key, in any
 * order; lists in order. */
bool shape_equal_content(const struct shape *shape, const void *a, const void *b);

/* Appends bytes that are equal exactly when contents are (identity fields apart, maps by key in
 * byte order): what content hashes are taken of. Not a wire format. */
void shape_append_content(const struct shape *shape, const void *value, struct buffer *out);

/* The size in bytes of one value of `kind` (`of` for RECORD) inside a struct or list. */
size_t shape_value_size(enum shape_kind kind, const struct shape *of);

#endif
