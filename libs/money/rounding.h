/* Rounding, by name. Every division of money says which of these it uses; all are symmetric:
 * rounding -x is minus rounding x. */
#ifndef MILEPOST_MONEY_ROUNDING_H
#define MILEPOST_MONEY_ROUNDING_H

#include "money/rational.h"

/* symbol, name in plans */
#define ROUNDING_LIST(ROW)                                                                         \
    ROW(ROUND_HALF_EVEN, "half-even")           /* the nearest; a tie goes to the even one */      \
    ROW(ROUND_HALF_UP, "half-up")               /* the nearest; a tie goes away from zero */       \
    ROW(ROUND_TOWARD_ZERO, "toward-zero")       /* drops the fraction */                           \
    ROW(ROUND_AWAY_FROM_ZERO, "away-from-zero") /* any fraction counts in full */

#define ROUNDING_SYMBOL(symbol, name) symbol,
enum rounding_mode { ROUNDING_LIST(ROUNDING_SYMBOL) ROUNDING_COUNT };
#undef ROUNDING_SYMBOL

/* The name of `mode` as plans write it; borrowed for ever. */
const char *rounding_name(enum rounding_mode mode);

/* The mode called `name`; STATUS_INVALID when there is none. */
enum status rounding_find(struct slice name, enum rounding_mode *out) MUST_CHECK;

/* num / den as a whole number; den > 0. Always fits; does not allocate. */
int128 divide_round(int128 num, int128 den, enum rounding_mode mode);

/* The largest whole number ≤ num / den; den > 0. */
int128 divide_floor(int128 num, int128 den);

/* `value` as a whole number of `step`s (step > 0; 0.05 is {5, 100}). STATUS_OUT_OF_RANGE when that
 * is not an int64_t; may allocate where rational.h says so. */
enum status rational_round(struct rational value, struct rational step, enum rounding_mode mode,
                           int64_t *out) MUST_CHECK;

/* As rational_round, for a result of 128 bits. */
enum status rational_round_wide(struct rational value, struct rational step,
                                enum rounding_mode mode, int128 *out) MUST_CHECK;

/* The largest whole number of `step`s that is ≤ value, for negative values too: -0.5 gives -1. */
enum status rational_floor(struct rational value, struct rational step, int64_t *out) MUST_CHECK;

#endif
