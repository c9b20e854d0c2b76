/* A participant's results: which keys one comes to, and what a window's results are worth
 * (PLAN-LANGUAGE section 3, `of: results`, and the scorecard).
 *
 * "Result: its window's last instant, or its date" (section 1): a result of a window counts in the
 * windows that this day lies in. One whose window the plan's calendar does not know counts nowhere.
 * Of two on one day the last is the one whose window or date is later in byte order. */
#ifndef MILEPOST_ENGINE_RESULTS_H
#define MILEPOST_ENGINE_RESULTS_H

#include "engine/tally.h"

/* The day a result counts on; false where the plan's calendar does not know its window. */
bool result_day(const struct plan *plan, const struct result *result, int32_t *out);

/* Whether the component's measure or an objective is the result of that name. */
bool result_counts(const struct plan_component *component, struct slice name);

/* Touches every key of the book's plans whose component looks at this result by its measure or as
 * an objective. Fails as rows are read. */
enum status results_touch(const struct tally *tally, const struct result *result,
                          struct touched *touched, char *detail) MUST_CHECK;

/* How many of a participant's results something comes from, and how many of them nobody has
 * approved. */
struct result_rows {
    uint32_t count;
    uint32_t unapproved;
};

/* For each name of the component's `results` the figure of the window [from, until), and the
 * participant's results that they come from. `out` lives in the tally's scratch. Fails as rows are
 * read; STATUS_OUT_OF_RANGE: a sum does not fit. */
enum status results_of_window(const struct tally *tally, const struct plan_version *version,
                              size_t index, int32_t from, int32_t until, struct slice window,
                              struct result_figure **out, struct result_rows *out_rows,
                              char *detail) MUST_CHECK;

/* The figure of the result `name` alone in the window [from, until), without a goal; `is_there`
 * false: it has none. Fails alike. */
enum status result_of_window(const struct tally *tally, const struct plan_version *version,
                             struct slice name, int32_t from, int32_t until, enum result_take take,
                             struct result_figure *out, char *detail) MUST_CHECK;

#endif
