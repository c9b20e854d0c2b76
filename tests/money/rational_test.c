#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "money/rational.h"
#include "support/case.h"

struct text_row {
    const char *label;
    const char *text;
    enum status status;
    int64_t num;
    int64_t den;
    bool is_share;
};

static const struct text_row text_rows[] = {
    {"reads a whole number", "1500", STATUS_OK, 1500, 1, false},
    {"reads places", "12.50", STATUS_OK, 25, 2, false},
    {"reads a negative number", "-0.05", STATUS_OK, -1, 20, false},
    {"reads zero however it is written", "-0.000", STATUS_OK, 0, 1, false},
    {"reads leading zeros", "007", STATUS_OK, 7, 1, false},
    {"trailing zeros cost nothing", "1.0000000000000000000000000000000000000000000000000000",
     STATUS_OK, 1, 1, false},
    {"reads the thirty-eighth place", "0.50000000000000000000000000000000000000", STATUS_OK, 1, 2,
     false},
    {"refuses a thirty-ninth place", "0.000000000000000000000000000000000000001",
     STATUS_OUT_OF_RANGE, 0, 0, false},
    {"refuses 2^127", "170141183460469231731687303715884105728", STATUS_OUT_OF_RANGE, 0, 0, false},
    {"refuses commas", "1,500", STATUS_INVALID, 0, 0, false},
    {"refuses nothing", "", STATUS_INVALID, 0, 0, false},
    {"refuses a sign alone", "-", STATUS_INVALID, 0, 0, false},
    {"refuses a plus", "+1", STATUS_INVALID, 0, 0, false},
    {"refuses a point without places", "1.", STATUS_INVALID, 0, 0, false},
    {"refuses a point without a whole number", ".5", STATUS_INVALID, 0, 0, false},
    {"refuses two points", "1.2.3", STATUS_INVALID, 0, 0, false},
    {"refuses exponents", "1e5", STATUS_INVALID, 0, 0, false},
    {"refuses blanks", " 1", STATUS_INVALID, 0, 0, false},
    {"a number is no share sign", "5%", STATUS_INVALID, 0, 0, false},
    {"reads a share", "12.5%", STATUS_OK, 1, 8, true},
    {"reads a share above 100 %", "250%", STATUS_OK, 5, 2, true},
    {"reads a share without the sign", "0.125", STATUS_OK, 1, 8, true},
    {"refuses a percent sign alone", "%", STATUS_INVALID, 0, 0, true},
    {"refuses two percent signs", "5%%", STATUS_INVALID, 0, 0, true},
};

static void reads_text(void **state)
{
    const struct text_row *row = *state;
    struct rational value = {42, 43};
    enum status status = row->is_share ? rational_parse_share(slice_of(row->text), &value)
                                       : rational_parse(slice_of(row->text), &value);
    assert_int_equal(status, row->status);
    struct rational expected =
        row->status ? (struct rational){42, 43} : (struct rational){row->num, row->den};
    assert_true(value.den > 0);
    assert_int_equal(rational_compare(value, expected), 0);
}

struct format_row {
    const char *label;
    int64_t num;
    int64_t den;
    int places;
    const char *expected;
};

static const struct format_row format_rows[] = {
    {"writes a whole number without a point", 20000, 1, 12, "20000"},
    {"writes no trailing zeros", 2, 25, 12, "0.08"},
    {"rounds attainment to twelve places", 2, 3, 12, "0.666666666667"},
    {"a tie goes to the even digit below", 125, 1000, 2, "0.12"},
    {"a tie goes to the even digit above", 375, 1000, 2, "0.38"},
    {"a tie without places goes to the even number", 5, 2, 0, "2"},
    {"a tie of an odd number without places goes up", 7, 2, 0, "4"},
    {"carries into the whole number", 9999999, 10000000, 6, "1"},
    {"carries into a negative whole number", -19999999, 10000000, 6, "-2"},
    {"writes no minus before zero", -1, 10000000, 6, "0"},
    {"writes a minus before a fraction", -1, 8, 12, "-0.125"},
    {"writes eighteen places", 1, 3, 18, "0.333333333333333333"},
    {"writes the int64 edge", INT64_MIN, 1, 12, "-9223372036854775808"},
    {"a trace below one half is one half in eighteen places", INT64_MAX / 2, INT64_MAX, 18, "0.5"},
};

static void writes_text(void **state)
{
    const struct format_row *row = *state;
    char text[RATIONAL_TEXT_BYTES];
    size_t length = rational_format((struct rational){row->num, row->den}, row->places, text);
    assert_string_equal(text, row->expected);
    assert_int_equal(length, strlen(text));
    /* The same value with parts of almost 127 bits takes the long way. */
    int128 magnitude = (int128)int128_magnitude(row->num);
    int128 factor = INT128_MAX / (magnitude > row->den ? magnitude : row->den);
    rational_format((struct rational){row->num * factor, row->den * factor}, row->places, text);
    assert_string_equal(text, row->expected);
}

static void writes_the_widest_values(void **state)
{
    (void)state;
    char text[RATIONAL_TEXT_BYTES];
    assert_int_equal(rational_format((struct rational){-INT128_MAX, 1}, 18, text), 40);
    assert_string_equal(text, "-170141183460469231731687303715884105727");
    rational_format((struct rational){-INT128_MAX, 3}, 18, text);
    assert_string_equal(text, "-56713727820156410577229101238628035242.333333333333333333");
    rational_format((struct rational){1, INT128_MAX}, 18, text);
    assert_string_equal(text, "0");
    rational_format((struct rational){INT128_MAX - 1, INT128_MAX}, 18, text);
    assert_string_equal(text, "1");
}

#define BIG ((int128)1 << 100)

static void an_intermediate_result_may_leave_128_bits(void **state)
{
    (void)state;
    struct rational value;
    assert_int_equal(rational_add((struct rational){1, BIG}, (struct rational){1, 3 * BIG}, &value),
                     STATUS_OK);
    assert_true(value.num == 1 && value.den == 3 * BIG / 4);
    assert_int_equal(
        rational_multiply((struct rational){BIG, 3}, (struct rational){3, BIG}, &value), STATUS_OK);
    assert_int_equal(rational_compare(value, RATIONAL_ONE), 0);
    assert_int_equal(
        rational_multiply((struct rational){BIG, 1}, (struct rational){3, BIG}, &value), STATUS_OK);
    assert_int_equal(rational_compare(value, rational_of(3)), 0);
    assert_int_equal(
        rational_multiply((struct rational){BIG, 1}, (struct rational){BIG, BIG}, &value),
        STATUS_OK);
    assert_true(value.num == BIG && value.den == 1);
    assert_int_equal(rational_divide((struct rational){BIG, 7}, (struct rational){-BIG, 7}, &value),
                     STATUS_OK);
    assert_int_equal(rational_compare(value, rational_of(-1)), 0);
    struct rational big = {BIG, 1};
    assert_int_equal(rational_multiply_divide(big, big, big, &value), STATUS_OK);
    assert_true(value.num == BIG && value.den == 1);
    assert_int_equal(rational_multiply_divide(big, big, rational_negate(big), &value), STATUS_OK);
    assert_true(value.num == -BIG && value.den == 1);
}

static void only_a_result_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    struct rational value = {42, 43};
    struct rational max = {INT128_MAX, 1};
    struct rational big = {BIG, 1};
    assert_int_equal(rational_add(max, RATIONAL_ONE, &value), STATUS_OUT_OF_RANGE);
    assert_int_equal(rational_subtract(rational_negate(max), RATIONAL_ONE, &value),
                     STATUS_OUT_OF_RANGE);
    assert_int_equal(rational_multiply(big, big, &value), STATUS_OUT_OF_RANGE);
    assert_int_equal(rational_divide((struct rational){1, BIG}, big, &value), STATUS_OUT_OF_RANGE);
    assert_int_equal(rational_multiply_divide(big, big, RATIONAL_ONE, &value), STATUS_OUT_OF_RANGE);
    assert_int_equal(rational_add((struct rational){1, INT128_MAX},
                                  (struct rational){1, INT128_MAX - 1}, &value),
                     STATUS_OUT_OF_RANGE);
    assert_true(value.num == 42 && value.den == 43);
    assert_int_equal(rational_subtract(max, RATIONAL_ONE, &value), STATUS_OK);
    assert_true(value.num == INT128_MAX - 1);
    assert_int_equal(rational_subtract(RATIONAL_ONE, max, &value), STATUS_OK);
    assert_true(value.num == 1 - INT128_MAX);
}

static void dividing_by_zero_is_refused(void **state)
{
    (void)state;
    struct rational value = {42, 43};
    assert_int_equal(rational_divide(RATIONAL_ONE, RATIONAL_ZERO, &value), STATUS_INVALID);
    assert_int_equal(rational_multiply_divide(RATIONAL_ONE, RATIONAL_ONE, RATIONAL_ZERO, &value),
                     STATUS_INVALID);
    assert_int_equal(rational_of_ratio(1, 0, &value), STATUS_INVALID);
    assert_int_equal(rational_of_ratio(-INT128_MAX - 1, 1, &value), STATUS_OUT_OF_RANGE);
    assert_int_equal(rational_of_ratio(1, -INT128_MAX - 1, &value), STATUS_OUT_OF_RANGE);
    assert_true(value.num == 42 && value.den == 43);
    assert_int_equal(rational_of_ratio(3, -6, &value), STATUS_OK);
    assert_int_equal(rational_compare(value, (struct rational){-1, 2}), 0);
}

static void comparing_never_overflows(void **state)
{
    (void)state;
    int128 max = INT128_MAX;
    const struct rational ascending[] = {
        {-max, 1},      {-max, 2},  {-max, max - 1},    {-max, max},        {1 - max, max},
        {-1, max},      {0, max},   {1, max},           {1, max - 1},       {max - 2, max - 1},
        {max - 1, max}, {max, max}, {max - 1, max - 2}, {max - 2, max - 3}, {max, 2},
        {max - 1, 1},   {max, 1},
    };
    size_t count = sizeof(ascending) / sizeof(ascending[0]);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            int order = rational_compare(ascending[i], ascending[j]);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
    }
    assert_int_equal(rational_compare((struct rational){0, 5}, (struct rational){0, max}), 0);
    assert_int_equal(rational_compare((struct rational){max, max}, RATIONAL_ONE), 0);
}

static void the_smaller_and_the_larger_are_found(void **state)
{
    (void)state;
    struct rational third = {1, 3};
    struct rational half = {2, 4};
    assert_int_equal(rational_compare(rational_min(third, half), third), 0);
    assert_int_equal(rational_compare(rational_max(third, half), half), 0);
    assert_int_equal(rational_sign(rational_negate(half)), -1);
    assert_int_equal(rational_sign(RATIONAL_ZERO), 0);
    assert_true(rational_is_zero((struct rational){0, 9}));
    struct rational reduced = rational_reduce((struct rational){-BIG * 6, BIG * 4});
    assert_true(reduced.num == -3 && reduced.den == 2);
    reduced = rational_reduce((struct rational){0, BIG});
    assert_true(reduced.num == 0 && reduced.den == 1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_the_widest_values),
        cmocka_unit_test(an_intermediate_result_may_leave_128_bits),
        cmocka_unit_test(only_a_result_that_does_not_fit_is_refused),
        cmocka_unit_test(dividing_by_zero_is_refused),
        cmocka_unit_test(comparing_never_overflows),
        cmocka_unit_test(the_smaller_and_the_larger_are_found),
    };
    return RUN_CASES(text_rows, reads_text) + RUN_CASES(format_rows, writes_text) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
