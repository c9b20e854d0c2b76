#include "engine/results.h"

#include "engine/row_keys.h"
#include "money/int128.h"
#include "plan/figures.h"

bool result_day(const struct plan *plan, const struct result *result, int32_t *out)
{
    struct window_span span;
    if (result->has_date) {
        *out = result->date;
        return true;
    }
    if (window_by_id(&plan->calendar, result->window, &span))
        return false;
    *out = span.until - 1;
    return true;
}

/* --- which keys a result comes to --- */

bool result_counts(const struct plan_component *component, struct slice name)
{
    for (size_t i = 0; i < component->result_count; i++) {
        if (slice_equal(component->results[i], name))
            return true;
    }
    return false;
}

static enum status touch_component(const struct tally *tally, const struct plan_version *version,
                                   size_t index, int32_t day, struct touched *touched, char *detail)
{
    struct window_memory window;
    if (!version_window(version, index, day, book_assigned(tally->book), tally->names, &window))
        return STATUS_OK;
    uint32_t place;
    enum status status = tally_place(tally, version, index, &window, &place, detail);
    if (!status)
        touched_add(touched, place);
    return status;
}

static enum status touch_version(const struct tally *tally, const struct plan_series *series,
                                 const struct plan_version *version, const struct result *result,
                                 struct touched *touched, char *detail)
{
    const struct plan *plan = version->plan;
    int32_t day;
    if (!result_day(plan, result, &day) || !book_is_assigned(tally->book, series->number, day))
        return STATUS_OK;
    for (size_t i = 0; i < plan->component_count; i++) {
        if (!result_counts(&plan->components[i], result->result))
            continue;
        enum status status = touch_component(tally, version, i, day, touched, detail);
        if (status)
            return status;
    }
    return STATUS_OK;
}

enum status results_touch(const struct tally *tally, const struct result *result,
                          struct touched *touched, char *detail)
{
    for (size_t i = 0; i < tally->book->assignment_count; i++) {
        const struct book_assignment *assignment = &tally->book->assignments[i];
        const struct plan_series *series = assignment->series;
        for (size_t v = 0; assignment->is_first && series && v < series->count; v++) {
            enum status status =
                touch_version(tally, series, series->versions[v], result, touched, detail);
            if (status)
                return status;
        }
    }
    return STATUS_OK;
}

/* --- what a window's results are worth --- */

/* The window that is asked, and what has been found in it of one result. */
struct taking {
    const struct tally *tally;
    const struct plan *plan;
    uint32_t plan_number;
    int32_t from;
    int32_t until;
    enum result_take take;
    struct result_figure *figure;
    struct result_rows rows;
    int32_t last_day; /* the day of the last one so far */
};

static enum status take_value(struct taking *taking, int32_t day, struct decimal value)
{
    struct result_figure *figure = taking->figure;
    bool is_first = taking->rows.count++ == 0;
    bool is_taken = is_first;
    switch (taking->take) {
    case TAKE_LAST:
        is_taken = is_first || day >= taking->last_day;
        break;
    case TAKE_MAX:
        is_taken = is_first || value.units > figure->value;
        break;
    case TAKE_AVERAGE:
    case TAKE_SUM:
        figure->divisor = taking->take == TAKE_AVERAGE ? taking->rows.count : 1;
        return int128_add(figure->value, value.units, &figure->value) ? STATUS_OK
                                                                      : STATUS_OUT_OF_RANGE;
    case RESULT_TAKE_COUNT:
        break;
    }
    if (is_taken) {
        figure->value = value.units;
        taking->last_day = day;
    }
    return STATUS_OK;
}

static enum status take_row(struct taking *taking, const struct row *row, char *detail)
{
    struct result_row result;
    int32_t day;
    enum status status = row_decode(taking->tally->io, ROW_RESULT, row, &result, detail);
    if (status || !result_day(taking->plan, &result.result, &day))
        return status;
    if (day < taking->from || day >= taking->until ||
        !book_is_assigned(taking->tally->book, taking->plan_number, day))
        return STATUS_OK;
    taking->rows.unapproved += result.result.approved_by.length == 0;
    return take_value(taking, day, result.result.value);
}

static enum status take_named(struct taking *taking, struct slice name, char *detail)
{
    struct slice participant = taking->tally->book->participant;
    struct buffer prefix = {0};
    struct slice from = key_of_result(&prefix, participant, name, SLICE(""));
    struct store_cursor cursor;
    enum status status = STATUS_OK;
    const struct row *row = store_first(taking->tally->io->store, from, false, &cursor);
    for (; !status && row && slice_starts_with(row_key(row), from); row = store_next(&cursor))
        status = take_row(taking, row, detail);
    buffer_deinit(&prefix);
    return status;
}

/* The goals that the roster has under the objectives' names. */
static enum status find_goals(const struct tally *tally, const struct plan *plan,
                              const struct plan_component *component,
                              const struct window_span *span, struct slice window,
                              struct result_figure *figures, char *detail)
{
    struct roster roster;
    bool found;
    struct slice key =
        key_of_roster(&tally->io->other_key, tally->book->participant, SLICE("assignments"));
    enum status status = row_find(tally->io, ROW_ROSTER, key, &roster, &found, detail);
    for (size_t i = 0; !status && found && i < component->result_count; i++)
        figures[i].has_goal = goal_named(&roster.assignments, plan, component->results[i], span,
                                         window, &figures[i].goal);
    return status;
}

/* Finds all of a figure but its goal. */
static enum status take_result(const struct tally *tally, const struct plan_version *version,
                               struct slice name, int32_t from, int32_t until,
                               enum result_take take, struct result_figure *figure,
                               struct result_rows *out_rows, char *detail)
{
    struct taking taking = {
        .tally = tally,
        .plan = version->plan,
        .plan_number = version->series->number,
        .from = from,
        .until = until,
        .take = take,
        .figure = figure,
    };
    figure->divisor = 1;
    enum status status = take_named(&taking, name, detail);
    figure->is_there = taking.rows.count > 0;
    *out_rows = taking.rows;
    return status;
}

enum status result_of_window(const struct tally *tally, const struct plan_version *version,
                             struct slice name, int32_t from, int32_t until, enum result_take take,
                             struct result_figure *out, char *detail)
{
    struct result_rows unused;
    struct result_figure figure = {0};
    enum status status =
        take_result(tally, version, name, from, until, take, &figure, &unused, detail);
    if (!status)
        *out = figure;
    return status;
}

enum status results_of_window(const struct tally *tally, const struct plan_version *version,
                              size_t index, int32_t from, int32_t until, struct slice window,
                              struct result_figure **out, struct result_rows *out_rows,
                              char *detail)
{
    const struct plan_component *component = &version->plan->components[index];
    struct result_figure *figures =
        arena_take_array(&tally->io->scratch, component->result_count, sizeof *figures);
    struct window_span span = {.over = component->over, .from = from, .until = until};
    bool is_scorecard = component->measure.result.length == 0;
    enum status status = figures ? STATUS_OK : STATUS_EXHAUSTED;
    if (!status && is_scorecard)
        status = find_goals(tally, version->plan, component, &span, window, figures, detail);
    struct result_rows all = {0};
    for (size_t i = 0; !status && i < component->result_count; i++) {
        struct result_rows rows;
        status = take_result(tally, version, component->results[i], from, until,
                             component->measure.take, &figures[i], &rows, detail);
        all.count += rows.count;
        all.unapproved += rows.unapproved;
    }
    if (status)
        return status;
    *out = figures;
    *out_rows = all;
    return STATUS_OK;
}
