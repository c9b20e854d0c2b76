#include "engine/pay_parts.h"

#include "engine/row_keys.h"

#include <stdlib.h>

enum pay_parts_by pay_parts_by_of(const struct plan_component *component)
{
    if (!component->divides_pay)
        return PARTS_NONE;
    if (component->attribution == ATTRIBUTION_PRO_RATA)
        return PARTS_PRO_RATA;
    if (component->attribution == ATTRIBUTION_SLICES)
        return PARTS_SLICES;
    return component->measure.of == OF_MILESTONES ? PARTS_SLICES : PARTS_WHOLE;
}

/* --- what belongs to no row --- */

/* `share: after` pays by row what no sum of measures says: it is one part. */
static bool is_given(const struct valuation *valuation)
{
    return valuation->given && valuation->given->is_given;
}

static enum status begin_slices(struct pay_parts *parts)
{
    const struct ordered_sums none = {0};
    struct rational rest;
    enum status status = valuation_pays_until(parts->valuation, &none, &rest);
    if (!status)
        parts->no_rows = rest;
    return status;
}

static enum status begin_pro_rata(struct pay_parts *parts)
{
    const struct valuation *valuation = parts->valuation;
    struct rational none;
    struct rational plus = rational_of_measure(valuation->component->measure.plus);
    int128 sum;
    if (!wide_sum_value(&valuation->sums->measure, &sum))
        return STATUS_OUT_OF_RANGE;
    struct rational rows = {sum, measure_unit(valuation->component)};
    enum status status = rational_subtract(plus, valuation->baseline, &none);
    if (!status)
        status = rational_add(rows, none, &parts->measured);
    if (status)
        return status;
    if (rational_is_zero(parts->measured)) {
        parts->no_rows = parts->pay;
        return STATUS_OK;
    }
    return rational_multiply_divide(parts->pay, none, parts->measured, &parts->no_rows);
}

static enum status begin(struct pay_parts *parts)
{
    switch (parts->by) {
    case PARTS_NONE:
        parts->no_rows = parts->pay;
        break;
    case PARTS_WHOLE:
        break;
    case PARTS_SLICES:
        return begin_slices(parts);
    case PARTS_PRO_RATA:
        return begin_pro_rata(parts);
    }
    return STATUS_OK;
}

enum status pay_parts_begin(struct pay_parts *parts, const struct valuation *valuation,
                            struct rational pay)
{
    const struct surroundings *around = valuation->around;
    *parts = (struct pay_parts){.valuation = valuation,
                                .by = pay_parts_by_of(valuation->component),
                                .pay = pay,
                                .no_rows = RATIONAL_ZERO,
                                .measured = RATIONAL_ZERO,
                                .date = around && around->has_business_date ? around->business_date
                                                                            : INT32_MIN,
                                .scale = exact_of(RATIONAL_ONE)};
    enum status status = begin(parts);
    parts->rest = exact_of(parts->no_rows);
    return status;
}

void pay_parts_deinit(struct pay_parts *parts)
{
    exact_deinit(&parts->scale);
    exact_deinit(&parts->rest);
    free(parts->taken_down);
    parts->taken_down = NULL;
}

/* --- adjust --- */

void pay_parts_change(struct pay_parts *parts, struct rational from, struct rational to)
{
    if (rational_is_zero(from)) {
        const struct exact more = exact_of(to);
        exact_add(&parts->rest, &more);
        return;
    }
    if (rational_compare(from, to) == 0)
        return;
    exact_scale(&parts->scale, to, from);
    exact_scale(&parts->rest, to, from);
}

void pay_parts_add(struct pay_parts *parts, struct rational amount)
{
    const struct exact more = exact_of(amount);
    exact_add(&parts->rest, &more);
}

/* --- walking --- */

struct dividing {
    const struct pay_parts *parts;
    struct rational paid; /* for the rows before: PARTS_SLICES */
    struct wide_sum measured;
    bool has_first;
    void *self;
    enum status (*visit)(void *self, const struct part *part);
};

static enum status slice_of_run(struct dividing *dividing, const struct ordered_run *run,
                                struct rational *out)
{
    struct rational paid;
    enum status status = valuation_pays_until(dividing->parts->valuation, &run->until, &paid);
    if (!status)
        status = rational_subtract(paid, dividing->paid, out);
    if (!status)
        dividing->paid = paid;
    return status;
}

static enum status proportion_of_run(struct dividing *dividing, const struct ordered_run *run,
                                     struct rational *out)
{
    const struct pay_parts *parts = dividing->parts;
    struct wide_sum measure = run->until.measure;
    int128 sum;
    wide_sum_take(&measure, &dividing->measured);
    dividing->measured = run->until.measure;
    if (!wide_sum_value(&measure, &sum))
        return STATUS_OUT_OF_RANGE;
    *out = RATIONAL_ZERO;
    if (rational_is_zero(parts->measured))
        return STATUS_OK;
    struct rational part = {sum, measure_unit(parts->valuation->component)};
    return rational_multiply_divide(parts->pay, part, parts->measured, out);
}

/* All that belongs to rows is the first one's. */
static enum status all_of_run(struct dividing *dividing, struct rational *out)
{
    const struct pay_parts *parts = dividing->parts;
    *out = RATIONAL_ZERO;
    if (dividing->has_first)
        return STATUS_OK;
    dividing->has_first = true;
    return rational_subtract(parts->pay, parts->no_rows, out);
}

static enum status divide_run(void *self, const struct ordered_run *run)
{
    struct dividing *dividing = self;
    struct part part = {.row = run->until.last, .share = run->share, .is_held = run->is_held};
    enum status status = STATUS_OK;
    if (dividing->parts->by == PARTS_WHOLE || is_given(dividing->parts->valuation))
        status = all_of_run(dividing, &part.pay);
    else if (dividing->parts->by == PARTS_SLICES)
        status = slice_of_run(dividing, run, &part.pay);
    else
        status = proportion_of_run(dividing, run, &part.pay);
    return status ? status : dividing->visit(dividing->self, &part);
}

static enum status each_computed(const struct pay_parts *parts, bool is_by_row, void *self,
                                 enum status (*visit)(void *self, const struct part *part))
{
    struct dividing dividing = {
        .parts = parts, .paid = parts->no_rows, .self = self, .visit = visit};
    return ordered_runs(&parts->valuation->sums->ordered, parts->date, is_by_row, &dividing,
                        divide_run);
}

enum status pay_parts_each(const struct pay_parts *parts, bool is_by_row, void *self,
                           enum status (*visit)(void *self, const struct part *part))
{
    enum status status = STATUS_OK;
    if (parts->by == PARTS_NONE)
        return STATUS_OK;
    if (!parts->taken_down)
        return each_computed(parts, is_by_row, self, visit);
    for (size_t i = 0; !status && i < parts->count; i++)
        status = visit(self, &parts->taken_down[i]);
    return status;
}

/* --- one row --- */

static enum status slice_of_row(const struct pay_parts *parts, const struct ordered_row *row,
                                struct rational *out)
{
    const struct ordered *rows = &parts->valuation->sums->ordered;
    const struct ordered_sums before = ordered_before(rows, row);
    const struct ordered_sums with = ordered_with(rows, row);
    struct rational paid_before;
    struct rational paid_with;
    enum status status = valuation_pays_until(parts->valuation, &before, &paid_before);
    if (!status)
        status = valuation_pays_until(parts->valuation, &with, &paid_with);
    return status ? status : rational_subtract(paid_with, paid_before, out);
}

static enum status computed_of_row(const struct pay_parts *parts, const struct ordered_row *row,
                                   struct rational *out)
{
    const struct ordered *rows = &parts->valuation->sums->ordered;
    struct dividing dividing = {.parts = parts};
    if (parts->by == PARTS_WHOLE || is_given(parts->valuation)) {
        dividing.has_first = ordered_before(rows, row).last != NULL;
        return all_of_run(&dividing, out);
    }
    if (parts->by == PARTS_SLICES)
        return slice_of_row(parts, row, out);
    dividing.measured = ordered_before(rows, row).measure;
    const struct ordered_run run = {.until = ordered_with(rows, row)};
    return proportion_of_run(&dividing, &run, out);
}

enum status pay_parts_of_row(const struct pay_parts *parts, const struct ordered_row *row,
                             struct exact *out)
{
    struct rational pay = RATIONAL_ZERO;
    enum status status = STATUS_OK;
    for (size_t i = 0; parts->taken_down && i < parts->count; i++) {
        if (parts->taken_down[i].row == row)
            pay = parts->taken_down[i].pay;
    }
    if (!parts->taken_down && parts->by != PARTS_NONE)
        status = computed_of_row(parts, row, &pay);
    if (status)
        return status;
    *out = exact_of(pay);
    exact_multiply(out, &parts->scale);
    return STATUS_OK;
}

/* --- bounds per deal --- */

struct taking_down {
    struct pay_parts *parts;
    size_t capacity;
};

/* With what adjust has made of it so far. */
static enum status scaled(const struct pay_parts *parts, struct rational pay, struct rational *out)
{
    struct exact value = exact_of(pay);
    exact_multiply(&value, &parts->scale);
    enum status status = exact_value(&value, out);
    exact_deinit(&value);
    return status;
}

static enum status take_down(void *self, const struct part *part)
{
    struct taking_down *taking = self;
    struct pay_parts *parts = taking->parts;
    if (parts->count == taking->capacity) {
        taking->capacity = taking->capacity ? taking->capacity * 2 : 16;
        parts->taken_down = realloc(parts->taken_down, taking->capacity * sizeof *part);
        if (!parts->taken_down)
            abort();
    }
    struct part *copy = &parts->taken_down[parts->count++];
    *copy = *part;
    return scaled(parts, part->pay, &copy->pay);
}

static enum status take_all_down(struct pay_parts *parts)
{
    struct pay_parts computed = *parts;
    struct taking_down taking = {.parts = parts};
    enum status status = STATUS_OK;
    if (parts->taken_down) {
        for (size_t i = 0; !status && i < parts->count; i++)
            status = scaled(parts, parts->taken_down[i].pay, &parts->taken_down[i].pay);
    } else {
        status = pay_parts_each(&computed, true, &taking, take_down);
    }
    exact_deinit(&parts->scale);
    parts->scale = exact_of(RATIONAL_ONE);
    return status;
}

/* A row of those taken down, in the order of deals and, in them, of rows. */
struct by_deal {
    struct slice book;
    size_t index;
};

static int compare_deals(const void *a, const void *b)
{
    const struct by_deal *first = a;
    const struct by_deal *second = b;
    int order = slice_compare(first->book, second->book);
    return order ? order : first->index < second->index ? -1 : first->index > second->index;
}

static struct rational bounded(const struct adjustment *step, struct rational pay,
                               struct rational at)
{
    return step->kind == ADJUST_CAP ? rational_min(pay, at) : rational_max(pay, at);
}

/* The rows of one deal, whose parts come to `sum`. */
static enum status bound_deal(struct part *parts, const struct by_deal *rows, size_t count,
                              const struct adjustment *step, struct rational at)
{
    struct rational sum = RATIONAL_ZERO;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < count; i++)
        status = rational_add(sum, parts[rows[i].index].pay, &sum);
    if (status)
        return status;
    struct rational whole = bounded(step, sum, at);
    if (rational_compare(whole, sum) == 0)
        return STATUS_OK;
    for (size_t i = 0; !status && i < count; i++) {
        struct rational *pay = &parts[rows[i].index].pay;
        if (rational_is_zero(sum))
            *pay = i == 0 ? whole : RATIONAL_ZERO;
        else
            status = rational_multiply_divide(*pay, whole, sum, pay);
    }
    return status;
}

static enum status sum_up(const struct pay_parts *parts, struct rational *out)
{
    struct exact sum;
    exact_copy(&parts->rest, &sum);
    for (size_t i = 0; i < parts->count; i++) {
        const struct exact part = exact_of(parts->taken_down[i].pay);
        exact_add(&sum, &part);
    }
    enum status status = exact_value(&sum, out);
    exact_deinit(&sum);
    return status;
}

static enum status bound_deals(struct pay_parts *parts, struct by_deal *rows,
                               const struct adjustment *step, struct rational at)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < parts->count; i++)
        rows[i] = (struct by_deal){ordered_book(parts->taken_down[i].row), i};
    if (parts->count)
        qsort(rows, parts->count, sizeof *rows, compare_deals);
    for (size_t first = 0; !status && first < parts->count;) {
        size_t behind = first + 1;
        while (behind < parts->count && slice_equal(rows[behind].book, rows[first].book))
            behind++;
        if (is_deal_window(rows[first].book))
            status = bound_deal(parts->taken_down, &rows[first], behind - first, step, at);
        first = behind;
    }
    return status;
}

enum status pay_parts_bound(struct pay_parts *parts, const struct adjustment *step,
                            struct rational at, struct rational *pay)
{
    if (parts->by == PARTS_NONE)
        return STATUS_OK;
    enum status status = take_all_down(parts);
    if (status)
        return status;
    struct by_deal *rows = malloc((parts->count + 1) * sizeof *rows);
    if (!rows)
        abort();
    status = bound_deals(parts, rows, step, at);
    free(rows);
    return status ? status : sum_up(parts, pay);
}
