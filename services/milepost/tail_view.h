/* What `milepost tail` shows of each topic: the columns that matter, or every field as JSON. */
#ifndef MILEPOST_MILEPOST_TAIL_VIEW_H
#define MILEPOST_MILEPOST_TAIL_VIEW_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/log.h"
#include "schema/schemas.h"
#include "worker/topics.h"

enum { TAIL_COLUMNS_MAX = 12 };

struct tail_column {
    const char *head; /* one that begins with '>' is right-aligned */
    int width;        /* longer texts push what follows */
};

/* Where the lines of a record go. */
struct tail_sink {
    struct schemas *schemas;
    struct slice participant; /* only this one's; bytes NULL: everybody's */
    bool is_json;
    struct arena arena; /* reset for each record */
    struct buffer line; /* the one being made */
    void *self;
    /* A whole line without its newline, borrowed. */
    void (*emit)(void *self, const struct log_record *record, struct slice line);
};

struct tail_view {
    const char *name; /* as typed: payouts */
    enum topic topic;
    const struct tail_column *columns;
    size_t column_count;
    /* Emits what the record holds. INVALID, CORRUPT: it cannot be read, `detail` says why. */
    enum status (*show)(const struct tail_view *view, struct tail_sink *sink,
                        const struct log_record *record, char *detail);
};

/* NULL when there is no such view. */
const struct tail_view *tail_view_find(struct slice name);

/* The line of heads, in `sink->line`. */
struct slice tail_heads(const struct tail_view *view, struct tail_sink *sink);

#endif
