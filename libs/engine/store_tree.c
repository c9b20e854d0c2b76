#include "engine/store_tree.h"

#include <assert.h>
#include <stdlib.h>

enum { FANOUT = 64, PREFIX_BYTES = 32, ROWS_AHEAD = 4 };

/* A separator: the least key that its child may hold; the first of a node is not looked at, since
 * whatever is below the second belongs to the first child. */
struct separator {
    size_t length;
    char bytes[];
};

struct row_tree_node {
    uint16_t count;
    bool is_leaf;
    uint32_t skip;             /* bytes that all keys looked at here begin with alike */
    char prefix[PREFIX_BYTES]; /* the first of those, so that a search need not look at a row */
    uint64_t hints[FANOUT];    /* the eight bytes after them, big-endian, zero-padded */
    union {
        struct row *rows[FANOUT];       /* leaf */
        struct separator *keys[FANOUT]; /* inner, ascending from keys[1] on */
    };
};

struct store_leaf {
    struct row_tree_node node;
    struct store_leaf *previous;
    struct store_leaf *next;
};

struct inner {
    struct row_tree_node node;
    struct row_tree_node *children[FANOUT];
};

static struct store_leaf *as_leaf(struct row_tree_node *node)
{
    return (struct store_leaf *)node;
}

static struct inner *as_inner(struct row_tree_node *node)
{
    return (struct inner *)node;
}

static struct slice key_at(const struct row_tree_node *node, size_t index)
{
    if (node->is_leaf)
        return row_key(node->rows[index]);
    return (struct slice){node->keys[index]->bytes, node->keys[index]->length};
}

/* The first entry that a search looks at. Separators of one kind of book mostly share a long
 * beginning, which the first child's, of all that is below, would spoil. */
static size_t first_of(const struct row_tree_node *node)
{
    return node->is_leaf ? 0 : 1;
}

static uint64_t hint_of(struct slice key, size_t skip)
{
    uint64_t hint = 0;
    if (key.length >= skip + 8) {
        memcpy(&hint, key.bytes + skip, 8);
        return __builtin_bswap64(hint);
    }
    if (key.length > skip)
        memcpy(&hint, key.bytes + skip, key.length - skip);
    return __builtin_bswap64(hint);
}

static size_t shared_length(struct slice a, struct slice b)
{
    size_t limit = a.length < b.length ? a.length : b.length;
    size_t shared = 0;
    for (; shared + 8 <= limit; shared += 8) {
        uint64_t words[2];
        memcpy(&words[0], a.bytes + shared, 8);
        memcpy(&words[1], b.bytes + shared, 8);
        if (words[0] != words[1]) /* the lowest byte is the first, as in hint_of */
            return shared + (size_t)__builtin_ctzll(words[0] ^ words[1]) / 8;
    }
    while (shared < limit && a.bytes[shared] == b.bytes[shared])
        shared++;
    return shared;
}

static void set_skip(struct row_tree_node *node, size_t skip)
{
    node->skip = (uint32_t)skip;
    size_t first = first_of(node);
    if (skip)
        memcpy(node->prefix, key_at(node, first).bytes, skip < PREFIX_BYTES ? skip : PREFIX_BYTES);
    for (size_t i = first; i < node->count; i++)
        node->hints[i] = hint_of(key_at(node, i), skip);
}

/* As long a skip as the keys allow; in order, so the first and the last decide. */
static void refresh(struct row_tree_node *node)
{
    size_t first = first_of(node);
    bool is_bare = node->count <= first;
    set_skip(node,
             is_bare ? 0 : shared_length(key_at(node, first), key_at(node, node->count - 1u)));
}

/* The first index whose hint is not below `hint`, without branches that depend on the hints. */
static size_t bisect(const struct row_tree_node *node, uint64_t hint)
{
    size_t low = first_of(node);
    size_t left = node->count - low;
    for (; left > 1; left -= left / 2)
        low += node->hints[low + left / 2 - 1] < hint ? left / 2 : 0;
    return low + (node->hints[low] < hint);
}

/* Whether `key` begins as all keys of the node do, when that can be said by words. */
static bool begins_alike(const struct row_tree_node *node, struct slice key)
{
    size_t skip = node->skip;
    uint64_t words[2];
    if (key.length < skip || skip < 8 || skip > PREFIX_BYTES)
        return false;
    for (size_t at = 0; at + 8 < skip; at += 8) {
        memcpy(&words[0], key.bytes + at, 8);
        memcpy(&words[1], node->prefix + at, 8);
        if (words[0] != words[1])
            return false;
    }
    memcpy(&words[0], key.bytes + skip - 8, 8);
    memcpy(&words[1], node->prefix + skip - 8, 8);
    return words[0] == words[1];
}

/* Compares the first `length` bytes of `key` with those that all keys of the node begin with. */
static int compare_prefix(const struct row_tree_node *node, struct slice key, size_t length)
{
    const char *prefix = length <= PREFIX_BYTES ? node->prefix : key_at(node, first_of(node)).bytes;
    return length ? memcmp(key.bytes, prefix, length) : 0;
}

/* Rows lie anywhere in memory, and a search among several would wait for one after the other. */
static void prefetch_rows(const struct row_tree_node *node, size_t from, size_t until)
{
    for (size_t i = from; i < until; i++)
        __builtin_prefetch(node->rows[i]);
}

/* The first index whose key is ≥ `key`; `*out_equal` says whether it is equal. */
static size_t lower_bound(const struct row_tree_node *node, struct slice key, bool *out_equal)
{
    *out_equal = false;
    size_t first = first_of(node);
    if (node->count <= first)
        return first;
    size_t skip = node->skip;
    if (!begins_alike(node, key)) {
        int order = compare_prefix(node, key, key.length < skip ? key.length : skip);
        if (order != 0)
            return order < 0 ? first : node->count;
        if (key.length < skip)
            return first;
    }
    uint64_t hint = hint_of(key, skip);
    size_t low = bisect(node, hint);
    size_t high = low;
    if (low < node->count && node->hints[low] == hint)
        high++;
    if (high > low && high < node->count && node->hints[high] == hint)
        high = hint == UINT64_MAX ? node->count : bisect(node, hint + 1);
    if (high - low > 1)
        prefetch_rows(node, low, high);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = slice_compare(key_at(node, middle), key);
        if (order == 0) {
            *out_equal = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The child of an inner node that `key` belongs to. */
static size_t child_for(const struct row_tree_node *node, struct slice key)
{
    bool equal;
    size_t index = lower_bound(node, key, &equal);
    return equal ? index : index - 1;
}

static struct row_tree_node *new_node(bool is_leaf)
{
    struct row_tree_node *node =
        calloc(1, is_leaf ? sizeof(struct store_leaf) : sizeof(struct inner));
    if (!node)
        abort();
    node->is_leaf = is_leaf;
    return node;
}

static struct separator *new_separator(struct slice key)
{
    struct separator *copy = malloc(sizeof *copy + key.length);
    if (!copy)
        abort();
    copy->length = key.length;
    memcpy(copy->bytes, key.bytes, key.length);
    return copy;
}

static void free_node(struct row_tree_node *node)
{
    if (!node->is_leaf) {
        for (size_t i = 0; i < node->count; i++) {
            free_node(as_inner(node)->children[i]);
            free(node->keys[i]);
        }
    }
    free(node);
}

void row_tree_deinit(struct row_tree *tree)
{
    if (tree->root)
        free_node(tree->root);
    *tree = (struct row_tree){0};
}

struct row *row_tree_own(const struct row *row)
{
    union {
        const struct row *borrowed;
        struct row *owned;
    } same = {.borrowed = row};
    return same.owned;
}

static bool is_at_finger(const struct row_tree_finger *finger, struct slice key)
{
    return finger->leaf && finger->key_length == key.length &&
           memcmp(finger->key, key.bytes, key.length) == 0;
}

/* Puts the finger where `key` stands or belongs. */
static void point(const struct row_tree *tree, struct slice key)
{
    struct row_tree_finger *finger = tree->finger;
    if (is_at_finger(finger, key))
        return;
    struct row_tree_node *node = tree->root;
    while (!node->is_leaf)
        node = as_inner(node)->children[child_for(node, key)];
    finger->leaf = node;
    finger->index = lower_bound(node, key, &finger->is_there);
    finger->key_length = (uint32_t)key.length;
    memcpy(finger->key, key.bytes, key.length);
}

struct row *row_tree_locate(const struct row_tree *tree, struct slice key,
                            struct row_tree_place *out)
{
    assert(key.length <= STORE_KEY_BYTES_MAX);
    if (!tree->root)
        return NULL;
    point(tree, key);
    const struct row_tree_finger *finger = tree->finger;
    if (!finger->is_there)
        return NULL;
    *out = (struct row_tree_place){finger->leaf, finger->index};
    return finger->leaf->rows[finger->index];
}

const struct row *row_tree_find(const struct row_tree *tree, struct slice key)
{
    struct row_tree_place place;
    return row_tree_locate(tree, key, &place);
}

void row_tree_replace(const struct row_tree_place *place, struct row *row)
{
    place->leaf->rows[place->index] = row;
}

/* Makes room at `index` and keeps the hints right for `key`, which goes there. */
static void open_gap(struct row_tree_node *node, size_t index, struct slice key)
{
    size_t moved = node->count - index;
    memmove(&node->hints[index + 1], &node->hints[index], moved * sizeof node->hints[0]);
    memmove(&node->rows[index + 1], &node->rows[index], moved * sizeof node->rows[0]);
    if (!node->is_leaf)
        memmove(&as_inner(node)->children[index + 1], &as_inner(node)->children[index],
                moved * sizeof(struct row_tree_node *));
    node->hints[index] = hint_of(key, node->skip);
}

/* After `key` went to `index` of a node that had `skip`: shortens the skip if the key needs it. The
 * second key looked at says how long it can be. */
static void mend_skip(struct row_tree_node *node, size_t index, struct slice key)
{
    size_t first = first_of(node);
    if (node->count > first + 2 && begins_alike(node, key))
        return;
    if (node->count < first + 2) {
        set_skip(node, 0);
        return;
    }
    size_t shared = shared_length(key, key_at(node, index == first ? first + 1 : first));
    if (shared < node->skip || node->count == first + 2)
        set_skip(node, shared);
}

/* Moves the upper part of a full node into a new one on its right. A leaf that is filled in
 * ascending order is left full. */
static struct row_tree_node *split(struct row_tree_node *node, size_t keep)
{
    struct row_tree_node *right = new_node(node->is_leaf);
    size_t moved = node->count - keep;
    memcpy(right->rows, &node->rows[keep], moved * sizeof node->rows[0]);
    if (!node->is_leaf)
        memcpy(as_inner(right)->children, &as_inner(node)->children[keep],
               moved * sizeof(struct row_tree_node *));
    right->count = (uint16_t)moved;
    node->count = (uint16_t)keep;
    refresh(right);
    refresh(node);
    if (node->is_leaf) {
        struct store_leaf *left = as_leaf(node);
        struct store_leaf *fresh = as_leaf(right);
        fresh->next = left->next;
        fresh->previous = left;
        if (left->next)
            left->next->previous = fresh;
        left->next = fresh;
    }
    return right;
}

static void put_row_at(struct row_tree_node *leaf, size_t index, struct row *row)
{
    struct slice key = row_key(row);
    open_gap(leaf, index, key);
    leaf->rows[index] = row;
    leaf->count++;
    mend_skip(leaf, index, key);
}

static void put_row(struct row_tree_node *leaf, struct row *row)
{
    bool equal;
    size_t index = lower_bound(leaf, row_key(row), &equal);
    assert(!equal);
    put_row_at(leaf, index, row);
}

static void put_child(struct row_tree_node *node, size_t index, struct row_tree_node *child)
{
    const struct row_tree_node *leftmost = child;
    struct separator *key = new_separator(key_at(leftmost, 0));
    struct slice text = {key->bytes, key->length};
    open_gap(node, index, text);
    node->keys[index] = key;
    as_inner(node)->children[index] = child;
    node->count++;
    mend_skip(node, index, text);
}

/* Inserts below `node`; returns the new right neighbour when it had to be split. */
static struct row_tree_node *insert_below(struct row_tree_node *node, struct row *row)
{
    struct slice key = row_key(row);
    struct row_tree_node *right = NULL;
    if (node->is_leaf) {
        if (node->count == FANOUT) {
            bool ascending = slice_compare(key_at(node, FANOUT - 1), key) < 0;
            if (ascending) {
                right = split(node, FANOUT - 1);
                put_row(right, row);
                return right;
            }
            right = split(node, FANOUT / 2);
            put_row(slice_compare(key, key_at(right, 0)) < 0 ? node : right, row);
            return right;
        }
        put_row(node, row);
        return NULL;
    }
    size_t index = child_for(node, key);
    struct row_tree_node *fresh = insert_below(as_inner(node)->children[index], row);
    if (!fresh)
        return NULL;
    struct row_tree_node *into = node;
    if (node->count == FANOUT) {
        size_t keep = index == FANOUT - 1 ? FANOUT - 1 : FANOUT / 2;
        right = split(node, keep);
        if (index >= keep) {
            into = right;
            index -= keep;
        }
    }
    put_child(into, index + 1, fresh);
    return right;
}

void row_tree_insert(struct row_tree *tree, struct row *row)
{
    struct row_tree_finger *finger = tree->finger;
    if (is_at_finger(finger, row_key(row)) && finger->leaf->count < FANOUT) {
        assert(!finger->is_there);
        put_row_at(finger->leaf, finger->index, row);
        finger->is_there = true;
        tree->rows++;
        return;
    }
    finger->leaf = NULL; /* it may be split */
    if (!tree->root)
        tree->root = new_node(true);
    struct row_tree_node *right = insert_below(tree->root, row);
    if (right) {
        struct row_tree_node *root = new_node(false);
        put_child(root, 0, tree->root);
        put_child(root, 1, right);
        tree->root = root;
    }
    tree->rows++;
}

static void close_gap(struct row_tree_node *node, size_t index)
{
    size_t moved = node->count - index - 1u;
    memmove(&node->hints[index], &node->hints[index + 1], moved * sizeof node->hints[0]);
    memmove(&node->rows[index], &node->rows[index + 1], moved * sizeof node->rows[0]);
    if (!node->is_leaf)
        memmove(&as_inner(node)->children[index], &as_inner(node)->children[index + 1],
                moved * sizeof(struct row_tree_node *));
    node->count--;
}

static void unlink_leaf(struct store_leaf *leaf)
{
    if (leaf->previous)
        leaf->previous->next = leaf->next;
    if (leaf->next)
        leaf->next->previous = leaf->previous;
}

/* Removes below `node`; true when the node is empty and gone. Nodes are not merged: removals are
 * rare (archive, undo), and what stays keeps its place. */
static bool remove_below(struct row_tree_node *node, struct slice key)
{
    if (node->is_leaf) {
        bool equal;
        size_t index = lower_bound(node, key, &equal);
        assert(equal);
        close_gap(node, index);
        if (node->count > 0)
            return false;
        unlink_leaf(as_leaf(node));
        free(node);
        return true;
    }
    size_t index = child_for(node, key);
    if (!remove_below(as_inner(node)->children[index], key))
        return false;
    free(node->keys[index]);
    close_gap(node, index);
    if (node->count > 0)
        return false;
    free(node);
    return true;
}

void row_tree_remove(struct row_tree *tree, struct slice key)
{
    assert(tree->root && tree->rows > 0);
    tree->finger->leaf = NULL; /* it may go */
    if (remove_below(tree->root, key))
        tree->root = NULL;
    tree->rows--;
}

static const struct row *settle(struct store_cursor *cursor)
{
    while (cursor->leaf && cursor->index >= cursor->leaf->node.count) {
        cursor->leaf = cursor->leaf->next;
        cursor->index = 0;
    }
    return cursor->leaf ? cursor->leaf->node.rows[cursor->index] : NULL;
}

const struct row *row_tree_first(const struct row_tree *tree, struct slice from, bool after,
                                 struct store_cursor *cursor)
{
    *cursor = (struct store_cursor){0};
    struct row_tree_node *node = tree->root;
    if (!node)
        return NULL;
    while (!node->is_leaf)
        node = as_inner(node)->children[child_for(node, from)];
    bool equal;
    cursor->index = lower_bound(node, from, &equal);
    if (equal && after)
        cursor->index++;
    cursor->leaf = as_leaf(node);
    return settle(cursor);
}

const struct row *row_tree_next(struct store_cursor *cursor)
{
    if (!cursor->leaf)
        return NULL;
    cursor->index++;
    if (cursor->index + ROWS_AHEAD < cursor->leaf->node.count)
        __builtin_prefetch(cursor->leaf->node.rows[cursor->index + ROWS_AHEAD]);
    return settle(cursor);
}
