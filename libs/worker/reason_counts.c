#include "worker/reason_counts.h"

#define OTHER "other"

static bool is_word(struct slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((text.bytes[i] < 'a' || text.bytes[i] > 'z') && text.bytes[i] != '-')
            return false;
    return text.length > 0 && text.length < REASON_COUNTS_BYTES;
}

static struct reason_count *find(struct reason_counts *counts, struct slice reason)
{
    for (size_t i = 0; i < counts->count; i++)
        if (slice_equal(slice_of(counts->rows[i].reason), reason))
            return &counts->rows[i];
    return NULL;
}

/* The last place is kept for `other`. */
static struct reason_count *make(struct reason_counts *counts, struct slice reason)
{
    size_t room = REASON_COUNTS_MAX - (slice_equal(reason, SLICE(OTHER)) ? 0 : 1);
    if (counts->count >= room)
        return NULL;
    struct reason_count *row = &counts->rows[counts->count++];
    *row = (struct reason_count){0};
    memcpy(row->reason, reason.bytes, reason.length);
    return row;
}

void reason_counts_add(struct reason_counts *counts, struct slice reason, int64_t times)
{
    struct slice word = is_word(reason) ? reason : SLICE(OTHER);
    struct reason_count *row = find(counts, word);
    if (!row)
        row = make(counts, word);
    if (row)
        row->count += times;
    else
        reason_counts_add(counts, SLICE(OTHER), times);
}

void reason_counts_merge(struct reason_counts *into, const struct reason_counts *from)
{
    for (size_t i = 0; i < from->count; i++)
        reason_counts_add(into, slice_of(from->rows[i].reason), from->rows[i].count);
}
