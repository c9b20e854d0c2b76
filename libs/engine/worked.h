/* A component of a plan tried out: what it pays at the places where something happens, for the
 * table of `milepost plan explain` and the picture of `milepost plan chart`.
 *
 * Every value is the engine's own (worth_of), of a window that holds one row with that measure, so
 * a table cannot say what evaluation does not do. Where the measure, goal or target incentive is
 * nobody's, figures are shares of them, or an example that is named (enum worked_goal).
 *
 * What a release waits for is taken as there, so that what is payable differs from what is earned
 * only behind a gate. Other components, results and earlier windows are taken as not known:
 * conditions on them do not hold. A step with such a condition has a column of its own, in which it
 * is taken. */
#ifndef MILEPOST_ENGINE_WORKED_H
#define MILEPOST_ENGINE_WORKED_H

#include "engine/worth.h"

/* Units are those of an example where the measure is not units (NEEDS_UNITS). */
enum { WORKED_COLUMNS_MAX = 6, WORKED_UNITS = 100 };

/* Whose goal the table goes by. */
enum worked_goal {
    WORKED_GOAL_NONE,
    WORKED_GOAL_OWN,   /* the participant's */
    WORKED_GOAL_FIXED, /* the plan's */
    WORKED_GOAL_SHARE, /* 1: measures are shares of the goal */
    WORKED_GOAL_EXAMPLE,
};

/* Whose target incentive. */
enum worked_target {
    WORKED_TARGET_NONE,
    WORKED_TARGET_OWN,
    WORKED_TARGET_SHARE, /* 1: pay is a share of the target incentive */
    WORKED_TARGET_EXAMPLE,
};

/* Under what a column of values stands. */
enum worked_column_kind {
    WORKED_AS_IS,
    WORKED_WHILE,    /* the condition of adjustment `step` holds */
    WORKED_BY_DAY,   /* everything comes on `day`, the last one in time for a deadline */
    WORKED_TOO_LATE, /* everything comes when the last deadline is over */
};

struct worked_column {
    enum worked_column_kind kind;
    size_t step;
    int32_t day;
    const struct plan_component *component; /* with the steps that are taken */
};

/* Why a row is there; of several reasons the first. */
enum worked_why {
    WORKED_AT,      /* an edge */
    WORKED_BELOW,   /* just below one */
    WORKED_BETWEEN, /* between two, or past the last */
    WORKED_BOUND,   /* where a cap or floor begins or ceases to hold */
    WORKED_ABOVE,   /* just above an edge */
    WORKED_EACH,    /* a landmark of its own: a kind of row, a phase, an objective */
};

struct worked_row {
    enum worked_why why;
    struct rational at;              /* the measure; else as landmarks.of says */
    const struct landmark *landmark; /* WORKED_EACH, WORKED_AT; NULL: none */
    size_t step;                     /* WORKED_BOUND: the adjustment */
    struct worth worth[WORKED_COLUMNS_MAX];
    bool is_valued[WORKED_COLUMNS_MAX]; /* false: that figure does not fit */
};

struct worked {
    const struct plan *plan;
    const struct plan_component *component;
    struct window_span span;
    const struct list *assignments; /* NULL: nobody's */
    int32_t first; /* the first day of the window on which the participant is assigned: the row's */
    enum worked_goal goal;
    enum worked_target target;
    bool is_example_measure; /* values are for `example` of the measure, since rows vary something
                              * else */
    struct rational example;
    struct window_figures figures;
    const struct list *attributes; /* of the assignment; NULL: nobody's */
    struct landmarks *landmarks;
    struct worked_column columns[WORKED_COLUMNS_MAX];
    size_t column_count;
    int64_t unit; /* the step between measures, in 10^-places: a cent, a unit, 0.01 % of goal */
    int places;   /* of that step */
    struct worked_row *rows; /* in rising order of attainment, or of the measure */
    size_t row_count;
    struct arena *arena;
};

/* Sets up a component for the window `span`, with the id `window`: for the participant with these
 * `assignments` (list of struct assignment), or, where that is NULL, for nobody. Everything lives
 * in the arena. STATUS_EXHAUSTED: it is full; OUT_OF_RANGE: a figure does not fit. */
enum status worked_make(const struct plan *plan, const struct plan_component *component,
                        const struct list *assignments, const struct window_span *span,
                        struct slice window, struct arena *arena, struct worked *out) MUST_CHECK;

/* Whether it has values: its mechanic pays from a window's sums and lays out a table. */
bool worked_has_values(const struct worked *worked);

/* What column `column` is worth at `at`, which is a measure where landmarks are of the measure or
 * of attainment. STATUS_OUT_OF_RANGE: a figure does not fit. */
enum status worked_value(const struct worked *worked, size_t column, struct rational at,
                         struct worth *out) MUST_CHECK;

/* The same where each landmark is of something else: a kind of row, an objective's value. */
enum status worked_value_of(const struct worked *worked, size_t column,
                            const struct landmark *landmark, struct rational at,
                            struct worth *out) MUST_CHECK;

/* Finds the rows. Fails as worked_make. */
enum status worked_table(struct worked *worked) MUST_CHECK;

/* Whether the condition hangs on something besides the component's own attainment. */
bool worked_is_outside(const struct worked *worked, const struct when *when);

/* The step between measures. */
static inline struct rational worked_unit(const struct worked *worked)
{
    return rational_of_units(worked->unit, worked->places);
}

#endif
