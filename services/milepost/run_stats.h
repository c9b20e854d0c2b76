/* What a run took: events a second, memory, and the shares of time, sampled by a thread that looks
 * a thousand times a second. */
#ifndef MILEPOST_MILEPOST_RUN_STATS_H
#define MILEPOST_MILEPOST_RUN_STATS_H

#include <pthread.h>

#include "base/doing.h"
#include "milepost/console.h"

struct run_stats {
    struct doing_now now; /* given to what is measured */
    int64_t samples[DOING_COUNT];
    int64_t began_ms;
    pthread_t thread;
    atomic_bool is_over;
};

/* Begins; the stats must stay where they are. */
void run_stats_begin(struct run_stats *stats);
/* Ends, and says on stderr what `events` took. */
void run_stats_end(struct run_stats *stats, const struct console *console, int64_t events);

#endif
