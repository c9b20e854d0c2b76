/* How long something took, counted by bounds; kept by one thread, copied to readers. */
#ifndef MILEPOST_OPS_HISTOGRAM_H
#define MILEPOST_OPS_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

enum { HISTOGRAM_BOUNDS = 14 };

/* Milliseconds, rising; what is longer than the last counts in the last bucket. */
extern const int64_t histogram_bounds_ms[HISTOGRAM_BOUNDS];

/* Zero-valid. */
struct histogram {
    int64_t counts[HISTOGRAM_BOUNDS + 1]; /* each bucket alone, not cumulated */
    int64_t sum_ms;
};

/* A bound belongs to its bucket; `ms` below 0 counts as 0. */
void histogram_add(struct histogram *histogram, int64_t ms);
void histogram_merge(struct histogram *into, const struct histogram *other);

#endif
