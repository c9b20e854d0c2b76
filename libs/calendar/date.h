/* Dates and instants of the proleptic Gregorian calendar, without a clock and without a time zone.
 *
 * A date is an int32_t of days since 1970-01-01, an instant an int64_t of milliseconds since
 * 1970-01-01T00:00Z. What is read or computed lies in the years 1900 to 2200 or is refused; ranges
 * are half-open, so an `until` may be DATE_MAX + 1. */
#ifndef MILEPOST_CALENDAR_DATE_H
#define MILEPOST_CALENDAR_DATE_H

#include "base/slice.h"
#include "base/status.h"

enum {
    DATE_MIN = -25567, /* 1900-01-01 */
    DATE_MAX = 84370,  /* 2200-12-31 */
    DATE_YEAR_MIN = 1900,
    DATE_YEAR_MAX = 2200,
    DATE_TEXT_BYTES = 16,
    INSTANT_TEXT_BYTES = 32,
};

#define DAY_MS INT64_C(86400000)

struct date_parts {
    int32_t year;
    int32_t month; /* 1 … 12 */
    int32_t day;   /* 1 … 31 */
};

enum weekday { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY };

static inline bool date_is_valid(int32_t date)
{
    return date >= DATE_MIN && date <= DATE_MAX;
}

/* STATUS_INVALID for a day that does not exist, or a year outside 1900 … 2200. */
enum status date_from_parts(struct date_parts parts, int32_t *out) MUST_CHECK;

/* The parts of any date, also of one that is not valid. */
struct date_parts date_to_parts(int32_t date);

/* Reads `2026-03-31`; STATUS_INVALID for everything else. */
enum status date_parse(struct slice text, int32_t *out) MUST_CHECK;

/* Writes `2026-03-31`; returns the length. Any date can be written. */
size_t date_format(int32_t date, char out[DATE_TEXT_BYTES]);

enum weekday date_weekday(int32_t date);

/* Days in a month, 1 … 12, of any year. */
int32_t date_days_in_month(int32_t year, int32_t month);

/* The date of year × 12 + month - 1 and a day, a day that the month lacks being its last one: for
 * arithmetic on months. 1 ≤ day ≤ 31, |number| ≤ 10^6. */
int32_t date_of_month_number(int32_t number, int32_t day);

/* `date` moved by `months` (either sign); a day that the month lacks becomes its last day.
 * STATUS_OUT_OF_RANGE when `date` or the result is not valid. */
enum status date_add_months(int32_t date, int32_t months, int32_t *out) MUST_CHECK;

/* `date` moved by `days`; STATUS_OUT_OF_RANGE as above. */
enum status date_add_days(int32_t date, int64_t days, int32_t *out) MUST_CHECK;

/* Reads ISO 8601 as `2026-02-03T10:00:00Z`, `…T10:00:00.250+01:00`: seconds and an offset (at most
 * 23:59) are required; of a fraction the first three digits count and the others are dropped. No
 * leap seconds, no hour 24. STATUS_INVALID for everything else, and outside the years of dates. */
enum status instant_parse(struct slice text, int64_t *out_ms) MUST_CHECK;

/* Writes `2026-02-03T10:00:00Z`, with three decimals where there are milliseconds; returns the
 * length. An instant outside the years 1900 … 2200 is written as its number of milliseconds. */
size_t instant_format(int64_t ms, char out[INSTANT_TEXT_BYTES]);

#endif
