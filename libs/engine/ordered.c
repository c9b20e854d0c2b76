#include "engine/ordered.h"

#include <assert.h>
#include <stdlib.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

struct ordered_row {
    struct ordered_row *left;
    struct ordered_row *right;
    uint64_t priority; /* a hash of the key: above those of the rows below */
    int64_t at;
    int128 part;
    struct wide_sum sum;     /* of the subtree */
    struct wide_sum highest; /* running total within it, from its first row on */
    size_t key_length;
    char key[]; /* the place's parts, so that byte order is the rows' order */
};

struct row_place place_of_credit(const struct credit *credit, const struct deal_line *line)
{
    return (struct row_place){
        .at = credit->closed_at,
        .deal = credit->book,
        .line = line ? line->line_id : SLICE(""),
        .role = credit->role,
        .row = credit->row,
    };
}

/* --- keys --- */

static char *put_part(char *at, struct slice part)
{
    if (part.length)
        memcpy(at, part.bytes, part.length);
    at[part.length] = '\0';
    return at + part.length + 1;
}

static size_t key_bytes(const struct row_place *place)
{
    return 8 + place->deal.length + place->line.length + place->role.length + place->row.length + 4;
}

static void put_key(const struct row_place *place, char *at)
{
    uint64_t rising = __builtin_bswap64((uint64_t)place->at ^ ((uint64_t)1 << 63));
    memcpy(at, &rising, sizeof rising);
    at = put_part(at + sizeof rising, place->deal);
    at = put_part(at, place->line);
    at = put_part(at, place->role);
    (void)put_part(at, place->row);
}

static struct ordered_row *new_row(const struct row_place *place)
{
    size_t length = key_bytes(place);
    struct ordered_row *row = malloc(sizeof *row + length);
    if (!row)
        abort();
    *row = (struct ordered_row){.at = place->at, .key_length = length};
    put_key(place, row->key);
    row->priority = XXH3_64bits(row->key, length);
    return row;
}

static int compare(const struct ordered_row *a, const struct ordered_row *b)
{
    return slice_compare((struct slice){a->key, a->key_length},
                         (struct slice){b->key, b->key_length});
}

/* --- sums --- */

static bool is_below(const struct wide_sum *a, const struct wide_sum *b)
{
    return a->high != b->high ? a->high < b->high : a->low < b->low;
}

static struct wide_sum plus(struct wide_sum a, const struct wide_sum *b)
{
    wide_sum_give(&a, b);
    return a;
}

static void refresh(struct ordered_row *row)
{
    struct wide_sum sum = row->left ? row->left->sum : (struct wide_sum){0};
    wide_sum_add(&sum, row->part);
    row->highest = sum;
    if (row->left && is_below(&row->highest, &row->left->highest))
        row->highest = row->left->highest;
    if (row->right) {
        struct wide_sum beyond = plus(sum, &row->right->highest);
        if (is_below(&row->highest, &beyond))
            row->highest = beyond;
        wide_sum_give(&sum, &row->right->sum);
    }
    row->sum = sum;
}

/* --- the treap --- */

/* Rows before `row` to the left, those behind it to the right. */
static void split(struct ordered_row *root, const struct ordered_row *row,
                  struct ordered_row **out_left, struct ordered_row **out_right)
{
    if (!root) {
        *out_left = *out_right = NULL;
        return;
    }
    if (compare(root, row) < 0) {
        split(root->right, row, &root->right, out_right);
        *out_left = root;
    } else {
        split(root->left, row, out_left, &root->left);
        *out_right = root;
    }
    refresh(root);
}

static struct ordered_row *joined(struct ordered_row *left, struct ordered_row *right)
{
    if (!left || !right)
        return left ? left : right;
    if (left->priority > right->priority) {
        left->right = joined(left->right, right);
        refresh(left);
        return left;
    }
    right->left = joined(left, right->left);
    refresh(right);
    return right;
}

static struct ordered_row *inserted(struct ordered_row *root, struct ordered_row *row)
{
    if (!root || row->priority > root->priority) {
        split(root, row, &row->left, &row->right);
        refresh(row);
        return row;
    }
    int order = compare(row, root);
    assert(order != 0);
    if (order < 0)
        root->left = inserted(root->left, row);
    else
        root->right = inserted(root->right, row);
    refresh(root);
    return root;
}

static struct ordered_row *removed(struct ordered_row *root, const struct ordered_row *row)
{
    assert(root);
    int order = compare(row, root);
    if (order == 0) {
        struct ordered_row *rest = joined(root->left, root->right);
        free(root);
        return rest;
    }
    if (order < 0)
        root->left = removed(root->left, row);
    else
        root->right = removed(root->right, row);
    refresh(root);
    return root;
}

void ordered_add(struct ordered *rows, const struct row_place *place, int128 part)
{
    struct ordered_row *row = new_row(place);
    row->part = part;
    rows->root = inserted(rows->root, row);
}

void ordered_remove(struct ordered *rows, const struct row_place *place)
{
    struct ordered_row *row = new_row(place);
    rows->root = removed(rows->root, row);
    free(row);
}

static void free_rows(struct ordered_row *root)
{
    if (!root)
        return;
    free_rows(root->left);
    free_rows(root->right);
    free(root);
}

void ordered_deinit(struct ordered *rows)
{
    free_rows(rows->root);
    *rows = (struct ordered){0};
}

/* --- asking --- */

struct threshold {
    struct wide_sum least;
    bool is_passed;
};

static bool reaches(const struct threshold *threshold, const struct wide_sum *total)
{
    return threshold->is_passed ? is_below(&threshold->least, total)
                                : !is_below(total, &threshold->least);
}

bool ordered_first(const struct ordered *rows, const struct wide_sum *base, int128 least,
                   bool is_passed, struct ordered_reached *out)
{
    struct threshold threshold = {.is_passed = is_passed};
    struct wide_sum before = *base;
    wide_sum_add(&threshold.least, least);
    for (const struct ordered_row *row = rows->root; row;) {
        struct wide_sum highest = row->left ? plus(before, &row->left->highest) : before;
        if (row->left && reaches(&threshold, &highest)) {
            row = row->left;
            continue;
        }
        if (row->left)
            wide_sum_give(&before, &row->left->sum);
        wide_sum_add(&before, row->part);
        if (reaches(&threshold, &before)) {
            *out = (struct ordered_reached){row->at, before};
            return true;
        }
        row = row->right;
    }
    return false;
}
