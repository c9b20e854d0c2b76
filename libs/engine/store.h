/* The store: all state of one task, as rows of bytes in byte order of their keys.
 *
 * Everything a task must remember is a row here (schemas/README.md lists the keys); everything else
 * in memory is derived from rows and may be thrown away at any time. Rows change only inside a
 * turn, and a turn can be undone whole: rows are immutable, a change puts a new one in the old
 * one's place and keeps the old one until the turn stands. The worker's journal, its walk, restore
 * and undo know nothing but this. */
#ifndef MILEPOST_ENGINE_STORE_H
#define MILEPOST_ENGINE_STORE_H

#include "base/slice.h"

struct store;

struct row {
    uint32_t key_length;
    uint32_t value_length;
    uint32_t
        stamp;     /* round of the journal's walk in which this content was last written; 0: none */
    uint32_t turn; /* the store's own */
    char bytes[];  /* key, then value */
};

static inline struct slice row_key(const struct row *row)
{
    return (struct slice){row->bytes, row->key_length};
}

static inline struct slice row_value(const struct row *row)
{
    return (struct slice){row->bytes + row->key_length, row->value_length};
}

struct store *store_new(void);
void store_free(struct store *store); /* NULL does nothing */

/* The row under exactly `key`, or NULL; borrowed until the row is next changed. */
const struct row *store_find(const struct store *store, struct slice key);

/* The first row whose key is ≥ `key` (> with `after`), or NULL at the end. Borrowed as above. */
const struct row *store_seek(const struct store *store, struct slice key, bool after);

/* Iteration that costs little: `at` is where a cursor stands; any change of the store makes it
 * invalid. */
struct store_cursor {
    const struct store_leaf *leaf;
    size_t index;
};
const struct row *store_first(const struct store *store, struct slice from, bool after,
                              struct store_cursor *cursor);
const struct row *store_next(struct store_cursor *cursor);

/* Inside a turn: sets or removes. Putting an equal value changes nothing; nor does removing what is
 * not there. `key` is 1 … 2,000 bytes. */
void store_put(struct store *store, struct slice key, struct slice value);
void store_remove(struct store *store, struct slice key);

/* Turns: one at a time. What changed in it is listed once a key, in order of first change. */
void store_turn_begin(struct store *store);
size_t store_changed_count(const struct store *store);
/* The changed row `index` as it is now, and its key in any case; returns NULL when it is gone (also
 * when it was put and removed within the turn). */
const struct row *store_changed(const struct store *store, size_t index, struct slice *out_key);
/* Marks the content of a changed row as written in `round`. */
void store_stamp(struct store *store, size_t index, uint32_t round);
void store_turn_keep(struct store *store);
/* All rows are again what they were; calls `undone` for each changed key, last change first. */
void store_turn_undo(struct store *store, void (*undone)(void *self, struct slice key), void *self);

/* Outside turns, while restoring: sets (value.bytes not NULL) or removes, with its stamp. */
void store_load(struct store *store, struct slice key, struct slice value, uint32_t stamp);

size_t store_rows(const struct store *store);
/* Bytes of keys and values. */
size_t store_bytes(const struct store *store);

#endif
