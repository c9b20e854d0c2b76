/* The journal, writing side: one turn of one task becomes records (rules 1 to 7, 11).
 *
 * The body holds the small state whole, every changed row, and a slice of the walk over all the
 * others; it is packed as one stream and cut into parts. Encoded completely before the turn's
 * transaction begins. */
#ifndef MILEPOST_WORKER_JOURNAL_H
#define MILEPOST_WORKER_JOURNAL_H

#include "base/buffer.h"
#include "schema/schemas.h"
#include "worker/small.h"

enum {
    JOURNAL_PART_BYTES = 512 * 1024,
    JOURNAL_PASS_MAX = 1000,       /* rows a turn's walk may pass over … */
    JOURNAL_PASS_PER_CHANGED = 16, /* … plus this many a changed row */
    JOURNAL_ENVELOPE_BYTES =
        200, /* what a turn costs in the log beside its rows: envelope, marker */
};

/* What a turn's records are made of; reused from turn to turn. Zero-valid. */
struct journal_writer {
    struct buffer task; /* TaskRow, encoded: as it stands after this turn */
    /* Unpacked. Rows come first but are not the body's beginning: what goes before them (the small
     * state, their count) has room there. */
    struct buffer body;
    size_t body_from;     /* where it begins in `body` */
    struct buffer packed; /* body as it travels, behind room for a record's envelope */
    struct buffer envelope;
    size_t row_count;
    size_t changed_bytes;
    size_t slice_rows;
    size_t slice_least; /* bytes that a slice takes at least: a round is written at once */
};

void journal_writer_deinit(struct journal_writer *writer);

/* Puts the changed rows of the store's turn into the writer and stamps them with the walk's round.
 * A walk whose round was whole begins the next one here. */
void journal_add_changed(struct journal_writer *writer, struct store *store, struct walk *walk);

/* Then the slice: as many bytes of other rows as the turn costs, from the cursor on. Moves the
 * cursor and says in `walk->is_whole` whether it reached the end. */
void journal_add_slice(struct journal_writer *writer, const struct store *store, struct walk *walk);

/* Then the small state, and packs all. `small` is as it will stand when the turn is committed. */
enum status journal_pack(struct journal_writer *writer, const struct small *small,
                         const struct stage *stage, const struct fold_state *state,
                         struct schemas *schemas, struct arena *arena) MUST_CHECK;

/* Bytes of the packed turn, and how many records they take. */
size_t journal_packed_bytes(const struct journal_writer *writer);
int32_t journal_parts(const struct journal_writer *writer);

/* The value of record `part` (from 1). It lies in the writer when it is the only one, in `out`,
 * which is empty, otherwise; until the next turn is packed or `out` changes. */
struct slice journal_record(struct journal_writer *writer, const struct small *small,
                            const struct stage *stage, int32_t partition, int64_t previous_word,
                            int32_t part, const struct schemas *schemas, struct buffer *out);

/* After the commit: `offset` is where the turn's first record stands. */
void journal_committed(struct walk *walk, int64_t offset);

#endif
