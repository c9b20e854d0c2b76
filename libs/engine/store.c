#include "engine/store.h"

#include <assert.h>
#include <stdlib.h>

#include "engine/row_pool.h"
#include "engine/store_tree.h"

/* What a turn did to one key. */
struct change_note {
    struct row *before; /* what stood there when the turn began, or NULL */
    struct row *now;    /* what stands there, or NULL: gone */
    struct row *gone;   /* kept for its key when the turn put it and took it away again */
};

struct store {
    struct row_tree tree;
    struct row_tree_finger *finger;
    struct row_pool pool;
    struct change_note *notes;
    size_t note_count;
    size_t note_capacity;
    bool in_turn;
    size_t bytes;
};

struct store *store_new(void)
{
    struct store *store = calloc(1, sizeof *store);
    struct row_tree_finger *finger = calloc(1, sizeof *finger);
    if (!store || !finger)
        abort();
    store->finger = store->tree.finger = finger;
    return store;
}

static size_t bytes_of(const struct row *row)
{
    return (size_t)row->key_length + row->value_length;
}

/* NULL does nothing. */
static void free_row(struct store *store, struct row *row)
{
    if (row)
        row_pool_give(&store->pool, row, sizeof *row + bytes_of(row));
}

void store_free(struct store *store)
{
    if (!store)
        return;
    if (store->in_turn)
        store_turn_keep(store);
    struct store_cursor cursor;
    for (const struct row *row =
             row_tree_first(&store->tree, (struct slice){NULL, 0}, false, &cursor);
         row; row = row_tree_next(&cursor))
        free_row(store, row_tree_own(row));
    row_tree_deinit(&store->tree);
    row_pool_deinit(&store->pool);
    free(store->finger);
    free(store->notes);
    free(store);
}

const struct row *store_find(const struct store *store, struct slice key)
{
    return row_tree_find(&store->tree, key);
}

const struct row *store_seek(const struct store *store, struct slice key, bool after)
{
    struct store_cursor cursor;
    return row_tree_first(&store->tree, key, after, &cursor);
}

const struct row *store_first(const struct store *store, struct slice from, bool after,
                              struct store_cursor *cursor)
{
    return row_tree_first(&store->tree, from, after, cursor);
}

const struct row *store_next(struct store_cursor *cursor)
{
    return row_tree_next(cursor);
}

static struct row *new_row(struct store *store, struct slice key, struct slice value,
                           uint32_t stamp)
{
    assert(key.length > 0 && key.length <= STORE_KEY_BYTES_MAX && value.length <= UINT32_MAX);
    struct row *row = row_pool_take(&store->pool, sizeof *row + key.length + value.length);
    row->key_length = (uint32_t)key.length;
    row->value_length = (uint32_t)value.length;
    row->stamp = stamp;
    row->turn = 0;
    memcpy(row->bytes, key.bytes, key.length);
    if (value.length)
        memcpy(row->bytes + key.length, value.bytes, value.length);
    return row;
}

/* The note of a key that stands as `standing` (or not at all), made when this is its first change;
 * its place + 1 is what the rows of this turn carry. */
static uint32_t note_change(struct store *store, struct row *standing)
{
    if (standing && standing->turn)
        return standing->turn;
    if (store->note_count == store->note_capacity) {
        store->note_capacity = store->note_capacity ? store->note_capacity * 2 : 64;
        struct change_note *grown =
            realloc(store->notes, store->note_capacity * sizeof *store->notes);
        if (!grown)
            abort();
        store->notes = grown;
    }
    assert(store->note_count < UINT32_MAX - 1);
    store->notes[store->note_count++] = (struct change_note){.before = standing};
    return (uint32_t)store->note_count;
}

void store_put(struct store *store, struct slice key, struct slice value)
{
    assert(store->in_turn);
    struct row_tree_place place;
    struct row *standing = row_tree_locate(&store->tree, key, &place);
    if (standing && slice_equal(row_value(standing), value))
        return;
    struct row *row = new_row(store, key, value, 0);
    row->turn = note_change(store, standing);
    struct change_note *note = &store->notes[row->turn - 1];
    note->now = row;
    store->bytes += bytes_of(row);
    if (!standing) {
        row_tree_insert(&store->tree, row);
        return;
    }
    store->bytes -= bytes_of(standing);
    row_tree_replace(&place, row);
    if (standing->turn)
        free_row(store, standing);
}

void store_remove(struct store *store, struct slice key)
{
    assert(store->in_turn);
    struct row_tree_place place;
    struct row *standing = row_tree_locate(&store->tree, key, &place);
    if (!standing)
        return;
    struct change_note *note = &store->notes[note_change(store, standing) - 1];
    note->now = NULL;
    store->bytes -= bytes_of(standing);
    if (standing->turn)
        note->gone = standing;
    row_tree_remove(&store->tree, row_key(standing));
}

void store_turn_begin(struct store *store)
{
    assert(!store->in_turn && store->note_count == 0);
    store->in_turn = true;
}

size_t store_changed_count(const struct store *store)
{
    return store->note_count;
}

const struct row *store_changed(const struct store *store, size_t index, struct slice *out_key)
{
    assert(index < store->note_count);
    const struct change_note *note = &store->notes[index];
    const struct row *named = note->now ? note->now : note->before ? note->before : note->gone;
    *out_key = row_key(named);
    return note->now;
}

void store_stamp(struct store *store, size_t index, uint32_t round)
{
    assert(index < store->note_count);
    if (store->notes[index].now)
        store->notes[index].now->stamp = round;
}

void store_turn_keep(struct store *store)
{
    assert(store->in_turn);
    for (size_t i = 0; i < store->note_count; i++) {
        struct change_note *note = &store->notes[i];
        free_row(store, note->before);
        free_row(store, note->gone);
        if (note->now)
            note->now->turn = 0;
    }
    store->note_count = 0;
    store->in_turn = false;
}

static void undo(struct store *store, const struct change_note *note)
{
    if (note->now) {
        store->bytes -= bytes_of(note->now);
        row_tree_remove(&store->tree, row_key(note->now));
    }
    if (note->before) {
        store->bytes += bytes_of(note->before);
        row_tree_insert(&store->tree, note->before);
    }
}

void store_turn_undo(struct store *store, void (*undone)(void *self, struct slice key), void *self)
{
    assert(store->in_turn);
    while (store->note_count) {
        struct change_note note = store->notes[--store->note_count];
        undo(store, &note);
        const struct row *named = note.now ? note.now : note.before ? note.before : note.gone;
        if (undone)
            undone(self, row_key(named));
        free_row(store, note.now);
        free_row(store, note.gone);
    }
    store->in_turn = false;
}

void store_load(struct store *store, struct slice key, struct slice value, uint32_t stamp)
{
    assert(!store->in_turn);
    struct row_tree_place place;
    struct row *standing = row_tree_locate(&store->tree, key, &place);
    if (!value.bytes && !standing)
        return;
    if (!value.bytes) {
        store->bytes -= bytes_of(standing);
        row_tree_remove(&store->tree, key);
        free_row(store, standing);
        return;
    }
    struct row *row = new_row(store, key, value, stamp);
    store->bytes += bytes_of(row);
    if (!standing) {
        row_tree_insert(&store->tree, row);
        return;
    }
    store->bytes -= bytes_of(standing);
    row_tree_replace(&place, row);
    free_row(store, standing);
}

size_t store_rows(const struct store *store)
{
    return store->tree.rows;
}

size_t store_bytes(const struct store *store)
{
    return store->bytes;
}
