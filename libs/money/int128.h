/* Checked arithmetic on 128-bit integers: sums of scaled amounts on the engine's hot path.
 *
 * Each function returns whether the result fits and leaves `out` untouched when it does not. The
 * range is symmetric, |value| ≤ INT128_MAX, so that negating never overflows. */
#ifndef MILEPOST_MONEY_INT128_H
#define MILEPOST_MONEY_INT128_H

#include "base/decimal.h"
#include <stdbool.h>

#define INT128_MAX ((int128)(~(uint128)0 >> 1))

static inline bool int128_add(int128 a, int128 b, int128 *out)
{
    int128 sum;
    if (__builtin_add_overflow(a, b, &sum) || sum < -INT128_MAX)
        return false;
    *out = sum;
    return true;
}

static inline bool int128_subtract(int128 a, int128 b, int128 *out)
{
    int128 difference;
    if (__builtin_sub_overflow(a, b, &difference) || difference < -INT128_MAX)
        return false;
    *out = difference;
    return true;
}

static inline bool int128_multiply(int128 a, int128 b, int128 *out)
{
    int128 product;
    if (__builtin_mul_overflow(a, b, &product) || product < -INT128_MAX)
        return false;
    *out = product;
    return true;
}

static inline uint128 int128_magnitude(int128 value)
{
    return value < 0 ? -(uint128)value : (uint128)value;
}

/* Whether `value` is an int64_t. */
static inline bool int128_fits_int64(int128 value)
{
    return value == (int64_t)value;
}

#endif
