#include "base/histogram.h"

const struct histogram_scale histogram_ms = {
    {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 30000}};
const struct histogram_scale histogram_us = {{100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000,
                                              100000, 200000, 500000, 1000000, 5000000}};
const struct histogram_scale histogram_count = {
    {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000}};

void histogram_add(struct histogram *histogram, const struct histogram_scale *scale, int64_t value)
{
    size_t bucket = 0;
    if (value < 0)
        value = 0;
    while (bucket < HISTOGRAM_BOUNDS && value > scale->bounds[bucket])
        bucket++;
    histogram->counts[bucket]++;
    histogram->sum += value;
}

void histogram_merge(struct histogram *into, const struct histogram *other)
{
    for (size_t i = 0; i <= HISTOGRAM_BOUNDS; i++)
        into->counts[i] += other->counts[i];
    into->sum += other->sum;
}
