/* A task's small state: all that is not a row. Whole in every turn's journal record (rule 5), and
 * undone with the turn (rule 2). */
#ifndef MILEPOST_WORKER_SMALL_H
#define MILEPOST_WORKER_SMALL_H

#include "base/arena.h"
#include "worker/records.h"
#include "worker/stage.h"

/* The walk: it goes through all rows in byte order, a slice with every turn (rule 6). */
struct walk {
    int64_t round;       /* from 1 */
    int64_t round_begin; /* journal offset of the round's first record; -1: not yet known */
    int64_t begin;       /* of the last whole round, or where the journal was started (rule 7) */
    bool starts;         /* the next turn begins this round */
    bool is_whole;     /* the round became whole with the last turn: the next one begins another */
    char cursor[2048]; /* the last key walked */
    size_t cursor_length;
};

struct place_in {
    int64_t offset; /* of the next record; -1: topic not read before, from its beginning */
    int32_t row;    /* rows of that record already applied */
};

struct writer_place {
    int64_t generation;
    int64_t turn;
    int64_t complete_generation;
};

struct small {
    int64_t generation;
    int64_t turn; /* 0: none yet */
    int64_t word;
    struct walk walk;
    struct place_in positions[TOPIC_COUNT]; /* by topic; of the stage's inputs only */
    int32_t partitions;                     /* N */
    struct writer_place *writers;           /* [STAGE_COUNT × N], by stage and partition */
    int64_t *written;                       /* [N]: our last turn into each partition; 0: none */
};

/* A fresh task's: nothing read, nothing written. */
void small_init(struct small *small, int32_t partitions);
void small_deinit(struct small *small); /* Accepts a zeroed one; twice is fine. */

/* Makes `copy`, of the same N, say what `small` says. */
void small_copy(struct small *copy, const struct small *small);

/* Fills a row whose lists are taken from `arena`; the fold's part comes from `state`. */
enum status small_to_row(const struct small *small, const struct stage *stage,
                         const struct fold_state *state, struct arena *arena,
                         struct task_row *out) MUST_CHECK;

/* The other way; the walk's cursor is not in the row (journal records carry it). `out_state`
 * borrows from `row`. CORRUPT: a writer or partition outside N. */
enum status small_from_row(const struct task_row *row, struct small *small,
                           struct fold_state *out_state, char *detail) MUST_CHECK;

#endif
