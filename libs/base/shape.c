#include "base/shape.h"

#include <assert.h>
#include <stdlib.h>

static const size_t value_sizes[] = {
    [SHAPE_TEXT] = sizeof(struct slice),
    [SHAPE_BYTES] = sizeof(struct slice),
    [SHAPE_BOOL] = sizeof(bool),
    [SHAPE_INT] = sizeof(int32_t),
    [SHAPE_DATE] = sizeof(int32_t),
    [SHAPE_LONG] = sizeof(int64_t),
    [SHAPE_INSTANT] = sizeof(int64_t),
    [SHAPE_DECIMAL] = sizeof(struct decimal),
    [SHAPE_SHARE] = sizeof(struct decimal),
    [SHAPE_RATIO] = sizeof(struct decimal),
    [SHAPE_ENUM] = sizeof(int32_t),
    [SHAPE_RECORD] = 0,
    [SHAPE_LIST] = sizeof(struct list),
    [SHAPE_MAP] = sizeof(struct list),
    [SHAPE_TEXT_OR_DECIMAL] = sizeof(struct text_or_decimal),
};

size_t shape_value_size(enum shape_kind kind, const struct shape *of)
{
    return kind == SHAPE_RECORD ? of->size : value_sizes[kind];
}

static const char *at_offset(const void *base, size_t offset)
{
    return (const char *)base + offset;
}

static bool is_present(const struct shape_field *field, const void *base)
{
    if (field->presence == SHAPE_ALWAYS)
        return true;
    if (field->presence == SHAPE_BY_BYTES)
        return ((const struct slice *)(const void *)at_offset(base, field->offset))->bytes != NULL;
    return *(const bool *)(const void *)at_offset(base, (size_t)field->presence);
}

static void append_size(struct buffer *out, size_t size)
{
    uint64_t fixed = size;
    buffer_append(out, &fixed, sizeof fixed);
}

static void append_text(struct buffer *out, struct slice text)
{
    uint64_t length = text.length;
    char *at = buffer_reserve(out, sizeof length + text.length);
    memcpy(at, &length, sizeof length);
    if (text.length)
        memcpy(at + sizeof length, text.bytes, text.length);
    out->length += sizeof length + text.length;
}

/* One of the sizes of value_sizes, without a call. */
static void append_plain(struct buffer *out, const char *value, size_t size)
{
    char *at = buffer_reserve(out, sizeof(struct decimal));
    if (size == sizeof(struct decimal))
        memcpy(at, value, sizeof(struct decimal));
    else if (size == sizeof(int64_t))
        memcpy(at, value, sizeof(int64_t));
    else if (size == sizeof(int32_t))
        memcpy(at, value, sizeof(int32_t));
    else
        *at = *value;
    out->length += size;
}

static int by_key(const void *a, const void *b)
{
    const struct slice *const *first = a;
    const struct slice *const *second = b;
    return slice_compare(**first, **second);
}

/* The key is the entry's first member, so a pointer to the entry is one to its key. */
static bool is_in_order(const char *entries, size_t count, size_t size)
{
    for (size_t i = 1; i < count; i++) {
        const void *first = entries + (i - 1) * size;
        const void *second = entries + i * size;
        if (by_key(&first, &second) > 0)
            return false;
    }
    return true;
}

static void append_sorted(const struct shape *entry, const struct list *map, struct buffer *out)
{
    const void **sorted = malloc(map->count * sizeof *sorted);
    if (!sorted)
        abort();
    for (size_t i = 0; i < map->count; i++)
        sorted[i] = (const char *)map->items + i * entry->size;
    qsort(sorted, map->count, sizeof *sorted, by_key);
    for (size_t i = 0; i < map->count; i++)
        shape_append_content(entry, sorted[i], out);
    free(sorted);
}

static void append_list(const struct shape_field *field, const struct list *list,
                        struct buffer *out)
{
    append_size(out, list->count);
    if (list->count == 0)
        return;
    size_t size = field->of ? field->of->size : sizeof(struct slice);
    const char *items = list->items;
    if (field->kind == SHAPE_MAP && !is_in_order(items, list->count, size)) {
        append_sorted(field->of, list, out);
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (field->of)
            shape_append_content(field->of, items + i * size, out);
        else
            append_text(out, *(const struct slice *)(const void *)(items + i * size));
    }
}

static void append_either(const struct text_or_decimal *either, struct buffer *out)
{
    buffer_append_byte(out, either->is_decimal);
    if (either->is_decimal)
        append_plain(out, (const char *)&either->decimal, sizeof either->decimal);
    else
        append_text(out, either->text);
}

static void append_value(const struct shape_field *field, const char *value, struct buffer *out)
{
    if (field->kind == SHAPE_TEXT || field->kind == SHAPE_BYTES)
        append_text(out, *(const struct slice *)(const void *)value);
    else if (field->kind == SHAPE_RECORD)
        shape_append_content(field->of, value, out);
    else if (field->kind == SHAPE_LIST || field->kind == SHAPE_MAP)
        append_list(field, (const struct list *)(const void *)value, out);
    else if (field->kind == SHAPE_TEXT_OR_DECIMAL)
        append_either((const struct text_or_decimal *)(const void *)value, out);
    else
        append_plain(out, value, value_sizes[field->kind]);
}

void shape_append_content(const struct shape *shape, const void *value, struct buffer *out)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_field *field = &shape->fields[i];
        if (field->is_identity)
            continue;
        bool present = is_present(field, value);
        buffer_append_byte(out, present);
        if (present)
            append_value(field, at_offset(value, field->offset), out);
    }
}

bool shape_equal_content(const struct shape *shape, const void *a, const void *b)
{
    struct buffer first = {0};
    struct buffer second = {0};
    shape_append_content(shape, a, &first);
    shape_append_content(shape, b, &second);
    bool equal = slice_equal(buffer_slice(&first), buffer_slice(&second));
    buffer_deinit(&first);
    buffer_deinit(&second);
    return equal;
}
