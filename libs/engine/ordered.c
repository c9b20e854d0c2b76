#include "engine/ordered.h"

#include <assert.h>
#include <stdlib.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

/* What a row that divides pay has, and its subtree. */
struct ordered_more {
    struct row_more own;
    struct wide_sum units; /* of the subtree, as all that follow */
    struct wide_sum rated;
    bool is_alike; /* its shares are equal */
    int32_t held_first;
    int32_t held_last;
};

struct ordered_row {
    struct ordered_row *left;
    struct ordered_row *right;
    uint64_t priority; /* a hash of the key: above those of the rows below */
    int64_t at;
    int128 part;
    struct wide_sum sum;       /* of the subtree */
    struct wide_sum highest;   /* running total within it, from its first row on */
    struct ordered_more *more; /* behind the key; NULL: the tree's rows have none */
    size_t key_length;
    char key[]; /* the place's parts, so that byte order is the rows' order */
};

struct row_place place_of_credit(const struct credit *credit, const struct deal_line *line,
                                 int64_t at)
{
    return (struct row_place){
        .at = at,
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

static struct ordered_row *new_row(const struct row_place *place, const struct row_more *more)
{
    size_t length = key_bytes(place);
    size_t padded = (sizeof(struct ordered_row) + length + 15) & ~(size_t)15;
    struct ordered_row *row = malloc(padded + (more ? sizeof *row->more : 0));
    if (!row)
        abort();
    *row = (struct ordered_row){.at = place->at, .key_length = length};
    if (more) {
        row->more = (struct ordered_more *)(void *)((char *)row + padded);
        *row->more = (struct ordered_more){.own = *more};
    }
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

static void refresh_more(struct ordered_row *row, const struct ordered_row *child)
{
    struct ordered_more *more = row->more;
    if (!child)
        return;
    const struct ordered_more *other = child->more;
    wide_sum_give(&more->units, &other->units);
    wide_sum_give(&more->rated, &other->rated);
    more->is_alike = more->is_alike && other->is_alike &&
                     rational_compare(more->own.release.share, other->own.release.share) == 0;
    if (other->held_first < more->held_first)
        more->held_first = other->held_first;
    if (other->held_last > more->held_last)
        more->held_last = other->held_last;
}

static void refresh(struct ordered_row *row)
{
    if (row->more) {
        struct ordered_more *more = row->more;
        more->units = (struct wide_sum){0};
        wide_sum_add(&more->units, more->own.units);
        more->rated = more->own.rated;
        more->is_alike = true;
        more->held_first = more->held_last = more->own.release.held_until;
        refresh_more(row, row->left);
        refresh_more(row, row->right);
    }
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
    struct ordered_row *row = new_row(place, NULL);
    row->part = part;
    rows->root = inserted(rows->root, row);
}

const struct ordered_row *ordered_add_more(struct ordered *rows, const struct row_place *place,
                                           int128 part, const struct row_more *more)
{
    struct ordered_row *row = new_row(place, more);
    row->part = part;
    rows->root = inserted(rows->root, row);
    return row;
}

const struct ordered_row *ordered_find(const struct ordered *rows, const struct row_place *place)
{
    struct ordered_row *wanted = new_row(place, NULL);
    const struct ordered_row *row = rows->root;
    for (int order; row && (order = compare(wanted, row)) != 0;)
        row = order < 0 ? row->left : row->right;
    free(wanted);
    assert(row);
    return row;
}

void ordered_remove(struct ordered *rows, const struct row_place *place)
{
    struct ordered_row *row = new_row(place, NULL);
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
            *out = (struct ordered_reached){row, row->at, before};
            return true;
        }
        row = row->right;
    }
    return false;
}

/* --- rows with more --- */

const struct row_more *ordered_row_more(const struct ordered_row *row)
{
    return &row->more->own;
}

struct slice ordered_book(const struct ordered_row *row)
{
    const char *from = row->key + sizeof(uint64_t);
    return slice_of(from);
}

bool ordered_reaches(const struct ordered_row *row, const struct ordered_row *other)
{
    return compare(row, other) <= 0;
}

bool ordered_covers(const struct ordered_row *row, const struct row_place *place)
{
    struct ordered_row *other = new_row(place, NULL);
    bool covers = compare(other, row) <= 0;
    free(other);
    return covers;
}

static void add_subtree(struct ordered_sums *sums, const struct ordered_row *root)
{
    if (!root)
        return;
    wide_sum_give(&sums->measure, &root->sum);
    wide_sum_give(&sums->units, &root->more->units);
    wide_sum_give(&sums->rated, &root->more->rated);
    while (root->right)
        root = root->right;
    sums->last = root;
}

static void add_row(struct ordered_sums *sums, const struct ordered_row *row)
{
    wide_sum_add(&sums->measure, row->part);
    wide_sum_add(&sums->units, row->more->own.units);
    wide_sum_give(&sums->rated, &row->more->own.rated);
    sums->last = row;
}

struct ordered_sums ordered_before(const struct ordered *rows, const struct ordered_row *row)
{
    struct ordered_sums sums = {0};
    const struct ordered_row *at = rows->root;
    for (int order; (order = compare(row, at)) != 0;) {
        if (order > 0) {
            add_subtree(&sums, at->left);
            add_row(&sums, at);
        }
        at = order < 0 ? at->left : at->right;
    }
    add_subtree(&sums, at->left);
    return sums;
}

struct ordered_sums ordered_with(const struct ordered *rows, const struct ordered_row *row)
{
    struct ordered_sums sums = ordered_before(rows, row);
    add_row(&sums, row);
    return sums;
}

static bool comes_to(struct wide_sum sum, const struct wide_sum *more, int128 least)
{
    int128 value;
    wide_sum_give(&sum, more);
    return wide_sum_value(&sum, &value) && value >= least;
}

struct ordered_sums ordered_earliest(const struct ordered *rows, int128 least)
{
    struct ordered_sums sums = {0};
    for (const struct ordered_row *at = rows->root; at;) {
        if (at->left && comes_to(sums.units, &at->left->more->units, least)) {
            at = at->left;
            continue;
        }
        add_subtree(&sums, at->left);
        add_row(&sums, at);
        if (comes_to(sums.units, &(struct wide_sum){0}, least))
            break;
        at = at->right;
    }
    return sums;
}

/* A walk, and the run that has begun. */
struct walk {
    int32_t date;
    bool is_by_row;
    void *self;
    enum status (*visit)(void *self, const struct ordered_run *run);
    bool has_begun;
    struct ordered_run run;
};

static enum status end_run(struct walk *walk)
{
    return walk->has_begun ? walk->visit(walk->self, &walk->run) : STATUS_OK;
}

/* Whether the subtree goes on as one run; then `*out_is_held` says how. */
static bool is_run(const struct walk *walk, const struct ordered_more *more, bool *out_is_held)
{
    *out_is_held = more->held_first > walk->date;
    return !walk->is_by_row && more->is_alike &&
           (more->held_first > walk->date || more->held_last <= walk->date);
}

static enum status begin_or_extend(struct walk *walk, const struct row_release *release,
                                   bool is_held)
{
    if (walk->has_begun && !walk->is_by_row && walk->run.is_held == is_held &&
        rational_compare(walk->run.share, release->share) == 0)
        return STATUS_OK;
    enum status status = end_run(walk);
    walk->has_begun = true;
    walk->run.share = release->share;
    walk->run.is_held = is_held;
    return status;
}

static enum status walk_rows(struct walk *walk, const struct ordered_row *root)
{
    bool is_held;
    if (!root)
        return STATUS_OK;
    if (is_run(walk, root->more, &is_held)) {
        enum status status = begin_or_extend(walk, &root->more->own.release, is_held);
        add_subtree(&walk->run.until, root);
        return status;
    }
    enum status status = walk_rows(walk, root->left);
    if (!status)
        status = begin_or_extend(walk, &root->more->own.release,
                                 root->more->own.release.held_until > walk->date);
    if (status)
        return status;
    add_row(&walk->run.until, root);
    return walk_rows(walk, root->right);
}

enum status ordered_runs(const struct ordered *rows, int32_t date, bool is_by_row, void *self,
                         enum status (*visit)(void *self, const struct ordered_run *run))
{
    struct walk walk = {.date = date, .is_by_row = is_by_row, .self = self, .visit = visit};
    enum status status = walk_rows(&walk, rows->root);
    return status ? status : end_run(&walk);
}
