/* The way out to GMP: what does not fit 128 bits on the way to a result that does.
 *
 * Internal to libs/money. Each function allocates and frees, and returns STATUS_OUT_OF_RANGE, with
 * `out` untouched, only when the reduced result itself does not fit. */
#ifndef MILEPOST_MONEY_WIDE_H
#define MILEPOST_MONEY_WIDE_H

#include "money/rounding.h"

#include <gmp.h>

/* a + b */
enum status wide_add(struct rational a, struct rational b, struct rational *out) MUST_CHECK;

/* a × b / c; c is not 0. */
enum status wide_multiply_divide(struct rational a, struct rational b, struct rational c,
                                 struct rational *out) MUST_CHECK;

/* value / step as a whole number; step > 0. */
enum status wide_round(struct rational value, struct rational step, enum rounding_mode mode,
                       int128 *out) MUST_CHECK;

/* The largest whole number ≤ value / step; step > 0. */
enum status wide_floor(struct rational value, struct rational step, int128 *out) MUST_CHECK;

/* Between the two forms; wide_set reduces, wide_get wants it so. */
void wide_set(mpq_t out, struct rational value);
enum status wide_get(const mpq_t value, struct rational *out) MUST_CHECK;

/* As wide_round, of a value of any size; value is in lowest terms and ends as value / step. */
enum status wide_round_any(mpq_t value, struct rational step, enum rounding_mode mode,
                           int128 *out) MUST_CHECK;

#endif
