#include "engine/obvious_parts.h"

/* --- what phases are a part of --- */

/* "The contract value is the deal's amount unless the latest milestone states one": the latest of
 * those that state one and were neither rejected nor revoked, approved or not. */
static mpq_srcptr contract_value(struct obvious_book *book, const struct obvious_entry *entry)
{
    struct obvious *all = book->all;
    const struct obvious_row *row = entry->row;
    const struct milestone *latest = NULL;
    for (size_t i = 0; i < all->milestone_count; i++) {
        const struct milestone *one = all->milestones[i];
        bool is_of_deal =
            row->deal ? slice_equal(one->deal_id, row->deal->deal_id) : one == row->milestone;
        bool stands = one->status == MILESTONE_REACHED || one->status == MILESTONE_APPROVED;
        if (!is_of_deal || !stands || !one->has_contract_value ||
            obvious_is_foreign(one, row->deal))
            continue;
        if (!latest || one->reached_at > latest->reached_at ||
            (one->reached_at == latest->reached_at &&
             slice_compare(one->milestone_id, latest->milestone_id) > 0))
            latest = one;
    }
    mpq_srcptr value = latest      ? number_decimal(book->numbers, latest->contract_value)
                       : row->deal ? number_decimal(book->numbers, row->deal->amount)
                                   : number_of(book->numbers, 0);
    return number_multiply(book->numbers, value, entry->exchange);
}

/* "`of`: contract-value | fixed | target-incentive". NULL: it waits. */
static mpq_srcptr base_of(struct obvious_book *book, const struct node *phases,
                          const struct obvious_entry *entry)
{
    const struct node *of = node_find(phases, "of");
    if (node_is(of, "contract-value"))
        return contract_value(book, entry);
    if (node_is(of, "fixed"))
        return number_of(book->numbers, 1);
    if (node_is(of, "target-incentive"))
        return obvious_target(book);
    return obvious_refuse(book->all, book->plan, of, "an `of` that is not known here");
}

/* --- phases --- */

static struct slice phase_of(const struct milestone *milestone)
{
    return milestone->phase.length > 0 ? milestone->phase : milestone->milestone;
}

/* "from milestones (the event carries its own share or amount)": where it carries both, a share is
 * asked of what shares are of, and an amount where the awards are fixed. */
static mpq_srcptr stated_award(struct obvious_book *book, const struct node *phases,
                               const struct obvious_entry *entry)
{
    const struct milestone *milestone = entry->row->milestone;
    bool is_fixed = node_is(node_find(phases, "of"), "fixed");
    if (milestone->has_amount && (is_fixed || !milestone->has_share))
        return number_multiply(book->numbers, number_decimal(book->numbers, milestone->amount),
                               entry->exchange);
    if (is_fixed || !milestone->has_share)
        return number_of(book->numbers, 0);
    mpq_srcptr base = base_of(book, phases, entry);
    return base ? number_multiply(book->numbers, base,
                                  number_decimal(book->numbers, milestone->share))
                : NULL;
}

/* "`by: 4 weeks after closed`": that day included, of the row's date. */
static bool is_in_time(struct obvious_book *book, const struct node *by,
                       const struct obvious_entry *entry)
{
    static const struct slice after = {" after closed", 13};
    struct duration duration;
    int32_t closed;
    int32_t last;
    if (!by)
        return true;
    struct slice text = by->text;
    if (text.length > after.length &&
        memcmp(text.bytes + text.length - after.length, after.bytes, after.length) == 0) {
        text.length -= after.length;
        if (!duration_parse(text, &duration))
            return !entry->row->deal || /* which nobody closed: nothing is late */
                   (!zone_date_at(book->plan->zone, entry->row->deal->closed_at, &closed) &&
                    !duration_add(closed, duration, &last) && entry->date <= last);
    }
    (void)obvious_refuse(book->all, book->plan, by, "a deadline that is not known here");
    return false;
}

static mpq_srcptr listed_award(struct obvious_book *book, const struct node *phases,
                               const struct node *row, const struct obvious_entry *entry)
{
    struct numbers *numbers = book->numbers;
    const struct node *late = node_find(row, "late");
    mpq_srcptr base = base_of(book, phases, entry);
    mpq_srcptr give = obvious_number_at(book->all, book->plan, row, "give");
    if (!base || !give)
        return NULL;
    mpq_srcptr award = number_multiply(numbers, base, give);
    if (is_in_time(book, node_find(row, "by"), entry))
        return award;
    if (!late || node_is(late, "nothing"))
        return number_of(numbers, 0);
    mpq_srcptr share = number_read(numbers, late->text);
    return share ? number_multiply(numbers, award, share)
                 : obvious_refuse(book->all, book->plan, late, "a `late` that is not known here");
}

/* A phase of a deal is earned once, by the first row in order: was there one before? */
static bool is_repeated(const struct obvious_book *book, size_t index)
{
    const struct obvious_row *row = book->entries[index].row;
    for (size_t i = 0; i < index; i++) {
        const struct obvious_row *other = book->entries[i].row;
        if (other->deal == row->deal && other->milestone != row->milestone &&
            (row->deal ||
             slice_equal(other->milestone->milestone_id, row->milestone->milestone_id)) &&
            slice_equal(phase_of(other->milestone), phase_of(row->milestone)))
            return true;
    }
    return false;
}

mpq_srcptr obvious_phases(struct obvious_book *book, const struct node *phases)
{
    struct numbers *numbers = book->numbers;
    const struct node *table = node_find(phases, "table");
    bool states_itself = node_is(table, "from milestones");
    mpq_srcptr pay = number_of(numbers, 0);
    if (node_is(node_find(phases, "of"), "target-incentive") && !obvious_target(book))
        return NULL;
    for (size_t i = 0; i < book->measured; i++) {
        const struct obvious_entry *entry = &book->entries[i];
        mpq_srcptr share = number_decimal(numbers, entry->row->share);
        mpq_srcptr award = number_of(numbers, 0);
        if (!states_itself && is_repeated(book, i))
            continue;
        if (states_itself)
            award = stated_award(book, phases, entry);
        for (const struct node *row = table ? table->first : NULL; row; row = row->next)
            if (node_find(row, "phase") &&
                slice_equal(node_find(row, "phase")->text, phase_of(entry->row->milestone)))
                award = listed_award(book, phases, row, entry);
        if (!award)
            return NULL;
        pay = number_add(numbers, pay, number_multiply(numbers, award, share));
    }
    return pay;
}

/* --- progress --- */

static bool is_latest_of_deal(const struct obvious_book *book, size_t index)
{
    const struct obvious_row *row = book->entries[index].row;
    for (size_t i = index + 1; i < book->measured; i++) {
        const struct obvious_row *other = book->entries[i].row;
        bool is_same = row->deal ? other->deal == row->deal : false;
        if (is_same && other->milestone->has_percent_complete && other->milestone != row->milestone)
            return false;
    }
    return row->milestone->has_percent_complete;
}

/* "`progress: {of: contract-value}` pays by percent complete (a share, `40%`)": the latest row of
 * each deal that states one. */
mpq_srcptr obvious_progress(struct obvious_book *book, const struct node *progress)
{
    struct numbers *numbers = book->numbers;
    mpq_srcptr pay = number_of(numbers, 0);
    for (size_t i = 0; i < book->measured; i++) {
        const struct obvious_entry *entry = &book->entries[i];
        mpq_srcptr base = base_of(book, progress, entry);
        if (!base)
            return NULL;
        if (!is_latest_of_deal(book, i))
            continue;
        mpq_srcptr done = number_decimal(numbers, entry->row->milestone->percent_complete);
        mpq_srcptr share = number_decimal(numbers, entry->row->share);
        pay = number_add(numbers, pay,
                         number_multiply(numbers, number_multiply(numbers, base, done), share));
    }
    return pay;
}

/* --- level --- */

/* "`level: {give: 2000, each: month}` pays for every whole month of the assignment that the
 * business date has passed": months of the calendar that lie wholly in an assignment. */
long obvious_months(struct obvious_book *book, const struct node *level)
{
    const struct obvious_facts *facts = book->all->facts;
    const struct node *each = node_find(level, "each");
    const struct assignment *touching[OBVIOUS_TOUCHING_MAX];
    const struct window_span *span = &book->window.span;
    struct window_span month;
    enum window_over over;
    long count = 0;
    if (!each || window_over_find(each->text, &over) || window_count_in_year(over) == 0) {
        (void)obvious_refuse(book->all, book->plan, level, "an `each` that is not known here");
        return 0;
    }
    for (int32_t day = span->from; day < span->until; day = month.until) {
        if (window_containing(&book->plan->calendar, over, day, &month))
            break;
        bool is_passed = facts->has_business_date && facts->business_date >= month.until;
        size_t touch =
            obvious_touching(book->person, book->plan->name, month.from, month.until, touching);
        for (size_t i = 0; i < touch && is_passed; i++)
            if (month.from >= span->from && month.until <= span->until &&
                touching[i]->from <= month.from &&
                (!touching[i]->has_until || touching[i]->until >= month.until)) {
                count++;
                break;
            }
    }
    return count;
}

mpq_srcptr obvious_level(struct obvious_book *book, const struct node *level)
{
    struct numbers *numbers = book->numbers;
    mpq_srcptr give = obvious_number_at(book->all, book->plan, level, "give");
    return give ? number_multiply(numbers, give, number_of(numbers, obvious_months(book, level)))
                : NULL;
}
