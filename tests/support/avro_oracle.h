/* What avro-c makes of a struct and of bytes: the judge that our codec is compared with. */
#ifndef MILEPOST_TESTS_AVRO_ORACLE_H
#define MILEPOST_TESTS_AVRO_ORACLE_H

#include <avro.h>
#include <stdlib.h>

#include "support/random_value.h"

#define ORACLE(call)                                                                               \
    do {                                                                                           \
        if (call) {                                                                                \
            (void)fprintf(stderr, "avro-c: %s: %s\n", #call, avro_strerror());                     \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* How the oracle writes decimals: with this many bytes more than needed. */
struct oracle_style {
    size_t decimal_bytes_over;
};

static inline void oracle_fill(avro_value_t *to, const struct shape *shape, const void *value,
                               struct oracle_style style);

static inline void oracle_put_decimal(avro_value_t *to, int128 units, struct oracle_style style)
{
    unsigned char bytes[64];
    size_t length = 1;
    while (length < 16 && units >> (8 * length - 1) != (units < 0 ? -1 : 0))
        length++;
    length += style.decimal_bytes_over;
    for (size_t i = 0; i < length; i++) {
        size_t shift = 8 * (length - 1 - i);
        bytes[i] = (unsigned char)(shift >= 128 ? (units < 0 ? 0xff : 0) : units >> shift);
    }
    ORACLE(avro_value_set_bytes(to, bytes, length));
}

static inline void oracle_put_text(avro_value_t *to, struct slice text)
{
    /* avro-c wants the NUL counted, and takes it from the text. */
    char *copy = malloc(text.length + 1);
    if (!copy)
        abort();
    if (text.length)
        memcpy(copy, text.bytes, text.length);
    copy[text.length] = '\0';
    ORACLE(avro_value_set_string_len(to, copy, text.length + 1));
    free(copy);
}

static inline void oracle_put(avro_value_t *to, const struct shape_field *field, const char *at,
                              struct oracle_style style);

static inline void oracle_put_list(avro_value_t *to, const struct shape_field *field,
                                   const struct list *list, struct oracle_style style)
{
    size_t size = field->of ? field->of->size : sizeof(struct slice);
    for (size_t i = 0; i < list->count; i++) {
        const char *item = (const char *)list->items + i * size;
        avro_value_t element;
        if (field->kind == SHAPE_MAP) {
            const struct slice *key = (const void *)item;
            char text[64];
            (void)snprintf(text, sizeof text, "%.*s", SLICE_ARGS(*key));
            ORACLE(avro_value_add(to, text, &element, NULL, NULL));
            oracle_put(&element, &field->of->fields[1], item + field->of->fields[1].offset, style);
            continue;
        }
        ORACLE(avro_value_append(to, &element, NULL));
        if (field->of)
            oracle_fill(&element, field->of, item, style);
        else
            oracle_put_text(&element, *(const struct slice *)(const void *)item);
    }
}

static inline void oracle_put(avro_value_t *to, const struct shape_field *field, const char *at,
                              struct oracle_style style)
{
    const struct slice *text = (const void *)at;
    avro_value_t branch;
    switch (field->kind) {
    case SHAPE_TEXT:
        oracle_put_text(to, *text);
        break;
    case SHAPE_BYTES: {
        void *bytes = (void *)(uintptr_t)text->bytes;
        ORACLE(avro_value_set_bytes(to, bytes, text->length));
        break;
    }
    case SHAPE_BOOL:
        ORACLE(avro_value_set_boolean(to, *(const bool *)(const void *)at));
        break;
    case SHAPE_INT:
    case SHAPE_DATE:
        ORACLE(avro_value_set_int(to, *(const int32_t *)(const void *)at));
        break;
    case SHAPE_LONG:
    case SHAPE_INSTANT:
        ORACLE(avro_value_set_long(to, *(const int64_t *)(const void *)at));
        break;
    case SHAPE_DECIMAL:
    case SHAPE_SHARE:
    case SHAPE_RATIO:
        oracle_put_decimal(to, ((const struct decimal *)(const void *)at)->units, style);
        break;
    case SHAPE_ENUM:
        ORACLE(avro_value_set_enum(to, *(const int32_t *)(const void *)at));
        break;
    case SHAPE_RECORD:
        oracle_fill(to, field->of, at, style);
        break;
    case SHAPE_LIST:
    case SHAPE_MAP:
        oracle_put_list(to, field, (const struct list *)(const void *)at, style);
        break;
    case SHAPE_TEXT_OR_DECIMAL: {
        const struct text_or_decimal *either = (const void *)at;
        ORACLE(avro_value_set_branch(to, either->is_decimal, &branch));
        if (either->is_decimal)
            oracle_put_decimal(&branch, either->decimal.units, style);
        else
            oracle_put_text(&branch, either->text);
        break;
    }
    }
}

static inline bool oracle_is_there(const struct shape_field *field, const void *value)
{
    const char *base = value;
    if (field->presence == SHAPE_BY_BYTES)
        return ((const struct slice *)(const void *)(base + field->offset))->bytes != NULL;
    return field->presence == SHAPE_ALWAYS || *(const bool *)(const void *)(base + field->presence);
}

/* Sets every field that the record `to` has from a struct of `shape`; optional fields are [null,
 * X]. */
static inline void oracle_fill(avro_value_t *to, const struct shape *shape, const void *value,
                               struct oracle_style style)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_field *field = &shape->fields[i];
        const char *at = (const char *)value + field->offset;
        avro_value_t member;
        if (avro_value_get_by_name(to, field->name, &member, NULL))
            continue; /* an older schema */
        if (field->presence == SHAPE_ALWAYS) {
            oracle_put(&member, field, at, style);
            continue;
        }
        avro_value_t branch;
        bool is_there = oracle_is_there(field, value);
        ORACLE(avro_value_set_branch(&member, is_there, &branch));
        if (is_there)
            oracle_put(&branch, field, at, style);
    }
}

/* Appends what avro-c writes for `value`. */
static inline void oracle_append(const avro_value_t *value, struct buffer *out)
{
    size_t bytes;
    avro_value_t copy = *value;
    ORACLE(avro_value_sizeof(&copy, &bytes));
    char *at = buffer_reserve(out, bytes + 1);
    avro_writer_t writer = avro_writer_memory(at, (int64_t)bytes + 1);
    ORACLE(avro_value_write(writer, &copy));
    out->length += (size_t)avro_writer_tell(writer);
    avro_writer_free(writer);
}

#endif
