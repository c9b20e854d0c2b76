/* The incentives fold's parts, for its own files only: fold.h has what others use. */
#ifndef MILEPOST_ENGINE_INCENTIVES_FOLD_H
#define MILEPOST_ENGINE_INCENTIVES_FOLD_H

#include "engine/book.h"
#include "engine/business_date.h"
#include "engine/outcomes.h"
#include "engine/pending_views.h"
#include "engine/sights.h"
#include "engine/small_state.h"
#include "engine/tally.h"

struct incentives {
    struct fold fold;
    struct row_io io;
    struct small_state small;
    struct interner names;
    struct plans plans;
    struct books books;
    struct pending_views views;
    struct outcomes outcomes;
    int64_t held;        /* keys on hold, by their emitted rows; void until the views are known */
    int64_t held_before; /* as the turn found it */
    struct arena row_scratch;  /* while a book is read from its rows */
    struct arena deal_scratch; /* rows of one deal in a book */
    struct buffer verified;    /* the last book that the background check looked at */
    struct buffer looked; /* … that was looked for when books that are not in memory are read */
    uint64_t looked_removals; /* books' removals when that began */
    struct touched touched;   /* keys that the input at hand came to */
    struct buffer text;       /* for ids */
    struct sights sights;     /* of the book at hand, in one pass over its keys */
    bool counts_as_paid;      /* of the deal at hand: rows.h */
};

/* For counting into `book`; without outcomes. */
static inline struct tally tally_of(struct incentives *fold, struct book *book)
{
    return (struct tally){.io = &fold->io,
                          .plans = &fold->plans,
                          .names = &fold->names,
                          .books = &fold->books,
                          .book = book};
}

/* What moves a book: its name on payouts, and what sort of payouts they are. */
struct mover {
    struct cause cause;
    struct slice kind; /* EARNED, CLAWBACK, ADJUSTMENT; one EARNED that moves only what is payable
                        * is a RELEASE */
    const struct credit *credit; /* the row that moves it, as it is … */
    const struct credit *before; /* … and was; NULL: it was not */
    const struct result *result; /* that moves it; NULL: none, as the credit */
    struct slice reason;         /* optional: the change's name */
    struct slice hold; /* optional: holds what it comes to, for this reason, and moves nothing */
    bool is_check;     /* nothing may move: a key that differs is held */
    bool accepts;      /* somebody accepted: lets go of the hold with this id within the bound */
    uint32_t hold_id;
    struct decimal bound;
    bool is_newer_row; /* lets go of a hold for rows of one version that differ */
};

/* --- incentives_books.c: which book, brought up to date --- */

/* The book of `participant`, as the store and control have it: read and checked, or reconciled with
 * a queued change, when it was not in memory or a change has come since. */
enum status incentives_book(struct incentives *fold, struct slice participant,
                            const struct outbox *outbox, struct book **out,
                            char *detail) MUST_CHECK;

/* The same, and reads and checks it in any case. */
enum status incentives_book_anew(struct incentives *fold, struct slice participant,
                                 const struct outbox *outbox, char *detail) MUST_CHECK;

/* Reads the book from the store again; what was derived before is void, `book` stays. */
enum status incentives_reread(struct incentives *fold, struct book *book, char *detail) MUST_CHECK;

/* Whether a change of that kind has all attainment published again and moves nothing: `topics`,
 * when it drew a new generation, and `republish`. */
bool change_republishes(struct slice kind);

/* Whether `change`, which does not republish, can move books by that plan: one of its own
 * versions, the business date where something in it waits for a day, or anything else. */
bool change_moves_plan(const struct incentives *fold, const struct change *change,
                       struct slice plan);

/* Whether `change` can move the book. */
bool change_moves(const struct incentives *fold, const struct change *change,
                  const struct book *book);

struct mover mover_of_change(const struct change *change);

/* --- reconcile.c: worth against emitted --- */

/* One key of the book that was just touched; and all of them, in byte order. */
enum status reconcile_key(struct incentives *fold, struct book *book, uint32_t key,
                          const struct mover *mover, const struct outbox *outbox,
                          char *detail) MUST_CHECK;
enum status reconcile_book(struct incentives *fold, struct book *book, const struct mover *mover,
                           const struct outbox *outbox, char *detail) MUST_CHECK;

/* The keys that a row came to, those that take back of them (which are added to `touched`), and the
 * keys of their plans that may look at them; deals and lines that look at them too, but not the
 * keys of the row's own deal. */
enum status reconcile_touched(struct incentives *fold, struct book *book, struct touched *touched,
                              const struct mover *mover, const struct outbox *outbox,
                              char *detail) MUST_CHECK;

/* Writes the emitted rows that are behind what was emitted. A key's row is written once a turn,
 * however often the key moved: at the latest in fold.h's drain, publish and verify, and before the
 * rows of books are read. */
void write_books(struct incentives *fold);

/* --- emit.c: one key's payout and emitted row --- */

struct key_name {
    struct slice participant;
    struct slice plan;
    struct slice component;
    struct slice window;
};

/* Brings `shown` to `worth` (NULL: it cannot be computed, which holds the key for overflow) and
 * pays the difference; a `shown` that changed is unwritten then. `plan` NULL: no version values the
 * key, which is then worth 0. */
enum status emit_key(struct incentives *fold, struct book *book, const struct key_name *name,
                     const struct plan *plan, const struct worth *worth, struct shown *shown,
                     const struct mover *mover, const struct outbox *outbox) MUST_CHECK;

/* Puts the emitted row of an unwritten `shown`, and what attainment shows among what is pending. */
void write_shown(struct incentives *fold, const struct key_name *name, struct shown *shown);

/* --- deal_keys.c: windows that are a deal or a line of one --- */

/* Reconciles the keys of one deal in the book: of its rows now, and of `before`, a row as it was
 * (or NULL). */
enum status reconcile_deal(struct incentives *fold, struct book *book, struct slice deal_book,
                           const struct credit *before, const struct mover *mover,
                           const struct outbox *outbox, char *detail) MUST_CHECK;

/* All of them, and those emitted that have no row any more. */
enum status reconcile_deals(struct incentives *fold, struct book *book, const struct mover *mover,
                            const struct outbox *outbox, char *detail) MUST_CHECK;

/* --- incentives_credit.c, incentives_facts.c, incentives_control.c: inputs --- */

enum status incentives_apply_credit(struct incentives *fold, const struct input *input,
                                    const struct outbox *outbox, char *detail) MUST_CHECK;
enum status incentives_apply_roster(struct incentives *fold, const struct input *input,
                                    const struct outbox *outbox, char *detail) MUST_CHECK;
enum status incentives_apply_control(struct incentives *fold, const struct input *input,
                                     const struct outbox *outbox, char *detail) MUST_CHECK;
enum status incentives_apply_result(struct incentives *fold, const struct input *input,
                                    const struct outbox *outbox, char *detail) MUST_CHECK;

/* As fold.h has them. */
enum status incentives_drain(struct incentives *fold, size_t books_max, const struct outbox *outbox,
                             bool *out_more, char *detail) MUST_CHECK;
enum status incentives_verify(struct incentives *fold, size_t books_max,
                              const struct outbox *outbox, bool *out_more, char *detail) MUST_CHECK;

/* --- incentives_views.c: attainment --- */

/* Makes all keys of the participant pending; those that were stay where they are in the order. */
enum status incentives_republish(struct incentives *fold, struct slice participant,
                                 char *detail) MUST_CHECK;

enum status incentives_publish(struct incentives *fold, size_t keys_max,
                               const struct outbox *outbox, bool *out_more,
                               char *detail) MUST_CHECK;

#endif
