/* Money: an int64_t count of a currency's smallest unit, 10^-exponent.
 *
 * The exponent is the one of ISO 4217 unless control declares more. Text and decimals become units
 * exactly or not at all: what has more places than its currency is refused, never rounded. Leaving
 * int64_t is a status and the outputs stay as they were. */
#ifndef MILEPOST_MONEY_MONEY_H
#define MILEPOST_MONEY_MONEY_H

#include "base/decimal.h"

enum { CURRENCY_CODE_BYTES = 16, MONEY_EXPONENT_MAX = DECIMAL_SCALE, MONEY_TEXT_BYTES = 40 };

struct currency {
    char code[CURRENCY_CODE_BYTES]; /* NUL-terminated: USD, PTS */
    int exponent;                   /* places: 0 … MONEY_EXPONENT_MAX */
};

/* Whether `code` is that of the currency. */
static inline bool currency_is(const struct currency *currency, struct slice code)
{
    return code.length < sizeof currency->code && currency->code[code.length] == '\0' &&
           memcmp(currency->code, code.bytes, code.length) == 0;
}

/* The currency or unit called `code`: first among the `count` units that control declares
 * (`declared` may be NULL), then in ISO 4217. NULL when there is none. Borrowed from `declared`, or
 * for ever. */
const struct currency *currency_find(struct slice code, const struct currency *declared,
                                     size_t count);

/* The units in ISO 4217's own table, in order of code. */
const struct currency *currency_table(size_t *out_count);

/* Makes a unit to declare: `code` is a capital letter and then up to 14 capital letters, digits,
 * `-` or `_`; 0 ≤ exponent ≤ MONEY_EXPONENT_MAX; an ISO currency may get more places, not fewer.
 * STATUS_INVALID otherwise. */
enum status currency_declare(struct slice code, int exponent, struct currency *out) MUST_CHECK;

/* `amount` in units of 10^-exponent. STATUS_INVALID when it has more places (`too-precise`),
 * STATUS_OUT_OF_RANGE when it does not fit. 0 ≤ exponent ≤ MONEY_EXPONENT_MAX, as below. */
enum status money_from_decimal(struct decimal amount, int exponent, int64_t *out) MUST_CHECK;

/* The same amount as the wire carries it; always fits. */
struct decimal money_to_decimal(int64_t units, int exponent);

/* Decimal text as decimal_parse reads it, in units. STATUS_INVALID and STATUS_OUT_OF_RANGE as
 * above. */
enum status money_parse(struct slice text, int exponent, int64_t *out) MUST_CHECK;

/* Text with exactly `places` places: 80000 and 2 give `800.00`. Returns its length. */
size_t money_format(int64_t units, int places, char out[MONEY_TEXT_BYTES]);

/* `units` of 10^-from as units of 10^-to, exactly: STATUS_INVALID when places are lost. */
enum status money_rescale(int64_t units, int from, int to, int64_t *out) MUST_CHECK;

static inline MUST_CHECK
enum status money_add(int64_t a, int64_t b, int64_t *out)
{
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum))
        return STATUS_OUT_OF_RANGE;
    *out = sum;
    return STATUS_OK;
}

static inline MUST_CHECK
enum status money_subtract(int64_t a, int64_t b, int64_t *out)
{
    int64_t difference;
    if (__builtin_sub_overflow(a, b, &difference))
        return STATUS_OUT_OF_RANGE;
    *out = difference;
    return STATUS_OK;
}

static inline MUST_CHECK
enum status money_multiply(int64_t a, int64_t b, int64_t *out)
{
    int64_t product;
    if (__builtin_mul_overflow(a, b, &product))
        return STATUS_OUT_OF_RANGE;
    *out = product;
    return STATUS_OK;
}

#endif
