/* Keys of rows in the store: the book, 0x00, one letter for the kind, then the row's own id, as
 * schemas/README.md lists them.
 *
 * Each function writes into `out`, which it resets first, and returns a view of it that is valid
 * until `out` is next written. */
#ifndef MILEPOST_ENGINE_ROW_KEYS_H
#define MILEPOST_ENGINE_ROW_KEYS_H

#include "base/buffer.h"

/* deal:ID 00 d */
struct slice key_of_deal(struct buffer *out, struct slice deal_id);
/* deal:ID 00 m MILESTONE, or with an empty `deal_id` milestone:MILESTONE 00 m MILESTONE */
struct slice key_of_milestone(struct buffer *out, struct slice deal_id, struct slice milestone_id);
/* deal:ID 00 p PAYMENT */
struct slice key_of_payment(struct buffer *out, struct slice deal_id, struct slice payment_id);
/* control:KIND/ID 00 v VERSION */
struct slice key_of_control(struct buffer *out, struct slice kind, struct slice id,
                            int64_t version);
/* PARTICIPANT 00 a ASPECT */
struct slice key_of_roster(struct buffer *out, struct slice participant, struct slice aspect);
/* PARTICIPANT 00 c BOOK 00 ROW; the second without ROW: where the rows of that book begin */
struct slice key_of_credit(struct buffer *out, struct slice participant, struct slice book,
                           struct slice row);
struct slice key_of_credits(struct buffer *out, struct slice participant, struct slice book);
/* PARTICIPANT 00 e PLAN 00 COMPONENT 00 WINDOW */
struct slice key_of_emitted(struct buffer *out, struct slice participant, struct slice plan,
                            struct slice component, struct slice window);
/* PARTICIPANT 00 r RESULT 00 WINDOW */
struct slice key_of_result(struct buffer *out, struct slice participant, struct slice result,
                           struct slice window);
/* PARTICIPANT 00 j ADJUSTMENT */
struct slice key_of_adjustment(struct buffer *out, struct slice participant,
                               struct slice adjustment_id);
/* BOOK 00: before all rows of a book. And BOOK 01: behind all of them. */
struct slice key_of_book(struct buffer *out, struct slice book);
struct slice key_behind_book(struct buffer *out, struct slice book);

/* A key taken apart; the parts are views of it. */
struct row_key {
    struct slice book;
    char letter;     /* d m p v a c e r j; 0 when the key has another form */
    struct slice id; /* what follows the letter */
};

struct row_key row_key_parse(struct slice key);

/* The parts of an id that are separated by 0x00; missing ones are empty. */
void row_key_parts(struct slice id, struct slice *out, size_t count);

/* Books of control, which both stages keep beside their own. */
static inline bool is_control_book(struct slice book)
{
    return slice_starts_with(book, SLICE("control:"));
}

/* Whether a window's id is that of a deal or a line: deal:D-1, line:D-1/1. */
static inline bool is_deal_window(struct slice window)
{
    return slice_starts_with(window, SLICE("deal:")) || slice_starts_with(window, SLICE("line:"));
}

#endif
