#include "money/wide.h"

#include <assert.h>

enum { INT128_BITS = 127 };

static void set_int128(mpz_t z, int128 value)
{
    uint128 magnitude = int128_magnitude(value);
    uint64_t words[2] = {(uint64_t)magnitude, (uint64_t)(magnitude >> 64)};
    mpz_import(z, 2, -1, sizeof(words[0]), 0, 0, words);
    if (value < 0)
        mpz_neg(z, z);
}

static enum status get_int128(const mpz_t z, int128 *out)
{
    if (mpz_sizeinbase(z, 2) > INT128_BITS)
        return STATUS_OUT_OF_RANGE;
    uint64_t words[2] = {0, 0};
    mpz_export(words, NULL, -1, sizeof(words[0]), 0, 0, z);
    int128 magnitude = (int128)((uint128)words[1] << 64 | words[0]);
    *out = mpz_sgn(z) < 0 ? -magnitude : magnitude;
    return STATUS_OK;
}

void wide_set(mpq_t q, struct rational value)
{
    set_int128(mpq_numref(q), value.num);
    set_int128(mpq_denref(q), value.den);
    mpq_canonicalize(q);
}

enum status wide_get(const mpq_t q, struct rational *out)
{
    struct rational value;
    enum status status = get_int128(mpq_numref(q), &value.num);
    if (!status)
        status = get_int128(mpq_denref(q), &value.den);
    if (status)
        return status;
    *out = value;
    return STATUS_OK;
}

enum status wide_add(struct rational a, struct rational b, struct rational *out)
{
    mpq_t x;
    mpq_t y;
    mpq_inits(x, y, NULL);
    wide_set(x, a);
    wide_set(y, b);
    mpq_add(x, x, y);
    enum status status = wide_get(x, out);
    mpq_clears(x, y, NULL);
    return status;
}

enum status wide_multiply_divide(struct rational a, struct rational b, struct rational c,
                                 struct rational *out)
{
    assert(c.num != 0);
    mpq_t x;
    mpq_t y;
    mpq_inits(x, y, NULL);
    wide_set(x, a);
    wide_set(y, b);
    mpq_mul(x, x, y);
    wide_set(y, c);
    mpq_div(x, x, y);
    enum status status = wide_get(x, out);
    mpq_clears(x, y, NULL);
    return status;
}

/* Whether a quotient that was cut toward zero goes one away from it; `rest` is what was cut. */
static bool goes_away(const mpz_t quotient, mpz_t rest, const mpz_t den, enum rounding_mode mode)
{
    if (mpz_sgn(rest) == 0 || mode == ROUND_TOWARD_ZERO)
        return false;
    if (mode == ROUND_AWAY_FROM_ZERO)
        return true;
    mpz_mul_2exp(rest, rest, 1);
    int order = mpz_cmpabs(rest, den);
    return order > 0 || (order == 0 && (mode == ROUND_HALF_UP || mpz_odd_p(quotient)));
}

/* Divides `x`; its parts are then num and den > 0. */
static void divide(mpq_t x, struct rational step)
{
    assert(step.num > 0);
    mpq_t y;
    mpq_init(y);
    wide_set(y, step);
    mpq_div(x, x, y);
    mpq_clear(y);
}

enum status wide_round_any(mpq_t x, struct rational step, enum rounding_mode mode, int128 *out)
{
    mpz_t quotient;
    mpz_t rest;
    mpz_inits(quotient, rest, NULL);
    divide(x, step);
    int sign = mpq_sgn(x);
    mpz_tdiv_qr(quotient, rest, mpq_numref(x), mpq_denref(x));
    if (goes_away(quotient, rest, mpq_denref(x), mode)) {
        if (sign < 0)
            mpz_sub_ui(quotient, quotient, 1);
        else
            mpz_add_ui(quotient, quotient, 1);
    }
    enum status status = get_int128(quotient, out);
    mpz_clears(quotient, rest, NULL);
    return status;
}

enum status wide_round(struct rational value, struct rational step, enum rounding_mode mode,
                       int128 *out)
{
    mpq_t x;
    mpq_init(x);
    wide_set(x, value);
    enum status status = wide_round_any(x, step, mode, out);
    mpq_clear(x);
    return status;
}

enum status wide_floor(struct rational value, struct rational step, int128 *out)
{
    mpq_t x;
    mpq_init(x);
    wide_set(x, value);
    divide(x, step);
    mpz_fdiv_q(mpq_numref(x), mpq_numref(x), mpq_denref(x));
    enum status status = get_int128(mpq_numref(x), out);
    mpq_clear(x);
    return status;
}
