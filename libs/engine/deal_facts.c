/* What stands in a deal's book beside the deal. */
#include "engine/crediting_fold.h"

#include "engine/row_keys.h"

/* Walks the keys of all rows once, up to the first of each kind: after the state came. */
static void learn_kinds(struct crediting *crediting)
{
    struct store_cursor cursor;
    const struct row *row = store_first(crediting->io.store, SLICE("deal:"), false, &cursor);
    crediting->has_events = crediting->has_payments = false;
    crediting->kinds_known = true;
    for (; row && !(crediting->has_events && crediting->has_payments); row = store_next(&cursor)) {
        char letter = row_key_parse(row_key(row)).letter;
        crediting->has_events |= letter == 'm';
        crediting->has_payments |= letter == 'p';
    }
}

static size_t count_rows(const struct crediting *crediting, struct slice prefix)
{
    struct store_cursor cursor;
    const struct row *row = store_first(crediting->io.store, prefix, false, &cursor);
    size_t count = 0;
    for (; row && slice_starts_with(row_key(row), prefix); row = store_next(&cursor))
        count++;
    return count;
}

enum status crediting_name(struct crediting *crediting, const struct deal *deal, struct deal *copy,
                           const struct deal **out)
{
    *out = deal;
    if (deal->participants.count || !crediting->has_rules || !crediting->rules.rule_count)
        return STATUS_OK;
    *copy = *deal;
    *out = copy;
    return crediting_rules_name(&crediting->rules, deal, &crediting->categories,
                                &crediting->io.scratch, &copy->participants);
}

enum status crediting_check_room(const struct crediting *crediting, struct slice prefix,
                                 size_t most, const char *what, char *detail)
{
    if (count_rows(crediting, prefix) < most)
        return STATUS_OK;
    say(detail, "out-of-range: the deal has %zu %s already, which is as many as it may have", most,
        what);
    return STATUS_INVALID;
}

/* All rows that begin with `prefix`, decoded; each of them is `size` bytes. */
static enum status read_rows(struct crediting *crediting, struct slice prefix, enum row_kind kind,
                             size_t size, void **out, size_t *out_count, char *detail)
{
    size_t count = count_rows(crediting, prefix);
    char *items = arena_take_array(&crediting->io.scratch, count, size);
    if (!items)
        return STATUS_EXHAUSTED;
    struct store_cursor cursor;
    const struct row *row = store_first(crediting->io.store, prefix, false, &cursor);
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < count; i++, row = store_next(&cursor))
        status = row_decode(&crediting->io, kind, row, items + i * size, detail);
    *out = items;
    *out_count = count;
    return status;
}

static enum status read_events(struct crediting *crediting, const struct deal *deal,
                               struct milestone_events *out, char *detail)
{
    struct slice prefix = key_of_milestone(&crediting->io.other_key, deal->deal_id, SLICE(""));
    void *rows;
    enum status status =
        read_rows(crediting, prefix, ROW_MILESTONE, sizeof *out->rows, &rows, &out->count, detail);
    if (status)
        return status;
    out->rows = rows;
    out->book = deal_book(deal->deal_id, &crediting->io.scratch);
    milestone_events_sort(out);
    return out->book.bytes ? STATUS_OK : STATUS_EXHAUSTED;
}

static enum status read_cash(struct crediting *crediting, const struct deal *deal, struct list *out,
                             char *detail)
{
    struct slice prefix = key_of_payment(&crediting->io.other_key, deal->deal_id, SLICE(""));
    void *rows;
    size_t count;
    enum status status = read_rows(crediting, prefix, ROW_PAYMENT, sizeof(struct payment_row),
                                   &rows, &count, detail);
    return status ? status : course_cash(rows, count, deal->currency, &crediting->io.scratch, out);
}

enum status crediting_read_facts(struct crediting *crediting, const struct deal *deal,
                                 struct deal_facts *out, char *detail)
{
    *out = (struct deal_facts){.events.deal = deal};
    enum status status = STATUS_OK;
    if (!crediting->kinds_known)
        learn_kinds(crediting);
    if (crediting->has_payments)
        status = read_cash(crediting, deal, &out->course.cash, detail);
    if (!status && crediting->has_events)
        status = read_events(crediting, deal, &out->events, detail);
    if (!status && out->events.count)
        status = course_reached(out->events.rows, out->events.count, &crediting->io.scratch,
                                &out->course.reached);
    return status;
}
