/* One task's committed offsets against its journal, and their repair (JOURNAL.md rule 9).
 *
 * The journal is what is believed: its last complete turn knows all positions. The repair is a turn
 * of its own, under a raised generation, written with its offsets in one transaction; so whatever
 * happens meanwhile the task is either as it was or right. The task's group must be empty. */
#ifndef MILEPOST_MILEPOST_JOURNAL_REPAIR_H
#define MILEPOST_MILEPOST_JOURNAL_REPAIR_H

#include "milepost/state_copy.h"

enum repair_verdict {
    REPAIR_FRESH, /* never committed, nothing in the journal */
    REPAIR_RIGHT,
    REPAIR_NEEDED,
};

struct journal_repair {
    enum repair_verdict verdict;
    struct task *task;          /* as the journal's last complete turn left it; NULL when fresh */
    bool is_named;              /* the offsets of all inputs name one and the same turn … */
    struct turn_metadata named; /* … which is this one */
    bool is_torn;               /* parts of a turn that never became whole stand at the end */
};

/* Looks at task `partition` without changing anything. UNAVAILABLE: no answer within about a
 * minute, also while a transaction is open; CORRUPT: the journal does not hold the whole state up
 * to its last complete turn, so only a rebuild helps. */
enum status journal_repair_look(struct journal_repair *repair, const struct state_source *source,
                                const struct stage *stage, int32_t partition,
                                char *detail) MUST_CHECK;

/* Writes what is NEEDED. `writer` has the topics of `source`. */
enum status journal_repair_write(struct journal_repair *repair, const struct state_source *source,
                                 const char *group, struct kafka_writer *writer,
                                 char *detail) MUST_CHECK;

void journal_repair_close(struct journal_repair *repair); /* Accepts a zeroed one. */

#endif
