/* The worker's inside, shared by its files: worker.c (the step), turn.c (a turn), take.c (taking
 * partitions), upkeep.c and stall.c (between turns). Not for others. */
#ifndef MILEPOST_WORKER_WORKER_PARTS_H
#define MILEPOST_WORKER_WORKER_PARTS_H

#include "worker/chain.h"
#include "worker/inputs.h"
#include "worker/worker.h"

/* Where taking the assigned partitions stands; restore is done by small steps between polls. */
struct take {
    bool is_due;                    /* the assignment changed, or memory was dropped */
    bool has_offsets;               /* committed offsets were asked and parsed */
    size_t index;                   /* of the assigned task being taken */
    struct log_position *positions; /* [assigned × inputs] */
    bool is_reading;
    struct log_reader *reader;
    struct chain chain;
    struct task *task; /* being restored */
    struct turn_metadata metadata;
    int64_t end;    /* of the journal, committed or not, asked after the offsets */
    int64_t stable; /* how far the journal could be read; -1: not known */
    struct stall stall;
};

/* The row that can never be applied: its dead letter is written instead. */
struct fault {
    bool is_known;
    int topic;
    int32_t partition;
    int64_t offset;
    char detail[DETAIL_BYTES];
};

/* A second look at an input that brings nothing (stall.c). */
struct probe {
    struct log_reader *reader; /* NULL: none is under way */
    int32_t partition;
    size_t input;
    int64_t end; /* of the log when it began */
    int64_t until_ms;
};

struct upkeep {
    int64_t looked_ms;          /* when a journal was last looked at */
    size_t next;                /* … and which of the assigned comes next */
    int64_t used_ms[LOG_SLOTS]; /* when each producer was opened or committed last */
};

struct worker {
    struct worker_config config;
    const struct log *log;
    bool is_open;     /* both producers are initialised */
    bool is_aborting; /* the slot's transaction failed and has not been aborted yet */
    bool must_rewind; /* the assignment is not yet that of our own positions */
    int fenced;       /* times in a row without a commit between */
    int slot;         /* of the next turn */
    uint64_t random;
    struct task **tasks; /* [N]; NULL: not in memory */
    int32_t *assigned;
    size_t assigned_count;
    struct take take;
    struct upkeep upkeep;
    struct probe probe;
    struct stall offsets_stall;
    struct log_record *held; /* polled, not yet committed */
    size_t held_count;
    size_t held_capacity;
    size_t held_bytes;
    size_t rows_limit; /* of the next turn: halved by errors of content */
    bool is_dry;       /* the last poll found nothing more */
    struct fault fault;
    struct arena scratch; /* of one decoded record */
    union fact fact;
    struct log_position *offsets; /* [N × inputs]: of the turn being committed */
    struct worker_counters counters;
    struct intake *intakes; /* [N] */
    struct outcome_counts outcomes;
    char topic_names[TOPIC_COUNT][TOPIC_NAME_BYTES];
};

/* One line for the service's log. */
void worker_say(struct worker *worker, enum worker_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

bool worker_is_assigned(const struct worker *worker, int32_t partition);

/* Takes partitions, a bounded piece of the work at a time; clears take.is_due when all are taken.
 */
enum status worker_take(struct worker *worker, char *detail) MUST_CHECK;
void worker_take_reset(struct worker *worker);

/* Starts reading again from the worker's own positions; what is held is given back. */
enum status worker_rewind(struct worker *worker, char *detail) MUST_CHECK;

/* Between turns, when all tasks are taken: looks at one journal a second and beats the heart of the
 * producers; what is to be done about it is done by the next turns. */
void worker_upkeep(struct worker *worker);

/* Of transactions that somebody left open (stall.c): the restore of `partition` can read up to
 * `stable` only; whether the group's offsets were asked in vain; an input of `task` may bring
 * nothing for that reason; a look that is under way goes on; it is given up. */
void worker_stall_restore(struct worker *worker, int32_t partition, int64_t stable);
void worker_stall_offsets(struct worker *worker, bool is_waiting);
void worker_stall_look(struct worker *worker, struct task *task);
void worker_stall_step(struct worker *worker);
void worker_stall_close(struct worker *worker);

/* One turn over the first rows held (none is fine): OK when it is committed or there was nothing to
 * do. ABORTED and UNAVAILABLE: undone, rewind; EXHAUSTED: undone and halved, rewind. */
enum status worker_turn(struct worker *worker, char *detail) MUST_CHECK;

#endif
