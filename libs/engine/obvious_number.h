/* Exact fractions for the obvious evaluator: every operation makes a new number, and all of them
 * live until their pool is released. */
#ifndef MILEPOST_ENGINE_OBVIOUS_NUMBER_H
#define MILEPOST_ENGINE_OBVIOUS_NUMBER_H

#include <gmp.h>

#include "base/arena.h"
#include "base/decimal.h"

struct numbers {
    mpq_ptr *made;
    size_t count;
    size_t capacity;
};

void numbers_deinit(struct numbers *numbers);

/* Forgets all numbers made after there were `count`. */
void numbers_release(struct numbers *numbers, size_t count);

/* The same, but for the value of `a`, which is made anew. */
mpq_srcptr numbers_keep(struct numbers *numbers, size_t count, mpq_srcptr a);

mpq_srcptr number_of(struct numbers *numbers, long value);
/* The value of `a`, anew. */
mpq_srcptr number_copy(struct numbers *numbers, mpq_srcptr a);

mpq_srcptr number_decimal(struct numbers *numbers, struct decimal value);

/* Reads `-12.50` and `12.5%`; NULL when the text is neither. */
mpq_srcptr number_read(struct numbers *numbers, struct slice text);

mpq_srcptr number_add(struct numbers *numbers, mpq_srcptr a, mpq_srcptr b);
mpq_srcptr number_subtract(struct numbers *numbers, mpq_srcptr a, mpq_srcptr b);
mpq_srcptr number_multiply(struct numbers *numbers, mpq_srcptr a, mpq_srcptr b);
mpq_srcptr number_divide(struct numbers *numbers, mpq_srcptr a, mpq_srcptr b); /* b is not 0 */

mpq_srcptr number_least(mpq_srcptr a, mpq_srcptr b);
mpq_srcptr number_most(mpq_srcptr a, mpq_srcptr b);

/* The greatest whole number that is not above `a`. */
mpq_srcptr number_floor(struct numbers *numbers, mpq_srcptr a);

/* `a` as a multiple of `to` > 0; mode half-even, half-up, toward-zero or away-from-zero, each the
 * same for negative amounts. NULL for another mode. */
mpq_srcptr number_round(struct numbers *numbers, mpq_srcptr a, mpq_srcptr to, struct slice mode);

/* False when it has more than nine places or too many digits. */
bool number_to_decimal(mpq_srcptr a, struct decimal *out);

/* `3` or `1/3`, in the arena; bytes NULL when that is full. */
struct slice number_text(mpq_srcptr a, struct arena *arena);

#endif
