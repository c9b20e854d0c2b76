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

static const struct text_or_decimal *attribute_named(const struct list *list, struct slice name)
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

static bool matches(struct obvious *all, const struct node *wanted,
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

static bool condition_holds(struct obvious *all, const struct node *wanted, const struct deal *deal,
                            const struct deal_line *line)
{
    struct slice key = wanted->key;
    struct text_or_decimal value = {0};
    if (is_of_line(key) && !line)
        return false;
    if (slice_equal(key, SLICE("category")))
        return is_in_category(all, wanted, line->product);
    bool is_line_attribute = slice_starts_with(key, SLICE("line.attribute."));
    if (is_line_attribute || slice_starts_with(key, SLICE("attribute."))) {
        const struct list *attributes = is_line_attribute ? &line->attributes : &deal->attributes;
        struct slice prefix = is_line_attribute ? SLICE("line.attribute.") : SLICE("attribute.");
        const struct text_or_decimal *found = attribute_named(attributes, without(key, prefix));
        return found && matches(all, wanted, found);
    }
    if (slice_equal(key, SLICE("product")))
        value.text = line->product;
    else if (slice_equal(key, SLICE("territory")))
        value.text = deal->territory;
    else if (slice_equal(key, SLICE("customer")))
        value.text = deal->customer_id;
    else if (slice_equal(key, SLICE("deal-type")))
        value.text = deal->deal_type;
    else
        (void)obvious_refuse(all, NULL, wanted, "a condition that is not known here");
    return value.text.bytes && matches(all, wanted, &value);
}

bool obvious_holds(struct obvious *all, const struct node *when, const struct deal *deal,
                   const struct deal_line *line)
{
    for (const struct node *wanted = when ? when->first : NULL; wanted; wanted = wanted->next)
        if (!condition_holds(all, wanted, deal, line))
            return false;
    return true;
}

static bool asks_about_lines(const struct node *component)
{
    const struct node *where = node_find(node_find(component, "measure"), "where");
    for (const struct node *wanted = where ? where->first : NULL; wanted; wanted = wanted->next)
        if (is_of_line(wanted->key))
            return true;
    return false;
}

bool obvious_fits(struct obvious *all, const struct node *component,
                  const struct obvious_entry *entry)
{
    const struct node *measure = node_find(component, "measure");
    const struct node *role = node_find(measure, "role");
    const struct node *where = node_find(measure, "where");
    const struct deal *deal = entry->row->deal;
    if (role && !obvious_lists(role, entry->row->role))
        return false;
    if (entry->line || !asks_about_lines(component))
        return obvious_holds(all, where, deal, entry->line);
    const struct deal_line *lines = deal->lines.items;
    for (size_t i = 0; i < deal->lines.count; i++)
        if (obvious_holds(all, where, deal, &lines[i]))
            return true;
    return false;
}

/* --- values --- */

mpq_srcptr obvious_amount(struct obvious *all, const struct deal *deal,
                          const struct deal_line *line, struct slice sum)
{
    struct numbers *numbers = &all->numbers;
    const struct list *amounts = line ? &line->amounts : &deal->amounts;
    const struct named_decimal *named = amounts->items;
    if (slice_equal(sum, SLICE("count")))
        return number_of(numbers, 1);
    if (slice_equal(sum, SLICE("amount")))
        return number_decimal(numbers, line ? line->amount : deal->amount);
    if (slice_equal(sum, SLICE("quantity"))) {
        bool has = line ? line->has_quantity : deal->has_quantity;
        struct decimal quantity = line ? line->quantity : deal->quantity;
        return has ? number_decimal(numbers, quantity) : number_of(numbers, 0);
    }
    if (!slice_starts_with(sum, SLICE("amount.")))
        return obvious_refuse(all, NULL, NULL, "a sum that is not known here");
    for (size_t i = 0; i < amounts->count; i++)
        if (slice_equal(named[i].name, without(sum, SLICE("amount."))))
            return number_decimal(numbers, named[i].value);
    return number_of(numbers, 0);
}

bool obvious_counts_line(struct obvious_book *book, const struct obvious_entry *entry, size_t index)
{
    const struct deal *deal = entry->row->deal;
    const struct deal_line *line = (const struct deal_line *)deal->lines.items + index;
    const struct node *where = node_find(node_find(book->component, "measure"), "where");
    if (entry->line)
        return line == entry->line;
    return obvious_holds(book->all, where, deal, line);
}

mpq_srcptr obvious_value(struct obvious_book *book, const struct obvious_entry *entry,
                         struct slice sum)
{
    const struct deal *deal = entry->row->deal;
    const struct deal_line *lines = deal->lines.items;
    if (entry->line || !asks_about_lines(book->component) || slice_equal(sum, SLICE("count")))
        return obvious_amount(book->all, deal, entry->line, sum);
    mpq_srcptr value = number_of(book->numbers, 0);
    for (size_t i = 0; i < deal->lines.count; i++)
        if (obvious_counts_line(book, entry, i))
            value =
                number_add(book->numbers, value, obvious_amount(book->all, deal, &lines[i], sum));
    return value;
}

static void measure_rows(struct obvious_book *book)
{
    struct numbers *numbers = book->numbers;
    const struct node *measure = node_find(book->component, "measure");
    struct slice sum = node_find(measure, "sum") ? node_find(measure, "sum")->text : SLICE("");
    bool is_after = node_is(node_find(measure, "share"), "after");
    bool is_whole =
        slice_equal(sum, SLICE("count")) && node_is(node_find(measure, "count"), "credited");
    mpq_srcptr shares = number_of(numbers, 0);
    book->x = number_of(numbers, 0);
    book->units = number_of(numbers, 0);
    for (size_t i = 0; i < book->count && !book->all->status; i++) {
        mpq_srcptr share = number_decimal(numbers, book->entries[i].row->share);
        mpq_srcptr value = obvious_value(book, &book->entries[i], sum);
        mpq_srcptr units = obvious_value(book, &book->entries[i], SLICE("quantity"));
        shares = number_add(numbers, shares, share);
        if (!value || !units)
            return;
        if (is_after) { /* one deal, or one line, however many parts of it are the participant's */
            book->x = value;
            book->units = units;
            continue;
        }
        value = is_whole ? value : number_multiply(numbers, value, share);
        book->x = number_add(numbers, book->x, value);
        book->units = number_add(numbers, book->units, number_multiply(numbers, units, share));
    }
    book->share = is_after ? shares : number_of(numbers, 1);
    const struct node *plus = node_find(measure, "plus");
    if (plus)
        book->x = number_add(numbers, book->x, number_read(numbers, plus->text));
}

/* --- goal and target --- */

/* How many whole years the window is long; 0 when it is not. */
static int32_t whole_years(const struct window_span *span)
{
    int32_t end = span->from;
    for (int32_t years = 1; end < span->until; years++) {
        if (date_add_months(span->from, 12 * years, &end))
            return 0;
        if (end == span->until)
            return years;
    }
    return 0;
}

/* Equal parts of a year, or as many years as the plan's range has. */
static mpq_srcptr annual_value(struct obvious_book *book, struct decimal annual)
{
    int32_t parts = window_count_in_year(book->over);
    int32_t years = book->over == WINDOW_PLAN ? whole_years(&book->entries[0].span) : 0;
    mpq_srcptr value = number_decimal(book->numbers, annual);
    if (parts > 0)
        return number_divide(book->numbers, value, number_of(book->numbers, parts));
    return years > 0 ? number_multiply(book->numbers, value, number_of(book->numbers, years))
                     : NULL;
}

static mpq_srcptr figure_value(struct obvious_book *book, const struct figure *figure)
{
    const struct named_decimal *windows = figure->by_window.items;
    if (figure->weights.count > 0)
        return obvious_refuse(book->all, book->plan, NULL, "weights that are not valued here");
    if (figure->has_window)
        return number_decimal(book->numbers, figure->window);
    if (figure->has_annual)
        return annual_value(book, figure->annual);
    for (size_t i = 0; i < figure->by_window.count; i++)
        if (slice_equal(windows[i].name, book->entries[0].window))
            return number_decimal(book->numbers, windows[i].value);
    return NULL;
}

/* The component's own figure, else the one for every component. */
static mpq_srcptr figure_for(struct obvious_book *book, const struct list *list)
{
    const struct figure *figures = list->items;
    const struct figure *found = NULL;
    for (size_t i = 0; i < list->count; i++) {
        if (slice_equal(figures[i].component, book->component->key))
            return figure_value(book, &figures[i]);
        if (figures[i].component.length == 0)
            found = &figures[i];
    }
    return found ? figure_value(book, found) : NULL;
}

static mpq_srcptr attain(struct obvious_book *book, const struct node *goal)
{
    struct numbers *numbers = book->numbers;
    bool is_lower = node_is(node_find(goal, "direction"), "lower");
    const struct node *precision = node_find(goal, "attainment");
    mpq_srcptr hundred = number_of(numbers, 100);
    mpq_srcptr divisor = is_lower ? book->x : book->goal;
    if (mpq_sgn(divisor) == 0 || mpq_sgn(book->goal) == 0)
        return NULL;
    mpq_srcptr a = number_divide(numbers, is_lower ? book->goal : book->x, divisor);
    if (!precision || node_is(precision, "exact"))
        return a;
    mpq_srcptr percent = number_multiply(numbers, a, hundred);
    if (node_is(precision, "whole-percent-nearest")) /* half a percent goes up */
        percent = number_add(numbers, percent, number_read(numbers, SLICE("0.5")));
    return number_divide(numbers, number_floor(numbers, percent), hundred);
}

void obvious_measure(struct obvious_book *book)
{
    const struct node *goal = node_find(book->component, "goal");
    measure_rows(book);
    if (book->all->status)
        return;
    book->target = figure_for(book, &book->assignment->targets);
    if (goal && goal->kind == NODE_MAP) {
        const struct node *fixed = node_find(goal, "fixed");
        book->goal = fixed ? number_read(book->numbers, fixed->text)
                           : figure_for(book, &book->assignment->goals);
    }
    if (book->goal)
        book->a = attain(book, goal);
}
