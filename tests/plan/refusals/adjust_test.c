/* What is refused in adjust (PLAN-LANGUAGE section 5), and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/refusal_rows.h"

static const struct refusal rows[] = {
    {"a cap must have its level",
     SCENE_HEAD REFUSAL_MAIN "    pays: {rate: 10%}\n"
                             "    adjust:\n"
                             "      - cap: {at: 5}\n",
     "17:9", "missing-key", "per: window"},
    {"a share must say of what",
     SCENE_HEAD REFUSAL_MAIN "    pays: {rate: 10%}\n"
                             "    adjust:\n"
                             "      - cap: {at: 200%, per: window}\n",
     "17:19", "bad-value", "of target"},
    {"a step has one key",
     SCENE_HEAD REFUSAL_MAIN "    pays: {rate: 10%}\n"
                             "    adjust:\n"
                             "      - {cap: {at: 5, per: window}, floor: {at: 1, per: window}}\n",
     "17:9", "bad-value", NULL},
};

int main(void)
{
    return RUN_CASES(rows, refuses);
}
