/* The tailer: keeps the read model of one attainment partition up to date.
 *
 * A state machine. Its loop hands it the partition's records and ends (tailer_take, tailer_end),
 * calls tailer_step() as often as it likes, and does what the tailer asks of its source: where to
 * read. What it knows of Redis it has from Redis: the stored header decides where to go on, so any
 * number of tailers may run, and Redis may be empty, old, restored or gone at any time.
 *
 *   header fits the topic             read on from its offset
 *   no header, another generation,
 *   an offset outside the log         build anew beside it from the first record, then replace
 *                                     once what was there at the beginning is in
 *   a write was refused               read on from the stored offset, after a pause: the other
 *                                     tailer that wrote it may do the work
 *   nothing to write, but the stored
 *   header is not what was written    begin anew: Redis was emptied or restored
 *   an answer was lost                the same write again; Redis says whether it was done
 *
 * A header fits when the record before its offset, or the next there is if that one was compacted
 * away, has its generation: older generations further back prove nothing, since in one life of the
 * topic generations only follow each other. */
#ifndef MILEPOST_REDIS_TAILER_H
#define MILEPOST_REDIS_TAILER_H

#include "redis/read_model.h"

enum {
    TAILER_BACK_OFF_MS = 2000,   /* plus up to as much again, by the draft's number */
    TAILER_WRITE_AFTER_MS = 200, /* when the end is not reached */
    TAILER_LOOK_AFTER_MS = 5000  /* at the header, when there is nothing to write */
};

/* Committed records of one partition. */
struct tailer_source {
    void *self;
    /* The log's first offset and its committed end. */
    enum status (*bounds)(void *self, int32_t partition, int64_t *out_first, int64_t *out_end,
                          char *detail);
    /* Records from `offset` on are wanted next, and none polled before; -1: none at all. */
    void (*seek)(void *self, int32_t partition, int64_t offset);
};

struct tailer_config {
    struct read_model *model;
    struct tailer_source source;
    int32_t partition;
    uint64_t draft; /* drawn at random, not 0; no other tailer's */
};

struct tailer_counters {
    int64_t writes;   /* accepted */
    int64_t refusals; /* by compare-and-set */
    int64_t rebuilds; /* begun */
};

struct tailer;

/* A tailer that begins with the stored header. `config`'s model outlives it. */
struct tailer *tailer_new(const struct tailer_config *config);
void tailer_free(struct tailer *tailer);

/* Does what is due: the header, a write, a replacement. UNAVAILABLE: Redis or the source does not
 * answer; nothing is lost, call again. */
enum status tailer_step(struct tailer *tailer, int64_t now_ms, char *detail) MUST_CHECK;

/* Whether tailer_take() must wait for tailer_step(). */
bool tailer_is_full(const struct tailer *tailer);

/* The record at `offset`; NULL: one that says nothing. The texts are copied. */
void tailer_take(struct tailer *tailer, int64_t offset, const struct attainment *attainment,
                 int64_t now_ms);

/* Everything before `end` has been handed in. */
void tailer_end(struct tailer *tailer, int64_t end);

/* Drops what is not written and begins anew with the stored header: after the source failed. */
void tailer_restart(struct tailer *tailer, int64_t not_before_ms);

/* The hash that is read is void, or there is none, until what is being built replaces it. */
bool tailer_is_building(const struct tailer *tailer);

/* Nothing is left to write and the end was reached. */
bool tailer_is_up_to_date(const struct tailer *tailer);
struct tailer_counters tailer_counters(const struct tailer *tailer);

#endif
