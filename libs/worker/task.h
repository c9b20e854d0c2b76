/* One task: partition p of a stage, all in memory. */
#ifndef MILEPOST_WORKER_TASK_H
#define MILEPOST_WORKER_TASK_H

#include "worker/chain.h"
#include "worker/journal.h"
#include "worker/metadata.h"
#include "worker/outgoing.h"
#include "worker/retention.h"

/* A whole round written at once, because the journal behind it was lost (rule 10). */
enum rewrite {
    REWRITE_NONE,
    REWRITE_WALK, /* turns with large slices until the round is whole */
    REWRITE_NAME, /* one more turn, whose metadata names it */
};

/* Since when a place has not moved. */
struct stall {
    bool is_known;
    int64_t place;
    int64_t due_ms; /* when it is looked at or told next */
};

struct task {
    const struct stage *stage;
    int32_t partition;
    struct schemas *schemas;
    struct store *store;
    struct fold *fold;
    struct small small;
    struct small before;     /* as the open turn found it */
    struct buffer committed; /* TaskRow of the last turn that stands; empty: none yet */
    struct outgoing outgoing;
    struct journal_writer journal;
    struct retention retention;
    struct arena scratch;
    bool in_turn;
    bool has_more; /* a turn is wanted without input: to drain, to publish, to rewrite */
    enum rewrite rewrite;
    int64_t rewrite_round;                 /* the walk's round that is written at once */
    int64_t named_begin;                   /* what the committed offsets name */
    struct stall stalls[STAGE_INPUTS_MAX]; /* by input */
    int64_t seen_ends[STAGE_INPUTS_MAX];   /* all before it is read, or is markers; 0: not known */
    int64_t round_credits; /* the credits position when the walk's round began … */
    int64_t
        begin_credits; /* … and when the last whole one did: credits before it may go (rule 16) */
    int64_t journal_offset; /* written by the log: where the turn's first journal record stands */
    int64_t rows_applied;
};

struct task *task_new(const struct stage *stage, int32_t partition, int32_t partitions,
                      struct schemas *schemas);
void task_free(struct task *task); /* NULL does nothing */

/* A fresh task becomes the one whose journal `chain` has read into its store and small state, up to
 * the turn that `metadata` names. ABORTED, CORRUPT as chain_end(). */
enum status task_restore(struct task *task, struct chain *chain,
                         const struct turn_metadata *metadata, char *detail) MUST_CHECK;

/* Opens the next turn, under a fresh random `word`. */
void task_turn_begin(struct task *task, int64_t word);

/* Everything is again as before the turn (rule 2). */
void task_turn_undo(struct task *task);

/* Encodes the whole turn into `outgoing`: credits packed, journal with its slice (rule 1). */
enum status task_turn_encode(struct task *task, char *detail) MUST_CHECK;

/* The turn has been committed. */
void task_turn_keep(struct task *task, int64_t now_ms);

/* The next turns write a whole round, `bytes` of it each, and name it; nothing when they do
 * already. Between turns. */
void task_rewrite(struct task *task, size_t bytes);

/* What the committed offsets say about this turn. */
struct turn_metadata task_metadata(const struct task *task);

#endif
