#include "base/arena.h"

#include <assert.h>
#include <stdlib.h>

enum { ALIGNMENT = 16, BLOCK_BYTES_FIRST = 16 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t bytes;
    _Alignas(16) char data[];
};

void arena_init(struct arena *arena, void *storage, size_t bytes)
{
    uintptr_t misalignment = (uintptr_t)storage % ALIGNMENT;
    size_t skip = misalignment ? ALIGNMENT - misalignment : 0;
    assert(bytes >= skip);
    *arena = (struct arena){0};
    arena->fixed = (char *)storage + skip;
    arena->at = arena->fixed;
    arena->end = (char *)storage + bytes;
}

void arena_init_growing(struct arena *arena, size_t bytes_max)
{
    *arena = (struct arena){.bytes_max = bytes_max};
}

void arena_deinit(struct arena *arena)
{
    struct arena_block *block = arena->first;
    while (block) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    *arena = (struct arena){0};
}

static void enter(struct arena *arena, struct arena_block *block)
{
    arena->block = block;
    arena->at = block->data;
    arena->end = block->data + block->bytes;
}

void arena_reset(struct arena *arena)
{
    if (arena->fixed)
        arena->at = arena->fixed;
    else if (arena->first)
        enter(arena, arena->first);
}

/* Moves on to a block with room for `bytes`: a kept one, or a new one twice as large as the last.
 */
static bool next_block(struct arena *arena, size_t bytes)
{
    while (arena->block && arena->block->next) {
        enter(arena, arena->block->next);
        if ((size_t)(arena->end - arena->at) >= bytes)
            return true;
    }
    size_t want = arena->block ? arena->block->bytes * 2 : BLOCK_BYTES_FIRST;
    if (want < bytes)
        want = bytes;
    if (arena->bytes_taken > arena->bytes_max || want > arena->bytes_max - arena->bytes_taken)
        want = bytes;
    if (arena->bytes_taken > arena->bytes_max || want > arena->bytes_max - arena->bytes_taken)
        return false;
    struct arena_block *block = malloc(sizeof *block + want);
    if (!block)
        return false;
    block->next = NULL;
    block->bytes = want;
    arena->bytes_taken += want;
    if (arena->block)
        arena->block->next = block;
    else
        arena->first = block;
    enter(arena, block);
    return true;
}

void *arena_take_raw(struct arena *arena, size_t bytes)
{
    if (bytes > SIZE_MAX - ALIGNMENT)
        return NULL;
    size_t rounded = bytes == 0 ? ALIGNMENT : (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if ((size_t)(arena->end - arena->at) < rounded && (arena->fixed || !next_block(arena, rounded)))
        return NULL;
    void *taken = arena->at;
    arena->at += rounded;
    return taken;
}

void *arena_take(struct arena *arena, size_t bytes)
{
    void *taken = arena_take_raw(arena, bytes);
    return taken ? memset(taken, 0, bytes) : NULL;
}

void *arena_take_array(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    return arena_take(arena, bytes);
}

struct slice arena_copy(struct arena *arena, struct slice text)
{
    char *copy = arena_take_raw(arena, text.length + 1);
    if (!copy)
        return (struct slice){NULL, 0};
    if (text.length)
        memcpy(copy, text.bytes, text.length);
    copy[text.length] = '\0';
    return (struct slice){copy, text.length};
}
