#include "engine/pending_views.h"

#include <assert.h>
#include <stdlib.h>

static void free_items(struct pending_views *views)
{
    for (size_t i = views->head; i < views->count; i++)
        free((void *)(uintptr_t)views->items[i].key.bytes);
    views->head = views->count = views->sorted = 0;
}

void pending_views_deinit(struct pending_views *views)
{
    free_items(views);
    free(views->items);
    *views = (struct pending_views){0};
}

void pending_views_drop(struct pending_views *views)
{
    free_items(views);
    views->is_known = false;
}

static void make_room(struct pending_views *views)
{
    if (views->count < views->capacity)
        return;
    if (views->head > views->capacity / 2) {
        memmove(views->items, views->items + views->head,
                (views->count - views->head) * sizeof *views->items);
        views->sorted = views->sorted > views->head ? views->sorted - views->head : 0;
        views->count -= views->head;
        views->head = 0;
        return;
    }
    views->capacity = views->capacity ? views->capacity * 2 : 256;
    views->items = realloc(views->items, views->capacity * sizeof *views->items);
    if (!views->items)
        abort();
}

void pending_views_add(struct pending_views *views, int64_t turn, struct slice key)
{
    make_room(views);
    char *copy = malloc(key.length);
    if (!copy)
        abort();
    memcpy(copy, key.bytes, key.length);
    /* An addition to the group at the head, or out of order, makes what is sorted void. */
    if (views->sorted > views->head && turn <= views->items[views->sorted - 1].turn)
        views->sorted = views->head;
    views->items[views->count++] = (struct pending_view){turn, {copy, key.length}};
}

static int by_turn_and_key(const void *a, const void *b)
{
    const struct pending_view *first = a;
    const struct pending_view *second = b;
    if (first->turn != second->turn)
        return first->turn < second->turn ? -1 : 1;
    return slice_compare(first->key, second->key);
}

/* Sorts the group of the oldest turn; the items come by turn unless they were just collected. */
static void sort_head(struct pending_views *views)
{
    bool by_turn = true;
    size_t end = views->head;
    int64_t turn = views->items[views->head].turn;
    for (size_t i = views->head + 1; i < views->count && by_turn; i++)
        by_turn = views->items[i - 1].turn <= views->items[i].turn;
    while (by_turn && end < views->count && views->items[end].turn == turn)
        end++;
    if (!by_turn)
        end = views->count;
    qsort(views->items + views->head, end - views->head, sizeof *views->items, by_turn_and_key);
    /* Of a whole sort only the first group may be taken before a look at what was added since. */
    turn = views->items[views->head].turn;
    views->sorted = views->head;
    while (views->sorted < end && views->items[views->sorted].turn == turn)
        views->sorted++;
}

const struct pending_view *pending_views_first(struct pending_views *views)
{
    if (views->head == views->count)
        return NULL;
    if (views->sorted <= views->head)
        sort_head(views);
    return &views->items[views->head];
}

void pending_views_remove_first(struct pending_views *views)
{
    assert(views->head < views->count && views->sorted > views->head);
    free((void *)(uintptr_t)views->items[views->head].key.bytes);
    views->head++;
    if (views->head == views->count)
        views->head = views->count = views->sorted = 0;
}
