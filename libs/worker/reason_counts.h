/* How often something was refused, by reason: the word before the colon in `reason: sentence`. */
#ifndef MILEPOST_WORKER_REASON_COUNTS_H
#define MILEPOST_WORKER_REASON_COUNTS_H

#include "base/slice.h"

/* A word that is longer, has another form or comes after the first so many counts as `other`. */
enum { REASON_COUNTS_MAX = 24, REASON_COUNTS_BYTES = 24 };

struct reason_count {
    char reason[REASON_COUNTS_BYTES];
    int64_t count;
};

/* Zero-valid; in the order of first use. */
struct reason_counts {
    struct reason_count rows[REASON_COUNTS_MAX];
    size_t count;
};

void reason_counts_add(struct reason_counts *counts, struct slice reason, int64_t times);
void reason_counts_merge(struct reason_counts *into, const struct reason_counts *from);

#endif
