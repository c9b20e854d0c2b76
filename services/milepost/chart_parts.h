/* Shared by the files that make charts. */
#ifndef MILEPOST_MILEPOST_CHART_PARTS_H
#define MILEPOST_MILEPOST_CHART_PARTS_H

#include "base/buffer.h"
#include "milepost/chart.h"

enum { SAMPLES = 240, PERCENTS_MAX = 400 };

/* One picture being made. */
struct charting {
    const struct worked *worked;
    const struct chart_standing *standing; /* may be NULL */
    struct chart *chart;
    int64_t low; /* the axis, in steps of worked_unit */
    int64_t high;
    int64_t *steps; /* at which values are taken, rising */
    size_t step_count;
};

static inline double chart_real(struct rational value)
{
    return (double)value.num / (double)value.den;
}

/* What is paid: money, or a share of the target incentive. */
double chart_pay(const struct worked *worked, const struct worth *worth);

/* As much of a text as there is room for; empties the buffer. */
void chart_copy_text(char *out, size_t bytes, struct buffer *text);

void chart_widen(struct chart_axis *axis, double value);

/* Puts the places in order, each once. */
void charting_sort(struct charting *charting);

/* Whether no measure lies between this place and the one before. */
bool charting_is_next(const struct charting *charting, size_t index);

/* A line for each objective of a scorecard; bars for phases and kinds of rows. */
enum status charting_objectives(struct charting *charting) MUST_CHECK;
enum status charting_bars(struct charting *charting) MUST_CHECK;

#endif
