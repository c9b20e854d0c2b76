#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "engine/store.h"

enum { KEYS = 3000, STEPS = 60000 };

/* The obvious store: one optional value for each of a fixed set of keys, in byte order. */
struct model {
    char keys[KEYS][24];
    char values[KEYS][24]; /* "" is absent */
};

static uint64_t random_state;

static uint32_t draw(uint32_t below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % below;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void fill_keys(struct model *model)
{
    for (int i = 0; i < KEYS; i++) {
        const char *prefix = i % 3 == 0 ? "deal:D-" : i % 3 == 1 ? "person:" : "p";
        snprintf(model->keys[i], sizeof model->keys[i], "%s%d", prefix, i * 7919 % 100003);
    }
    qsort(model->keys, KEYS, sizeof model->keys[0], by_bytes);
}

static void check_equal(const struct store *store, const struct model *model)
{
    struct store_cursor cursor;
    const struct row *row = store_first(store, (struct slice){NULL, 0}, false, &cursor);
    size_t count = 0;
    for (int i = 0; i < KEYS; i++) {
        const struct row *found = store_find(store, slice_of(model->keys[i]));
        if (model->values[i][0] == '\0') {
            assert_null(found);
            continue;
        }
        assert_non_null(found);
        assert_ptr_equal(found, row);
        assert_true(slice_equal(row_value(row), slice_of(model->values[i])));
        row = store_next(&cursor);
        count++;
    }
    assert_null(row);
    assert_int_equal(store_rows(store), count);
}

static void change(struct store *store, struct model *model)
{
    uint32_t i = draw(KEYS);
    if (draw(4) == 0) {
        store_remove(store, slice_of(model->keys[i]));
        model->values[i][0] = '\0';
        return;
    }
    snprintf(model->values[i], sizeof model->values[i], "v%u", draw(50));
    store_put(store, slice_of(model->keys[i]), slice_of(model->values[i]));
}

static void holds_what_was_put_and_an_undone_turn_leaves_no_trace(void **state)
{
    (void)state;
    random_state = 20261124;
    struct model *model = calloc(1, sizeof *model);
    struct model *before = calloc(1, sizeof *before);
    struct store *store = store_new();
    assert_non_null(model);
    assert_non_null(before);
    fill_keys(model);
    for (int step = 0; step < STEPS;) {
        *before = *model;
        store_turn_begin(store);
        for (uint32_t left = draw(300); left > 0; left--, step++)
            change(store, model);
        if (draw(3) == 0) {
            store_turn_undo(store, NULL, NULL);
            *model = *before;
        } else {
            store_turn_keep(store);
        }
        if (draw(20) == 0)
            check_equal(store, model);
    }
    check_equal(store, model);
    store_free(store);
    free(model);
    free(before);
}

/* New least keys, over and over: what the leftmost leaf splits off stays behind its own bound. */
static void keeps_its_order_when_keys_come_descending(void **state)
{
    (void)state;
    struct store *store = store_new();
    for (int i = 20000; i > 0; i--) {
        char key[32];
        int length = snprintf(key, sizeof key, "person:p%06d", i ^ (i % 7 == 0 ? 4096 : 0));
        store_load(store, (struct slice){key, (size_t)length}, SLICE("1"), 1);
    }
    struct store_cursor cursor;
    const struct row *row = store_first(store, (struct slice){NULL, 0}, false, &cursor);
    const struct row *before = NULL;
    for (; row; before = row, row = store_next(&cursor)) {
        assert_true(!before || slice_compare(row_key(before), row_key(row)) < 0);
        assert_ptr_equal(store_find(store, row_key(row)), row);
    }
    store_free(store);
}

static void lists_each_changed_key_and_its_last_value(void **state)
{
    (void)state;
    struct store *store = store_new();
    store_load(store, SLICE("a"), SLICE("1"), 3);
    store_load(store, SLICE("b"), SLICE("1"), 3);
    store_turn_begin(store);
    store_put(store, SLICE("a"), SLICE("1")); /* equal: no change */
    store_put(store, SLICE("b"), SLICE("2"));
    store_put(store, SLICE("b"), SLICE("3"));
    store_put(store, SLICE("c"), SLICE("1"));
    store_remove(store, SLICE("c"));
    assert_int_equal(store_changed_count(store), 2);
    struct slice key;
    const struct row *row = store_changed(store, 0, &key);
    assert_true(slice_equal(key, SLICE("b")));
    assert_true(slice_equal(row_value(row), SLICE("3")));
    assert_int_equal(row->stamp, 0);
    store_stamp(store, 0, 9);
    assert_int_equal(row->stamp, 9);
    assert_null(store_changed(store, 1, &key));
    assert_true(slice_equal(key, SLICE("c")));
    store_turn_undo(store, NULL, NULL);
    assert_int_equal(store_find(store, SLICE("b"))->stamp, 3);
    store_free(store);
}

static void seeks_the_first_key_at_or_after(void **state)
{
    (void)state;
    struct store *store = store_new();
    assert_null(store_seek(store, SLICE("a"), false));
    store_load(store, SLICE("b"), SLICE(""), 1);
    store_load(store, SLICE("bb"), SLICE(""), 1);
    assert_true(slice_equal(row_key(store_seek(store, SLICE("a"), true)), SLICE("b")));
    assert_true(slice_equal(row_key(store_seek(store, SLICE("b"), false)), SLICE("b")));
    assert_true(slice_equal(row_key(store_seek(store, SLICE("b"), true)), SLICE("bb")));
    assert_null(store_seek(store, SLICE("bb"), true));
    store_free(store);
}

/* A restore reads rows in the order of the walk: from somewhere in the middle, then around. */
static void finds_every_key_once_when_smaller_keys_come_later(void **state)
{
    (void)state;
    static struct model model;
    fill_keys(&model);
    static const int begins[] = {0, 1, KEYS / 2, KEYS - 1};
    for (size_t b = 0; b < sizeof begins / sizeof begins[0]; b++) {
        for (int descending = 0; descending < 2; descending++) {
            struct store *store = store_new();
            for (int round = 0; round < 2; round++)
                for (int i = 0; i < KEYS; i++) {
                    int at = (begins[b] + (descending ? KEYS - i : i)) % KEYS;
                    snprintf(model.values[at], sizeof model.values[at], "%d/%d", round, at);
                    store_load(store, slice_of(model.keys[at]), slice_of(model.values[at]), 1);
                }
            check_equal(store, &model);
            store_free(store);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_what_was_put_and_an_undone_turn_leaves_no_trace),
        cmocka_unit_test(keeps_its_order_when_keys_come_descending),
        cmocka_unit_test(lists_each_changed_key_and_its_last_value),
        cmocka_unit_test(seeks_the_first_key_at_or_after),
        cmocka_unit_test(finds_every_key_once_when_smaller_keys_come_later),
    };
    return cmocka_run_group_tests_name("engine.store", tests, NULL, NULL);
}
