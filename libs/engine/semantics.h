/* The numbers of engine semantics.
 *
 * A plan is published with the number that its figures were agreed under, and an engine carries
 * every number that was ever published: a change that moves any result gets the next number, and a
 * number that is not here stops the task. */
#ifndef MILEPOST_ENGINE_SEMANTICS_H
#define MILEPOST_ENGINE_SEMANTICS_H

#include <stdbool.h>
#include <stdint.h>

/* What `apply` publishes plans with. */
enum { SEMANTICS_LATEST = 1 };

static inline bool semantics_is_known(int32_t number)
{
    return number == 1;
}

#endif
