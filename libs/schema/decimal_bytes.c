#include "schema/decimal_bytes.h"

const char decimal_too_large[] = "a decimal of more than 38 digits";

bool decimal_bytes_read(const uint8_t *bytes, size_t length, int128 *out)
{
    uint8_t sign = bytes[0] & 0x80 ? 0xff : 0;
    while (length > 16) {
        if (bytes[0] != sign)
            return false;
        bytes++;
        length--;
    }
    if ((bytes[0] ^ sign) & 0x80)
        return false;
    uint128 value = sign ? ~(uint128)0 : 0;
    for (size_t i = 0; i < length; i++)
        value = value << 8 | bytes[i];
    *out = (int128)value;
    return true;
}

static bool fits_precision(int128 units)
{
    const int128 limit = (int128)10000000000000000000u * 10000000000000000000u; /* 10^38 */
    return units > -limit && units < limit;
}

const char *decimal_rescale(int128 *units, int shift)
{
    for (; shift > 0 && *units != 0; shift--) {
        if (__builtin_mul_overflow(*units, (int128)10, units))
            return decimal_too_large;
    }
    for (; shift < 0 && *units != 0; shift++) {
        if (*units % 10 != 0)
            return "a decimal with more places than ours";
        *units /= 10;
    }
    return fits_precision(*units) ? NULL : decimal_too_large;
}
