#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "money/money.h"
#include "support/case.h"

struct amount_row {
    const char *label;
    const char *text;
    int exponent;
    enum status status;
    int64_t units;
};

static const struct amount_row amount_rows[] = {
    {"a dollar has a hundred cents", "800", 2, STATUS_OK, 80000},
    {"cents are exact", "9999.99", 2, STATUS_OK, 999999},
    {"places that are zeros are no places", "9999.990000000", 2, STATUS_OK, 999999},
    {"a tenth of a cent is too precise", "0.001", 2, STATUS_INVALID, 0},
    {"a negative tenth of a cent is too precise", "-0.001", 2, STATUS_INVALID, 0},
    {"a yen has no cents", "1500", 0, STATUS_OK, 1500},
    {"half a yen is too precise", "0.5", 0, STATUS_INVALID, 0},
    {"a dinar has a thousand fils", "-1.234", 3, STATUS_OK, -1234},
    {"nine places are the finest", "0.000000001", 9, STATUS_OK, 1},
    {"ten places are no decimal of ours", "0.0000000001", 9, STATUS_INVALID, 0},
    {"the largest amount in cents", "92233720368547758.07", 2, STATUS_OK, INT64_MAX},
    {"one cent more leaves int64", "92233720368547758.08", 2, STATUS_OUT_OF_RANGE, 0},
    {"the smallest amount in cents", "-92233720368547758.08", 2, STATUS_OK, INT64_MIN},
    {"one cent less leaves int64", "-92233720368547758.09", 2, STATUS_OUT_OF_RANGE, 0},
    {"words are no amount", "ten", 2, STATUS_INVALID, 0},
};

static void becomes_units(void **state)
{
    const struct amount_row *row = *state;
    int64_t units = 42;
    assert_int_equal(money_parse(slice_of(row->text), row->exponent, &units), row->status);
    assert_true(units == (row->status ? 42 : row->units));
    if (row->status)
        return;
    int64_t again;
    struct decimal amount = money_to_decimal(units, row->exponent);
    assert_int_equal(money_from_decimal(amount, row->exponent, &again), STATUS_OK);
    assert_true(again == units);
}

struct format_row {
    const char *label;
    int64_t units;
    int places;
    const char *expected;
};

static const struct format_row format_rows[] = {
    {"writes all places", 80000, 2, "800.00"},
    {"writes zeros behind the point", 5, 2, "0.05"},
    {"writes zero", 0, 2, "0.00"},
    {"writes a minus before less than one", -5, 2, "-0.05"},
    {"writes no point without places", -1500, 0, "-1500"},
    {"writes nine places", 1, 9, "0.000000001"},
    {"writes the largest amount", INT64_MAX, 2, "92233720368547758.07"},
    {"writes the smallest amount", INT64_MIN, 2, "-92233720368547758.08"},
    {"writes the smallest amount in nine places", INT64_MIN, 9, "-9223372036.854775808"},
};

static void writes(void **state)
{
    const struct format_row *row = *state;
    char text[MONEY_TEXT_BYTES];
    assert_int_equal(money_format(row->units, row->places, text), strlen(row->expected));
    assert_string_equal(text, row->expected);
}

static void sums_differences_and_products_stay_in_int64_or_are_refused(void **state)
{
    (void)state;
    int64_t units = 42;
    assert_int_equal(money_add(INT64_MAX, 1, &units), STATUS_OUT_OF_RANGE);
    assert_int_equal(money_add(INT64_MIN, -1, &units), STATUS_OUT_OF_RANGE);
    assert_int_equal(money_subtract(INT64_MIN, 1, &units), STATUS_OUT_OF_RANGE);
    assert_int_equal(money_subtract(0, INT64_MIN, &units), STATUS_OUT_OF_RANGE);
    assert_int_equal(money_multiply(INT64_MIN, -1, &units), STATUS_OUT_OF_RANGE);
    assert_int_equal(money_multiply(INT64_C(1) << 32, INT64_C(1) << 31, &units),
                     STATUS_OUT_OF_RANGE);
    assert_true(units == 42);
    assert_int_equal(money_add(INT64_MAX - 1, 1, &units), STATUS_OK);
    assert_true(units == INT64_MAX);
    assert_int_equal(money_subtract(-1, INT64_MAX, &units), STATUS_OK);
    assert_true(units == INT64_MIN);
    assert_int_equal(money_multiply(INT64_C(1) << 32, -(INT64_C(1) << 31), &units), STATUS_OK);
    assert_true(units == INT64_MIN);
}

static void a_change_of_places_is_exact_or_refused(void **state)
{
    (void)state;
    int64_t units = 42;
    assert_int_equal(money_rescale(1234, 2, 1, &units), STATUS_INVALID);
    assert_int_equal(money_rescale(INT64_MAX, 0, 1, &units), STATUS_OUT_OF_RANGE);
    assert_true(units == 42);
    assert_int_equal(money_rescale(-1230, 2, 1, &units), STATUS_OK);
    assert_true(units == -123);
    assert_int_equal(money_rescale(123, 0, 4, &units), STATUS_OK);
    assert_true(units == 1230000);
}

static int exponent_of(const char *code)
{
    const struct currency *currency = currency_find(slice_of(code), NULL, 0);
    return currency ? currency->exponent : -1;
}

static void currencies_have_the_places_of_iso_4217(void **state)
{
    (void)state;
    assert_int_equal(exponent_of("USD"), 2);
    assert_int_equal(exponent_of("EUR"), 2);
    assert_int_equal(exponent_of("JPY"), 0);
    assert_int_equal(exponent_of("KRW"), 0);
    assert_int_equal(exponent_of("KWD"), 3);
    assert_int_equal(exponent_of("CLF"), 4);
    assert_int_equal(exponent_of("CLP"), 0);
    assert_int_equal(exponent_of("ZWL"), 2);
    assert_int_equal(exponent_of("AED"), 2);
    assert_int_equal(exponent_of("PTS"), -1);
    assert_int_equal(exponent_of("usd"), -1);
    assert_int_equal(exponent_of("US"), -1);
    assert_int_equal(exponent_of(""), -1);
    assert_int_equal(exponent_of("XAU"), -1);
}

static void the_table_is_in_order_and_every_code_is_found(void **state)
{
    (void)state;
    size_t count;
    const struct currency *table = currency_table(&count);
    assert_true(count > 160);
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(currency_find(slice_of(table[i].code), NULL, 0), &table[i]);
        assert_true(table[i].exponent >= 0 && table[i].exponent <= 4);
        assert_int_equal(strlen(table[i].code), 3);
        if (i > 0)
            assert_true(strcmp(table[i - 1].code, table[i].code) < 0);
    }
}

static void a_declared_unit_comes_before_the_table(void **state)
{
    (void)state;
    struct currency declared[2];
    assert_int_equal(currency_declare(SLICE("PTS"), 0, &declared[0]), STATUS_OK);
    assert_int_equal(currency_declare(SLICE("USD"), 4, &declared[1]), STATUS_OK);
    assert_ptr_equal(currency_find(SLICE("PTS"), declared, 2), &declared[0]);
    assert_ptr_equal(currency_find(SLICE("USD"), declared, 2), &declared[1]);
    assert_int_equal(currency_find(SLICE("EUR"), declared, 2)->exponent, 2);
    assert_null(currency_find(SLICE("PT"), declared, 2));
}

static void a_unit_that_cannot_be_declared_is_refused(void **state)
{
    (void)state;
    struct currency unit = {.exponent = 42};
    assert_int_equal(currency_declare(SLICE("USD"), 1, &unit), STATUS_INVALID);
    assert_int_equal(currency_declare(SLICE(""), 0, &unit), STATUS_INVALID);
    assert_int_equal(currency_declare(SLICE("pts"), 0, &unit), STATUS_INVALID);
    assert_int_equal(currency_declare(SLICE("1PT"), 0, &unit), STATUS_INVALID);
    assert_int_equal(currency_declare(SLICE("PTS"), -1, &unit), STATUS_INVALID);
    assert_int_equal(currency_declare(SLICE("PTS"), 10, &unit), STATUS_INVALID);
    assert_int_equal(currency_declare(SLICE("ABCDEFGHIJKLMNOP"), 0, &unit), STATUS_INVALID);
    assert_int_equal(unit.exponent, 42);
    assert_int_equal(currency_declare(SLICE("ABCDEFGHIJKLMN1"), 9, &unit), STATUS_OK);
    assert_string_equal(unit.code, "ABCDEFGHIJKLMN1");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_differences_and_products_stay_in_int64_or_are_refused),
        cmocka_unit_test(a_change_of_places_is_exact_or_refused),
        cmocka_unit_test(currencies_have_the_places_of_iso_4217),
        cmocka_unit_test(the_table_is_in_order_and_every_code_is_found),
        cmocka_unit_test(a_declared_unit_comes_before_the_table),
        cmocka_unit_test(a_unit_that_cannot_be_declared_is_refused),
    };
    return RUN_CASES(amount_rows, becomes_units) + RUN_CASES(format_rows, writes) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
