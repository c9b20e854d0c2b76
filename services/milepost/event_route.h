/* Where a fact of an event file goes (DESIGN section 2). */
#ifndef MILEPOST_MILEPOST_EVENT_ROUTE_H
#define MILEPOST_MILEPOST_EVENT_ROUTE_H

#include "engine/fold.h"
#include "plan/event_file.h"
#include "schema/schema_kind_list.h"
#include "worker/topics.h"

struct event_route {
    enum topic topic;
    enum schema_kind kind;
    enum input_kind input;
    const char *type; /* CloudEvents */
    const void *fact; /* in the event, as the texts are */
    struct slice key;
    struct slice event_id;
    struct slice deal_id; /* empty: of a result, or of a milestone without a deal */
    int64_t revision;
    bool has_instant; /* not results: they have a window or a date */
    int64_t at;       /* when it happened */
};

/* Of an event that is a fact: neither EVENT_APPLY nor EVENT_DATE. */
struct event_route event_route_of(const struct event *event);

#endif
