#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "money/int128.h"
#include "support/case.h"

#define MAX  INT128_MAX
#define HALF ((int128)1 << 63)

struct edge_row {
    const char *label;
    bool (*operation)(int128 a, int128 b, int128 *out);
    int128 a;
    int128 b;
    bool fits;
    int128 expected;
};

static const struct edge_row rows[] = {
    {"a sum up to the largest", int128_add, MAX - 1, 1, true, MAX},
    {"a sum beyond the largest", int128_add, MAX, 1, false, 0},
    {"a sum down to the smallest", int128_add, 1 - MAX, -1, true, -MAX},
    {"a sum of -2^127 has no negative and is refused", int128_add, -MAX, -1, false, 0},
    {"a sum beyond that", int128_add, -MAX, -2, false, 0},
    {"a difference down to the smallest", int128_subtract, 0, MAX, true, -MAX},
    {"a difference of -2^127", int128_subtract, -1, MAX, false, 0},
    {"a difference beyond that", int128_subtract, -2, MAX, false, 0},
    {"a difference beyond the largest", int128_subtract, MAX, -1, false, 0},
    {"a product that fits", int128_multiply, HALF, HALF, true, (int128)1 << 126},
    {"a product of 2^127", int128_multiply, HALF, 2 * HALF, false, 0},
    {"a product of -2^127", int128_multiply, HALF, -2 * HALF, false, 0},
    {"a product of the smallest", int128_multiply, MAX, -1, true, -MAX},
    {"a product that wraps to a small number", int128_multiply, 2 * HALF, 2 * HALF, false, 0},
    {"a product with zero", int128_multiply, -MAX, 0, true, 0},
};

static void fits_or_is_refused(void **state)
{
    const struct edge_row *row = *state;
    int128 out = 42;
    assert_true(row->operation(row->a, row->b, &out) == row->fits);
    assert_true(out == (row->fits ? row->expected : 42));
}

static void an_int64_is_recognised(void **state)
{
    (void)state;
    assert_true(int128_fits_int64(INT64_MAX));
    assert_true(int128_fits_int64(INT64_MIN));
    assert_false(int128_fits_int64((int128)INT64_MAX + 1));
    assert_false(int128_fits_int64((int128)INT64_MIN - 1));
    assert_true(int128_magnitude(-MAX - 1) == (uint128)1 << 127);
    assert_true(int128_magnitude(-1) == 1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_int64_is_recognised),
    };
    return RUN_CASES(rows, fits_or_is_refused) + cmocka_run_group_tests(tests, NULL, NULL);
}
