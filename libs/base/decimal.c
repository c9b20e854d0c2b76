#include "base/decimal.h"

#include <assert.h>

#include "base/digits.h"

int128 decimal_power(int exponent)
{
    assert(exponent >= 0 && exponent <= 38);
    int128 power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

/* Digits and a point, without sign, as a whole number of 10^-scale. */
static enum status parse_unsigned(struct slice text, int scale, int128 *out)
{
    const int128 limit = decimal_power(DECIMAL_PRECISION - 1); /* below it, one more digit fits */
    int128 value = 0;
    int places = -1; /* -1 before the point */
    size_t digits = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];
        if (c == '.' && places < 0 && digits > 0) {
            places = 0;
            continue;
        }
        if (c < '0' || c > '9')
            return STATUS_INVALID;
        digits++;
        if (places == scale) { /* beyond the scale only zeros are exact */
            if (c != '0')
                return STATUS_INVALID;
            continue;
        }
        if (places >= 0)
            places++;
        if (value >= limit)
            return STATUS_OUT_OF_RANGE;
        value = value * 10 + (c - '0');
    }
    if (digits == 0 || text.bytes[text.length - 1] == '.')
        return STATUS_INVALID;
    for (int missing = scale - (places < 0 ? 0 : places); missing > 0; missing--) {
        if (value >= limit)
            return STATUS_OUT_OF_RANGE;
        value *= 10;
    }
    *out = value;
    return STATUS_OK;
}

static enum status parse_at_scale(struct slice text, int scale, struct decimal *out)
{
    bool is_negative = text.length > 0 && text.bytes[0] == '-';
    if (is_negative) {
        text.bytes++;
        text.length--;
    }
    int128 units;
    enum status status = parse_unsigned(text, scale, &units);
    if (status)
        return status;
    out->units = is_negative ? -units : units;
    return STATUS_OK;
}

enum status decimal_parse(struct slice text, struct decimal *out)
{
    return parse_at_scale(text, DECIMAL_SCALE, out);
}

enum status decimal_parse_share(struct slice text, struct decimal *out)
{
    if (text.length == 0 || text.bytes[text.length - 1] != '%')
        return decimal_parse(text, out);
    text.length--;
    return parse_at_scale(text, DECIMAL_SCALE - 2, out);
}

size_t int128_format(int128 value, char out[DECIMAL_TEXT_BYTES])
{
    char reversed[DECIMAL_TEXT_BYTES];
    size_t count = 0;
    uint128 wide = value < 0 ? -(uint128)value : (uint128)value;
    for (; wide > UINT64_MAX; wide /= 10)
        reversed[count++] = (char)('0' + (int)(wide % 10));
    uint64_t rest = (uint64_t)wide; /* the common case, without 128-bit divisions */
    do {
        reversed[count++] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    } while (rest);
    size_t length = 0;
    if (value < 0)
        out[length++] = '-';
    while (count)
        out[length++] = reversed[--count];
    out[length] = '\0';
    return length;
}

size_t decimal_format(struct decimal value, char out[DECIMAL_TEXT_BYTES])
{
    int128 one = decimal_power(DECIMAL_SCALE);
    bool is_negative = value.units < 0;
    int128 units = is_negative ? -value.units : value.units;
    size_t length = 0;
    if (is_negative)
        out[length++] = '-';
    length += int128_format(units / one, out + length);
    int64_t places = (int64_t)(units % one);
    if (places == 0)
        return length;
    out[length++] = '.';
    length += digits_fixed((uint64_t)places, DECIMAL_SCALE, out + length);
    out[length] = '\0';
    while (out[length - 1] == '0')
        out[--length] = '\0';
    return length;
}
