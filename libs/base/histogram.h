/* How long something took, or how large it was, counted by bounds; kept by one thread, copied to
 * readers. */
#ifndef MILEPOST_BASE_HISTOGRAM_H
#define MILEPOST_BASE_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

enum { HISTOGRAM_BOUNDS = 14 };

/* Rising; what is above the last counts in the last bucket. */
struct histogram_scale {
    int64_t bounds[HISTOGRAM_BOUNDS];
};

extern const struct histogram_scale histogram_ms;    /* 1 ms to 30 s */
extern const struct histogram_scale histogram_us;    /* 100 µs to 5 s, in microseconds */
extern const struct histogram_scale histogram_count; /* 1 to 50,000 pieces */

/* Zero-valid. All values of one are on one scale. */
struct histogram {
    int64_t counts[HISTOGRAM_BOUNDS + 1]; /* each bucket alone, not cumulated */
    int64_t sum;
};

/* A bound belongs to its bucket; a value below 0 counts as 0. */
void histogram_add(struct histogram *histogram, const struct histogram_scale *scale, int64_t value);
void histogram_merge(struct histogram *into, const struct histogram *other);

#endif
