#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/plan_scene.h"

static void shows_place_line_caret_and_fix(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    reports_read(&scene.reports, SLICE("plan.yaml"), SLICE("a: 1\n\u00e4: {b: c}\n"), 1);
    report_error(&scene.reports, (struct place){2, 5}, "unknown-key", "one\ntwo", "no %s", "b");
    report_warning(&scene.reports, (struct place){0, 0}, "odd", NULL, "as a whole");
    reports_append(&scene.reports, false, &scene.text);
    buffer_append_byte(&scene.text, '\0');
    assert_string_equal(scene.text.bytes, "plan.yaml:2:5: error: no b [unknown-key]\n"
                                          "     2 | \u00e4: {b: c}\n"
                                          "       |     ^\n"
                                          "   fix: one\n"
                                          "        two\n"
                                          "plan.yaml: warning: as a whole [odd]\n");
    scene_deinit(&scene);
}

static void writes_json(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    reports_read(&scene.reports, SLICE("e.jsonl"), SLICE("{\"x\"}"), 7);
    report_error(&scene.reports, (struct place){7, 2}, "bad", "say \"y\"", "a\tb");
    report_append_json(scene.reports.first, &scene.text);
    buffer_append_byte(&scene.text, '\0');
    assert_string_equal(scene.text.bytes,
                        "{\"severity\":\"error\",\"code\":\"bad\",\"file\":\"e.jsonl\",\"line\":7,"
                        "\"column\":2,\"sentence\":\"a\\u0009b\",\"fix\":\"say \\\"y\\\"\","
                        "\"snippet\":\"{\\\"x\\\"}\"}");
    scene_deinit(&scene);
}

static void stays_json_where_the_file_is_no_text(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    reports_read(&scene.reports, SLICE("f"), SLICE("a\xff"), 1);
    report_error(&scene.reports, (struct place){1, 2}, "bad-text", NULL, "no");
    report_append_json(scene.reports.first, &scene.text);
    buffer_append_byte(&scene.text, '\0');
    assert_non_null(strstr(scene.text.bytes, "\"snippet\":\"a\xef\xbf\xbd\"}"));
    scene_deinit(&scene);
}

static void keeps_a_hundred_and_counts_the_others(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    for (int i = 0; i < REPORTS_MAX + 3; i++)
        report_error(&scene.reports, (struct place){1, 1}, "x", NULL, "y");
    reports_append(&scene.reports, true, &scene.text);
    assert_int_equal(scene.reports.count, REPORTS_MAX);
    assert_int_equal(scene.reports.error_count, REPORTS_MAX + 3);
    buffer_append_byte(&scene.text, '\0');
    assert_non_null(strstr(scene.text.bytes, "and 3 more\n"));
    scene_deinit(&scene);
}

static void finds_the_word_that_was_meant(void **state)
{
    (void)state;
    static const char *const words[] = {"measure", "cancelled", "over", "pays", NULL};
    assert_string_equal(report_nearest(SLICE("mesure"), words), "measure");
    assert_string_equal(report_nearest(SLICE("canceled"), words), "cancelled");
    assert_string_equal(report_nearest(SLICE("pay"), words), "pays");
    assert_null(report_nearest(SLICE("zebra"), words));
    assert_null(report_nearest(SLICE(""), words));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_place_line_caret_and_fix),
        cmocka_unit_test(writes_json),
        cmocka_unit_test(stays_json_where_the_file_is_no_text),
        cmocka_unit_test(keeps_a_hundred_and_counts_the_others),
        cmocka_unit_test(finds_the_word_that_was_meant),
    };
    return cmocka_run_group_tests_name("plan.report", tests, NULL, NULL);
}
