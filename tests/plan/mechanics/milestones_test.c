/* milestones: what each position of award, boundary, deadline and late pays, to the boundary. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/plan_scene.h"
#include "support/case.h"

/* Days of 2026. */
enum { JANUARY = 20454, FEBRUARY = 20485, MARCH = 20513, APRIL = 20544 };

enum { ROWS = 4 };

struct dated {
    int32_t date;
    int64_t part;
};

struct pays_row {
    const char *label;
    const char *terms; /* of milestones */
    struct dated rows[ROWS];
    const char *pay;
    const char *step; /* NULL: none */
};

#define TWO                                                                                        \
    "table: [{name: first, reach: 100, by: end of month 1, give: 1000}, "                          \
    "{name: second, reach: 300, by: end of window, give: 2%}]"
#define EACH    "award: each, boundary: reached, " TWO
#define HIGHEST "award: highest, boundary: reached, " TWO

static const struct pays_row rows[] = {
    {"nothing reached pays nothing", EACH, {{JANUARY, 99}}, "0", NULL},
    {"exactly the threshold is reached", EACH, {{JANUARY, 100}}, "1000", "first"},
    {"and not passed", "award: each, boundary: passed, " TWO, {{JANUARY, 100}}, "0", NULL},
    {"a unit more is passed",
     "award: each, boundary: passed, " TWO,
     {{JANUARY, 101}},
     "1000",
     "first"},
    {"the deadline's last day is in time", EACH, {{FEBRUARY - 1, 100}}, "1000", "first"},
    {"the day after is late, which pays nothing", EACH, {{FEBRUARY, 100}}, "0", NULL},
    {"or a share of the award",
     "award: each, boundary: reached, late: 50%, " TWO,
     {{FEBRUARY, 100}},
     "500",
     "first"},
    {"a share is of the total at the instant of reaching",
     EACH,
     {{JANUARY, 100}, {MARCH, 250}, {MARCH + 1, 1000}},
     "1007",
     "second"},
    {"one row may reach several", EACH, {{JANUARY, 300}}, "1006", "second"},
    {"highest pays the highest alone", HIGHEST, {{JANUARY, 300}}, "6", "second"},
    {"highest of those that pay", HIGHEST, {{JANUARY, 299}}, "1000", "first"},
    {"a late one is not among those that pay", HIGHEST, {{FEBRUARY, 299}}, "0", NULL},
    {"reached stays reached when a later row is negative",
     EACH,
     {{JANUARY, 100}, {MARCH, -100}},
     "1000",
     "first"},
    {"it counts when it was reached first",
     EACH,
     {{JANUARY, 100}, {FEBRUARY, -50}, {MARCH, 60}},
     "1000",
     "first"},
    {"a date's own day is in time",
     "award: each, boundary: reached, table: [{reach: 100, by: 2026-02-10, give: 7}]",
     {{FEBRUARY + 9, 100}},
     "7",
     "100"},
    {"the day after it is not",
     "award: each, boundary: reached, table: [{reach: 100, by: 2026-02-10, give: 7}]",
     {{FEBRUARY + 10, 100}},
     "0",
     NULL},
    {"without a deadline any day is in time",
     "award: each, boundary: reached, table: [{reach: 100, give: 7}]",
     {{APRIL - 1, 100}},
     "7",
     "100"},
    {"highest goes by `reach`, not by the order written",
     "award: highest, boundary: reached, table: [{reach: 200, give: 5}, {reach: 100, give: 7}]",
     {{JANUARY, 200}},
     "5",
     "200"},
};

/* The obvious running total. */
static enum status first(const void *self, int128 least, bool is_passed, bool *found,
                         struct pay_reached *out)
{
    const struct pays_row *row = self;
    int128 total = 0;
    *found = false;
    for (size_t i = 0; i < ROWS && row->rows[i].date && !*found; i++) {
        total += row->rows[i].part * MEASURE_ONE;
        if (is_passed ? total <= least : total < least)
            continue;
        *found = true;
        out->date = row->rows[i].date;
        out->total = rational_of_measure(total);
    }
    return STATUS_OK;
}

static void pays(void **state)
{
    const struct pays_row *row = *state;
    char lines[1024];
    struct scene scene;
    struct pay_result result;
    scene_init(&scene);
    (void)snprintf(lines, sizeof lines, "    pays:\n      milestones: {%s}\n", row->terms);
    const struct plan *plan = scene_plan(&scene, "sum: amount", "quarter", lines);
    const struct plan_component *component = plan->components;
    struct pay_rows asked = {
        .self = row,
        .first = first,
        .calendar = &plan->calendar,
        .window = {.over = WINDOW_QUARTER, .from = JANUARY, .until = APRIL},
    };
    struct pay_input input = {.rows = &asked};
    assert_int_equal(component->needs & NEEDS_ROWS, NEEDS_ROWS);
    assert_int_equal(component->mechanic->pay(component->terms, &input, &result), STATUS_OK);
    assert_int_equal(rational_compare(result.pay, scene_rational(row->pay)), 0);
    assert_int_equal(result.step >= 0, row->step != NULL);
    if (row->step)
        assert_true(slice_equal(result.name, slice_of(row->step)));
    scene_deinit(&scene);
}

int main(void)
{
    return RUN_CASES(rows, pays);
}
