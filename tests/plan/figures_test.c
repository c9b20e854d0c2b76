/* What the roster says of a window: weights, ramp, several assignments, days not assigned. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/figures.h"
#include "plan/plan_scene.h"
#include "support/case.h"

#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* Days of 2026. */
enum {
    JANUARY = 20454,
    FEBRUARY = 20485,
    MARCH = 20513,
    APRIL = 20544,
    MAY = 20574,
    JUNE = 20605,
    JULY = 20635,
    NEW_YEAR = 20819,
};

struct one {
    int32_t from;
    int32_t until; /* 0: none */
    int64_t goal;  /* of a year; 0: none */
    int64_t target;
};

struct figures_row {
    const char *label;
    const char *goal; /* what stands under goal: beside `from: roster` */
    const char *mid_window;
    struct one assignments[3]; /* up to the first without a from */
    enum window_over over;
    int32_t from;
    int32_t until;
    const char *id;
    int64_t num; /* expected goal; den 0: none */
    int64_t den;
    int64_t target_num; /* expected target; den 0: none */
    int64_t target_den;
};

#define NONE  "prorate: none"
#define Q1    WINDOW_QUARTER, JANUARY, APRIL, "2026-Q1"
#define Q2    WINDOW_QUARTER, APRIL, JULY, "2026-Q2"
#define MONTH WINDOW_MONTH
#define RAMP  "ramp: [0%, 25%, 50%], " NONE

static const struct figures_row rows[] = {
    {"equal parts without weights", NONE, "last", {{JANUARY, 0, 1200, 400}}, Q1, 300, 1, 100, 1},
    {"by weight, and the target in equal parts",
     "weights: [10%, 20%, 30%, 40%], " NONE,
     "last",
     {{JANUARY, 0, 1200, 400}},
     Q2,
     240,
     1,
     100,
     1},
    {"a ramp's first window is the one in which the assignment began",
     RAMP,
     "last",
     {{JANUARY + 30, 0, 1200, 1200}},
     MONTH,
     JANUARY,
     FEBRUARY,
     "2026-01",
     0,
     1,
     100,
     1},
    {"the second",
     RAMP,
     "last",
     {{JANUARY + 30, 0, 1200, 0}},
     MONTH,
     FEBRUARY,
     MARCH,
     "2026-02",
     25,
     1},
    {"its last", RAMP, "last", {{JANUARY + 30, 0, 1200, 0}}, MONTH, MARCH, APRIL, "2026-03", 50, 1},
    {"past it, all of the goal",
     RAMP,
     "last",
     {{JANUARY + 30, 0, 1200, 0}},
     MONTH,
     APRIL,
     MAY,
     "2026-04",
     100,
     1},
    {"from the next window, a partial first one has the first share",
     "ramp: [20%, 50%], ramp-from: next-window, " NONE,
     "last",
     {{JANUARY + 1, 0, 1200, 0}},
     MONTH,
     JANUARY,
     FEBRUARY,
     "2026-01",
     20,
     1},
    {"and the next is number 1",
     "ramp: [20%, 50%], ramp-from: next-window, " NONE,
     "last",
     {{JANUARY + 1, 0, 1200, 0}},
     MONTH,
     FEBRUARY,
     MARCH,
     "2026-02",
     20,
     1},
    {"unless the assignment fills the first",
     "ramp: [20%, 50%], ramp-from: next-window, " NONE,
     "last",
     {{JANUARY, 0, 1200, 0}},
     MONTH,
     FEBRUARY,
     MARCH,
     "2026-02",
     50,
     1},
    {"a ramp counts windows across years",
     "ramp: [10%, 20%, 30%], " NONE,
     "last",
     {{JANUARY - 31, 0, 1200, 0}},
     MONTH,
     FEBRUARY,
     MARCH,
     "2026-02",
     30,
     1},
    {"days not assigned leave days assigned of the goal and of the target",
     "prorate: days",
     "last",
     {{MARCH, 0, 3600, 360}},
     Q1,
     310,
     1,
     31,
     1},
    {"no day is missing", "prorate: days", "last", {{JANUARY, 0, 3600, 0}}, Q1, 900, 1},
    {"one day is missing", "prorate: days", "last", {{JANUARY + 1, 0, 3600, 0}}, Q1, 890, 1},
    {"a gap is missing, an overlap counts once",
     "prorate: days",
     "last",
     {{JANUARY, FEBRUARY, 3600, 0}, {JANUARY + 20, FEBRUARY, 3600, 0}, {MARCH, 0, 3600, 0}},
     Q1,
     620,
     1},
    {"rounded half-even to its decimals",
     "prorate: days, decimals: 4",
     "last",
     {{JANUARY + 14, 0, 120000, 12000}},
     MONTH,
     JANUARY,
     FEBRUARY,
     "2026-01",
     5484,
     1,
     54840,
     100},
    {"by months, of which a partial one counts",
     "prorate: months",
     "last",
     {{FEBRUARY - 1, MARCH + 1, 3600, 0}},
     Q1,
     900,
     1},
    {"a month without an assigned day does not",
     "prorate: months",
     "last",
     {{FEBRUARY, MARCH, 3600, 0}},
     Q1,
     300,
     1},
    {"the last assignment's figures hold for all of the window",
     NONE,
     "last",
     {{JANUARY, FEBRUARY, 1200, 400}, {FEBRUARY, 0, 2400, 800}},
     Q1,
     600,
     1,
     200,
     1},
    {"blended by days among the days assigned",
     NONE,
     "blend",
     {{FEBRUARY, MARCH, 1180, 0}, {MARCH, 0, 2360, 0}},
     Q1,
     /* (295 × 28 + 590 × 31) / 59 */
     450,
     1},
    {"and then prorated for days not assigned",
     "prorate: days",
     "blend",
     {{FEBRUARY, MARCH, 1180, 0}, {MARCH, 0, 2360, 0}},
     Q1,
     /* × 59 / 90 */
     295,
     1},
    {"no blend where one of them has no goal",
     NONE,
     "blend",
     {{FEBRUARY, MARCH, 0, 100}, {MARCH, 0, 2360, 100}},
     Q1,
     0,
     0,
     25,
     1},
    {"an assignment outside the window does not count",
     NONE,
     "blend",
     {{JANUARY, APRIL, 1200, 0}, {APRIL, 0, 2400, 0}},
     Q1,
     300,
     1},
};

static const struct plan *plan_of(struct scene *scene, const struct figures_row *row)
{
    char text[2048];
    const struct plan *plan = NULL;
    (void)snprintf(text, sizeof text,
                   "milepost: 1\nplan: p\nversion: 1\ncurrency: USD\ntimezone: UTC\n"
                   "calendar: {year-starts: 01-01}\n"
                   "effective: {from: 2026-01-01, until: 2027-01-01}\n"
                   "rounding: {to: 0.01, mode: half-even}\nmid-window: %s\n"
                   "components:\n  main:\n    measure: {of: deals, sum: amount}\n"
                   "    cancelled: {effect: recompute}\n    over: %s\n"
                   "    goal: {from: roster, attainment: exact, zero: nothing, %s}\n"
                   "    pays: {rate: 1%%}\n",
                   row->mid_window, window_over_name(row->over), row->goal);
    struct slice whole = arena_copy(&scene->arena, slice_of(text));
    assert_int_equal(scene_read(scene, whole, &plan), STATUS_OK);
    return plan;
}

static struct list figure_list(struct figure *figure, int64_t annual)
{
    *figure = (struct figure){.has_annual = true, .annual = decimal_of(annual)};
    return annual ? (struct list){figure, 1} : (struct list){0};
}

static void assert_figure(bool has, struct rational value, int64_t num, int64_t den)
{
    assert_int_equal(has, den != 0);
    if (den)
        assert_int_equal(rational_compare(value, (struct rational){num, den}), 0);
}

static void the_roster_says(void **state)
{
    const struct figures_row *row = *state;
    struct scene scene;
    struct figure goals[3];
    struct figure targets[3];
    struct assignment assignments[4] = {{.plan = SLICE("another"), .from = JANUARY}};
    size_t count = 1;
    for (size_t i = 0; i < 3 && row->assignments[i].from; i++, count++) {
        const struct one *one = &row->assignments[i];
        assignments[count] = (struct assignment){.plan = SLICE("p"),
                                                 .from = one->from,
                                                 .has_until = one->until != 0,
                                                 .until = one->until,
                                                 .goals = figure_list(&goals[i], one->goal),
                                                 .targets = figure_list(&targets[i], one->target)};
        goals[i].component = SLICE("main");
    }
    struct list list = {assignments, count};
    struct window_span span = {.over = row->over, .from = row->from, .until = row->until};
    struct goal_figures found;
    scene_init(&scene);
    const struct plan *plan = plan_of(&scene, row);
    assert_int_equal(goal_figures(&list, plan, plan->components, &span, slice_of(row->id),
                                  row->target_den != 0, &found),
                     STATUS_OK);
    assert_figure(found.has_goal, found.goal, row->num, row->den);
    assert_figure(found.has_target, found.target, row->target_num, row->target_den);
    scene_deinit(&scene);
}

int main(void)
{
    return RUN_CASES(rows, the_roster_says);
}
