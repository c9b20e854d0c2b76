#include "plan/event_ids.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t event_ids_hash(struct slice bytes)
{
    return XXH3_64bits(bytes.bytes, bytes.length);
}

void event_ids_deinit(struct event_ids *ids)
{
    free(ids->places);
    *ids = (struct event_ids){0};
}

static struct event_id *find(struct event_ids *ids, uint64_t id)
{
    size_t at = (size_t)id & (ids->capacity - 1);
    while (ids->places[at].line != 0 && ids->places[at].id != id)
        at = (at + 1) & (ids->capacity - 1);
    return &ids->places[at];
}

/* Kept at most three quarters full. */
static void grow(struct event_ids *ids)
{
    struct event_ids larger = {.capacity = ids->capacity ? ids->capacity * 2 : 1024};
    larger.places = calloc(larger.capacity, sizeof *larger.places);
    if (!larger.places)
        abort();
    for (size_t i = 0; i < ids->capacity; i++) {
        if (ids->places[i].line != 0)
            *find(&larger, ids->places[i].id) = ids->places[i];
    }
    larger.count = ids->count;
    free(ids->places);
    *ids = larger;
}

const struct event_id *event_ids_clash(struct event_ids *ids, const struct event_id *seen)
{
    if (ids->count * 4 >= ids->capacity * 3)
        grow(ids);
    struct event_id *place = find(ids, seen->id);
    if (place->line == 0) {
        *place = *seen;
        ids->count++;
        return NULL;
    }
    bool is_right = seen->has_revision ? place->has_revision
                                       : !place->has_revision && place->content == seen->content;
    return is_right ? NULL : place;
}
