#include "worker/retention.h"

#include <string.h>

void retention_init(struct retention *retention, int64_t keep_ms, int64_t free_bytes)
{
    *retention = (struct retention){.keep_ms = keep_ms, .free_bytes = free_bytes};
}

static void drop_oldest(struct retention *retention, int drop)
{
    memmove(&retention->marks[0], &retention->marks[drop],
            (size_t)(retention->count - drop) * sizeof retention->marks[0]);
    retention->count -= drop;
}

void retention_named(struct retention *retention, int64_t begin, int64_t credits, int64_t bytes,
                     int64_t now_ms)
{
    retention->journal_bytes += bytes;
    if (retention->count > 0) {
        const struct retention_mark *newest = &retention->marks[retention->count - 1];
        if (newest->begin == begin || now_ms - newest->named_ms < retention->keep_ms / 32)
            return;
    }
    if (retention->count == RETENTION_MARKS_MAX)
        drop_oldest(retention, 1);
    retention->marks[retention->count++] =
        (struct retention_mark){begin, credits, retention->journal_bytes, now_ms};
}

bool retention_due(struct retention *retention, int64_t now_ms, int64_t *out_journal,
                   int64_t *out_credits)
{
    if (retention->last_ms != 0 && now_ms - retention->last_ms < RETENTION_EVERY_MS)
        return false;
    /* The newest mark named `keep_ms` ago: whatever was current then began no earlier. */
    int keep = -1;
    while (keep + 1 < retention->count &&
           now_ms - retention->marks[keep + 1].named_ms >= retention->keep_ms)
        keep++;
    if (keep < 0)
        return false;
    const struct retention_mark *mark = &retention->marks[keep];
    if (mark->journal_bytes - retention->truncated_bytes < retention->free_bytes)
        return false;
    *out_journal = mark->begin;
    *out_credits = mark->credits;
    retention->truncated_bytes = mark->journal_bytes;
    retention->last_ms = now_ms;
    drop_oldest(retention, keep);
    return true;
}
