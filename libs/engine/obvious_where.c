#include "engine/obvious_parts.h"

bool obvious_lists(const struct node *list, struct slice text)
{
    if (list->kind == NODE_SCALAR)
        return slice_equal(list->text, text);
    for (const struct node *item = list->first; item; item = item->next)
        if (slice_equal(item->text, text))
            return true;
    return false;
}

static struct slice without(struct slice text, struct slice prefix)
{
    return (struct slice){text.bytes + prefix.length, text.length - prefix.length};
}

static bool is_of_line(struct slice key)
{
    return slice_equal(key, SLICE("product")) || slice_equal(key, SLICE("category")) ||
           slice_starts_with(key, SLICE("line.attribute."));
}

/* --- conditions --- */

const struct text_or_decimal *obvious_attribute(const struct list *list, struct slice name)
{
    const struct attribute *attributes = list->items;
    for (size_t i = 0; i < list->count; i++)
        if (slice_equal(attributes[i].name, name))
            return &attributes[i].value;
    return NULL;
}

/* `< 10`, `>= 10%` …; false where it is none. */
static bool read_comparison(struct numbers *numbers, struct slice text, struct slice *out_sign,
                            mpq_srcptr *out_bound)
{
    static const char *const signs[] = {"<=", ">=", "!=", "<", ">", "="};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (!slice_starts_with(text, slice_of(signs[i])))
            continue;
        struct slice rest = without(text, slice_of(signs[i]));
        while (rest.length > 0 && rest.bytes[0] == ' ')
            rest = without(rest, SLICE(" "));
        *out_sign = slice_of(signs[i]);
        *out_bound = number_read(numbers, rest);
        return *out_bound != NULL;
    }
    return false;
}

static bool compares(struct slice sign, int order)
{
    if (slice_equal(sign, SLICE("<=")))
        return order <= 0;
    if (slice_equal(sign, SLICE(">=")))
        return order >= 0;
    if (slice_equal(sign, SLICE("!=")))
        return order != 0;
    if (slice_equal(sign, SLICE("<")))
        return order < 0;
    return slice_equal(sign, SLICE(">")) ? order > 0 : order == 0;
}

/* A number is compared as one, a text by its bytes. */
static bool matches_value(struct obvious *all, struct slice wanted,
                          const struct text_or_decimal *value)
{
    struct slice sign;
    mpq_srcptr bound;
    if (!value->is_decimal)
        return slice_equal(wanted, value->text);
    mpq_srcptr number = number_decimal(&all->numbers, value->decimal);
    if (read_comparison(&all->numbers, wanted, &sign, &bound))
        return compares(sign, mpq_cmp(number, bound));
    bound = number_read(&all->numbers, wanted);
    return bound && mpq_cmp(number, bound) == 0;
}

bool obvious_compares(struct obvious *all, const struct node *text, mpq_srcptr number)
{
    struct slice sign;
    mpq_srcptr bound;
    if (text && text->kind == NODE_SCALAR) {
        if (read_comparison(&all->numbers, text->text, &sign, &bound))
            return compares(sign, mpq_cmp(number, bound));
        bound = number_read(&all->numbers, text->text);
        if (bound)
            return mpq_cmp(number, bound) == 0;
    }
    (void)obvious_refuse(all, NULL, text, "a comparison that does not read");
    return false;
}

bool obvious_matches(struct obvious *all, const struct node *wanted,
                     const struct text_or_decimal *value)
{
    if (wanted->kind == NODE_SCALAR)
        return matches_value(all, wanted->text, value);
    for (const struct node *item = wanted->first; item; item = item->next)
        if (matches_value(all, item->text, value))
            return true;
    return false;
}

static bool is_in_category(struct obvious *all, const struct node *wanted, struct slice product)
{
    for (int depth = 0; depth < 100; depth++) {
        if (obvious_lists(wanted, product))
            return true;
        const struct node *parent = all->categories ? all->categories->first : NULL;
        while (parent && !slice_equal(parent->key, product))
            parent = parent->next;
        if (!parent)
            return false;
        product = parent->text;
    }
    return false;
}

/* "`attribute.NAME`" is the deal's; of a milestone its own first. */
static const struct text_or_decimal *attribute_of(const struct obvious_subject *subject,
                                                  struct slice key)
{
    const struct text_or_decimal *found = NULL;
    if (slice_starts_with(key, SLICE("line.attribute.")))
        return subject->line ? obvious_attribute(&subject->line->attributes,
                                                 without(key, SLICE("line.attribute.")))
                             : NULL;
    struct slice name = without(key, SLICE("attribute."));
    if (subject->milestone)
        found = obvious_attribute(&subject->milestone->attributes, name);
    return found || !subject->deal ? found : obvious_attribute(&subject->deal->attributes, name);
}

/* The text of one field; bytes NULL where the subject has none. */
static struct slice field_of(struct obvious *all, const struct node *wanted,
                             const struct obvious_subject *subject)
{
    static const struct deal no_deal = {0};
    static const struct deal_line no_line = {0};
    static const struct milestone no_milestone = {0};
    const struct deal *deal = subject->deal ? subject->deal : &no_deal;
    const struct deal_line *line = subject->line ? subject->line : &no_line;
    const struct milestone *milestone = subject->milestone ? subject->milestone : &no_milestone;
    const struct {
        const char *key;
        struct slice text;
    } fields[] = {{"product", line->product},          {"territory", deal->territory},
                  {"customer", deal->customer_id},     {"deal-type", deal->deal_type},
                  {"milestone", milestone->milestone}, {"phase", milestone->phase}};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (slice_equal(wanted->key, slice_of(fields[i].key)))
            return fields[i].text;
    (void)obvious_refuse(all, NULL, wanted, "a condition that is not known here");
    return (struct slice){0};
}

static bool condition_holds(struct obvious *all, const struct node *wanted,
                            const struct obvious_subject *subject)
{
    struct slice key = wanted->key;
    struct text_or_decimal value = {0};
    if (slice_equal(key, SLICE("category")))
        return subject->line && is_in_category(all, wanted, subject->line->product);
    if (slice_starts_with(key, SLICE("attribute.")) ||
        slice_starts_with(key, SLICE("line.attribute."))) {
        const struct text_or_decimal *found = attribute_of(subject, key);
        return found && obvious_matches(all, wanted, found);
    }
    value.text = field_of(all, wanted, subject);
    return value.text.bytes && obvious_matches(all, wanted, &value);
}

bool obvious_holds(struct obvious *all, const struct node *when,
                   const struct obvious_subject *subject, const char *const *except)
{
    for (const struct node *wanted = when ? when->first : NULL; wanted; wanted = wanted->next) {
        bool is_passed_by = false;
        for (size_t i = 0; except && except[i]; i++)
            is_passed_by = is_passed_by || slice_equal(wanted->key, slice_of(except[i]));
        if (!is_passed_by && !condition_holds(all, wanted, subject))
            return false;
    }
    return true;
}

bool obvious_asks_about_lines(const struct node *where)
{
    for (const struct node *wanted = where ? where->first : NULL; wanted; wanted = wanted->next)
        if (is_of_line(wanted->key))
            return true;
    return false;
}
