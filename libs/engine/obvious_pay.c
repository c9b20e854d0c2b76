#include "engine/obvious_parts.h"

static const struct node *mechanic_of(const struct node *component, const char *name)
{
    return node_find(node_find(component, "pays"), name);
}

bool obvious_uses_attainment(const struct node *component)
{
    return node_is(node_find(mechanic_of(component, "tiers"), "on"), "attainment") ||
           node_is(node_find(mechanic_of(component, "curve"), "on"), "attainment");
}

mpq_srcptr obvious_target(struct obvious_book *book)
{
    if (!book->target)
        book->waits = "target-missing";
    return book->target;
}

mpq_srcptr obvious_on(struct obvious_book *book, const struct node *on)
{
    const struct deal_line *line = book->entries[0].line;
    if (node_is(on, "amount"))
        return book->x;
    if (node_is(on, "attainment"))
        return book->a;
    if (!on || on->kind != NODE_SCALAR || !slice_starts_with(on->text, SLICE("line.attribute.")) ||
        !line)
        return obvious_refuse(book->all, book->plan, on, "an `on` that is not valued here");
    const struct attribute *attributes = line->attributes.items;
    struct slice name = {on->text.bytes + 15, on->text.length - 15};
    for (size_t i = 0; i < line->attributes.count; i++)
        if (slice_equal(attributes[i].name, name) && attributes[i].value.is_decimal)
            return number_decimal(book->numbers, attributes[i].value.decimal);
    return NULL;
}

/* --- rate and unit --- */

static mpq_srcptr pay_unit(struct obvious_book *book, const struct node *pays)
{
    struct numbers *numbers = book->numbers;
    mpq_srcptr unit = number_read(numbers, node_find(pays, "unit")->text);
    const struct node *after = node_find(pays, "after");
    mpq_srcptr paid = book->x;
    if (after)
        paid = number_most(number_subtract(numbers, book->x, number_read(numbers, after->text)),
                           number_of(numbers, 0));
    return number_multiply(numbers, unit, paid);
}

static mpq_srcptr pays_of(struct obvious_book *book)
{
    const struct node *pays = node_find(book->component, "pays");
    if (node_is(pays, "nothing"))
        return number_of(book->numbers, 0);
    if (node_find(pays, "rate"))
        return number_multiply(book->numbers, book->x,
                               number_read(book->numbers, node_find(pays, "rate")->text));
    if (node_find(pays, "unit"))
        return pay_unit(book, pays);
    if (node_find(pays, "tiers"))
        return obvious_tiers(book, node_find(pays, "tiers"));
    if (node_find(pays, "curve"))
        return obvious_curve(book, node_find(pays, "curve"));
    if (node_find(pays, "rates"))
        return obvious_rates(book, pays);
    return obvious_refuse(book->all, book->plan, pays, "a mechanic that is not valued here");
}

/* --- caps and floors --- */

static mpq_srcptr limit_at(struct obvious_book *book, const struct node *limit)
{
    const struct node *at = node_find(limit, "at");
    struct slice percent;
    if (!at)
        return obvious_refuse(book->all, book->plan, limit, "a limit without `at`");
    struct slice rest = slice_split(at->text, ' ', &percent);
    mpq_srcptr figure = number_read(book->numbers, percent);
    if (!figure)
        return obvious_refuse(book->all, book->plan, at, "a limit that does not read");
    if (!slice_equal(rest, SLICE("of target")))
        return figure;
    return obvious_target(book) ? number_multiply(book->numbers, figure, book->target) : NULL;
}

/* Per window, or per deal where a deal is the window. */
static bool is_limit_known(const struct obvious_book *book, const struct node *limit)
{
    const struct node *per = node_find(limit, "per");
    return !node_find(limit, "when") &&
           (!per || node_is(per, "window") || (node_is(per, "deal") && book->over == WINDOW_DEAL));
}

static mpq_srcptr adjust(struct obvious_book *book, mpq_srcptr pay)
{
    const struct node *steps = node_find(book->component, "adjust");
    for (const struct node *step = steps ? steps->first : NULL; step && pay; step = step->next) {
        const struct node *cap = node_find(step, "cap");
        const struct node *floor = node_find(step, "floor");
        const struct node *limit = cap ? cap : floor;
        if (!limit || !is_limit_known(book, limit))
            return obvious_refuse(book->all, book->plan, step, "a step that is not valued here");
        mpq_srcptr at = limit_at(book, limit);
        if (!at)
            return NULL;
        pay = cap ? number_least(pay, at) : number_most(pay, at);
    }
    return pay;
}

/* An actual of 0, where less is better, scores the cap. */
static mpq_srcptr first_cap(struct obvious_book *book)
{
    const struct node *steps = node_find(book->component, "adjust");
    for (const struct node *step = steps ? steps->first : NULL; step; step = step->next)
        if (node_find(step, "cap"))
            return limit_at(book, node_find(step, "cap"));
    return obvious_refuse(book->all, book->plan, book->component, "direction lower without a cap");
}

/* The pay where there is no attainment to go by. */
static mpq_srcptr pay_without_attainment(struct obvious_book *book)
{
    const struct node *zero = node_find(node_find(book->component, "goal"), "zero");
    if (!book->goal) {
        book->waits = "goal-missing";
        return NULL;
    }
    if (mpq_sgn(book->goal) != 0)
        return first_cap(book);
    if (node_is(zero, "full-target"))
        return obvious_target(book);
    if (node_is(zero, "nothing"))
        return number_of(book->numbers, 0);
    book->waits = "goal-zero";
    return NULL;
}

mpq_srcptr obvious_pay(struct obvious_book *book)
{
    bool has_no_attainment = obvious_uses_attainment(book->component) && !book->a;
    mpq_srcptr pay = has_no_attainment ? pay_without_attainment(book) : pays_of(book);
    if (!pay)
        return NULL;
    return adjust(book, number_multiply(book->numbers, pay, book->share));
}
