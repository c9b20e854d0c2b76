/* Rows in their order against an array that is sorted and added up. `MILEPOST_SEED` repeats a run;
 * the seed is printed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "engine/ordered.h"

enum { PLACES = 200, STEPS = 20000 };

static uint64_t random_state;

static int32_t draw(int32_t below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (int32_t)((random_state >> 33) % (uint64_t)below);
}

static struct row_place place_at(int64_t at, const char *deal, const char *line, const char *role)
{
    return (struct row_place){.at = at,
                              .deal = slice_of(deal),
                              .line = slice_of(line),
                              .role = slice_of(role),
                              .row = slice_of(role)};
}

/* --- one total order --- */

/* Each stands before the next: (instant, deal id, line id, role, row id). */
static void rows_stand_by_instant_deal_line_and_role(void **state)
{
    (void)state;
    const struct row_place rising[] = {
        place_at(-5, "D-9", "9", "z"), place_at(0, "D-1", "", "a"),   place_at(0, "D-1", "", "b"),
        place_at(0, "D-1", "1", "a"),  place_at(0, "D-1", "10", "a"), place_at(0, "D-1", "2", "a"),
        place_at(0, "D-10", "", "a"),  place_at(0, "D-2", "", "a"),   place_at(1, "D-1", "", "a"),
    };
    enum { COUNT = sizeof rising / sizeof rising[0] };
    struct ordered rows = {0};
    struct wide_sum nothing = {0};
    struct ordered_reached reached;
    for (size_t i = COUNT; i-- > 0;)
        ordered_add(&rows, &rising[i], (int128)1 << i);
    /* The first k rows are worth 2^k - 1: each total tells which rows it is made of. */
    for (size_t k = 0; k < COUNT; k++) {
        int128 total;
        assert_true(ordered_first(&rows, &nothing, (int128)1 << k, false, &reached));
        assert_true(wide_sum_value(&reached.total, &total));
        assert_true(total == ((int128)2 << k) - 1);
        assert_true(reached.at == rising[k].at);
    }
    ordered_deinit(&rows);
}

/* --- reached and passed --- */

static void exactly_the_threshold_reaches_and_does_not_pass(void **state)
{
    (void)state;
    struct ordered rows = {0};
    struct wide_sum base = {0};
    struct ordered_reached reached;
    struct row_place first = place_at(10, "D-1", "", "a");
    struct row_place second = place_at(20, "D-2", "", "a");
    wide_sum_add(&base, 40);
    assert_false(ordered_first(&rows, &base, 1, false, &reached));
    ordered_add(&rows, &first, 60);
    assert_true(ordered_first(&rows, &base, 100, false, &reached));
    assert_int_equal(reached.at, 10);
    assert_false(ordered_first(&rows, &base, 100, true, &reached));
    assert_false(ordered_first(&rows, &base, 101, false, &reached));
    ordered_add(&rows, &second, 1);
    assert_true(ordered_first(&rows, &base, 100, true, &reached));
    assert_int_equal(reached.at, 20);
    ordered_deinit(&rows);
}

static void what_is_reached_stays_reached_when_later_rows_take_back(void **state)
{
    (void)state;
    struct ordered rows = {0};
    struct wide_sum base = {0};
    struct ordered_reached reached;
    struct row_place first = place_at(10, "D-1", "", "a");
    struct row_place before = place_at(9, "D-0", "", "a");
    struct row_place later = place_at(20, "D-2", "", "a");
    ordered_add(&rows, &first, 100);
    ordered_add(&rows, &later, -70);
    assert_true(ordered_first(&rows, &base, 100, false, &reached));
    assert_int_equal(reached.at, 10);
    ordered_add(&rows, &before, -1); /* and goes when an earlier one does */
    assert_false(ordered_first(&rows, &base, 100, false, &reached));
    ordered_deinit(&rows);
}

/* Totals beyond 128 bits are compared as they are. */
static void sums_beyond_128_bits_are_in_order(void **state)
{
    (void)state;
    const int128 most = (int128)(~(uint128)0 >> 1);
    struct ordered rows = {0};
    struct wide_sum base = {0};
    struct ordered_reached reached;
    int128 value;
    struct row_place places[] = {place_at(1, "D-1", "", "a"), place_at(2, "D-2", "", "a"),
                                 place_at(3, "D-3", "", "a")};
    ordered_add(&rows, &places[0], -most);
    ordered_add(&rows, &places[1], -most);
    ordered_add(&rows, &places[2], most);
    assert_false(ordered_first(&rows, &base, 1, false, &reached));
    wide_sum_add(&base, most);
    wide_sum_add(&base, most);
    assert_true(ordered_first(&rows, &base, 1, false, &reached));
    assert_int_equal(reached.at, 1);
    assert_true(wide_sum_value(&reached.total, &value));
    assert_true(value == most);
    ordered_deinit(&rows);
}

/* --- any rows in any order --- */

struct known {
    struct row_place place;
    char deal[8];
    char line[4];
    int128 part;
    bool is_there;
};

static int by_place(const void *a, const void *b)
{
    const struct known *first = a;
    const struct known *second = b;
    if (first->place.at != second->place.at)
        return first->place.at < second->place.at ? -1 : 1;
    int order = strcmp(first->deal, second->deal);
    return order ? order : strcmp(first->line, second->line);
}

static void fill(struct known *known)
{
    static const char *const roles[] = {"owner"};
    for (int i = 0; i < PLACES; i++) {
        struct known *one = &known[i];
        (void)snprintf(one->deal, sizeof one->deal, "D-%d", i / 2);
        (void)snprintf(one->line, sizeof one->line, "%d", i % 2);
        one->part = draw(2001) - 800;
        one->is_there = false;
        one->place = place_at(draw(20) - 10, "", "", roles[0]);
    }
    qsort(known, PLACES, sizeof *known, by_place);
    for (int i = 0; i < PLACES; i++) {
        known[i].place.deal = slice_of(known[i].deal);
        known[i].place.line = slice_of(known[i].line);
    }
}

static bool obvious_first(const struct known *known, int128 base, int128 least, bool is_passed,
                          int64_t *out_at, int128 *out_total)
{
    int128 total = base;
    for (int i = 0; i < PLACES; i++) {
        if (!known[i].is_there)
            continue;
        total += known[i].part;
        if (is_passed ? total > least : total >= least) {
            *out_at = known[i].place.at;
            *out_total = total;
            return true;
        }
    }
    return false;
}

static void ask(const struct ordered *rows, const struct known *known)
{
    int128 base = draw(500) - 250;
    int128 least = draw(20000) - 2000;
    bool is_passed = draw(2);
    int64_t at = 0;
    int128 total = 0;
    int128 found_total;
    struct wide_sum wide = {0};
    struct ordered_reached reached;
    wide_sum_add(&wide, base);
    bool wanted = obvious_first(known, base, least, is_passed, &at, &total);
    assert_int_equal(ordered_first(rows, &wide, least, is_passed, &reached), wanted);
    if (!wanted)
        return;
    assert_true(reached.at == at);
    assert_true(wide_sum_value(&reached.total, &found_total));
    assert_true(found_total == total);
}

static void any_rows_in_any_order_are_added_up_in_theirs(void **state)
{
    (void)state;
    static struct known known[PLACES];
    struct ordered rows = {0};
    fill(known);
    for (int step = 0; step < STEPS; step++) {
        struct known *one = &known[draw(PLACES)];
        if (one->is_there)
            ordered_remove(&rows, &one->place);
        else
            ordered_add(&rows, &one->place, one->part);
        one->is_there = !one->is_there;
        ask(&rows, known);
    }
    ordered_deinit(&rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_stand_by_instant_deal_line_and_role),
        cmocka_unit_test(exactly_the_threshold_reaches_and_does_not_pass),
        cmocka_unit_test(what_is_reached_stays_reached_when_later_rows_take_back),
        cmocka_unit_test(sums_beyond_128_bits_are_in_order),
        cmocka_unit_test(any_rows_in_any_order_are_added_up_in_theirs),
    };
    const char *given = getenv("MILEPOST_SEED");
    random_state = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    printf("MILEPOST_SEED=%llu\n", (unsigned long long)random_state);
    return cmocka_run_group_tests_name("engine.ordered", tests, NULL, NULL);
}
