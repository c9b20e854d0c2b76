/* Control's `rates:` sections, compiled: what one unit of a currency is worth in another, by date.
 *
 * "Only a published pair is used, never an inverse or a cross." What has been published stays: each
 * record of control adds to those before it, and of one pair and date the newest version counts. */
#ifndef MILEPOST_PLAN_RATES_H
#define MILEPOST_PLAN_RATES_H

#include "plan/node.h"

#include "base/decimal.h"

enum { RATE_MAX = 1000000000 };

struct rate {
    struct slice from;
    struct slice to;
    int32_t date;
    struct decimal rate; /* > 0, < RATE_MAX: of `to` for one `from` */
};

struct rates {
    const struct rate *rows; /* by from, to and date; each once */
    size_t count;
};

/* Reads the section's value, a list: {on: 2026-03-31, pair: EUR/USD, rate: 1.0815}.
 * STATUS_INVALID with reports, also for a pair that stands twice on one date; EXHAUSTED when the
 * arena is full. */
enum status rates_parse(const struct node *section, struct arena *arena, struct reports *reports,
                        struct rates *out) MUST_CHECK;

/* Reads the document of a control record of kind `rates`: the section's value as YAML. */
enum status rates_read(struct slice document, struct arena *arena, struct reports *reports,
                       struct rates *out) MUST_CHECK;

/* All rates of several sections, the oldest first, in the arena; of what stands in two the later
 * one counts. Text is borrowed from them. EXHAUSTED when the arena is full. */
enum status rates_join(const struct rates *sections, size_t count, struct arena *arena,
                       struct rates *out) MUST_CHECK;

/* The newest rate of the pair that is not after `date` and at most `previous_days` older; with 0,
 * the rate of that very date. NULL when there is none. */
const struct rate *rates_find(const struct rates *rates, struct slice from, struct slice to,
                              int32_t date, int32_t previous_days);

#endif
