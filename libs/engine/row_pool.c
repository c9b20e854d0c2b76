#include "engine/row_pool.h"

#include <stdbool.h>
#include <stdlib.h>

enum { BLOCK_BYTES_FIRST = 4 * 1024, BLOCK_BYTES_MAX = 256 * 1024 };

struct row_pool_block {
    struct row_pool_block *next;
    size_t bytes;
    _Alignas(16) char data[];
};

struct row_pool_free {
    struct row_pool_free *next;
};

/* With AddressSanitizer every piece is malloc's, so that it sees who reads a row given back. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_WATCHED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_WATCHED true
#endif
#endif
#ifndef IS_WATCHED
#define IS_WATCHED false
#endif

static void *must_allocate(size_t bytes)
{
    void *taken = malloc(bytes);
    if (!taken)
        abort();
    return taken;
}

void row_pool_deinit(struct row_pool *pool)
{
    while (pool->blocks) {
        struct row_pool_block *next = pool->blocks->next;
        free(pool->blocks);
        pool->blocks = next;
    }
    *pool = (struct row_pool){0};
}

static size_t class_of(size_t bytes)
{
    return (bytes + ROW_POOL_STEP - 1) / ROW_POOL_STEP;
}

/* Each block is twice as large as the last; what is left of that is lost. */
static void add_block(struct row_pool *pool)
{
    size_t bytes = pool->blocks ? pool->blocks->bytes * 2 : BLOCK_BYTES_FIRST;
    if (bytes > BLOCK_BYTES_MAX)
        bytes = BLOCK_BYTES_MAX;
    struct row_pool_block *block = must_allocate(sizeof *block + bytes);
    block->next = pool->blocks;
    block->bytes = bytes;
    pool->blocks = block;
    pool->at = block->data;
    pool->end = block->data + bytes;
}

void *row_pool_take(struct row_pool *pool, size_t bytes)
{
    size_t class = class_of(bytes);
    if (IS_WATCHED || class >= ROW_POOL_CLASSES)
        return must_allocate(bytes);
    struct row_pool_free *first = pool->free[class];
    if (first) {
        pool->free[class] = first->next;
        return first;
    }
    size_t rounded = class * ROW_POOL_STEP;
    if ((size_t)(pool->end - pool->at) < rounded)
        add_block(pool);
    void *taken = pool->at;
    pool->at += rounded;
    return taken;
}

void row_pool_give(struct row_pool *pool, void *taken, size_t bytes)
{
    size_t class = class_of(bytes);
    if (IS_WATCHED || class >= ROW_POOL_CLASSES) {
        free(taken);
        return;
    }
    struct row_pool_free *given = taken;
    given->next = pool->free[class];
    pool->free[class] = given;
}
