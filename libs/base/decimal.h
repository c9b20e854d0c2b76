/* A decimal as events carry it: a whole number of 10^-9 (the wire's scale), in 128 bits.
 *
 * Precision 38: |units| < 10^38. Money on the wire, shares (1 = 100 %) and plain numbers all have
 * this form; libs/money turns an amount with its currency into smallest units, exactly or not at
 * all. */
#ifndef MILEPOST_BASE_DECIMAL_H
#define MILEPOST_BASE_DECIMAL_H

#include "base/slice.h"
#include "base/status.h"

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

enum { DECIMAL_SCALE = 9, DECIMAL_PRECISION = 38, DECIMAL_TEXT_BYTES = 48 };

struct decimal {
    int128 units; /* × 10^-9 */
};

/* Reads `-12.5`, `0.05`, `1500`: optional minus, digits, optionally a point and digits. Refuses
 * everything else (signs, blanks, commas, exponents) with STATUS_INVALID, more than 9 places that
 * are not zeros with STATUS_INVALID too, and 39 digits or more with STATUS_OUT_OF_RANGE. */
enum status decimal_parse(struct slice text, struct decimal *out) MUST_CHECK;

/* Reads a share: `12.5%` or, without the sign, a fraction as decimal_parse does (1 = 100 %). */
enum status decimal_parse_share(struct slice text, struct decimal *out) MUST_CHECK;

/* Canonical text: no exponent, no trailing zeros, no point without places. Returns its length. */
size_t decimal_format(struct decimal value, char out[DECIMAL_TEXT_BYTES]);

/* 10^exponent; 0 ≤ exponent ≤ 38. */
int128 decimal_power(int exponent);

/* Base-10 text of a 128-bit integer; returns its length. `out` takes 41 bytes at most, NUL
 * included. */
size_t int128_format(int128 value, char out[DECIMAL_TEXT_BYTES]);

static inline struct decimal decimal_of(int64_t whole)
{
    return (struct decimal){(int128)whole * 1000000000};
}

#endif
