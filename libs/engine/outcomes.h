/* What became of the rows of the turn at hand, for each plan: counted for metrics. */
#ifndef MILEPOST_ENGINE_OUTCOMES_H
#define MILEPOST_ENGINE_OUTCOMES_H

#include "engine/fold.h"

enum { OUTCOMES_OF_NO_PLAN = 0 };

/* Zero-valid. */
struct outcomes {
    struct plan_outcomes *items; /* [0]: rows that no plan was asked about */
    size_t count;
};

void outcomes_deinit(struct outcomes *outcomes);

/* A new turn: nothing has been counted. */
void outcomes_reset(struct outcomes *outcomes);

/* Counts one row at `place`, which stands for `plan` during the turn; its text is borrowed. */
void outcomes_add(struct outcomes *outcomes, size_t place, struct slice plan,
                  enum row_outcome outcome);

/* Rows that no plan was asked about. */
static inline void outcomes_add_planless(struct outcomes *outcomes, enum row_outcome outcome)
{
    outcomes_add(outcomes, OUTCOMES_OF_NO_PLAN, SLICE(""), outcome);
}

#endif
