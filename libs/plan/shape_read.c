#include "plan/shape_read.h"

#include "calendar/date.h"

#include <assert.h>
#include <stdio.h>

enum { FIELDS_MAX = 64 };

struct target {
    struct reading *reading;
    const struct shape_field *field;
    void *at; /* the member */
};

static bool refuse(const struct target *target, const struct node *node, const char *wanted)
{
    if (node->kind == NODE_SCALAR && !node_is_null(node))
        report_error(target->reading->reports, node_place(node), "bad-value", NULL,
                     "`%s` must be %s, not `%.*s`", target->field->name, wanted,
                     SLICE_ARGS(node->text));
    else
        report_error(target->reading->reports, node_place(node), "bad-value", NULL,
                     "`%s` must be %s", target->field->name, wanted);
    return false;
}

static bool read_text(const struct target *target, const struct node *node)
{
    if (node->kind != NODE_SCALAR)
        return refuse(target, node, "a text");
    *(struct slice *)target->at = node->text;
    return true;
}

static bool read_bool(const struct target *target, const struct node *node)
{
    bool is_true = node_is(node, "true");
    if (!is_true && !node_is(node, "false"))
        return refuse(target, node, "true or false");
    *(bool *)target->at = is_true;
    return true;
}

static bool read_whole(const struct target *target, const struct node *node, int64_t max,
                       int64_t *out)
{
    struct decimal value;
    if (node->kind != NODE_SCALAR || decimal_parse(node->text, &value) ||
        value.units % 1000000000 != 0)
        return refuse(target, node, "a whole number");
    int128 whole = value.units / 1000000000;
    if (whole > max || whole < -max)
        return refuse(target, node, "a smaller number");
    *out = (int64_t)whole;
    return true;
}

static bool read_int(const struct target *target, const struct node *node)
{
    int64_t value;
    if (!read_whole(target, node, INT32_MAX, &value))
        return false;
    *(int32_t *)target->at = (int32_t)value;
    return true;
}

static bool read_long(const struct target *target, const struct node *node)
{
    return read_whole(target, node, INT64_MAX, target->at);
}

static bool read_date(const struct target *target, const struct node *node)
{
    if (node->kind != NODE_SCALAR || date_parse(node->text, target->at))
        return refuse(target, node, "a date such as 2026-03-31");
    return true;
}

static bool read_instant(const struct target *target, const struct node *node)
{
    struct decimal value;
    bool is_number =
        node->kind == NODE_SCALAR && node->is_plain && !decimal_parse(node->text, &value);
    if (is_number)
        return read_long(target, node);
    if (node->kind != NODE_SCALAR || instant_parse(node->text, target->at))
        return refuse(target, node, "an instant such as 2026-02-03T10:00:00Z");
    return true;
}

static bool read_decimal(const struct target *target, const struct node *node)
{
    enum status status =
        node->kind == NODE_SCALAR ? decimal_parse(node->text, target->at) : STATUS_INVALID;
    if (status == STATUS_OUT_OF_RANGE)
        return refuse(target, node, "a number of at most 29 digits before the point");
    return !status || refuse(target, node, "a number with at most 9 decimals, such as 1500.00");
}

static bool read_share(const struct target *target, const struct node *node)
{
    enum status status =
        node->kind == NODE_SCALAR ? decimal_parse_share(node->text, target->at) : STATUS_INVALID;
    return !status || refuse(target, node, "a share such as 12.5% or 0.125");
}

static bool read_symbol(const struct target *target, const struct node *node)
{
    int word;
    char what[80];
    snprintf(what, sizeof what, "`%s`", target->field->name);
    if (!reading_word(target->reading, node, what, target->field->symbols, INT32_MAX, &word))
        return false;
    *(int32_t *)target->at = word;
    return true;
}

static bool read_text_or_decimal(const struct target *target, const struct node *node)
{
    struct text_or_decimal *out = target->at;
    if (node->kind != NODE_SCALAR)
        return refuse(target, node, "a text or a number");
    out->is_decimal = node->is_plain && !decimal_parse(node->text, &out->decimal);
    if (out->is_decimal)
        return true;
    out->decimal = (struct decimal){0};
    out->text = node->text;
    if (!node->is_plain)
        return true;
    return refuse(target, node, "a text in quotes or a number with at most 9 decimals");
}

static bool read_record(const struct target *target, const struct node *node)
{
    return shape_read(target->reading, target->field->of, node, NULL, NULL, target->at);
}

static bool read_list(const struct target *target, const struct node *node)
{
    const struct shape *of = target->field->of;
    size_t size = of ? of->size : sizeof(struct slice);
    struct list *list = target->at;
    if (node->kind != NODE_LIST)
        return refuse(target, node, "a list");
    char *items = reading_take(target->reading, node->count, size);
    if (!items)
        return false;
    bool is_right = true;
    size_t count = 0;
    for (const struct node *item = node->first; item; item = item->next, count++) {
        struct target one = {target->reading, target->field, items + count * size};
        is_right &=
            of ? shape_read(target->reading, of, item, NULL, NULL, one.at) : read_text(&one, item);
    }
    *list = (struct list){count > 0 ? items : NULL, count};
    return is_right;
}

static bool read_field(struct reading *reading, const struct shape_field *field,
                       const struct node *node, void *base);

/* An entry's first field is its key, its other one the value. */
static bool read_map(const struct target *target, const struct node *node)
{
    const struct shape *of = target->field->of;
    struct list *list = target->at;
    if (node->kind != NODE_MAP)
        return refuse(target, node, "a map of names and values");
    char *entries = reading_take(target->reading, node->count, of->size);
    if (!entries)
        return false;
    bool is_right = true;
    size_t count = 0;
    for (const struct node *value = node->first; value; value = value->next, count++) {
        char *entry = entries + count * of->size;
        *(struct slice *)(void *)(entry + of->fields[0].offset) = value->key;
        is_right &= read_field(target->reading, &of->fields[1], value, entry);
    }
    *list = (struct list){count > 0 ? entries : NULL, count};
    return is_right;
}

static bool (*const readers[])(const struct target *target, const struct node *node) = {
    [SHAPE_TEXT] = read_text,
    [SHAPE_BYTES] = read_text,
    [SHAPE_BOOL] = read_bool,
    [SHAPE_INT] = read_int,
    [SHAPE_DATE] = read_date,
    [SHAPE_LONG] = read_long,
    [SHAPE_INSTANT] = read_instant,
    [SHAPE_DECIMAL] = read_decimal,
    [SHAPE_SHARE] = read_share,
    [SHAPE_RATIO] = read_decimal,
    [SHAPE_ENUM] = read_symbol,
    [SHAPE_RECORD] = read_record,
    [SHAPE_LIST] = read_list,
    [SHAPE_MAP] = read_map,
    [SHAPE_TEXT_OR_DECIMAL] = read_text_or_decimal,
};

static bool read_field(struct reading *reading, const struct shape_field *field,
                       const struct node *node, void *base)
{
    char *at = base;
    struct target target = {reading, field, at + field->offset};
    if (!readers[field->kind](&target, node))
        return false;
    if (field->presence >= 0)
        *(bool *)(void *)(at + field->presence) = true;
    return true;
}

static const struct shape_field *find_field(const struct shape *shape, struct slice name)
{
    for (size_t i = 0; i < shape->count; i++) {
        if (slice_equal(slice_of(shape->fields[i].name), name))
            return &shape->fields[i];
    }
    return NULL;
}

static bool refuse_unknown(struct reading *reading, const struct shape *shape,
                           const struct node *value)
{
    const char *names[FIELDS_MAX + 1];
    char fix[128] = "";
    assert(shape->count <= FIELDS_MAX);
    for (size_t i = 0; i < shape->count; i++)
        names[i] = shape->fields[i].name;
    names[shape->count] = NULL;
    const char *nearest = report_nearest(value->key, names);
    if (nearest)
        snprintf(fix, sizeof fix, "did you mean `%s`?", nearest);
    report_error(reading->reports, node_key_place(value), "unknown-field", fix,
                 "a %s has no field `%.*s`", shape->name, SLICE_ARGS(value->key));
    return false;
}

static bool is_among(const char *name, const char *const *names)
{
    for (; names && *names; names++) {
        if (slice_equal(slice_of(*names), slice_of(name)))
            return true;
    }
    return false;
}

static bool may_be_missing(const struct shape_field *field, const char *const *may_miss)
{
    return field->presence != SHAPE_ALWAYS || field->kind == SHAPE_LIST ||
           field->kind == SHAPE_MAP || is_among(field->name, may_miss);
}

static bool check_missing(struct reading *reading, const struct shape *shape,
                          const struct node *node, const char *const *may_miss)
{
    bool is_right = true;
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_field *field = &shape->fields[i];
        const struct node *value = node_find(node, field->name);
        if ((value && !node_is_null(value)) || may_be_missing(field, may_miss))
            continue;
        report_error(reading->reports, node_place(node), "missing-field", NULL,
                     "a %s needs the field `%s`", shape->name, field->name);
        is_right = false;
    }
    return is_right;
}

bool shape_read(struct reading *reading, const struct shape *shape, const struct node *node,
                const char *const *may_miss, const char *ignored, void *out)
{
    if (node->kind != NODE_MAP) {
        report_error(reading->reports, node_place(node), "bad-value", NULL,
                     "a %s must be a map of its fields", shape->name);
        return false;
    }
    bool is_right = true;
    for (const struct node *value = node->first; value; value = value->next) {
        const struct shape_field *field = find_field(shape, value->key);
        if (ignored && slice_equal(value->key, slice_of(ignored)))
            continue;
        if (!field)
            is_right &= refuse_unknown(reading, shape, value);
        else if (!node_is_null(value))
            is_right &= read_field(reading, field, value, out);
    }
    return check_missing(reading, shape, node, may_miss) && is_right;
}
