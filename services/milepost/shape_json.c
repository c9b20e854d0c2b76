#include "milepost/shape_json.h"

#include <inttypes.h>
#include <string.h>

#include "calendar/date.h"
#include "milepost/console.h"
#include "money/money.h"
#include "money/rounding.h"

enum { RATIO_PLACES = 12 };

/* Handed down to nested records. */
struct json_writer {
    struct buffer *out;
    const struct shape_json_options *options;
};

static void append_fields(const struct json_writer *writer, const struct shape *shape,
                          const char *value);

size_t ratio_format(struct decimal ratio, char out[DECIMAL_TEXT_BYTES])
{
    bool is_negative = ratio.units < 0;
    int128 size = is_negative ? -ratio.units : ratio.units;
    int128 one = decimal_power(RATIO_PLACES);
    char whole[DECIMAL_TEXT_BYTES];
    size_t length = int128_format(is_negative ? -(size / one) : size / one, whole);
    bool lacks_sign = is_negative && size / one == 0;
    int written = snprintf(out, DECIMAL_TEXT_BYTES, "%s%.*s.%012" PRId64, lacks_sign ? "-" : "",
                           (int)length, whole, (int64_t)(size % one));
    length = (size_t)written;
    while (out[length - 1] == '0')
        length--;
    if (out[length - 1] == '.')
        length--;
    out[length] = '\0';
    return length;
}

struct slice ratio_percent(struct decimal ratio, char out[DECIMAL_TEXT_BYTES])
{
    int128 hundredths = ratio.units / decimal_power(RATIO_PLACES - 4);
    if (hundredths > INT64_MAX || hundredths < INT64_MIN)
        return (struct slice){out, ratio_format(ratio, out)};
    size_t length = money_format((int64_t)hundredths, 2, out);
    out[length++] = '%';
    out[length] = '\0';
    return (struct slice){out, length};
}

struct slice places_format(struct decimal value, int places, char out[DECIMAL_TEXT_BYTES])
{
    int64_t units;
    if (money_from_decimal(value, places, &units) == STATUS_OK)
        return (struct slice){out, money_format(units, places, out)};
    return (struct slice){out, decimal_format(value, out)};
}

enum status ratio_round(struct rational value, struct decimal *out)
{
    struct rational step = {1, decimal_power(RATIO_PLACES)};
    return rational_round_wide(value, step, ROUND_HALF_EVEN, &out->units);
}

void json_append_money(struct buffer *out, const char *name, struct decimal value, int places)
{
    char text[DECIMAL_TEXT_BYTES];
    json_append_field(out, name, places_format(value, places, text));
}

void json_append_texts(struct buffer *out, const char *name, const struct list *texts)
{
    const struct slice *items = texts->items;
    json_append_raw(out, name, "[");
    for (size_t i = 0; i < texts->count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        json_append_text(out, items[i]);
    }
    buffer_append_byte(out, ']');
}

struct slice instant_text(int64_t ms, char *out)
{
    return (struct slice){out, instant_format(ms, out)};
}

static void append_decimal(const struct json_writer *writer, struct decimal value, bool is_quoted)
{
    char text[DECIMAL_TEXT_BYTES];
    struct slice digits = {text, decimal_format(value, text)};
    if (is_quoted)
        json_append_text(writer->out, digits);
    else
        buffer_append_slice(writer->out, digits);
}

static void append_text(const struct json_writer *writer, const void *at, const struct shape *of)
{
    (void)of;
    json_append_text(writer->out, *(const struct slice *)at);
}

static void append_bytes(const struct json_writer *writer, const void *at, const struct shape *of)
{
    const struct slice *bytes = at;
    (void)of;
    buffer_append_byte(writer->out, '"');
    for (size_t i = 0; i < bytes->length; i++)
        buffer_printf(writer->out, "%02x", (unsigned char)bytes->bytes[i]);
    buffer_append_byte(writer->out, '"');
}

static void append_bool(const struct json_writer *writer, const void *at, const struct shape *of)
{
    (void)of;
    buffer_append_slice(writer->out, *(const bool *)at ? SLICE("true") : SLICE("false"));
}

static void append_int(const struct json_writer *writer, const void *at, const struct shape *of)
{
    (void)of;
    buffer_printf(writer->out, "%" PRId32, *(const int32_t *)at);
}

static void append_date(const struct json_writer *writer, const void *at, const struct shape *of)
{
    char text[DATE_TEXT_BYTES];
    (void)of;
    json_append_text(writer->out, (struct slice){text, date_format(*(const int32_t *)at, text)});
}

static void append_long(const struct json_writer *writer, const void *at, const struct shape *of)
{
    (void)of;
    buffer_printf(writer->out, "%" PRId64, *(const int64_t *)at);
}

static void append_instant(const struct json_writer *writer, const void *at, const struct shape *of)
{
    char text[INSTANT_TEXT_BYTES];
    (void)of;
    json_append_text(writer->out, instant_text(*(const int64_t *)at, text));
}

static void append_number(const struct json_writer *writer, const void *at, const struct shape *of)
{
    (void)of;
    char text[DECIMAL_TEXT_BYTES];
    struct decimal value = *(const struct decimal *)at;
    if (writer->options->has_places)
        json_append_text(writer->out, places_format(value, writer->options->places, text));
    else
        append_decimal(writer, value, true);
}

static void append_share(const struct json_writer *writer, const void *at, const struct shape *of)
{
    (void)of;
    append_decimal(writer, *(const struct decimal *)at, true);
}

static void append_ratio(const struct json_writer *writer, const void *at, const struct shape *of)
{
    char text[DECIMAL_TEXT_BYTES];
    (void)of;
    json_append_text(writer->out,
                     (struct slice){text, ratio_format(*(const struct decimal *)at, text)});
}

static void append_record(const struct json_writer *writer, const void *at, const struct shape *of)
{
    buffer_append_byte(writer->out, '{');
    append_fields(writer, of, at);
    buffer_append_byte(writer->out, '}');
}

static void append_list(const struct json_writer *writer, const void *at, const struct shape *of)
{
    const struct list *list = at;
    buffer_append_byte(writer->out, '[');
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            buffer_append_byte(writer->out, ',');
        if (of)
            append_record(writer, (const char *)list->items + i * of->size, of);
        else
            json_append_text(writer->out, ((const struct slice *)list->items)[i]);
    }
    buffer_append_byte(writer->out, ']');
}

static void append_text_or_decimal(const struct json_writer *writer, const void *at,
                                   const struct shape *of)
{
    const struct text_or_decimal *value = at;
    (void)of;
    if (value->is_decimal)
        append_decimal(writer, value->decimal, false);
    else
        json_append_text(writer->out, value->text);
}

static void append_map(const struct json_writer *writer, const void *at, const struct shape *of);

/* Enums need their symbols and are written where the field is known. */
static void (*const writers[])(const struct json_writer *, const void *, const struct shape *) = {
    [SHAPE_TEXT] = append_text,
    [SHAPE_BYTES] = append_bytes,
    [SHAPE_BOOL] = append_bool,
    [SHAPE_INT] = append_int,
    [SHAPE_DATE] = append_date,
    [SHAPE_LONG] = append_long,
    [SHAPE_INSTANT] = append_instant,
    [SHAPE_DECIMAL] = append_number,
    [SHAPE_SHARE] = append_share,
    [SHAPE_RATIO] = append_ratio,
    [SHAPE_ENUM] = NULL,
    [SHAPE_RECORD] = append_record,
    [SHAPE_LIST] = append_list,
    [SHAPE_MAP] = append_map,
    [SHAPE_TEXT_OR_DECIMAL] = append_text_or_decimal,
};

static void append_value(const struct json_writer *writer, const struct shape_field *field,
                         const char *value)
{
    const void *at = value + field->offset;
    if (field->kind == SHAPE_ENUM)
        json_append_text(writer->out, slice_of(field->symbols[*(const int32_t *)at]));
    else
        writers[field->kind](writer, at, field->of);
}

static void append_map(const struct json_writer *writer, const void *at, const struct shape *of)
{
    const struct list *list = at;
    buffer_append_byte(writer->out, '{');
    for (size_t i = 0; i < list->count; i++) {
        const char *entry = (const char *)list->items + i * of->size;
        if (i > 0)
            buffer_append_byte(writer->out, ',');
        append_value(writer, &of->fields[0], entry);
        buffer_append_byte(writer->out, ':');
        append_value(writer, &of->fields[1], entry);
    }
    buffer_append_byte(writer->out, '}');
}

static bool is_present(const struct shape_field *field, const char *value)
{
    if (field->presence == SHAPE_ALWAYS)
        return true;
    if (field->presence == SHAPE_BY_BYTES)
        return ((const struct slice *)(const void *)(value + field->offset))->bytes != NULL;
    return *(const bool *)(const void *)(value + field->presence);
}

static bool is_named(const char *name, const char *const *names)
{
    for (; names && *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

static bool is_part(const struct shape *shape, const struct shape_field *field)
{
    return field->kind == SHAPE_RECORD && field->offset == 0 && field->of->size == shape->size;
}

/* `is_absent`: of a part that is not there. */
static void append_fields_of(const struct json_writer *writer, const struct shape *shape,
                             const char *value, bool is_absent)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_field *field = &shape->fields[i];
        bool is_null = is_absent || !is_present(field, value);
        if (is_named(field->name, writer->options->without))
            continue;
        if (is_part(shape, field)) {
            append_fields_of(writer, field->of, value, is_null);
            continue;
        }
        json_append_raw(writer->out, field->name, is_null ? "null" : "");
        if (!is_null)
            append_value(writer, field, value);
    }
}

static void append_fields(const struct json_writer *writer, const struct shape *shape,
                          const char *value)
{
    append_fields_of(writer, shape, value, false);
}

void shape_append_json(const struct shape *shape, const void *value, struct buffer *out)
{
    static const struct shape_json_options plain = {0};
    append_record(&(struct json_writer){out, &plain}, value, shape);
}

void shape_append_json_fields(const struct shape *shape, const void *value,
                              const struct shape_json_options *options, struct buffer *out)
{
    append_fields(&(struct json_writer){out, options}, shape, value);
}
