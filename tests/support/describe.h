/* A struct as text, by its shape: what tables of tests expect. `v=12.5 w=[a,b] x={k:1} y=-` */
#ifndef MILEPOST_TESTS_DESCRIBE_H
#define MILEPOST_TESTS_DESCRIBE_H

#include "base/shape.h"

static inline void describe(const struct shape *shape, const void *value, struct buffer *out);

static inline void describe_number(int128 units, int scale, struct buffer *out)
{
    char text[DECIMAL_TEXT_BYTES];
    if (scale == DECIMAL_SCALE)
        decimal_format((struct decimal){units}, text);
    else
        int128_format(units, text);
    buffer_printf(out, "%s%s", text, scale == 12 ? "p" : "");
}

static inline void describe_value(const struct shape_field *field, const char *at,
                                  struct buffer *out)
{
    const struct slice *text = (const void *)at;
    const struct list *list = (const void *)at;
    const struct text_or_decimal *either = (const void *)at;
    switch (field->kind) {
    case SHAPE_TEXT:
    case SHAPE_BYTES:
        buffer_append_slice(out, *text);
        break;
    case SHAPE_BOOL:
        buffer_printf(out, *(const bool *)(const void *)at ? "true" : "false");
        break;
    case SHAPE_INT:
    case SHAPE_DATE:
        buffer_printf(out, "%d", *(const int32_t *)(const void *)at);
        break;
    case SHAPE_LONG:
    case SHAPE_INSTANT:
        buffer_printf(out, "%lld", (long long)*(const int64_t *)(const void *)at);
        break;
    case SHAPE_DECIMAL:
    case SHAPE_SHARE:
        describe_number(((const struct decimal *)(const void *)at)->units, DECIMAL_SCALE, out);
        break;
    case SHAPE_RATIO:
        describe_number(((const struct decimal *)(const void *)at)->units, 12, out);
        break;
    case SHAPE_ENUM:
        buffer_printf(out, "%s", field->symbols[*(const int32_t *)(const void *)at]);
        break;
    case SHAPE_RECORD:
        buffer_printf(out, "(");
        describe(field->of, at, out);
        buffer_printf(out, ")");
        break;
    case SHAPE_LIST:
    case SHAPE_MAP:
        buffer_printf(out, field->kind == SHAPE_MAP ? "{" : "[");
        for (size_t i = 0; i < list->count; i++) {
            size_t size = field->of ? field->of->size : sizeof(struct slice);
            const char *item = (const char *)list->items + i * size;
            buffer_printf(out, i ? "," : "");
            if (field->of)
                describe(field->of, item, out);
            else
                buffer_append_slice(out, *(const struct slice *)(const void *)item);
        }
        buffer_printf(out, field->kind == SHAPE_MAP ? "}" : "]");
        break;
    case SHAPE_TEXT_OR_DECIMAL:
        buffer_printf(out, either->is_decimal ? "#" : "");
        if (either->is_decimal)
            describe_number(either->decimal.units, DECIMAL_SCALE, out);
        else
            buffer_append_slice(out, either->text);
        break;
    }
}

static inline void describe(const struct shape *shape, const void *value, struct buffer *out)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_field *field = &shape->fields[i];
        const char *base = value;
        bool is_there = field->presence == SHAPE_ALWAYS;
        if (field->presence == SHAPE_BY_BYTES)
            is_there = ((const struct slice *)(const void *)(base + field->offset))->bytes;
        else if (field->presence >= 0)
            is_there = *(const bool *)(const void *)(base + field->presence);
        buffer_printf(out, "%s%s=", i ? " " : "", field->name);
        if (is_there)
            describe_value(field, base + field->offset, out);
        else
            buffer_printf(out, "-");
    }
}

#endif
