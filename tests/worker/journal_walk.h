/* A store that lives through random turns and a journal in memory; restored again and compared. */
#ifndef MILEPOST_WORKER_JOURNAL_WALK_H
#define MILEPOST_WORKER_JOURNAL_WALK_H

#include "worker/chain.h"

struct journal_page {
    int64_t offset;
    struct buffer value;
};

struct journal_walk {
    struct schemas *schemas;
    struct store *store;
    struct small small;
    struct journal_writer writer;
    struct arena arena;
    struct journal_page *pages; /* records, oldest first */
    size_t page_count;
    size_t page_capacity;
    int64_t next_offset;
    int64_t first_page_of_begin; /* index of the record that `begin` names */
    int64_t rounds_whole;
    uint64_t random;
};

void journal_walk_init(struct journal_walk *walk, struct schemas *schemas, uint64_t seed);
void journal_walk_deinit(struct journal_walk *walk);
uint64_t journal_walk_draw(struct journal_walk *walk, uint64_t below);

/* Opens a turn; the caller changes `store`; then it is encoded and appended, or undone. */
void journal_walk_begin(struct journal_walk *walk);
void journal_walk_commit(struct journal_walk *walk);

/* Bytes of all records from `begin` on: what a restore reads. */
size_t journal_walk_bytes(const struct journal_walk *walk);

/* Restores from `begin`, leaving out the record at index `skip` (SIZE_MAX: none). The status of the
 * first failure, or OK when the chain holds; `*out_equal` whether the restored store is the same.
 */
enum status journal_walk_restore(const struct journal_walk *walk, size_t skip, bool *out_equal,
                                 char *detail);

#endif
