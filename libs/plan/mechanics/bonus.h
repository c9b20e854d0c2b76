/* `bonus`: a bounty or SPIF: a fixed sum for each row that fits (PLAN-LANGUAGE section 4).
 *
 * "A limit takes the earliest. A bounty on a split deal is divided by share, the odd cent going
 * where crediting's `remainder` says." */
#ifndef MILEPOST_PLAN_MECHANICS_BONUS_H
#define MILEPOST_PLAN_MECHANICS_BONUS_H

#include "plan/condition.h"

struct bonus_terms {
    struct decimal each;                /* money, for a whole deal */
    const struct condition *conditions; /* of the row, beside `where`; all must hold */
    size_t condition_count;
    int32_t limit; /* at most so many rows of a window are paid, the earliest; 0: no limit. `once:
                    * window` is 1, and beside a larger `limit` the smaller of the two holds */
};

#endif
