/* The journal, reading side: records become turns, turns an unbroken chain, and the chain a store
 * (rules 3 and 7).
 *
 * Feed the records from `begin` on in order; then `chain_end` says whether what was read is the
 * whole state of the turn that the committed offsets name. */
#ifndef MILEPOST_WORKER_CHAIN_H
#define MILEPOST_WORKER_CHAIN_H

#include "base/log.h"
#include "worker/metadata.h"
#include "worker/journal.h"

struct chain {
    const struct stage *stage;
    int32_t partition;
    struct schemas *schemas;
    struct store *store; /* filled as turns become whole */
    struct small *small; /* as of the last whole turn */
    struct buffer task;  /* TaskRow of the last whole turn */
    struct arena arena;
    struct buffer packed; /* parts so far */
    struct buffer body;
    struct journal_record head; /* of the turn being put together; its text is not kept */
    char cursor[2048];
    size_t cursor_length;
    int32_t parts_seen; /* of that turn; 0: none is open */
    int64_t head_offset;
    int64_t first_round;      /* of the first turn read */
    int64_t first_turn;       /* 0: none read yet */
    bool is_round_seen_whole; /* the first round was walked to its end */
    int64_t rows;
    int64_t bytes;
};

/* `store` and `small` are fresh; both belong to the caller. */
void chain_init(struct chain *chain, const struct stage *stage, int32_t partition,
                struct schemas *schemas, struct store *store, struct small *small);
void chain_deinit(struct chain *chain);

/* Takes one journal record. CORRUPT: a gap, a fork, a missing part, a foreign task, a later state
 * level or bytes that do not decode; `detail` prints both sides. */
enum status chain_add(struct chain *chain, const struct log_record *record,
                      char *detail) MUST_CHECK;

/* Forgets the parts of a turn that never became whole, at the end of what was read: for a repair.
 */
void chain_drop_torn(struct chain *chain);

/* Whether the chain ends in exactly the turn that `metadata` names and covers all state. ABORTED:
 * the journal goes on past it, so the metadata is no longer the newest: ask again. CORRUPT
 * otherwise. */
enum status chain_end(const struct chain *chain, const struct turn_metadata *metadata,
                      char *detail) MUST_CHECK;

/* The small state and fold state of the last turn; text borrows from the chain. */
enum status chain_state(struct chain *chain, struct fold_state *out_state, char *detail) MUST_CHECK;

#endif
