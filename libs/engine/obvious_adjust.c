#include "engine/obvious_parts.h"

/* "adjust's effect is spread in proportion": over all parts and what belongs to no deal. Where
 * there is nothing to spread over, the effect belongs to no deal. */
static void set_pay(struct obvious_book *book, struct obvious_worth *worth, mpq_srcptr pay)
{
    struct numbers *numbers = book->numbers;
    if (mpq_sgn(worth->pay) == 0) {
        worth->rest = number_add(numbers, worth->rest, pay);
        worth->pay = pay;
        return;
    }
    mpq_srcptr factor = number_divide(numbers, pay, worth->pay);
    for (size_t i = 0; i < book->count; i++)
        worth->parts[i] = number_multiply(numbers, worth->parts[i], factor);
    worth->rest = number_multiply(numbers, worth->rest, factor);
    worth->pay = pay;
}

/* --- gate, multiply --- */

/* "`then`: nothing | not-payable (earned, never released) | {keep: 75%}" */
static void gate(struct obvious_book *book, const struct node *gate, struct obvious_worth *worth)
{
    const struct node *when = node_find(gate, "when");
    const struct node *then = node_find(gate, "then");
    if (!when || !obvious_condition(book, when))
        return;
    if (node_is(then, "not-payable")) {
        worth->is_withheld = true;
        return;
    }
    mpq_srcptr keep = node_is(then, "nothing")
                          ? number_of(book->numbers, 0)
                          : obvious_number_at(book->all, book->plan, then, "keep");
    if (keep)
        set_pay(book, worth, number_multiply(book->numbers, worth->pay, keep));
}

/* "`by: {curve: …, of: {result: nps}}`; result missing: 100%" */
static mpq_srcptr factor_of(struct obvious_book *book, const struct node *multiply)
{
    const struct node *by = node_find(multiply, "by");
    const struct node *of = node_find(by, "of");
    const struct node *result = node_find(of, "result");
    if (!by || by->kind == NODE_SCALAR)
        return obvious_number_at(book->all, book->plan, multiply, "by");
    if (!result || !node_find(by, "curve"))
        return obvious_refuse(book->all, book->plan, by, "a `by` that is not known here");
    mpq_srcptr value = obvious_result(book, result->text, node_find(of, "of"));
    return value ? obvious_height(book, node_find(by, "curve"), value)
                 : number_of(book->numbers, 1);
}

/* "without when: always"; "`between: [0%, 125%]`" */
static void multiply(struct obvious_book *book, const struct node *multiply,
                     struct obvious_worth *worth)
{
    const struct node *when = node_find(multiply, "when");
    const struct node *between = node_find(multiply, "between");
    if (when && !obvious_condition(book, when))
        return;
    mpq_srcptr factor = factor_of(book, multiply);
    if (factor && between && between->count == 2) {
        mpq_srcptr least = number_read(book->numbers, node_at(between, 0)->text);
        mpq_srcptr most = number_read(book->numbers, node_at(between, 1)->text);
        if (least && most)
            factor = number_most(least, number_least(most, factor));
    }
    if (factor)
        set_pay(book, worth, number_multiply(book->numbers, worth->pay, factor));
}

/* --- cap and floor --- */

static mpq_srcptr bounded(mpq_srcptr pay, mpq_srcptr at, bool is_cap)
{
    return is_cap ? number_least(pay, at) : number_most(pay, at);
}

/* "per: deal" inside a longer window: each deal's attributed part, whoever stands on it how often.
 */
static void bound_deals(struct obvious_book *book, mpq_srcptr at, bool is_cap,
                        struct obvious_worth *worth)
{
    struct numbers *numbers = book->numbers;
    worth->pay = worth->rest;
    for (size_t i = 0; i < book->count; i++) {
        const struct deal *deal = book->entries[i].row->deal;
        mpq_srcptr part = number_of(numbers, 0);
        size_t first = i;
        for (size_t k = 0; k < book->count; k++) {
            if (book->entries[k].row->deal != deal)
                continue;
            first = k < first ? k : first;
            part = number_add(numbers, part, worth->parts[k]);
        }
        if (!deal || first != i) /* of a deal the first row bounds all of them */
            continue;
        mpq_srcptr whole = bounded(part, at, is_cap);
        for (size_t k = 0; k < book->count; k++) {
            if (book->entries[k].row->deal != deal)
                continue;
            if (mpq_sgn(part) != 0)
                worth->parts[k] =
                    number_multiply(numbers, worth->parts[k], number_divide(numbers, whole, part));
            else
                worth->parts[k] = k == first ? whole : part;
        }
    }
    for (size_t i = 0; i < book->count; i++)
        worth->pay = number_add(numbers, worth->pay, worth->parts[i]);
}

static void bound(struct obvious_book *book, const struct node *step, const struct node *limit,
                  bool is_cap, struct obvious_worth *worth)
{
    const struct node *when = node_find(limit, "when");
    const struct node *per = node_find(limit, "per");
    if (when && !obvious_condition(book, when))
        return;
    if (node_is(per, "year")) {
        mpq_srcptr let = obvious_year_cap(book, step, worth->pay);
        if (let)
            set_pay(book, worth, let);
        else
            worth->pay = NULL;
        return;
    }
    mpq_srcptr at = obvious_limit(book, node_find(limit, "at"));
    if (!at) {
        worth->pay = NULL;
        return;
    }
    bool is_per_deal = node_is(per, "deal") && book->window.over != WINDOW_DEAL;
    if (is_per_deal)
        bound_deals(book, at, is_cap, worth);
    else
        set_pay(book, worth, bounded(worth->pay, at, is_cap));
}

/* --- the steps --- */

/* "`add` belongs to no deal" */
static void add(struct obvious_book *book, const struct node *step, struct obvious_worth *worth)
{
    mpq_srcptr amount = obvious_number_at(book->all, book->plan, step, "add");
    if (!amount)
        return;
    worth->rest = number_add(book->numbers, worth->rest, amount);
    worth->pay = number_add(book->numbers, worth->pay, amount);
}

/* "adjust — in the order written" */
void obvious_adjust(struct obvious_book *book, const struct node *until, bool without_floors,
                    struct obvious_worth *worth)
{
    const struct node *steps = node_find(book->component, "adjust");
    for (const struct node *step = steps ? steps->first : NULL;
         step && step != until && worth->pay && !book->all->status; step = step->next) {
        if (node_find(step, "gate"))
            gate(book, node_find(step, "gate"), worth);
        else if (node_find(step, "multiply"))
            multiply(book, node_find(step, "multiply"), worth);
        else if (node_find(step, "cap"))
            bound(book, step, node_find(step, "cap"), true, worth);
        else if (node_find(step, "floor")) {
            if (!without_floors)
                bound(book, step, node_find(step, "floor"), false, worth);
        } else if (node_find(step, "add"))
            add(book, step, worth);
        else if (node_find(step, "prorate")) {
            mpq_srcptr part =
                obvious_proration(book, node_find(step, "prorate"), node_find(step, "decimals"));
            if (part)
                set_pay(book, worth, number_multiply(book->numbers, worth->pay, part));
        } else {
            (void)obvious_refuse(book->all, book->plan, step, "a step that is not valued here");
        }
    }
}

void obvious_value_book(struct obvious_book *book, const struct node *until, bool without_floors,
                        struct obvious_worth *out)
{
    const struct node *level = node_find(node_find(book->component, "pays"), "level");
    mpq_srcptr zero = number_of(book->numbers, 0);
    *out = (struct obvious_worth){.pay = zero, .rest = zero};
    if (book->count == 0 && !(level && obvious_months(book, level) > 0))
        return; /* where there is no row, or month, nothing is earned */
    out->pay = NULL;
    mpq_srcptr pay = obvious_pays(book, book->count);
    if (!pay)
        return;
    obvious_attribute_pay(book, pay, out);
    if (out->pay)
        obvious_adjust(book, until, without_floors, out);
    if (book->all->status || book->waits)
        out->pay = NULL;
}
