#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calendar/zone.h"
#include "support/case.h"

/* Tables of a few years, as control carries them. Instants in text, offsets in minutes. */
struct change {
    const char *at;
    int32_t offset_min;
};

enum { CHANGES_MAX = 5 };

struct place {
    const char *name;
    struct change changes[CHANGES_MAX];
};

static const struct place places[] = {
    {"UTC", {{NULL, 0}}},
    {"New York",
     {{"2025-11-02T06:00:00Z", -300},
      {"2026-03-08T07:00:00Z", -240},
      {"2026-11-01T06:00:00Z", -300},
      {"2027-03-14T07:00:00Z", -240}}},
    {"Berlin",
     {{"2025-10-26T01:00:00Z", 60}, {"2026-03-29T01:00:00Z", 120}, {"2026-10-25T01:00:00Z", 60}}},
    {"Kolkata", {{"2000-01-01T00:00:00Z", 330}}},
    {"Lord Howe", /* half an hour of summer time */
     {{"2025-10-04T15:30:00Z", 660}, {"2026-04-04T15:00:00Z", 630}, {"2026-10-03T15:30:00Z", 660}}},
    {"Havana", /* changes at midnight */
     {{"2025-11-02T05:00:00Z", -300},
      {"2026-03-08T05:00:00Z", -240},
      {"2026-11-01T05:00:00Z", -300}}},
    {"Sao Paulo", /* until 2019: back from midnight to 23:00 of the day before */
     {{"2018-02-18T02:00:00Z", -180},
      {"2018-11-04T03:00:00Z", -120},
      {"2019-02-17T02:00:00Z", -180}}},
    {"Apia", /* went over the date line: 30 December 2011 never was */
     {{"2011-09-24T14:00:00Z", -600}, {"2011-12-30T10:00:00Z", 840}}},
    {"Line Islands", {{"2000-01-01T00:00:00Z", 840}}},
};

static int64_t instant(const char *text)
{
    int64_t ms;
    assert_int_equal(instant_parse(slice_of(text), &ms), STATUS_OK);
    return ms;
}

static int32_t day(const char *text)
{
    int32_t date;
    assert_int_equal(date_parse(slice_of(text), &date), STATUS_OK);
    return date;
}

static struct zone zone_of(const char *name, struct zone_change changes[CHANGES_MAX])
{
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (strcmp(places[i].name, name) != 0)
            continue;
        size_t count = 0;
        for (; count < CHANGES_MAX && places[i].changes[count].at; count++)
            changes[count] = (struct zone_change){instant(places[i].changes[count].at),
                                                  places[i].changes[count].offset_min * 60};
        struct zone zone = {changes, count};
        assert_true(zone_is_valid(zone));
        return zone;
    }
    fail_msg("no place %s", name);
    return (struct zone){0};
}

struct date_row {
    const char *label;
    const char *place;
    const char *at;
    const char *date;
};

static const struct date_row date_rows[] = {
    {"UTC, the last moment of a day", "UTC", "2026-03-31T23:59:59.999Z", "2026-03-31"},
    {"UTC, the first moment of a day", "UTC", "2026-04-01T00:00:00Z", "2026-04-01"},
    {"UTC, before the epoch", "UTC", "1969-12-31T23:59:59.999Z", "1969-12-31"},
    {"New York in winter, before midnight", "New York", "2026-01-01T04:59:59.999Z", "2025-12-31"},
    {"New York in winter, at midnight", "New York", "2026-01-01T05:00:00Z", "2026-01-01"},
    {"New York in summer, before midnight", "New York", "2026-07-01T03:59:59.999Z", "2026-06-30"},
    {"New York in summer, at midnight", "New York", "2026-07-01T04:00:00Z", "2026-07-01"},
    {"New York, the end of the day that lost an hour", "New York", "2026-03-09T03:59:59.999Z",
     "2026-03-08"},
    {"New York, the day after it", "New York", "2026-03-09T04:00:00Z", "2026-03-09"},
    {"New York, the end of the day that gained an hour", "New York", "2026-11-02T04:59:59.999Z",
     "2026-11-01"},
    {"New York, the day after it", "New York", "2026-11-02T05:00:00Z", "2026-11-02"},
    {"New York, before the table", "New York", "2020-07-01T04:59:59.999Z", "2020-06-30"},
    {"New York, after the table", "New York", "2040-01-01T04:00:00Z", "2040-01-01"},
    {"Berlin, before a quarter", "Berlin", "2026-03-31T21:59:59.999Z", "2026-03-31"},
    {"Berlin, at a quarter", "Berlin", "2026-03-31T22:00:00Z", "2026-04-01"},
    {"Berlin, at New Year", "Berlin", "2025-12-31T23:00:00Z", "2026-01-01"},
    {"Kolkata, before midnight", "Kolkata", "2026-03-31T18:29:59.999Z", "2026-03-31"},
    {"Kolkata, at midnight", "Kolkata", "2026-03-31T18:30:00Z", "2026-04-01"},
    {"Lord Howe in summer", "Lord Howe", "2026-03-31T12:59:59.999Z", "2026-03-31"},
    {"Lord Howe in summer, at midnight", "Lord Howe", "2026-03-31T13:00:00Z", "2026-04-01"},
    {"Lord Howe in winter", "Lord Howe", "2026-06-30T13:29:59.999Z", "2026-06-30"},
    {"Lord Howe in winter, at midnight", "Lord Howe", "2026-06-30T13:30:00Z", "2026-07-01"},
    {"Lord Howe, the half hour that came twice", "Lord Howe", "2026-04-04T15:00:00Z", "2026-04-05"},
    {"Sao Paulo, the hour before midnight that came twice", "Sao Paulo", "2019-02-17T02:59:59Z",
     "2019-02-16"},
    {"Apia, the last moment of the 29th", "Apia", "2011-12-30T09:59:59.999Z", "2011-12-29"},
    {"Apia, a moment later it is the 31st", "Apia", "2011-12-30T10:00:00Z", "2011-12-31"},
    {"fourteen hours ahead", "Line Islands", "2026-03-31T10:00:00Z", "2026-04-01"},
};

static void is_on(void **state)
{
    const struct date_row *row = *state;
    struct zone_change changes[CHANGES_MAX];
    struct zone zone = zone_of(row->place, changes);
    int32_t date;
    assert_int_equal(zone_date_at(zone, instant(row->at), &date), STATUS_OK);
    char text[DATE_TEXT_BYTES];
    date_format(date, text);
    assert_string_equal(text, row->date);
}

struct start_row {
    const char *label;
    const char *place;
    const char *date;
    const char *start;
};

static const struct start_row start_rows[] = {
    {"UTC", "UTC", "2026-04-01", "2026-04-01T00:00:00Z"},
    {"New York in winter", "New York", "2026-01-01", "2026-01-01T05:00:00Z"},
    {"New York in summer", "New York", "2026-07-01", "2026-07-01T04:00:00Z"},
    {"New York, the day that loses an hour", "New York", "2026-03-08", "2026-03-08T05:00:00Z"},
    {"New York, the day after it", "New York", "2026-03-09", "2026-03-09T04:00:00Z"},
    {"New York, the day that gains an hour", "New York", "2026-11-01", "2026-11-01T04:00:00Z"},
    {"New York, the day after it", "New York", "2026-11-02", "2026-11-02T05:00:00Z"},
    {"New York, before the table", "New York", "2020-01-01", "2020-01-01T05:00:00Z"},
    {"New York, after the table", "New York", "2040-01-01", "2040-01-01T04:00:00Z"},
    {"Berlin", "Berlin", "2026-04-01", "2026-03-31T22:00:00Z"},
    {"Kolkata", "Kolkata", "2026-04-01", "2026-03-31T18:30:00Z"},
    {"Lord Howe, the day that gains half an hour", "Lord Howe", "2026-04-05",
     "2026-04-04T13:00:00Z"},
    {"Lord Howe, the day after it", "Lord Howe", "2026-04-06", "2026-04-05T13:30:00Z"},
    {"Lord Howe, the day that loses half an hour", "Lord Howe", "2026-10-04",
     "2026-10-03T13:30:00Z"},
    {"Lord Howe, the day after it", "Lord Howe", "2026-10-05", "2026-10-04T13:00:00Z"},
    {"Havana, midnight is skipped", "Havana", "2026-03-08", "2026-03-08T05:00:00Z"},
    {"Havana, midnight comes twice", "Havana", "2026-11-01", "2026-11-01T04:00:00Z"},
    {"Sao Paulo, the day begins after the hour that came twice", "Sao Paulo", "2019-02-17",
     "2019-02-17T03:00:00Z"},
    {"Sao Paulo, midnight is skipped", "Sao Paulo", "2018-11-04", "2018-11-04T03:00:00Z"},
    {"Apia, a day that never was begins with the next", "Apia", "2011-12-30",
     "2011-12-30T10:00:00Z"},
    {"Apia, the day after it", "Apia", "2011-12-31", "2011-12-30T10:00:00Z"},
    {"fourteen hours ahead", "Line Islands", "2026-04-01", "2026-03-31T10:00:00Z"},
};

static void begins(void **state)
{
    const struct start_row *row = *state;
    struct zone_change changes[CHANGES_MAX];
    struct zone zone = zone_of(row->place, changes);
    char text[INSTANT_TEXT_BYTES];
    instant_format(zone_day_start(zone, day(row->date)), text);
    assert_string_equal(text, row->start);
}

static void a_day_lasts_from_its_start_to_the_next(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        struct zone_change changes[CHANGES_MAX];
        struct zone zone = zone_of(places[i].name, changes);
        for (int32_t date = day("2011-01-01"); date < day("2028-01-01"); date++) {
            int64_t start = zone_day_start(zone, date);
            int64_t end = zone_day_start(zone, date + 1);
            int32_t found;
            if (start == end) { /* never was */
                assert_int_equal(date, day("2011-12-30"));
                continue;
            }
            assert_int_equal(zone_date_at(zone, start, &found), STATUS_OK);
            assert_int_equal(found, date);
            assert_int_equal(zone_date_at(zone, end - 1, &found), STATUS_OK);
            assert_int_equal(found, date);
            assert_int_equal(zone_date_at(zone, start - 1, &found), STATUS_OK);
            assert_true(found < date);
        }
    }
}

static void an_instant_outside_the_valid_dates_is_refused(void **state)
{
    (void)state;
    struct zone_change changes[CHANGES_MAX];
    struct zone zone = zone_of("Line Islands", changes);
    int32_t date = 42;
    assert_int_equal(zone_date_at(zone, INT64_MAX, &date), STATUS_OUT_OF_RANGE);
    assert_int_equal(zone_date_at(zone, INT64_MIN, &date), STATUS_OUT_OF_RANGE);
    assert_int_equal(zone_date_at(zone, zone_day_start(zone, DATE_MAX + 1), &date),
                     STATUS_OUT_OF_RANGE);
    assert_int_equal(zone_date_at(zone, zone_day_start(zone, DATE_MIN) - 1, &date),
                     STATUS_OUT_OF_RANGE);
    assert_int_equal(date, 42);
    assert_int_equal(zone_date_at(zone, zone_day_start(zone, DATE_MAX + 1) - 1, &date), STATUS_OK);
    assert_int_equal(date, DATE_MAX);
    assert_int_equal(zone_date_at(zone, zone_day_start(zone, DATE_MIN), &date), STATUS_OK);
    assert_int_equal(date, DATE_MIN);
}

static void a_table_out_of_order_or_out_of_bounds_is_seen(void **state)
{
    (void)state;
    struct zone_change changes[] = {{0, 0}, {1, ZONE_OFFSET_S_MAX}, {2, -ZONE_OFFSET_S_MAX}};
    assert_true(zone_is_valid((struct zone){changes, 3}));
    assert_true(zone_is_valid((struct zone){NULL, 0}));
    changes[1].offset_s++;
    assert_false(zone_is_valid((struct zone){changes, 3}));
    changes[1].offset_s = 0;
    changes[2].offset_s--;
    assert_false(zone_is_valid((struct zone){changes, 3}));
    changes[2] = (struct zone_change){1, 0};
    assert_false(zone_is_valid((struct zone){changes, 3}));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_lasts_from_its_start_to_the_next),
        cmocka_unit_test(an_instant_outside_the_valid_dates_is_refused),
        cmocka_unit_test(a_table_out_of_order_or_out_of_bounds_is_seen),
    };
    return RUN_CASES(date_rows, is_on) + RUN_CASES(start_rows, begins) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
