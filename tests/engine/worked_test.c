/* A component tried out: which places a table shows, and what they pay. Values are worked out by
 * hand from the plan's lines; tests/services/explain_test.py holds whole tables against simulate.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/worked.h"
#include "plan/plan_scene.h"
#include "support/case.h"

#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

struct table_row {
    const char *label;
    const char *lines; /* of the component, from `goal` on */
    /* A line for each row: the place, then the pay of each column, before rounding. */
    const char *table;
    enum worked_goal goal;
    enum worked_target target;
    const char *sum; /* NULL: sum: amount */
};

static void append_rows(const struct worked *worked, struct buffer *out)
{
    char text[RATIONAL_TEXT_BYTES];
    for (size_t i = 0; i < worked->row_count; i++) {
        const struct worked_row *row = &worked->rows[i];
        buffer_append(out, text, rational_format(row->at, 6, text));
        for (size_t c = 0; c < worked->column_count; c++) {
            assert_true(row->is_valued[c]);
            buffer_printf(out, " ");
            buffer_append(out, text, rational_format(row->worth[c].pay, 6, text));
        }
        buffer_printf(out, "\n");
    }
}

static void test_tabulates(void **state)
{
    const struct table_row *row = *state;
    struct scene scene;
    struct worked worked;
    struct window_span span;
    struct buffer table = {0};
    scene_init(&scene);
    const struct plan *plan =
        scene_plan(&scene, row->sum ? row->sum : "sum: amount", "quarter", row->lines);
    assert_int_equal(window_containing(&plan->calendar, WINDOW_QUARTER, plan->from, &span),
                     STATUS_OK);
    assert_int_equal(worked_make(plan, &plan->components[0], NULL, &span, SLICE("2026-Q1"),
                                 &scene.arena, &worked),
                     STATUS_OK);
    assert_int_equal(worked_table(&worked), STATUS_OK);
    assert_int_equal(worked.goal, row->goal);
    assert_int_equal(worked.target, row->target);
    append_rows(&worked, &table);
    buffer_append_byte(&table, '\0');
    assert_string_equal(table.bytes, row->table);
    buffer_deinit(&table);
    scene_deinit(&scene);
}

#define CURVE                                                                                      \
    "    pays: {curve: {on: attainment, gives: percent-of-target, points: [[50%, 0%], [100%, "     \
    "100%]], below: nothing, above: {slope: 1}}}\n"
#define JUMP(boundary)                                                                             \
    "    pays: {curve: {on: attainment, gives: percent-of-target, points: [[80%, 0%], [80%, "      \
    "50%], [100%, 100%]], boundary: " boundary ", below: nothing, above: flat}}\n"
#define WHOLE(boundary)                                                                            \
    "    pays:\n      tiers: {on: amount, method: whole, boundary: " boundary                      \
    ", gives: amount, negative: nothing, table: [{from: 0, give: 0}, {from: 1000, give: 500}]}\n"

static const struct table_row tables[] = {
    {"edges, what lies between them, and as far again past the last", SCENE_GOAL CURVE,
     "0.25 0\n0.5 0\n0.75 0.5\n1 1\n1.5 1.5\n", WORKED_GOAL_SHARE, WORKED_TARGET_SHARE},
    {"a jump has what is just below it", SCENE_GOAL JUMP("higher"),
     "0.4 0\n0.7999 0\n0.8 0.5\n0.9 0.75\n1 1\n1.2 1\n", WORKED_GOAL_SHARE, WORKED_TARGET_SHARE},
    {"and what is just above it where the edge pays as what is below", SCENE_GOAL JUMP("lower"),
     "0.4 0\n0.7999 0\n0.8 0\n0.8001 0.50025\n0.9 0.75\n1 1\n1.2 1\n", WORKED_GOAL_SHARE,
     WORKED_TARGET_SHARE},
    {"an edge of the higher tier", WHOLE("higher"), "0 0\n500 0\n999.99 0\n1000 500\n2000 500\n",
     WORKED_GOAL_NONE, WORKED_TARGET_NONE},
    {"an edge of the lower tier", WHOLE("lower"),
     "0 0\n500 0\n999.99 0\n1000 0\n1000.01 500\n2000 500\n", WORKED_GOAL_NONE, WORKED_TARGET_NONE},
    {"units are whole", WHOLE("higher"), "0 0\n500 0\n999 0\n1000 500\n2000 500\n",
     WORKED_GOAL_NONE, WORKED_TARGET_NONE, "sum: quantity"},
    /* 10 % of 25,000 is 2,500, and of 2,000 it is 200. */
    {"where a cap begins to hold and a floor ceases to",
     "    pays: {rate: 10%}\n"
     "    adjust: [{cap: {at: 2500, per: window}}, {floor: {at: 200, per: window}}]\n",
     "0 200\n1000 200\n2000 200\n10000 1000\n25000 2500\n100000 2500\n", WORKED_GOAL_NONE,
     WORKED_TARGET_NONE},
    {"where a cap far out begins to hold",
     "    goal: {fixed: 1000}\n    pays: {rate: 10%}\n"
     "    adjust: [{cap: {at: 1000, per: window}}]\n",
     "0 0\n500 50\n1000 100\n2000 200\n10000 1000\n16000 1000\n", WORKED_GOAL_FIXED,
     WORKED_TARGET_NONE},
    {"a cap in money makes a share of target an example",
     SCENE_GOAL CURVE "    adjust: [{cap: {at: 12000, per: window}}]\n",
     "0.25 0\n0.5 0\n0.75 5000\n1 10000\n1.2 12000\n1.5 12000\n", WORKED_GOAL_SHARE,
     WORKED_TARGET_EXAMPLE},
    {"a cap of a share of target leaves it one",
     SCENE_GOAL CURVE "    adjust: [{cap: {at: 120% of target, per: window}}]\n",
     "0.25 0\n0.5 0\n0.75 0.5\n1 1\n1.2 1.2\n1.5 1.2\n", WORKED_GOAL_SHARE, WORKED_TARGET_SHARE},
    {"a rate on attainment needs a goal of some size",
     SCENE_GOAL "    pays:\n      tiers: {on: attainment, method: marginal, boundary: higher, "
                "gives: rate, negative: nothing, table: [{from: 0%, give: 4%}, {from: 100%, give: "
                "6%}]}\n",
     "0 0\n50000 2000\n100000 4000\n200000 10000\n", WORKED_GOAL_EXAMPLE, WORKED_TARGET_NONE},
    {"a condition on the own attainment is an edge",
     "    goal: {fixed: 1000}\n    pays: {rate: 10%}\n"
     "    adjust: [{gate: {when: {component: main, attainment: \"< 80%\"}, then: nothing}}]\n",
     "0 0\n400 0\n799.99 0\n800 80\n900 90\n1000 100\n1200 120\n", WORKED_GOAL_FIXED,
     WORKED_TARGET_NONE},
    {"a condition on something else is a column",
     "    pays: {unit: 2}\n"
     "    adjust: [{gate: {when: {result: csat, value: \"< 90\"}, then: {keep: 50%}}}]\n",
     "0 0 0\n1 2 1\n10 20 10\n100 200 100\n", WORKED_GOAL_NONE, WORKED_TARGET_NONE,
     "sum: quantity"},
    {"rows that are paid by themselves, to one more than the limit",
     "    pays: {bonus: {each: 250, limit: 3}}\n", "1 250\n2 500\n3 750\n4 750\n", WORKED_GOAL_NONE,
     WORKED_TARGET_NONE, "sum: count, count: credited"},
    {"a deadline is a column, and so is what comes later",
     "    pays: {milestones: {award: each, boundary: reached, late: 50%, table: [{reach: 1000, by: "
     "end of month 1, give: 100}, {reach: 2000, by: end of month 2, give: 10%}]}}\n",
     "500 0 0 0\n999.99 0 0 0\n1000 100 50 50\n1500 100 50 50\n1999.99 100 50 50\n"
     "2000 300 250 150\n3000 400 350 200\n",
     WORKED_GOAL_NONE, WORKED_TARGET_NONE},
    {"less is better: the measure falls as attainment rises",
     "    goal: {fixed: 1000, direction: lower}\n"
     "    pays: {curve: {on: attainment, gives: amount, points: [[50%, 100], [100%, 300]], below: "
     "nothing, above: flat}}\n    adjust: [{cap: {at: 300, per: window}}]\n",
     "3000 0\n2000.01 0\n2000 100\n1500 166.666667\n1000 300\n500 300\n", WORKED_GOAL_FIXED,
     WORKED_TARGET_NONE},
    {"80 % in whole percents to the nearest begin at 79.5 %",
     "    goal: {fixed: 1000, attainment: whole-percent-nearest}\n"
     "    pays:\n      tiers: {on: attainment, method: whole, boundary: higher, gives: amount, "
     "negative: nothing, table: [{from: 80%, give: 10}]}\n",
     "397.5 0\n794.99 0\n795 10\n895 10\n995 10\n1195 10\n", WORKED_GOAL_FIXED, WORKED_TARGET_NONE},
};

int main(void)
{
    return RUN_CASES(tables, test_tabulates);
}
