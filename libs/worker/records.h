/* Private records: packed credits and the journal (the rules and their numbers: JOURNAL.md, kept in
 * schemas/README.md as the change procedure).
 *
 * Each value begins with 0x01 and the 8-byte big-endian fingerprint of its schema, which resolves
 * from the installed files; then the Avro body. */
#ifndef MILEPOST_WORKER_RECORDS_H
#define MILEPOST_WORKER_RECORDS_H

#include "engine/rows.h"
#include "schema/schemas.h"

/* The state level that this release writes (rule 12); a task that meets a higher one stops. */
enum { STATE_LEVEL = 1 };

/* All rows that one task's turn writes into one target partition, or part k of n of them. */
struct credit_batch {
    struct slice stage; /* of the writer */
    int32_t partition;  /* of the writer */
    int32_t partitions; /* N */
    int64_t generation;
    int64_t turn;
    int64_t word;
    int64_t previous_turn; /* the writer's last turn into this partition; 0: none */
    int32_t part;          /* 1 … parts */
    int32_t parts;
    int32_t level;     /* state level of the contents */
    int32_t row_count; /* ≤ 1,000 */
    struct slice rows; /* per row: Avro long length, then a Credit */
};

/* Part k of n of one turn of one task. */
struct journal_record {
    struct slice stage;
    int32_t partition;
    int32_t partitions;
    int64_t generation;
    int64_t turn;
    int64_t word;          /* drawn per attempt */
    int64_t previous_word; /* of the turn before; 0 for the first */
    int32_t part;          /* 1 … parts */
    int32_t parts;
    int64_t round;       /* of the walk, as the slice in this turn begins */
    struct slice cursor; /* the last key walked with this turn; empty: the round is whole */
    int32_t level;
    struct slice codec; /* none | lz4 */
    int64_t bytes;      /* of the whole turn's body, unpacked */
    struct slice body;  /* this part's piece of the turn's JournalBody, packed as a whole */
};

struct input_position {
    struct slice topic;
    int64_t offset; /* of the next record */
    int32_t row;    /* rows of it already applied (packed credits), else 0 */
};

struct writer_seen {
    struct slice stage;
    int32_t partition;
    int64_t generation;
    int64_t turn;
    int64_t complete_generation; /* for restate: its *complete* has come for this generation */
};

struct written_into {
    int32_t partition;
    int64_t turn;
};

/* The small state, whole in every turn (rule 5). */
struct task_row {
    int64_t generation; /* of this task as a writer */
    int64_t turn;
    int64_t word;
    int64_t round;
    int64_t round_begin; /* journal offset where this round began; -1: not yet known */
    int64_t begin;       /* where the last whole round began: what a restore reads from */
    int32_t level;
    int32_t partitions; /* N as control said; 0: not yet */
    struct slice epoch;
    struct slice attainment_generation;
    struct list positions; /* input_position, every input topic */
    struct list writers;   /* writer_seen */
    struct list written;   /* written_into: by target partition */
    struct fold_row fold;
};

/* JournalBody: the small state, then the changed rows and the slice of the walk. */
struct journal_row {
    struct slice key;
    struct slice value; /* bytes NULL: gone */
};

extern const struct shape credit_batch_shape, journal_record_shape, task_row_shape,
    journal_row_shape;

/* Hands these shapes to `schemas`, once after schemas_open(). REFUSED: files and shapes differ. */
enum status records_use_shapes(struct schemas *schemas, char *detail) MUST_CHECK;

#endif
