/* A time zone as a table of transitions: which date it is where.
 *
 * The table comes with the plan (written by `milepost apply`, zone_file.h), so that two workers can
 * never differ. A row holds from its instant on, the first one also for all time before; no rows at
 * all is UTC. The rows are borrowed. */
#ifndef MILEPOST_CALENDAR_ZONE_H
#define MILEPOST_CALENDAR_ZONE_H

#include "calendar/date.h"

struct zone_change {
    int64_t at_ms;    /* from when it holds */
    int32_t offset_s; /* seconds east of UTC; within 26 hours */
};

struct zone {
    const struct zone_change *changes; /* strictly by at_ms */
    size_t count;
};

enum { ZONE_OFFSET_S_MAX = 26 * 3600 };

/* Whether the rows are in order and their offsets within bounds: to be asked once of a table from
 * outside; the functions below rely on it. */
bool zone_is_valid(struct zone zone);

/* Seconds east of UTC at an instant. */
int32_t zone_offset_s(struct zone zone, int64_t at_ms);

/* The local date of an instant. STATUS_OUT_OF_RANGE when that is not a valid date. */
enum status zone_date_at(struct zone zone, int64_t at_ms, int32_t *out_date) MUST_CHECK;

/* The first instant at which the local date is `date` or a later one: midnight; where midnight is
 * skipped or comes twice, the first instant of the day; where the whole day was skipped, the start
 * of the next. A window's last instant is zone_day_start(until) - 1. */
int64_t zone_day_start(struct zone zone, int32_t date);

#endif
