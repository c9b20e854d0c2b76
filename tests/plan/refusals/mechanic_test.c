/* What is refused in the choice of a mechanic, rate and unit (PLAN-LANGUAGE section 4), and where.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/refusal_rows.h"

static const struct refusal rows[] = {
    {"an unknown mechanic, with the one that was meant",
     SCENE_HEAD REFUSAL_MAIN "    pays: {tier: {}}\n", "15:12", "unknown-mechanic", "tiers"},
    {"two mechanics", SCENE_HEAD REFUSAL_MAIN "    pays: {rate: 10%, unit: 3}\n", "15:23",
     "unknown-key", NULL},
    {"a rate without its percent", SCENE_HEAD REFUSAL_MAIN "    pays: {rate: 0.1}\n", "15:18",
     "bad-number", NULL},
    {"a unit with a percent", SCENE_HEAD REFUSAL_MAIN "    pays: {unit: 5%}\n", "15:18",
     "bad-number", NULL},
    {"pays without a mechanic", SCENE_HEAD REFUSAL_MAIN "    pays: {}\n", "15:11",
     "unknown-mechanic", NULL},
    {"free units cannot be negative", SCENE_HEAD REFUSAL_MAIN "    pays: {unit: 5, after: -1}\n",
     "15:28", "bad-value", NULL},
};

int main(void)
{
    return RUN_CASES(rows, refuses);
}
