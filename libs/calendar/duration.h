/* Durations as plans write them: `30 days`, `4 weeks`, `18 months`, `2 years`. */
#ifndef MILEPOST_CALENDAR_DURATION_H
#define MILEPOST_CALENDAR_DURATION_H

#include "calendar/date.h"

struct duration {
    int32_t days;   /* one of the two is 0; neither is negative */
    int32_t months; /* a year is 12 */
};

enum { DURATION_COUNT_MAX = 100000 };

/* Reads a whole number up to DURATION_COUNT_MAX, one blank, and day, week, month or year in the
 * singular or plural. STATUS_INVALID for everything else. */
enum status duration_parse(struct slice text, struct duration *out) MUST_CHECK;

/* `date` plus the duration; months keep the day or take the month's last one. STATUS_OUT_OF_RANGE
 * when `date` or the result is no valid date. */
enum status duration_add(int32_t date, struct duration duration, int32_t *out) MUST_CHECK;

#endif
