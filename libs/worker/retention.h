/* How far back the journal and the credits behind it may be truncated (rules 8 and 16). */
#ifndef MILEPOST_WORKER_RETENTION_H
#define MILEPOST_WORKER_RETENTION_H

#include <stdbool.h>
#include <stdint.h>

enum {
    RETENTION_KEEP_MS = 120000,              /* journal.keep */
    RETENTION_EVERY_MS = 60000,              /* at most one request in this time */
    RETENTION_FREE_BYTES = 64 * 1024 * 1024, /* and only when it frees this much */
    RETENTION_MARKS_MAX = 64,
};

/* A begin that committed offsets have named; marks are taken at most 32 times in `keep`. */
struct retention_mark {
    int64_t begin;         /* journal offset */
    int64_t credits;       /* the credits position at that time */
    int64_t journal_bytes; /* written by then, by this process */
    int64_t named_ms;
};

struct retention {
    struct retention_mark marks[RETENTION_MARKS_MAX]; /* oldest first */
    int count;
    int64_t journal_bytes; /* written so far */
    int64_t truncated_bytes;
    int64_t last_ms;
    int64_t keep_ms;
    int64_t free_bytes;
};

void retention_init(struct retention *retention, int64_t keep_ms, int64_t free_bytes);

/* A committed turn of `bytes` journal bytes named `begin` in its metadata. */
void retention_named(struct retention *retention, int64_t begin, int64_t credits, int64_t bytes,
                     int64_t now_ms);

/* Whether something is to be truncated now; then below which offsets. */
bool retention_due(struct retention *retention, int64_t now_ms, int64_t *out_journal,
                   int64_t *out_credits);

#endif
