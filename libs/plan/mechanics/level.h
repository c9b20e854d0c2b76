/* `level`: "pays for every whole month of the assignment that the business date has passed"
 * (PLAN-LANGUAGE section 4). Needs no measure. */
#ifndef MILEPOST_PLAN_MECHANICS_LEVEL_H
#define MILEPOST_PLAN_MECHANICS_LEVEL_H

#include "base/decimal.h"

struct level_terms {
    struct decimal give; /* money for each whole month */
};

#endif
