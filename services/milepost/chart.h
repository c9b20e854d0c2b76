/* A picture of what a component pays, as data: lines, bars and marks in the figures of its axes,
 * for chart_svg.h and chart_terminal.h to draw.
 *
 * Every point is a value of the engine (engine/worked.h). Floating point is for drawing only: no
 * figure that is read off a chart goes anywhere else. */
#ifndef MILEPOST_MILEPOST_CHART_H
#define MILEPOST_MILEPOST_CHART_H

#include "engine/worked.h"

enum { CHART_SERIES_MAX = 12, CHART_TICKS_MAX = 12, CHART_TEXT_BYTES = 96 };

enum chart_kind {
    CHART_LINES, /* pay over a measure or attainment */
    CHART_STEPS, /* phases: each adds to what those before it paid */
    CHART_BARS,  /* kinds of rows, each by itself */
};

struct chart_point {
    double x;
    double y;
    bool is_next; /* no measure lies between it and the point before */
    bool is_jump; /* it does not go on from the point before */
    bool is_at;   /* exactly at an edge: of a jump's two ends, the one that is paid there */
};

struct chart_series {
    char name[CHART_TEXT_BYTES]; /* for the legend; empty where there is only one */
    struct chart_point *points;
    size_t count;
};

/* A place with a name: a milestone, a cap. */
struct chart_mark {
    char name[2 * CHART_TEXT_BYTES];
    double x;
    double y;
};

struct chart_tick {
    double at;
    char text[CHART_TEXT_BYTES];
};

struct chart_axis {
    char name[CHART_TEXT_BYTES]; /* with its unit */
    double from;
    double to;
    bool is_share; /* 1 is 100 % */
    bool is_whole; /* nothing lies between whole numbers */
    struct chart_tick ticks[CHART_TICKS_MAX];
    size_t tick_count;
};

/* One bar or step. */
struct chart_bar {
    char name[CHART_TEXT_BYTES];
    double from; /* 0, or what those before it paid */
    double to;
    double late;                 /* what it adds when it is late … */
    bool has_late;               /* … where it can be */
    char text[CHART_TEXT_BYTES]; /* its value */
};

struct chart {
    enum chart_kind kind;
    char title[CHART_TEXT_BYTES];        /* the component */
    char subtitle[4 * CHART_TEXT_BYTES]; /* whose figures */
    struct chart_axis x;
    struct chart_axis y;
    struct chart_series series[CHART_SERIES_MAX];
    size_t series_count;
    struct chart_bar *bars;
    size_t bar_count;
    struct chart_mark *marks;
    size_t mark_count;
    bool has_place; /* the participant's, now */
    struct chart_mark place;
};

/* Where somebody stands: from a simulation. */
struct chart_standing {
    bool is_there;
    struct decimal measure;
    bool has_attainment;
    struct decimal attainment; /* ratio, in 10^-12 */
    struct decimal earned;
    struct slice name;
};

/* Makes the picture of a component whose table was found (worked_table). False: there is none to
 * make, since it lays out nothing or pays by no figure. Everything lives in the worked arena.
 * STATUS_EXHAUSTED: it is full. */
enum status chart_make(const struct worked *worked, struct slice name, const char *window,
                       const struct chart_standing *standing, struct chart *out,
                       bool *out_found) MUST_CHECK;

/* Round ticks for from … to, with their texts; widens the axis to whole ticks at its upper end. */
void chart_axis_ticks(struct chart_axis *axis);

/* `150,000`, `75.25 %`: to two places. */
void chart_figure(const struct chart_axis *axis, double value, char out[CHART_TEXT_BYTES]);

#endif
