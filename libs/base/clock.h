/* The time, as an argument. Only the worker's pacing (batches, truncation, timeouts) looks at it;
 * no figure of money ever does. */
#ifndef MILEPOST_BASE_CLOCK_H
#define MILEPOST_BASE_CLOCK_H

#include <stdint.h>

struct clock {
    void *self;
    int64_t (*monotonic_ms)(void *self); /* never goes back; its zero means nothing */
    int64_t (*unix_ms)(void *self);      /* milliseconds since 1970 in UTC */
};

/* The machine's clock. */
struct clock clock_system(void);

/* Microseconds of the machine's monotonic clock: for metrics of what others take, and for nothing
 * that is decided. */
int64_t clock_us(void);

#endif
