#include "money/rational.h"

#include "base/digits.h"

#include "money/rounding.h"
#include "money/wide.h"

#include <assert.h>
#include <stdio.h>

static inline void check(struct rational value)
{
    assert(value.den > 0);
    assert(value.num >= -INT128_MAX);
}

enum status rational_of_ratio(int128 num, int128 den, struct rational *out)
{
    if (den == 0)
        return STATUS_INVALID;
    if (num < -INT128_MAX || den < -INT128_MAX)
        return STATUS_OUT_OF_RANGE;
    *out = den < 0 ? (struct rational){-num, -den} : (struct rational){num, den};
    return STATUS_OK;
}

enum status rational_add(struct rational a, struct rational b, struct rational *out)
{
    check(a);
    check(b);
    struct rational sum;
    int128 left;
    int128 right;
    if (a.den == b.den) {
        sum.den = a.den;
        if (!int128_add(a.num, b.num, &sum.num))
            return wide_add(a, b, out);
    } else if (!int128_multiply(a.num, b.den, &left) || !int128_multiply(b.num, a.den, &right) ||
               !int128_add(left, right, &sum.num) || !int128_multiply(a.den, b.den, &sum.den)) {
        return wide_add(a, b, out);
    }
    *out = sum;
    return STATUS_OK;
}

enum status rational_subtract(struct rational a, struct rational b, struct rational *out)
{
    return rational_add(a, rational_negate(b), out);
}

enum status rational_multiply(struct rational a, struct rational b, struct rational *out)
{
    check(a);
    check(b);
    struct rational product;
    if (!int128_multiply(a.num, b.num, &product.num) ||
        !int128_multiply(a.den, b.den, &product.den))
        return wide_multiply_divide(a, b, RATIONAL_ONE, out);
    *out = product;
    return STATUS_OK;
}

static struct rational inverse(struct rational value)
{
    if (value.num < 0)
        return (struct rational){-value.den, -value.num};
    return (struct rational){value.den, value.num};
}

enum status rational_divide(struct rational a, struct rational b, struct rational *out)
{
    check(b);
    if (b.num == 0)
        return STATUS_INVALID;
    return rational_multiply(a, inverse(b), out);
}

enum status rational_multiply_divide(struct rational a, struct rational b, struct rational c,
                                     struct rational *out)
{
    check(a);
    check(b);
    check(c);
    if (c.num == 0)
        return STATUS_INVALID;
    struct rational by = inverse(c);
    struct rational result;
    if (!int128_multiply(a.num, b.num, &result.num) ||
        !int128_multiply(result.num, by.num, &result.num) ||
        !int128_multiply(a.den, b.den, &result.den) ||
        !int128_multiply(result.den, by.den, &result.den))
        return wide_multiply_divide(a, b, c, out);
    *out = result;
    return STATUS_OK;
}

/* A product of two unsigned 128-bit integers. */
struct product {
    uint128 high;
    uint128 low;
};

static struct product multiply_full(uint128 a, uint128 b)
{
    uint128 a0 = (uint64_t)a;
    uint128 a1 = a >> 64;
    uint128 b0 = (uint64_t)b;
    uint128 b1 = b >> 64;
    uint128 low = a0 * b0;
    uint128 middle = a1 * b0 + (low >> 64); /* ≤ (2^64-1)^2 + 2^64-1: fits */
    uint128 other = a0 * b1 + (uint64_t)middle;
    return (struct product){
        .high = a1 * b1 + (middle >> 64) + (other >> 64),
        .low = (other << 64) | (uint64_t)low,
    };
}

static int compare_products(struct product a, struct product b)
{
    if (a.high != b.high)
        return a.high < b.high ? -1 : 1;
    return a.low < b.low ? -1 : a.low > b.low;
}

int rational_compare(struct rational a, struct rational b)
{
    check(a);
    check(b);
    if (a.den == b.den)
        return a.num < b.num ? -1 : a.num > b.num;
    int sign = rational_sign(a);
    if (sign != rational_sign(b))
        return sign - rational_sign(b);
    int128 left;
    int128 right;
    if (int128_multiply(a.num, b.den, &left) && int128_multiply(b.num, a.den, &right))
        return left < right ? -1 : left > right;
    return sign * compare_products(multiply_full(int128_magnitude(a.num), (uint128)b.den),
                                   multiply_full(int128_magnitude(b.num), (uint128)a.den));
}

static uint128 greatest_common_divisor(uint128 a, uint128 b)
{
    while (b) {
        if (!(a >> 64) && !(b >> 64)) { /* divide in hardware as soon as both are small */
            uint64_t small = (uint64_t)a % (uint64_t)b;
            a = b;
            b = small;
            continue;
        }
        uint128 rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

struct rational rational_reduce(struct rational value)
{
    check(value);
    int128 divisor =
        (int128)greatest_common_divisor(int128_magnitude(value.num), (uint128)value.den);
    return (struct rational){value.num / divisor, value.den / divisor};
}

/* Digits with at most one point, as num / 10^places. */
static enum status parse_digits(struct slice text, int128 *out_num, int *out_places)
{
    int128 num = 0;
    int places = -1; /* -1 before the point */
    int zeros = 0; /* pending at the end of the places: they cost nothing unless a digit follows */
    size_t digits = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];
        if (c == '.' && places < 0 && digits > 0) {
            places = 0;
            digits = 0;
            continue;
        }
        if (c < '0' || c > '9')
            return STATUS_INVALID;
        digits++;
        if (places >= 0 && c == '0') {
            zeros++;
            continue;
        }
        for (; zeros >= 0; zeros--) {
            if (!int128_multiply(num, 10, &num))
                return STATUS_OUT_OF_RANGE;
            places += places >= 0;
        }
        zeros = 0;
        if (!int128_add(num, c - '0', &num) || places > DECIMAL_PRECISION)
            return STATUS_OUT_OF_RANGE;
    }
    if (digits == 0)
        return STATUS_INVALID;
    *out_num = num;
    *out_places = places < 0 ? 0 : places;
    return STATUS_OK;
}

static enum status parse_scaled(struct slice text, int128 scale, struct rational *out)
{
    bool is_negative = text.length > 0 && text.bytes[0] == '-';
    if (is_negative) {
        text.bytes++;
        text.length--;
    }
    int128 num;
    int places;
    enum status status = parse_digits(text, &num, &places);
    if (status)
        return status;
    struct rational value = {is_negative ? -num : num, decimal_power(places)};
    return rational_divide(value, (struct rational){scale, 1}, out);
}

enum status rational_parse(struct slice text, struct rational *out)
{
    return parse_scaled(text, 1, out);
}

enum status rational_parse_share(struct slice text, struct rational *out)
{
    if (text.length == 0 || text.bytes[text.length - 1] != '%')
        return rational_parse(text, out);
    text.length--;
    return parse_scaled(text, 100, out);
}

/* The first `places` digits of fraction / den, rounded half-even; 0 ≤ fraction < den, places > 0,
 * so that the last digit alone says what is even. */
static int128 fraction_digits(int128 fraction, int128 den, int places)
{
    int128 scaled;
    if (int128_multiply(fraction, decimal_power(places), &scaled))
        return divide_round(scaled, den, ROUND_HALF_EVEN);
    int128 digits = 0;
    for (int i = 0; i < places; i++) { /* long division; 10 × fraction is below 2^131 */
        int128 digit = 0;
        uint128 rest = 0;
        for (int j = 0; j < 10; j++) { /* rest + fraction < 2 × den ≤ 2^128 */
            rest += (uint128)fraction;
            if (rest >= (uint128)den) {
                rest -= (uint128)den;
                digit++;
            }
        }
        digits = digits * 10 + digit;
        fraction = (int128)rest;
    }
    uint128 twice = (uint128)fraction * 2;
    if (twice > (uint128)den || (twice == (uint128)den && digits % 2 != 0))
        digits++;
    return digits;
}

size_t rational_format(struct rational value, int places, char out[RATIONAL_TEXT_BYTES])
{
    check(value);
    assert(places >= 0 && places <= RATIONAL_PLACES_MAX);
    if (places == 0)
        return int128_format(divide_round(value.num, value.den, ROUND_HALF_EVEN), out);
    int128 magnitude = value.num < 0 ? -value.num : value.num;
    int128 whole = magnitude / value.den;
    int128 digits = fraction_digits(magnitude % value.den, value.den, places);
    int128 one = decimal_power(places);
    if (digits == one) {
        whole++; /* fits: with a fraction, den ≥ 2 */
        digits = 0;
    }
    size_t length = 0;
    if (value.num < 0 && (whole != 0 || digits != 0))
        out[length++] = '-';
    length += int128_format(whole, out + length);
    if (digits == 0)
        return length;
    out[length++] = '.';
    length += digits_fixed((uint64_t)digits, (size_t)places, out + length);
    out[length] = '\0';
    while (out[length - 1] == '0')
        out[--length] = '\0';
    return length;
}
