#include "engine/placing.h"

#include "engine/releasing.h"
#include "engine/row_keys.h"

static const struct plan_component *component_of(const struct placing *placing)
{
    return &placing->version->plan->components[placing->index];
}

static struct ordered *rows_of(const struct placing *placing)
{
    return &placing->tally->book->keys[placing->key].sums.ordered;
}

/* The window that `date` lies in of the component of that name, by whichever version values it;
 * where none does, the version that valued the deal goes on. False: there is no such window. */
static bool find_taking_window(const struct placing *placing, int32_t date,
                               const struct plan_version **out_version, size_t *out_index,
                               struct window_memory *out)
{
    const struct plan_series *series = placing->version->series;
    struct interner *names = placing->tally->names;
    struct assigned assigned = book_assigned(placing->tally->book);
    for (size_t i = 0; i < series->count; i++) {
        const struct plan_version *version = series->versions[i];
        const struct plan_component *component =
            plan_component_find(version->plan, component_of(placing)->name);
        if (!component || component->over <= WINDOW_DEAL)
            continue;
        *out_version = version;
        *out_index = (size_t)component->index;
        if (version_window(version, *out_index, date, assigned, names, out))
            return true;
    }
    *out_version = placing->version;
    *out_index = placing->index;
    return version_window(placing->version, placing->index, date, assigned, names, out) ||
           out->until > out->from;
}

/* The key of the window of the cancellation. */
static enum status find_taking_key(const struct placing *placing, uint32_t *out)
{
    const struct plan_version *version;
    size_t index;
    int32_t date;
    struct window_memory window = {0};
    enum status status =
        zone_date_at(placing->version->plan->zone, placing->credit->cancelled_at, &date);
    *out = placing->key;
    if (status || !find_taking_window(placing, date, &version, &index, &window))
        return status;
    return tally_place(placing->tally, version, index, &window, out, placing->detail);
}

static enum status add_take(const struct placing *placing, const struct ordered_row *row)
{
    struct book_take take = {.closed = placing->key, .row = row};
    if (!is_taken_back(component_of(placing), placing->credit))
        return STATUS_OK;
    enum status status = find_taking_key(placing, &take.taken);
    if (!status)
        status = taken_share(placing->version->plan, component_of(placing), placing->credit,
                             &take.share);
    if (status)
        return status == STATUS_OUT_OF_RANGE ? STATUS_OK : status;
    book_take_add(placing->tally->book, &take);
    touched_add(placing->touched, take.taken);
    return STATUS_OK;
}

/* `release` is what its rows have beside what they add up. */
static enum status place_more(const struct placing *placing, const struct row_more *release,
                              const struct row_place *place, const struct contribution *part)
{
    struct book *book = placing->tally->book;
    struct window_sums *sums = &book->keys[placing->key].sums;
    if (placing->by > 0) {
        struct row_more more = *release;
        more.units = part->units;
        more.rated = part->rated;
        if (more.has_foreign_cash)
            window_sums_wait(sums, REASON_CURRENCY_DIFFERS, 1);
        return add_take(placing, ordered_add_more(rows_of(placing), place, part->measure, &more));
    }
    const struct ordered_row *row = ordered_find(rows_of(placing), place);
    if (ordered_row_more(row)->has_foreign_cash)
        window_sums_wait(sums, REASON_CURRENCY_DIFFERS, -1);
    if (is_taken_back(component_of(placing), placing->credit)) {
        uint32_t taken = book_take_remove(book, row);
        if (taken != NO_KEY)
            touched_add(placing->touched, taken);
    }
    ordered_remove(rows_of(placing), place);
    return STATUS_OK;
}

static enum status place_row(const struct placing *placing, const struct row_more *release,
                             const struct row_place *place, const struct contribution *part)
{
    if (has_more_rows(component_of(placing)))
        return place_more(placing, release, place, part);
    if (placing->by > 0)
        ordered_add(rows_of(placing), place, part->measure);
    else
        ordered_remove(rows_of(placing), place);
    return STATUS_OK;
}

/* Where totals are asked when they are reached, each line that counts is a row where lines are
 * asked; those of one deal stand beside each other. */
static enum status place_rows(const struct placing *placing, const struct row_more *release,
                              const struct contribution *whole)
{
    const struct plan_component *component = component_of(placing);
    const struct credit *credit = placing->credit;
    bool is_by_line = (component->needs & NEEDS_ROWS) && component->measure.has_line_condition &&
                      component->measure.sum != SUM_COUNT;
    const struct deal_line *lines = credit->lines.items;
    size_t count = is_by_line ? credit->lines.count : 1;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < count; i++) {
        const struct deal_line *line = is_by_line ? &lines[i] : NULL;
        struct row_place place = place_of_credit(credit, line, row_instant(component, credit));
        struct contribution part = *whole;
        if (line)
            measure_row(placing->version->plan, component, placing->measuring, credit, line, &part);
        if (part.fits && !part.overflows)
            status = place_row(placing, release, &place, &part);
    }
    return status;
}

/* The row of the book that says what has happened to the deal; NULL: none does. */
static enum status find_course(const struct placing *placing, struct credit *row,
                               const struct credit **out)
{
    const struct tally *tally = placing->tally;
    struct store_cursor cursor;
    struct buffer prefix = {0};
    struct slice from = key_of_credits(&prefix, tally->book->participant, placing->credit->book);
    enum status status = STATUS_OK;
    *out = says_course(placing->credit) ? placing->credit : NULL;
    const struct row *found = store_first(tally->io->store, from, false, &cursor);
    for (; !status && !*out && found && slice_starts_with(row_key(found), from);
         found = store_next(&cursor)) {
        status = row_decode(tally->io, ROW_CREDIT, found, row, placing->detail);
        if (!status && says_course(row))
            *out = row;
    }
    buffer_deinit(&prefix);
    return status;
}

/* What the row has of its release. */
static enum status find_release(const struct placing *placing, struct row_more *out)
{
    const struct plan_component *component = component_of(placing);
    int32_t until = placing->tally->book->keys[placing->key].figures.until;
    struct credit row;
    const struct credit *course = NULL;
    enum status status = STATUS_OK;
    if (follows_course(component))
        status = find_course(placing, &row, &course);
    if (status)
        return status;
    out->has_foreign_cash = has_foreign_cash(component, course);
    if (row_release_of(placing->version->plan, component, placing->credit, course, until,
                       &out->release))
        out->release = (struct row_release){RATIONAL_ZERO, HELD_FOR_EVER};
    return STATUS_OK;
}

enum status place_credit(const struct placing *placing, const struct contribution *whole)
{
    struct row_more release = {.release = {RATIONAL_ONE, HELD_NOT}};
    enum status status = STATUS_OK;
    if (component_of(placing)->divides_pay && placing->by > 0)
        status = find_release(placing, &release);
    return status ? status : place_rows(placing, &release, whole);
}
