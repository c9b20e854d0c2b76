#include "calendar/window.h"

#include "base/digits.h"

#include <assert.h>
#include <stdio.h>

enum { MONTHS = 12 };

static const struct {
    const char *name;
    int32_t in_year;
} kinds[] = {
#define WINDOW_ROW(symbol, name, count) {name, count},
    WINDOW_LIST(WINDOW_ROW)
#undef WINDOW_ROW
};
_Static_assert(sizeof(kinds) / sizeof(kinds[0]) == WINDOW_OVER_COUNT, "a row for each kind");

const char *window_over_name(enum window_over over)
{
    assert(over < WINDOW_OVER_COUNT);
    return kinds[over].name;
}

enum status window_over_find(struct slice name, enum window_over *out)
{
    for (int i = 0; i < WINDOW_OVER_COUNT; i++) {
        if (slice_equal(name, slice_of(kinds[i].name))) {
            *out = (enum window_over)i;
            return STATUS_OK;
        }
    }
    return STATUS_INVALID;
}

int32_t window_count_in_year(enum window_over over)
{
    assert(over < WINDOW_OVER_COUNT);
    return kinds[over].in_year;
}

static enum status check_range(const struct window_span *span, struct window_span *out)
{
    if (span->from < DATE_MIN || span->until > DATE_MAX + 1)
        return STATUS_OUT_OF_RANGE;
    *out = *span;
    return STATUS_OK;
}

/* The window of kind `over`, a part of a year, that holds `month`. */
static enum status span_around(const struct calendar *calendar, enum window_over over,
                               struct calendar_month month, struct window_span *out)
{
    int32_t months = MONTHS / kinds[over].in_year;
    int32_t index = month.index / months;
    struct calendar_month first = {month.year, index * months};
    struct calendar_month next = {month.year, first.index + months};
    struct window_span span = {
        .over = over,
        .year = month.year,
        .index = index + 1,
        .from = calendar_month_start(calendar, first),
        .until = calendar_month_start(calendar, next),
    };
    return check_range(&span, out);
}

enum status window_containing(const struct calendar *calendar, enum window_over over, int32_t date,
                              struct window_span *out)
{
    assert(over < WINDOW_OVER_COUNT);
    if (!date_is_valid(date))
        return STATUS_OUT_OF_RANGE;
    if (kinds[over].in_year)
        return span_around(calendar, over, calendar_month_of(calendar, date), out);
    struct window_span span = {.over = over, .from = date, .until = date + 1};
    if (over == WINDOW_PLAN) {
        span.from = calendar->plan_from;
        span.until = calendar->plan_until;
        if (date < span.from || date >= span.until)
            return STATUS_OUT_OF_RANGE;
    }
    return check_range(&span, out);
}

enum status window_at(const struct calendar *calendar, enum window_over over, int32_t year,
                      int32_t index, struct window_span *out)
{
    int32_t count = window_count_in_year(over);
    assert(count > 0);
    int64_t position = (int64_t)year * count + index - 1;
    if (position < (DATE_YEAR_MIN - 1) * count || position >= (DATE_YEAR_MAX + 2) * count)
        return STATUS_OUT_OF_RANGE;
    struct calendar_month first = {
        .year = (int32_t)(position / count),
        .index = (int32_t)(position % count) * (MONTHS / count),
    };
    return span_around(calendar, over, first, out);
}

/* `count` digits at `text`, or -1. */
static int32_t read_digits(const char *text, int count)
{
    int32_t value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/* What follows the year in an id: length, the letter behind the dash (0: none), digits. */
static const struct {
    size_t length;
    char letter;
    int digits;
    enum window_over over;
} forms[] = {
    {0, 0, 0, WINDOW_YEAR},
    {3, 0, 2, WINDOW_MONTH},
    {3, 'Q', 1, WINDOW_QUARTER},
    {3, 'H', 1, WINDOW_HALF},
};

static bool read_form(struct slice rest, enum window_over *out_over, int32_t *out_index)
{
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (rest.length != forms[i].length)
            continue;
        *out_over = forms[i].over;
        *out_index = 1;
        if (rest.length == 0)
            return true;
        if (rest.bytes[0] != '-' || (forms[i].letter && rest.bytes[1] != forms[i].letter))
            continue;
        *out_index = read_digits(rest.bytes + rest.length - forms[i].digits, forms[i].digits);
        if (*out_index >= 1 && *out_index <= kinds[forms[i].over].in_year)
            return true;
    }
    return false;
}

enum status window_by_id(const struct calendar *calendar, struct slice id, struct window_span *out)
{
    if (slice_equal(id, slice_of(kinds[WINDOW_PLAN].name)))
        return window_containing(calendar, WINDOW_PLAN, calendar->plan_from, out);
    int32_t year = id.length < 4 ? -1 : read_digits(id.bytes, 4);
    if (year < 0)
        return STATUS_INVALID;
    enum window_over over;
    int32_t index;
    if (!read_form((struct slice){id.bytes + 4, id.length - 4}, &over, &index))
        return STATUS_INVALID;
    if (over == WINDOW_MONTH && calendar_has_plain_months(calendar))
        index -= calendar->month - 1; /* from the calendar's month to that of the year */
    return window_at(calendar, over, year, index, out);
}

static size_t print_id(const struct calendar *calendar, const struct window_span *span,
                       char out[WINDOW_ID_BYTES])
{
    if (span->over == WINDOW_PLAN) {
        memcpy(out, "plan", 4);
        return 4;
    }
    int32_t year = span->year;
    int32_t index = span->index;
    if (span->over == WINDOW_MONTH && calendar_has_plain_months(calendar)) {
        int32_t since = calendar->month - 1 + span->index - 1;
        year += since / MONTHS;
        index = since % MONTHS + 1;
    }
    size_t length = digits_fixed((uint64_t)year, 4, out);
    if (span->over == WINDOW_YEAR)
        return length;
    out[length++] = '-';
    if (span->over != WINDOW_MONTH)
        out[length++] = span->over == WINDOW_QUARTER ? 'Q' : 'H';
    return length + digits_fixed((uint64_t)index, span->over == WINDOW_MONTH ? 2 : 1, out + length);
}

size_t window_id(const struct calendar *calendar, const struct window_span *span,
                 char out[WINDOW_ID_BYTES])
{
    assert(span->over >= WINDOW_MONTH && span->over < WINDOW_OVER_COUNT);
    size_t length = print_id(calendar, span, out);
    out[length] = '\0';
    if (span->part)
        length += (size_t)snprintf(out + length, WINDOW_ID_BYTES - length, ".%d", span->part);
    return length;
}

void window_append_deal_id(struct slice deal_id, struct buffer *out)
{
    buffer_append_slice(out, SLICE("deal:"));
    buffer_append_slice(out, deal_id);
}

void window_append_line_id(struct slice deal_id, struct slice line_id, struct buffer *out)
{
    buffer_append_slice(out, SLICE("line:"));
    buffer_append_slice(out, deal_id);
    buffer_append_byte(out, '/');
    buffer_append_slice(out, line_id);
}

bool window_shift(const struct calendar *calendar, const struct window_span *span, int32_t count,
                  struct window_span *out)
{
    if (window_count_in_year(span->over) == 0)
        return false;
    int32_t index;
    if (__builtin_add_overflow(span->index, count, &index))
        return false;
    return window_at(calendar, span->over, span->year, index, out) == STATUS_OK;
}

bool window_next(const struct calendar *calendar, const struct window_span *span,
                 struct window_span *out)
{
    return window_shift(calendar, span, 1, out);
}

bool window_previous(const struct calendar *calendar, const struct window_span *span,
                     struct window_span *out)
{
    return window_shift(calendar, span, -1, out);
}

bool window_last_year(const struct calendar *calendar, const struct window_span *span,
                      struct window_span *out)
{
    return window_shift(calendar, span, -window_count_in_year(span->over), out);
}

enum status window_enclosing(const struct calendar *calendar, const struct window_span *span,
                             enum window_over over, struct window_span *out)
{
    return window_containing(calendar, over, span->from, out);
}

enum status window_month_until(const struct calendar *calendar, const struct window_span *span,
                               int32_t number, int32_t *out_until)
{
    assert(number >= 1);
    struct window_span month;
    enum status status = window_containing(calendar, WINDOW_MONTH, span->from, &month);
    if (status)
        return status;
    if (month.from != span->from)
        return date_add_months(span->from, number, out_until);
    if (!window_shift(calendar, &month, number - 1, &month))
        return STATUS_OUT_OF_RANGE;
    *out_until = month.until;
    return STATUS_OK;
}
