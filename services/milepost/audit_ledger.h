/* What an audit looks at: every payout and every view, held against what the books are worth. */
#ifndef MILEPOST_MILEPOST_AUDIT_LEDGER_H
#define MILEPOST_MILEPOST_AUDIT_LEDGER_H

#include "base/arena.h"
#include "engine/obvious.h"
#include "engine/rows.h"

/* symbol, its word, what is wrong */
#define AUDIT_FINDING_LIST(ROW)                                                                    \
    ROW(AUDIT_DIFFERS, "differs", "what was paid is not what the book is worth")                   \
    ROW(AUDIT_HELD, "held", "it differs, and is held until somebody has looked at it")             \
    ROW(AUDIT_SEQUENCE, "sequence", "the sequence has a gap, or a number stands twice")            \
    ROW(AUDIT_TOTAL, "total", "a payout's total is not the sum of the deltas up to it")            \
    ROW(AUDIT_TWICE, "twice", "a payout id stands twice")                                          \
    ROW(AUDIT_VIEW, "view", "attainment does not show what was paid")

#define AUDIT_SYMBOL(symbol, word, sentence) symbol,
enum audit_finding_kind { AUDIT_FINDING_LIST(AUDIT_SYMBOL) AUDIT_FINDING_COUNT };
#undef AUDIT_SYMBOL

/* A finding's word and sentence; borrowed for ever. */
const char *audit_word(enum audit_finding_kind kind);
const char *audit_sentence(enum audit_finding_kind kind);

struct audit_payout {
    struct slice participant;
    struct slice plan;
    struct slice component;
    struct slice window;
    struct slice payout_id;
    struct slice currency;
    int64_t sequence;
    struct decimal delta;
    struct decimal total;
};

/* The latest view of a key, by its place in the topic. */
struct audit_view {
    struct slice participant;
    struct slice plan;
    struct slice component;
    struct slice window;
    struct slice held; /* bytes NULL: not held */
    struct decimal earned;
    int64_t order; /* the higher one is the later one */
};

struct audit_finding {
    enum audit_finding_kind kind;
    struct slice participant;
    struct slice plan;
    struct slice component;
    struct slice window;
    struct slice currency; /* may be empty */
    struct decimal paid;
    struct decimal worth;
};

/* Zero-valid. Text of payouts and views is copied into `arena`, which the caller sets up. */
struct audit_ledger {
    struct arena *arena;
    struct audit_payout *payouts;
    size_t payout_count;
    size_t payout_capacity;
    struct audit_view *views;
    size_t view_count;
    size_t view_capacity;
    struct audit_finding *findings; /* in byte order of their keys */
    size_t finding_count;
    size_t finding_capacity;
    size_t key_count; /* that were paid, shown or are worth something */
};

/* EXHAUSTED: the arena is full. */
enum status audit_add_payout(struct audit_ledger *ledger, const struct payout *payout) MUST_CHECK;
enum status audit_add_view(struct audit_ledger *ledger, const struct attainment *view,
                           int64_t order) MUST_CHECK;

/* Finds everything that is wrong; `totals` are in byte order of their keys, as the obvious
 * evaluator gives them. Sorts payouts and views. */
void audit_judge(struct audit_ledger *ledger, const struct obvious_total *totals, size_t count);

void audit_ledger_deinit(struct audit_ledger *ledger);

#endif
