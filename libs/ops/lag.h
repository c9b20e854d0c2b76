/* How far behind the log's end a loop reads: one of its partitions a second is asked, in turn. */
#ifndef MILEPOST_OPS_LAG_H
#define MILEPOST_OPS_LAG_H

#include "base/log.h"
#include "ops/health.h"

enum { LAG_EVERY_MS = 1000 };

/* All pointers are borrowed. */
struct lag_watch {
    struct health *health;
    const struct worker *worker;
    const struct log *log;
    const struct stage *stage;
    int loop;
    int32_t partitions; /* N */
    int32_t next;       /* partition to look at */
    int64_t asked_ms;   /* when the last one was asked */
};

/* Asks the next partition when it is time, and drops those that went to others. Waits for the
 * broker's answer, so it is called after a step that was well; a failure leaves the old figure. */
void lag_watch_step(struct lag_watch *watch, int64_t now_ms);

#endif
