#include "engine/sums.h"

#include <assert.h>

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

/* A tenth of the sum, when that is whole. */
static bool divide_by_ten(struct wide_sum *sum)
{
    bool is_negative = sum->high < 0;
    struct wide_sum size = {0};
    if (is_negative)
        wide_sum_take(&size, sum);
    else
        size = *sum;
    uint64_t limbs[3] = {(uint64_t)size.high, (uint64_t)(size.low >> 64), (uint64_t)size.low};
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
