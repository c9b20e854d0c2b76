#include "engine/incentives_fold.h"

#include "engine/levels.h"
#include "engine/releasing.h"
#include "engine/results.h"
#include "engine/row_keys.h"
#include "engine/tally.h"

#include <stdlib.h>

/* --- changes --- */

bool change_republishes(struct slice kind)
{
    return slice_equal(kind, SLICE("topics")) || slice_equal(kind, SLICE("republish"));
}

bool change_moves_plan(const struct incentives *fold, const struct change *change,
                       struct slice plan)
{
    if (slice_equal(change->kind, SLICE("plan")))
        return slice_equal(change->id, plan);
    bool is_date = slice_equal(change->kind, BUSINESS_DATE_KIND);
    if (!is_date && !slice_equal(change->kind, SLICE("rates")))
        return true;
    const struct plan_series *series = plans_find(&fold->plans, plan);
    return series && (is_date ? series->moves_with_date : series->converts);
}

bool change_moves(const struct incentives *fold, const struct change *change,
                  const struct book *book)
{
    if (change_republishes(change->kind)) /* which touches views alone, and excuses no difference */
        return false;
    for (size_t i = 0; i < book->assignment_count; i++) {
        if (change_moves_plan(fold, change, interner_text(&fold->names, book->assignments[i].plan)))
            return true;
    }
    return false;
}

struct mover mover_of_change(const struct change *change)
{
    bool is_date = slice_equal(change->kind, BUSINESS_DATE_KIND); /* a fact, as others are */
    return (struct mover){
        .cause = change->cause,
        .kind = is_date ? SLICE("EARNED") : SLICE("ADJUSTMENT"),
        .reason = change->change.length ? change->change : (struct slice){NULL, 0},
    };
}

/* The oldest queued change that has yet to come to this book and can move it. */
static const struct change *change_ahead(const struct incentives *fold, const struct book *book)
{
    for (size_t i = 0; i < changes_count(&fold->small); i++) {
        const struct change *change = changes_at(&fold->small, i);
        if (change_is_ahead(change, book->participant) && change_moves(fold, change, book))
            return change;
    }
    return NULL;
}

/* --- reading a book from its rows --- */

struct rereading {
    struct incentives *fold;
    struct book *book;
    struct tally tally;
    struct touched touched;
    char *detail;
};

static void read_assignments(struct rereading *reading, const struct roster *roster)
{
    struct book *book = reading->book;
    size_t count = roster->assignments.count;
    book->assignments = calloc(count ? count : 1, sizeof *book->assignments);
    if (!book->assignments)
        abort();
    plans_assign(&reading->fold->plans, &roster->assignments, book->assignments);
    book->assignment_count = count;
}

/* Whether its plans have windows that are a deal or a line, and what else they count. */
static void note_needs(struct book *book)
{
    for (size_t i = 0; i < book->assignment_count; i++) {
        const struct plan_series *series = book->assignments[i].series;
        for (size_t v = 0; series && v < series->count; v++) {
            const struct plan *plan = series->versions[v]->plan;
            for (size_t c = 0; c < plan->component_count; c++) {
                const struct plan_component *component = &plan->components[c];
                book->has_deal_keys |=
                    component->over == WINDOW_DEAL || component->over == WINDOW_LINE;
                book->keeps_cancelled |= component->cancelled.effect != CANCELLED_RECOMPUTE;
                book->counts_payments |= component->measure.of == OF_PAYMENTS;
                book->publishes_both |= component->release.publishes_both;
                book->follows_course |=
                    component->measure.of == OF_MILESTONES && follows_course(component);
            }
        }
    }
}

static enum status read_roster(struct rereading *reading)
{
    struct row_io *io = &reading->fold->io;
    struct interner *names = &reading->fold->names;
    struct book *book = reading->book;
    struct roster roster;
    bool found;
    enum status status =
        row_find(io, ROW_ROSTER, key_of_roster(&io->key, book->participant, SLICE("profile")),
                 &roster, &found, reading->detail);
    if (status)
        return status;
    if (found) {
        book->is_unpaid = roster.is_unpaid;
        book->pay_to = roster.pay_to.bytes ? interner_number(names, roster.pay_to) : NO_TEXT;
        book->pay_group =
            roster.pay_group.bytes ? interner_number(names, roster.pay_group) : NO_TEXT;
        book->pay_code = roster.pay_code.bytes ? interner_number(names, roster.pay_code) : NO_TEXT;
    }
    status =
        row_find(io, ROW_ROSTER, key_of_roster(&io->key, book->participant, SLICE("assignments")),
                 &roster, &found, reading->detail);
    if (!status && found)
        read_assignments(reading, &roster);
    note_needs(book);
    return status;
}

/* Without an assignment to it, no change of the plan moves the book. */
static bool is_assigned_to(const struct book *book, const struct plan_series *series)
{
    for (size_t i = 0; i < book->assignment_count; i++) {
        if (book->assignments[i].series == series)
            return true;
    }
    return false;
}

/* The version that values the window of an emitted key, if one does. */
static enum status value_emitted_key(struct rereading *reading, uint32_t place,
                                     const struct slice parts[3])
{
    const struct plan_series *series = plans_find(&reading->fold->plans, parts[0]);
    if (!series || !is_assigned_to(reading->book, series))
        return STATUS_OK;
    for (size_t i = 0; i < series->count; i++) {
        const struct plan_version *version = series->versions[i];
        const struct plan_component *component = plan_component_find(version->plan, parts[1]);
        struct window_memory window;
        if (!component ||
            !version_window_called(version, (size_t)component->index, parts[2],
                                   book_assigned(reading->book), &reading->fold->names, &window) ||
            !window.is_valued)
            continue;
        return tally_value_key(&reading->tally, place, version, (size_t)component->index,
                               window.from, window.until, reading->detail);
    }
    return STATUS_OK;
}

static enum status read_emitted(struct rereading *reading, const struct row *row, struct slice id)
{
    struct incentives *fold = reading->fold;
    struct slice parts[3];
    row_key_parts(id, parts, 3);
    struct emitted_row emitted;
    enum status status = row_decode(&fold->io, ROW_EMITTED, row, &emitted, reading->detail);
    if (status)
        return status;
    if (is_deal_window(parts[2])) {
        reading->book->has_deal_rows = true;
        return STATUS_OK;
    }
    struct slice component = {parts[0].bytes, parts[0].length + 1 + parts[1].length};
    uint32_t number = interner_number(&fold->names, component);
    uint32_t window = interner_number(&fold->names, parts[2]);
    uint32_t place = book_key_find(reading->book, number, window);
    if (place == NO_KEY)
        place = book_key_add(reading->book, number, window);
    reading->book->keys[place].shown = shown_of_row(&emitted, &fold->names);
    if (!reading->book->keys[place].version)
        status = value_emitted_key(reading, place, parts);
    return status;
}

static enum status read_credit(struct rereading *reading, const struct row *row)
{
    struct credit credit;
    enum status status = row_decode(&reading->fold->io, ROW_CREDIT, row, &credit, reading->detail);
    if (!status)
        status = tally_credit(&reading->tally, &credit, 1, &reading->touched, reading->detail);
    return status;
}

static enum status read_result(struct rereading *reading, const struct row *row)
{
    struct result_row result;
    enum status status = row_decode(&reading->fold->io, ROW_RESULT, row, &result, reading->detail);
    if (!status)
        status = results_touch(&reading->tally, &result.result, &reading->touched, reading->detail);
    return status;
}

static enum status read_adjustment(struct rereading *reading, const struct row *row)
{
    struct result_row adjustment;
    enum status status =
        row_decode(&reading->fold->io, ROW_RESULT, row, &adjustment, reading->detail);
    if (!status)
        status = tally_adjustment(&reading->tally, &adjustment.result, 1, &reading->touched,
                                  reading->detail);
    return status;
}

static enum status read_row(struct rereading *reading, const struct row *row)
{
    struct row_key key = row_key_parse(row_key(row));
    if (key.letter == 'e')
        return read_emitted(reading, row, key.id);
    if (key.letter == 'c')
        return read_credit(reading, row);
    if (key.letter == 'r')
        return read_result(reading, row);
    if (key.letter == 'j')
        return read_adjustment(reading, row);
    return STATUS_OK;
}

/* With a scratch of its own, since a book may be long. The store does not change meanwhile. */
static enum status read_rows(struct rereading *reading)
{
    struct incentives *fold = reading->fold;
    struct buffer prefix = {0};
    struct slice from = key_of_book(&prefix, reading->book->participant);
    struct arena kept = fold->io.scratch;
    fold->io.scratch = fold->row_scratch;
    arena_reset(&fold->io.scratch);
    struct store_cursor cursor;
    enum status status = STATUS_OK;
    const struct row *row = store_first(fold->io.store, from, false, &cursor);
    for (; !status && row && slice_starts_with(row_key(row), from); row = store_next(&cursor)) {
        arena_reset(&fold->io.scratch);
        status = read_row(reading, row);
    }
    fold->row_scratch = fold->io.scratch;
    fold->io.scratch = kept;
    buffer_deinit(&prefix);
    return status;
}

enum status incentives_reread(struct incentives *fold, struct book *book, char *detail)
{
    write_books(fold);
    book_clear(&fold->books, book);
    struct rereading reading = {
        .fold = fold,
        .book = book,
        .tally = tally_of(fold, book),
        .detail = detail,
    };
    const struct fold_row *small = &fold->small.state.row;
    enum status status = read_roster(&reading);
    if (!status && small->has_business_date)
        status = levels_place(&reading.tally, small->business_date, detail);
    if (!status)
        status = read_rows(&reading);
    touched_deinit(&reading.touched);
    book->epoch = fold->books.epoch;
    return status;
}

/* --- the book that an input is for --- */

static enum status check_book(struct incentives *fold, struct book *book,
                              const struct outbox *outbox, char *detail)
{
    struct mover mover = {.kind = SLICE("ADJUSTMENT"), .is_check = true};
    return reconcile_book(fold, book, &mover, outbox, detail);
}

/* A book just read: what a queued change will do to it is done now, and what differs without one is
 * held. */
static enum status settle_book(struct incentives *fold, struct book *book,
                               const struct outbox *outbox, char *detail)
{
    const struct change *change = change_ahead(fold, book);
    if (!change)
        return check_book(fold, book, outbox, detail);
    struct mover mover = mover_of_change(change);
    return reconcile_book(fold, book, &mover, outbox, detail);
}

static bool has_rows(const struct incentives *fold, struct buffer *text, struct slice participant)
{
    struct slice from = key_of_book(text, participant);
    const struct row *row = store_seek(fold->io.store, from, false);
    return row && slice_starts_with(row_key(row), from);
}

/* Read, and taken into memory only when that went well. */
static enum status add_book(struct incentives *fold, struct slice participant,
                            const struct outbox *outbox, struct book **out, char *detail)
{
    struct book *book = books_add(&fold->books, participant);
    book->epoch = fold->books.epoch;
    enum status status = STATUS_OK;
    if (has_rows(fold, &fold->io.other_key, participant)) {
        status = incentives_reread(fold, book, detail);
        if (!status)
            status = settle_book(fold, book, outbox, detail);
    }
    if (status)
        books_remove(&fold->books, book);
    else
        *out = book;
    return status;
}

/* Read anew, and out of memory again when that fails. */
static enum status refresh_book(struct incentives *fold, struct book *book,
                                const struct outbox *outbox, char *detail)
{
    enum status status = incentives_reread(fold, book, detail);
    if (!status)
        status = settle_book(fold, book, outbox, detail);
    if (status)
        books_remove(&fold->books, book);
    return status;
}

enum status incentives_book(struct incentives *fold, struct slice participant,
                            const struct outbox *outbox, struct book **out, char *detail)
{
    enum status status = plans_learn(&fold->plans, &fold->io, detail);
    if (status)
        return status;
    struct book *book = books_find(&fold->books, participant);
    if (!book)
        return add_book(fold, participant, outbox, out, detail);
    if (book->epoch != fold->books.epoch && change_ahead(fold, book))
        status = refresh_book(fold, book, outbox, detail);
    if (status)
        return status;
    book->epoch = fold->books.epoch;
    *out = book;
    return STATUS_OK;
}

enum status incentives_book_anew(struct incentives *fold, struct slice participant,
                                 const struct outbox *outbox, char *detail)
{
    enum status status = plans_learn(&fold->plans, &fold->io, detail);
    if (status)
        return status;
    struct book *book = books_find(&fold->books, participant);
    if (book)
        return refresh_book(fold, book, outbox, detail);
    return add_book(fold, participant, outbox, &book, detail);
}
