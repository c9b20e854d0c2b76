#include "schema/map_keys.h"

#include <xxhash.h>

enum { KEYS_COMPARED_MAX = 12 };

static const struct slice *key_at(const struct list *map, size_t size, size_t index)
{
    return (const struct slice *)(const void *)((const char *)map->items + index * size);
}

/* Each key is looked up among those before it in a table of places, 1 for the first key. */
static enum status look_up_each(struct arena *arena, const struct list *map, size_t size, bool *out)
{
    size_t slots = 64;
    while (slots < 2 * map->count)
        slots *= 2;
    uint32_t *table = arena_take_array(arena, slots, sizeof *table);
    if (!table)
        return STATUS_EXHAUSTED;
    *out = false;
    for (size_t i = 0; i < map->count && !*out; i++) {
        const struct slice *key = key_at(map, size, i);
        size_t slot = XXH3_64bits(key->bytes, key->length) & (slots - 1);
        for (; table[slot] && !*out; slot = (slot + 1) & (slots - 1))
            *out = slice_equal(*key_at(map, size, table[slot] - 1), *key);
        table[slot] = (uint32_t)i + 1;
    }
    return STATUS_OK;
}

static bool has_twin(const struct list *map, size_t size)
{
    for (size_t i = 1; i < map->count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (slice_equal(*key_at(map, size, i), *key_at(map, size, k)))
                return true;
        }
    }
    return false;
}

enum status map_keys_find_twin(const struct list *map, size_t size, struct arena *arena, bool *out)
{
    if (map->count > KEYS_COMPARED_MAX)
        return look_up_each(arena, map, size, out);
    *out = has_twin(map, size);
    return STATUS_OK;
}
