/* How attainment is spread over the people of a component, beside the advice for linear incentives:
 * about 10 % below the threshold, 10 % above excellence, 60 % at goal or above (FIELD.md PR9). */
#ifndef MILEPOST_MILEPOST_SPREAD_H
#define MILEPOST_MILEPOST_SPREAD_H

#include "milepost/totals.h"

enum { SPREAD_BANDS = 8 }; /* of 25 %; the last is everything from 175 % */

struct spread {
    struct slice plan;
    struct slice component;
    bool has_threshold; /* attainment where pay begins: the first point or edge of what pays */
    struct rational threshold;
    bool has_excellence; /* the last point of its curve */
    struct rational excellence;
    int64_t results; /* attainments: one for each participant and window */
    int64_t below;   /* under the threshold */
    int64_t at_goal; /* at goal or above */
    int64_t above;   /* past excellence */
    int64_t running; /* of windows that go on after the last fact's day */
    int64_t bands[SPREAD_BANDS];
};

struct spreads {
    struct spread *items; /* in order of plan and component */
    size_t count;
};

/* Of every component with attainments. Windows that end after `until` (a day, exclusive; INT32_MAX:
 * none) are left out. Text is borrowed from the totals. */
void spreads_collect(const struct totals *totals, int32_t until, struct spreads *out);
void spreads_deinit(struct spreads *spreads);

/* The one of that plan and component, or NULL. */
const struct spread *spreads_find(const struct spreads *spreads, struct slice plan,
                                  struct slice component);

/* Whether a total counts in its component's spread: it has an attainment, and its window ends by
 * `until`. */
bool spread_counts(const struct totals *totals, const struct total *total, int32_t until);

/* Bars and shares for people. `other`, which may be NULL, is shown beside it; `names` has one, or
 * two. */
void spread_print(const struct spread *spread, const struct spread *other, const char *const *names,
                  const struct console *console);

/* Appends its fields to an object. */
void spread_append_json(const struct spread *spread, struct buffer *out);

#endif
