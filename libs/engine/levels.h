/* `level`: what a participant is paid for time that passes, "every whole month of the assignment
 * that the business date has passed" (PLAN-LANGUAGE section 4).
 *
 * A month of the plan's calendar counts where one assignment to the plan holds on all its days, and
 * belongs to the window in which it lies whole. It stands for a row: a window in which none has
 * passed is worth nothing. */
#ifndef MILEPOST_ENGINE_LEVELS_H
#define MILEPOST_ENGINE_LEVELS_H

#include "engine/tally.h"

/* Sees to it that the book has a key for every window of a `level` in which a month counts on
 * `date`. Fails as rows are read. */
enum status levels_place(const struct tally *tally, int32_t date, char *detail) MUST_CHECK;

/* The months in the window [from, until) that count on `date`. */
int32_t level_months(const struct book *book, const struct plan_version *version, int32_t from,
                     int32_t until, int32_t date);

#endif
