#include "engine/deal_counts.h"

#include "engine/row_keys.h"

static void add_waits(struct deal_counts *counts, const struct deal_row *row, int by)
{
    if (!row->waits.bytes)
        return;
    counts->waiting += by;
    if (slice_equal(row->waits, DEAL_HELD))
        counts->held += by;
}

/* Whether some row stands in the book that `key` is of. */
static bool has_rows(const struct row_io *io, struct slice key)
{
    struct slice book = {key.bytes, row_key_parse(key).book.length + 1};
    const struct row *row = store_seek(io->store, book, false);
    return row && slice_starts_with(row_key(row), book);
}

void deal_counts_change(struct deal_counts *counts, struct row_io *io,
                        const struct deal_row *before, const struct deal_row *row)
{
    if (!counts->is_known)
        return;
    add_waits(counts, row, 1);
    if (before)
        add_waits(counts, before, -1);
    else if (counts->dealless && has_rows(io, key_of_deal(&io->key, row->deal.deal_id)))
        counts->dealless--;
    else
        counts->books++;
}

void deal_counts_add(struct deal_counts *counts, struct row_io *io, struct slice key)
{
    if (!counts->is_known || has_rows(io, key))
        return;
    counts->books++;
    counts->dealless++;
}

static enum status count_row(struct deal_counts *counts, struct row_io *io, const struct row *row,
                             struct slice *book, char *detail)
{
    struct row_key key = row_key_parse(row_key(row));
    struct deal_row deal;
    if (!slice_equal(key.book, *book)) {
        *book = key.book;
        counts->books++;
        counts->dealless += key.letter != 'd'; /* which sorts first */
    }
    if (key.letter != 'd')
        return STATUS_OK;
    arena_reset(&io->scratch);
    enum status status = row_decode(io, ROW_DEAL, row, &deal, detail);
    if (!status)
        add_waits(counts, &deal, 1);
    return status;
}

enum status deal_counts_learn(struct deal_counts *counts, struct row_io *io, char *detail)
{
    struct deal_counts counted = {.is_known = true};
    struct slice book = SLICE("");
    struct store_cursor cursor;
    const struct row *row = store_first(io->store, SLICE("deal:"), false, &cursor);
    for (; row; row = store_next(&cursor)) {
        enum status status = count_row(&counted, io, row, &book, detail);
        if (status)
            return status;
    }
    *counts = counted;
    return STATUS_OK;
}
