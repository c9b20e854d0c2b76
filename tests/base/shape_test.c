/* What the content of a struct is, byte by byte, and what makes two of them say the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/shape.h"

struct pair {
    struct slice key;
    struct text_or_decimal value;
};

static const struct shape_field pair_fields[] = {
    SHAPE_FIELD(struct pair, key, SHAPE_TEXT),
    SHAPE_FIELD(struct pair, value, SHAPE_TEXT_OR_DECIMAL),
};
static const struct shape pair_shape = SHAPE_OF(pair, "Pair", pair_fields);

struct thing {
    struct slice id;
    struct slice name;
    bool is_large;
    int32_t day;
    int64_t at;
    bool has_amount;
    struct decimal amount;
    struct list map;
    struct list texts;
};

static const struct shape_field thing_fields[] = {
    SHAPE_IDENTITY(struct thing, id, SHAPE_TEXT),
    SHAPE_OPTIONAL_TEXT(struct thing, name),
    SHAPE_FIELD(struct thing, is_large, SHAPE_BOOL),
    SHAPE_FIELD(struct thing, day, SHAPE_DATE),
    SHAPE_FIELD(struct thing, at, SHAPE_INSTANT),
    SHAPE_OPTIONAL(struct thing, amount, SHAPE_DECIMAL),
    SHAPE_NESTED(struct thing, map, SHAPE_MAP, &pair_shape),
    SHAPE_NESTED(struct thing, texts, SHAPE_LIST, NULL),
};
static const struct shape thing_shape = SHAPE_OF(thing, "Thing", thing_fields);

/* Hashes of it are kept in state. */
static void content_is_presence_then_sizes_and_values(void **state)
{
    (void)state;
    struct pair pairs[] = {
        {SLICE("b"), {.text = SLICE("x")}},
        {SLICE("a"), {.is_decimal = true, .decimal = {5}}},
    };
    struct slice texts[] = {SLICE("t"), SLICE("")};
    const struct thing thing = {.id = SLICE("not content"),
                                .is_large = true,
                                .day = 0x01020304,
                                .at = 7,
                                .has_amount = true,
                                .amount = {-2},
                                .map = {pairs, 2},
                                .texts = {texts, 2}};
    static const unsigned char expected[] = {
        0,                                       /* name */
        1, 1,                                    /* is_large */
        1, 4,   3,   2,   1,                     /* day */
        1, 7,   0,   0,   0,   0,   0,   0,   0, /* at */
        1, 254, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        1, 2,   0,   0,   0,   0,   0,   0,   0, /* map */
        1, 1,   0,   0,   0,   0,   0,   0,   0,   'a', 1,   1,   5,   0,   0,   0,   0,
        0, 0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   1,   1,   0,   0,   0,   0,
        0, 0,   0,   'b', 1,   0,   1,   0,   0,   0,   0,   0,   0,   0,   'x', 1,   2,
        0, 0,   0,   0,   0,   0,   0, /* texts */
        1, 0,   0,   0,   0,   0,   0,   0,   't', 0,   0,   0,   0,   0,   0,   0,   0,
    };
    struct buffer content = {0};
    shape_append_content(&thing_shape, &thing, &content);
    assert_int_equal(content.length, sizeof expected);
    assert_memory_equal(content.bytes, expected, sizeof expected);
    buffer_deinit(&content);
}

static void maps_are_equal_in_any_order_and_lists_in_theirs(void **state)
{
    (void)state;
    static const char *const orders[] = {"abc", "acb", "bac", "bca", "cab", "cba"};
    struct pair sorted[] = {{.key = SLICE("a")}, {.key = SLICE("b")}, {.key = SLICE("c")}};
    struct slice texts[] = {SLICE("a"), SLICE("b"), SLICE("c")};
    const struct thing first = {.map = {sorted, 3}, .texts = {texts, 3}};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        struct pair pairs[3] = {
            {.key = {&orders[i][0], 1}}, {.key = {&orders[i][1], 1}}, {.key = {&orders[i][2], 1}}};
        struct slice moved[] = {pairs[0].key, pairs[1].key, pairs[2].key};
        struct thing second = {.map = {pairs, 3}, .texts = {texts, 3}};
        assert_true(shape_equal_content(&thing_shape, &first, &second));
        second.texts.items = moved;
        assert_int_equal(shape_equal_content(&thing_shape, &first, &second), i == 0);
    }
}

static void one_entry_of_a_map_makes_a_difference(void **state)
{
    (void)state;
    struct pair pairs[] = {{SLICE("b"), {.text = SLICE("1")}}, {SLICE("a"), {.text = SLICE("2")}}};
    struct pair others[] = {{SLICE("a"), {.text = SLICE("1")}}, {SLICE("b"), {.text = SLICE("2")}}};
    const struct thing first = {.map = {pairs, 2}};
    struct thing second = {.map = {others, 2}};
    assert_false(shape_equal_content(&thing_shape, &first, &second));
    others[0].value.text = SLICE("2");
    others[1].value.text = SLICE("1");
    assert_true(shape_equal_content(&thing_shape, &first, &second));
    second.map.count = 1;
    assert_false(shape_equal_content(&thing_shape, &first, &second));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_is_presence_then_sizes_and_values),
        cmocka_unit_test(maps_are_equal_in_any_order_and_lists_in_theirs),
        cmocka_unit_test(one_entry_of_a_map_makes_a_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
