/* What is counted under which reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "support/case.h"
#include "worker/reason_counts.h"

static const struct word {
    const char *label;
    const char *reason;
    const char *counted;
} words[] = {
    {"a word counts as itself", "id-conflict", "id-conflict"},
    {"the longest word counts as itself", "abcdefghijklmnopqrstuvw", "abcdefghijklmnopqrstuvw"},
    {"a longer one is other", "abcdefghijklmnopqrstuvwx", "other"},
    {"a sentence is other", "no such thing", "other"},
    {"what would break a label is other", "bad\"id", "other"},
    {"nothing is other", "", "other"},
};

static void is_counted(void **state)
{
    const struct word *row = *state;
    struct reason_counts counts = {0};
    reason_counts_add(&counts, slice_of(row->reason), 2);
    reason_counts_add(&counts, slice_of(row->reason), 1);
    assert_int_equal(counts.count, 1);
    assert_string_equal(counts.rows[0].reason, row->counted);
    assert_int_equal(counts.rows[0].count, 3);
}

static void reasons_beyond_the_last_place_are_other(void **state)
{
    (void)state;
    struct reason_counts counts = {0};
    for (int i = 0; i < 26; i++) {
        char word[2] = {(char)('a' + i), 0};
        reason_counts_add(&counts, slice_of(word), 1);
    }
    assert_int_equal(counts.count, REASON_COUNTS_MAX);
    assert_string_equal(counts.rows[REASON_COUNTS_MAX - 2].reason, "w");
    assert_string_equal(counts.rows[REASON_COUNTS_MAX - 1].reason, "other");
    assert_int_equal(counts.rows[REASON_COUNTS_MAX - 1].count, 3);
}

static void merging_adds_reason_by_reason(void **state)
{
    (void)state;
    struct reason_counts into = {0};
    struct reason_counts from = {0};
    reason_counts_add(&into, SLICE("magic"), 1);
    reason_counts_add(&from, SLICE("twice"), 4);
    reason_counts_add(&from, SLICE("magic"), 2);
    reason_counts_merge(&into, &from);
    assert_int_equal(into.count, 2);
    assert_int_equal(into.rows[0].count, 3);
    assert_int_equal(into.rows[1].count, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reasons_beyond_the_last_place_are_other),
        cmocka_unit_test(merging_adds_reason_by_reason),
    };
    return RUN_CASES(words, is_counted) + cmocka_run_group_tests(tests, NULL, NULL);
}
