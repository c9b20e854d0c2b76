/* What keys of one book were found to be worth while others looked at them, so that each is valued
 * once in a pass, however many look. Void as soon as a row of the book has changed. */
#ifndef MILEPOST_ENGINE_SIGHTS_H
#define MILEPOST_ENGINE_SIGHTS_H

#include "engine/surroundings.h"

/* A key as others see it. */
struct sight {
    enum status status;     /* of valuing it: STATUS_OK or STATUS_OUT_OF_RANGE */
    bool has_earned;        /* false: its pay waits */
    bool has_steps;         /* the steps of `adjust` were taken, as `trace` says */
    struct rational earned; /* before rounding */
    struct rational pay;    /* likewise, before cancellations take back of it */
    struct adjust_trace trace;
};

struct sights_entry;

/* Zero-valid once its arena is initialised. */
struct sights {
    struct sights_entry **table; /* open addressing */
    size_t size;                 /* a power of two, or 0 */
    size_t count;
    struct arena arena; /* whatever entries point to */
};

void sights_init(struct sights *sights);
void sights_deinit(struct sights *sights);

/* Forgets all of them. */
void sights_reset(struct sights *sights);

/* What is known of (component, window); NULL: nothing yet. */
const struct sight *sights_find(const struct sights *sights, uint32_t component,
                                struct slice window);

/* Keeps it. False: the arena is full. */
bool sights_keep(struct sights *sights, uint32_t component, struct slice window,
                 const struct sight *sight);

#endif
