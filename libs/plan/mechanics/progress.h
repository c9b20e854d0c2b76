/* `progress`: "pays by percent complete" (PLAN-LANGUAGE section 4): the latest milestone event's
 * percent_complete, a share, of the contract value. `over: deal` or `plan`. */
#ifndef MILEPOST_PLAN_MECHANICS_PROGRESS_H
#define MILEPOST_PLAN_MECHANICS_PROGRESS_H

#include "plan/approval.h"

struct progress_terms {
    struct approval approval;
};

#endif
