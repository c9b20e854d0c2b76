#include "calendar/calendar.h"

#include <assert.h>

enum { MONTHS = 12, WEEKS_IN_QUARTER = 13, LAST_MONTH = MONTHS - 1 };

static const struct {
    const char *name;
    int32_t first;  /* weeks of a quarter's first month */
    int32_t second; /* of its second */
} patterns[] = {
#define WEEKS_ROW(symbol, name, first, second) {name, first, second},
    WEEKS_LIST(WEEKS_ROW)
#undef WEEKS_ROW
};
_Static_assert(sizeof(patterns) / sizeof(patterns[0]) == WEEKS_COUNT, "a row for each pattern");

static enum status make_by_weeks(enum calendar_weeks weeks, struct slice anchor,
                                 struct calendar *out)
{
    int32_t date;
    enum status status = date_parse(anchor, &date);
    if (status)
        return status;
    struct date_parts parts = date_to_parts(date);
    *out = (struct calendar){
        .weeks = weeks,
        .month = parts.month,
        .day = parts.day,
        .weekday = date_weekday(date),
    };
    return STATUS_OK;
}

static enum status make_by_months(struct slice month_and_day, struct calendar *out)
{
    char text[] = "2000-MM-DD"; /* a leap year: 02-29 is the last of February */
    if (month_and_day.length != 5)
        return STATUS_INVALID;
    memcpy(text + 5, month_and_day.bytes, 5);
    int32_t date;
    enum status status = date_parse(slice_of(text), &date);
    if (status)
        return status;
    struct date_parts parts = date_to_parts(date);
    *out = (struct calendar){.month = parts.month, .day = parts.day};
    return STATUS_OK;
}

enum status calendar_make(struct slice weeks, struct slice year_starts, struct calendar *out)
{
    if (weeks.length == 0)
        return make_by_months(year_starts, out);
    for (int i = WEEKS_NONE + 1; i < WEEKS_COUNT; i++) {
        if (slice_equal(weeks, slice_of(patterns[i].name)))
            return make_by_weeks((enum calendar_weeks)i, year_starts, out);
    }
    return STATUS_INVALID;
}

/* By weeks: the first day of the year named `year`. */
static int32_t year_start(const struct calendar *calendar, int32_t year)
{
    int32_t anchor = date_of_month_number(year * MONTHS + calendar->month - 1, calendar->day);
    int32_t later = ((int32_t)calendar->weekday - (int32_t)date_weekday(anchor) + 7) % 7;
    return later <= 3 ? anchor + later : anchor + later - 7;
}

/* Weeks of a quarter before its month 0, 1 or 2. */
static int32_t weeks_before(enum calendar_weeks weeks, int32_t month)
{
    int32_t first = month > 0 ? patterns[weeks].first : 0;
    return month > 1 ? first + patterns[weeks].second : first;
}

static struct calendar_month month_by_weeks(const struct calendar *calendar, int32_t date)
{
    /* A start is at most three days from its anchor, so it may lie in the next calendar year and
     * the next one in this. */
    int32_t year = date_to_parts(date).year + 1;
    int32_t start = year_start(calendar, year);
    while (start > date)
        start = year_start(calendar, --year);
    int32_t week = (date - start) / 7;
    if (week >= 4 * WEEKS_IN_QUARTER)
        return (struct calendar_month){year, LAST_MONTH};
    int32_t quarter = week / WEEKS_IN_QUARTER;
    int32_t rest = week % WEEKS_IN_QUARTER;
    int32_t month =
        (rest >= weeks_before(calendar->weeks, 1)) + (rest >= weeks_before(calendar->weeks, 2));
    return (struct calendar_month){year, quarter * 3 + month};
}

struct calendar_month calendar_month_of(const struct calendar *calendar, int32_t date)
{
    assert(date_is_valid(date));
    if (calendar->weeks != WEEKS_NONE)
        return month_by_weeks(calendar, date);
    struct date_parts parts = date_to_parts(date);
    int32_t number = parts.year * MONTHS + parts.month - calendar->month;
    int32_t first = calendar->day;
    if (first > 28 && first > date_days_in_month(parts.year, parts.month))
        first = date_days_in_month(parts.year, parts.month);
    if (parts.day < first)
        number--;
    return (struct calendar_month){number / MONTHS, number % MONTHS};
}

int32_t calendar_month_start(const struct calendar *calendar, struct calendar_month month)
{
    assert(month.index >= 0 && month.index <= MONTHS);
    assert(month.year >= DATE_YEAR_MIN - 1 && month.year <= DATE_YEAR_MAX + 1);
    if (calendar->weeks == WEEKS_NONE) {
        int32_t number = month.year * MONTHS + calendar->month - 1 + month.index;
        return date_of_month_number(number, calendar->day);
    }
    if (month.index == MONTHS)
        return year_start(calendar, month.year + 1);
    int32_t week =
        month.index / 3 * WEEKS_IN_QUARTER + weeks_before(calendar->weeks, month.index % 3);
    return year_start(calendar, month.year) + week * 7;
}
