#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/pay_groups.h"

#include <stdio.h>
#include <string.h>

static int32_t day(const char *text)
{
    int32_t date;
    assert_int_equal(date_parse(slice_of(text), &date), STATUS_OK);
    return date;
}

static int set_up(void **state)
{
    static struct arena arena;
    arena_init_growing(&arena, (size_t)1 << 20);
    *state = &arena;
    return 0;
}

static int tear_down(void **state)
{
    arena_deinit(*state);
    return 0;
}

static enum status read(struct arena *arena, const char *document, struct reports *reports,
                        struct pay_groups *out)
{
    reports_init(reports, arena);
    return pay_groups_read(slice_of(document), arena, reports, out);
}

static void a_day_lies_in_one_period_of_its_group(void **state)
{
    static const struct {
        const char *group;
        const char *day;
        const char *name;
        const char *from;
        const char *until;
    } rows[] = {
        {"{periods: month}", "2026-03-01", "2026-03", "2026-03-01", "2026-04-01"},
        {"{periods: month}", "2026-03-31", "2026-03", "2026-03-01", "2026-04-01"},
        {"{periods: month}", "2026-12-31", "2026-12", "2026-12-01", "2027-01-01"},
        {"{periods: semi-month}", "2026-02-01", "2026-02-A", "2026-02-01", "2026-02-16"},
        {"{periods: semi-month}", "2026-02-15", "2026-02-A", "2026-02-01", "2026-02-16"},
        {"{periods: semi-month}", "2026-02-16", "2026-02-B", "2026-02-16", "2026-03-01"},
        {"{periods: semi-month}", "2026-02-28", "2026-02-B", "2026-02-16", "2026-03-01"},
        {"{periods: 2 weeks, first: 2026-01-04}", "2026-01-04", "2026-01-04", "2026-01-04",
         "2026-01-18"},
        {"{periods: 2 weeks, first: 2026-01-04}", "2026-01-17", "2026-01-04", "2026-01-04",
         "2026-01-18"},
        {"{periods: 2 weeks, first: 2026-01-04}", "2026-01-03", "2025-12-21", "2025-12-21",
         "2026-01-04"},
        {"{periods: 2 weeks, first: 2026-01-04}", "2025-12-21", "2025-12-21", "2025-12-21",
         "2026-01-04"},
        {"{periods: 4 weeks, first: 2026-01-04}", "2026-02-01", "2026-02-01", "2026-02-01",
         "2026-03-01"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char document[128];
        char name[PAY_PERIOD_BYTES];
        struct reports reports;
        struct pay_groups groups;
        snprintf(document, sizeof document, "{us: %s}", rows[i].group);
        assert_int_equal(read(*state, document, &reports, &groups), STATUS_OK);
        const struct pay_group *group = pay_group_find(&groups, SLICE("us"));
        assert_non_null(group);
        struct pay_period period = pay_period_of(group, day(rows[i].day));
        assert_int_equal(period.from, day(rows[i].from));
        assert_int_equal(period.until, day(rows[i].until));
        struct slice text = {name, pay_period_name(group, &period, name)};
        if (!slice_equal(text, slice_of(rows[i].name)))
            fail_msg("row %zu: %.*s", i, SLICE_ARGS(text));
    }
}

static void groups_keep_what_they_say_in_their_order(void **state)
{
    struct reports reports;
    struct pay_groups groups;
    assert_int_equal(read(*state,
                          "{b: {periods: month, open: 2026-05-17, timezone: Europe/Berlin}, "
                          "a: {periods: 4 weeks, first: 2026-01-04}}",
                          &reports, &groups),
                     STATUS_OK);
    assert_int_equal(groups.count, 2);
    assert_true(slice_equal(groups.items[0].name, SLICE("b")));
    assert_true(groups.items[0].has_open);
    assert_int_equal(groups.items[0].open, day("2026-05-17"));
    assert_int_equal(groups.items[1].periods, PAY_FOUR_WEEKS);
    assert_int_equal(groups.items[1].first, day("2026-01-04"));
    assert_null(pay_group_find(&groups, SLICE("c")));
}

static void what_is_wrong_in_a_group_is_reported(void **state)
{
    static const struct {
        const char *document;
        const char *code;
    } rows[] = {
        {"{us: {periods: week}}", "bad-word"},
        {"{us: {}}", "missing-key"},
        {"{us: {periods: 2 weeks}}", "missing-key"},
        {"{us: {periods: month, timezone: Nowhere!}}", "unknown-timezone"},
        {"{us: {periods: month, open: soon}}", "bad-value"},
        {"[us]", "bad-value"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reports reports;
        struct pay_groups groups;
        assert_int_equal(read(*state, rows[i].document, &reports, &groups), STATUS_INVALID);
        if (strcmp(reports.first->code, rows[i].code) != 0)
            fail_msg("%s: %s", rows[i].document, reports.first->code);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_day_lies_in_one_period_of_its_group),
        TEST(groups_keep_what_they_say_in_their_order),
        TEST(what_is_wrong_in_a_group_is_reported),
    };
    return cmocka_run_group_tests_name("plan.pay_groups", tests, NULL, NULL);
}
