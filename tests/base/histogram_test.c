/* Histograms: which bucket a value falls into. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/histogram.h"
#include "support/case.h"

static const struct counted {
    const char *label;
    const struct histogram_scale *scale;
    int64_t value;
    size_t bucket;
    int64_t sum;
} counted[] = {
    {"a bound belongs to its bucket", &histogram_ms, 5, 2, 5},
    {"what is above a bound is in the next bucket", &histogram_ms, 6, 3, 6},
    {"what is above the last bound is in the last bucket", &histogram_ms, 30001, HISTOGRAM_BOUNDS,
     30001},
    {"a clock that went back counts as 0", &histogram_ms, -1, 0, 0},
    {"microseconds begin with a hundred", &histogram_us, 100, 0, 100},
    {"pieces begin with one", &histogram_count, 2, 1, 2},
};

static void is_counted(void **state)
{
    const struct counted *row = *state;
    struct histogram histogram = {0};
    histogram_add(&histogram, row->scale, row->value);
    for (size_t i = 0; i <= HISTOGRAM_BOUNDS; i++)
        assert_int_equal(histogram.counts[i], i == row->bucket);
    assert_int_equal(histogram.sum, row->sum);
}

static void every_scale_rises(void **state)
{
    (void)state;
    const struct histogram_scale *scales[] = {&histogram_ms, &histogram_us, &histogram_count};
    for (size_t s = 0; s < 3; s++)
        for (size_t i = 1; i < HISTOGRAM_BOUNDS; i++)
            assert_true(scales[s]->bounds[i] > scales[s]->bounds[i - 1]);
}

static void merged_histograms_are_the_sum(void **state)
{
    (void)state;
    struct histogram both = {0};
    struct histogram other = {0};
    histogram_add(&both, &histogram_ms, 1);
    histogram_add(&other, &histogram_ms, 1);
    histogram_add(&other, &histogram_ms, 2);
    histogram_merge(&both, &other);
    assert_int_equal(both.counts[0], 2);
    assert_int_equal(both.counts[1], 1);
    assert_int_equal(both.sum, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scale_rises),
        cmocka_unit_test(merged_histograms_are_the_sum),
    };
    return RUN_CASES(counted, is_counted) + cmocka_run_group_tests(tests, NULL, NULL);
}
