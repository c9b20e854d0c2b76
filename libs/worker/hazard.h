/* Hazards: ways of being wrong on purpose, so that the tests' judges can be seen to find them.
 *
 * Compiled in only with MILEPOST_HAZARDS (a test build); otherwise `hazard_is` is false and the
 * compiler removes what stands behind it. Each names the rule that it breaks. */
#ifndef MILEPOST_WORKER_HAZARD_H
#define MILEPOST_WORKER_HAZARD_H

#include <stdbool.h>

enum hazard {
    HAZARD_NONE,
    HAZARD_OFFSETS_OUTSIDE,     /* offsets go in a transaction of their own, before the turn's */
    HAZARD_STATE_BEFORE_COMMIT, /* an aborted turn's changes stay in memory */
    HAZARD_RESTORE_TO_LSO,      /* restore stops at the committed view's end of that moment */
    HAZARD_LATE_SLICE,          /* rule 1: the slice is taken after the next batch was applied */
    HAZARD_CURSOR_NOT_UNDONE,   /* rule 2: the walk's cursor stays advanced after an abort */
    HAZARD_NO_CHAIN,            /* rule 3: a broken chain of turns is not noticed */
    HAZARD_GONE_NOT_WRITTEN,    /* rule 4: a removed row is not in the journal */
    HAZARD_UNCHECKED_PRODUCE,   /* H7: a refused produce does not abort */
    HAZARD_NO_FENCE,            /* after a fatal error the same memory goes on */
    HAZARD_COUNT,
};

#if MILEPOST_HAZARDS
/* Set by tests before workers are made; in services by the environment: MILEPOST_HAZARD is the name
 * above in small letters with hyphens (offsets-outside). */
extern enum hazard hazard_planted;
static inline bool hazard_is(enum hazard hazard)
{
    return hazard_planted == hazard;
}
#else
static inline bool hazard_is(enum hazard hazard)
{
    (void)hazard;
    return false;
}
#endif

#endif
