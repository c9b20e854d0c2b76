/* What one (component, window) of a participant is worth: steps 2 to 6 of the definition at the end
 * of PLAN-LANGUAGE, from running sums. Constant time, whatever the number of rows, but for a
 * component that divides its pay (plan.h): that walks its rows by runs that are released alike.
 *
 * Parts and adjust meet like this (pay_parts.h): Y is divided by the mechanic alone; then each step
 * of adjust multiplies all parts, and what belongs to no row, with what it did to the whole; `add`
 * goes to what belongs to no row; a bound per deal in a longer window changes the parts deal by
 * deal. What is released is Σ part × share, and what cancellations take back in this window comes
 * off both behind all of that (releasing.h). */
#ifndef MILEPOST_ENGINE_WORTH_H
#define MILEPOST_ENGINE_WORTH_H

#include "engine/reasons.h"
#include "engine/ordered.h"
#include "engine/sums.h"
#include "engine/surroundings.h"
#include "money/exact.h"

enum { ROW_REASONS_MAX = 5 };

/* Sums over the rows that fit a component and lie in a window. */
struct window_sums {
    struct wide_sum measure; /* in measure_unit() */
    struct exact rest;       /* beside it: fractions … */
    bool has_rest;           /* … if there are any */
    struct wide_sum units;
    struct wide_sum rated;             /* as contribution's */
    struct ordered ordered;            /* the rows that count; where the mechanic needs them */
    uint32_t rows;                     /* that count */
    uint32_t unapproved;               /* of them, those whose release waits for an approval */
    uint32_t overflows;                /* of them, those whose contribution does not fit */
    uint32_t waiting[ROW_REASONS_MAX]; /* that do not count yet, or not all: by reason */
    struct wide_sum by_hand;           /* adjustments, in 10^-9; "adds to the earned of its
                                        * component and window after rounding", and is payable */
};

/* What the roster says of a window; and over: line, what the line does. */
struct window_figures {
    int32_t from; /* the window */
    int32_t until;
    bool has_goal;
    bool has_target;
    bool has_attribute;
    struct rational attribute; /* of the line, as the component's `attribute` names it */
    struct rational goal;      /* from the roster, or a fixed one where the roster scales it */
    struct rational target;
    struct rational assigned[PRORATE_COUNT]; /* as ADJUST_PRORATE asks: the part that is assigned */
    bool overflows;                      /* a figure does not fit: the key cannot be evaluated */
    const struct result_figure *results; /* of the component's `results`, in their order */
    struct pay_events events;            /* of a component with NEEDS_EVENTS */
    int32_t months;                      /* … with NEEDS_MONTHS */
};

/* Pay that was not computed from the sums in one go: with `share: after` the rows' pays add up. */
struct given_pay {
    bool is_given;
    struct rational pay; /* before adjustments */
};

struct worth {
    int64_t earned;         /* smallest units of the currency */
    int64_t payable;        /* likewise: what is released of it, rounded on its own; 0 behind a gate
                             * that keeps it */
    struct decimal measure; /* X; to 9 places, half-even */
    bool has_goal;
    struct decimal goal; /* to 9 places, half-even */
    bool has_attainment;
    struct decimal attainment; /* ratio: to 12 places, half-even */
    struct slice step;         /* bytes NULL: none; borrowed from the plan */
    uint32_t pending;          /* bits of reasons */
    bool has_pay;              /* a mechanic ran: `pay` is its result, adjusted, before rounding */
    struct rational pay;
    bool is_exact; /* `exact` is what is earned before rounding: `pay` less what is taken back */
    struct rational exact;
};

/* Adds a fraction, or takes it away; nothing where its den is 0. */
void window_sums_rest(struct window_sums *sums, struct rational rest, int by);

void window_sums_deinit(struct window_sums *sums);

/* Counts a waiting row in or out (by = 1 or -1). */
void window_sums_wait(struct window_sums *sums, enum reason reason, int by);

/* The bits of reasons that rows wait for. */
uint32_t window_sums_pending(const struct window_sums *sums);

/* STATUS_OUT_OF_RANGE, with `out` untouched: a figure does not fit (hold the key). A window in
 * which no row counts is worth nothing. `given` NULL: the mechanic pays. `around` is asked by
 * components that look around, and only by them; it may be NULL for others. Other failures are
 * those of `around`. */
enum status worth_of(const struct plan *plan, const struct plan_component *component,
                     const struct window_sums *sums, const struct window_figures *figures,
                     const struct given_pay *given, const struct surroundings *around,
                     struct worth *out) MUST_CHECK;

/* How far the component has come, from its sums alone (and the baseline, from `around`). Where no
 * row counts, X is `plus`. Fails as worth_of. */
enum status attained_of(const struct plan *plan, const struct plan_component *component,
                        const struct window_sums *sums, const struct window_figures *figures,
                        const struct surroundings *around, struct attained *out) MUST_CHECK;

/* X before any baseline. Fails as worth_of. */
enum status measure_of_window(const struct plan *plan, const struct plan_component *component,
                              const struct window_sums *sums, const struct window_figures *figures,
                              struct rational *out) MUST_CHECK;

/* The pay for one row of a component with `share: after`: of the row's whole sums, times its
 * share. Not to be asked of keys that wait for goal or target: those are STATUS_INVALID. */
enum status worth_of_row(const struct plan *plan, const struct plan_component *component,
                         const struct window_sums *row, struct decimal share,
                         const struct window_figures *figures, const struct surroundings *around,
                         struct rational *out) MUST_CHECK;

#endif
