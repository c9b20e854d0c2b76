#include "milepost/chart_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "milepost/console.h"
#include "milepost/plan_words.h"
#include "plan/words.h"

/* The smallest part of the height that is drawn as a jump. */
#define JUMP_LEAST 0.004

/* As much of somebody's name as stands beside their place. */
enum { NAME_COLUMNS = 30 };

/* --- figures --- */

/* Behind a gate that keeps it, nothing is paid. */
double chart_pay(const struct worked *worked, const struct worth *worth)
{
    if (worth->payable == 0 && worth->earned != 0)
        return 0;
    if (worked->target == WORKED_TARGET_SHARE)
        return worth->has_pay ? chart_real(worth->pay) : 0;
    return (double)worth->earned / pow(10, worked->plan->currency.exponent);
}

static struct rational rational_at(const struct worked *worked, int64_t steps)
{
    return rational_of_units((int128)steps * worked->unit, worked->places);
}

static bool is_by_attainment(const struct worked *worked)
{
    return worked->landmarks->of == LANDMARKS_ATTAINMENT && worked->goal != WORKED_GOAL_NONE &&
           !rational_is_zero(worked->figures.goal);
}

static double x_of(const struct worked *worked, struct rational at)
{
    double x = chart_real(at);
    if (!is_by_attainment(worked))
        return x;
    double goal = chart_real(worked->figures.goal);
    if (!worked->component->goal.is_lower_better)
        return x / goal;
    return x > 0 ? goal / x : NAN;
}

void chart_copy_text(char *out, size_t bytes, struct buffer *text)
{
    size_t length = text->length < bytes - 1 ? text->length : bytes - 1;
    /* not within a character */
    while (length > 0 && length < text->length &&
           ((unsigned char)text->bytes[length] & 0xc0) == 0x80)
        length--;
    if (length > 0)
        memcpy(out, text->bytes, length);
    out[length] = '\0';
    buffer_reset(text);
}

/* --- heads --- */

static void name_axes(const struct charting *charting)
{
    const struct worked *worked = charting->worked;
    struct chart *chart = charting->chart;
    struct buffer text = {0};
    if (is_by_attainment(worked)) {
        buffer_printf(&text, "attainment");
        chart->x.is_share = true;
    } else {
        chart->x.is_whole = worked->landmarks->of == LANDMARKS_MONTHS ||
                            worked->landmarks->of == LANDMARKS_ROWS ||
                            (worked->landmarks->of == LANDMARKS_MEASURE && worked->places == 0);
        append_axis(&text, worked);
        chart->x.is_share = worked->landmarks->of == LANDMARKS_COMPLETE ||
                            (worked->landmarks->of == LANDMARKS_OTHER &&
                             worked->component->needs & NEEDS_ATTAINMENT_OF);
    }
    chart_copy_text(chart->x.name, sizeof chart->x.name, &text);
    chart->y.is_share = worked->target == WORKED_TARGET_SHARE;
    buffer_printf(&text, "pays (%s)",
                  chart->y.is_share ? "share of the target incentive"
                                    : worked->plan->currency.code);
    chart_copy_text(chart->y.name, sizeof chart->y.name, &text);
    buffer_deinit(&text);
}

static void write_heads(const struct charting *charting, struct slice name, const char *window)
{
    const struct worked *worked = charting->worked;
    struct chart *chart = charting->chart;
    struct buffer text = {0};
    buffer_append_slice(&text, worked->component->name);
    chart_copy_text(chart->title, sizeof chart->title, &text);
    append_figures(&text, worked, name, window);
    while (text.length > 0 &&
           (text.bytes[text.length - 1] == '\n' || text.bytes[text.length - 1] == ':'))
        text.length--;
    chart_copy_text(chart->subtitle, sizeof chart->subtitle, &text);
    if (strcmp(chart->subtitle, "What that comes to") == 0)
        chart->subtitle[0] = '\0';
    buffer_deinit(&text);
}

/* --- lines --- */

static int by_value(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a;
    int64_t other = *(const int64_t *)b;
    return one < other ? -1 : one > other;
}

static int64_t steps_of(const struct worked *worked, struct rational at)
{
    return (int64_t)llround(chart_real(at) / chart_real(worked_unit(worked)));
}

static bool is_lower_better(const struct worked *worked)
{
    return is_by_attainment(worked) && worked->component->goal.is_lower_better;
}

/* From somewhat below the first edge to somewhat past the last, and to where somebody stands. */
static void find_range(struct charting *charting)
{
    const struct worked *worked = charting->worked;
    const struct chart_standing *standing = charting->standing;
    int64_t first = INT64_MAX;
    int64_t last = 0;
    int64_t lowest = INT64_MAX;
    for (size_t i = 0; i < worked->row_count; i++) {
        int64_t steps = steps_of(worked, worked->rows[i].at);
        bool is_edge = worked->rows[i].why == WORKED_AT || worked->rows[i].why == WORKED_BOUND;
        charting->high = steps > charting->high ? steps : charting->high;
        lowest = steps > 0 && steps < lowest ? steps : lowest;
        if (is_edge && steps < first)
            first = steps;
        if (is_edge && steps > last)
            last = steps;
    }
    if (standing && standing->is_there) {
        int64_t steps = steps_of(worked, rational_of_decimal(standing->measure));
        charting->high = steps > charting->high ? steps : charting->high;
        lowest = steps > 0 && steps < lowest ? steps : lowest;
    }
    charting->high = charting->high > 0 ? charting->high : 1;
    /* a narrow curve far from 0, such as 95 … 105 % */
    if (first != INT64_MAX && last > first && (last - first) * 2 < first)
        charting->low = first - (last - first);
    if (is_lower_better(worked) && lowest != INT64_MAX) /* a measure of 0 attains without end */
        charting->low = lowest;
}

/* The axis ends with a tick, and the lines end with the axis. */
static void round_range(struct charting *charting)
{
    const struct worked *worked = charting->worked;
    struct chart_axis *axis = &charting->chart->x;
    double unit = chart_real(worked_unit(worked));
    double goal = is_by_attainment(worked) ? chart_real(worked->figures.goal) : 1;
    if (is_lower_better(worked))
        return;
    axis->from = x_of(worked, rational_at(worked, charting->low));
    axis->to = x_of(worked, rational_at(worked, charting->high));
    chart_axis_ticks(axis);
    charting->low = (int64_t)llround(axis->from * goal / unit);
    charting->high = (int64_t)llround(axis->to * goal / unit);
    if (charting->low < 0)
        charting->low = 0;
}

static bool take_steps(struct charting *charting)
{
    const struct worked *worked = charting->worked;
    size_t room = SAMPLES + 1 + worked->row_count + 3 * PERCENTS_MAX;
    charting->steps = arena_take_array(worked->arena, room, sizeof *charting->steps);
    if (!charting->steps)
        return false;
    for (int64_t i = 0; i <= SAMPLES; i++)
        charting->steps[charting->step_count++] =
            charting->low + (int64_t)((int128)(charting->high - charting->low) * i / SAMPLES);
    for (size_t i = 0; i < worked->row_count; i++) {
        int64_t steps = steps_of(worked, worked->rows[i].at);
        if (steps >= charting->low && steps <= charting->high)
            charting->steps[charting->step_count++] = steps;
    }
    return true;
}

/* Whole percents go in steps: both sides of each. */
static void take_percents(struct charting *charting)
{
    const struct worked *worked = charting->worked;
    if (!is_by_attainment(worked) || worked->component->goal.precision == ATTAINMENT_EXACT ||
        worked->component->goal.is_lower_better)
        return;
    double shift = worked->component->goal.precision == ATTAINMENT_WHOLE_NEAREST ? 0.005 : 0;
    double goal = chart_real(worked->figures.goal) / chart_real(worked_unit(worked));
    for (int percent = 1; percent <= PERCENTS_MAX; percent++) {
        int64_t steps = (int64_t)ceil((percent / 100.0 - shift) * goal - 1e-6);
        if (steps <= charting->low || steps > charting->high)
            continue;
        charting->steps[charting->step_count++] = steps - 1;
        charting->steps[charting->step_count++] = steps;
    }
}

void charting_sort(struct charting *charting)
{
    size_t kept = 0;
    if (charting->step_count > 1)
        qsort(charting->steps, charting->step_count, sizeof *charting->steps, by_value);
    for (size_t i = 0; i < charting->step_count; i++) {
        if (kept == 0 || charting->steps[kept - 1] != charting->steps[i])
            charting->steps[kept++] = charting->steps[i];
    }
    charting->step_count = kept;
}

/* Whether pay may jump exactly there. */
static bool is_edge(const struct worked *worked, int64_t steps)
{
    for (size_t i = 0; i < worked->row_count; i++) {
        const struct worked_row *row = &worked->rows[i];
        bool is_jump = !row->landmark || row->landmark->is_jump;
        if (row->why == WORKED_AT && is_jump && steps_of(worked, row->at) == steps)
            return true;
    }
    return false;
}

/* Whether no measure lies between this one and the one before. */
bool charting_is_next(const struct charting *charting, size_t index)
{
    return index > 0 && charting->steps[index] - charting->steps[index - 1] == 1;
}

static enum status draw_series(struct charting *charting, size_t column)
{
    const struct worked *worked = charting->worked;
    struct chart *chart = charting->chart;
    struct buffer text = {0};
    if (chart->series_count == CHART_SERIES_MAX)
        return STATUS_OK;
    struct chart_series *series = &chart->series[chart->series_count++];
    append_column(&text, worked, column);
    if (text.length == 0 && worked->column_count > 1)
        buffer_printf(&text, "as it is");
    chart_copy_text(series->name, sizeof series->name, &text);
    buffer_deinit(&text);
    series->points = arena_take_array(worked->arena, charting->step_count, sizeof *series->points);
    if (!series->points)
        return STATUS_EXHAUSTED;
    for (size_t i = 0; i < charting->step_count; i++) {
        struct rational at = rational_at(worked, charting->steps[i]);
        struct worth worth;
        double x = x_of(worked, at);
        if (isnan(x) || worked_value(worked, column, at, &worth) || worth.pending)
            continue;
        series->points[series->count++] =
            (struct chart_point){.x = x,
                                 .y = chart_pay(worked, &worth),
                                 .is_next = charting_is_next(charting, i),
                                 .is_at = is_edge(worked, charting->steps[i])};
    }
    return STATUS_OK;
}

void chart_widen(struct chart_axis *axis, double value)
{
    if (value < axis->from)
        axis->from = value;
    if (value > axis->to)
        axis->to = value;
}

/* Where neighbours with nothing between them differ by more than a line's width, the line breaks:
 * when they are close, and at an edge however far a whole unit reaches. */
static void find_jumps(struct charting *charting)
{
    struct chart *chart = charting->chart;
    double least = (chart->y.to - chart->y.from) * JUMP_LEAST;
    double near = (chart->x.to - chart->x.from) / 100;
    for (size_t s = 0; s < chart->series_count; s++) {
        struct chart_series *series = &chart->series[s];
        for (size_t i = 1; i < series->count; i++) {
            struct chart_point *point = &series->points[i];
            const struct chart_point *before = point - 1;
            bool is_close = fabs(point->x - before->x) < near;
            point->is_jump = point->is_next && fabs(point->y - before->y) > least &&
                             (is_close || point->is_at || before->is_at);
        }
    }
}

static enum status draw_lines(struct charting *charting)
{
    const struct worked *worked = charting->worked;
    struct chart *chart = charting->chart;
    find_range(charting);
    round_range(charting);
    if (!take_steps(charting))
        return STATUS_EXHAUSTED;
    take_percents(charting);
    charting_sort(charting);
    enum status status = STATUS_OK;
    for (size_t c = 0; !status && c < worked->column_count; c++)
        status = draw_series(charting, c);
    chart->x.from = INFINITY;
    chart->x.to = -INFINITY;
    for (size_t s = 0; s < chart->series_count; s++) {
        for (size_t i = 0; i < chart->series[s].count; i++) {
            chart_widen(&chart->x, chart->series[s].points[i].x);
            chart_widen(&chart->y, chart->series[s].points[i].y);
        }
    }
    return status;
}

/* --- marks --- */

static enum status draw_marks(struct charting *charting)
{
    const struct worked *worked = charting->worked;
    struct chart *chart = charting->chart;
    struct buffer text = {0};
    chart->marks = arena_take_array(worked->arena, worked->row_count + 1, sizeof *chart->marks);
    if (!chart->marks)
        return STATUS_EXHAUSTED;
    for (size_t i = 0; i < worked->row_count; i++) {
        const struct worked_row *row = &worked->rows[i];
        double x = x_of(worked, row->at);
        buffer_reset(&text);
        append_row_name(&text, worked, row);
        if (text.length == 0 || isnan(x) || !row->is_valued[0])
            continue;
        struct chart_mark *mark = &chart->marks[chart->mark_count++];
        chart_copy_text(mark->name, sizeof mark->name, &text);
        mark->x = x;
        mark->y = chart_pay(worked, &row->worth[0]);
    }
    buffer_deinit(&text);
    return STATUS_OK;
}

static void draw_place(struct charting *charting)
{
    const struct chart_standing *standing = charting->standing;
    struct chart *chart = charting->chart;
    const struct worked *worked = charting->worked;
    bool is_by_share = is_by_attainment(worked);
    char x[CHART_TEXT_BYTES];
    char y[CHART_TEXT_BYTES];
    struct buffer text = {0};
    if (!standing || !standing->is_there || (is_by_share && !standing->has_attainment))
        return;
    chart->has_place = true;
    chart->place.x = is_by_share ? (double)standing->attainment.units / 1e12
                                 : (double)standing->measure.units / 1e9;
    chart->place.y = (double)standing->earned.units / 1e9;
    chart_widen(&chart->x, chart->place.x);
    chart_widen(&chart->y, chart->place.y);
    chart_figure(&chart->x, chart->place.x, x);
    chart_figure(&chart->y, chart->place.y, y);
    buffer_append_slice(&text, console_cut(standing->name, NAME_COLUMNS));
    buffer_printf(&text, ": %.24s, %.24s %s", x, y, worked->plan->currency.code);
    chart_copy_text(chart->place.name, sizeof chart->place.name, &text);
    buffer_deinit(&text);
}

/* --- shares of a contract that are complete, months and rows: a line through the table --- */

static enum status draw_table(struct charting *charting)
{
    const struct worked *worked = charting->worked;
    struct chart *chart = charting->chart;
    struct chart_series *series = &chart->series[chart->series_count++];
    series->points = arena_take_array(worked->arena, worked->row_count, sizeof *series->points);
    if (!series->points)
        return STATUS_EXHAUSTED;
    for (size_t i = 0; i < worked->row_count; i++) {
        const struct worked_row *row = &worked->rows[i];
        if (!row->is_valued[0])
            continue;
        series->points[series->count++] =
            (struct chart_point){.x = chart_real(row->at), .y = chart_pay(worked, &row->worth[0])};
        chart_widen(&chart->x, series->points[series->count - 1].x);
        chart_widen(&chart->y, series->points[series->count - 1].y);
    }
    return STATUS_OK;
}

/* --- all of it --- */

static enum status draw(struct charting *charting)
{
    struct chart *chart = charting->chart;
    switch (charting->worked->landmarks->of) {
    case LANDMARKS_NONE:
        break;
    case LANDMARKS_MEASURE:
    case LANDMARKS_ATTAINMENT:
    case LANDMARKS_OTHER: {
        enum status status = draw_lines(charting);
        return status ? status : draw_marks(charting);
    }
    case LANDMARKS_RESULTS:
        return charting_objectives(charting);
    case LANDMARKS_COMPLETE:
    case LANDMARKS_MONTHS:
    case LANDMARKS_ROWS:
        return draw_table(charting);
    case LANDMARKS_PHASES:
        chart->kind = CHART_STEPS;
        return charting_bars(charting);
    case LANDMARKS_RATES:
        chart->kind = CHART_BARS;
        return charting_bars(charting);
    }
    return STATUS_OK;
}

enum status chart_make(const struct worked *worked, struct slice name, const char *window,
                       const struct chart_standing *standing, struct chart *out, bool *out_found)
{
    struct charting charting = {.worked = worked, .standing = standing, .chart = out};
    *out = (struct chart){.kind = CHART_LINES};
    *out_found = worked_has_values(worked) && worked->row_count > 0;
    if (!*out_found)
        return STATUS_OK;
    name_axes(&charting);
    write_heads(&charting, name, window);
    enum status status = draw(&charting);
    if (status)
        return status;
    if (out->kind == CHART_LINES)
        draw_place(&charting);
    chart_axis_ticks(&out->x);
    chart_axis_ticks(&out->y);
    find_jumps(&charting);
    return STATUS_OK;
}
