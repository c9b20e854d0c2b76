/* A plan's calendar: where its years begin and how they are cut into twelve months.
 *
 * By months (`year-starts: MM-DD`): a month begins on that day of each calendar month; a day that
 * the month lacks is its last one. By weeks (`weeks: 4-4-5, year-starts: YYYY-MM-DD`): a year
 * begins on the anchor's weekday that is nearest to the anchor's month and day in each calendar
 * year, so years have 52 weeks, and 53 where the next such day is a week later. Each quarter has 13
 * weeks, cut as the pattern says; a 53rd week belongs to the last month, and so to the last quarter
 * and half.
 *
 * A year is named after the calendar year its first day lies in; by weeks, after the calendar year
 * whose month and day that first day is nearest to, so that a start that slips over New Year
 * neither repeats nor skips a name. */
#ifndef MILEPOST_CALENDAR_CALENDAR_H
#define MILEPOST_CALENDAR_CALENDAR_H

#include "calendar/date.h"

/* symbol, name in plans, weeks of the first and second month of a quarter of 13 */
#define WEEKS_LIST(ROW)                                                                            \
    ROW(WEEKS_NONE, "", 0, 0)                                                                      \
    ROW(WEEKS_445, "4-4-5", 4, 4)                                                                  \
    ROW(WEEKS_454, "4-5-4", 4, 5)                                                                  \
    ROW(WEEKS_544, "5-4-4", 5, 4)

#define WEEKS_SYMBOL(symbol, name, first, second) symbol,
enum calendar_weeks { WEEKS_LIST(WEEKS_SYMBOL) WEEKS_COUNT };
#undef WEEKS_SYMBOL

/* Made by calendar_make; the plan's range is set by whoever knows it. */
struct calendar {
    enum calendar_weeks weeks;
    int32_t month;        /* in which a year starts, 1 … 12 */
    int32_t day;          /* on which a month starts, 1 … 31; by weeks: the anchor's day */
    enum weekday weekday; /* by weeks: on which every year starts */
    int32_t plan_from;    /* the effective range, for WINDOW_PLAN only */
    int32_t plan_until;   /* exclusive; DATE_MAX + 1 when it has no end */
};

/* A month by its place in a year. */
struct calendar_month {
    int32_t year;  /* its name */
    int32_t index; /* 0 … 11, counted from the start of the year */
};

/* A calendar from what a plan says: `weeks` empty or `4-4-5` …, `year_starts` `MM-DD`, with weeks a
 * whole date. The plan's range is left 0. STATUS_INVALID for everything else. */
enum status calendar_make(struct slice weeks, struct slice year_starts,
                          struct calendar *out) MUST_CHECK;

/* Whether months are calendar months, from the 1st, and are named so. */
static inline bool calendar_has_plain_months(const struct calendar *calendar)
{
    return calendar->weeks == WEEKS_NONE && calendar->day == 1;
}

/* The month that `date`, which is valid, lies in. */
struct calendar_month calendar_month_of(const struct calendar *calendar, int32_t date);

/* The first day of a month; index 12 is the next year's first month. The year is valid, or one
 * before or after. The date may then be just outside the valid ones. */
int32_t calendar_month_start(const struct calendar *calendar, struct calendar_month month);

#endif
