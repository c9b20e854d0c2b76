#include "engine/tally.h"

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

enum status tally_place(const struct tally *tally, const struct plan_version *version, size_t index,
                        const struct window_memory *window, uint32_t *out_place, char *detail)
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
        wide_sum_add(&sums->measure, contribution->measure);
        wide_sum_add(&sums->units, contribution->units);
        wide_sum_give(&sums->rated, &contribution->rated);
    } else {
        wide_sum_subtract(&sums->measure, contribution->measure);
        wide_sum_subtract(&sums->units, contribution->units);
        wide_sum_take(&sums->rated, &contribution->rated);
    }
}

/* Where the order of rows matters, each line that counts is one where lines are asked. */
static void add_ordered(const struct counting *counting, const struct plan *plan,
                        const struct plan_component *component, struct ordered *rows,
                        const struct contribution *whole)
{
    const struct credit *credit = counting->credit;
    bool is_by_line = component->measure.has_line_condition && component->measure.sum != SUM_COUNT;
    const struct deal_line *lines = credit->lines.items;
    size_t count = is_by_line ? credit->lines.count : 1;
    for (size_t i = 0; i < count; i++) {
        const struct deal_line *line = is_by_line ? &lines[i] : NULL;
        struct row_place place = place_of_credit(credit, line);
        struct contribution part = *whole;
        if (line)
            measure_row(plan, component, &counting->tally->plans->categories, credit, line, &part);
        if (!part.fits || part.overflows)
            continue;
        if (counting->by > 0)
            ordered_add(rows, &place, part.measure);
        else
            ordered_remove(rows, &place);
    }
}

static enum status count_window(struct counting *counting, const struct plan_version *version,
                                size_t index, const struct window_memory *window,
                                const struct contribution *contribution)
{
    const struct plan_component *component = &version->plan->components[index];
    uint32_t place;
    enum status status =
        tally_place(counting->tally, version, index, window, &place, counting->detail);
    if (status)
        return status;
    struct book_key *key = &counting->tally->book->keys[place];
    if (contribution->waits)
        window_sums_wait(&key->sums, contribution->reason, counting->by);
    else
        add(&key->sums, contribution, counting->by);
    if ((component->needs & NEEDS_ROWS) && !contribution->waits && !contribution->overflows)
        add_ordered(counting, version->plan, component, &key->sums.ordered, contribution);
    touched_add(counting->touched, place);
    return STATUS_OK;
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
    measure_row(version->plan, component, &counting->tally->plans->categories, counting->credit,
                NULL, &contribution);
    counting->series.is_measured |= contribution.fits;
    counting->series.waits |= contribution.fits && contribution.waits;
    if (!contribution.fits || component->over == WINDOW_DEAL || component->over == WINDOW_LINE)
        return STATUS_OK;
    return count_window(counting, version, index, &window, &contribution);
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

enum status tally_credit(const struct tally *tally, const struct credit *credit, int by,
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
