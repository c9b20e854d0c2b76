/* A row codec for unit tests: writes a struct by walking its shape, field by field, as raw bytes.
 * No schema, no versions: what libs/schema does for real. */
#ifndef MILEPOST_TESTS_PLAIN_CODEC_H
#define MILEPOST_TESTS_PLAIN_CODEC_H

#include "engine/fold.h"

#include <assert.h>

static inline bool plain_is_present(const struct shape_field *field, const char *base)
{
    if (field->presence == SHAPE_ALWAYS)
        return true;
    if (field->presence == SHAPE_BY_BYTES)
        return ((const struct slice *)(const void *)(base + field->offset))->bytes != NULL;
    return *(const bool *)(const void *)(base + field->presence);
}

static inline void plain_encode(const struct shape *shape, const void *value, struct buffer *out);

static inline void plain_put_text(struct slice text, struct buffer *out)
{
    uint32_t length = (uint32_t)text.length;
    buffer_append(out, &length, sizeof length);
    buffer_append_slice(out, text);
}

static inline void plain_put_list(const struct shape_field *field, const struct list *list,
                                  struct buffer *out)
{
    uint32_t count = (uint32_t)list->count;
    buffer_append(out, &count, sizeof count);
    size_t size = field->of ? field->of->size : sizeof(struct slice);
    for (size_t i = 0; i < list->count; i++) {
        const char *item = (const char *)list->items + i * size;
        if (field->of)
            plain_encode(field->of, item, out);
        else
            plain_put_text(*(const struct slice *)(const void *)item, out);
    }
}

static inline void plain_put_field(const struct shape_field *field, const char *at,
                                   struct buffer *out)
{
    const struct text_or_decimal *either = (const void *)at;
    if (field->kind == SHAPE_RECORD)
        plain_encode(field->of, at, out);
    else if (field->kind == SHAPE_LIST || field->kind == SHAPE_MAP)
        plain_put_list(field, (const struct list *)(const void *)at, out);
    else if (field->kind == SHAPE_TEXT || field->kind == SHAPE_BYTES)
        plain_put_text(*(const struct slice *)(const void *)at, out);
    else if (field->kind == SHAPE_TEXT_OR_DECIMAL) {
        buffer_append_byte(out, (char)either->is_decimal);
        if (either->is_decimal)
            buffer_append(out, &either->decimal, sizeof either->decimal);
        else
            plain_put_text(either->text, out);
    } else
        buffer_append(out, at, shape_value_size(field->kind, field->of));
}

static inline void plain_encode(const struct shape *shape, const void *value, struct buffer *out)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_field *field = &shape->fields[i];
        bool is_present = plain_is_present(field, value);
        buffer_append_byte(out, (char)is_present);
        if (is_present)
            plain_put_field(field, (const char *)value + field->offset, out);
    }
}

struct plain_reader {
    struct slice rest;
    struct arena *scratch;
};

static inline void plain_take(struct plain_reader *reader, void *out, size_t bytes)
{
    assert(reader->rest.length >= bytes);
    memcpy(out, reader->rest.bytes, bytes);
    reader->rest.bytes += bytes;
    reader->rest.length -= bytes;
}

static inline struct slice plain_take_text(struct plain_reader *reader)
{
    uint32_t length;
    plain_take(reader, &length, sizeof length);
    assert(reader->rest.length >= length);
    struct slice text = {reader->rest.bytes, length};
    reader->rest.bytes += length;
    reader->rest.length -= length;
    return text;
}

static inline void plain_decode(const struct shape *shape, struct plain_reader *reader, void *out);
static inline void plain_take_fields(const struct shape *shape, struct plain_reader *reader,
                                     void *out);

static inline void plain_take_list(const struct shape_field *field, struct plain_reader *reader,
                                   struct list *out)
{
    uint32_t count;
    plain_take(reader, &count, sizeof count);
    size_t size = field->of ? field->of->size : sizeof(struct slice);
    char *items = count ? arena_take_array(reader->scratch, count, size) : NULL;
    for (size_t i = 0; i < count; i++) {
        if (field->of)
            plain_decode(field->of, reader, items + i * size);
        else
            *(struct slice *)(void *)(items + i * size) = plain_take_text(reader);
    }
    *out = (struct list){items, count};
}

static inline void plain_take_field(const struct shape_field *field, struct plain_reader *reader,
                                    char *at)
{
    struct text_or_decimal *either = (void *)at;
    if (field->kind == SHAPE_RECORD)
        plain_take_fields(field->of, reader, at);
    else if (field->kind == SHAPE_LIST || field->kind == SHAPE_MAP)
        plain_take_list(field, reader, (struct list *)(void *)at);
    else if (field->kind == SHAPE_TEXT || field->kind == SHAPE_BYTES)
        *(struct slice *)(void *)at = plain_take_text(reader);
    else if (field->kind == SHAPE_TEXT_OR_DECIMAL) {
        plain_take(reader, &either->is_decimal, sizeof either->is_decimal);
        if (either->is_decimal)
            plain_take(reader, &either->decimal, sizeof either->decimal);
        else
            either->text = plain_take_text(reader);
    } else
        plain_take(reader, at, shape_value_size(field->kind, field->of));
}

static inline void plain_take_fields(const struct shape *shape, struct plain_reader *reader,
                                     void *out)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_field *field = &shape->fields[i];
        bool is_present;
        plain_take(reader, &is_present, sizeof is_present);
        if (is_present && field->presence >= 0)
            *(bool *)(void *)((char *)out + field->presence) = true;
        if (is_present)
            plain_take_field(field, reader, (char *)out + field->offset);
    }
}

static inline void plain_decode(const struct shape *shape, struct plain_reader *reader, void *out)
{
    memset(out, 0, shape->size); /* once: a part of a struct (SHAPE_PART) stands in it */
    plain_take_fields(shape, reader, out);
}

static inline const struct shape *plain_shape(enum row_kind kind)
{
    static const struct shape *const shapes[] = {
        [ROW_CONTROL] = &control_shape,         [ROW_DEAL] = &deal_row_shape,
        [ROW_MILESTONE] = &milestone_row_shape, [ROW_PAYMENT] = &payment_row_shape,
        [ROW_ROSTER] = &roster_shape,           [ROW_CREDIT] = &credit_row_shape,
        [ROW_RESULT] = &result_row_shape,       [ROW_EMITTED] = &emitted_row_shape,
    };
    return shapes[kind];
}

static inline void plain_codec_encode(void *self, enum row_kind kind, const void *row,
                                      struct buffer *out)
{
    (void)self;
    plain_encode(plain_shape(kind), row, out);
}

static inline enum status plain_codec_decode(void *self, enum row_kind kind, struct slice bytes,
                                             void *out, struct arena *scratch, char *detail)
{
    (void)self;
    (void)detail;
    struct plain_reader reader = {bytes, scratch};
    plain_decode(plain_shape(kind), &reader, out);
    assert(reader.rest.length == 0);
    return STATUS_OK;
}

static inline struct row_codec plain_codec(void)
{
    return (struct row_codec){.encode = plain_codec_encode, .decode = plain_codec_decode};
}

#endif
