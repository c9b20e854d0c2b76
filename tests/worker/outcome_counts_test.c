/* Outcomes by plan: one row for each plan, and one for all that are too many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "worker/outcome_counts.h"

static void add(struct outcome_counts *counts, const char *plan)
{
    struct plan_outcomes turn = {slice_of(plan), {[OUTCOME_VALUED] = 1}};
    assert_int_equal(outcome_counts_add(counts, (struct list){&turn, 1}), 0);
}

static void plans_add_up_in_any_order(void **state)
{
    (void)state;
    struct outcome_counts counts = {0};
    struct outcome_counts copy = {0};
    add(&counts, "a");
    add(&counts, "b");
    struct plan_outcomes turn[] = {{SLICE("b"), {[OUTCOME_VALUED] = 2, [OUTCOME_DUPLICATE] = 3}},
                                   {SLICE("unused"), {0}},
                                   {SLICE("a"), {[OUTCOME_DUPLICATE] = 4}}};
    assert_int_equal(outcome_counts_add(&counts, (struct list){turn, 3}), 7);
    outcome_counts_merge(&counts, &counts);
    outcome_counts_copy(&copy, &counts);
    assert_int_equal(copy.count, 2);
    assert_string_equal(copy.rows[0].plan, "a");
    assert_int_equal(copy.rows[0].counts[OUTCOME_VALUED], 2);
    assert_int_equal(copy.rows[0].counts[OUTCOME_DUPLICATE], 8);
    assert_int_equal(copy.rows[1].counts[OUTCOME_VALUED], 6);
    outcome_counts_deinit(&counts);
    outcome_counts_deinit(&copy);
}

static void plans_beyond_the_last_are_other(void **state)
{
    (void)state;
    struct outcome_counts counts = {0};
    for (int i = 0; i < OUTCOME_PLANS_MAX + 3; i++) {
        char plan[16];
        (void)snprintf(plan, sizeof plan, "plan-%d", i);
        add(&counts, plan);
    }
    assert_int_equal(counts.count, OUTCOME_PLANS_MAX);
    assert_string_equal(counts.rows[OUTCOME_PLANS_MAX - 2].plan, "plan-254");
    assert_string_equal(counts.rows[OUTCOME_PLANS_MAX - 1].plan, "other");
    assert_int_equal(counts.rows[OUTCOME_PLANS_MAX - 1].counts[OUTCOME_VALUED], 4);
    outcome_counts_deinit(&counts);
}

static void a_name_is_never_cut(void **state)
{
    (void)state;
    struct outcome_counts counts = {0};
    char fits[OUTCOME_PLAN_BYTES];
    char is_longer[OUTCOME_PLAN_BYTES + 1];
    memset(fits, 'a', sizeof fits - 1);
    memset(is_longer, 'a', sizeof is_longer - 1);
    fits[sizeof fits - 1] = is_longer[sizeof is_longer - 1] = '\0';
    add(&counts, fits);
    add(&counts, is_longer);
    assert_int_equal(counts.count, 2);
    assert_string_equal(counts.rows[0].plan, fits);
    assert_string_equal(counts.rows[1].plan, "other");
    outcome_counts_deinit(&counts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_add_up_in_any_order),
        cmocka_unit_test(plans_beyond_the_last_are_other),
        cmocka_unit_test(a_name_is_never_cut),
    };
    return cmocka_run_group_tests_name("worker.outcome_counts", tests, NULL, NULL);
}
