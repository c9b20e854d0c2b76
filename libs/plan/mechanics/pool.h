/* `pool`: a budget divided by the members' measures (PLAN-LANGUAGE section 4); "paid as awards;
 * money that must add up is split by largest remainder, ties by id". */
#ifndef MILEPOST_PLAN_MECHANICS_POOL_H
#define MILEPOST_PLAN_MECHANICS_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/decimal.h"

struct pool_terms {
    int64_t budget;       /* in smallest units of the currency, > 0 */
    bool is_scaled_down;  /* share: {scale-down: {claim}}: each gets its claim, scaled down when
                           * claims exceed the budget; otherwise pro-rata: the whole budget */
    struct decimal claim; /* share of the member's measure */
    bool is_final;        /* after-settling: final; otherwise recompute */
};

#endif
