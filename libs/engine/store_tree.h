/* The store's index: a B+tree of pointers to rows, in byte order of their keys.
 *
 * Keys of one node mostly share a long beginning, so each node remembers how long it is (`skip`)
 * and keeps the next eight bytes of every key beside the pointer (`hints`): a search compares whole
 * words and touches one or two rows instead of log2(n). */
#ifndef MILEPOST_ENGINE_STORE_TREE_H
#define MILEPOST_ENGINE_STORE_TREE_H

#include "engine/store.h"

enum { STORE_KEY_BYTES_MAX = 2000 };

struct row_tree_node;

/* Where the key that was located last stands or would stand: who has looked for a row mostly puts
 * it next. */
struct row_tree_finger {
    struct row_tree_node *leaf; /* NULL: none */
    size_t index;
    bool is_there; /* at `index`; else that is where it belongs */
    uint32_t key_length;
    char key[STORE_KEY_BYTES_MAX];
};

struct row_tree {
    struct row_tree_node *root; /* NULL: empty */
    size_t rows;
    struct row_tree_finger *finger; /* the owner's */
};

/* Where a row stands, for row_tree_replace; valid until the tree changes. */
struct row_tree_place {
    struct row_tree_node *leaf;
    size_t index;
};

/* Frees the nodes, not the rows. */
void row_tree_deinit(struct row_tree *tree);

const struct row *row_tree_find(const struct row_tree *tree, struct slice key);
/* The row under `key` and its place, or NULL. */
struct row *row_tree_locate(const struct row_tree *tree, struct slice key,
                            struct row_tree_place *out);

/* Inserts a row whose key is not there. */
void row_tree_insert(struct row_tree *tree, struct row *row);
/* Takes out the row under `key`, which is there; does not free it. */
void row_tree_remove(struct row_tree *tree, struct slice key);
/* Puts a row of the same key in another's place. */
void row_tree_replace(const struct row_tree_place *place, struct row *row);

const struct row *row_tree_first(const struct row_tree *tree, struct slice from, bool after,
                                 struct store_cursor *cursor);
const struct row *row_tree_next(struct store_cursor *cursor);

/* A row that a search has lent, as its owner has it. */
struct row *row_tree_own(const struct row *row);

#endif
