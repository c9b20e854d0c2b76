#include "calendar/date.h"

#include <assert.h>
#include <stdio.h>

#include "base/digits.h"

static bool is_leap_year(int32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int32_t date_days_in_month(int32_t year, int32_t month)
{
    static const int32_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    assert(month >= 1 && month <= 12);
    return days[month - 1] + (month == 2 && is_leap_year(year));
}

/* Years are counted from 1 March, in eras of 400 years (146,097 days): the leap day comes last and
 * the lengths of the months before it follow (153 × month + 2) / 5. */
enum { ERA_DAYS = 146097, ERA_YEARS = 400, EPOCH_DAYS = 719468 /* 1970-01-01 from 0000-03-01 */ };

static int64_t floor_divide(int64_t value, int64_t by)
{
    int64_t quotient = value / by;
    return quotient - (value % by < 0);
}

static int32_t days_of(struct date_parts parts)
{
    int64_t year = parts.year - (parts.month <= 2);
    int64_t era = floor_divide(year, ERA_YEARS);
    int64_t year_of_era = year - era * ERA_YEARS;
    int64_t month = (parts.month + 9) % 12;
    int64_t day_of_year = (153 * month + 2) / 5 + parts.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int32_t)(era * ERA_DAYS + day_of_era - EPOCH_DAYS);
}

struct date_parts date_to_parts(int32_t date)
{
    int64_t days = (int64_t)date + EPOCH_DAYS;
    int64_t era = floor_divide(days, ERA_DAYS);
    int64_t day = days - era * ERA_DAYS;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t day_of_year = day - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    return (struct date_parts){
        .year = (int32_t)(year + era * ERA_YEARS + (month >= 10)),
        .month = (int32_t)(month < 10 ? month + 3 : month - 9),
        .day = (int32_t)(day_of_year - (153 * month + 2) / 5 + 1),
    };
}

enum status date_from_parts(struct date_parts parts, int32_t *out)
{
    if (parts.year < DATE_YEAR_MIN || parts.year > DATE_YEAR_MAX)
        return STATUS_INVALID;
    if (parts.month < 1 || parts.month > 12)
        return STATUS_INVALID;
    if (parts.day < 1 || parts.day > date_days_in_month(parts.year, parts.month))
        return STATUS_INVALID;
    *out = days_of(parts);
    return STATUS_OK;
}

/* `count` digits at the start of `text`, which is moved past them. */
static bool take_digits(struct slice *text, int count, int32_t *out)
{
    if (text->length < (size_t)count)
        return false;
    int32_t value = 0;
    for (int i = 0; i < count; i++) {
        char c = text->bytes[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    text->bytes += count;
    text->length -= (size_t)count;
    *out = value;
    return true;
}

static bool take_byte(struct slice *text, char byte)
{
    if (text->length == 0 || text->bytes[0] != byte)
        return false;
    text->bytes++;
    text->length--;
    return true;
}

static enum status take_date(struct slice *text, int32_t *out)
{
    struct date_parts parts;
    if (!take_digits(text, 4, &parts.year) || !take_byte(text, '-') ||
        !take_digits(text, 2, &parts.month) || !take_byte(text, '-') ||
        !take_digits(text, 2, &parts.day))
        return STATUS_INVALID;
    return date_from_parts(parts, out);
}

enum status date_parse(struct slice text, int32_t *out)
{
    int32_t date;
    enum status status = take_date(&text, &date);
    if (status)
        return status;
    if (text.length)
        return STATUS_INVALID;
    *out = date;
    return STATUS_OK;
}

size_t date_format(int32_t date, char out[DATE_TEXT_BYTES])
{
    struct date_parts parts = date_to_parts(date);
    if (date < DATE_MIN || date > DATE_MAX) /* for messages: whatever the number, it can be shown */
        return (size_t)snprintf(out, DATE_TEXT_BYTES, "%04d-%02d-%02d", parts.year, parts.month,
                                parts.day);
    size_t length = digits_fixed((uint64_t)parts.year, 4, out);
    out[length++] = '-';
    length += digits_fixed((uint64_t)parts.month, 2, out + length);
    out[length++] = '-';
    length += digits_fixed((uint64_t)parts.day, 2, out + length);
    out[length] = '\0';
    return length;
}

enum weekday date_weekday(int32_t date)
{
    int64_t since_monday = (int64_t)date + THURSDAY; /* 1970-01-01 was a Thursday */
    return (enum weekday)(since_monday - floor_divide(since_monday, 7) * 7);
}

int32_t date_of_month_number(int32_t number, int32_t day)
{
    assert(day >= 1 && day <= 31);
    int32_t year = (int32_t)floor_divide(number, 12);
    int32_t month = number - year * 12 + 1;
    if (day > 28 && day > date_days_in_month(year, month))
        day = date_days_in_month(year, month);
    return days_of((struct date_parts){year, month, day});
}

static enum status narrow(int64_t date, int32_t *out)
{
    if (date < DATE_MIN || date > DATE_MAX)
        return STATUS_OUT_OF_RANGE;
    *out = (int32_t)date;
    return STATUS_OK;
}

enum status date_add_months(int32_t date, int32_t months, int32_t *out)
{
    enum { MONTHS_MAX = (DATE_YEAR_MAX - DATE_YEAR_MIN + 1) * 12 };
    if (!date_is_valid(date) || months < -MONTHS_MAX || months > MONTHS_MAX)
        return STATUS_OUT_OF_RANGE;
    struct date_parts parts = date_to_parts(date);
    int32_t number = parts.year * 12 + parts.month - 1 + months;
    return narrow(date_of_month_number(number, parts.day), out);
}

enum status date_add_days(int32_t date, int64_t days, int32_t *out)
{
    int64_t sum;
    if (!date_is_valid(date) || __builtin_add_overflow(date, days, &sum))
        return STATUS_OUT_OF_RANGE;
    return narrow(sum, out);
}

/* `.250` and the like; nothing is no milliseconds. */
static bool take_fraction(struct slice *text, int32_t *out_ms)
{
    *out_ms = 0;
    if (!take_byte(text, '.'))
        return true;
    int32_t digit;
    int32_t worth = 100;
    if (!take_digits(text, 1, &digit))
        return false;
    do {
        *out_ms += digit * worth;
        worth /= 10;
    } while (take_digits(text, 1, &digit));
    return true;
}

static bool take_offset(struct slice *text, int32_t *out_s)
{
    *out_s = 0;
    if (take_byte(text, 'Z'))
        return true;
    bool is_west = take_byte(text, '-');
    if (!is_west && !take_byte(text, '+'))
        return false;
    int32_t hours;
    int32_t minutes;
    if (!take_digits(text, 2, &hours) || !take_byte(text, ':') || !take_digits(text, 2, &minutes))
        return false;
    if (hours > 23 || minutes > 59)
        return false;
    *out_s = (hours * 60 + minutes) * (is_west ? -60 : 60);
    return true;
}

enum status instant_parse(struct slice text, int64_t *out_ms)
{
    int32_t date;
    int32_t hours;
    int32_t minutes;
    int32_t seconds;
    int32_t ms;
    int32_t offset_s;
    enum status status = take_date(&text, &date);
    if (status)
        return status;
    if (!take_byte(&text, 'T') || !take_digits(&text, 2, &hours) || !take_byte(&text, ':') ||
        !take_digits(&text, 2, &minutes) || !take_byte(&text, ':') ||
        !take_digits(&text, 2, &seconds) || !take_fraction(&text, &ms) ||
        !take_offset(&text, &offset_s) || text.length)
        return STATUS_INVALID;
    if (hours > 23 || minutes > 59 || seconds > 59)
        return STATUS_INVALID;
    int64_t second_of_day = (int64_t)hours * 3600 + minutes * 60 + seconds - offset_s;
    *out_ms = date * DAY_MS + second_of_day * 1000 + ms;
    return STATUS_OK;
}

size_t instant_format(int64_t ms, char out[INSTANT_TEXT_BYTES])
{
    int64_t date = floor_divide(ms, DAY_MS);
    if (date < DATE_MIN || date > DATE_MAX)
        return (size_t)snprintf(out, INSTANT_TEXT_BYTES, "%lld", (long long)ms);
    int rest = (int)(ms - date * DAY_MS);
    size_t length = date_format((int32_t)date, out);
    static const int units[] = {3600000, 60000, 1000};
    for (size_t i = 0; i < 3; i++) {
        out[length++] = i == 0 ? 'T' : ':';
        length += digits_fixed((uint64_t)(rest / units[i] % (i == 0 ? 24 : 60)), 2, out + length);
    }
    if (rest % 1000) {
        out[length++] = '.';
        length += digits_fixed((uint64_t)(rest % 1000), 3, out + length);
    }
    out[length++] = 'Z';
    out[length] = '\0';
    return length;
}
