#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "money/rounding.h"
#include "support/case.h"

/* One value in each mode; the value below zero must be the mirror image. */
struct mode_row {
    const char *label;
    int64_t num;
    int64_t den;
    int64_t expected[ROUNDING_COUNT]; /* half-even, half-up, toward-zero, away-from-zero */
};

static const struct mode_row mode_rows[] = {
    {"zero stays zero in every mode", 0, 7, {0, 0, 0, 0}},
    {"a whole number stays as it is", 6, 3, {2, 2, 2, 2}},
    {"below one half goes down, except away from zero", 49, 100, {0, 0, 0, 1}},
    {"one half goes to the even 0, or up", 1, 2, {0, 1, 0, 1}},
    {"above one half goes up, except toward zero", 51, 100, {1, 1, 0, 1}},
    {"one and a half goes to the even 2", 3, 2, {2, 2, 1, 2}},
    {"two and a half goes to the even 2, or up to 3", 5, 2, {2, 3, 2, 3}},
    {"the least above a whole number counts for away-from-zero only",
     1000000001,
     1000000000,
     {1, 1, 1, 2}},
    {"the least below a whole number counts for toward-zero only",
     1999999999,
     1000000000,
     {2, 2, 1, 2}},
    {"an odd denominator has no tie: below", 3, 7, {0, 0, 0, 1}},
    {"an odd denominator has no tie: above", 4, 7, {1, 1, 0, 1}},
    {"the int64 edge divides by one", INT64_MAX, 1, {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX}},
};

static void rounds(void **state)
{
    const struct mode_row *row = *state;
    for (int mode = 0; mode < ROUNDING_COUNT; mode++) {
        enum rounding_mode by = (enum rounding_mode)mode;
        assert_true(divide_round(row->num, row->den, by) == row->expected[mode]);
        assert_true(divide_round(-row->num, row->den, by) == -row->expected[mode]);
    }
}

struct step_row {
    const char *label;
    const char *value;
    const char *step;
    enum rounding_mode mode;
    int64_t expected; /* steps */
};

static const struct step_row step_rows[] = {
    {"rounds to cents", "800.005", "0.01", ROUND_HALF_EVEN, 80000},
    {"rounds to cents, half up", "800.005", "0.01", ROUND_HALF_UP, 80001},
    {"rounds a negative amount to cents, half up means away from zero", "-800.005", "0.01",
     ROUND_HALF_UP, -80001},
    {"rounds to five cents, just below the tie", "1.0249999", "0.05", ROUND_HALF_UP, 20},
    {"rounds to five cents, on the tie", "1.025", "0.05", ROUND_HALF_UP, 21},
    {"rounds to five cents, on the tie to the even number of steps", "1.025", "0.05",
     ROUND_HALF_EVEN, 20},
    {"rounds to hundreds", "1250", "100", ROUND_HALF_EVEN, 12},
    {"rounds away from zero for the smallest trace", "0.00000000000000000000000000000000000001",
     "0.01", ROUND_AWAY_FROM_ZERO, 1},
    {"rounds toward zero whatever is missing", "0.99999999999999999999999999999999999999", "1",
     ROUND_TOWARD_ZERO, 0},
    {"reaches the largest int64", "92233720368547758.074", "0.01", ROUND_HALF_UP, INT64_MAX},
    {"reaches the smallest int64", "-92233720368547758.084", "0.01", ROUND_HALF_UP, INT64_MIN},
};

static struct rational read(const char *text)
{
    struct rational value;
    assert_int_equal(rational_parse(slice_of(text), &value), STATUS_OK);
    return value;
}

static void rounds_to_steps(void **state)
{
    const struct step_row *row = *state;
    int64_t steps = 42;
    assert_int_equal(rational_round(read(row->value), read(row->step), row->mode, &steps),
                     STATUS_OK);
    assert_true(steps == row->expected);
}

static void refuses_what_leaves_int64(void **state)
{
    (void)state;
    struct rational cent = {1, 100};
    int64_t steps = 42;
    assert_int_equal(rational_round(read("92233720368547758.08"), cent, ROUND_HALF_UP, &steps),
                     STATUS_OUT_OF_RANGE);
    assert_int_equal(rational_round(read("-92233720368547758.09"), cent, ROUND_HALF_UP, &steps),
                     STATUS_OUT_OF_RANGE);
    assert_int_equal(rational_floor(read("92233720368547758.08"), cent, &steps),
                     STATUS_OUT_OF_RANGE);
    int128 wide = 42;
    struct rational huge = {INT128_MAX, 1};
    assert_int_equal(rational_round_wide(huge, cent, ROUND_HALF_UP, &wide), STATUS_OUT_OF_RANGE);
    assert_true(steps == 42 && wide == 42);
}

static void goes_through_gmp_where_128_bits_do_not_suffice(void **state)
{
    (void)state;
    int128 steps;
    struct rational value = {decimal_power(38), decimal_power(20) + 1};
    struct rational step = {1, decimal_power(20)};
    assert_int_equal(rational_round_wide(value, step, ROUND_HALF_EVEN, &steps), STATUS_OK);
    assert_true(steps == decimal_power(38) - decimal_power(18)); /* 10^58 / (10^20 + 1) */
    struct rational half = {decimal_power(37) + 1, 2 * decimal_power(37)};
    struct rational tenth = {decimal_power(37), decimal_power(38)};
    assert_int_equal(rational_round_wide(half, tenth, ROUND_HALF_EVEN, &steps), STATUS_OK);
    assert_true(steps == 5);
    struct rational tie = {-5 * decimal_power(36), decimal_power(38)};
    assert_int_equal(rational_round_wide(tie, tenth, ROUND_HALF_EVEN, &steps), STATUS_OK);
    assert_true(steps == 0);
    assert_int_equal(rational_round_wide(tie, tenth, ROUND_HALF_UP, &steps), STATUS_OK);
    assert_true(steps == -1);
    assert_int_equal(rational_round_wide(tie, tenth, ROUND_TOWARD_ZERO, &steps), STATUS_OK);
    assert_true(steps == 0);
    assert_int_equal(rational_round_wide(tie, tenth, ROUND_AWAY_FROM_ZERO, &steps), STATUS_OK);
    assert_true(steps == -1);
}

static void a_floor_goes_down_for_negative_values_too(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        int64_t percent;
    } rows[] = {{"0.999", 99}, {"1", 100},      {"-0.001", -1},
                {"-0.01", -1}, {"-0.0101", -2}, {"0", 0}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t percent;
        struct rational step = {1, 100};
        assert_int_equal(rational_floor(read(rows[i].value), step, &percent), STATUS_OK);
        assert_true(percent == rows[i].percent);
        struct rational fine = {decimal_power(36), decimal_power(38)}; /* by way of GMP */
        assert_int_equal(rational_floor(read(rows[i].value), fine, &percent), STATUS_OK);
        assert_true(percent == rows[i].percent);
    }
}

static void the_128_bit_edges_round_without_overflow(void **state)
{
    (void)state;
    int128 max = INT128_MAX;
    assert_true(divide_round(max, 1, ROUND_AWAY_FROM_ZERO) == max);
    assert_true(divide_round(max, max, ROUND_HALF_EVEN) == 1);
    assert_true(divide_round(max - 1, max, ROUND_HALF_EVEN) == 1);
    assert_true(divide_round(max / 2, max, ROUND_HALF_UP) == 0);
    assert_true(divide_round(max / 2 + 1, max, ROUND_HALF_UP) == 1);
    assert_true(divide_round(-max, 2, ROUND_HALF_UP) == -(max / 2 + 1));
    assert_true(divide_round(-max - 1, 1, ROUND_HALF_UP) == -max - 1);
    assert_true(divide_floor(-max - 1, max) == -2);
}

static void every_mode_is_found_by_its_name(void **state)
{
    (void)state;
    static const char *const names[] = {"half-even", "half-up", "toward-zero", "away-from-zero"};
    for (int i = 0; i < ROUNDING_COUNT; i++) {
        enum rounding_mode mode = ROUNDING_COUNT;
        assert_int_equal(rounding_find(slice_of(names[i]), &mode), STATUS_OK);
        assert_int_equal(mode, i);
        assert_string_equal(rounding_name(mode), names[i]);
    }
    enum rounding_mode mode = ROUND_HALF_UP;
    assert_int_equal(rounding_find(SLICE("half"), &mode), STATUS_INVALID);
    assert_int_equal(rounding_find(SLICE(""), &mode), STATUS_INVALID);
    assert_int_equal(mode, ROUND_HALF_UP);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_leaves_int64),
        cmocka_unit_test(goes_through_gmp_where_128_bits_do_not_suffice),
        cmocka_unit_test(a_floor_goes_down_for_negative_values_too),
        cmocka_unit_test(the_128_bit_edges_round_without_overflow),
        cmocka_unit_test(every_mode_is_found_by_its_name),
    };
    return RUN_CASES(mode_rows, rounds) + RUN_CASES(step_rows, rounds_to_steps) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
