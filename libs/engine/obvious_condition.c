#include "engine/obvious_parts.h"

/* --- results --- */

static bool is_of_participant(const struct obvious_row *row, struct slice participant)
{
    if (slice_equal(participant, SLICE("company:")))
        return slice_starts_with(row->participant, participant);
    return slice_equal(row->participant, participant);
}

/* "`of: self | team | company`": the participant's, those of the book that the `as: member` edge
 * leads to on the window's last day, or those of `company:ID`. */
static struct slice owner_of(struct obvious_book *book, const struct node *of)
{
    if (!of || node_is(of, "self"))
        return book->person->participant;
    if (node_is(of, "team"))
        return obvious_team(book->person, book->window.span.until - 1);
    if (node_is(of, "company"))
        return SLICE("company:");
    (void)obvious_refuse(book->all, book->plan, of, "an `of` that is not known here");
    return (struct slice){0};
}

/* The last value of the result that is dated in the book's window. */
mpq_srcptr obvious_result(struct obvious_book *book, struct slice name, const struct node *of)
{
    const struct obvious *all = book->all;
    const struct result *last = NULL;
    struct slice owner = owner_of(book, of);
    int64_t last_at = INT64_MIN;
    for (size_t i = 0; owner.length > 0 && i < all->row_count; i++) {
        const struct obvious_row *row = &all->rows[i];
        int64_t at;
        int32_t date;
        if (row->of != OF_RESULTS || !is_of_participant(row, owner) ||
            !slice_equal(row->result->result, name) || !row->result->has_value ||
            !obvious_date(book->plan, book->component, row, &at, &date) ||
            !window_holds(&book->window.span, date) || at < last_at)
            continue;
        last = row->result;
        last_at = at;
    }
    return last ? number_decimal(book->numbers, last->value) : NULL;
}

/* --- components --- */

/* "They compare exact values, never rounded ones (earned before rounding)." */
static bool component_holds(struct obvious_book *book, const struct node *when)
{
    struct obvious *all = book->all;
    const struct node *name = node_find(when, "component");
    const struct node *attainment = node_find(when, "attainment");
    const struct node *earned = node_find(when, "earned");
    struct obvious_book other;
    bool holds = false;
    if (!obvious_open_other(book, name->text, node_find(when, "window"), &other))
        return false;
    if (attainment) {
        holds = other.exact && obvious_compares(all, attainment, other.exact);
    } else if (earned) {
        mpq_srcptr value = obvious_earned(&other);
        holds = value && obvious_compares(all, earned, value);
    } else {
        (void)obvious_refuse(all, book->plan, when, "a condition that is not known here");
    }
    obvious_close(&other);
    return holds;
}

/* "`{attribute: A, is: x}`": of the assignment. */
static bool attribute_holds(struct obvious_book *book, const struct node *when)
{
    const struct node *name = node_find(when, "attribute");
    const struct node *is = node_find(when, "is");
    const struct text_or_decimal *value =
        book->assignment ? obvious_attribute(&book->assignment->attributes, name->text) : NULL;
    return value && is && obvious_matches(book->all, is, value);
}

static bool any_holds(struct obvious_book *book, const struct node *list, bool wanted)
{
    for (const struct node *one = list->first; one; one = one->next)
        if (obvious_condition(book, one) == wanted)
            return true;
    return false;
}

/* "joined by `all:`, `any:`, `not:`. What is missing (no result, no previous window) makes a
 * condition false." */
bool obvious_condition(struct obvious_book *book, const struct node *when)
{
    const struct node *result = node_find(when, "result");
    if (book->all->status)
        return false;
    if (node_find(when, "all"))
        return !any_holds(book, node_find(when, "all"), false);
    if (node_find(when, "any"))
        return any_holds(book, node_find(when, "any"), true);
    if (node_find(when, "not"))
        return !obvious_condition(book, node_find(when, "not"));
    if (node_find(when, "component"))
        return component_holds(book, when);
    if (node_find(when, "attribute"))
        return attribute_holds(book, when);
    if (!result) {
        (void)obvious_refuse(book->all, book->plan, when, "a condition that is not known here");
        return false;
    }
    mpq_srcptr value = obvious_result(book, result->text, node_find(when, "of"));
    return value && obvious_compares(book->all, node_find(when, "value"), value);
}
