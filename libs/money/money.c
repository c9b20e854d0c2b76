#include "money/money.h"

#include "money/int128.h"

#include <assert.h>
#include <stdio.h>

static void check_exponent(int exponent)
{
    assert(exponent >= 0 && exponent <= MONEY_EXPONENT_MAX);
}

static enum status narrow(int128 units, int64_t *out)
{
    if (!int128_fits_int64(units))
        return STATUS_OUT_OF_RANGE;
    *out = (int64_t)units;
    return STATUS_OK;
}

enum status money_from_decimal(struct decimal amount, int exponent, int64_t *out)
{
    check_exponent(exponent);
    int128 unit = decimal_power(DECIMAL_SCALE - exponent);
    if (int128_fits_int64(amount.units)) { /* nearly all: no division in 128 bits */
        int64_t units = (int64_t)amount.units;
        if (units % (int64_t)unit != 0)
            return STATUS_INVALID;
        *out = units / (int64_t)unit;
        return STATUS_OK;
    }
    if (amount.units % unit != 0)
        return STATUS_INVALID;
    return narrow(amount.units / unit, out);
}

struct decimal money_to_decimal(int64_t units, int exponent)
{
    check_exponent(exponent);
    return (struct decimal){units * decimal_power(DECIMAL_SCALE - exponent)};
}

enum status money_parse(struct slice text, int exponent, int64_t *out)
{
    struct decimal amount;
    enum status status = decimal_parse(text, &amount);
    return status ? status : money_from_decimal(amount, exponent, out);
}

size_t money_format(int64_t units, int places, char out[MONEY_TEXT_BYTES])
{
    check_exponent(places);
    uint64_t magnitude = units < 0 ? -(uint64_t)units : (uint64_t)units;
    uint64_t one = (uint64_t)decimal_power(places);
    const char *sign = units < 0 ? "-" : "";
    int length;
    if (places == 0)
        length = snprintf(out, MONEY_TEXT_BYTES, "%s%llu", sign, (unsigned long long)magnitude);
    else
        length = snprintf(out, MONEY_TEXT_BYTES, "%s%llu.%0*llu", sign,
                          (unsigned long long)(magnitude / one), places,
                          (unsigned long long)(magnitude % one));
    return (size_t)length;
}

enum status money_rescale(int64_t units, int from, int to, int64_t *out)
{
    return money_from_decimal(money_to_decimal(units, from), to, out);
}
