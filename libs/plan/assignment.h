/* Assignments as evaluators ask for them: which one holds in a window, and its figures for it. */
#ifndef MILEPOST_PLAN_ASSIGNMENT_H
#define MILEPOST_PLAN_ASSIGNMENT_H

#include "calendar/window.h"
#include "money/rational.h"
#include "plan/fact.h"

/* Of the `assignments` (list of struct assignment) to `plan` that touch [from, until), the one
 * whose last day in it is the latest (mid-window: last); NULL when none does. Of two that end
 * alike, the one that begins later. */
const struct assignment *assignment_last(const struct list *assignments, struct slice plan,
                                         int32_t from, int32_t until);

/* Whether any assignment to `plan` holds on `date`: a fact of that day counts. */
bool assignment_covers(const struct list *assignments, struct slice plan, int32_t date);

/* The figure of `component` among `figures` (list of struct figure), else the one for every
 * component; NULL when there is neither. */
const struct figure *figure_find(const struct list *figures, struct slice component);

/* A figure's value for a window, exactly: `annual` by its own weights, or in equal parts by the
 * windows in a year, for over: plan times the whole years of the range; `window` as it is;
 * `by_window` by the window's id. False where the figure says nothing for it: by_window without
 * that id, weights of another number of windows, annual with over: line or deal, or with a range
 * that is no whole number of years. */
bool figure_value(const struct figure *figure, const struct calendar *calendar,
                  const struct window_span *span, struct slice window_id, struct rational *out);

#endif
