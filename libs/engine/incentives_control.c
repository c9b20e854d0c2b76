/* Control records, and large changes drained book by book. */
#include "engine/incentives_fold.h"

#include "engine/control_book.h"
#include "engine/row_keys.h"

/* --- acceptance of a hold --- */

/* The emitted row that carries the hold, found by its id: a walk, but holds are rare. */
static enum status find_hold(struct incentives *fold, struct slice hold, struct slice *out_key,
                             char *detail)
{
    struct store_cursor cursor;
    out_key->bytes = NULL;
    const struct row *row = store_first(fold->io.store, SLICE(""), false, &cursor);
    for (; row; row = store_next(&cursor)) {
        struct row_key key = row_key_parse(row_key(row));
        if (key.letter != 'e')
            continue;
        struct emitted_row emitted;
        arena_reset(&fold->io.scratch);
        enum status status = row_decode(&fold->io, ROW_EMITTED, row, &emitted, detail);
        if (status)
            return status;
        if (!emitted.hold_id.bytes || !slice_equal(emitted.hold_id, hold))
            continue;
        *out_key = arena_copy(&fold->io.scratch, row_key(row));
        return out_key->bytes ? STATUS_OK : STATUS_EXHAUSTED;
    }
    return STATUS_OK;
}

static enum status release(struct incentives *fold, struct slice key, const struct mover *mover,
                           const struct outbox *outbox, char *detail)
{
    struct book *book;
    enum status status = incentives_book(fold, row_key_parse(key).book, outbox, &book, detail);
    if (status)
        return status;
    return reconcile_book(fold, book, mover, outbox, detail);
}

static enum status apply_acceptance(struct incentives *fold, const struct input *input,
                                    const struct outbox *outbox, char *detail)
{
    const struct control *control = input->fact;
    struct slice key;
    struct mover mover = {
        .cause = input->cause,
        .kind = SLICE("ADJUSTMENT"),
        .reason = control->change.length ? control->change : (struct slice){NULL, 0},
        .accepts = true,
        .hold_id = interner_number(&fold->names, control_setting(control, SLICE("hold"))),
    };
    if (!mover.cause.event_id.length)
        mover.cause.event_id = control->change;
    enum status status = decimal_parse(control_setting(control, SLICE("bound")), &mover.bound);
    if (status) /* without a bound nothing is accepted */
        return STATUS_OK;
    write_books(fold);
    status = find_hold(fold, control_setting(control, SLICE("hold")), &key, detail);
    if (status || !key.bytes)
        return status;
    status = release(fold, key, &mover, outbox, detail);
    write_books(fold);
    return status;
}

/* --- inputs --- */

static void queue(struct incentives *fold, const struct input *input)
{
    struct change change = control_change(input->fact, &input->cause);
    changes_push(&fold->small, &change);
}

static enum status apply_plan(struct incentives *fold, const struct input *input, char *detail)
{
    const struct control *control = input->fact;
    enum status status = plans_add(&fold->plans, control, detail);
    if (status)
        return status;
    queue(fold, input);
    fold->books.epoch++;
    return STATUS_OK;
}

/* Every record of attainment names its generation, so a new one has all of them published again. */
static enum status apply_topics(struct incentives *fold, const struct input *input, char *detail)
{
    struct slice before = arena_copy(&fold->io.scratch, fold->small.state.attainment_generation);
    if (!before.bytes)
        return STATUS_EXHAUSTED;
    enum status status = small_state_topics(&fold->small, &fold->io, input->fact, detail);
    if (!status && !slice_equal(before, fold->small.state.attainment_generation))
        queue(fold, input);
    return status;
}

static enum status apply_categories(struct incentives *fold, const struct input *input,
                                    char *detail)
{
    struct control latest;
    bool found;
    enum status status = control_latest(&fold->io, SLICE("categories"), &latest, &found, detail);
    if (!status)
        status = plans_set_categories(&fold->plans, &latest, detail);
    if (status)
        return status;
    queue(fold, input);
    fold->books.epoch++;
    return STATUS_OK;
}

static enum status apply_rates(struct incentives *fold, const struct input *input, char *detail)
{
    bool converts = false;
    enum status status = plans_learn_rates(&fold->plans, &fold->io, detail);
    for (size_t i = 0; i < fold->plans.count; i++)
        converts |= fold->plans.series[i]->converts;
    if (status || !converts)
        return status;
    queue(fold, input);
    fold->books.epoch++;
    return STATUS_OK;
}

/* Forward only: a day that has been reached stays reached, in whatever order the records come. */
static enum status apply_date(struct incentives *fold, const struct input *input, char *detail)
{
    struct fold_state state = fold->small.state;
    int32_t date;
    bool moves_plans = false;
    enum status status = business_date_read(input->fact, &date, detail);
    if (status || (state.row.has_business_date && date <= state.row.business_date))
        return status;
    state.row.has_business_date = true;
    state.row.business_date = date;
    small_state_set(&fold->small, &state);
    for (size_t i = 0; i < fold->plans.count; i++)
        moves_plans |= fold->plans.series[i]->moves_with_date;
    if (!moves_plans)
        return STATUS_OK;
    queue(fold, input);
    fold->books.epoch++;
    return STATUS_OK;
}

/* What would be refused is refused before it is kept. */
static enum status check_content(const struct control *control, char *detail)
{
    int32_t unused;
    if (slice_equal(control->kind, SLICE("topics")))
        return small_state_check_topics(control, detail);
    if (slice_equal(control->kind, BUSINESS_DATE_KIND))
        return business_date_read(control, &unused, detail);
    return STATUS_OK;
}

enum status incentives_apply_control(struct incentives *fold, const struct input *input,
                                     const struct outbox *outbox, char *detail)
{
    const struct control *control = input->fact;
    bool is_new;
    enum status status = plans_learn(&fold->plans, &fold->io, detail);
    if (!status)
        status = check_content(control, detail);
    if (!status)
        status = control_keep(&fold->io, control, &is_new, detail);
    if (status)
        return status;
    if (!is_new) {
        outcomes_add_planless(&fold->outcomes, OUTCOME_DUPLICATE);
        return STATUS_OK;
    }
    if (slice_equal(control->kind, SLICE("topics")))
        return apply_topics(fold, input, detail);
    if (slice_equal(control->kind, BUSINESS_DATE_KIND))
        return apply_date(fold, input, detail);
    if (change_republishes(control->kind)) {
        queue(fold, input);
        return STATUS_OK;
    }
    if (slice_equal(control->kind, SLICE("plan")))
        return apply_plan(fold, input, detail);
    if (slice_equal(control->kind, SLICE("categories")))
        return apply_categories(fold, input, detail);
    if (slice_equal(control->kind, SLICE("rates")))
        return apply_rates(fold, input, detail);
    if (slice_equal(control->kind, SLICE("acceptance")))
        return apply_acceptance(fold, input, outbox, detail);
    if (slice_equal(control->kind, SLICE("units")))
        return plans_learn_units(&fold->plans, &fold->io, detail);
    return STATUS_OK; /* kept for whoever needs it, later kinds too */
}

/* --- large changes --- */

/* Whether the roster assigns the participant to a plan by which `change` moves books. */
static enum status is_assigned(struct incentives *fold, const struct change *change,
                               struct slice participant, bool *out, char *detail)
{
    struct slice key = key_of_roster(&fold->io.key, participant, SLICE("assignments"));
    struct roster roster;
    bool found;
    enum status status = row_find(&fold->io, ROW_ROSTER, key, &roster, &found, detail);
    if (status)
        return status;
    bool is_among = false;
    for (size_t i = 0; found && i < roster.assignments.count; i++) {
        const struct assignment *assignment =
            (const struct assignment *)roster.assignments.items + i;
        is_among |= change_moves_plan(fold, change, assignment->plan);
    }
    *out = is_among;
    return STATUS_OK;
}

/* The next participant's book behind `book`, copied into the scratch; bytes NULL when there is
 * none. */
static struct slice next_book(struct incentives *fold, struct slice book)
{
    struct slice from = book.length ? key_behind_book(&fold->io.other_key, book) : SLICE("");
    for (;;) {
        const struct row *row = store_seek(fold->io.store, from, false);
        if (!row)
            return (struct slice){NULL, 0};
        struct slice next = row_key_parse(row_key(row)).book;
        if (!is_control_book(next))
            return arena_copy(&fold->io.scratch, next);
        from = SLICE("control;"); /* behind all of control's: `;` follows `:` */
    }
}

static enum status drain_book(struct incentives *fold, const struct change *change,
                              struct slice participant, const struct outbox *outbox, char *detail)
{
    if (change_republishes(change->kind))
        return incentives_republish(fold, participant, detail);
    bool is_moved;
    enum status status = is_assigned(fold, change, participant, &is_moved, detail);
    if (status || !is_moved)
        return status;
    struct book *book;
    status = incentives_book(fold, participant, outbox, &book, detail);
    if (status)
        return status;
    struct mover mover = mover_of_change(change);
    return reconcile_book(fold, book, &mover, outbox, detail);
}

enum status incentives_drain(struct incentives *fold, size_t books_max, const struct outbox *outbox,
                             bool *out_more, char *detail)
{
    enum status status = plans_learn(&fold->plans, &fold->io, detail);
    for (size_t done = 0; !status && done < books_max && changes_count(&fold->small); done++) {
        arena_reset(&fold->io.scratch);
        const struct change *change = changes_first(&fold->small);
        struct slice book = next_book(fold, change->cursor);
        if (!book.bytes) {
            changes_pop(&fold->small);
            continue;
        }
        status = drain_book(fold, change, book, outbox, detail);
        if (!status)
            changes_advance(&fold->small, book);
    }
    write_books(fold);
    if (!status)
        *out_more = changes_count(&fold->small) > 0;
    return status;
}

/* --- the background check --- */

/* Goes on from book to book, of which `at` keeps the last; bytes NULL: it has come to the end. */
static struct slice step(struct incentives *fold, struct buffer *at)
{
    arena_reset(&fold->io.scratch);
    struct slice participant = next_book(fold, buffer_slice(at));
    buffer_reset(at);
    if (participant.bytes)
        buffer_append_slice(at, participant);
    return participant;
}

/* A book that was removed meanwhile may lie behind: then the next round finds it. */
static void end_looking(struct incentives *fold)
{
    fold->books.is_whole = fold->looked_removals == fold->books.removals;
    fold->looked_removals = fold->books.removals;
}

/* Totals over the books in memory are those of all rows only when all books are there. */
static enum status read_missing(struct incentives *fold, size_t books_max,
                                const struct outbox *outbox, char *detail)
{
    for (size_t done = 0; !fold->books.is_whole && done < books_max; done++) {
        struct slice participant = step(fold, &fold->looked);
        if (!participant.bytes) {
            end_looking(fold);
            continue;
        }
        struct book *book;
        enum status status = STATUS_OK;
        if (!books_find(&fold->books, participant))
            status = incentives_book(fold, participant, outbox, &book, detail);
        if (status)
            return status;
    }
    return STATUS_OK;
}

static enum status read_again(struct incentives *fold, size_t books_max,
                              const struct outbox *outbox, char *detail)
{
    for (size_t done = 0; done < books_max; done++) {
        struct slice participant = step(fold, &fold->verified);
        if (!participant.bytes)
            break;
        enum status status = incentives_book_anew(fold, participant, outbox, detail);
        if (status)
            return status;
    }
    return STATUS_OK;
}

enum status incentives_verify(struct incentives *fold, size_t books_max,
                              const struct outbox *outbox, bool *out_more, char *detail)
{
    enum status status = plans_learn(&fold->plans, &fold->io, detail);
    write_books(fold);
    if (!status)
        status = read_missing(fold, books_max, outbox, detail);
    if (!status && fold->books.is_whole)
        status = read_again(fold, books_max, outbox, detail);
    write_books(fold);
    if (!status)
        *out_more = !fold->books.is_whole;
    return status;
}
