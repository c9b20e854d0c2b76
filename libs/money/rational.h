/* Exact fractions of two 128-bit integers.
 *
 * den > 0 and |num| ≤ INT128_MAX always; a zeroed struct is NOT a rational (use RATIONAL_ZERO), and
 * den 0 is our bug (asserted). Fractions are reduced lazily: operations keep what they get while it
 * fits, so equal values may differ in their fields and are compared with rational_compare. When an
 * intermediate result leaves 128 bits, GMP computes it, reduces it and gives it back; only a
 * reduced result that does not fit is STATUS_OUT_OF_RANGE. The usual way neither allocates nor
 * loops; the way through GMP allocates and frees (rare: three factors of 40 bits still fit).
 * Functions that return no status cannot fail and never allocate. */
#ifndef MILEPOST_MONEY_RATIONAL_H
#define MILEPOST_MONEY_RATIONAL_H

#include "money/int128.h"

struct rational {
    int128 num;
    int128 den; /* > 0 */
};

#define RATIONAL_ZERO ((struct rational){0, 1})
#define RATIONAL_ONE  ((struct rational){1, 1})

static inline struct rational rational_of(int64_t whole)
{
    return (struct rational){whole, 1};
}

/* The exact value of a decimal of the wire. */
static inline struct rational rational_of_decimal(struct decimal value)
{
    return (struct rational){value.units, 1000000000};
}

/* units × 10^-places: an amount in its smallest unit; 0 ≤ places ≤ 38. */
static inline struct rational rational_of_units(int128 units, int places)
{
    return (struct rational){units, decimal_power(places)};
}

/* num / den, either sign. STATUS_INVALID when den is 0, STATUS_OUT_OF_RANGE for -2^127. */
enum status rational_of_ratio(int128 num, int128 den, struct rational *out) MUST_CHECK;

/* The four operations; each may return STATUS_OUT_OF_RANGE. `out` may be an operand. */
enum status rational_add(struct rational a, struct rational b, struct rational *out) MUST_CHECK;
enum status rational_subtract(struct rational a, struct rational b,
                              struct rational *out) MUST_CHECK;
enum status rational_multiply(struct rational a, struct rational b,
                              struct rational *out) MUST_CHECK;

/* STATUS_INVALID when b is 0. */
enum status rational_divide(struct rational a, struct rational b, struct rational *out) MUST_CHECK;

/* a × b / c at once: fits whenever the reduced result does. STATUS_INVALID when c is 0. */
enum status rational_multiply_divide(struct rational a, struct rational b, struct rational c,
                                     struct rational *out) MUST_CHECK;

/* Negative, 0 or positive as a is below, equal to or above b. */
int rational_compare(struct rational a, struct rational b);

/* The same value in lowest terms. */
struct rational rational_reduce(struct rational value);

static inline struct rational rational_negate(struct rational value)
{
    return (struct rational){-value.num, value.den};
}

/* -1, 0 or 1. */
static inline int rational_sign(struct rational value)
{
    return value.num < 0 ? -1 : value.num > 0;
}

static inline bool rational_is_zero(struct rational value)
{
    return value.num == 0;
}

static inline struct rational rational_min(struct rational a, struct rational b)
{
    return rational_compare(b, a) < 0 ? b : a;
}

static inline struct rational rational_max(struct rational a, struct rational b)
{
    return rational_compare(b, a) > 0 ? b : a;
}

/* Reads decimal text as decimal_parse does, with up to 38 places. */
enum status rational_parse(struct slice text, struct rational *out) MUST_CHECK;

/* Reads a share: `12.5%`, or without the sign a fraction (1 = 100 %). */
enum status rational_parse_share(struct slice text, struct rational *out) MUST_CHECK;

enum { RATIONAL_PLACES_MAX = 18, RATIONAL_TEXT_BYTES = 64 };

/* Canonical decimal text, rounded half-even to `places` (0 … 18): no exponent, no trailing zeros,
 * no point without places, no minus before 0. Returns its length. Attainment has 12 places. */
size_t rational_format(struct rational value, int places, char out[RATIONAL_TEXT_BYTES]);

#endif
