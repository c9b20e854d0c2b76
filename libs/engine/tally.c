#include "engine/tally.h"

#include "engine/payment_rows.h"
#include "engine/placing.h"
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
        window_sums_rest(sums, contribution->conversion.rest, by);
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
    if (lacks_rate(contribution))
        window_sums_wait(&key->sums, REASON_RATE_MISSING, counting->by);
    add(&key->sums, contribution, counting->by);
    if (row_waits_for_approval(component, counting->credit))
        key->sums.unapproved += (uint32_t)counting->by;
    if (contribution->overflows || !((component->needs & NEEDS_ROWS) || has_more_rows(component)))
        return STATUS_OK;
    const struct placing placing = {
        counting->tally, counting->credit, counting->by,      version,         index,
        place,           measuring,        counting->touched, counting->detail};
    return place_credit(&placing, contribution);
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
    if (!currency_is(&version->plan->currency, adjustment->currency))
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
