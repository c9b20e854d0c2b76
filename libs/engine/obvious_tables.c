#include "engine/obvious_parts.h"

/* --- tiers --- */

enum { TIERS_MAX = 256 };

/* A table, read; what `on` is compared with and what each tier gives. */
struct tier_table {
    mpq_srcptr from[TIERS_MAX];
    mpq_srcptr give[TIERS_MAX]; /* NULL: the row where an interpolated table ends */
    bool is_retroactive[TIERS_MAX];
    size_t count;
    bool goes_lower; /* boundary: lower */
};

static bool read_table(struct obvious_book *book, const struct node *tiers, struct tier_table *out)
{
    const struct node *table = node_find(tiers, "table");
    *out = (struct tier_table){.goes_lower = node_is(node_find(tiers, "boundary"), "lower")};
    for (const struct node *row = table ? table->first : NULL; row; row = row->next) {
        const struct node *from = node_find(row, "from");
        const struct node *give = node_find(row, "give");
        if (out->count == TIERS_MAX || !from)
            return false;
        out->from[out->count] = number_read(book->numbers, from->text);
        out->give[out->count] = give ? number_read(book->numbers, give->text) : NULL;
        out->is_retroactive[out->count] = obvious_flag(node_find(row, "retroactive"));
        if (!out->from[out->count] || (give && !out->give[out->count]))
            return false;
        out->count++;
    }
    return out->count > 0 && out->give[0];
}

/* How many tiers `x` has reached; the first edge belongs to the first tier, whatever boundary says.
 */
static size_t tiers_reached(const struct tier_table *table, mpq_srcptr x)
{
    size_t reached = 0;
    for (size_t i = 0; i < table->count; i++) {
        int order = mpq_cmp(x, table->from[i]);
        if (order > 0 || (order == 0 && (i == 0 || !table->goes_lower)))
            reached = i + 1;
    }
    return reached;
}

/* What a table is applied to: X, units or T, by `gives`. */
struct tier_base {
    mpq_srcptr amount; /* multiplied with a rate, a unit or a share; 1 for amounts */
    bool is_sliced;    /* marginal: each tier pays for the part of X within it */
};

static bool base_of(struct obvious_book *book, const struct node *tiers, struct tier_base *out)
{
    const struct node *gives = node_find(tiers, "gives");
    *out = (struct tier_base){.amount = book->x, .is_sliced = true};
    if (node_is(gives, "rate"))
        return true;
    if (node_is(gives, "unit")) {
        if (node_find(tiers, "units-of"))
            out->amount = book->units;
        return true;
    }
    out->is_sliced = false;
    out->amount = node_is(gives, "amount") ? number_of(book->numbers, 1) : NULL;
    if (node_is(gives, "percent-of-target"))
        out->amount = obvious_target(book);
    else if (!out->amount)
        (void)obvious_refuse(book->all, book->plan, gives, "a `gives` that is not known here");
    return out->amount != NULL;
}

/* Σ of each tier's give for the part of X within it. Where units are given for amounts, they lie in
 * the slices in proportion to X. */
static mpq_srcptr slices(struct obvious_book *book, const struct node *tiers,
                         const struct tier_table *table, size_t reached,
                         const struct tier_base *base)
{
    struct numbers *numbers = book->numbers;
    bool is_attainment = node_is(node_find(tiers, "on"), "attainment");
    mpq_srcptr zero = number_of(numbers, 0);
    mpq_srcptr pay = zero;
    mpq_srcptr edges[TIERS_MAX];
    size_t first = 0;
    for (size_t i = 0; i < table->count; i++) {
        edges[i] =
            is_attainment ? number_multiply(numbers, table->from[i], book->goal) : table->from[i];
        if (i < reached && table->is_retroactive[i]) {
            first = i;
            edges[i] = zero;
        }
    }
    for (size_t i = first; i < table->count; i++) {
        mpq_srcptr top = i + 1 < table->count ? number_least(book->x, edges[i + 1]) : book->x;
        mpq_srcptr part = number_most(zero, number_subtract(numbers, top, edges[i]));
        if (mpq_sgn(part) > 0) {
            part = number_divide(numbers, number_multiply(numbers, part, base->amount), book->x);
            pay = number_add(numbers, pay, number_multiply(numbers, part, table->give[i]));
        }
    }
    return pay;
}

/* Full tiers give all, the one that x is in the part of its width that x has reached. */
static mpq_srcptr interpolated(struct obvious_book *book, const struct tier_table *table,
                               mpq_srcptr x)
{
    struct numbers *numbers = book->numbers;
    mpq_srcptr zero = number_of(numbers, 0);
    mpq_srcptr one = number_of(numbers, 1);
    mpq_srcptr sum = zero;
    for (size_t i = 0; i + 1 < table->count; i++) {
        mpq_srcptr width = number_subtract(numbers, table->from[i + 1], table->from[i]);
        mpq_srcptr inside = number_subtract(numbers, x, table->from[i]);
        mpq_srcptr part = number_divide(numbers, inside, width);
        part = number_least(one, number_most(zero, part));
        sum = number_add(numbers, sum, number_multiply(numbers, part, table->give[i]));
    }
    return sum;
}

static mpq_srcptr marginal(struct obvious_book *book, const struct node *tiers,
                           const struct tier_table *table, mpq_srcptr x,
                           const struct tier_base *base)
{
    const struct node *on = node_find(tiers, "on");
    size_t reached = tiers_reached(table, x);
    if (base->is_sliced && !node_is(on, "amount") && !node_is(on, "attainment"))
        return obvious_refuse(book->all, book->plan, on, "slices of something else than X");
    if (base->is_sliced)
        return slices(book, tiers, table, reached, base);
    mpq_srcptr sum = number_of(book->numbers, 0);
    for (size_t i = 0; i < reached; i++)
        sum = number_add(book->numbers, sum, table->give[i]);
    return number_multiply(book->numbers, sum, base->amount);
}

mpq_srcptr obvious_whole_tier(struct obvious_book *book, const struct node *tiers, mpq_srcptr x)
{
    struct tier_table table;
    if (!read_table(book, tiers, &table))
        return obvious_refuse(book->all, book->plan, tiers, "a table that does not read");
    size_t reached = tiers_reached(&table, x);
    return reached > 0 ? table.give[reached - 1] : NULL;
}

mpq_srcptr obvious_tiers(struct obvious_book *book, const struct node *tiers)
{
    struct tier_table table;
    struct tier_base base;
    const struct node *method = node_find(tiers, "method");
    const struct node *negative = node_find(tiers, "negative");
    mpq_srcptr zero = number_of(book->numbers, 0);
    mpq_srcptr x = obvious_on(book, node_find(tiers, "on"));
    if (book->all->status || book->waits)
        return NULL;
    if (!read_table(book, tiers, &table))
        return obvious_refuse(book->all, book->plan, tiers, "a table that does not read");
    if (!base_of(book, tiers, &base))
        return NULL;
    if (mpq_sgn(book->x) < 0)
        return node_is(negative, "first-tier")
                   ? number_multiply(book->numbers, table.give[0], base.amount)
                   : zero;
    if (!x || tiers_reached(&table, x) == 0)
        return zero;
    if (node_is(method, "whole"))
        return number_multiply(book->numbers, table.give[tiers_reached(&table, x) - 1],
                               base.amount);
    if (node_is(method, "interpolated"))
        return number_multiply(book->numbers, interpolated(book, &table, x), base.amount);
    if (node_is(method, "marginal"))
        return marginal(book, tiers, &table, x, &base);
    return obvious_refuse(book->all, book->plan, method, "a method that is not known here");
}

/* --- curve --- */

static mpq_srcptr coordinate(struct obvious_book *book, const struct node *point, size_t index)
{
    const struct node *text = node_at(point, index);
    mpq_srcptr number = text ? number_read(book->numbers, text->text) : NULL;
    return number ? number : obvious_refuse(book->all, book->plan, point, "a point in disorder");
}

static mpq_srcptr line_through(struct numbers *numbers, mpq_srcptr x, mpq_srcptr from[2],
                               mpq_srcptr to[2])
{
    mpq_srcptr run = number_subtract(numbers, to[0], from[0]);
    mpq_srcptr rise = number_subtract(numbers, to[1], from[1]);
    mpq_srcptr way = number_divide(numbers, number_subtract(numbers, x, from[0]), run);
    return number_add(numbers, from[1], number_multiply(numbers, way, rise));
}

static mpq_srcptr beyond(struct obvious_book *book, const struct node *above, mpq_srcptr x,
                         mpq_srcptr last[2])
{
    const struct node *slope = node_find(above, "slope");
    mpq_srcptr steep = slope ? number_read(book->numbers, slope->text) : NULL;
    if (node_is(above, "flat"))
        return last[1];
    if (!steep)
        return obvious_refuse(book->all, book->plan, above, "an `above` that is not known here");
    mpq_srcptr way = number_subtract(book->numbers, x, last[0]);
    return number_add(book->numbers, last[1], number_multiply(book->numbers, way, steep));
}

/* "straight lines between points"; "two points with the same x are a jump and need `boundary`". */
mpq_srcptr obvious_height(struct obvious_book *book, const struct node *curve, mpq_srcptr x)
{
    bool goes_lower = node_is(node_find(curve, "boundary"), "lower");
    const struct node *points = node_find(curve, "points");
    mpq_srcptr last[2] = {NULL, NULL};
    mpq_srcptr height = NULL; /* of the points that x stands on: the first or the last */
    for (const struct node *point = points ? points->first : NULL; point; point = point->next) {
        mpq_srcptr here[2] = {coordinate(book, point, 0), coordinate(book, point, 1)};
        if (!here[0] || !here[1])
            return NULL;
        int order = mpq_cmp(x, here[0]);
        if (order == 0 && (!height || !goes_lower))
            height = here[1];
        if (order < 0 && height)
            return height;
        if (order < 0 && last[0])
            return line_through(book->numbers, x, last, here);
        if (order < 0)
            return node_is(node_find(curve, "below"), "flat") ? here[1]
                                                              : number_of(book->numbers, 0);
        last[0] = here[0];
        last[1] = here[1];
    }
    if (height || !last[0])
        return height;
    return beyond(book, node_find(curve, "above"), x, last);
}

mpq_srcptr obvious_curve(struct obvious_book *book, const struct node *curve)
{
    const struct node *gives = node_find(curve, "gives");
    mpq_srcptr x = obvious_on(book, node_find(curve, "on"));
    if (book->all->status || book->waits)
        return NULL;
    if (node_is(gives, "percent-of-target") && !obvious_target(book))
        return NULL;
    if (!x)
        return number_of(book->numbers, 0);
    mpq_srcptr height = obvious_height(book, curve, x);
    if (!height)
        return obvious_refuse(book->all, book->plan, curve, "a curve without points");
    if (node_is(gives, "amount"))
        return height;
    if (node_is(gives, "rate"))
        return number_multiply(book->numbers, height, book->x);
    if (!node_is(gives, "percent-of-target"))
        return obvious_refuse(book->all, book->plan, gives, "a `gives` that is not known here");
    return number_multiply(book->numbers, height, book->target);
}
