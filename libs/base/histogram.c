#include "ops/histogram.h"

const int64_t histogram_bounds_ms[HISTOGRAM_BOUNDS] = {1,   2,   5,    10,   20,   50,    100,
                                                       200, 500, 1000, 2000, 5000, 10000, 30000};

void histogram_add(struct histogram *histogram, int64_t ms)
{
    size_t bucket = 0;
    if (ms < 0)
        ms = 0;
    while (bucket < HISTOGRAM_BOUNDS && ms > histogram_bounds_ms[bucket])
        bucket++;
    histogram->counts[bucket]++;
    histogram->sum_ms += ms;
}

void histogram_merge(struct histogram *into, const struct histogram *other)
{
    for (size_t i = 0; i <= HISTOGRAM_BOUNDS; i++)
        into->counts[i] += other->counts[i];
    into->sum_ms += other->sum_ms;
}
