#include "engine/sights.h"

#include <stdlib.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { SIGHTS_BYTES_MAX = 256 * 1024 * 1024, SIZE_MIN = 64 };

struct sights_entry {
    uint32_t component;
    struct slice window;
    struct sight sight;
};

void sights_init(struct sights *sights)
{
    *sights = (struct sights){0};
    arena_init_growing(&sights->arena, SIGHTS_BYTES_MAX);
}

void sights_deinit(struct sights *sights)
{
    free(sights->table);
    arena_deinit(&sights->arena);
}

void sights_reset(struct sights *sights)
{
    if (sights->count)
        memset(sights->table, 0, sights->size * sizeof *sights->table);
    sights->count = 0;
    arena_reset(&sights->arena);
}

static struct sights_entry **slot_of(const struct sights *sights, uint32_t component,
                                     struct slice window)
{
    uint64_t hash = XXH3_64bits_withSeed(window.bytes, window.length, component);
    for (size_t at = hash & (sights->size - 1);; at = (at + 1) & (sights->size - 1)) {
        struct sights_entry *entry = sights->table[at];
        if (!entry || (entry->component == component && slice_equal(entry->window, window)))
            return &sights->table[at];
    }
}

const struct sight *sights_find(const struct sights *sights, uint32_t component,
                                struct slice window)
{
    const struct sights_entry *entry = sights->count ? *slot_of(sights, component, window) : NULL;
    return entry ? &entry->sight : NULL;
}

static void grow(struct sights *sights)
{
    struct sights old = *sights;
    sights->size = old.size ? old.size * 2 : SIZE_MIN;
    sights->table = calloc(sights->size, sizeof *sights->table);
    if (!sights->table)
        abort();
    for (size_t i = 0; i < old.size; i++) {
        struct sights_entry *entry = old.table[i];
        if (entry)
            *slot_of(sights, entry->component, entry->window) = entry;
    }
    free(old.table);
}

bool sights_keep(struct sights *sights, uint32_t component, struct slice window,
                 const struct sight *sight)
{
    struct sights_entry *entry = arena_take(&sights->arena, sizeof *entry);
    struct slice copy = arena_copy(&sights->arena, window);
    if (!entry || !copy.bytes)
        return false;
    if (2 * (sights->count + 1) > sights->size)
        grow(sights);
    *entry = (struct sights_entry){component, copy, *sight};
    *slot_of(sights, component, window) = entry;
    sights->count++;
    return true;
}
