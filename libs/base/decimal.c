#include "base/decimal.h"

#include <assert.h>

#include "base/digits.h"

/* Nine powers of ten from `unit` on. */
#define TENS(unit)                                                                                 \
    (unit), (unit)*10, (unit)*100, (unit)*1000, (unit)*10000, (unit)*100000, (unit)*1000000,       \
        (unit)*10000000, (unit)*100000000
#define TEN_9  ((int128)1000000000)
#define TEN_18 (TEN_9 * TEN_9)

int128 decimal_power(int exponent)
{
    static const int128 powers[] = {
        TENS((int128)1), TENS(TEN_9),          TENS(TEN_18),          TENS(TEN_18 * TEN_9),
        TEN_18 * TEN_18, TEN_18 * TEN_18 * 10, TEN_18 * TEN_18 * 100,
    };
    assert(exponent >= 0 && exponent <= 38);
    return powers[exponent];
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

_Static_assert(DECIMAL_SCALE == 9, "decimal_format counts in thousands of 10^-9");

size_t decimal_format(struct decimal value, char out[DECIMAL_TEXT_BYTES])
{
    const uint64_t one = 1000000000;
    bool is_negative = value.units < 0;
    int128 units = is_negative ? -value.units : value.units;
    uint64_t places;
    size_t length = 0;
    if (is_negative)
        out[length++] = '-';
    if (units == (int64_t)units) { /* the common case, without 128-bit divisions */
        length += digits_append((uint64_t)units / one, out + length);
        out[length] = '\0';
        places = (uint64_t)units % one;
    } else {
        length += int128_format(units / one, out + length);
        places = (uint64_t)(units % one);
    }
    if (places == 0)
        return length;
    out[length++] = '.';
    size_t shown = DECIMAL_SCALE;
    for (; places % 1000 == 0; places /= 1000)
        shown -= 3;
    for (; places % 10 == 0; places /= 10)
        shown--;
    length += digits_fixed(places, shown, out + length);
    out[length] = '\0';
    return length;
}
