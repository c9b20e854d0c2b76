#include "milepost/chart_parts.h"

#include <math.h>
#include <stdio.h>

/* What is shown of the axis beside the edges of objectives. */
#define MARGIN 0.2

/* --- objectives: a line each, the others being at their plans --- */

/* The first landmark of an objective is its plan. */
static const struct landmark *plan_of(const struct worked *worked, int32_t index)
{
    for (size_t i = 0; i < worked->landmarks->count; i++) {
        if (worked->landmarks->items[i].index == index)
            return &worked->landmarks->items[i];
    }
    return NULL;
}

/* From somewhat below the lowest edge of any objective to somewhat past the highest. */
static void find_ratios(struct charting *charting)
{
    const struct landmarks *landmarks = charting->worked->landmarks;
    struct chart_axis *axis = &charting->chart->x;
    axis->from = axis->to = 1;
    for (size_t i = 0; i < landmarks->count; i++) {
        const struct landmark *plan = plan_of(charting->worked, landmarks->items[i].index);
        if (!rational_is_zero(plan->at))
            chart_widen(axis, chart_real(landmarks->items[i].at) / chart_real(plan->at));
    }
    axis->from = axis->from > MARGIN ? axis->from - MARGIN : 0;
    axis->to += MARGIN;
    axis->is_share = true;
    chart_axis_ticks(axis);
    (void)snprintf(axis->name, sizeof axis->name, "value of one objective, of its plan");
}

/* Values of one objective in hundredths: even ones, and both sides of each of its edges. */
static size_t take_values(struct charting *charting, const struct landmark *plan)
{
    const struct landmarks *landmarks = charting->worked->landmarks;
    double of_plan = chart_real(plan->at) * 100;
    charting->step_count = 0;
    for (int i = 0; i <= SAMPLES; i++) {
        double x = charting->chart->x.from +
                   (charting->chart->x.to - charting->chart->x.from) * i / SAMPLES;
        charting->steps[charting->step_count++] = llround(x * of_plan);
    }
    for (size_t i = 0; i < landmarks->count; i++) {
        const struct landmark *landmark = &landmarks->items[i];
        if (landmark->index != plan->index)
            continue;
        int64_t at = (int64_t)ceil(chart_real(landmark->at) * 100 - 1e-6);
        charting->steps[charting->step_count++] = at - 1;
        charting->steps[charting->step_count++] = at;
        charting->steps[charting->step_count++] = at + 1;
    }
    charting_sort(charting);
    return charting->step_count;
}

static enum status draw_objective(struct charting *charting, const struct landmark *plan)
{
    const struct worked *worked = charting->worked;
    struct chart *chart = charting->chart;
    if (chart->series_count == CHART_SERIES_MAX || rational_is_zero(plan->at))
        return STATUS_OK;
    struct chart_series *series = &chart->series[chart->series_count++];
    size_t count = take_values(charting, plan);
    series->points = arena_take_array(worked->arena, count, sizeof *series->points);
    if (!series->points)
        return STATUS_EXHAUSTED;
    struct buffer name = {0};
    buffer_append_slice(&name, plan->name);
    chart_copy_text(series->name, sizeof series->name, &name);
    buffer_deinit(&name);
    for (size_t i = 0; i < count; i++) {
        struct rational at = rational_of_units(charting->steps[i], 2);
        struct worth worth;
        double x = chart_real(at) / chart_real(plan->at);
        if (x < chart->x.from || x > chart->x.to || worked_value_of(worked, 0, plan, at, &worth) ||
            worth.pending)
            continue;
        series->points[series->count++] = (struct chart_point){
            .x = x, .y = chart_pay(worked, &worth), .is_next = charting_is_next(charting, i)};
        chart_widen(&chart->y, series->points[series->count - 1].y);
    }
    return STATUS_OK;
}

enum status charting_objectives(struct charting *charting)
{
    const struct worked *worked = charting->worked;
    size_t room = SAMPLES + 1 + 3 * worked->landmarks->count;
    charting->steps = arena_take_array(worked->arena, room, sizeof *charting->steps);
    if (!charting->steps)
        return STATUS_EXHAUSTED;
    find_ratios(charting);
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < worked->landmarks->count; i++) {
        const struct landmark *landmark = &worked->landmarks->items[i];
        if (plan_of(worked, landmark->index) == landmark)
            status = draw_objective(charting, landmark);
    }
    return status;
}
