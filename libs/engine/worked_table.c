#include "engine/worked_parts.h"

#include <stdlib.h>

enum { PLACES_MAX = 2048, BISECTIONS_MAX = 128, DOUBLINGS_MAX = 6 };

/* A place on the axis, in steps of worked_unit. */
struct place_of_row {
    int64_t steps;
    enum worked_why why;
    const struct landmark *landmark;
    size_t step;
};

struct tabling {
    struct worked *worked;
    struct place_of_row *places;
    size_t count;
};

static void add_place(struct tabling *tabling, struct place_of_row place)
{
    if (tabling->count < PLACES_MAX && place.steps >= 0)
        tabling->places[tabling->count++] = place;
}

/* Rising; of one place, the reason that says most first. */
static int by_steps(const void *a, const void *b)
{
    const struct place_of_row *one = a;
    const struct place_of_row *other = b;
    if (one->steps != other->steps)
        return one->steps < other->steps ? -1 : 1;
    return (int)one->why - (int)other->why;
}

static void sort_places(struct tabling *tabling)
{
    size_t kept = 0;
    if (tabling->count > 0)
        qsort(tabling->places, tabling->count, sizeof *tabling->places, by_steps);
    for (size_t i = 0; i < tabling->count; i++) {
        if (kept == 0 || tabling->places[kept - 1].steps != tabling->places[i].steps)
            tabling->places[kept++] = tabling->places[i];
    }
    tabling->count = kept;
}

/* --- edges --- */

static struct rational rational_at(const struct worked *worked, int64_t steps)
{
    return rational_of_units((int128)steps * worked->unit, worked->places);
}

/* The first place at or past `value`; with direction: lower, the last one that attains as much. */
static bool steps_at(const struct worked *worked, struct rational value, bool is_down, int64_t *out)
{
    struct rational sought = is_down ? value : rational_negate(value);
    int64_t steps;
    if (rational_floor(sought, worked_unit(worked), &steps))
        return false;
    *out = is_down ? steps : -steps;
    return true;
}

/* An attainment as a measure. Half a percent goes up: what is shown as 80 % begins at 79.5 %. */
static bool measure_at(const struct worked *worked, struct rational attainment,
                       struct rational *out)
{
    const struct goal *goal = &worked->component->goal;
    struct rational at = attainment;
    if (goal->precision == ATTAINMENT_WHOLE_NEAREST &&
        rational_compare(at, (struct rational){1, 100}) >= 0 &&
        rational_subtract(at, (struct rational){5, 1000}, &at))
        return false;
    if (!goal->is_lower_better)
        return !rational_multiply(at, worked->figures.goal, out);
    return !rational_is_zero(at) && !rational_divide(worked->figures.goal, at, out);
}

static void add_edge(struct tabling *tabling, struct rational at, bool is_attainment, bool is_jump,
                     const struct landmark *landmark)
{
    const struct worked *worked = tabling->worked;
    bool is_down = is_attainment && worked->component->goal.is_lower_better;
    struct rational value = at;
    int64_t steps;
    if ((is_attainment && !measure_at(worked, at, &value)) ||
        !steps_at(worked, value, is_down, &steps))
        return;
    add_place(tabling, (struct place_of_row){steps, WORKED_AT, landmark, 0});
    if (!is_jump)
        return;
    add_place(tabling,
              (struct place_of_row){steps + (is_down ? 1 : -1), WORKED_BELOW, landmark, 0});
    add_place(tabling,
              (struct place_of_row){steps + (is_down ? -1 : 1), WORKED_ABOVE, landmark, 0});
}

/* Where conditions of steps on the own attainment turn. */
static void add_conditions(struct tabling *tabling)
{
    const struct plan_component *component = tabling->worked->component;
    for (size_t i = 0; i < component->adjustment_count; i++) {
        const struct when *when = &component->adjustments[i].when;
        for (int32_t k = 0; k < when->count; k++) {
            const struct when_part *part = &when->parts[k];
            if (part->kind == WHEN_ATTAINMENT && part->look.component == component->index &&
                part->look.window == LOOK_SAME)
                add_edge(tabling, rational_of_decimal(part->bound), true, true, NULL);
        }
    }
}

static void add_edges(struct tabling *tabling)
{
    const struct worked *worked = tabling->worked;
    const struct landmarks *landmarks = worked->landmarks;
    bool is_attainment = landmarks->of == LANDMARKS_ATTAINMENT;
    for (size_t i = 0; i < landmarks->count; i++) {
        const struct landmark *landmark = &landmarks->items[i];
        add_edge(tabling, landmark->at, is_attainment, landmark->is_jump, landmark);
    }
    if (landmarks->of == LANDMARKS_OTHER)
        return;
    if (worked->goal != WORKED_GOAL_NONE && !rational_is_zero(worked->figures.goal)) {
        add_edge(tabling, RATIONAL_ONE, true, false, NULL);
        add_conditions(tabling);
    }
}

/* --- between edges --- */

static void add_between(struct tabling *tabling, int64_t steps)
{
    add_place(tabling, (struct place_of_row){steps, WORKED_BETWEEN, NULL, 0});
}

/* Measures that say something where the table has no edge of its own. */
static void add_examples(struct tabling *tabling)
{
    const struct worked *worked = tabling->worked;
    struct rational example = worked->example;
    int64_t steps;
    if (!steps_at(worked, example, false, &steps))
        return;
    add_between(tabling, steps / 100);
    add_between(tabling, steps / 10);
    add_between(tabling, steps);
}

/* Half way from each edge to the next, and as far again past the last. */
static void add_middles(struct tabling *tabling)
{
    int64_t edges[PLACES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < tabling->count; i++) {
        if (tabling->places[i].why == WORKED_AT)
            edges[count++] = tabling->places[i].steps;
    }
    if (count == 0 || edges[count - 1] == 0) {
        add_examples(tabling);
        return;
    }
    int64_t before = 0;
    for (size_t i = 0; i < count; i++) {
        if (edges[i] - before > 1)
            add_between(tabling, before + (edges[i] - before) / 2);
        before = edges[i];
    }
    int64_t width = count > 1 ? edges[count - 1] - edges[count - 2] : edges[0];
    add_between(tabling, edges[count - 1] + (count > 1 ? width : width / 2));
}

/* --- bounds --- */

/* Whether step `step` of the first column holds the pay down or up at this place. */
static bool is_bound(const struct worked *worked, int64_t steps, size_t step)
{
    const struct worked_column *column = &worked->columns[0];
    size_t count = column->component->adjustment_count;
    struct rational before[64];
    bool holds[64];
    struct adjust_trace trace = {before, holds};
    struct worth worth;
    struct attempt attempt = {
        .worked = worked, .column = column, .at = rational_at(worked, steps), .trace = &trace};
    if (count > 64 || attempt_worth(&attempt, &worth) || !worth.has_pay || !holds[step])
        return false;
    struct rational after = step + 1 < count ? before[step + 1] : worth.pay;
    return rational_compare(before[step], after) != 0;
}

/* The last of the places between which it changes. */
static int64_t bisect(const struct worked *worked, int64_t low, int64_t high, size_t step)
{
    bool is_at_low = is_bound(worked, low, step);
    for (int i = 0; high - low > 1 && i < BISECTIONS_MAX; i++) {
        int64_t middle = low + (high - low) / 2;
        if (is_bound(worked, middle, step) == is_at_low)
            low = middle;
        else
            high = middle;
    }
    return is_at_low ? high : low;
}

static void add_bound(struct tabling *tabling, int64_t low, int64_t high, size_t step)
{
    const struct worked *worked = tabling->worked;
    if (high - low > 1 && is_bound(worked, low, step) != is_bound(worked, high, step))
        add_place(tabling,
                  (struct place_of_row){bisect(worked, low, high, step), WORKED_BOUND, NULL, step});
}

/* A cap that only holds far out. */
static void add_bound_past(struct tabling *tabling, int64_t last, size_t step)
{
    int64_t high = last;
    if (last <= 0 || is_bound(tabling->worked, last, step))
        return;
    for (int i = 0; i < DOUBLINGS_MAX && !is_bound(tabling->worked, high, step); i++)
        high *= 2;
    add_bound(tabling, last, high, step);
    if (is_bound(tabling->worked, high, step))
        add_between(tabling, high);
}

static void add_bounds(struct tabling *tabling)
{
    const struct plan_component *component = tabling->worked->columns[0].component;
    size_t edges = tabling->count;
    for (size_t step = 0; step < component->adjustment_count; step++) {
        enum adjust_kind kind = component->adjustments[step].kind;
        if (kind != ADJUST_CAP && kind != ADJUST_FLOOR)
            continue;
        for (size_t i = 0; i + 1 < edges; i++)
            add_bound(tabling, tabling->places[i].steps, tabling->places[i + 1].steps, step);
        if (edges > 0 && kind == ADJUST_CAP)
            add_bound_past(tabling, tabling->places[edges - 1].steps, step);
    }
}

/* --- rows --- */

static void value_row(const struct worked *worked, struct worked_row *row,
                      const struct landmark *tried)
{
    for (size_t c = 0; c < worked->column_count; c++) {
        const struct attempt attempt = {
            .worked = worked, .column = &worked->columns[c], .at = row->at, .landmark = tried};
        row->is_valued[c] = attempt_worth(&attempt, &row->worth[c]) == STATUS_OK;
    }
}

static bool is_same_pay(const struct worked_row *a, const struct worked_row *b, size_t c)
{
    return rational_compare(a->worth[c].pay, b->worth[c].pay) == 0;
}

/* Past an edge the row just above is told only when the edge itself still pays as what is below. */
static bool is_needed(const struct worked *worked, const struct worked_row *row)
{
    const struct worked_row *at = row - 1;
    const struct worked_row *below = row - 2;
    if (row->why != WORKED_ABOVE)
        return true;
    if (row - worked->rows < 2 || at->why != WORKED_AT || below->why != WORKED_BELOW)
        return true;
    for (size_t c = 0; c < worked->column_count; c++) {
        if (!row->is_valued[c] || !at->is_valued[c] || !below->is_valued[c] ||
            !row->worth[c].has_pay || !at->worth[c].has_pay || !below->worth[c].has_pay)
            continue;
        struct rational step_up;
        struct rational step_on;
        if (rational_subtract(at->worth[c].pay, below->worth[c].pay, &step_up) ||
                    rational_subtract(row->worth[c].pay, at->worth[c].pay, &step_on) ||
                    is_same_pay(at, below, c)
                ? !is_same_pay(row, at, c)
                : rational_compare(step_on, step_up) > 0)
            return true;
    }
    return false;
}

static void reverse(struct place_of_row *places, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct place_of_row other = places[i];
        places[i] = places[count - 1 - i];
        places[count - 1 - i] = other;
    }
}

static void make_rows(struct tabling *tabling)
{
    struct worked *worked = tabling->worked;
    if (worked->component->has_goal && worked->component->goal.is_lower_better &&
        worked->landmarks->of == LANDMARKS_ATTAINMENT)
        reverse(tabling->places, tabling->count);
    for (size_t i = 0; i < tabling->count; i++) {
        const struct place_of_row *place = &tabling->places[i];
        struct worked_row *row = &worked->rows[worked->row_count];
        *row = (struct worked_row){.why = place->why,
                                   .at = rational_at(worked, place->steps),
                                   .landmark = place->landmark,
                                   .step = place->step};
        value_row(worked, row, NULL);
        worked->row_count += is_needed(worked, row);
    }
}

static void add_each(struct worked *worked, const struct landmark *landmark, enum worked_why why,
                     struct rational at)
{
    struct worked_row *row = &worked->rows[worked->row_count];
    *row = (struct worked_row){.why = why, .at = at, .landmark = landmark};
    value_row(worked, row, landmark);
    worked->row_count++;
}

static int by_landmark(const void *a, const void *b)
{
    const struct worked_row *one = a;
    const struct worked_row *other = b;
    if (one->landmark->index != other->landmark->index)
        return one->landmark->index < other->landmark->index ? -1 : 1;
    return rational_compare(one->at, other->at);
}

/* One row for each place, in rising order. */
static void sort_each(struct worked *worked)
{
    size_t kept = 0;
    if (worked->row_count > 0)
        qsort(worked->rows, worked->row_count, sizeof *worked->rows, by_landmark);
    for (size_t i = 0; i < worked->row_count; i++) {
        if (kept == 0 || by_landmark(&worked->rows[kept - 1], &worked->rows[i]) != 0)
            worked->rows[kept++] = worked->rows[i];
    }
    worked->row_count = kept;
}

/* Each landmark by itself; results also just below what they jump at. */
static void make_each(struct worked *worked)
{
    const struct landmarks *landmarks = worked->landmarks;
    for (size_t i = 0; i < landmarks->count; i++) {
        const struct landmark *landmark = &landmarks->items[i];
        struct rational below;
        if (landmarks->of == LANDMARKS_RESULTS && landmark->is_jump &&
            !rational_subtract(landmark->at, (struct rational){1, 100}, &below))
            add_each(worked, landmark, WORKED_BELOW, below);
        add_each(worked, landmark, WORKED_EACH, landmark->at);
    }
    sort_each(worked);
}

static bool has_axis(const struct worked *worked)
{
    enum landmark_of of = worked->landmarks->of;
    return of == LANDMARKS_MEASURE || of == LANDMARKS_ATTAINMENT || of == LANDMARKS_OTHER;
}

static enum status take_rows(struct worked *worked, size_t count)
{
    worked->row_count = 0;
    worked->rows = arena_take_array(worked->arena, count + 1, sizeof *worked->rows);
    return worked->rows ? STATUS_OK : STATUS_EXHAUSTED;
}

enum status worked_table(struct worked *worked)
{
    struct tabling tabling = {.worked = worked};
    if (!worked_has_values(worked))
        return take_rows(worked, 0);
    if (!has_axis(worked)) {
        enum status status = take_rows(worked, 2 * worked->landmarks->count);
        if (!status)
            make_each(worked);
        return status;
    }
    tabling.places = arena_take_array(worked->arena, PLACES_MAX, sizeof *tabling.places);
    if (!tabling.places)
        return STATUS_EXHAUSTED;
    add_edges(&tabling);
    sort_places(&tabling);
    add_middles(&tabling);
    sort_places(&tabling);
    add_bounds(&tabling);
    sort_places(&tabling);
    enum status status = take_rows(worked, tabling.count);
    if (!status)
        make_rows(&tabling);
    return status;
}
