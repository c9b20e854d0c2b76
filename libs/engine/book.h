/* A participant's book as memory has it: running sums for each (component, window), beside what has
 * been emitted for it.
 *
 * Everything here is derived from the store's rows and the plans, and may be dropped at any time.
 * Windows that are a deal or a line have no sums here: they are valued from the deal's few rows. */
#ifndef MILEPOST_ENGINE_BOOK_H
#define MILEPOST_ENGINE_BOOK_H

#include "engine/plans.h"
#include "engine/shown.h"
#include "engine/worth.h"

#include <uthash.h>

struct book_key {
    struct window_sums sums;
    struct shown shown;
    struct window_figures figures;
    const struct plan_version *version; /* that values it; NULL: none any more */
    uint32_t index;                     /* of the component in that version */
    uint32_t component;                 /* number of (plan, component) */
    uint32_t window;                    /* number of the window's id */
};

/* A row of a deal that was cancelled: what is taken back of its part in the window that it counts
 * in belongs to the window of the cancellation. Both are places of keys, and may be one. */
struct book_take {
    uint32_t closed;
    uint32_t taken;
    const struct ordered_row *row; /* of the first's rows */
    struct rational share;         /* of its part */
};

struct book {
    UT_hash_handle hh;
    struct book *unwritten_prev; /* in the list of books with unwritten keys, as the next two */
    struct book *unwritten_next;
    bool is_unwritten;
    struct slice participant; /* owned */
    struct book_assignment *assignments;
    size_t assignment_count;
    struct book_key *keys;
    uint32_t key_count;
    uint32_t key_capacity;
    uint32_t *index; /* open addressing over keys, when there are many; index + 1, 0 is free */
    uint32_t index_size;
    struct book_take *takes; /* in no order */
    uint32_t take_count;
    uint32_t take_capacity;
    uint32_t pay_to; /* numbers of texts; NO_TEXT: none */
    uint32_t pay_group;
    uint32_t pay_code;
    bool is_unpaid;
    bool has_deal_keys;   /* some component of its plans is over deals or lines */
    bool follows_course;  /* some component releases milestones by what happens to their deal */
    bool publishes_both;  /* … publishes a release that a refund came before */
    bool keeps_cancelled; /* some component of its plans says that cancelled deals stay */
    bool counts_payments; /* some component of its plans is of payments */
    bool has_deal_rows;   /* something was emitted for a deal or line, whatever its plans say now */
    uint64_t epoch;       /* of control, when it was last brought up to date */
    int64_t waiting;      /* rows that cannot be valued yet */
};

struct books {
    struct book *table;
    uint64_t epoch;         /* counts changes of control that move books */
    uint64_t removals;      /* counts books that left memory */
    int64_t waiting;        /* total over the books in memory */
    bool is_whole;          /* all that have rows are in memory */
    struct book *unwritten; /* those with keys whose emitted rows are behind, in order of time */
};

struct book *books_find(const struct books *books, struct slice participant);

/* A new, empty book. Out of memory ends the process. */
struct book *books_add(struct books *books, struct slice participant);
void books_remove(struct books *books, struct book *book);
void books_drop(struct books *books);

/* Keeps in mind that the book has keys whose emitted rows are to be written; and that they are. */
void books_note_unwritten(struct books *books, struct book *book);
void books_note_written(struct books *books, struct book *book);

/* Makes the book empty again: keys, assignments, counts. Nothing in it may be unwritten. */
void book_clear(struct books *books, struct book *book);

#define NO_KEY UINT32_MAX

/* The key's place in `keys`, NO_KEY when there is none. Places stay until the book is cleared;
 * pointers only until a key is added. */
uint32_t book_key_find(const struct book *book, uint32_t component, uint32_t window);
uint32_t book_key_add(struct book *book, uint32_t component, uint32_t window);

static inline struct assigned book_assigned(const struct book *book)
{
    return (struct assigned){book->assignments, book->assignment_count};
}

void book_take_add(struct book *book, const struct book_take *take);

/* Forgets the row's; returns where it was taken back, NO_KEY when nothing was. */
uint32_t book_take_remove(struct book *book, const struct ordered_row *row);

/* Whether some assignment to the plan with the number `plan` holds on `date`. */
bool book_is_assigned(const struct book *book, uint32_t plan, int32_t date);

#endif
