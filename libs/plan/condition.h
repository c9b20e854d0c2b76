/* Conditions of `where`: what a deal, or a line of it, must be to count. */
#ifndef MILEPOST_PLAN_CONDITION_H
#define MILEPOST_PLAN_CONDITION_H

#include "plan/categories.h"
#include "plan/fact.h"
#include "plan/reading.h"

/* symbol, key in plans, whether it is a field of a line. `attribute.NAME` is the deal's attribute,
 * `line.attribute.NAME` the line's. */
#define CONDITION_LIST(ROW)                                                                        \
    ROW(CONDITION_PRODUCT, "product", true)                                                        \
    ROW(CONDITION_CATEGORY, "category", true)                                                      \
    ROW(CONDITION_TERRITORY, "territory", false)                                                   \
    ROW(CONDITION_CUSTOMER, "customer", false)                                                     \
    ROW(CONDITION_DEAL_TYPE, "deal-type", false)                                                   \
    ROW(CONDITION_ATTRIBUTE, "attribute.", false)                                                  \
    ROW(CONDITION_LINE_ATTRIBUTE, "line.attribute.", true)

#define CONDITION_SYMBOL(symbol, key, is_line) symbol,
enum condition_field { CONDITION_LIST(CONDITION_SYMBOL) CONDITION_FIELD_COUNT };
#undef CONDITION_SYMBOL

enum comparator {
    COMPARE_NONE, /* one of the values */
    COMPARE_LESS,
    COMPARE_LESS_OR_EQUAL,
    COMPARE_GREATER,
    COMPARE_GREATER_OR_EQUAL,
    COMPARE_EQUAL,
    COMPARE_NOT_EQUAL,
};

struct condition_value {
    struct slice text;
    bool is_number; /* an unquoted number: an attribute that is that number fits too */
    struct decimal number;
};

struct condition {
    enum condition_field field;
    struct slice name; /* of the attribute */
    bool is_line;
    enum comparator comparator;
    struct decimal number; /* of a comparison */
    const struct condition_value *values;
    size_t count;
};

/* What is asked. Fields a deal does not have are empty; they fit no condition. */
struct condition_subject {
    struct slice territory;
    struct slice customer;
    struct slice deal_type;
    const struct list *attributes;       /* attribute: the deal's */
    const struct deal_line *line;        /* NULL where a condition on the deal is asked */
    const struct categories *categories; /* NULL: products are in no category but their own name */
};

/* Whether the subject is as `condition` says; a comparison with something missing or with text is
 * false. */
bool condition_fits(const struct condition *condition, const struct condition_subject *subject);

/* Reads the map under `where:`. False when something was reported. */
bool condition_parse_all(struct reading *reading, const struct node *where,
                         const struct condition **out, size_t *out_count);

#endif
