#include "engine/outcomes.h"

#include <stdlib.h>

static const char *const names[OUTCOME_COUNT] = {
#define OUTCOME_NAME(symbol, name) name,
    OUTCOME_LIST(OUTCOME_NAME)
#undef OUTCOME_NAME
};

const char *outcome_name(enum row_outcome outcome)
{
    return names[outcome];
}

void outcomes_deinit(struct outcomes *outcomes)
{
    free(outcomes->items);
    *outcomes = (struct outcomes){0};
}

void outcomes_reset(struct outcomes *outcomes)
{
    if (outcomes->count)
        memset(outcomes->items, 0, outcomes->count * sizeof *outcomes->items);
}

static void grow(struct outcomes *outcomes, size_t count)
{
    outcomes->items = realloc(outcomes->items, count * sizeof *outcomes->items);
    if (!outcomes->items)
        abort();
    memset(outcomes->items + outcomes->count, 0,
           (count - outcomes->count) * sizeof *outcomes->items);
    outcomes->count = count;
}

void outcomes_add(struct outcomes *outcomes, size_t place, struct slice plan,
                  enum row_outcome outcome)
{
    if (place >= outcomes->count)
        grow(outcomes, place + 1);
    outcomes->items[place].plan = plan;
    outcomes->items[place].counts[outcome]++;
}
