/* Whether a map has a key twice, in linear time. Internal to libs/schema. */
#ifndef MILEPOST_SCHEMA_MAP_KEYS_H
#define MILEPOST_SCHEMA_MAP_KEYS_H

#include "base/arena.h"
#include "base/shape.h"
#include "base/status.h"

/* `map` holds entries of `size` bytes that begin with their key. EXHAUSTED: the arena, which large
 * maps need, is full. */
enum status map_keys_find_twin(const struct list *map, size_t size, struct arena *arena,
                               bool *out) MUST_CHECK;

#endif
