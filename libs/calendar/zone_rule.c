#include "calendar/zone_rule.h"

#include <assert.h>

enum { HOUR_S = 3600, DAY_S = 86400, OFFSET_HOURS_MAX = 24, TIME_HOURS_MAX = 167 };

static bool take_byte(struct slice *text, char byte)
{
    if (text->length == 0 || text->bytes[0] != byte)
        return false;
    text->bytes++;
    text->length--;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* One to three digits, between `min` and `max`. */
static bool take_number(struct slice *text, int32_t min, int32_t max, int32_t *out)
{
    size_t count = 0;
    int32_t value = 0;
    while (count < text->length && count < 3 && is_digit(text->bytes[count]))
        value = value * 10 + (text->bytes[count++] - '0');
    if (count == 0 || value < min || value > max)
        return false;
    text->bytes += count;
    text->length -= count;
    *out = value;
    return true;
}

/* `EST` or `<+1030>`: at least three characters, which say nothing to us. */
static bool take_name(struct slice *text)
{
    bool is_quoted = take_byte(text, '<');
    size_t count = 0;
    while (count < text->length) {
        char c = text->bytes[count];
        if (!is_letter(c) && !(is_quoted && (is_digit(c) || c == '+' || c == '-')))
            break;
        count++;
    }
    text->bytes += count;
    text->length -= count;
    return count >= 3 && (!is_quoted || take_byte(text, '>'));
}

/* `[+-]hh[:mm[:ss]]` in seconds. */
static bool take_time(struct slice *text, int32_t hours_max, int32_t *out_s)
{
    bool is_negative = take_byte(text, '-');
    if (!is_negative)
        (void)take_byte(text, '+');
    int32_t hours;
    int32_t minutes = 0;
    int32_t seconds = 0;
    if (!take_number(text, 0, hours_max, &hours))
        return false;
    if (take_byte(text, ':')) {
        if (!take_number(text, 0, 59, &minutes))
            return false;
        if (take_byte(text, ':') && !take_number(text, 0, 59, &seconds))
            return false;
    }
    int32_t total_s = hours * HOUR_S + minutes * 60 + seconds;
    *out_s = is_negative ? -total_s : total_s;
    return true;
}

static bool take_day(struct slice *text, struct zone_day *out)
{
    struct zone_day day = {.time_s = 2 * HOUR_S};
    if (take_byte(text, 'M')) {
        day.kind = ZONE_DAY_OF_WEEK;
        if (!take_number(text, 1, 12, &day.month) || !take_byte(text, '.') ||
            !take_number(text, 1, 5, &day.week) || !take_byte(text, '.') ||
            !take_number(text, 0, 6, &day.day))
            return false;
    } else if (take_byte(text, 'J')) {
        day.kind = ZONE_DAY_JULIAN;
        if (!take_number(text, 1, 365, &day.day))
            return false;
    } else {
        day.kind = ZONE_DAY_OF_YEAR;
        if (!take_number(text, 0, 365, &day.day))
            return false;
    }
    if (take_byte(text, '/') && !take_time(text, TIME_HOURS_MAX, &day.time_s))
        return false;
    *out = day;
    return true;
}

enum status zone_rule_parse(struct slice text, struct zone_rule *out)
{
    struct zone_rule rule = {0};
    int32_t west_s;
    if (!take_name(&text) || !take_time(&text, OFFSET_HOURS_MAX, &west_s))
        return STATUS_INVALID;
    rule.standard_s = -west_s;
    if (text.length == 0) {
        *out = rule;
        return STATUS_OK;
    }
    rule.has_summer = true;
    rule.summer_s = rule.standard_s + HOUR_S;
    if (!take_name(&text))
        return STATUS_INVALID;
    if (text.length && text.bytes[0] != ',') {
        if (!take_time(&text, OFFSET_HOURS_MAX, &west_s))
            return STATUS_INVALID;
        rule.summer_s = -west_s;
    }
    if (!take_byte(&text, ',') || !take_day(&text, &rule.begins) || !take_byte(&text, ',') ||
        !take_day(&text, &rule.ends) || text.length)
        return STATUS_INVALID;
    *out = rule;
    return STATUS_OK;
}

/* The date that a rule's day has in `year`. */
static int32_t date_in(const struct zone_day *day, int32_t year)
{
    int32_t new_year = date_of_month_number(year * 12, 1);
    if (day->kind == ZONE_DAY_OF_YEAR)
        return new_year + day->day;
    if (day->kind == ZONE_DAY_JULIAN) { /* 60 is always 1 March */
        bool is_after_leap_day = day->day >= 60 && date_days_in_month(year, 2) == 29;
        return new_year + day->day - 1 + is_after_leap_day;
    }
    int32_t first = date_of_month_number(year * 12 + day->month - 1, 1);
    int32_t since_sunday = ((int32_t)date_weekday(first) + 1) % 7;
    int32_t date = first + (day->day - since_sunday + 7) % 7 + (day->week - 1) * 7;
    if (date >= first + date_days_in_month(year, day->month))
        date -= 7;
    return date;
}

static int64_t instant_in(const struct zone_day *day, int32_t year, int32_t offset_s)
{
    return ((int64_t)date_in(day, year) * DAY_S + day->time_s - offset_s) * 1000;
}

void zone_rule_changes(const struct zone_rule *rule, int32_t year, struct zone_change out[2])
{
    assert(rule->has_summer);
    struct zone_change begins = {instant_in(&rule->begins, year, rule->standard_s), rule->summer_s};
    struct zone_change ends = {instant_in(&rule->ends, year, rule->summer_s), rule->standard_s};
    bool is_northern = begins.at_ms < ends.at_ms;
    out[0] = is_northern ? begins : ends;
    out[1] = is_northern ? ends : begins;
}
