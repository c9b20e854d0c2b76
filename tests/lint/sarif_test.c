/* Findings as SARIF: what must be escaped, and the rules that results point at. Whole logs are held
 * against the standard by tests/plan/lint_test.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lint/lint_code.h"
#include "lint/sarif.h"

static struct buffer log_of(const struct reports *first, const struct reports *second)
{
    const struct reports *lists[] = {first, second};
    struct buffer out = {0};
    sarif_append(lists, second ? 2 : 1, &out);
    buffer_append_byte(&out, '\0');
    return out;
}

static void has(const struct buffer *log, const char *part)
{
    if (!strstr((const char *)log->bytes, part))
        fail_msg("%s\nlacks %s", (const char *)log->bytes, part);
}

static void names_and_texts_are_escaped(void **state)
{
    (void)state;
    struct arena arena;
    struct reports reports;
    arena_init_growing(&arena, 1 << 20);
    reports_init(&reports, &arena);
    reports_read(&reports, SLICE("my plans/a\"\u00e4.yaml"), SLICE("title: \"x\\y\"\t\n"), 1);
    report_error(&reports, (struct place){1, 8}, "bad-text", "a \"fix\"", "a \\ and a \"%c\"", 1);
    struct buffer log = log_of(&reports, NULL);
    has(&log, "\"uri\":\"my%20plans/a%22%C3%A4.yaml\"");
    has(&log, "a \\\\ and a \\\"\\u0001\\\"\\u000afix: a \\\"fix\\\"");
    has(&log, "\"snippet\":{\"text\":\"title: \\\"x\\\\y\\\"\\u0009\"}");
    buffer_deinit(&log);
    arena_deinit(&arena);
}

static void the_log_stays_json_where_the_file_is_no_text(void **state)
{
    (void)state;
    struct arena arena;
    struct reports reports;
    arena_init_growing(&arena, 1 << 20);
    reports_init(&reports, &arena);
    reports_read(&reports, SLICE("f"), SLICE("a\xff"), 1);
    report_error(&reports, (struct place){1, 2}, "bad-text", NULL, "no");
    struct buffer log = log_of(&reports, NULL);
    has(&log, "\"snippet\":{\"text\":\"a\xef\xbf\xbd\"}");
    buffer_deinit(&log);
    arena_deinit(&arena);
}

static void each_code_is_one_rule_that_results_point_at(void **state)
{
    (void)state;
    struct arena arena;
    struct reports one;
    struct reports other;
    arena_init_growing(&arena, 1 << 20);
    reports_init(&one, &arena);
    reports_init(&other, &arena);
    reports_read(&one, SLICE("one"), SLICE(""), 1);
    reports_read(&other, SLICE("other"), SLICE(""), 1);
    report_error(&one, (struct place){1, 1}, "must-say", NULL, "first");
    report_finding(&one, REPORT_NOTE, (struct place){2, 1}, "cliff", NULL, "second");
    report_error(&other, (struct place){3, 1}, "must-say", NULL, "third");
    struct buffer log = log_of(&one, &other);
    has(&log, "\"rules\":[\n{\"id\":\"must-say\"");
    has(&log, lint_code_summary(LINT_CLIFF));
    has(&log, "{\"ruleId\":\"must-say\",\"ruleIndex\":0,\"level\":\"error\"");
    has(&log, "{\"ruleId\":\"cliff\",\"ruleIndex\":1,\"level\":\"note\"");
    has(&log, "\"text\":\"third\"");
    buffer_deinit(&log);
    arena_deinit(&arena);
}

static void a_file_as_a_whole_has_no_region(void **state)
{
    (void)state;
    struct arena arena;
    struct reports reports;
    arena_init_growing(&arena, 1 << 20);
    reports_init(&reports, &arena);
    reports_read(&reports, SLICE("f"), SLICE(""), 1);
    report_error(&reports, (struct place){0, 0}, "too-large", NULL, "too large");
    struct buffer log = log_of(&reports, NULL);
    has(&log, "{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"f\"}}}");
    buffer_deinit(&log);
    arena_deinit(&arena);
}

static void codes_are_found_by_their_names(void **state)
{
    (void)state;
    for (int code = 0; code < LINT_CODE_COUNT; code++)
        assert_int_equal(lint_code_find(slice_of(lint_code_name((enum lint_code)code))), code);
    assert_int_equal(lint_code_find(SLICE("must-say")), LINT_CODE_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_texts_are_escaped),
        cmocka_unit_test(the_log_stays_json_where_the_file_is_no_text),
        cmocka_unit_test(each_code_is_one_rule_that_results_point_at),
        cmocka_unit_test(a_file_as_a_whole_has_no_region),
        cmocka_unit_test(codes_are_found_by_their_names),
    };
    return cmocka_run_group_tests_name("lint.sarif", tests, NULL, NULL);
}
