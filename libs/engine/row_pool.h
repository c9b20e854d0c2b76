/* Memory for rows: pieces of equal size from large blocks, given back to lists by size.
 *
 * Rows are small, of few sizes, and replaced by rows of the same size; malloc costs several times
 * what putting one in the store does. Zero-valid. */
#ifndef MILEPOST_ENGINE_ROW_POOL_H
#define MILEPOST_ENGINE_ROW_POOL_H

#include <stddef.h>
#include <stdint.h>

enum { ROW_POOL_STEP = 16, ROW_POOL_CLASSES = 64 }; /* up to 1,024 bytes; larger ones by malloc */

struct row_pool_block;
struct row_pool_free;

struct row_pool {
    struct row_pool_block *blocks; /* newest first */
    char *at;                      /* next free byte of the newest */
    char *end;
    struct row_pool_free *free[ROW_POOL_CLASSES]; /* by bytes / ROW_POOL_STEP */
};

/* Frees the blocks; what was larger than the classes must have been given back. */
void row_pool_deinit(struct row_pool *pool);

/* `bytes` > 0, not zeroed, aligned to 16; cannot fail: running out of memory ends the process. */
void *row_pool_take(struct row_pool *pool, size_t bytes);

/* Gives back what was taken with the same `bytes`. */
void row_pool_give(struct row_pool *pool, void *taken, size_t bytes);

#endif
