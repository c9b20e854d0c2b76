#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/plan_scene.h"
#include "support/case.h"

struct read_row {
    const char *label;
    const char *text;
    bool is_json;
    const char *path; /* names and numbers to a node, blanks between */
    const char *is;   /* its text; NULL: refused */
    int32_t line;
    int32_t column;
    bool is_quoted;
};

static const struct read_row rows[] = {
    {"a value under its key", "a: 1\nb: {c: two}\n", false, "b c", "two", 2, 8, false},
    {"an item of a list", "- x\n- [y, z]\n", false, "1 1", "z", 2, 7, false},
    {"yes and on are plain words in YAML 1.2", "on: yes\n", false, "on", "yes", 1, 5, false},
    {"a double-quoted text", "a: \"x: \\n\"\n", false, "a", "x: \n", 1, 4, true},
    {"a single-quoted text", "a: 'it''s'\n", false, "a", "it's", 1, 4, true},
    {"many doubled quotes", "\u00e4: {b: ''''''''''''''''''''''''}\n", false, "\u00e4 b",
     "'''''''''''", 1, 8, true},
    {"doubled quotes over lines are folded", "a: ' it''s  \r\n   x\n\n\n y '' '\nb: 1\n", false,
     "a", " it's x\n\ny ' ", 1, 4, true},
    {"nothing but a doubled quote", "- ''''\n", false, "0", "'", 1, 3, true},
    {"a key with a doubled quote", "'it''s': 1\n", false, "it's", "1", 1, 10, false},
    {"columns count characters, not bytes", "{\u00e4\u00f6: x, b: y}\n", false, "b", "y", 1, 12,
     false},
    {"a comment is no value", "# c\na: 1 # d\n", false, "a", "1", 2, 4, false},
    {"an empty value is empty and plain", "a:\nb: 1\n", false, "a", "", 1, 1, false},
    {"Windows line ends", "a: 1\r\nb: 2\r\n", false, "b", "2", 2, 4, false},
    {"a key that stands twice", "a: 1\nb: 2\na: 3\n", false, "", NULL, 3, 1, false},
    {"a tab for indentation", "a:\n\tb: 1\n", false, "", NULL, 2, 0, false},
    {"a control character", "a: \x01\n", false, "", NULL, 1, 4, false},
    {"no UTF-8", "a: \xC3\n", false, "", NULL, 1, 4, false},
    {"an overlong character", "a: \xC0\xAF\n", false, "", NULL, 1, 4, false},
    {"a list as a key", "? [a]\n: 1\n", false, "", NULL, 1, 3, false},
    {"an anchor on a map", "a: &x {b: 1}\n", false, "", NULL, 1, 4, false},
    {"a merge key is an alias", "a: {b: 1}\n<<: *a\n", false, "", NULL, 2, 5, false},
    {"JSON: a value", "{\"a\": {\"b\": [1, \"two\"]}}", true, "a b 1", "two", 1, 17, true},
    {"JSON: a number as written", "{\"a\": -12.50}", true, "a", "-12.50", 1, 7, false},
    {"JSON: escapes", "{\"a\": \"\\u00e9\\n\\\"\\ud83d\\ude00\"}", true, "a",
     "\u00e9\n\"\U0001F600", 1, 7, true},
    {"JSON: true is plain", "{\"a\": true}", true, "a", "true", 1, 7, false},
    {"JSON: an exponent is refused", "{\"a\": 1e5}", true, "", NULL, 1, 7, false},
    {"JSON: a leading zero", "{\"a\": 01}", true, "", NULL, 1, 7, false},
    {"JSON: a missing comma", "{\"a\": 1 \"b\": 2}", true, "", NULL, 1, 9, false},
    {"JSON: a comma too many", "{\"a\": 1,}", true, "", NULL, 1, 9, false},
    {"JSON: an open text", "{\"a\": \"x", true, "", NULL, 1, 9, false},
    {"JSON: an open object", "{\"a\": 1", true, "", NULL, 1, 8, false},
    {"JSON: something behind", "{} x", true, "", NULL, 1, 4, false},
    {"JSON: half a surrogate", "{\"a\": \"\\ud83d\"}", true, "", NULL, 1, 14, false},
    {"JSON: U+0000", "{\"a\": \"\\u0000\"}", true, "", NULL, 1, 14, false},
    {"JSON: a key that stands twice", "{\"a\": 1, \"a\": 2}", true, "", NULL, 1, 10, false},
    {"JSON: nothing", "", true, "", NULL, 1, 1, false},
};

static const struct node *follow(const struct node *node, const char *path)
{
    char name[32];
    while (*path && node) {
        size_t length = strcspn(path, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, path);
        node =
            node->kind == NODE_MAP ? node_find(node, name) : node_at(node, (size_t)(name[0] - '0'));
        path += length + (path[length] == ' ');
    }
    return node;
}

static void reads(void **state)
{
    const struct read_row *row = *state;
    struct scene scene;
    const struct node *root = NULL;
    scene_init(&scene);
    reports_read(&scene.reports, SLICE("f"), slice_of(row->text), 1);
    enum status status =
        row->is_json
            ? node_read_json(slice_of(row->text), 1, &scene.arena, &scene.reports, &root)
            : node_read_yaml(slice_of(row->text), 1000, &scene.arena, &scene.reports, &root);
    assert_int_equal(status, row->is ? STATUS_OK : STATUS_INVALID);
    int32_t line = 0;
    int32_t column = 0;
    if (row->is) {
        const struct node *node = follow(root, row->path);
        assert_non_null(node);
        assert_string_equal(node->text.bytes, row->is);
        assert_int_equal(node->is_plain, !row->is_quoted);
        line = node->line;
        column = node->column;
    } else {
        assert_int_equal(scene.reports.count, 1);
        line = scene.reports.first->line;
        column = scene.reports.first->column;
    }
    if (line != row->line || (row->column && column != row->column))
        fail_msg("expected %d:%d, got %d:%d", row->line, row->column, line, column);
    scene_deinit(&scene);
}

static void refuses_what_is_too_deep_or_too_large(void **state)
{
    (void)state;
    struct scene scene;
    const struct node *root;
    char deep[200];
    scene_init(&scene);
    memset(deep, '[', 100);
    memset(deep + 100, ']', 100);
    assert_int_equal(
        node_read_yaml((struct slice){deep, 200}, 1000, &scene.arena, &scene.reports, &root),
        STATUS_INVALID);
    assert_string_equal(scene.reports.last->code, "too-deep");
    assert_int_equal(
        node_read_json((struct slice){deep, 200}, 1, &scene.arena, &scene.reports, &root),
        STATUS_INVALID);
    assert_int_equal(
        node_read_yaml((struct slice){deep, 200}, 199, &scene.arena, &scene.reports, &root),
        STATUS_INVALID);
    assert_string_equal(scene.reports.last->code, "too-large");
    scene_deinit(&scene);
}

static bool equal_trees(const struct node *a, const struct node *b)
{
    if (a->kind != b->kind || a->count != b->count || !slice_equal(a->text, b->text) ||
        !slice_equal(a->key, b->key) || (a->kind == NODE_SCALAR && a->is_plain != b->is_plain))
        return false;
    const struct node *y = b->first;
    for (const struct node *x = a->first; x; x = x->next, y = y->next) {
        if (!equal_trees(x, y))
            return false;
    }
    return true;
}

static const char *const texts[] = {
    "a: 1\nb: [x, 'y', \"z: #\"]\nc: {d: {}, e: [], f: }\n",
    "- - 1\n  - {a: -5}\n- {b: [{c: d}]}\n",
    "owner: exactly 100%\nq: \"12\"\n'odd: key': \"\\ttab \\\\ and \\\" quote\"\n",
    "x: 2026-01-01\ny: |\n  two\n  lines\nz: <=5\n",
    "-5\n",
    "{}\n",
};

static void writes_yaml_that_reads_back_to_the_same_tree(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct scene scene;
        const struct node *first;
        const struct node *second;
        scene_init(&scene);
        assert_int_equal(
            node_read_yaml(slice_of(texts[i]), 1000, &scene.arena, &scene.reports, &first),
            STATUS_OK);
        node_write_yaml(first, &scene.text);
        assert_int_equal(
            node_read_yaml(buffer_slice(&scene.text), 1000, &scene.arena, &scene.reports, &second),
            STATUS_OK);
        if (!equal_trees(first, second))
            fail_msg("%s became %.*s", texts[i], SLICE_ARGS(buffer_slice(&scene.text)));
        scene_deinit(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_too_deep_or_too_large),
        cmocka_unit_test(writes_yaml_that_reads_back_to_the_same_tree),
    };
    return RUN_CASES(rows, reads) + cmocka_run_group_tests_name("plan.node", tests, NULL, NULL);
}
