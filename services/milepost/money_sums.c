#include "milepost/money_sums.h"

#include <stdlib.h>

void money_sums_add(struct money_sums *sums, const struct money_sum *more)
{
    if (sums->count == sums->capacity) {
        sums->capacity = sums->capacity ? sums->capacity * 2 : 64;
        sums->items = realloc(sums->items, sums->capacity * sizeof *sums->items);
        if (!sums->items)
            abort();
    }
    sums->items[sums->count++] = *more;
}

static int by_name(const void *a, const void *b)
{
    const struct money_sum *one = a;
    const struct money_sum *other = b;
    int order = slice_compare(one->name, other->name);
    if (order == 0)
        order = slice_compare(one->other, other->other);
    return order ? order : slice_compare(one->currency, other->currency);
}

static int by_difference(const void *a, const void *b)
{
    int128 one = money_sum_difference(a).units;
    int128 other = money_sum_difference(b).units;
    return one != other ? (one > other ? -1 : 1) : by_name(a, b);
}

void money_sums_settle(struct money_sums *sums)
{
    size_t kept = 0;
    if (sums->count)
        qsort(sums->items, sums->count, sizeof *sums->items, by_name);
    for (size_t i = 0; i < sums->count; i++) {
        const struct money_sum *one = &sums->items[i];
        struct money_sum *last = kept > 0 ? &sums->items[kept - 1] : NULL;
        if (!last || by_name(last, one) != 0) {
            sums->items[kept++] = *one;
            continue;
        }
        last->places = one->places > last->places ? one->places : last->places;
        last->sides[0].units += one->sides[0].units;
        last->sides[1].units += one->sides[1].units;
    }
    sums->count = kept;
}

void money_sums_by_difference(struct money_sums *sums)
{
    if (sums->count)
        qsort(sums->items, sums->count, sizeof *sums->items, by_difference);
}

void money_sums_deinit(struct money_sums *sums)
{
    free(sums->items);
    *sums = (struct money_sums){0};
}
