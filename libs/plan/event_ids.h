/* The ids that an event file has shown so far, to tell when a revision must be written.
 *
 * Ids are kept as hashes of 64 bits: that two ids share one is less likely than 1 in 100,000 for 10
 * million, and then a line is refused that need not be; never is a wrong one accepted. */
#ifndef MILEPOST_PLAN_EVENT_IDS_H
#define MILEPOST_PLAN_EVENT_IDS_H

#include "base/slice.h"

struct event_id {
    uint64_t id;
    uint64_t content;
    int32_t line; /* 0: a free place */
    bool has_revision;
};

/* Zero-valid. */
struct event_ids {
    struct event_id *places;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
};

void event_ids_deinit(struct event_ids *ids);

/* Notes an id's line. NULL when that is right: the id is new, an exact duplicate without revision,
 * or stands with a revision everywhere; otherwise the earlier line, which clashes. Borrowed until
 * the next call. Out of memory ends the process. */
const struct event_id *event_ids_clash(struct event_ids *ids, const struct event_id *seen);

/* The hash that `id` and `content` are made with. */
uint64_t event_ids_hash(struct slice bytes);

#endif
