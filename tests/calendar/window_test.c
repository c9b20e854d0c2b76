#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calendar/window.h"
#include "support/case.h"

static int32_t day(const char *text)
{
    int32_t date;
    assert_int_equal(date_parse(slice_of(text), &date), STATUS_OK);
    return date;
}

static struct calendar calendar_of(const char *weeks, const char *year_starts)
{
    struct calendar calendar;
    assert_int_equal(calendar_make(slice_of(weeks), slice_of(year_starts), &calendar), STATUS_OK);
    return calendar;
}

struct window_row {
    const char *label;
    const char *weeks;
    const char *year_starts;
    const char *date;
    enum window_over over;
    const char *id;
    const char *from;
    const char *until;
};

static const struct window_row window_rows[] = {
    /* calendar years */
    {"the last day of a quarter", "", "01-01", "2026-03-31", WINDOW_QUARTER, "2026-Q1",
     "2026-01-01", "2026-04-01"},
    {"the first day of the next quarter", "", "01-01", "2026-04-01", WINDOW_QUARTER, "2026-Q2",
     "2026-04-01", "2026-07-01"},
    {"the last day of a year", "", "01-01", "2026-12-31", WINDOW_YEAR, "2026", "2026-01-01",
     "2027-01-01"},
    {"the first day of a year", "", "01-01", "2027-01-01", WINDOW_YEAR, "2027", "2027-01-01",
     "2028-01-01"},
    {"the last day of a half", "", "01-01", "2026-06-30", WINDOW_HALF, "2026-H1", "2026-01-01",
     "2026-07-01"},
    {"the first day of a half", "", "01-01", "2026-07-01", WINDOW_HALF, "2026-H2", "2026-07-01",
     "2027-01-01"},
    {"a leap day", "", "01-01", "2028-02-29", WINDOW_MONTH, "2028-02", "2028-02-01", "2028-03-01"},
    {"the last of February", "", "01-01", "2026-02-28", WINDOW_MONTH, "2026-02", "2026-02-01",
     "2026-03-01"},
    {"December", "", "01-01", "2026-12-31", WINDOW_MONTH, "2026-12", "2026-12-01", "2027-01-01"},
    /* a year that starts with another month */
    {"the day before a fiscal year starts", "", "02-01", "2026-01-31", WINDOW_YEAR, "2025",
     "2025-02-01", "2026-02-01"},
    {"the day a fiscal year starts", "", "02-01", "2026-02-01", WINDOW_YEAR, "2026", "2026-02-01",
     "2027-02-01"},
    {"a month keeps its own name in the next calendar year", "", "02-01", "2027-01-31",
     WINDOW_MONTH, "2027-01", "2027-01-01", "2027-02-01"},
    {"while its quarter is named after the year it began in", "", "02-01", "2027-01-31",
     WINDOW_QUARTER, "2026-Q4", "2026-11-01", "2027-02-01"},
    {"and so is its half", "", "02-01", "2027-01-31", WINDOW_HALF, "2026-H2", "2026-08-01",
     "2027-02-01"},
    {"a year from July", "", "07-01", "2026-06-30", WINDOW_QUARTER, "2025-Q4", "2026-04-01",
     "2026-07-01"},
    {"a year from December", "", "12-01", "2026-12-01", WINDOW_QUARTER, "2026-Q1", "2026-12-01",
     "2027-03-01"},
    /* months that begin on another day */
    {"the fifth of April belongs to the old British tax year", "", "04-06", "2026-04-05",
     WINDOW_YEAR, "2025", "2025-04-06", "2026-04-06"},
    {"the sixth of April begins the new one", "", "04-06", "2026-04-06", WINDOW_YEAR, "2026",
     "2026-04-06", "2027-04-06"},
    {"months are then counted within the year", "", "04-06", "2026-05-05", WINDOW_MONTH, "2026-01",
     "2026-04-06", "2026-05-06"},
    {"also those of the next calendar year", "", "04-06", "2027-04-05", WINDOW_MONTH, "2026-12",
     "2027-03-06", "2027-04-06"},
    {"months from the 31st begin on the last day of short ones", "", "01-31", "2026-02-28",
     WINDOW_MONTH, "2026-02", "2026-02-28", "2026-03-31"},
    {"the day before belongs to the month before", "", "01-31", "2026-02-27", WINDOW_MONTH,
     "2026-01", "2026-01-31", "2026-02-28"},
    {"a year from the leap day starts on the 28th otherwise", "", "02-29", "2026-02-28",
     WINDOW_YEAR, "2026", "2026-02-28", "2027-02-28"},
    {"and on the leap day where there is one", "", "02-29", "2028-02-28", WINDOW_YEAR, "2027",
     "2027-02-28", "2028-02-29"},
    /* weeks: the years of American retail */
    {"the anchor is the first day of its year", "4-4-5", "2026-02-01", "2026-02-01", WINDOW_YEAR,
     "2026", "2026-02-01", "2027-01-31"},
    {"the day before the anchor", "4-4-5", "2026-02-01", "2026-01-31", WINDOW_YEAR, "2025",
     "2025-02-02", "2026-02-01"},
    {"a first month of four weeks", "4-4-5", "2026-02-01", "2026-02-28", WINDOW_MONTH, "2026-01",
     "2026-02-01", "2026-03-01"},
    {"a second month of four weeks", "4-4-5", "2026-02-01", "2026-03-01", WINDOW_MONTH, "2026-02",
     "2026-03-01", "2026-03-29"},
    {"a third month of five weeks", "4-4-5", "2026-02-01", "2026-05-02", WINDOW_MONTH, "2026-03",
     "2026-03-29", "2026-05-03"},
    {"a second month of five weeks", "4-5-4", "2026-02-01", "2026-04-04", WINDOW_MONTH, "2026-02",
     "2026-03-01", "2026-04-05"},
    {"a first month of five weeks", "5-4-4", "2026-02-01", "2026-03-07", WINDOW_MONTH, "2026-01",
     "2026-02-01", "2026-03-08"},
    {"quarters have thirteen weeks", "4-4-5", "2026-02-01", "2026-05-03", WINDOW_QUARTER, "2026-Q2",
     "2026-05-03", "2026-08-02"},
    {"halves have twenty-six", "4-4-5", "2026-02-01", "2026-08-02", WINDOW_HALF, "2026-H2",
     "2026-08-02", "2027-01-31"},
    {"a year of 53 weeks", "4-5-4", "2026-02-01", "2024-02-03", WINDOW_YEAR, "2023", "2023-01-29",
     "2024-02-04"},
    {"the 53rd week belongs to the last month", "4-5-4", "2026-02-01", "2024-01-28", WINDOW_MONTH,
     "2023-12", "2023-12-31", "2024-02-04"},
    {"and to the last quarter", "4-5-4", "2026-02-01", "2024-02-03", WINDOW_QUARTER, "2023-Q4",
     "2023-10-29", "2024-02-04"},
    {"and to the last half", "4-5-4", "2026-02-01", "2024-02-03", WINDOW_HALF, "2023-H2",
     "2023-07-30", "2024-02-04"},
    {"the day after the 53rd week", "4-5-4", "2026-02-01", "2024-02-04", WINDOW_MONTH, "2024-01",
     "2024-02-04", "2024-03-03"},
    {"the next year of 53 weeks", "4-4-5", "2026-02-01", "2028-12-31", WINDOW_MONTH, "2028-12",
     "2028-12-24", "2029-02-04"},
    /* weeks around New Year */
    {"a year that starts before New Year keeps the name of its day", "4-4-5", "2026-01-01",
     "2026-12-31", WINDOW_YEAR, "2027", "2026-12-31", "2027-12-30"},
    {"and the year before it too", "4-4-5", "2026-01-01", "2026-12-30", WINDOW_YEAR, "2026",
     "2026-01-01", "2026-12-31"},
    {"a start that slips into the next calendar year keeps its name", "4-4-5", "2025-12-30",
     "2028-01-03", WINDOW_YEAR, "2027", "2027-12-28", "2029-01-02"},
    {"and ends where the next one starts", "4-4-5", "2025-12-30", "2029-01-02", WINDOW_YEAR, "2028",
     "2029-01-02", "2030-01-01"},
};

static void lies_in(void **state)
{
    const struct window_row *row = *state;
    struct calendar calendar = calendar_of(row->weeks, row->year_starts);
    struct window_span span;
    assert_int_equal(window_containing(&calendar, row->over, day(row->date), &span), STATUS_OK);
    char id[WINDOW_ID_BYTES];
    assert_int_equal(window_id(&calendar, &span, id), strlen(row->id));
    assert_string_equal(id, row->id);
    assert_int_equal(span.from, day(row->from));
    assert_int_equal(span.until, day(row->until));
    struct window_span found;
    assert_int_equal(window_by_id(&calendar, slice_of(row->id), &found), STATUS_OK);
    assert_memory_equal(&found, &span, sizeof(span));
}

struct calendar_row {
    const char *label;
    const char *weeks;
    const char *year_starts;
    enum status status;
};

static const struct calendar_row calendar_rows[] = {
    {"calendar years", "", "01-01", STATUS_OK},
    {"years from the end of a month", "", "05-31", STATUS_OK},
    {"years from the leap day", "", "02-29", STATUS_OK},
    {"years from the last day of December", "", "12-31", STATUS_OK},
    {"years from a day that no year has", "", "02-30", STATUS_INVALID},
    {"years from a whole date without weeks", "", "2026-02-01", STATUS_INVALID},
    {"years from nothing", "", "", STATUS_INVALID},
    {"years from a month", "", "01-00", STATUS_INVALID},
    {"weeks 4-4-5", "4-4-5", "2026-02-01", STATUS_OK},
    {"weeks 4-5-4", "4-5-4", "2026-02-04", STATUS_OK},
    {"weeks 5-4-4", "5-4-4", "2025-12-30", STATUS_OK},
    {"weeks from a leap day", "5-4-4", "2028-02-29", STATUS_OK},
    {"weeks from New Year", "4-4-5", "2026-01-01", STATUS_OK},
    {"weeks without an anchor", "4-4-5", "02-01", STATUS_INVALID},
    {"weeks of another pattern", "4-4-4", "2026-02-01", STATUS_INVALID},
};

static int32_t weeks_in(const struct window_span *span)
{
    assert_int_equal((span->until - span->from) % 7, 0);
    return (span->until - span->from) / 7;
}

/* Walks all windows of a kind: they tile time, and every way to one leads to the same one. */
static void tiles(const struct calendar *calendar, enum window_over over)
{
    struct window_span span;
    assert_int_equal(window_containing(calendar, over, day("1902-01-01"), &span), STATUS_OK);
    while (span.until < day("2199-01-01")) {
        struct window_span other;
        assert_int_equal(window_containing(calendar, over, span.from, &other), STATUS_OK);
        assert_memory_equal(&other, &span, sizeof(span));
        assert_int_equal(window_containing(calendar, over, span.until - 1, &other), STATUS_OK);
        assert_memory_equal(&other, &span, sizeof(span));
        char id[WINDOW_ID_BYTES];
        window_id(calendar, &span, id);
        assert_int_equal(window_by_id(calendar, slice_of(id), &other), STATUS_OK);
        assert_memory_equal(&other, &span, sizeof(span));
        if (calendar->weeks && over == WINDOW_YEAR)
            assert_in_range(weeks_in(&span), 52, 53);
        if (calendar->weeks && over == WINDOW_QUARTER)
            assert_in_range(weeks_in(&span), 13, span.index == 4 ? 14 : 13);
        for (int larger = (int)over; larger <= WINDOW_YEAR; larger++) {
            assert_int_equal(window_enclosing(calendar, &span, (enum window_over)larger, &other),
                             STATUS_OK);
            assert_true(other.from <= span.from && span.until <= other.until);
            assert_int_equal(other.year, span.year);
        }
        struct window_span next;
        assert_true(window_next(calendar, &span, &next));
        assert_int_equal(next.from, span.until);
        assert_true(window_key(over, next.from) > window_key(over, span.from));
        assert_true(window_previous(calendar, &next, &other));
        assert_memory_equal(&other, &span, sizeof(span));
        span = next;
    }
}

static void makes_a_calendar(void **state)
{
    const struct calendar_row *row = *state;
    struct calendar calendar = {.month = 42};
    assert_int_equal(calendar_make(slice_of(row->weeks), slice_of(row->year_starts), &calendar),
                     row->status);
    if (row->status) {
        assert_int_equal(calendar.month, 42);
        return;
    }
    for (int over = WINDOW_MONTH; over <= WINDOW_YEAR; over++)
        tiles(&calendar, (enum window_over)over);
}

static void the_plan_is_one_window(void **state)
{
    (void)state;
    struct calendar calendar = calendar_of("", "01-01");
    calendar.plan_from = day("2026-01-15");
    calendar.plan_until = day("2027-03-01");
    struct window_span span;
    assert_int_equal(window_containing(&calendar, WINDOW_PLAN, day("2026-01-14"), &span),
                     STATUS_OUT_OF_RANGE);
    assert_int_equal(window_containing(&calendar, WINDOW_PLAN, day("2027-03-01"), &span),
                     STATUS_OUT_OF_RANGE);
    assert_int_equal(window_containing(&calendar, WINDOW_PLAN, day("2027-02-28"), &span),
                     STATUS_OK);
    assert_int_equal(span.from, day("2026-01-15"));
    assert_int_equal(span.until, day("2027-03-01"));
    char id[WINDOW_ID_BYTES];
    window_id(&calendar, &span, id);
    assert_string_equal(id, "plan");
    struct window_span other;
    assert_int_equal(window_by_id(&calendar, SLICE("plan"), &other), STATUS_OK);
    assert_memory_equal(&other, &span, sizeof(span));
    assert_false(window_next(&calendar, &span, &other));
    assert_false(window_previous(&calendar, &span, &other));
    assert_false(window_last_year(&calendar, &span, &other));
}

static void a_deal_stands_alone_on_its_day(void **state)
{
    (void)state;
    struct calendar calendar = calendar_of("", "01-01");
    struct window_span span;
    struct window_span other;
    assert_int_equal(window_containing(&calendar, WINDOW_DEAL, 20500, &span), STATUS_OK);
    assert_true(span.from == 20500 && span.until == 20501 && span.index == 0);
    assert_false(window_next(&calendar, &span, &other));
    struct buffer id = {0};
    window_append_deal_id(SLICE("D-1"), &id);
    window_append_line_id(SLICE("D-1"), SLICE("1"), &id);
    assert_true(slice_equal(buffer_slice(&id), SLICE("deal:D-1line:D-1/1")));
    buffer_deinit(&id);
}

static void a_part_of_a_window_has_its_number(void **state)
{
    (void)state;
    struct calendar calendar = calendar_of("", "01-01");
    struct window_span span;
    assert_int_equal(window_by_id(&calendar, SLICE("2026-Q1"), &span), STATUS_OK);
    span.part = 2;
    char id[WINDOW_ID_BYTES];
    assert_int_equal(window_id(&calendar, &span, id), 9);
    assert_string_equal(id, "2026-Q1.2");
}

static void what_is_no_window_is_refused(void **state)
{
    (void)state;
    static const char *const ids[] = {
        "",        "202",        "2026-",    "2026-0",   "2026-00",  "2026-13", "2026-Q0",
        "2026-Q5", "2026-H3",    "2026-Q",   "2026-q1",  "2026-Q01", "2026Q1",  "2026-Q1.1",
        "2026-1",  "2026-01-01", "deal:D-1", "line:D/1", "x026",     "2026 ",   "2026-0x",
        "2026/Q1", "-026",       "Plan",     "planx",
    };
    struct calendar calendar = calendar_of("", "01-01");
    struct window_span span = {.year = 42};
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
        assert_int_equal(window_by_id(&calendar, slice_of(ids[i]), &span), STATUS_INVALID);
    assert_int_equal(window_by_id(&calendar, SLICE("1899"), &span), STATUS_OUT_OF_RANGE);
    assert_int_equal(window_by_id(&calendar, SLICE("0000-01"), &span), STATUS_OUT_OF_RANGE);
    assert_int_equal(window_by_id(&calendar, SLICE("9999-Q4"), &span), STATUS_OUT_OF_RANGE);
    assert_int_equal(span.year, 42);
}

static void windows_end_where_dates_end(void **state)
{
    (void)state;
    struct calendar calendar = calendar_of("", "01-01");
    struct window_span span;
    struct window_span other;
    assert_int_equal(window_containing(&calendar, WINDOW_YEAR, DATE_MAX, &span), STATUS_OK);
    assert_int_equal(span.until, DATE_MAX + 1);
    assert_false(window_next(&calendar, &span, &other));
    assert_int_equal(window_containing(&calendar, WINDOW_YEAR, DATE_MIN, &span), STATUS_OK);
    assert_false(window_previous(&calendar, &span, &other));
    assert_int_equal(window_containing(&calendar, WINDOW_YEAR, DATE_MAX + 1, &span),
                     STATUS_OUT_OF_RANGE);
    assert_int_equal(window_containing(&calendar, WINDOW_MONTH, INT32_MIN, &span),
                     STATUS_OUT_OF_RANGE);
    assert_int_equal(window_at(&calendar, WINDOW_MONTH, INT32_MAX, INT32_MAX, &span),
                     STATUS_OUT_OF_RANGE);
    assert_false(window_shift(&calendar, &span, INT32_MAX, &other));
    struct calendar fiscal = calendar_of("", "02-01");
    assert_int_equal(window_containing(&fiscal, WINDOW_YEAR, DATE_MIN, &span), STATUS_OUT_OF_RANGE);
    assert_int_equal(window_containing(&fiscal, WINDOW_YEAR, DATE_MAX, &span), STATUS_OUT_OF_RANGE);
    assert_int_equal(window_containing(&fiscal, WINDOW_MONTH, DATE_MIN, &span), STATUS_OK);
}

static void an_index_may_run_over_the_year(void **state)
{
    (void)state;
    struct calendar calendar = calendar_of("", "02-01");
    struct window_span span;
    struct window_span expected;
    assert_int_equal(window_at(&calendar, WINDOW_QUARTER, 2026, 5, &span), STATUS_OK);
    assert_int_equal(window_by_id(&calendar, SLICE("2027-Q1"), &expected), STATUS_OK);
    assert_memory_equal(&span, &expected, sizeof(span));
    assert_int_equal(window_at(&calendar, WINDOW_QUARTER, 2026, 0, &span), STATUS_OK);
    assert_int_equal(window_by_id(&calendar, SLICE("2025-Q4"), &expected), STATUS_OK);
    assert_memory_equal(&span, &expected, sizeof(span));
    assert_true(window_last_year(&calendar, &expected, &span));
    assert_int_equal(window_by_id(&calendar, SLICE("2024-Q4"), &expected), STATUS_OK);
    assert_memory_equal(&span, &expected, sizeof(span));
}

struct deadline_row {
    const char *label;
    const char *weeks;
    const char *year_starts;
    enum window_over over;
    const char *date; /* in the window */
    int32_t number;
    const char *until;
};

static const struct deadline_row deadline_rows[] = {
    {"the end of a quarter's first month", "", "01-01", WINDOW_QUARTER, "2026-05-05", 1,
     "2026-05-01"},
    {"the end of its second", "", "01-01", WINDOW_QUARTER, "2026-05-05", 2, "2026-06-01"},
    {"months go on behind the window", "", "01-01", WINDOW_QUARTER, "2026-05-05", 10, "2027-02-01"},
    {"months of weeks", "4-4-5", "2026-02-01", WINDOW_QUARTER, "2026-03-31", 2, "2026-03-29"},
    {"months from the plan's first day, inside a month", "", "01-01", WINDOW_PLAN, "2026-02-01", 1,
     "2026-02-15"},
    {"months from a deal's day", "", "01-01", WINDOW_DEAL, "2026-01-31", 1, "2026-02-28"},
};

static void month_ends(void **state)
{
    const struct deadline_row *row = *state;
    struct calendar calendar = calendar_of(row->weeks, row->year_starts);
    calendar.plan_from = day("2026-01-15");
    calendar.plan_until = DATE_MAX + 1;
    struct window_span span;
    int32_t until;
    assert_int_equal(window_containing(&calendar, row->over, day(row->date), &span), STATUS_OK);
    assert_int_equal(window_month_until(&calendar, &span, row->number, &until), STATUS_OK);
    assert_int_equal(until, day(row->until));
    assert_int_equal(window_month_until(&calendar, &span, 12 * 300, &until), STATUS_OUT_OF_RANGE);
}

static void days_are_counted_within_the_window(void **state)
{
    (void)state;
    struct window_span span = {.from = 100, .until = 190};
    assert_int_equal(window_days_within(&span, 0, 1000), 90);
    assert_int_equal(window_days_within(&span, 100, 190), 90);
    assert_int_equal(window_days_within(&span, 189, 1000), 1);
    assert_int_equal(window_days_within(&span, 190, 1000), 0);
    assert_int_equal(window_days_within(&span, 0, 101), 1);
    assert_int_equal(window_days_within(&span, 0, 100), 0);
    assert_int_equal(window_days_within(&span, 150, 140), 0);
    assert_true(window_holds(&span, 100) && window_holds(&span, 189));
    assert_false(window_holds(&span, 99) || window_holds(&span, 190));
}

static void every_kind_is_found_by_its_name(void **state)
{
    (void)state;
    for (int i = 0; i < WINDOW_OVER_COUNT; i++) {
        enum window_over over = WINDOW_OVER_COUNT;
        struct slice name = slice_of(window_over_name((enum window_over)i));
        assert_int_equal(window_over_find(name, &over), STATUS_OK);
        assert_int_equal(over, i);
    }
    enum window_over over = WINDOW_YEAR;
    assert_int_equal(window_over_find(SLICE("week"), &over), STATUS_INVALID);
    assert_int_equal(over, WINDOW_YEAR);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_plan_is_one_window),
        cmocka_unit_test(a_deal_stands_alone_on_its_day),
        cmocka_unit_test(a_part_of_a_window_has_its_number),
        cmocka_unit_test(what_is_no_window_is_refused),
        cmocka_unit_test(windows_end_where_dates_end),
        cmocka_unit_test(an_index_may_run_over_the_year),
        cmocka_unit_test(days_are_counted_within_the_window),
        cmocka_unit_test(every_kind_is_found_by_its_name),
    };
    return RUN_CASES(window_rows, lies_in) + RUN_CASES(calendar_rows, makes_a_calendar) +
           RUN_CASES(deadline_rows, month_ends) + cmocka_run_group_tests(tests, NULL, NULL);
}
