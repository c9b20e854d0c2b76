#include "money/rounding.h"

#include "money/wide.h"

#include <assert.h>

#define ROUNDING_NAME(symbol, name) name,
static const char *const names[] = {ROUNDING_LIST(ROUNDING_NAME)};
#undef ROUNDING_NAME
_Static_assert(sizeof(names) / sizeof(names[0]) == ROUNDING_COUNT, "a name for each mode");

const char *rounding_name(enum rounding_mode mode)
{
    assert(mode < ROUNDING_COUNT);
    return names[mode];
}

enum status rounding_find(struct slice name, enum rounding_mode *out)
{
    for (int i = 0; i < ROUNDING_COUNT; i++) {
        if (slice_equal(name, slice_of(names[i]))) {
            *out = (enum rounding_mode)i;
            return STATUS_OK;
        }
    }
    return STATUS_INVALID;
}

/* Whether a quotient that was cut toward zero goes one away from it; `rest` ≠ 0 is what was cut. */
static bool goes_away(int128 quotient, uint128 rest, uint128 den, enum rounding_mode mode)
{
    if (mode == ROUND_TOWARD_ZERO)
        return false;
    if (mode == ROUND_AWAY_FROM_ZERO)
        return true;
    uint128 twice = rest * 2; /* rest < den ≤ 2^127 */
    return twice > den || (twice == den && (mode == ROUND_HALF_UP || quotient % 2 != 0));
}

int128 divide_round(int128 num, int128 den, enum rounding_mode mode)
{
    assert(den > 0);
    assert(mode < ROUNDING_COUNT);
    int128 quotient = num / den;
    int128 rest = num % den;
    if (rest == 0 || !goes_away(quotient, int128_magnitude(rest), (uint128)den, mode))
        return quotient;
    return num < 0 ? quotient - 1 : quotient + 1;
}

int128 divide_floor(int128 num, int128 den)
{
    assert(den > 0);
    int128 quotient = num / den;
    return num % den < 0 ? quotient - 1 : quotient;
}

/* value / step as one fraction, when that fits without reducing. */
static bool quotient_of(struct rational value, struct rational step, struct rational *out)
{
    assert(value.den > 0);
    assert(step.den > 0);
    assert(step.num > 0);
    return int128_multiply(value.num, step.den, &out->num) &&
           int128_multiply(value.den, step.num, &out->den);
}

static enum status narrow(int128 value, int64_t *out)
{
    if (!int128_fits_int64(value))
        return STATUS_OUT_OF_RANGE;
    *out = (int64_t)value;
    return STATUS_OK;
}

enum status rational_round_wide(struct rational value, struct rational step,
                                enum rounding_mode mode, int128 *out)
{
    struct rational quotient;
    if (!quotient_of(value, step, &quotient))
        return wide_round(value, step, mode, out);
    *out = divide_round(quotient.num, quotient.den, mode);
    return STATUS_OK;
}

enum status rational_round(struct rational value, struct rational step, enum rounding_mode mode,
                           int64_t *out)
{
    int128 whole;
    enum status status = rational_round_wide(value, step, mode, &whole);
    return status ? status : narrow(whole, out);
}

enum status rational_floor(struct rational value, struct rational step, int64_t *out)
{
    struct rational quotient;
    int128 whole;
    if (quotient_of(value, step, &quotient)) {
        whole = divide_floor(quotient.num, quotient.den);
    } else {
        enum status status = wide_floor(value, step, &whole);
        if (status)
            return status;
    }
    return narrow(whole, out);
}
