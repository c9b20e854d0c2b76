#include "engine/interner.h"

#include "engine/row_io.h"

#include <stdlib.h>

enum { TABLE_SIZE_FIRST = 64, TEXT_BYTES_MAX = 512 * 1024 * 1024 };

void interner_init(struct interner *interner)
{
    *interner = (struct interner){0};
    arena_init_growing(&interner->texts, TEXT_BYTES_MAX);
}

void interner_deinit(struct interner *interner)
{
    arena_deinit(&interner->texts);
    free(interner->items);
    free(interner->table);
    *interner = (struct interner){0};
}

static uint32_t *find_slot(const struct interner *interner, struct slice text)
{
    uint32_t at = (uint32_t)content_hash(text) & (interner->table_size - 1);
    while (interner->table[at] && !slice_equal(interner->items[interner->table[at] - 1], text))
        at = (at + 1) & (interner->table_size - 1);
    return &interner->table[at];
}

static void grow(struct interner *interner)
{
    interner->table_size = interner->table_size ? interner->table_size * 2 : TABLE_SIZE_FIRST;
    free(interner->table);
    interner->table = calloc(interner->table_size, sizeof *interner->table);
    interner->capacity = interner->table_size / 2;
    interner->items = realloc(interner->items, interner->capacity * sizeof *interner->items);
    if (!interner->table || !interner->items)
        abort();
    for (uint32_t i = 0; i < interner->count; i++)
        *find_slot(interner, interner->items[i]) = i + 1;
}

uint32_t interner_number(struct interner *interner, struct slice text)
{
    if (interner->count == interner->capacity)
        grow(interner);
    uint32_t *slot = find_slot(interner, text);
    if (*slot)
        return *slot - 1;
    struct slice copy = arena_copy(&interner->texts, text);
    if (!copy.bytes)
        abort();
    interner->items[interner->count] = copy;
    *slot = ++interner->count;
    return *slot - 1;
}

struct slice interner_keep(struct interner *interner, struct slice text)
{
    return text.bytes ? interner->items[interner_number(interner, text)] : text;
}
