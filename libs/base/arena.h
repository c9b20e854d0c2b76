/* Memory with one lifetime: taken piece by piece, given back all at once.
 *
 * A fixed arena (`arena_init` with storage of the caller) never allocates and is full when it is
 * full: NULL, which callers turn into STATUS_EXHAUSTED. A growing arena (`arena_init_growing`) adds
 * blocks up to `bytes_max` and keeps them across a reset, so a warmed-up one does not allocate. */
#ifndef MILEPOST_BASE_ARENA_H
#define MILEPOST_BASE_ARENA_H

#include "base/slice.h"

struct arena_block;

struct arena {
    char *at;                  /* next free byte of the block in use */
    char *end;                 /* past the block in use */
    struct arena_block *block; /* block in use; NULL for a fixed arena */
    struct arena_block *first; /* oldest block */
    char *fixed;               /* the caller's storage, or NULL */
    size_t bytes_max;          /* a growing arena's limit */
    size_t bytes_taken;        /* storage held in blocks */
};

/* An arena in the caller's `storage`; no deinit needed. */
void arena_init(struct arena *arena, void *storage, size_t bytes);

/* An arena that grows by malloc up to `bytes_max` in all. */
void arena_init_growing(struct arena *arena, size_t bytes_max);

/* Frees the blocks of a growing arena; a zeroed arena is accepted, and twice is fine. */
void arena_deinit(struct arena *arena);

/* Forgets everything that was taken and keeps the memory. */
void arena_reset(struct arena *arena);

/* `bytes` bytes, zeroed, aligned to 16; NULL when the arena is full. `bytes` 0 gives a valid
 * pointer. */
void *arena_take(struct arena *arena, size_t bytes);

/* The same without zeroing: for who fills all of it. */
void *arena_take_raw(struct arena *arena, size_t bytes);

/* `count` × `size` bytes, zeroed; NULL when full or when the product overflows. */
void *arena_take_array(struct arena *arena, size_t count, size_t size);

/* A copy of `text` that lives in the arena, NUL-terminated beyond its length; bytes NULL when full.
 */
struct slice arena_copy(struct arena *arena, struct slice text);

#endif
