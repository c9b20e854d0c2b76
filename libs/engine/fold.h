/* Folds: what a stage does with a row, as pure state over a store.
 *
 * Two folds share this interface: crediting (deal books → credits) and incentives (participants'
 * books → payouts and attainment). A fold reads and writes rows of its store and hands records to
 * an outbox; it sees no Kafka, no clock and no Avro: rows are encoded by the `struct row_codec` it
 * is given. Whatever it keeps beside the store is derived from rows and can be dropped; what it has
 * yet to write into rows of this turn it writes by the end of `drain`, `publish` and `verify`.
 *
 * Contract: a fold checks an input before it changes anything, so INVALID and OUT_OF_RANGE leave
 * store and outbox untouched and `detail` says why (`reason: sentence`; the reason is a word such
 * as id-conflict that goes into the dead letter). Any other failure aborts the turn. */
#ifndef MILEPOST_ENGINE_FOLD_H
#define MILEPOST_ENGINE_FOLD_H

#include "base/arena.h"
#include "base/doing.h"
#include "engine/rows.h"
#include "engine/store.h"

enum row_kind {
    ROW_CONTROL,
    ROW_DEAL,
    ROW_MILESTONE,
    ROW_PAYMENT,
    ROW_ROSTER,
    ROW_CREDIT,
    ROW_RESULT,
    ROW_EMITTED,
    ROW_KIND_COUNT,
};

/* How rows become bytes and back; libs/schema gives it (Avro state schemas). The struct of a kind:
 * control, deal_row, milestone_row, payment_row, roster, credit, result_row, emitted_row. */
struct row_codec {
    void *self;
    /* Appends; cannot fail for a struct that fulfils its shape. */
    void (*encode)(void *self, enum row_kind kind, const void *row, struct buffer *out);
    /* Text is borrowed from `bytes`, lists from `scratch`. CORRUPT: not a row of that kind. */
    enum status (*decode)(void *self, enum row_kind kind, struct slice bytes, void *out,
                          struct arena *scratch, char *detail);
};

enum input_kind {
    INPUT_DEAL,
    INPUT_MILESTONE,
    INPUT_PAYMENT,
    INPUT_RESULT,
    INPUT_ROSTER,
    INPUT_CONTROL,
    INPUT_CREDIT,
};

/* One decoded input: the struct of its kind, and where it came from. */
struct input {
    enum input_kind kind;
    const void *fact; /* struct deal, milestone, payment, result, roster, control or credit */
    struct slice key; /* of the record: must name the fact's book, none is wrong-key; not for
                       * credits and control */
    struct cause cause;
};

/* Where a fold's records go. Structs and their text are borrowed during the call only. */
struct outbox {
    void *self;
    enum status (*credit)(void *self, const struct credit *credit) MUST_CHECK;
    enum status (*payout)(void *self, const struct payout *payout) MUST_CHECK;
    enum status (*attainment)(void *self, const struct attainment *attainment) MUST_CHECK;
};

/* Who the task is. Texts live as long as the fold. */
struct fold_config {
    int32_t partition;
    struct row_codec codec;
    /* The task's small state; the fold keeps its part (`fold_row`, epoch, attainment generation,
     * N) there, through fold_state below, and the worker journals it whole each turn. */
};

/* What of the small state belongs to the fold. The worker snapshots and restores it around turns
 * (copying it as bytes by its shape), so the fold keeps no other copy. */
struct fold_state {
    struct fold_row row;
    struct slice epoch;
    struct slice attainment_generation;
    int32_t partitions;
    int64_t turn; /* the turn being applied: set by the worker before each */
};

/* What a fold holds, for metrics. Between turns. */
struct fold_counters {
    int64_t books;
    int64_t rows;
    int64_t waiting; /* rows that cannot be valued yet */
    int64_t held;    /* keys, or deals, on hold */
    int64_t pending; /* attainment keys behind */
    int64_t queued;  /* changes in the dirty queue */
    int64_t unread;  /* 1: `verify` has yet to read books, which `books` and `waiting` leave out */
};

/* What became of a row of input (symbol, name). */
#define OUTCOME_LIST(ROW)                                                                          \
    ROW(OUTCOME_VALUED, "valued")       /* the plan measures it; of a deal: it is credited */      \
    ROW(OUTCOME_WAITING, "waiting")     /* it cannot be valued yet */                              \
    ROW(OUTCOME_KEPT, "kept")           /* it is in its book, where nothing measures it */         \
    ROW(OUTCOME_DUPLICATE, "duplicate") /* it, or a later one, is known already */

#define OUTCOME_SYMBOL(symbol, name) symbol,
enum row_outcome { OUTCOME_LIST(OUTCOME_SYMBOL) OUTCOME_COUNT };
#undef OUTCOME_SYMBOL

/* `valued`; borrowed for ever. */
const char *outcome_name(enum row_outcome outcome);

/* How many rows of a turn came to what. */
struct plan_outcomes {
    struct slice plan; /* its name; empty: no plan was asked */
    int64_t counts[OUTCOME_COUNT];
};

struct fold {
    void *self;
    struct doing_now *doing; /* the owner's; NULL: nobody looks. Says when books are valued */

    /* Applies one input: changes rows, reconciles what it touches, emits. */
    enum status (*apply)(void *self, const struct input *input, const struct outbox *outbox,
                         char *detail) MUST_CHECK;

    /* Drains the dirty queue by about `books_max` books and sets `*out_more` while there is more.
     */
    enum status (*drain)(void *self, size_t books_max, const struct outbox *outbox, bool *out_more,
                         char *detail) MUST_CHECK;

    /* Publishes pending attainment, oldest first, at most `keys_max`; `*out_more` as above. */
    enum status (*publish)(void *self, size_t keys_max, const struct outbox *outbox, bool *out_more,
                           char *detail) MUST_CHECK;

    /* The fold's part of the small state: encoded into / loaded from bytes by the worker.
     * `state` returns a borrowed view, valid until the next call into the fold. */
    const struct fold_state *(*state)(void *self);
    /* Replaces it (restore, undo); copies what it needs. */
    void (*set_state)(void *self, const struct fold_state *state);
    /* A turn begins. */
    void (*set_turn)(void *self, int64_t turn);

    /* The store's rows were loaded or undone: derived state of this key's book is void. An empty
     * key voids everything. */
    void (*forget)(void *self, struct slice key);

    /* Background check: verifies up to `books_max` books (worth = emitted, links = what would be
     * written), going round; holds what differs. `*out_more` while books have not been read since
     * the state came; they come first. */
    enum status (*verify)(void *self, size_t books_max, const struct outbox *outbox, bool *out_more,
                          char *detail) MUST_CHECK;

    struct fold_counters (*counters)(void *self);
    /* Of the turn that was last begun; items are plan_outcomes, borrowed until the next call. */
    struct list (*outcomes)(void *self);
    void (*free)(void *self);
};

/* The two folds. NULL: out of memory. */
struct fold *crediting_new(struct store *store, const struct fold_config *config);
struct fold *incentives_new(struct store *store, const struct fold_config *config);

#endif
