#include "plan/condition.h"

#include <assert.h>
#include <stdio.h>

static const struct {
    const char *key;
    uint32_t group;
    bool is_line;
} fields[] = {
#define CONDITION_ROW(symbol, key, group, is_line) {key, group, is_line},
    CONDITION_LIST(CONDITION_ROW)
#undef CONDITION_ROW
};

static bool is_compared(enum condition_field field)
{
    return field == CONDITION_ATTRIBUTE || field == CONDITION_LINE_ATTRIBUTE ||
           field == CONDITION_QUANTITY;
}

/* --- asking --- */

bool comparator_holds(enum comparator comparator, int128 a, int128 b)
{
    switch (comparator) {
    case COMPARE_LESS:
        return a < b;
    case COMPARE_LESS_OR_EQUAL:
        return a <= b;
    case COMPARE_GREATER:
        return a > b;
    case COMPARE_GREATER_OR_EQUAL:
        return a >= b;
    case COMPARE_EQUAL:
        return a == b;
    case COMPARE_NOT_EQUAL:
        return a != b;
    case COMPARE_NONE:
        break;
    }
    assert(false);
    return false;
}

static const struct attribute *find_attribute(const struct list *attributes, struct slice name)
{
    for (size_t i = 0; attributes && i < attributes->count; i++) {
        const struct attribute *attribute = (const struct attribute *)attributes->items + i;
        if (slice_equal(attribute->name, name))
            return attribute;
    }
    return NULL;
}

bool condition_attribute_fits(const struct condition *condition, const struct list *attributes)
{
    const struct attribute *attribute = find_attribute(attributes, condition->name);
    if (!attribute)
        return false;
    const struct text_or_decimal *is = &attribute->value;
    if (condition->comparator != COMPARE_NONE)
        return is->is_decimal &&
               comparator_holds(condition->comparator, is->decimal.units, condition->number.units);
    for (size_t i = 0; i < condition->count; i++) {
        const struct condition_value *value = &condition->values[i];
        if (is->is_decimal ? value->is_number && value->number.units == is->decimal.units
                           : slice_equal(value->text, is->text))
            return true;
    }
    return false;
}

static bool quantity_fits(const struct condition *condition,
                          const struct condition_subject *subject)
{
    return subject->has_quantity && comparator_holds(condition->comparator, subject->quantity.units,
                                                     condition->number.units);
}

static bool text_fits(const struct condition *condition, struct slice text)
{
    for (size_t i = 0; i < condition->count; i++) {
        if (text.length > 0 && slice_equal(condition->values[i].text, text))
            return true;
    }
    return false;
}

static bool category_fits(const struct condition *condition,
                          const struct condition_subject *subject)
{
    for (size_t i = 0; i < condition->count; i++) {
        if (subject->line->product.length > 0 &&
            categories_contain(subject->categories, condition->values[i].text,
                               subject->line->product))
            return true;
    }
    return false;
}

bool condition_fits(const struct condition *condition, const struct condition_subject *subject)
{
    if (condition->is_line && !subject->line)
        return false;
    switch (condition->field) {
    case CONDITION_PRODUCT:
        return text_fits(condition, subject->line->product);
    case CONDITION_CATEGORY:
        return category_fits(condition, subject);
    case CONDITION_TERRITORY:
        return text_fits(condition, subject->territory);
    case CONDITION_CUSTOMER:
        return text_fits(condition, subject->customer);
    case CONDITION_DEAL_TYPE:
        return text_fits(condition, subject->deal_type);
    case CONDITION_ATTRIBUTE:
        return condition_attribute_fits(condition, subject->attributes);
    case CONDITION_LINE_ATTRIBUTE:
        return condition_attribute_fits(condition, &subject->line->attributes);
    case CONDITION_MILESTONE:
        return text_fits(condition, subject->milestone);
    case CONDITION_PHASE:
        return text_fits(condition, subject->phase);
    case CONDITION_QUANTITY:
        return quantity_fits(condition, subject);
    case CONDITION_FIELD_COUNT:
        break;
    }
    assert(false);
    return false;
}

/* --- reading --- */

/* The longer operators come first. */
static const struct {
    const char *text;
    enum comparator comparator;
} operators[] = {
    {"<=", COMPARE_LESS_OR_EQUAL}, {">=", COMPARE_GREATER_OR_EQUAL}, {"!=", COMPARE_NOT_EQUAL},
    {"<", COMPARE_LESS},           {">", COMPARE_GREATER},           {"=", COMPARE_EQUAL},
};

static enum comparator read_operator(struct slice *text)
{
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        struct slice operator= slice_of(operators[i].text);
        if (!slice_starts_with(*text, operator))
            continue;
        text->bytes += operator.length;
        text->length -= operator.length;
        while (text->length > 0 && text->bytes[0] == ' ') {
            text->bytes++;
            text->length--;
        }
        return operators[i].comparator;
    }
    return COMPARE_NONE;
}

bool comparison_parse(struct reading *reading, const struct node *node, const char *what,
                      enum figure_kind kind, enum comparator *out, struct decimal *out_number)
{
    struct node number = *node;
    struct slice text;
    if (!reading_text(reading, node, what, &text))
        return false;
    *out = read_operator(&number.text);
    if (*out != COMPARE_NONE)
        return reading_figure(reading, &number, what, kind, out_number);
    report_error(reading->reports, node_place(node), "bad-value",
                 kind == FIGURE_SHARE ? "\">= 80%\"" : "\">= 1000\"",
                 "%s is a comparison: one of <, <=, >, >=, =, != and a number, in quotes", what);
    return false;
}

static bool read_comparison(struct reading *reading, const struct node *node, struct slice number,
                            struct condition *condition)
{
    if (!is_compared(condition->field)) {
        report_error(reading->reports, node_place(node), "bad-value", NULL,
                     "only an attribute can be compared with a number; `%s` is a value or a list",
                     fields[condition->field].key);
        return false;
    }
    if (decimal_parse_share(number, &condition->number)) {
        report_error(reading->reports, node_place(node), "bad-number", NULL,
                     "a comparison needs a number or a share behind its sign, not `%.*s`",
                     SLICE_ARGS(number));
        return false;
    }
    return true;
}

static bool read_one(struct reading *reading, const struct node *node, struct condition_value *out)
{
    if (!reading_text(reading, node, "a value", &out->text))
        return false;
    out->is_number = node->is_plain && !decimal_parse_share(node->text, &out->number);
    return true;
}

static bool read_list(struct reading *reading, const struct node *node, struct condition *condition)
{
    struct condition_value *values = reading_take(reading, node->count, sizeof *values);
    if (!values)
        return false;
    if (node->count == 0) {
        report_error(reading->reports, node_place(node), "bad-value", NULL,
                     "an empty list fits nothing; leave the condition out, or name a value");
        return false;
    }
    bool is_right = true;
    for (const struct node *item = node->first; item; item = item->next)
        is_right &= read_one(reading, item, &values[condition->count++]);
    condition->values = values;
    return is_right;
}

bool condition_parse_value(struct reading *reading, const struct node *node,
                           struct condition *condition)
{
    if (condition->field == CONDITION_QUANTITY)
        return comparison_parse(reading, node, "`quantity`", FIGURE_NUMBER, &condition->comparator,
                                &condition->number);
    if (node->kind == NODE_LIST)
        return read_list(reading, node, condition);
    struct slice text;
    if (!reading_text(reading, node, "a condition", &text))
        return false;
    condition->comparator = read_operator(&text);
    if (condition->comparator != COMPARE_NONE)
        return read_comparison(reading, node, text, condition);
    struct condition_value *value = reading_take(reading, 1, sizeof *value);
    if (!value)
        return false;
    condition->values = value;
    condition->count = 1;
    return read_one(reading, node, value);
}

static bool find_field(struct slice key, struct condition *out)
{
    for (int i = 0; i < CONDITION_FIELD_COUNT; i++) {
        struct slice name = slice_of(fields[i].key);
        bool is_prefix = name.bytes[name.length - 1] == '.';
        if (is_prefix ? !slice_starts_with(key, name) || key.length == name.length
                      : !slice_equal(key, name))
            continue;
        out->field = (enum condition_field)i;
        out->is_line = fields[i].is_line;
        if (is_prefix)
            out->name = (struct slice){key.bytes + name.length, key.length - name.length};
        return true;
    }
    return false;
}

bool condition_parse_all(struct reading *reading, const struct node *where, uint32_t groups,
                         const struct condition **out, size_t *out_count)
{
    struct key_rule keys[CONDITION_FIELD_COUNT + 1] = {{0}};
    const char *what = slice_equal(where->key, SLICE("where")) ? "`where`" : "`when`";
    size_t count = 0;
    for (int i = 0; i < CONDITION_FIELD_COUNT; i++) {
        if (fields[i].group & groups)
            keys[count++].key = fields[i].key;
    }
    if (!reading_keys(reading, where, what, keys))
        return false;
    struct condition *conditions = reading_take(reading, where->count, sizeof *conditions);
    if (!conditions)
        return false;
    bool is_right = true;
    count = 0;
    for (const struct node *value = where->first; value; value = value->next) {
        bool is_found = find_field(value->key, &conditions[count]);
        assert(is_found);
        is_right &= condition_parse_value(reading, value, &conditions[count++]);
    }
    *out = conditions;
    *out_count = count;
    return is_right;
}
