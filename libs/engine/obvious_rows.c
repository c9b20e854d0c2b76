#include <stdlib.h>

#include "engine/obvious_parts.h"

/* Within 0.01 %, that included. */
static mpq_srcptr tolerance(struct numbers *numbers)
{
    return number_read(numbers, SLICE("0.01%"));
}

static mpq_srcptr share_of_role(struct numbers *numbers, const struct deal *deal, struct slice role)
{
    const struct deal_participant *participants = deal->participants.items;
    mpq_srcptr sum = number_of(numbers, 0);
    for (size_t i = 0; i < deal->participants.count; i++)
        if (slice_equal(participants[i].role, role))
            sum = number_add(numbers, sum, number_decimal(numbers, participants[i].share));
    return sum;
}

static bool keeps_rule(struct obvious *all, const struct deal *deal, const struct node *rule)
{
    struct numbers *numbers = &all->numbers;
    struct slice bound = rule->text;
    bool is_exact = slice_starts_with(bound, SLICE("exactly "));
    bool is_most = slice_starts_with(bound, SLICE("at most "));
    if (slice_equal(bound, SLICE("any")))
        return true;
    if (!is_exact && !is_most) {
        (void)obvious_refuse(all, NULL, rule, "a split rule that is not known here");
        return false;
    }
    bound.bytes += 8; /* `exactly ` and `at most ` are as long */
    bound.length -= 8;
    mpq_srcptr limit = number_read(numbers, bound);
    mpq_srcptr sum = share_of_role(numbers, deal, rule->key);
    if (!limit)
        return false;
    mpq_srcptr low = number_subtract(numbers, limit, tolerance(numbers));
    mpq_srcptr high = number_add(numbers, limit, tolerance(numbers));
    return mpq_cmp(sum, high) <= 0 && (is_most || mpq_cmp(sum, low) >= 0);
}

static bool keeps_splits(struct obvious *all, const struct deal *deal)
{
    for (const struct node *rule = all->splits ? all->splits->first : NULL; rule; rule = rule->next)
        if (!keeps_rule(all, deal, rule))
            return false;
    return true;
}

static bool has_matching_lines(const struct deal *deal)
{
    const struct deal_line *lines = deal->lines.items;
    int128 sum = 0;
    for (size_t i = 0; i < deal->lines.count; i++)
        sum += lines[i].amount.units;
    return deal->lines.count == 0 || sum == deal->amount.units;
}

static int compare_deals(const void *a, const void *b)
{
    const struct deal *one = *(const struct deal *const *)a;
    const struct deal *other = *(const struct deal *const *)b;
    int order = slice_compare(one->deal_id, other->deal_id);
    if (order == 0)
        order = one->revision > other->revision ? -1 : one->revision < other->revision;
    if (order == 0) /* of equal revisions the first stands */
        order = one < other ? -1 : one > other;
    return order;
}

static int compare_rows(const void *a, const void *b)
{
    const struct obvious_row *one = a;
    const struct obvious_row *other = b;
    int order = slice_compare(one->participant, other->participant);
    if (order == 0)
        order = slice_compare(one->deal->deal_id, other->deal->deal_id);
    return order;
}

static void add_rows(struct obvious *all, const struct deal *deal)
{
    const struct deal_participant *participants = deal->participants.items;
    for (size_t i = 0; i < deal->participants.count; i++)
        all->rows[all->row_count++] =
            (struct obvious_row){.participant = participants[i].participant,
                                 .role = participants[i].role,
                                 .share = participants[i].share,
                                 .deal = deal};
}

void obvious_credit(struct obvious *all)
{
    const struct obvious_facts *facts = all->facts;
    size_t most = 0;
    const struct deal **deals = arena_take_array(all->arena, facts->deal_count, sizeof *deals);
    for (size_t i = 0; deals && i < facts->deal_count; i++) {
        deals[i] = &facts->deals[i];
        most += facts->deals[i].participants.count;
    }
    all->rows = arena_take_array(all->arena, most, sizeof *all->rows);
    if (!deals || !all->rows) {
        all->status = STATUS_EXHAUSTED;
        return;
    }
    if (facts->deal_count > 0)
        qsort(deals, facts->deal_count, sizeof *deals, compare_deals);
    for (size_t i = 0; i < facts->deal_count; i++) {
        bool is_latest = i == 0 || !slice_equal(deals[i]->deal_id, deals[i - 1]->deal_id);
        size_t mark = all->numbers.count;
        /* Open deals are not closed yet, and a cancelled one is as if it had never been. */
        if (is_latest && deals[i]->status == DEAL_CLOSED && has_matching_lines(deals[i]) &&
            deals[i]->participants.count > 0 && keeps_splits(all, deals[i]))
            add_rows(all, deals[i]);
        numbers_release(&all->numbers, mark);
    }
    if (all->row_count > 0)
        qsort(all->rows, all->row_count, sizeof *all->rows, compare_rows);
}
