#include "engine/obvious_parts.h"

static const char *const sums[] = {"quantity", "amount", NULL};

/* The quantity, or amount, of what of the row meets the other conditions. */
static mpq_srcptr sum_where(struct obvious_book *book, const struct obvious_entry *entry,
                            const struct node *when, struct slice sum)
{
    const struct deal *deal = entry->row->deal;
    if (entry->row->of != OF_DEALS)
        return number_of(book->numbers, 0);
    if (entry->line || !obvious_asks_about_lines(when))
        return obvious_value(book, entry, sum);
    const struct deal_line *lines = deal->lines.items;
    mpq_srcptr value = number_of(book->numbers, 0);
    for (size_t i = 0; i < deal->lines.count; i++) {
        struct obvious_subject subject = {deal, &lines[i], NULL};
        if (obvious_counts_line(book, entry, i) && obvious_holds(book->all, when, &subject, sums))
            value =
                number_add(book->numbers, value, obvious_amount(book->all, deal, &lines[i], sum));
    }
    return value;
}

/* Whether the row, or a line of it that counts, meets the conditions on its fields. */
static bool fields_hold(struct obvious_book *book, const struct obvious_entry *entry,
                        const struct node *when)
{
    const struct deal *deal = entry->row->deal;
    struct obvious_subject subject = {deal, entry->line, entry->row->milestone};
    if (entry->line || !deal || !obvious_asks_about_lines(when))
        return obvious_holds(book->all, when, &subject, sums);
    const struct deal_line *lines = deal->lines.items;
    for (size_t i = 0; i < deal->lines.count; i++) {
        subject.line = &lines[i];
        if (obvious_counts_line(book, entry, i) && obvious_holds(book->all, when, &subject, sums))
            return true;
    }
    return false;
}

/* "`when: {quantity: ">= 10"}`": of the row, that is of what the measure counts of it. */
static bool qualifies(struct obvious_book *book, const struct obvious_entry *entry,
                      const struct node *when)
{
    if (!fields_hold(book, entry, when))
        return false;
    for (size_t i = 0; sums[i]; i++) {
        const struct node *wanted = node_find(when, sums[i]);
        if (wanted &&
            !obvious_compares(book->all, wanted, sum_where(book, entry, when, slice_of(sums[i]))))
            return false;
    }
    return true;
}

/* --- splitting --- */

/* Whether part `i` of those with the role takes the odd cent: `remainder` of crediting, the largest
 * share where nothing is said; of equal ones the first. */
static bool takes_before(struct slice remainder, const struct deal_participant *one,
                         const struct deal_participant *taker)
{
    if (slice_equal(remainder, SLICE("first")))
        return false;
    if (slice_equal(remainder, SLICE("last")))
        return true;
    if (slice_equal(remainder, SLICE("smallest-share")))
        return one->share.units < taker->share.units;
    return one->share.units > taker->share.units;
}

static mpq_srcptr whole_cents(struct obvious_book *book, mpq_srcptr amount)
{
    const struct node *rounding = node_find(book->plan->root, "rounding");
    mpq_srcptr step = obvious_number_at(book->all, book->plan, rounding, "to");
    return step ? number_round(book->numbers, amount, step, SLICE("toward-zero")) : NULL;
}

/* "A bounty on a split deal is divided by share, the odd cent going where crediting's `remainder`
 * says": each of the role gets whole cents, and one of them what is left of all their shares. */
static mpq_srcptr split(struct obvious_book *book, const struct obvious_row *row, mpq_srcptr each)
{
    struct numbers *numbers = book->numbers;
    const struct list *list = row->milestone && row->milestone->participants.count > 0
                                  ? &row->milestone->participants
                              : row->deal ? &row->deal->participants
                                          : NULL;
    const struct deal_participant *items = list ? list->items : NULL;
    const struct deal_participant *taker = NULL;
    mpq_srcptr shares = number_of(numbers, 0);
    mpq_srcptr given = shares;
    for (size_t i = 0; list && i < list->count; i++) {
        if (!slice_equal(items[i].role, row->role))
            continue;
        mpq_srcptr share = number_decimal(numbers, items[i].share);
        mpq_srcptr part = whole_cents(book, number_multiply(numbers, each, share));
        if (!part)
            return NULL;
        shares = number_add(numbers, shares, share);
        given = number_add(numbers, given, part);
        if (!taker || takes_before(book->all->remainder, &items[i], taker))
            taker = &items[i];
    }
    mpq_srcptr own = number_multiply(numbers, each, number_decimal(numbers, row->share));
    if (!taker)
        return own;
    own = whole_cents(book, own);
    bool is_taker = own && taker == row->part; /* who stands there twice takes it once */
    mpq_srcptr all = whole_cents(book, number_multiply(numbers, each, shares));
    return is_taker && all ? number_add(numbers, own, number_subtract(numbers, all, given)) : own;
}

/* "`{each: 250, when: …, once: window, limit: 3}`; a limit takes the earliest." */
mpq_srcptr obvious_bonus(struct obvious_book *book, const struct node *bonus)
{
    struct numbers *numbers = book->numbers;
    const struct node *measure = node_find(book->component, "measure");
    bool is_after = node_is(node_find(measure, "share"), "after");
    mpq_srcptr each = obvious_number_at(book->all, book->plan, bonus, "each");
    mpq_srcptr limit =
        node_find(bonus, "limit") ? obvious_number_at(book->all, book->plan, bonus, "limit") : NULL;
    mpq_srcptr pay = number_of(numbers, 0);
    long count = 0;
    for (size_t i = 0; each && i < book->measured; i++) {
        const struct obvious_entry *entry = &book->entries[i];
        bool is_spent = (node_find(bonus, "once") && count >= 1) ||
                        (limit && mpq_cmp_si(limit, count, 1) <= 0) || (is_after && count >= 1);
        if (is_spent || !qualifies(book, entry, node_find(bonus, "when")))
            continue;
        mpq_srcptr part = is_after ? each : split(book, entry->row, each);
        if (!part)
            return NULL;
        pay = number_add(numbers, pay, part);
        count++;
    }
    return each ? pay : NULL;
}
