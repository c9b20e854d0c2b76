#include "plan/categories.h"

#include "plan/reading.h"

#include <stdlib.h>

static int by_child(const void *a, const void *b)
{
    const struct category *first = a;
    const struct category *second = b;
    return slice_compare(first->child, second->child);
}

static const struct category *find(const struct categories *categories, struct slice child)
{
    struct category wanted = {.child = child};
    if (categories->count == 0)
        return NULL;
    return bsearch(&wanted, categories->rows, categories->count, sizeof wanted, by_child);
}

/* Steps from `child` to the top; more than CATEGORY_DEPTH_MAX is a circle or too deep. */
static int depth_of(const struct categories *categories, struct slice child)
{
    int depth = 0;
    const struct category *row = find(categories, child);
    while (row && depth <= CATEGORY_DEPTH_MAX) {
        row = find(categories, row->parent);
        depth++;
    }
    return depth;
}

enum status categories_parse(const struct node *section, struct arena *arena,
                             struct reports *reports, struct categories *out)
{
    struct reading reading = {.arena = arena, .reports = reports};
    if (!reading_map(&reading, section, "`categories`"))
        return STATUS_INVALID;
    struct category *rows = arena_take_array(arena, section->count, sizeof *rows);
    if (!rows)
        return STATUS_EXHAUSTED;
    struct categories read = {rows, 0};
    bool is_right = true;
    for (const struct node *value = section->first; value; value = value->next) {
        rows[read.count].child = value->key;
        is_right &= reading_text(&reading, value, "a parent category", &rows[read.count].parent);
        read.count++;
    }
    if (!is_right)
        return STATUS_INVALID;
    if (read.count > 0)
        qsort(rows, read.count, sizeof *rows, by_child);
    for (const struct node *value = section->first; value; value = value->next) {
        if (depth_of(&read, value->key) <= CATEGORY_DEPTH_MAX)
            continue;
        report_error(reports, node_key_place(value), "circle", NULL,
                     "`%.*s` has more than %d categories above it, or is above itself",
                     SLICE_ARGS(value->key), CATEGORY_DEPTH_MAX);
        is_right = false;
    }
    if (!is_right)
        return STATUS_INVALID;
    *out = read;
    return STATUS_OK;
}

bool categories_contain(const struct categories *categories, struct slice category,
                        struct slice product)
{
    int depth = 0;
    while (!slice_equal(category, product)) {
        const struct category *row = categories ? find(categories, product) : NULL;
        if (!row || depth++ > CATEGORY_DEPTH_MAX)
            return false;
        product = row->parent;
    }
    return true;
}
