#include "base/clock.h"

#include <assert.h>
#include <time.h>

static int64_t read_us(clockid_t id)
{
    struct timespec now;
    int failed = clock_gettime(id, &now);
    assert(failed == 0);
    (void)failed;
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t monotonic_ms(void *self)
{
    (void)self;
    return read_us(CLOCK_MONOTONIC) / 1000;
}

static int64_t unix_ms(void *self)
{
    (void)self;
    return read_us(CLOCK_REALTIME) / 1000;
}

int64_t clock_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

struct clock clock_system(void)
{
    return (struct clock){NULL, monotonic_ms, unix_ms};
}
