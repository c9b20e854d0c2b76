/* Short texts that come again and again (component and window names, currencies, step names), each
 * kept once and numbered, so that they compare as numbers. Numbers count from 0 and stay for the
 * interner's life; they mean nothing outside this process. */
#ifndef MILEPOST_ENGINE_INTERNER_H
#define MILEPOST_ENGINE_INTERNER_H

#include "base/arena.h"

struct interner {
    struct arena texts;
    struct slice *items; /* by number */
    uint32_t count;
    uint32_t capacity;
    uint32_t *table;     /* open addressing: number + 1; 0 is free */
    uint32_t table_size; /* a power of two */
};

void interner_init(struct interner *interner);
void interner_deinit(struct interner *interner);

/* The number of `text`, new or not. Out of memory ends the process. */
uint32_t interner_number(struct interner *interner, struct slice text);

/* The text with that number; lives as long as the interner. */
static inline struct slice interner_text(const struct interner *interner, uint32_t number)
{
    return interner->items[number];
}

/* The kept copy of `text`; bytes NULL stays so. */
struct slice interner_keep(struct interner *interner, struct slice text);

#endif
