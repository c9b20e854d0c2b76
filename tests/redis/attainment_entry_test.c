#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "redis/attainment_entry.h"

#include "support/case.h"

static struct slice reasons[] = {{"splits-differ", 13}, {"no-rate", 7}};

static struct attainment full(void)
{
    return (struct attainment){
        .participant = SLICE("person:j/o%2F"),
        .plan = SLICE("sales"),
        .plan_version = 3,
        .component = SLICE("commission"),
        .window = SLICE("2026-Q1"),
        .measure = {(int128)125000 * 1000000000},
        .has_goal = true,
        .goal = {1},
        .has_attainment = true,
        .attainment = {(int128)1250000000001},
        .earned = {-(int128)13750500000000},
        .currency = SLICE("USD"),
        .sequence = 7,
        .step_reached = SLICE("a\"b\\\n"),
        .pending = {reasons, 2},
        .as_of = 1767225600000,
        .generation = SLICE("g1"),
    };
}

static void a_value_is_compact_json_with_exact_figures(void **state)
{
    (void)state;
    struct attainment attainment = full();
    struct buffer out = {0};
    attainment_entry_append_value(&attainment, &out);
    buffer_append_byte(&out, '\0');
    assert_string_equal(
        out.bytes,
        "{\"measure\":\"125000\",\"goal\":\"0.000000001\",\"attainment\":\"1.250000000001\","
        "\"earned\":\"-13750.5\",\"payable\":\"0\",\"currency\":\"USD\",\"sequence\":7,"
        "\"step\":\"a\\\"b\\\\\\u000a\",\"pending\":[\"splits-differ\",\"no-rate\"],"
        "\"held\":null,\"as_of\":1767225600000,\"plan_version\":3}");
    buffer_deinit(&out);
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    struct attainment attainment = full();
    struct attainment_key key = {attainment.participant, attainment.plan, attainment.component,
                                 attainment.window};
    struct buffer field = {0};
    struct buffer value = {0};
    attainment_entry_append_field(&key, &field);
    attainment_entry_append_value(&attainment, &value);
    assert_true(
        slice_equal(buffer_slice(&field), SLICE("person:j%2Fo%252F/sales/commission/2026-Q1")));
    struct arena arena;
    arena_init_growing(&arena, 1 << 20);
    struct attainment_entry entry;
    assert_int_equal(
        attainment_entry_read(buffer_slice(&field), buffer_slice(&value), &arena, &entry), 0);
    assert_true(slice_equal(entry.key.participant, attainment.participant));
    assert_true(slice_equal(entry.key.window, attainment.window));
    assert_true(slice_equal(entry.earned, SLICE("-13750.5")));
    assert_true(slice_equal(entry.step, attainment.step_reached));
    assert_true(slice_equal(entry.pending, SLICE("splits-differ,no-rate")));
    assert_null(entry.held.bytes);
    assert_int_equal(entry.sequence, 7);
    assert_int_equal(entry.as_of, attainment.as_of);
    assert_int_equal(entry.plan_version, 3);
    arena_deinit(&arena);
    buffer_deinit(&field);
    buffer_deinit(&value);
}

struct ratio_row {
    const char *label;
    int64_t units;
    const char *expected;
};

static const struct ratio_row ratios[] = {
    {"nothing is 0", 0, "\"attainment\":\"0\""},
    {"the goal is 1", 1000000000000, "\"attainment\":\"1\""},
    {"the smallest part has twelve places", 1, "\"attainment\":\"0.000000000001\""},
    {"trailing zeros go", 1500000000000, "\"attainment\":\"1.5\""},
    {"inner zeros stay", 1050000000000, "\"attainment\":\"1.05\""},
    {"less than nothing has a minus", -500000000000, "\"attainment\":\"-0.5\""},
};

static void shows(void **state)
{
    const struct ratio_row *row = *state;
    struct attainment attainment = full();
    attainment.attainment.units = row->units;
    struct buffer out = {0};
    attainment_entry_append_value(&attainment, &out);
    buffer_append_byte(&out, '\0');
    assert_non_null(strstr(out.bytes, row->expected));
    buffer_deinit(&out);
}

struct foreign_row {
    const char *label;
    const char *field;
    const char *value;
};

#define WHOLE                                                                                      \
    "\"measure\":\"1\",\"goal\":null,\"attainment\":null,\"earned\":\"1\",\"payable\":\"1\","      \
    "\"currency\":\"USD\",\"step\":null,\"held\":null,\"pending\":[],\"as_of\":1,"                 \
    "\"plan_version\":1"

static const struct foreign_row foreign[] = {
    {"refuses three parts", "a/b/c", "{" WHOLE ",\"sequence\":1}"},
    {"refuses five parts", "a/b/c/d/e", "{" WHOLE ",\"sequence\":1}"},
    {"refuses what is no JSON", "a/b/c/d", "{" WHOLE},
    {"refuses what is no object", "a/b/c/d", "[]"},
    {"refuses a missing number", "a/b/c/d", "{" WHOLE "}"},
    {"refuses a number that is none", "a/b/c/d", "{" WHOLE ",\"sequence\":\"1\"}"},
};

static void refuses(void **state)
{
    const struct foreign_row *row = *state;
    struct arena arena;
    arena_init_growing(&arena, 1 << 20);
    struct attainment_entry entry;
    assert_int_equal(
        attainment_entry_read(slice_of(row->field), slice_of(row->value), &arena, &entry),
        STATUS_INVALID);
    assert_int_equal(attainment_entry_read(SLICE("a/b/c/d"), SLICE("{" WHOLE ",\"sequence\":1}"),
                                           &arena, &entry),
                     STATUS_OK);
    arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_compact_json_with_exact_figures),
        cmocka_unit_test(what_is_written_is_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) + RUN_CASES(ratios, shows) +
           RUN_CASES(foreign, refuses);
}
