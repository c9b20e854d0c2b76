#include "engine/obvious_parts.h"

/* --- how much is taken back --- */

static bool date_after(int32_t closed, const struct node *length, int32_t *out)
{
    struct duration duration;
    return length && !duration_parse(length->text, &duration) &&
           !duration_add(closed, duration, out);
}

/* "`linear: 12 months` (by days, from 100 % at `closed_at` to 0 at the term's end; the last day of
 * a shorter month)" */
static mpq_srcptr linear_share(struct obvious_book *book, const struct node *linear, int32_t closed,
                               int32_t cancelled)
{
    struct numbers *numbers = book->numbers;
    int32_t end;
    if (!date_after(closed, linear, &end) || end <= closed)
        return obvious_refuse(book->all, book->plan, linear, "a term that does not read");
    if (cancelled >= end)
        return number_of(numbers, 0);
    if (cancelled <= closed)
        return number_of(numbers, 1);
    return number_divide(numbers, number_of(numbers, end - cancelled),
                         number_of(numbers, end - closed));
}

/* "`take: 100%`, or a schedule by age from `closed_at` to `cancelled_at` (nothing after)" */
static mpq_srcptr taken_share(struct obvious_book *book, const struct deal *deal)
{
    struct numbers *numbers = book->numbers;
    const struct node *cancelled = node_find(book->component, "cancelled");
    const struct node *take = node_find(cancelled, "take");
    const struct node *linear = node_find(cancelled, "linear");
    int32_t closed_on;
    int32_t cancelled_on;
    int32_t until;
    if (zone_date_at(book->plan->zone, deal->closed_at, &closed_on) ||
        zone_date_at(book->plan->zone, deal->cancelled_at, &cancelled_on))
        return number_of(numbers, 0);
    if (linear)
        return linear_share(book, linear, closed_on, cancelled_on);
    if (!take)
        return number_of(numbers, 1);
    if (take->kind == NODE_SCALAR)
        return obvious_number_at(book->all, book->plan, cancelled, "take");
    for (const struct node *row = take->first; row; row = row->next) {
        if (!date_after(closed_on, node_find(row, "until"), &until))
            return obvious_refuse(book->all, book->plan, row, "an age that does not read");
        if (cancelled_on < until)
            return obvious_number_at(book->all, book->plan, row, "take");
    }
    return number_of(numbers, 0);
}

/* "never more than had been released for it": between nothing and that, whatever its sign. */
static mpq_srcptr not_more(struct numbers *numbers, mpq_srcptr part, mpq_srcptr released)
{
    mpq_srcptr zero = number_of(numbers, 0);
    mpq_srcptr least = number_least(zero, released);
    mpq_srcptr most = number_most(zero, released);
    return number_most(least, number_least(most, part));
}

/* --- the window --- */

static bool takes_back(const struct node *component, const struct obvious_row *row)
{
    const struct node *effect = node_find(node_find(component, "cancelled"), "effect");
    return row->deal && row->deal->status == DEAL_CANCELLED && row->deal->has_cancelled_at &&
           (node_is(effect, "original-rate") || node_is(effect, "paid-only"));
}

/* "the taking-back belongs to the window of `cancelled_at`": of the same component, whichever
 * version values it; where none does, the version that valued the deal goes on. A deal that stands
 * alone takes it back itself. */
bool obvious_take_window(struct obvious *all, const struct obvious_person *person,
                         const struct obvious_window *closed, const struct node *component,
                         const struct obvious_row *row, struct obvious_window *out,
                         const struct node **out_component)
{
    int32_t date;
    *out_component = component;
    *out = *closed;
    if (!takes_back(component, row))
        return false;
    if (closed->deal || zone_date_at(closed->plan->zone, row->deal->cancelled_at, &date))
        return true;
    if (obvious_window_of(all, person, closed->plan->name, component->key, date, NULL, NULL, out,
                          out_component))
        return true;
    if (!obvious_window_on(all, person, closed->plan, closed->over, date, out))
        *out = *closed;
    out->plan = closed->plan;
    *out_component = component;
    return true;
}

/* --- taking --- */

/* "its own attributed part (section 7) is taken back"; "`basis: rate | earned` says whether a floor
 * that had lifted the deal's pay is taken back too". `original-rate` takes what was or will be
 * released; with `paid-only` it is "payable at once and in full". */
static void take_part(struct obvious_book *closed, size_t index, struct obvious_take *out)
{
    struct numbers *numbers = closed->numbers;
    const struct node *cancelled = node_find(closed->component, "cancelled");
    const struct obvious_entry *entry = &closed->entries[index];
    const struct deal *deal = entry->row->deal;
    struct obvious_worth worth;
    struct obvious_worth bare;
    mpq_srcptr zero = number_of(numbers, 0);
    *out = (struct obvious_take){zero, zero};
    obvious_value_book(closed, NULL, false, &worth);
    obvious_value_book(closed, NULL, !node_is(node_find(cancelled, "basis"), "earned"), &bare);
    mpq_srcptr share = worth.pay && bare.pay ? taken_share(closed, deal) : NULL;
    if (share) {
        mpq_srcptr part = number_multiply(numbers, bare.parts[index], share);
        if (node_is(node_find(cancelled, "effect"), "paid-only")) {
            mpq_srcptr released = number_multiply(
                numbers, worth.parts[index],
                obvious_released(closed, entry, worth.is_withheld, deal->cancelled_at));
            out->earned = out->payable = not_more(numbers, part, released);
        } else {
            out->earned = part;
            out->payable = number_multiply(
                numbers, part, obvious_released(closed, entry, worth.is_withheld, INT64_MAX));
        }
    }
    obvious_worth_deinit(&worth);
    obvious_worth_deinit(&bare);
}

static void add_take(struct obvious_book *book, const struct obvious_window *window,
                     const struct node *component, const struct obvious_row *row,
                     struct obvious_take *sum)
{
    struct obvious_book closed;
    struct obvious_take take = {0};
    mpq_t earned;
    mpq_t payable;
    obvious_open(book->all, book->person, window, component, &closed);
    mpq_init(earned);
    mpq_init(payable);
    for (size_t i = 0; i < closed.count && !book->all->status; i++)
        if (closed.entries[i].row == row) {
            take_part(&closed, i, &take);
            mpq_set(earned, take.earned);
            mpq_set(payable, take.payable);
        }
    obvious_close(&closed);
    sum->earned = number_add(book->numbers, sum->earned, number_copy(book->numbers, earned));
    sum->payable = number_add(book->numbers, sum->payable, number_copy(book->numbers, payable));
    mpq_clear(earned);
    mpq_clear(payable);
}

/* What cancellations take back in the book's window, of the windows of every version. */
void obvious_take_back(struct obvious_book *book, struct obvious_take *out)
{
    struct obvious *all = book->all;
    const struct obvious_person *person = book->person;
    mpq_srcptr zero = number_of(book->numbers, 0);
    *out = (struct obvious_take){zero, zero};
    for (size_t i = 0; i < person->row_count; i++) {
        const struct obvious_row *row = &person->rows[i];
        struct obvious_window window;
        struct obvious_window taken;
        const struct node *component;
        const struct node *takes;
        if (!row->deal || row->deal->status != DEAL_CANCELLED)
            continue;
        for (size_t k = 0; k < all->plan_count && !all->status; k++) {
            const struct obvious_plan *plan = &all->plans[k];
            if (!slice_equal(plan->name, book->plan->name))
                continue;
            component = obvious_component(plan, book->component->key);
            if (component && takes_back(component, row) &&
                obvious_window_of_row(all, person, plan, component, row, book->window.line,
                                      &window) &&
                obvious_take_window(all, person, &window, component, row, &taken, &takes) &&
                obvious_same_window(&taken, &book->window))
                add_take(book, &window, component, row, out);
        }
    }
}

/* Earned before rounding: Y' less what is taken back. NULL: it waits. */
mpq_srcptr obvious_earned(struct obvious_book *book)
{
    struct obvious_worth worth;
    struct obvious_take take;
    obvious_value_book(book, NULL, false, &worth);
    mpq_srcptr pay = worth.pay;
    obvious_worth_deinit(&worth);
    obvious_take_back(book, &take);
    return pay ? number_subtract(book->numbers, pay, take.earned) : NULL;
}
