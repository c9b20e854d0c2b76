/* `progress`: "pays by percent complete" (PLAN-LANGUAGE section 4): of each deal the
 * percent_complete, a share, of the latest milestone event that states one, of the contract value;
 * to each participant of that event its share. `over: deal` or `plan`. */
#ifndef MILEPOST_PLAN_MECHANICS_PROGRESS_H
#define MILEPOST_PLAN_MECHANICS_PROGRESS_H

#include "plan/approval.h"

struct progress_terms {
    struct approval approval;
};

#endif
