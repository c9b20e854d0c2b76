/* Random fractions against GMP. `MILEPOST_SEED` repeats a run; the seed is printed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "money/rounding.h"

enum { ROUNDS = 100000 };

static uint64_t seed;

/* SplitMix64. */
static uint64_t next(void)
{
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 1 … INT128_MAX, every length in bits equally likely, often near a power of two. */
static int128 draw_magnitude(void)
{
    unsigned bits = 1 + (unsigned)(next() % 127);
    uint128 top = (uint128)1 << (bits - 1);
    uint128 rest = ((uint128)next() << 64 | next()) & (top - 1);
    if (next() % 4 == 0)
        rest = next() % 3;
    if (next() % 8 == 0)
        rest = top - 1;
    uint128 value = top | (rest & (top - 1));
    return (int128)value;
}

static struct rational draw(void)
{
    struct rational value = {draw_magnitude(), draw_magnitude()};
    if (next() % 16 == 0)
        value.num = 0;
    if (next() % 2)
        value.num = -value.num;
    if (next() % 4 == 0)
        value.den = decimal_power((int)(next() % 39));
    return value;
}

static void set_int(mpz_t z, int128 value)
{
    char text[DECIMAL_TEXT_BYTES];
    int128_format(value, text);
    assert_int_equal(mpz_set_str(z, text, 10), 0);
}

static void set(mpq_t q, struct rational value)
{
    set_int(mpq_numref(q), value.num);
    set_int(mpq_denref(q), value.den);
    mpq_canonicalize(q);
}

static bool fits(const mpq_t q)
{
    return mpz_sizeinbase(mpq_numref(q), 2) <= 127 && mpz_sizeinbase(mpq_denref(q), 2) <= 127;
}

struct operation {
    const char *name;
    enum status (*ours)(struct rational a, struct rational b, struct rational *out);
    void (*theirs)(mpq_t out, const mpq_t a, const mpq_t b);
};

static const struct operation operations[] = {
    {"+", rational_add, mpq_add},
    {"-", rational_subtract, mpq_sub},
    {"*", rational_multiply, mpq_mul},
    {"/", rational_divide, mpq_div},
};

static void agree(const struct operation *operation, struct rational a, struct rational b)
{
    mpq_t x;
    mpq_t y;
    mpq_t ours;
    mpq_inits(x, y, ours, NULL);
    set(x, a);
    set(y, b);
    struct rational value = {42, 43};
    enum status status = operation->ours(a, b, &value);
    if (operation->ours == rational_divide && b.num == 0) {
        assert_int_equal(status, STATUS_INVALID);
    } else {
        operation->theirs(x, x, y);
        assert_int_equal(status, fits(x) ? STATUS_OK : STATUS_OUT_OF_RANGE);
        set(ours, status ? (struct rational){42, 43} : value);
        assert_true(status ? value.num == 42 && value.den == 43 : mpq_equal(ours, x));
    }
    mpq_clears(x, y, ours, NULL);
}

static void the_four_operations_agree_with_gmp(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        struct rational a = draw();
        struct rational b = draw();
        for (size_t j = 0; j < sizeof(operations) / sizeof(operations[0]); j++)
            agree(&operations[j], a, b);
    }
}

static void comparing_agrees_with_gmp(void **state)
{
    (void)state;
    mpq_t x;
    mpq_t y;
    mpq_inits(x, y, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        struct rational a = draw();
        struct rational b = draw();
        if (next() % 4 == 0 && a.den > 1) { /* neighbours */
            b = a;
            b.den -= (int128)(next() % 2);
        }
        set(x, a);
        set(y, b);
        int ours = rational_compare(a, b);
        int theirs = mpq_cmp(x, y);
        assert_int_equal((ours > 0) - (ours < 0), (theirs > 0) - (theirs < 0));
        struct rational reduced = rational_reduce(a);
        set_int(mpq_numref(y), reduced.num);
        set_int(mpq_denref(y), reduced.den);
        assert_true(mpq_equal(x, y));
    }
    mpq_clears(x, y, NULL);
}

/* floor(|x| + 1/2) and the like, from the definitions. */
static void round_by_definition(mpz_t out, const mpq_t x, enum rounding_mode mode)
{
    mpq_t magnitude;
    mpq_t half;
    mpz_t floor;
    mpq_inits(magnitude, half, NULL);
    mpz_init(floor);
    mpq_abs(magnitude, x);
    mpq_set_ui(half, 1, 2);
    mpz_fdiv_q(floor, mpq_numref(magnitude), mpq_denref(magnitude));
    if (mode == ROUND_AWAY_FROM_ZERO) {
        mpz_cdiv_q(out, mpq_numref(magnitude), mpq_denref(magnitude));
    } else if (mode == ROUND_TOWARD_ZERO) {
        mpz_set(out, floor);
    } else {
        mpq_t shifted;
        mpq_init(shifted);
        mpq_add(shifted, magnitude, half);
        mpz_fdiv_q(out, mpq_numref(shifted), mpq_denref(shifted));
        bool is_tie = mpz_cmp_ui(mpq_denref(shifted), 1) == 0;
        if (mode == ROUND_HALF_EVEN && is_tie && mpz_odd_p(out))
            mpz_sub_ui(out, out, 1);
        mpq_clear(shifted);
    }
    if (mpq_sgn(x) < 0)
        mpz_neg(out, out);
    mpq_clears(magnitude, half, NULL);
    mpz_clear(floor);
}

static void rounding_agrees_with_its_definition(void **state)
{
    (void)state;
    mpq_t x;
    mpq_t y;
    mpz_t ours;
    mpz_t theirs;
    mpq_inits(x, y, NULL);
    mpz_inits(ours, theirs, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        struct rational value = draw();
        struct rational step = draw();
        if (next() % 4 == 0) /* ties */
            value = (struct rational){2 * (int64_t)(next() % 2000) - 2001, 2};
        if (step.num == 0)
            step = RATIONAL_ONE;
        if (step.num < 0)
            step.num = -step.num;
        if (next() % 4 == 0)
            step.den = step.num;
        enum rounding_mode mode = (enum rounding_mode)(next() % ROUNDING_COUNT);
        set(x, value);
        set(y, step);
        mpq_div(x, x, y);
        round_by_definition(theirs, x, mode);
        int128 wide = 42;
        enum status status = rational_round_wide(value, step, mode, &wide);
        bool is_small = mpz_sizeinbase(theirs, 2) <= 127;
        assert_int_equal(status, is_small ? STATUS_OK : STATUS_OUT_OF_RANGE);
        if (!status) {
            set_int(ours, wide);
            assert_int_equal(mpz_cmp(ours, theirs), 0);
        }
        int64_t narrow;
        status = rational_round(value, step, mode, &narrow);
        assert_int_equal(status, mpz_fits_slong_p(theirs) ? STATUS_OK : STATUS_OUT_OF_RANGE);
        if (!status)
            assert_int_equal(mpz_cmp_si(theirs, narrow), 0);
        mpz_fdiv_q(theirs, mpq_numref(x), mpq_denref(x));
        status = rational_floor(value, step, &narrow);
        assert_int_equal(status, mpz_fits_slong_p(theirs) ? STATUS_OK : STATUS_OUT_OF_RANGE);
        if (!status)
            assert_int_equal(mpz_cmp_si(theirs, narrow), 0);
    }
    mpz_clears(ours, theirs, NULL);
    mpq_clears(x, y, NULL);
}

static void text_is_the_value_rounded_half_even(void **state)
{
    (void)state;
    mpq_t x;
    mpq_t scale;
    mpz_t theirs;
    mpz_t ours;
    mpq_inits(x, scale, NULL);
    mpz_inits(theirs, ours, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        struct rational value = draw();
        int places = (int)(next() % (RATIONAL_PLACES_MAX + 1));
        char text[RATIONAL_TEXT_BYTES];
        size_t length = rational_format(value, places, text);
        assert_true(length < RATIONAL_TEXT_BYTES && strlen(text) == length);
        set(x, value);
        mpz_ui_pow_ui(mpq_numref(scale), 10, (unsigned long)places);
        mpq_mul(x, x, scale);
        round_by_definition(theirs, x, ROUND_HALF_EVEN);
        char *point = strchr(text, '.');
        int written = point ? (int)(text + length - point) - 1 : 0;
        assert_true(!point || text[length - 1] != '0');
        if (point)
            memmove(point, point + 1, strlen(point));
        assert_int_equal(mpz_set_str(ours, text, 10), 0);
        for (int j = written; j < places; j++)
            mpz_mul_ui(ours, ours, 10);
        assert_int_equal(mpz_cmp(ours, theirs), 0);
        assert_true(strcmp(text, "-0") != 0);
    }
    mpz_clears(theirs, ours, NULL);
    mpq_clears(x, scale, NULL);
}

int main(void)
{
    const char *given = getenv("MILEPOST_SEED");
    seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    printf("MILEPOST_SEED=%llu\n", (unsigned long long)seed);
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_four_operations_agree_with_gmp),
        cmocka_unit_test(comparing_agrees_with_gmp),
        cmocka_unit_test(rounding_agrees_with_its_definition),
        cmocka_unit_test(text_is_the_value_rounded_half_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
