#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calendar/zone_rule.h"
#include "support/case.h"

struct rule_row {
    const char *label;
    const char *rule;
    int32_t year;
    const char *first; /* NULL: no summer time */
    int32_t first_min; /* offset from then on */
    const char *second;
    int32_t second_min;
};

static const struct rule_row rule_rows[] = {
    {"a zone without summer time", "IST-5:30", 2026, NULL, 330, NULL, 330},
    {"a zone with a quoted name", "<+0330>-3:30", 2026, NULL, 210, NULL, 210},
    {"New York", "EST5EDT,M3.2.0,M11.1.0", 2026, "2026-03-08T07:00:00Z", -240,
     "2026-11-01T06:00:00Z", -300},
    {"New York in a year whose March begins with a Sunday", "EST5EDT,M3.2.0,M11.1.0", 2037,
     "2037-03-08T07:00:00Z", -240, "2037-11-01T06:00:00Z", -300},
    {"Berlin: the last Sunday", "CET-1CEST,M3.5.0,M10.5.0/3", 2026, "2026-03-29T01:00:00Z", 120,
     "2026-10-25T01:00:00Z", 60},
    {"Berlin: the last Sunday is the fifth", "CET-1CEST,M3.5.0,M10.5.0/3", 2027,
     "2027-03-28T01:00:00Z", 120, "2027-10-31T01:00:00Z", 60},
    {"Lord Howe: half an hour, south of the equator", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2026,
     "2026-04-04T15:00:00Z", 630, "2026-10-03T15:30:00Z", 660},
    {"Nuuk: hours before midnight", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2026, "2026-03-29T01:00:00Z",
     -60, "2026-10-25T01:00:00Z", -120},
    {"Gaza: hours beyond a day", "EET-2EEST,M3.4.4/50,M10.4.4/50", 2026, "2026-03-28T00:00:00Z",
     180, "2026-10-23T23:00:00Z", 120},
    {"days of the year without the leap day", "AAA0BBB,J59/0,J60/0", 2028, "2028-02-28T00:00:00Z",
     60, "2028-02-29T23:00:00Z", 0},
    {"days of the year without the leap day, in another year", "AAA0BBB,J59/0,J60/0", 2026,
     "2026-02-28T00:00:00Z", 60, "2026-02-28T23:00:00Z", 0},
    {"days of the year with the leap day", "AAA0BBB,58/0,60/0", 2028, "2028-02-28T00:00:00Z", 60,
     "2028-02-29T23:00:00Z", 0},
    {"seconds", "AAA-0:00:30BBB-1:00:30,0/0:00:30,J365/1:00:30", 2026, "2026-01-01T00:00:00Z", 60,
     "2026-12-31T00:00:00Z", 0},
};

static void follows(void **state)
{
    const struct rule_row *row = *state;
    struct zone_rule rule;
    assert_int_equal(zone_rule_parse(slice_of(row->rule), &rule), STATUS_OK);
    assert_true(rule.has_summer == (row->first != NULL));
    if (!row->first) {
        assert_int_equal(rule.standard_s, row->first_min * 60);
        return;
    }
    struct zone_change changes[2];
    zone_rule_changes(&rule, row->year, changes);
    char text[INSTANT_TEXT_BYTES];
    instant_format(changes[0].at_ms, text);
    assert_string_equal(text, row->first);
    assert_int_equal(changes[0].offset_s / 60, row->first_min);
    instant_format(changes[1].at_ms, text);
    assert_string_equal(text, row->second);
    assert_int_equal(changes[1].offset_s / 60, row->second_min);
}

static void what_is_no_rule_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "EST",
        "ES5",
        "5",
        "<+1030-10:30",
        "EST25",
        "EST5:60",
        "EST5EDT",
        "EST5EDT,",
        "EST5EDT,M3.2.0",
        "EST5EDT,M3.2.0,",
        "EST5EDT,M3.2.0,M11.1.0,",
        "EST5EDT,M13.2.0,M11.1.0",
        "EST5EDT,M0.2.0,M11.1.0",
        "EST5EDT,M3.6.0,M11.1.0",
        "EST5EDT,M3.0.0,M11.1.0",
        "EST5EDT,M3.2.7,M11.1.0",
        "EST5EDT,J0,J60",
        "EST5EDT,J366,J60",
        "EST5EDT,366,60",
        "EST5EDT,M3.2.0/168,M11.1.0",
        "EST5EDT,M3.2.0/,M11.1.0",
        "EST5ED,M3.2.0,M11.1.0",
        "EST5 EDT,M3.2.0,M11.1.0",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct zone_rule rule = {.standard_s = 42};
        assert_int_equal(zone_rule_parse(slice_of(texts[i]), &rule), STATUS_INVALID);
        assert_int_equal(rule.standard_s, 42);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_rule_is_refused),
    };
    return RUN_CASES(rule_rows, follows) + cmocka_run_group_tests(tests, NULL, NULL);
}
