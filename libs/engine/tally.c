#include "engine/tally.h"

#include "engine/payment_rows.h"
#include "engine/releasing.h"
#include "engine/row_keys.h"
#include "plan/figures.h"

#include <stdlib.h>

void touched_deinit(struct touched *touched)
{
    free(touched->places);
    *touched = (struct touched){0};
}

void touched_add(struct touched *touched, uint32_t place)
{
    for (size_t i = 0; i < touched->count; i++) {
        if (touched->places[i] == place)
            return;
    }
    if (touched->count == touched->capacity) {
        touched->capacity = touched->capacity ? touched->capacity * 2 : 16;
        touched->places = realloc(touched->places, touched->capacity * sizeof *touched->places);
        if (!touched->places)
            abort();
    }
    touched->places[touched->count++] = place;
}

/* --- what the roster says --- */

/* Whether the goal is not simply the one that the plan fixes. */
static bool is_goal_by_roster(const struct plan_component *component)
{
    const struct goal *goal = &component->goal;
    return component->has_goal &&
           (goal->is_from_roster || goal->ramp_count || goal->prorate != PRORATE_NONE);
}

static bool prorates_pay(const struct plan_component *component)
{
    for (size_t i = 0; i < component->adjustment_count; i++) {
        if (component->adjustments[i].kind == ADJUST_PRORATE)
            return true;
    }
    return false;
}

/* The part of the window that is assigned, as steps of adjust ask for it. */
static enum status find_assigned(const struct list *assignments, const struct plan *plan,
                                 const struct plan_component *component,
                                 const struct window_span *span, struct window_figures *figures)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < component->adjustment_count; i++) {
        const struct adjustment *step = &component->adjustments[i];
        if (step->kind == ADJUST_PRORATE)
            status = assigned_part(assignments, plan, span, step->prorate, PRORATE_PLACES_EXACT,
                                   &figures->assigned[step->prorate]);
    }
    return status;
}

enum status tally_figures(const struct tally *tally, const struct plan *plan,
                          const struct plan_component *component, int32_t from, int32_t until,
                          struct slice window, struct window_figures *out, char *detail)
{
    *out = (struct window_figures){.from = from, .until = until};
    bool wants_goal = is_goal_by_roster(component);
    bool wants_target = (component->needs & (NEEDS_TARGET | NEEDS_TARGET_WHEN)) != 0 ||
                        (wants_goal && component->goal.zero == ZERO_FULL_TARGET);
    bool wants_part = prorates_pay(component);
    if (!wants_goal && !wants_target && !wants_part)
        return STATUS_OK;
    struct roster roster;
    bool found;
    struct slice key =
        key_of_roster(&tally->io->other_key, tally->book->participant, SLICE("assignments"));
    enum status status = row_find(tally->io, ROW_ROSTER, key, &roster, &found, detail);
    if (status || !found)
        return status;
    struct window_span span = {.over = component->over, .from = from, .until = until};
    struct goal_figures figures;
    status =
        goal_figures(&roster.assignments, plan, component, &span, window, wants_target, &figures);
    if (!status && wants_part)
        status = find_assigned(&roster.assignments, plan, component, &span, out);
    out->overflows = status == STATUS_OUT_OF_RANGE;
    if (out->overflows)
        return STATUS_OK;
    out->has_goal = figures.has_goal;
    out->goal = figures.goal;
    out->has_target = figures.has_target;
    out->target = figures.target;
    return status;
}

enum status tally_value_key(const struct tally *tally, uint32_t place,
                            const struct plan_version *version, size_t index, int32_t from,
                            int32_t until, char *detail)
{
    struct book_key *key = &tally->book->keys[place];
    key->version = version;
    key->index = (uint32_t)index;
    return tally_figures(tally, version->plan, &version->plan->components[index], from, until,
                         interner_text(tally->names, key->window), &key->figures, detail);
}

static inline enum status find_place(const struct tally *tally, const struct plan_version *version,
                                     size_t index, const struct window_memory *window,
                                     uint32_t *out_place, char *detail)
{
    struct book *book = tally->book;
    uint32_t component = version->components[index];
    uint32_t place = book_key_find(book, component, window->window);
    if (place == NO_KEY)
        place = book_key_add(book, component, window->window);
    *out_place = place;
    if (book->keys[place].version == version)
        return STATUS_OK;
    return tally_value_key(tally, place, version, index, window->from, window->until, detail);
}

enum status tally_place(const struct tally *tally, const struct plan_version *version, size_t index,
                        const struct window_memory *window, uint32_t *out_place, char *detail)
{
    return find_place(tally, version, index, window, out_place, detail);
}

/* --- counting --- */

/* One credit on its way through the plans of its book. */
struct counting {
    const struct tally *tally;
    const struct credit *credit;
    int by;
    struct touched *touched;
    bool is_assigned;
    bool is_planned;
    bool waits;
    bool is_asked; /* some published plan is assigned */
    struct {
        bool is_assigned;
        bool is_planned;
        bool is_measured;
        bool waits;
    } series; /* the same for the plan at hand */
    char *detail;
};

static void add(struct window_sums *sums, const struct contribution *contribution, int by)
{
    sums->rows += (uint32_t)by;
    if (contribution->overflows) {
        sums->overflows += (uint32_t)by;
        return;
    }
    if (by > 0) {
        contribution_give(&sums->measure, contribution);
        wide_sum_add(&sums->units, contribution->units);
        wide_sum_give(&sums->rated, &contribution->rated);
    } else {
        contribution_take(&sums->measure, contribution);
        wide_sum_subtract(&sums->units, contribution->units);
        wide_sum_take(&sums->rated, &contribution->rated);
    }
    if (contribution->is_converted)
        window_sums_rest(sums, contribution->rest, by);
}

/* --- rows in their order --- */

/* A row that is counted into a tree, or out of it. */
struct placing {
    struct counting *counting;
    const struct plan_version *version;
    size_t index;
    uint32_t key; /* the place of the window's key; pointers to keys do not last */
    const struct measuring *measuring;
    struct row_more more;
};

static const struct plan_component *component_of(const struct placing *placing)
{
    return &placing->version->plan->components[placing->index];
}

static struct ordered *rows_of(const struct placing *placing)
{
    return &placing->counting->tally->book->keys[placing->key].sums.ordered;
}

/* The window that `date` lies in of the component of that name, by whichever version values it;
 * where none does, the version that valued the deal goes on. False: there is no such window. */
static bool find_taking_window(const struct placing *placing, int32_t date,
                               const struct plan_version **out_version, size_t *out_index,
                               struct window_memory *out)
{
    const struct plan_series *series = placing->version->series;
    struct interner *names = placing->counting->tally->names;
    struct assigned assigned = book_assigned(placing->counting->tally->book);
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
    const struct counting *counting = placing->counting;
    const struct plan_version *version;
    size_t index;
    int32_t date;
    struct window_memory window = {0};
    enum status status =
        zone_date_at(placing->version->plan->zone, counting->credit->cancelled_at, &date);
    *out = placing->key;
    if (status || !find_taking_window(placing, date, &version, &index, &window))
        return status;
    return tally_place(counting->tally, version, index, &window, out, counting->detail);
}

static enum status add_take(const struct placing *placing, const struct ordered_row *row)
{
    const struct counting *counting = placing->counting;
    struct book_take take = {.closed = placing->key, .row = row};
    if (!is_taken_back(component_of(placing), counting->credit))
        return STATUS_OK;
    enum status status = find_taking_key(placing, &take.taken);
    if (!status)
        status = taken_share(placing->version->plan, component_of(placing), counting->credit,
                             &take.share);
    if (status)
        return status == STATUS_OUT_OF_RANGE ? STATUS_OK : status;
    book_take_add(counting->tally->book, &take);
    touched_add(counting->touched, take.taken);
    return STATUS_OK;
}

static enum status place_more(const struct placing *placing, const struct row_place *place,
                              const struct contribution *part)
{
    const struct counting *counting = placing->counting;
    struct book *book = counting->tally->book;
    struct window_sums *sums = &book->keys[placing->key].sums;
    if (counting->by > 0) {
        struct row_more more = placing->more;
        more.units = part->units;
        more.rated = part->rated;
        if (more.has_foreign_cash)
            window_sums_wait(sums, REASON_CURRENCY_DIFFERS, 1);
        return add_take(placing, ordered_add_more(rows_of(placing), place, part->measure, &more));
    }
    const struct ordered_row *row = ordered_find(rows_of(placing), place);
    if (ordered_row_more(row)->has_foreign_cash)
        window_sums_wait(sums, REASON_CURRENCY_DIFFERS, -1);
    if (is_taken_back(component_of(placing), counting->credit)) {
        uint32_t taken = book_take_remove(book, row);
        if (taken != NO_KEY)
            touched_add(counting->touched, taken);
    }
    ordered_remove(rows_of(placing), place);
    return STATUS_OK;
}

static enum status place_row(const struct placing *placing, const struct row_place *place,
                             const struct contribution *part)
{
    if (has_more_rows(component_of(placing)))
        return place_more(placing, place, part);
    if (placing->counting->by > 0)
        ordered_add(rows_of(placing), place, part->measure);
    else
        ordered_remove(rows_of(placing), place);
    return STATUS_OK;
}

/* Where totals are asked when they are reached, each line that counts is a row where lines are
 * asked; those of one deal stand beside each other. */
static enum status place_rows(struct placing *placing, const struct contribution *whole)
{
    const struct plan_component *component = component_of(placing);
    const struct credit *credit = placing->counting->credit;
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
            status = place_row(placing, &place, &part);
    }
    return status;
}

/* The row of the book that says what has happened to the deal; NULL: none does. */
static enum status find_course(const struct placing *placing, struct credit *row,
                               const struct credit **out)
{
    const struct counting *counting = placing->counting;
    const struct tally *tally = counting->tally;
    struct store_cursor cursor;
    struct buffer prefix = {0};
    struct slice from = key_of_credits(&prefix, tally->book->participant, counting->credit->book);
    enum status status = STATUS_OK;
    *out = says_course(counting->credit) ? counting->credit : NULL;
    const struct row *found = store_first(tally->io->store, from, false, &cursor);
    for (; !status && !*out && found && slice_starts_with(row_key(found), from);
         found = store_next(&cursor)) {
        status = row_decode(tally->io, ROW_CREDIT, found, row, counting->detail);
        if (!status && says_course(row))
            *out = row;
    }
    buffer_deinit(&prefix);
    return status;
}

/* What the row has of its release. */
static enum status find_release(struct placing *placing)
{
    const struct plan_component *component = component_of(placing);
    const struct counting *counting = placing->counting;
    int32_t until = counting->tally->book->keys[placing->key].figures.until;
    struct credit row;
    const struct credit *course = NULL;
    enum status status = STATUS_OK;
    if (follows_course(component))
        status = find_course(placing, &row, &course);
    if (status)
        return status;
    placing->more.has_foreign_cash = has_foreign_cash(component, course);
    if (row_release_of(placing->version->plan, component, counting->credit, course, until,
                       &placing->more.release))
        placing->more.release = (struct row_release){RATIONAL_ZERO, HELD_FOR_EVER};
    return STATUS_OK;
}

static enum status order_rows(struct counting *counting, const struct plan_version *version,
                              size_t index, uint32_t place, const struct measuring *measuring,
                              const struct contribution *whole)
{
    struct placing placing = {counting, version,   index,
                              place,    measuring, {.release = {RATIONAL_ONE, HELD_NOT}}};
    enum status status = STATUS_OK;
    if (component_of(&placing)->divides_pay && counting->by > 0)
        status = find_release(&placing);
    return status ? status : place_rows(&placing, whole);
}

static enum status count_window(struct counting *counting, const struct plan_version *version,
                                size_t index, const struct window_memory *window,
                                const struct measuring *measuring,
                                const struct contribution *contribution)
{
    const struct plan_component *component = &version->plan->components[index];
    uint32_t place;
    enum status status =
        find_place(counting->tally, version, index, window, &place, counting->detail);
    if (status)
        return status;
    struct book_key *key = &counting->tally->book->keys[place];
    touched_add(counting->touched, place);
    if (contribution->waits) {
        window_sums_wait(&key->sums, contribution->reason, counting->by);
        return STATUS_OK;
    }
    if (contribution->lacks_rate)
        window_sums_wait(&key->sums, REASON_RATE_MISSING, counting->by);
    add(&key->sums, contribution, counting->by);
    if (row_waits_for_approval(component, counting->credit))
        key->sums.unapproved += (uint32_t)counting->by;
    if (contribution->overflows || !((component->needs & NEEDS_ROWS) || has_more_rows(component)))
        return STATUS_OK;
    return order_rows(counting, version, index, place, measuring, contribution);
}

static enum status count_component(struct counting *counting, const struct plan_version *version,
                                   size_t index, int32_t date)
{
    const struct plan_component *component = &version->plan->components[index];
    struct window_memory window;
    if (!version_window(version, index, date, book_assigned(counting->tally->book),
                        counting->tally->names, &window))
        return STATUS_OK;
    counting->series.is_planned = true;
    struct contribution contribution;
    struct measuring measuring = plans_measuring(counting->tally->plans, window.until);
    measure_row(version->plan, component, &measuring, counting->credit, NULL, &contribution);
    counting->series.is_measured |= contribution.fits;
    counting->series.waits |= contribution.fits && contribution.waits;
    if (!contribution.fits || component->over == WINDOW_DEAL || component->over == WINDOW_LINE)
        return STATUS_OK;
    return count_window(counting, version, index, &window, &measuring, &contribution);
}

/* What the plan at hand has made of the row, as part of the whole and for the figures. */
static void note_series(struct counting *counting, const struct plan_series *series)
{
    struct outcomes *outcomes = counting->tally->outcomes;
    counting->is_assigned |= counting->series.is_assigned;
    counting->is_planned |= counting->series.is_planned;
    counting->waits |= counting->series.waits;
    counting->is_asked |= counting->series.is_assigned;
    if (!outcomes || !counting->series.is_assigned)
        return;
    bool waits = counting->series.waits || !counting->series.is_planned;
    outcomes_add(outcomes, OUTCOMES_OF_NO_PLAN + 1 + series->index, series->name,
                 waits                          ? OUTCOME_WAITING
                 : counting->series.is_measured ? OUTCOME_VALUED
                                                : OUTCOME_KEPT);
}

/* An approved milestone: which of its dates counts hangs on the component. */
static enum status count_approved(struct counting *counting, const struct plan_series *series,
                                  const struct plan_version *version)
{
    const struct plan *plan = version->plan;
    for (size_t index = 0; index < plan->component_count; index++) {
        int64_t at = row_instant(&plan->components[index], counting->credit);
        int32_t date;
        if (zone_date_at(plan->zone, at, &date) ||
            !book_is_assigned(counting->tally->book, series->number, date))
            continue;
        counting->series.is_assigned = true;
        enum status status = count_component(counting, version, index, date);
        if (status)
            return status;
    }
    return STATUS_OK;
}

static enum status count_series(struct counting *counting, const struct plan_series *series)
{
    memset(&counting->series, 0, sizeof counting->series);
    for (size_t i = 0; i < series->count; i++) {
        const struct plan_version *version = series->versions[i];
        int32_t date;
        if (counting->credit->has_approved_at) {
            enum status status = count_approved(counting, series, version);
            if (status)
                return status;
            continue;
        }
        if (zone_date_at(version->plan->zone, counting->credit->closed_at, &date) ||
            !book_is_assigned(counting->tally->book, series->number, date))
            continue;
        counting->series.is_assigned = true;
        for (size_t index = 0; index < version->plan->component_count; index++) {
            enum status status = count_component(counting, version, index, date);
            if (status)
                return status;
        }
    }
    note_series(counting, series);
    return STATUS_OK;
}

/* An assignment to a plan that nobody has published: its zone is not known, so dates go by UTC. */
static bool is_assigned_to_unknown(const struct counting *counting,
                                   const struct book_assignment *assignment)
{
    int32_t date;
    return zone_date_at((struct zone){0}, counting->credit->closed_at, &date) == STATUS_OK &&
           book_is_assigned(counting->tally->book, assignment->plan, date);
}

static enum status tally_row(const struct tally *tally, const struct credit *credit, int by,
                             struct touched *touched, char *detail)
{
    if (credit->is_withdrawn || credit->status == DEAL_OPEN ||
        (credit->status == DEAL_CANCELLED && !tally->book->keeps_cancelled)) {
        if (tally->outcomes)
            outcomes_add_planless(tally->outcomes, OUTCOME_KEPT);
        return STATUS_OK;
    }
    struct counting counting = {
        .tally = tally,
        .credit = credit,
        .by = by,
        .touched = touched,
        .waits = credit->waits.bytes && credit->status == DEAL_CLOSED,
        .detail = detail,
    };
    for (size_t i = 0; i < tally->book->assignment_count; i++) {
        const struct book_assignment *assignment = &tally->book->assignments[i];
        enum status status = STATUS_OK;
        if (!assignment->is_first)
            continue;
        if (assignment->series)
            status = count_series(&counting, assignment->series);
        else
            counting.is_assigned |= is_assigned_to_unknown(&counting, assignment);
        if (status)
            return status;
    }
    if (tally->outcomes && !counting.is_asked)
        outcomes_add_planless(tally->outcomes, OUTCOME_WAITING);
    bool is_unplaced = !counting.is_assigned || !counting.is_planned;
    if (counting.waits || (is_unplaced && credit->status == DEAL_CLOSED)) {
        tally->book->waiting += by;
        tally->books->waiting += by;
    }
    return STATUS_OK;
}

/* Beside the deal's row: the deal says what became of it. */
static enum status tally_payments(const struct tally *tally, const struct credit *credit, int by,
                                  struct touched *touched, char *detail)
{
    struct tally unsaid = *tally;
    enum status status = STATUS_OK;
    unsaid.outcomes = NULL;
    for (size_t i = 0; !status && i < payment_rows_count(credit); i++) {
        struct credit payment;
        status = payment_row_of(credit, i, &tally->io->scratch, &payment);
        if (!status)
            status = tally_row(&unsaid, &payment, by, touched, detail);
    }
    return status;
}

enum status tally_credit(const struct tally *tally, const struct credit *credit, int by,
                         struct touched *touched, char *detail)
{
    enum status status = tally_row(tally, credit, by, touched, detail);
    if (!status && credit->cash.count && tally->book->counts_payments)
        status = tally_payments(tally, credit, by, touched, detail);
    return status;
}

/* --- adjustments --- */

/* As a row that a component may measure, at the beginning of its day. */
static struct credit credit_of_adjustment(const struct result *adjustment, struct zone zone)
{
    return (struct credit){
        .book = SLICE(""),
        .row = adjustment->adjustment_id,
        .kind = CREDIT_ADJUSTMENT,
        .role = SLICE(""),
        .share = decimal_of(1),
        .status = DEAL_CLOSED,
        .closed_at = zone_day_start(zone, adjustment->date),
        .currency = adjustment->currency,
        .amount = adjustment->amount,
    };
}

static enum status add_by_hand(const struct counting *counting, const struct plan_version *version,
                               size_t index, const struct result *adjustment)
{
    struct window_memory window;
    uint32_t place;
    if (!version_window(version, index, adjustment->date, book_assigned(counting->tally->book),
                        counting->tally->names, &window))
        return STATUS_OK;
    enum status status =
        tally_place(counting->tally, version, index, &window, &place, counting->detail);
    if (status)
        return status;
    struct window_sums *sums = &counting->tally->book->keys[place].sums;
    touched_add(counting->touched, place);
    if (!slice_equal(adjustment->currency, slice_of(version->plan->currency.code)))
        window_sums_wait(sums, REASON_CURRENCY_DIFFERS, counting->by);
    else if (counting->by > 0)
        wide_sum_add(&sums->by_hand, adjustment->amount.units);
    else
        wide_sum_subtract(&sums->by_hand, adjustment->amount.units);
    return STATUS_OK;
}

enum status tally_adjustment(const struct tally *tally, const struct result *adjustment, int by,
                             struct touched *touched, char *detail)
{
    const struct plan_series *series = plans_find(tally->plans, adjustment->plan);
    if (!series || !book_is_assigned(tally->book, series->number, adjustment->date))
        return STATUS_OK;
    for (size_t i = 0; i < series->count; i++) {
        const struct plan_version *version = series->versions[i];
        const struct plan_component *component =
            plan_component_find(version->plan, adjustment->component);
        if (!component || component->over == WINDOW_DEAL || component->over == WINDOW_LINE)
            continue;
        const struct credit credit = credit_of_adjustment(adjustment, version->plan->zone);
        struct counting counting = {
            .tally = tally, .credit = &credit, .by = by, .touched = touched, .detail = detail};
        bool is_measured = component->has_measure && component->measure.of == OF_ADJUSTMENTS;
        enum status status =
            is_measured
                ? count_component(&counting, version, (size_t)component->index, adjustment->date)
                : add_by_hand(&counting, version, (size_t)component->index, adjustment);
        if (status)
            return status;
    }
    return STATUS_OK;
}
