/* Sums that no order of their parts can overflow on the way: 192 bits for parts of 128. */
#ifndef MILEPOST_ENGINE_SUMS_H
#define MILEPOST_ENGINE_SUMS_H

#include "money/rational.h"

struct wide_sum {
    uint128 low;
    int64_t high;
};

static inline void wide_sum_add(struct wide_sum *sum, int128 part)
{
    uint128 before = sum->low;
    sum->low += (uint128)part;
    sum->high += (part < 0 ? -1 : 0) + (sum->low < before);
}

static inline void wide_sum_subtract(struct wide_sum *sum, int128 part)
{
    uint128 before = sum->low;
    sum->low -= (uint128)part;
    sum->high -= (part < 0 ? -1 : 0) + (sum->low > before);
}

/* Adds, or takes away, what another one has summed. */
static inline void wide_sum_give(struct wide_sum *sum, const struct wide_sum *other)
{
    uint128 before = sum->low;
    sum->low += other->low;
    sum->high += other->high + (sum->low < before);
}

static inline void wide_sum_take(struct wide_sum *sum, const struct wide_sum *other)
{
    uint128 before = sum->low;
    sum->low -= other->low;
    sum->high -= other->high + (sum->low > before);
}

/* Adds part × factor, exactly: |factor| < 2^60, so that the product has 188 bits at most. */
void wide_sum_add_product(struct wide_sum *sum, int128 part, int64_t factor);

/* Adds other × factor: false, with nothing added, when the product has 168 bits or more, so that no
 * number of products can overflow the sum. */
bool wide_sum_add_scaled(struct wide_sum *sum, const struct wide_sum *other,
                         int64_t factor) MUST_CHECK;

/* The sum / den, den > 0: false when it does not fit in 128 bits with powers of ten cancelled. */
bool wide_sum_fraction(const struct wide_sum *sum, int128 den, struct rational *out);

/* The sum, when it is within |INT128_MAX|. */
static inline bool wide_sum_value(const struct wide_sum *sum, int128 *out)
{
    int128 value = (int128)sum->low;
    if (sum->high != (value < 0 ? -1 : 0) || value < -INT128_MAX)
        return false;
    *out = value;
    return true;
}

#endif
