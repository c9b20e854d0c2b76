/* What one mechanic pays, as rows: a measure in, money out, exactly. Include after cmocka.h. */
#ifndef MILEPOST_TESTS_MECHANIC_ROWS_H
#define MILEPOST_TESTS_MECHANIC_ROWS_H

#include "plan/attainment.h"
#include "plan/plan_scene.h"
#include "support/case.h"

/* A row says what it needs; the rest is zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

struct mechanic_row {
    const char *label;
    const char *pays; /* lines of the component from `pays:` on, 4 blanks in front */
    const char *measure;
    const char *expected;  /* exact money: `33.33` or a fraction `100/3` */
    const char *step;      /* name of the step reached; NULL: not looked at */
    const char *sum;       /* of the measure; NULL: sum: amount */
    const char *goal;      /* NULL: 100 where attainment is needed */
    const char *target;    /* NULL: 10000 */
    const char *units;     /* NULL: 0 */
    const char *attribute; /* NULL: the line has none */
    const char *over;      /* NULL: quarter */
    const char *goal_line; /* NULL: from the roster, exact */
};

static inline struct rational row_fraction(const char *text)
{
    const char *bar = strchr(text, '/');
    struct rational out;
    if (!bar) {
        assert_int_equal(rational_parse(slice_of(text), &out), STATUS_OK);
        return out;
    }
    char num[64];
    snprintf(num, sizeof num, "%.*s", (int)(bar - text), text);
    assert_int_equal(rational_divide(scene_rational(num), scene_rational(bar + 1), &out),
                     STATUS_OK);
    return out;
}

static inline struct pay_input row_input(const struct mechanic_row *row,
                                         const struct plan_component *component)
{
    struct pay_input input = {
        .measure = scene_decimal(row->measure).units * 1000000000,
        .units = scene_decimal(row->units ? row->units : "0").units * 1000000000,
        .attainment = RATIONAL_ZERO,
        .goal = row_fraction(row->goal ? row->goal : "100"),
        .target = row_fraction(row->target ? row->target : "10000"),
        .attribute = scene_rational(row->attribute ? row->attribute : "0"),
        .has_attribute = row->attribute != NULL,
    };
    if (component->needs & NEEDS_ATTAINMENT)
        assert_int_equal(attainment_of(&component->goal, rational_of_measure(input.measure),
                                       input.goal, &input.attainment),
                         STATUS_OK);
    return input;
}

static inline void mechanic_pays(void **state)
{
    const struct mechanic_row *row = *state;
    struct scene scene;
    struct buffer lines = {0};
    scene_init(&scene);
    buffer_printf(&lines, "%s%s\n", row->goal_line ? row->goal_line : SCENE_GOAL, row->pays);
    buffer_append_byte(&lines, '\0');
    const struct plan *plan = scene_plan(&scene, row->sum ? row->sum : "sum: amount",
                                         row->over ? row->over : "quarter", lines.bytes);
    const struct plan_component *component = &plan->components[0];
    struct pay_input input = row_input(row, component);
    struct pay_result result;
    assert_int_equal(component->mechanic->pay(component->terms, &input, &result), STATUS_OK);
    if (rational_compare(result.pay, row_fraction(row->expected)) != 0) {
        char paid[RATIONAL_TEXT_BYTES];
        rational_format(result.pay, 12, paid);
        fail_msg("expected %s, got %s", row->expected, paid);
    }
    if (row->step && !slice_equal(result.name, slice_of(row->step)))
        fail_msg("expected step %s, got %.*s", row->step, SLICE_ARGS(result.name));
    buffer_deinit(&lines);
    scene_deinit(&scene);
}

#endif
