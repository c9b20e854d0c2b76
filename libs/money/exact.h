/* Fractions of any size: for sums of many fractions with whatever denominators, of cash shares for
 * instance, each with its deal's amount below it.
 *
 * As long as a value is a struct rational it costs as much; what leaves 128 bits goes on with GMP,
 * where each step takes time and memory with the digits of the denominator, and comes back when it
 * fits again. */
#ifndef MILEPOST_MONEY_EXACT_H
#define MILEPOST_MONEY_EXACT_H

#include "money/rounding.h"

struct exact_wide;

/* Begin with EXACT_ZERO or exact_of; end with exact_deinit. A copy of the struct is the same value
 * and not another. */
struct exact {
    struct rational small;
    struct exact_wide *wide; /* NULL: the value is `small` */
};

#define EXACT_ZERO ((struct exact){RATIONAL_ZERO, NULL})

static inline struct exact exact_of(struct rational value)
{
    return (struct exact){value, NULL};
}

/* Leaves 0; twice is fine. */
void exact_deinit(struct exact *value);

/* Each changes `value`; out of memory ends the process. */
void exact_add(struct exact *value, const struct exact *other);
void exact_subtract(struct exact *value, const struct exact *other);
void exact_multiply(struct exact *value, const struct exact *other);

/* Adds a × b. */
void exact_add_product(struct exact *value, struct rational a, struct rational b);

/* value × num / den; den is not 0. */
void exact_scale(struct exact *value, struct rational num, struct rational den);

/* Makes `*out`, which is none yet, the same value. */
void exact_copy(const struct exact *value, struct exact *out);

/* Negative, 0 or positive. */
int exact_compare(const struct exact *a, const struct exact *b);

/* As a fraction. STATUS_OUT_OF_RANGE when it is none of 128 bits. */
enum status exact_value(const struct exact *value, struct rational *out) MUST_CHECK;

/* As a whole number of `step`s: see rational_round. */
enum status exact_round(const struct exact *value, struct rational step, enum rounding_mode mode,
                        int64_t *out) MUST_CHECK;

#endif
