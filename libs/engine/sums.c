#include "engine/sums.h"

#include <assert.h>

#define PRODUCT_HIGH_MAX (UINT64_C(1) << 40)

void wide_sum_add_product(struct wide_sum *sum, int128 part, int64_t factor)
{
    bool is_negative = (part < 0) != (factor < 0);
    uint128 a = part < 0 ? -(uint128)part : (uint128)part;
    uint64_t b = factor < 0 ? -(uint64_t)factor : (uint64_t)factor;
    uint128 below = (uint128)(uint64_t)a * b;
    uint128 above = (a >> 64) * b + (below >> 64);
    struct wide_sum product = {above << 64 | (uint64_t)below, (int64_t)(above >> 64)};
    if (is_negative)
        wide_sum_take(sum, &product);
    else
        wide_sum_give(sum, &product);
}

/* |sum|, as limbs of 64 bits, the highest first. */
static bool magnitude(const struct wide_sum *sum, uint64_t limbs[3])
{
    bool is_negative = sum->high < 0;
    struct wide_sum size = {0};
    if (is_negative)
        wide_sum_take(&size, sum);
    else
        size = *sum;
    limbs[0] = (uint64_t)size.high;
    limbs[1] = (uint64_t)(size.low >> 64);
    limbs[2] = (uint64_t)size.low;
    return is_negative;
}

bool wide_sum_add_scaled(struct wide_sum *sum, const struct wide_sum *other, int64_t factor)
{
    uint64_t limbs[3];
    bool is_negative = magnitude(other, limbs) != (factor < 0);
    uint64_t by = factor < 0 ? -(uint64_t)factor : (uint64_t)factor;
    uint128 carry = 0;
    for (int i = 2; i >= 0; i--) {
        carry += (uint128)limbs[i] * by;
        limbs[i] = (uint64_t)carry;
        carry >>= 64;
    }
    if (carry != 0 || limbs[0] >= PRODUCT_HIGH_MAX)
        return false;
    struct wide_sum product = {(uint128)limbs[1] << 64 | limbs[2], (int64_t)limbs[0]};
    if (is_negative)
        wide_sum_take(sum, &product);
    else
        wide_sum_give(sum, &product);
    return true;
}

/* A tenth of the sum, when that is whole. */
static bool divide_by_ten(struct wide_sum *sum)
{
    uint64_t limbs[3];
    bool is_negative = magnitude(sum, limbs);
    uint128 rest = 0;
    for (int i = 0; i < 3; i++) {
        uint128 whole = rest << 64 | limbs[i];
        limbs[i] = (uint64_t)(whole / 10);
        rest = whole % 10;
    }
    if (rest != 0)
        return false;
    struct wide_sum tenth = {(uint128)limbs[1] << 64 | limbs[2], (int64_t)limbs[0]};
    *sum = (struct wide_sum){0};
    if (is_negative)
        wide_sum_take(sum, &tenth);
    else
        *sum = tenth;
    return true;
}

bool wide_sum_fraction(const struct wide_sum *sum, int128 den, struct rational *out)
{
    struct wide_sum rest = *sum;
    int128 num;
    assert(den > 0);
    while (!wide_sum_value(&rest, &num)) {
        if (den % 10 != 0 || !divide_by_ten(&rest))
            return false;
        den /= 10;
    }
    *out = (struct rational){num, den};
    return true;
}
