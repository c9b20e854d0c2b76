/* Which keys' attainment is behind, oldest first.
 *
 * Derived from emitted rows (view against view_published, pending_since): it may be dropped at any
 * time and collected again. The order is (turn in which the key fell behind, key in byte order), so
 * that it is the same however the queue came to be. */
#ifndef MILEPOST_ENGINE_PENDING_VIEWS_H
#define MILEPOST_ENGINE_PENDING_VIEWS_H

#include "base/slice.h"

struct pending_view {
    int64_t turn;
    struct slice key; /* of the emitted row; owned by the queue */
};

struct pending_views {
    struct pending_view *items;
    size_t head;
    size_t count; /* past the last item; those before `head` are taken */
    size_t capacity;
    size_t sorted; /* items before this one are in order, of the head's turn or taken */
    bool is_known; /* false: to be collected from the store first */
};

void pending_views_deinit(struct pending_views *views);

/* Forgets everything; it is to be collected again. */
void pending_views_drop(struct pending_views *views);

/* Adds a key (copied) that fell behind in `turn`. Out of memory ends the process. */
void pending_views_add(struct pending_views *views, int64_t turn, struct slice key);

/* The oldest, or NULL; borrowed until the next call. Stays until it is removed. */
const struct pending_view *pending_views_first(struct pending_views *views);
void pending_views_remove_first(struct pending_views *views);

static inline size_t pending_views_count(const struct pending_views *views)
{
    return views->count - views->head;
}

#endif
