/* The store's index: a B+tree of pointers to rows, in byte order of their keys.
 *
 * Keys of one node mostly share a long beginning, so each node remembers how long it is (`skip`)
 * and keeps the next eight bytes of every key beside the pointer (`hints`): a search compares whole
 * words and touches one or two rows instead of log2(n). */
#ifndef MILEPOST_ENGINE_STORE_TREE_H
#define MILEPOST_ENGINE_STORE_TREE_H

#include "engine/store.h"

enum { STORE_KEY_BYTES_MAX = 2000 };

struct tree_node;

struct tree {
    struct tree_node *root; /* NULL: empty */
    size_t rows;
};

/* Where a row stands, for tree_replace; valid until the tree changes. */
struct tree_place {
    struct tree_node *leaf;
    size_t index;
};

/* Frees the nodes, not the rows. */
void tree_deinit(struct tree *tree);

const struct row *tree_find(const struct tree *tree, struct slice key);
/* The row under `key` and its place, or NULL. */
struct row *tree_locate(const struct tree *tree, struct slice key, struct tree_place *out);

/* Inserts a row whose key is not there. */
void tree_insert(struct tree *tree, struct row *row);
/* Takes out the row under `key`, which is there; does not free it. */
void tree_remove(struct tree *tree, struct slice key);
/* Puts a row of the same key in another's place. */
void tree_replace(const struct tree_place *place, struct row *row);

const struct row *tree_first(const struct tree *tree, struct slice from, bool after,
                             struct store_cursor *cursor);
const struct row *tree_next(struct store_cursor *cursor);

/* Frees a row that the caller knows to be unused. */
void tree_free_row(const struct row *row);

#endif
