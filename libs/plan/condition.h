/* Conditions of `where`: what a deal, or a line of it, must be to count. */
#ifndef MILEPOST_PLAN_CONDITION_H
#define MILEPOST_PLAN_CONDITION_H

#include "plan/categories.h"
#include "plan/fact.h"
#include "plan/reading.h"

/* symbol, key in plans, group, whether it is a field of a line. `attribute.NAME` is the deal's
 * attribute, or the milestone's; `line.attribute.NAME` the line's. */
#define CONDITION_LIST(ROW)                                                                        \
    ROW(CONDITION_PRODUCT, "product", CONDITION_FIELDS_LINE, true)                                 \
    ROW(CONDITION_CATEGORY, "category", CONDITION_FIELDS_LINE, true)                               \
    ROW(CONDITION_TERRITORY, "territory", CONDITION_FIELDS_DEAL, false)                            \
    ROW(CONDITION_CUSTOMER, "customer", CONDITION_FIELDS_DEAL, false)                              \
    ROW(CONDITION_DEAL_TYPE, "deal-type", CONDITION_FIELDS_DEAL, false)                            \
    ROW(CONDITION_ATTRIBUTE, "attribute.", CONDITION_FIELDS_DEAL, false)                           \
    ROW(CONDITION_LINE_ATTRIBUTE, "line.attribute.", CONDITION_FIELDS_LINE, true)                  \
    ROW(CONDITION_MILESTONE, "milestone", CONDITION_FIELDS_MILESTONE, false)                       \
    ROW(CONDITION_PHASE, "phase", CONDITION_FIELDS_MILESTONE, false)                               \
    ROW(CONDITION_QUANTITY, "quantity", CONDITION_FIELDS_QUANTITY, false)

/* Groups of fields: which of them a condition may name hangs on the rows it is asked of. */
enum {
    CONDITION_FIELDS_DEAL = 1,
    CONDITION_FIELDS_LINE = 2,
    CONDITION_FIELDS_MILESTONE = 4,
    CONDITION_FIELDS_QUANTITY = 8, /* of the row: the line's where one is asked, else the deal's */
};

#define CONDITION_SYMBOL(symbol, key, group, is_line) symbol,
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
    struct slice milestone;
    struct slice phase;
    bool has_quantity; /* of the row */
    struct decimal quantity;
};

/* Whether the subject is as `condition` says; a comparison with something missing or with text is
 * false. */
bool condition_fits(const struct condition *condition, const struct condition_subject *subject);

/* Whether all those about a line, or all those about the deal, fit. */
static inline bool conditions_fit(const struct condition *conditions, size_t count, bool of_line,
                                  const struct condition_subject *subject)
{
    for (size_t i = 0; i < count; i++) {
        if (conditions[i].is_line == of_line && !condition_fits(&conditions[i], subject))
            return false;
    }
    return true;
}

static inline bool conditions_ask_of_lines(const struct condition *conditions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (conditions[i].is_line)
            return true;
    }
    return false;
}

/* Whether `attributes` (list of struct attribute) are as a condition on an attribute says. */
bool condition_attribute_fits(const struct condition *condition, const struct list *attributes);

/* Whether a ‹comparator› b. */
bool comparator_holds(enum comparator comparator, int128 a, int128 b);

/* Reads the map under `where:` or a row's `when:`; `groups` are those whose fields it may name.
 * False when something was reported. */
bool condition_parse_all(struct reading *reading, const struct node *where, uint32_t groups,
                         const struct condition **out, size_t *out_count);

/* Reads what a field must be, a value, a list of values or a comparison, into `out`, whose field
 * and name are set. */
bool condition_parse_value(struct reading *reading, const struct node *node, struct condition *out);

/* Reads a comparison such as "< 80%": its sign, and its number as `kind` says. */
bool comparison_parse(struct reading *reading, const struct node *node, const char *what,
                      enum figure_kind kind, enum comparator *out, struct decimal *out_number);

#endif
