/* Structs with one field `v` of each kind, to try the codec with one thing at a time. */
#ifndef MILEPOST_TESTS_PROBE_H
#define MILEPOST_TESTS_PROBE_H

#include <stdio.h>
#include <stdlib.h>

#include "base/shape.h"

struct probe_pair {
    struct slice name;
    int64_t number;
};

struct probe_entry {
    struct slice key;
    struct decimal value;
};

struct probe {
    union {
        struct slice text;
        bool flag;
        int32_t whole;
        int64_t number;
        struct decimal decimal;
        struct probe_pair pair;
        struct list list;
        struct text_or_decimal either;
    };
    bool is_there;
};

static const struct shape_field probe_pair_fields[] = {
    SHAPE_FIELD(struct probe_pair, name, SHAPE_TEXT),
    SHAPE_FIELD(struct probe_pair, number, SHAPE_LONG),
};
static const struct shape probe_pair_shape = SHAPE_OF(probe_pair, "Pair", probe_pair_fields);

static const struct shape_field probe_entry_fields[] = {
    SHAPE_FIELD(struct probe_entry, key, SHAPE_TEXT),
    SHAPE_FIELD(struct probe_entry, value, SHAPE_DECIMAL),
};
static const struct shape probe_entry_shape = SHAPE_OF(probe_entry, "Entry", probe_entry_fields);

static const char *const probe_symbols[] = {"RED", "GREEN", "BLUE", NULL};

#define PROBE_OPTIONAL ((int)offsetof(struct probe, is_there))
#define PROBE(name, kind, presence, of, symbols)                                                   \
    static const struct shape_field name##_fields[] = {{"v", kind, 0, presence, of, symbols, 0}};  \
    static const struct shape name = SHAPE_OF(probe, "Probe", name##_fields)

PROBE(text_probe, SHAPE_TEXT, SHAPE_ALWAYS, NULL, NULL);
PROBE(maybe_text_probe, SHAPE_TEXT, SHAPE_BY_BYTES, NULL, NULL);
PROBE(bytes_probe, SHAPE_BYTES, SHAPE_ALWAYS, NULL, NULL);
PROBE(bool_probe, SHAPE_BOOL, SHAPE_ALWAYS, NULL, NULL);
PROBE(int_probe, SHAPE_INT, SHAPE_ALWAYS, NULL, NULL);
PROBE(maybe_int_probe, SHAPE_INT, PROBE_OPTIONAL, NULL, NULL);
PROBE(date_probe, SHAPE_DATE, SHAPE_ALWAYS, NULL, NULL);
PROBE(long_probe, SHAPE_LONG, SHAPE_ALWAYS, NULL, NULL);
PROBE(instant_probe, SHAPE_INSTANT, SHAPE_ALWAYS, NULL, NULL);
PROBE(decimal_probe, SHAPE_DECIMAL, SHAPE_ALWAYS, NULL, NULL);
PROBE(maybe_decimal_probe, SHAPE_DECIMAL, PROBE_OPTIONAL, NULL, NULL);
PROBE(ratio_probe, SHAPE_RATIO, SHAPE_ALWAYS, NULL, NULL);
PROBE(enum_probe, SHAPE_ENUM, SHAPE_ALWAYS, NULL, probe_symbols);
PROBE(record_probe, SHAPE_RECORD, SHAPE_ALWAYS, &probe_pair_shape, NULL);
PROBE(list_probe, SHAPE_LIST, SHAPE_ALWAYS, &probe_pair_shape, NULL);
PROBE(texts_probe, SHAPE_LIST, SHAPE_ALWAYS, NULL, NULL);
PROBE(map_probe, SHAPE_MAP, SHAPE_ALWAYS, &probe_entry_shape, NULL);
PROBE(either_probe, SHAPE_TEXT_OR_DECIMAL, SHAPE_ALWAYS, NULL, NULL);

/* What the files of schemas/ would say of each kind. */
#define DECIMAL_TYPE(scale)                                                                        \
    "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":38,\"scale\":" #scale "}"
#define INSTANT_TYPE "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}"
#define DATE_TYPE    "{\"type\":\"int\",\"logicalType\":\"date\"}"
#define PAIR_TYPE                                                                                  \
    "{\"type\":\"record\",\"name\":\"Pair\",\"fields\":[{\"name\":\"name\",\"type\":\"string\"},"  \
    "{\"name\":\"number\",\"type\":\"long\"}]}"
#define ENUM_TYPE        "{\"type\":\"enum\",\"name\":\"Colour\",\"symbols\":[\"RED\",\"GREEN\",\"BLUE\"]}"
#define LIST_TYPE(items) "{\"type\":\"array\",\"items\":" items "}"
#define MAP_TYPE(values) "{\"type\":\"map\",\"values\":" values "}"
#define MAYBE(type)      "[\"null\"," type "]"
#define FIELD_V(type)    "{\"name\":\"v\",\"type\":" type "}"

/* The schema of a record with these fields. */
static inline struct slice record_of(const char *fields, struct buffer *out)
{
    buffer_reset(out);
    buffer_printf(out, "{\"type\":\"record\",\"name\":\"Probe\",\"fields\":[%s]}", fields);
    return buffer_slice(out);
}

/* Bytes from hex digits; blanks are skipped, `x*n` repeats the byte x n times. */
static inline struct slice bytes_of(const char *hex, struct buffer *out)
{
    buffer_reset(out);
    while (*hex) {
        if (*hex == ' ') {
            hex++;
            continue;
        }
        char digits[3] = {hex[0], hex[1], 0};
        char byte = (char)strtol(digits, NULL, 16);
        long times = 1;
        hex += 2;
        if (*hex == '*') {
            char *end;
            times = strtol(hex + 1, &end, 10);
            hex = end;
        }
        while (times-- > 0)
            buffer_append_byte(out, byte);
    }
    return buffer_slice(out);
}

#endif
