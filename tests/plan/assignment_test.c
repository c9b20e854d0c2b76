#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/assignment.h"
#include "plan/plan_scene.h"
#include "support/case.h"

#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

enum { JANUARY = 20454, FEBRUARY = 20485, MARCH = 20513, APRIL = 20544, NEW_YEAR = 20819 };

struct last_row {
    const char *label;
    struct assignment items[3];
    size_t count;
    int32_t from;
    int32_t until;
    int last; /* -1: none */
};

#define TO(plan_name, first, end)                                                                  \
    {                                                                                              \
        .plan = {plan_name, sizeof plan_name - 1}, .from = first, .has_until = end != 0,           \
        .until = end                                                                               \
    }

static const struct last_row last_rows[] = {
    {"the only one", {TO("p", JANUARY, 0)}, 1, JANUARY, APRIL, 0},
    {"another plan's does not count", {TO("q", JANUARY, 0)}, 1, JANUARY, APRIL, -1},
    {"the later of two", {TO("p", JANUARY, FEBRUARY), TO("p", FEBRUARY, 0)}, 2, JANUARY, APRIL, 1},
    {"whatever their order",
     {TO("p", FEBRUARY, 0), TO("p", JANUARY, FEBRUARY)},
     2,
     JANUARY,
     APRIL,
     0},
    {"of two that end alike, the one that begins later",
     {TO("p", FEBRUARY, 0), TO("p", JANUARY, 0)},
     2,
     JANUARY,
     APRIL,
     0},
    {"one that ended before", {TO("p", JANUARY, FEBRUARY)}, 1, FEBRUARY, APRIL, -1},
    {"one that ended a day into it", {TO("p", JANUARY, FEBRUARY + 1)}, 1, FEBRUARY, APRIL, 0},
    {"one that begins behind it", {TO("p", APRIL, 0)}, 1, JANUARY, APRIL, -1},
    {"one that begins on its last day", {TO("p", APRIL - 1, 0)}, 1, JANUARY, APRIL, 0},
    {"none at all", {{{0}}}, 0, JANUARY, APRIL, -1},
};

static void takes_the_last(void **state)
{
    const struct last_row *row = *state;
    struct assignment items[3];
    memcpy(items, row->items, sizeof items);
    struct list list = {items, row->count};
    const struct assignment *found = assignment_last(&list, SLICE("p"), row->from, row->until);
    if (row->last < 0)
        assert_null(found);
    else
        assert_ptr_equal(found, &items[row->last]);
}

static void covers_its_days_half_open(void **state)
{
    (void)state;
    struct assignment one = TO("p", FEBRUARY, MARCH);
    struct list list = {&one, 1};
    assert_false(assignment_covers(&list, SLICE("p"), FEBRUARY - 1));
    assert_true(assignment_covers(&list, SLICE("p"), FEBRUARY));
    assert_true(assignment_covers(&list, SLICE("p"), MARCH - 1));
    assert_false(assignment_covers(&list, SLICE("p"), MARCH));
}

struct figure_row {
    const char *label;
    const char *annual; /* NULL: not that form */
    const char *window;
    enum window_over over;
    int32_t from;
    int32_t until;
    const char *id;
    const char *num; /* expected; NULL: says nothing */
    int64_t den;
    int weights; /* how many of 10 %, 20 %, 30 %, 40 % the yearly figure has */
};

static const struct figure_row figures[] = {
    {"by weights, the first quarter", "1000", NULL, WINDOW_QUARTER, JANUARY, APRIL, "2026-Q1",
     "100", 1, 4},
    {"by weights, the second quarter", "1000", NULL, WINDOW_QUARTER, APRIL, 20635, "2026-Q2", "200",
     1, 4},
    {"by weights, a part of the second quarter", "1000", NULL, WINDOW_QUARTER, APRIL + 30, 20635,
     "2026-Q2.2", "200", 1, 4},
    {"weights of quarters for a month", "1000", NULL, WINDOW_MONTH, JANUARY, FEBRUARY, "2026-01",
     NULL, 1, 4},
    {"weights of quarters for a half", "1000", NULL, WINDOW_HALF, JANUARY, 20635, "2026-H1", NULL,
     1, 4},
    {"weights of halves for a half", "1000", NULL, WINDOW_HALF, JANUARY, 20635, "2026-H1", "100", 1,
     2},
    {"weights of quarters for a deal", "1000", NULL, WINDOW_DEAL, JANUARY, JANUARY + 1, "deal:D",
     NULL, 1, 4},
    {"a yearly goal in four quarters", "1000000", NULL, WINDOW_QUARTER, JANUARY, APRIL, "2026-Q1",
     "250000", 1, 0},
    {"in twelve months, exactly", "100", NULL, WINDOW_MONTH, JANUARY, FEBRUARY, "2026-01", "100",
     12, 0},
    {"in two halves", "100", NULL, WINDOW_HALF, JANUARY, 20635, "2026-H1", "50", 1, 0},
    {"in a year", "100", NULL, WINDOW_YEAR, JANUARY, NEW_YEAR, "2026", "100", 1, 0},
    {"for a plan of one year", "100", NULL, WINDOW_PLAN, JANUARY, NEW_YEAR, "plan", "100", 1, 0},
    {"for a plan of three years", "100", NULL, WINDOW_PLAN, JANUARY, 21550, "plan", "300", 1, 0},
    {"not for a plan of a year and a day", "100", NULL, WINDOW_PLAN, JANUARY, NEW_YEAR + 1, "plan",
     NULL, 1, 0},
    {"not for a deal", "100", NULL, WINDOW_DEAL, JANUARY, JANUARY + 1, "deal:D", NULL, 1, 0},
    {"a window's figure as it is", NULL, "7", WINDOW_MONTH, JANUARY, FEBRUARY, "2026-01", "7", 1,
     0},
    {"a window's figure for a deal", NULL, "7", WINDOW_DEAL, JANUARY, JANUARY + 1, "deal:D", "7", 1,
     0},
    {"by window", NULL, NULL, WINDOW_QUARTER, JANUARY, APRIL, "2026-Q1", "200000", 1, 0},
    {"a window that is not named", NULL, NULL, WINDOW_QUARTER, APRIL, 20635, "2026-Q2", NULL, 1, 0},
};

static void falls_on_the_window(void **state)
{
    const struct figure_row *row = *state;
    struct named_decimal named = {SLICE("2026-Q1"), decimal_of(200000)};
    struct slice weights[] = {SLICE("10%"), SLICE("20%"), SLICE("30%"), SLICE("40%")};
    struct figure figure = {.has_annual = row->annual != NULL, .has_window = row->window != NULL};
    if (row->annual)
        figure.annual = scene_decimal(row->annual);
    else if (row->window)
        figure.window = scene_decimal(row->window);
    else
        figure.by_window = (struct list){&named, 1};
    figure.weights = (struct list){row->weights > 0 ? weights : NULL, (size_t)row->weights};
    struct calendar calendar;
    assert_int_equal(calendar_make(SLICE(""), SLICE("01-01"), &calendar), STATUS_OK);
    struct window_span span = {.over = row->over, .from = row->from, .until = row->until};
    struct rational value;
    assert_int_equal(figure_value(&figure, &calendar, &span, slice_of(row->id), &value),
                     row->num != NULL);
    if (!row->num)
        return;
    struct rational expected = {scene_decimal(row->num).units / 1000000000, row->den};
    assert_int_equal(rational_compare(value, expected), 0);
}

static void a_component_s_own_figure_comes_before_the_general_one(void **state)
{
    (void)state;
    struct figure items[] = {{.component = SLICE("")}, {.component = SLICE("a")}};
    struct list both = {items, 2};
    struct list own = {&items[1], 1};
    assert_ptr_equal(figure_find(&both, SLICE("a")), &items[1]);
    assert_ptr_equal(figure_find(&both, SLICE("b")), &items[0]);
    assert_null(figure_find(&own, SLICE("b")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(covers_its_days_half_open),
        cmocka_unit_test(a_component_s_own_figure_comes_before_the_general_one),
    };
    return RUN_CASES(last_rows, takes_the_last) + RUN_CASES(figures, falls_on_the_window) +
           cmocka_run_group_tests_name("plan.assignment", tests, NULL, NULL);
}
