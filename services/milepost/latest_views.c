#include "milepost/latest_views.h"

#include <stdlib.h>
#define XXH_INLINE_ALL
#include <xxhash.h>
#define HASH_FUNCTION(key, length, value) ((value) = (unsigned)XXH3_64bits(key, length))
#include <uthash.h>

struct latest_view {
    struct log_record record; /* first: found by it. Key and value are owned, headers left out */
    UT_hash_handle hh;
};

static void *must_allocate(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static void copy(struct slice *to, struct slice text)
{
    char *bytes = must_allocate(realloc((void *)(uintptr_t)to->bytes, text.length + 1));
    if (text.length)
        memcpy(bytes, text.bytes, text.length);
    *to = (struct slice){bytes, text.length};
}

void latest_views_deinit(struct latest_views *views)
{
    struct latest_view *view;
    struct latest_view *next;
    HASH_ITER(hh, views->table, view, next)
    {
        HASH_DEL(views->table, view);
        free((void *)(uintptr_t)view->record.key.bytes);
        free((void *)(uintptr_t)view->record.value.bytes);
        free(view);
    }
}

void latest_views_take(struct latest_views *views, const struct log_record *record)
{
    struct latest_view *view;
    HASH_FIND(hh, views->table, record->key.bytes, (unsigned)record->key.length, view);
    if (!view) {
        view = must_allocate(calloc(1, sizeof *view));
        copy(&view->record.key, record->key);
        HASH_ADD_KEYPTR(hh, views->table, view->record.key.bytes, (unsigned)view->record.key.length,
                        view);
    }
    copy(&view->record.value, record->value);
    view->record.offset = record->offset;
    view->record.timestamp_ms = record->timestamp_ms;
}

const struct log_record *latest_views_next(const struct latest_views *views,
                                           const struct log_record *before)
{
    const struct latest_view *view = (const struct latest_view *)(const void *)before;
    view = view ? view->hh.next : views->table;
    return view ? &view->record : NULL;
}
