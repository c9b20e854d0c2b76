#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calendar/date.h"
#include "support/case.h"

struct date_row {
    const char *label;
    const char *text;
    enum status status;
    int32_t date;
};

static const struct date_row date_rows[] = {
    {"days count from the epoch", "1970-01-01", STATUS_OK, 0},
    {"days before the epoch are negative", "1969-12-31", STATUS_OK, -1},
    {"the first date", "1900-01-01", STATUS_OK, DATE_MIN},
    {"the day before the first date", "1899-12-31", STATUS_INVALID, 0},
    {"the last date", "2200-12-31", STATUS_OK, DATE_MAX},
    {"the day after the last date", "2201-01-01", STATUS_INVALID, 0},
    {"a leap day of a fourth year", "2024-02-29", STATUS_OK, 19782},
    {"the day after a leap day", "2024-03-01", STATUS_OK, 19783},
    {"no leap day in another year", "2026-02-29", STATUS_INVALID, 0},
    {"a leap day of a four-hundredth year", "2000-02-29", STATUS_OK, 11016},
    {"no leap day in a hundredth year", "1900-02-29", STATUS_INVALID, 0},
    {"nor in another one", "2100-02-29", STATUS_INVALID, 0},
    {"the end of a year", "2026-12-31", STATUS_OK, 20818},
    {"the start of a year", "2027-01-01", STATUS_OK, 20819},
    {"no thirty-first of April", "2026-04-31", STATUS_INVALID, 0},
    {"no day zero", "2026-04-00", STATUS_INVALID, 0},
    {"no month zero", "2026-00-10", STATUS_INVALID, 0},
    {"no month thirteen", "2026-13-10", STATUS_INVALID, 0},
    {"one digit is not two", "2026-4-01", STATUS_INVALID, 0},
    {"nothing may follow", "2026-04-01 ", STATUS_INVALID, 0},
    {"nothing may be missing", "2026-04", STATUS_INVALID, 0},
    {"nothing is no date", "", STATUS_INVALID, 0},
    {"slashes are no dashes", "2026/04/01", STATUS_INVALID, 0},
};

static void reads_and_writes(void **state)
{
    const struct date_row *row = *state;
    int32_t date = 42;
    assert_int_equal(date_parse(slice_of(row->text), &date), row->status);
    assert_int_equal(date, row->status ? 42 : row->date);
    if (row->status)
        return;
    char text[DATE_TEXT_BYTES];
    assert_int_equal(date_format(date, text), 10);
    assert_string_equal(text, row->text);
}

static void every_day_follows_the_one_before(void **state)
{
    (void)state;
    struct date_parts expected = {DATE_YEAR_MIN, 1, 1};
    int weekday = MONDAY; /* 1900-01-01 */
    for (int32_t date = DATE_MIN; date <= DATE_MAX; date++) {
        struct date_parts parts = date_to_parts(date);
        assert_memory_equal(&parts, &expected, sizeof(parts));
        int32_t back;
        assert_int_equal(date_from_parts(parts, &back), STATUS_OK);
        assert_int_equal(back, date);
        assert_int_equal(date_weekday(date), weekday);
        weekday = (weekday + 1) % 7;
        if (++expected.day > date_days_in_month(expected.year, expected.month)) {
            expected.day = 1;
            expected.year += expected.month == 12;
            expected.month = expected.month % 12 + 1;
        }
    }
    assert_int_equal(expected.year, DATE_YEAR_MAX + 1);
}

static void any_number_of_days_can_be_written(void **state)
{
    (void)state;
    char text[DATE_TEXT_BYTES];
    date_format(INT32_MAX, text);
    assert_string_equal(text, "5881580-07-11");
    date_format(INT32_MIN, text);
    assert_string_equal(text, "-5877641-06-23");
}

struct months_row {
    const char *label;
    const char *date;
    int32_t months;
    const char *expected; /* NULL: out of range */
};

static const struct months_row months_rows[] = {
    {"a month later is the same day", "2026-01-15", 1, "2026-02-15"},
    {"a day that is missing becomes the last one", "2026-01-31", 1, "2026-02-28"},
    {"in a leap year the 29th", "2028-01-31", 1, "2028-02-29"},
    {"the day before it keeps its day", "2028-01-29", 1, "2028-02-29"},
    {"and no month later moves twice", "2026-01-31", 2, "2026-03-31"},
    {"a year after a leap day", "2028-02-29", 12, "2029-02-28"},
    {"four years after a leap day", "2028-02-29", 48, "2032-02-29"},
    {"over the end of a year", "2026-12-31", 1, "2027-01-31"},
    {"back over the start of a year", "2026-01-31", -2, "2025-11-30"},
    {"no months at all", "2026-03-31", 0, "2026-03-31"},
    {"up to the last date", "2200-11-30", 1, "2200-12-30"},
    {"past the last date", "2200-12-01", 1, NULL},
    {"before the first date", "1900-01-31", -1, NULL},
    {"as many months as there are numbers", "2026-01-31", INT32_MAX, NULL},
    {"as few", "2026-01-31", INT32_MIN, NULL},
};

static int32_t day(const char *text)
{
    int32_t date;
    assert_int_equal(date_parse(slice_of(text), &date), STATUS_OK);
    return date;
}

static void moves_by_months(void **state)
{
    const struct months_row *row = *state;
    int32_t date = 42;
    enum status status = date_add_months(day(row->date), row->months, &date);
    assert_int_equal(status, row->expected ? STATUS_OK : STATUS_OUT_OF_RANGE);
    assert_int_equal(date, row->expected ? day(row->expected) : 42);
}

static void moves_by_days_within_the_valid_dates(void **state)
{
    (void)state;
    int32_t date = 42;
    assert_int_equal(date_add_days(DATE_MAX, 1, &date), STATUS_OUT_OF_RANGE);
    assert_int_equal(date_add_days(DATE_MIN, -1, &date), STATUS_OUT_OF_RANGE);
    assert_int_equal(date_add_days(0, INT64_MAX, &date), STATUS_OUT_OF_RANGE);
    assert_int_equal(date_add_days(0, INT64_C(1) << 32, &date), STATUS_OUT_OF_RANGE);
    assert_int_equal(date_add_days(INT32_MAX, -INT32_MAX, &date), STATUS_OUT_OF_RANGE);
    assert_int_equal(date_add_months(INT32_MIN, 1, &date), STATUS_OUT_OF_RANGE);
    assert_int_equal(date, 42);
    assert_int_equal(date_add_days(DATE_MIN, DATE_MAX - DATE_MIN, &date), STATUS_OK);
    assert_int_equal(date, DATE_MAX);
}

struct instant_row {
    const char *label;
    const char *text;
    enum status status;
    int64_t ms;
    const char *written; /* NULL: as read */
};

static const struct instant_row instant_rows[] = {
    {"the epoch", "1970-01-01T00:00:00Z", STATUS_OK, 0, NULL},
    {"a moment before the epoch", "1969-12-31T23:59:59.999Z", STATUS_OK, -1, NULL},
    {"a second", "2026-02-03T10:00:01Z", STATUS_OK, 1770112801000, NULL},
    {"milliseconds", "2026-02-03T10:00:00.250Z", STATUS_OK, 1770112800250, NULL},
    {"a tenth of a second", "2026-02-03T10:00:00.5Z", STATUS_OK, 1770112800500,
     "2026-02-03T10:00:00.500Z"},
    {"finer than a millisecond is dropped", "2026-02-03T10:00:00.000999999Z", STATUS_OK,
     1770112800000, "2026-02-03T10:00:00Z"},
    {"east of UTC is earlier", "2026-02-03T10:00:00+01:00", STATUS_OK, 1770109200000,
     "2026-02-03T09:00:00Z"},
    {"west of UTC is later", "2026-02-03T10:00:00-05:30", STATUS_OK, 1770132600000,
     "2026-02-03T15:30:00Z"},
    {"an offset may move the date", "2026-01-01T00:00:00+14:00", STATUS_OK, 1767175200000,
     "2025-12-31T10:00:00Z"},
    {"the last second of a day", "2026-02-03T23:59:59Z", STATUS_OK, 1770163199000, NULL},
    {"no hour 24", "2026-02-03T24:00:00Z", STATUS_INVALID, 0, NULL},
    {"no minute 60", "2026-02-03T10:60:00Z", STATUS_INVALID, 0, NULL},
    {"no leap second", "2016-12-31T23:59:60Z", STATUS_INVALID, 0, NULL},
    {"no offset of a day", "2026-02-03T10:00:00+24:00", STATUS_INVALID, 0, NULL},
    {"an offset of a minute less than a day", "2026-02-03T00:00:00+23:59", STATUS_OK, 1769990460000,
     "2026-02-02T00:01:00Z"},
    {"no instant without an offset", "2026-02-03T10:00:00", STATUS_INVALID, 0, NULL},
    {"no instant without seconds", "2026-02-03T10:00Z", STATUS_INVALID, 0, NULL},
    {"no point without digits", "2026-02-03T10:00:00.Z", STATUS_INVALID, 0, NULL},
    {"no blank for a T", "2026-02-03 10:00:00Z", STATUS_INVALID, 0, NULL},
    {"nothing may follow", "2026-02-03T10:00:00Z ", STATUS_INVALID, 0, NULL},
    {"no offset without a colon", "2026-02-03T10:00:00+0100", STATUS_INVALID, 0, NULL},
    {"no date that does not exist", "2026-02-29T10:00:00Z", STATUS_INVALID, 0, NULL},
    {"a date alone is no instant", "2026-02-03", STATUS_INVALID, 0, NULL},
};

static void reads_and_writes_instants(void **state)
{
    const struct instant_row *row = *state;
    int64_t ms = 42;
    assert_int_equal(instant_parse(slice_of(row->text), &ms), row->status);
    assert_true(ms == (row->status ? 42 : row->ms));
    if (row->status)
        return;
    char text[INSTANT_TEXT_BYTES];
    size_t length = instant_format(ms, text);
    assert_string_equal(text, row->written ? row->written : row->text);
    assert_int_equal(length, strlen(text));
}

static void an_instant_outside_the_years_is_written_as_a_number(void **state)
{
    (void)state;
    char text[INSTANT_TEXT_BYTES];
    instant_format(INT64_MIN, text);
    assert_string_equal(text, "-9223372036854775808");
    instant_format((DATE_MAX + 1) * DAY_MS, text);
    assert_string_equal(text, "7289654400000");
    instant_format((DATE_MAX + 1) * DAY_MS - 1, text);
    assert_string_equal(text, "2200-12-31T23:59:59.999Z");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_follows_the_one_before),
        cmocka_unit_test(any_number_of_days_can_be_written),
        cmocka_unit_test(moves_by_days_within_the_valid_dates),
        cmocka_unit_test(an_instant_outside_the_years_is_written_as_a_number),
    };
    return RUN_CASES(date_rows, reads_and_writes) + RUN_CASES(months_rows, moves_by_months) +
           RUN_CASES(instant_rows, reads_and_writes_instants) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
