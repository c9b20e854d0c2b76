#include <stdlib.h>

#include "engine/obvious_parts.h"

/* "`slices` (a row's part is pays(rows up to and with it) − pays(rows before it), before adjust;
 * `plus` and `add` belong to no deal)": pays(no row) is what belongs to none. */
static void slice_pay(struct obvious_book *book, struct obvious_worth *out)
{
    mpq_srcptr before = obvious_pays(book, 0);
    out->rest = before;
    for (size_t i = 0; i < book->count && before; i++) {
        mpq_srcptr after = obvious_pays(book, i + 1);
        out->parts[i] = after ? number_subtract(book->numbers, after, before) : NULL;
        before = after;
    }
}

/* What the row has of X. With `share: after` the share is of the pay and X is of the whole deal, of
 * which the rows have their shares. */
static mpq_srcptr measured_by(struct obvious_book *book, const struct obvious_entry *entry)
{
    return number_divide(book->numbers, obvious_contribution(book, entry), book->share);
}

/* "`pro-rata` (to the measure)": what `plus` adds has its part, which belongs to no deal. Where the
 * measure is 0 nothing belongs to a deal. */
static void divide_pay(struct obvious_book *book, mpq_srcptr pay, struct obvious_worth *out)
{
    struct numbers *numbers = book->numbers;
    mpq_srcptr sum = book->plus;
    out->rest = pay;
    if (mpq_sgn(book->share) == 0)
        return;
    for (size_t i = 0; i < book->count; i++)
        sum = number_add(numbers, sum, measured_by(book, &book->entries[i]));
    if (mpq_sgn(sum) == 0)
        return;
    mpq_srcptr each = number_divide(numbers, pay, sum);
    for (size_t i = 0; i < book->count; i++) {
        out->parts[i] = number_multiply(numbers, each, measured_by(book, &book->entries[i]));
        out->rest = number_subtract(numbers, out->rest, out->parts[i]);
    }
}

/* Where nothing is said a window that is a deal, or a line, is its own part, of which milestones
 * have their slices; longer ones have none. */
void obvious_attribute_pay(struct obvious_book *book, mpq_srcptr pay, struct obvious_worth *out)
{
    const struct node *attribution = node_find(book->component, "attribution");
    mpq_srcptr zero = number_of(book->numbers, 0);
    out->rest = pay;
    out->pay = pay;
    bool has_slices =
        node_is(attribution, "slices") ||
        (!attribution && book->window.deal && obvious_of(book->component) == OF_MILESTONES);
    out->has_parts = attribution != NULL || book->window.deal != NULL;
    out->parts = calloc(book->count + 1, sizeof *out->parts);
    if (!out->parts)
        abort();
    for (size_t i = 0; i < book->count; i++)
        out->parts[i] = zero;
    if (has_slices)
        slice_pay(book, out);
    else if (node_is(attribution, "pro-rata"))
        divide_pay(book, pay, out);
    else if (attribution)
        (void)obvious_refuse(book->all, book->plan, attribution, "an attribution in disorder");
    else if (book->window.deal && book->count > 0) {
        out->parts[0] = pay;
        out->rest = zero;
    }
    if (!out->rest)
        out->pay = NULL;
    for (size_t i = 0; i < book->count; i++)
        if (!out->parts[i])
            out->pay = NULL;
}

void obvious_worth_deinit(struct obvious_worth *worth)
{
    free(worth->parts);
    worth->parts = NULL;
}
