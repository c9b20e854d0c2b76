#include "worker/outcome_counts.h"

#include <stdlib.h>

#define OTHER SLICE("other")

void outcome_counts_deinit(struct outcome_counts *counts)
{
    free(counts->rows);
    *counts = (struct outcome_counts){0};
}

static struct outcome_count *make(struct outcome_counts *counts, struct slice plan)
{
    counts->rows = realloc(counts->rows, (counts->count + 1) * sizeof *counts->rows);
    if (!counts->rows)
        abort();
    struct outcome_count *row = &counts->rows[counts->count++];
    *row = (struct outcome_count){0};
    if (plan.length)
        memcpy(row->plan, plan.bytes, plan.length);
    return row;
}

static bool is_of(const struct outcome_count *row, struct slice plan)
{
    return slice_equal(slice_of(row->plan), plan);
}

/* Turns name their plans in the same order, so a plan mostly stands at `hint`. */
static struct outcome_count *row_of(struct outcome_counts *counts, struct slice plan, size_t hint)
{
    if (hint < counts->count && is_of(&counts->rows[hint], plan))
        return &counts->rows[hint];
    if (plan.length >= OUTCOME_PLAN_BYTES)
        plan = OTHER;
    for (size_t i = 0; i < counts->count; i++)
        if (is_of(&counts->rows[i], plan))
            return &counts->rows[i];
    if (counts->count < OUTCOME_PLANS_MAX - 1 || slice_equal(plan, OTHER))
        return make(counts, plan);
    return row_of(counts, OTHER, hint);
}

static void add(struct outcome_counts *counts, struct slice plan, size_t hint,
                const int64_t more[OUTCOME_COUNT])
{
    int64_t any = 0;
    for (int i = 0; i < OUTCOME_COUNT; i++)
        any |= more[i];
    if (!any)
        return;
    struct outcome_count *row = row_of(counts, plan, hint);
    for (int i = 0; i < OUTCOME_COUNT; i++)
        row->counts[i] += more[i];
}

int64_t outcome_counts_add(struct outcome_counts *counts, struct list turn)
{
    const struct plan_outcomes *items = turn.items;
    int64_t duplicates = 0;
    for (size_t i = 0; i < turn.count; i++) {
        add(counts, items[i].plan, i, items[i].counts);
        duplicates += items[i].counts[OUTCOME_DUPLICATE];
    }
    return duplicates;
}

void outcome_counts_copy(struct outcome_counts *into, const struct outcome_counts *from)
{
    size_t bytes = from->count * sizeof *from->rows;
    into->count = from->count;
    if (!bytes)
        return;
    into->rows = realloc(into->rows, bytes);
    if (!into->rows)
        abort();
    memcpy(into->rows, from->rows, bytes);
}

void outcome_counts_merge(struct outcome_counts *into, const struct outcome_counts *from)
{
    for (size_t i = 0; i < from->count; i++)
        add(into, slice_of(from->rows[i].plan), i, from->rows[i].counts);
}
