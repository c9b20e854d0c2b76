#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "worker/journal_walk.h"
#include "worker/spine.h"

static void put_random(struct journal_walk *walk, uint64_t keys, size_t value_bytes)
{
    char key[32];
    char value[4096];
    assert_true(value_bytes <= sizeof value);
    int length = snprintf(key, sizeof key, "deal:D-%06llu",
                          (unsigned long long)journal_walk_draw(walk, keys));
    for (size_t i = 0; i < value_bytes; i++)
        value[i] = (char)journal_walk_draw(walk, 256);
    struct slice at = {key, (size_t)length};
    if (journal_walk_draw(walk, 5) == 0)
        store_remove(walk->store, at);
    else
        store_put(walk->store, at, (struct slice){value, value_bytes});
}

static void expect_restores(const struct journal_walk *walk)
{
    char detail[DETAIL_BYTES] = "";
    bool equal;
    enum status status = journal_walk_restore(walk, SIZE_MAX, &equal, detail);
    if (status)
        fail_msg("turn %lld: %s", (long long)walk->small.turn, detail);
    assert_true(equal);
}

static void a_restore_from_begin_gives_back_every_row(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct journal_walk walk;
        journal_walk_init(&walk, spine_group_schemas, seed);
        for (int turn = 0; turn < 150; turn++) {
            journal_walk_begin(&walk);
            for (uint64_t left = journal_walk_draw(&walk, 12); left > 0; left--)
                put_random(&walk, 200, 40);
            journal_walk_commit(&walk);
            if (turn % 10 == 0)
                expect_restores(&walk);
        }
        assert_true(walk.rounds_whole > 2);
        journal_walk_deinit(&walk);
    }
}

static void a_turn_larger_than_a_record_travels_in_parts(void **state)
{
    (void)state;
    struct journal_walk walk;
    journal_walk_init(&walk, spine_group_schemas, 3);
    for (int turn = 0; turn < 4; turn++) {
        journal_walk_begin(&walk);
        for (int i = 0; i < 500; i++)
            put_random(&walk, 100000, 4000);
        journal_walk_commit(&walk);
    }
    assert_true(walk.page_count > 8);
    expect_restores(&walk);
    journal_walk_deinit(&walk);
}

/* The cursor stands in the envelope, which then has no room before the only record's body. */
static void a_cursor_of_any_length_travels(void **state)
{
    (void)state;
    for (size_t length = 100; length <= 2000; length += 50) {
        struct journal_walk walk;
        journal_walk_init(&walk, spine_group_schemas, length);
        for (int turn = 0; turn < 6; turn++) {
            journal_walk_begin(&walk);
            for (int i = 0; i < 4; i++) {
                char key[2000];
                memset(key, 'k', sizeof key);
                key[0] = (char)('a' + (turn * 7 + i * 5) % 26);
                char value[300] = "";
                store_put(walk.store, (struct slice){key, length},
                          (struct slice){value, sizeof value});
            }
            journal_walk_commit(&walk);
            expect_restores(&walk);
        }
        journal_walk_deinit(&walk);
    }
}

static void any_missing_record_stops_the_restore(void **state)
{
    (void)state;
    struct journal_walk walk;
    journal_walk_init(&walk, spine_group_schemas, 5);
    for (int turn = 0; turn < 30; turn++) {
        journal_walk_begin(&walk);
        for (int i = 0; i < 3; i++)
            put_random(&walk, 1000, 30);
        journal_walk_commit(&walk);
    }
    size_t first = 0;
    while (walk.pages[first].offset < walk.small.walk.begin)
        first++;
    for (size_t skip = first + 1; skip < walk.page_count; skip++) {
        char detail[DETAIL_BYTES];
        bool equal;
        assert_int_equal(journal_walk_restore(&walk, skip, &equal, detail), STATUS_CORRUPT);
    }
    journal_walk_deinit(&walk);
}

/* Rule 6: without passing over, rows inserted ahead of the cursor as fast as it walks would never
 * let a round end. Six and four times the state are the rule's own bounds. */
static void rounds_end_under_an_insert_only_load_and_a_restore_stays_short(void **state)
{
    (void)state;
    struct journal_walk walk;
    journal_walk_init(&walk, spine_group_schemas, 9);
    uint64_t next = 0;
    size_t worst = 0;
    for (int turn = 0; turn < 4000; turn++) {
        journal_walk_begin(&walk);
        for (int i = 0; i < 10; i++) {
            char key[32];
            char value[64];
            int length = snprintf(key, sizeof key, "deal:D-%08llu", (unsigned long long)next++);
            for (size_t k = 0; k < sizeof value; k++)
                value[k] = (char)journal_walk_draw(&walk, 256);
            store_put(walk.store, (struct slice){key, (size_t)length},
                      (struct slice){value, sizeof value});
        }
        journal_walk_commit(&walk);
        size_t times = journal_walk_bytes(&walk) * 10 / (store_bytes(walk.store) + 1);
        if (turn > 200 && times > worst)
            worst = times;
    }
    print_message("a restore read at most %zu.%zu times the state; %lld rounds\n", worst / 10,
                  worst % 10, (long long)walk.rounds_whole);
    assert_true(walk.rounds_whole > 3);
    assert_true(worst <= 60);
    expect_restores(&walk);
    journal_walk_deinit(&walk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_restore_from_begin_gives_back_every_row),
        cmocka_unit_test(a_turn_larger_than_a_record_travels_in_parts),
        cmocka_unit_test(a_cursor_of_any_length_travels),
        cmocka_unit_test(any_missing_record_stops_the_restore),
        cmocka_unit_test(rounds_end_under_an_insert_only_load_and_a_restore_stays_short),
    };
    return cmocka_run_group_tests_name("worker.journal", tests, spine_open_schemas,
                                       spine_close_schemas);
}
