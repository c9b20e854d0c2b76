#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calendar/duration.h"
#include "support/case.h"

struct duration_row {
    const char *label;
    const char *text;
    enum status status;
    int32_t days;
    int32_t months;
};

static const struct duration_row rows[] = {
    {"reads days", "30 days", STATUS_OK, 30, 0},
    {"reads one day", "1 day", STATUS_OK, 1, 0},
    {"reads weeks", "4 weeks", STATUS_OK, 28, 0},
    {"reads months", "18 months", STATUS_OK, 0, 18},
    {"reads years", "2 years", STATUS_OK, 0, 24},
    {"reads nothing at all", "0 days", STATUS_OK, 0, 0},
    {"reads the longest", "100000 days", STATUS_OK, 100000, 0},
    {"refuses a longer one", "100001 days", STATUS_INVALID, 0, 0},
    {"refuses one that would overflow", "99999999999999999999 years", STATUS_INVALID, 0, 0},
    {"refuses a negative one", "-1 days", STATUS_INVALID, 0, 0},
    {"refuses a fraction", "1.5 days", STATUS_INVALID, 0, 0},
    {"refuses a number alone", "30", STATUS_INVALID, 0, 0},
    {"refuses a unit alone", "days", STATUS_INVALID, 0, 0},
    {"refuses a blank too many", "30  days", STATUS_INVALID, 0, 0},
    {"refuses no blank", "30days", STATUS_INVALID, 0, 0},
    {"refuses another unit", "3 hours", STATUS_INVALID, 0, 0},
    {"refuses two endings", "3 dayss", STATUS_INVALID, 0, 0},
    {"refuses a lone ending", "3 s", STATUS_INVALID, 0, 0},
    {"refuses nothing", "", STATUS_INVALID, 0, 0},
};

static void reads(void **state)
{
    const struct duration_row *row = *state;
    struct duration duration = {42, 42};
    assert_int_equal(duration_parse(slice_of(row->text), &duration), row->status);
    assert_int_equal(duration.days, row->status ? 42 : row->days);
    assert_int_equal(duration.months, row->status ? 42 : row->months);
}

struct add_row {
    const char *label;
    const char *from;
    const char *duration;
    const char *until; /* NULL: out of range */
};

static const struct add_row add_rows[] = {
    {"thirty days are thirty days", "2026-01-31", "30 days", "2026-03-02"},
    {"a month ends on its last day", "2026-01-31", "1 month", "2026-02-28"},
    {"twelve months are a year", "2027-02-28", "12 months", "2028-02-28"},
    {"a year after a leap day", "2028-02-29", "1 year", "2029-02-28"},
    {"up to the last date", "2200-12-30", "1 day", "2200-12-31"},
    {"past the last date", "2200-12-30", "2 days", NULL},
    {"far past the last date", "2026-01-01", "100000 years", NULL},
};

static void adds(void **state)
{
    const struct add_row *row = *state;
    int32_t from;
    int32_t expected = 42;
    struct duration duration;
    assert_int_equal(date_parse(slice_of(row->from), &from), STATUS_OK);
    assert_int_equal(duration_parse(slice_of(row->duration), &duration), STATUS_OK);
    if (row->until)
        assert_int_equal(date_parse(slice_of(row->until), &expected), STATUS_OK);
    int32_t until = 42;
    assert_int_equal(duration_add(from, duration, &until),
                     row->until ? STATUS_OK : STATUS_OUT_OF_RANGE);
    assert_int_equal(until, expected);
}

int main(void)
{
    return RUN_CASES(rows, reads) + RUN_CASES(add_rows, adds);
}
