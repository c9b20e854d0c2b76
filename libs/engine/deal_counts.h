/* How many deal books there are, and what they wait for: kept as rows change, counted once from the
 * store when a state has come. */
#ifndef MILEPOST_ENGINE_DEAL_COUNTS_H
#define MILEPOST_ENGINE_DEAL_COUNTS_H

#include "engine/row_io.h"

/* Zero-valid: to be counted. */
struct deal_counts {
    bool is_known;
    int64_t books;
    int64_t dealless; /* of them, those with payments or milestones alone */
    int64_t waiting;  /* deals whose credits wait */
    int64_t held;     /* … of them, on hold */
};

/* A deal that disagrees with its links though nothing is queued waits with this word. */
#define DEAL_HELD SLICE("differs")

/* The deal's row is about to become `row`; `before` is what stands, or NULL. Until the counts are
 * known nothing is counted, here and below. */
void deal_counts_change(struct deal_counts *counts, struct row_io *io,
                        const struct deal_row *before, const struct deal_row *row);

/* A payment or milestone is about to be put under `key` for the first time. */
void deal_counts_add(struct deal_counts *counts, struct row_io *io, struct slice key);

/* Counts all rows of the store. CORRUPT: one cannot be read; the counts stay unknown. */
enum status deal_counts_learn(struct deal_counts *counts, struct row_io *io,
                              char *detail) MUST_CHECK;

#endif
