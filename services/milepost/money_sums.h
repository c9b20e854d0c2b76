/* Money of two sides, added up under names: per participant, per component, per currency. */
#ifndef MILEPOST_MILEPOST_MONEY_SUMS_H
#define MILEPOST_MILEPOST_MONEY_SUMS_H

#include "base/decimal.h"

struct money_sum {
    struct slice name;  /* participant, plan, or empty */
    struct slice other; /* component, or empty */
    struct slice currency;
    int places; /* that money is shown with: the most of those added */
    struct decimal sides[2];
};

/* Zero-valid. */
struct money_sums {
    struct money_sum *items;
    size_t count;
    size_t capacity;
};

/* Text is borrowed. */
void money_sums_add(struct money_sums *sums, const struct money_sum *more);
/* One item for each (name, other, currency), sorted by them. */
void money_sums_settle(struct money_sums *sums);
/* Sorted by what the second side has more than the first, most first; of equals by name. */
void money_sums_by_difference(struct money_sums *sums);
void money_sums_deinit(struct money_sums *sums);

static inline struct decimal money_sum_difference(const struct money_sum *sum)
{
    return (struct decimal){sum->sides[1].units - sum->sides[0].units};
}

#endif
