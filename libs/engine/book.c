/* As the interner and the store: XXH3 over the whole key, which uthash then compares in full. */
#define XXH_INLINE_ALL
#include <xxhash.h>
#define HASH_FUNCTION(key, length, value) ((value) = (unsigned)XXH3_64bits(key, length))
#include "engine/book.h"

#include <assert.h>
#include <stdlib.h>
#include <utlist.h>

struct book *books_find(const struct books *books, struct slice participant)
{
    struct book *book;
    HASH_FIND(hh, books->table, participant.bytes, (unsigned)participant.length, book);
    return book;
}

struct book *books_add(struct books *books, struct slice participant)
{
    struct book *book = calloc(1, sizeof *book);
    char *text = malloc(participant.length + 1);
    if (!book || !text)
        abort();
    memcpy(text, participant.bytes, participant.length);
    book->participant = (struct slice){text, participant.length};
    book->pay_to = book->pay_group = book->pay_code = NO_TEXT;
    HASH_ADD_KEYPTR(hh, books->table, text, (unsigned)participant.length, book);
    return book;
}

void books_note_unwritten(struct books *books, struct book *book)
{
    if (book->is_unwritten)
        return;
    book->is_unwritten = true;
    DL_APPEND2(books->unwritten, book, unwritten_prev, unwritten_next);
}

void books_note_written(struct books *books, struct book *book)
{
    if (!book->is_unwritten)
        return;
    book->is_unwritten = false;
    DL_DELETE2(books->unwritten, book, unwritten_prev, unwritten_next);
}

void book_clear(struct books *books, struct book *book)
{
    assert(!book->is_unwritten);
    books->waiting -= book->waiting;
    free(book->assignments);
    for (uint32_t i = 0; i < book->key_count; i++)
        window_sums_deinit(&book->keys[i].sums);
    free(book->keys);
    free(book->index);
    free(book->takes);
    book->takes = NULL;
    book->take_count = book->take_capacity = 0;
    book->assignments = NULL;
    book->assignment_count = 0;
    book->keys = NULL;
    book->key_count = book->key_capacity = 0;
    book->index = NULL;
    book->index_size = 0;
    book->pay_to = book->pay_group = book->pay_code = NO_TEXT;
    book->is_unpaid = book->has_deal_keys = book->has_deal_rows = false;
    book->keeps_cancelled = book->follows_course = book->publishes_both = false;
    book->counts_payments = false;
    book->waiting = 0;
}

void books_remove(struct books *books, struct book *book)
{
    books_note_written(books, book);
    book_clear(books, book);
    books->removals++;
    books->is_whole = false;
    HASH_DEL(books->table, book);
    free((void *)(uintptr_t)book->participant.bytes);
    free(book);
}

void books_drop(struct books *books)
{
    struct book *book;
    struct book *next;
    HASH_ITER(hh, books->table, book, next)
    books_remove(books, book);
}

enum { INDEX_FROM_KEYS = 12 };

static uint32_t *find_slot(const struct book *book, uint32_t component, uint32_t window)
{
    uint32_t at = (component * 2654435761u ^ window * 2246822519u) & (book->index_size - 1);
    for (; book->index[at]; at = (at + 1) & (book->index_size - 1)) {
        const struct book_key *key = &book->keys[book->index[at] - 1];
        if (key->component == component && key->window == window)
            break;
    }
    return &book->index[at];
}

uint32_t book_key_find(const struct book *book, uint32_t component, uint32_t window)
{
    if (book->index)
        return *find_slot(book, component, window) - 1; /* a free slot's 0 becomes NO_KEY */
    for (uint32_t i = 0; i < book->key_count; i++) {
        if (book->keys[i].component == component && book->keys[i].window == window)
            return i;
    }
    return NO_KEY;
}

static void reindex(struct book *book)
{
    free(book->index);
    book->index_size = book->key_capacity * 2;
    book->index = calloc(book->index_size, sizeof *book->index);
    if (!book->index)
        abort();
    for (uint32_t i = 0; i < book->key_count; i++)
        *find_slot(book, book->keys[i].component, book->keys[i].window) = i + 1;
}

/* Capacity: 1, 2, 4, 8 …: most books have a window or two. */
static void grow(struct book *book)
{
    book->key_capacity = book->key_capacity ? book->key_capacity * 2 : 1;
    book->keys = realloc(book->keys, book->key_capacity * sizeof *book->keys);
    if (!book->keys)
        abort();
    if (book->key_capacity > INDEX_FROM_KEYS)
        reindex(book);
}

uint32_t book_key_add(struct book *book, uint32_t component, uint32_t window)
{
    if (book->key_count == book->key_capacity)
        grow(book);
    uint32_t place = book->key_count++;
    book->keys[place] =
        (struct book_key){.shown = shown_nothing(), .component = component, .window = window};
    if (book->index)
        *find_slot(book, component, window) = place + 1;
    return place;
}

void book_take_add(struct book *book, const struct book_take *take)
{
    if (book->take_count == book->take_capacity) {
        book->take_capacity = book->take_capacity ? book->take_capacity * 2 : 4;
        book->takes = realloc(book->takes, book->take_capacity * sizeof *book->takes);
        if (!book->takes)
            abort();
    }
    book->takes[book->take_count++] = *take;
}

uint32_t book_take_remove(struct book *book, const struct ordered_row *row)
{
    for (uint32_t i = 0; i < book->take_count; i++) {
        uint32_t taken = book->takes[i].taken;
        if (book->takes[i].row != row)
            continue;
        book->takes[i] = book->takes[--book->take_count];
        return taken;
    }
    return NO_KEY;
}

bool book_is_assigned(const struct book *book, uint32_t plan, int32_t date)
{
    for (size_t i = 0; i < book->assignment_count; i++) {
        const struct book_assignment *assignment = &book->assignments[i];
        if (assignment->plan == plan && assignment->from <= date && date < assignment->until)
            return true;
    }
    return false;
}
