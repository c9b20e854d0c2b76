/* One random company through both folds, against the obvious evaluator. */
#ifndef MILEPOST_TESTS_COMPARE_H
#define MILEPOST_TESTS_COMPARE_H

#include "worker/company.h"

struct compared {
    size_t totals; /* evaluations: of a plan's component for one participant and window */
    size_t nonzero;
};

/* Feeds what is not left out, in the order, chunks, duplicates and turns that `seed` says, and
 * compares the totals of all committed payouts with what the books are worth. Appends a line for
 * each difference to `out`; none: they agree. */
void compare_company(const struct company *company, uint64_t seed, struct compared *out_counts,
                     struct buffer *out);

/* Leaves out of `company`, whose comparison with `seed` differs, whatever may be left out so that
 * it still differs: facts, and components of plans. Returns how many comparisons that took. */
size_t shrink_company(struct company *company, uint64_t seed);

#endif
