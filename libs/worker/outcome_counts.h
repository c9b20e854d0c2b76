/* What became of rows, for each plan: a process's whole count. */
#ifndef MILEPOST_WORKER_OUTCOME_COUNTS_H
#define MILEPOST_WORKER_OUTCOME_COUNTS_H

#include "engine/fold.h"

/* Of more plans than that, and of names that are longer, the last row counts: `other`. */
enum { OUTCOME_PLANS_MAX = 256, OUTCOME_PLAN_BYTES = 128 };

struct outcome_count {
    char plan[OUTCOME_PLAN_BYTES]; /* ""; no plan was asked */
    int64_t counts[OUTCOME_COUNT];
};

/* Zero-valid; in the order of first use. */
struct outcome_counts {
    struct outcome_count *rows;
    size_t count;
};

void outcome_counts_deinit(struct outcome_counts *counts);

/* Adds what a fold says of a turn (plan_outcomes). Returns how many of its rows were duplicates. */
int64_t outcome_counts_add(struct outcome_counts *counts, struct list turn);
/* Makes `into` the same, in memory of its own. */
void outcome_counts_copy(struct outcome_counts *into, const struct outcome_counts *from);
void outcome_counts_merge(struct outcome_counts *into, const struct outcome_counts *from);

#endif
