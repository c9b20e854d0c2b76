/* What is refused in a goal (PLAN-LANGUAGE section 3), and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/refusal_rows.h"

static const struct refusal rows[] = {
    {"attainment needs a goal",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {on: attainment, method: whole, boundary: higher, gives: rate, negative: "
     "nothing,\n"
     "        table: [{from: 0%, give: 4%}]}\n",
     "15:5", "must-say", "goal:"},
    {"goal: none is no goal",
     SCENE_HEAD REFUSAL_MAIN
     "    goal: none\n"
     "    pays:\n"
     "      tiers: {on: attainment, method: whole, boundary: higher, gives: rate, negative: "
     "nothing,\n"
     "        table: [{from: 0%, give: 4%}]}\n",
     "16:5", "must-say", "goal:"},
    {"a goal from the roster must say attainment",
     SCENE_HEAD REFUSAL_MAIN "    goal: {from: roster, zero: nothing, prorate: none}\n"
                             "    pays: {rate: 10%}\n",
     "15:5", "must-say", "exact"},
    {"a goal from the roster must say zero",
     SCENE_HEAD REFUSAL_MAIN "    goal: {from: roster, attainment: exact, prorate: none}\n"
                             "    pays: {rate: 10%}\n",
     "15:5", "must-say", "full-target"},
    {"a goal from the roster must say prorate",
     SCENE_HEAD REFUSAL_MAIN "    goal: {from: roster, attainment: exact, zero: nothing}\n"
                             "    pays: {rate: 10%}\n",
     "15:5", "must-say", "prorate: none"},
    {"a goal is fixed or from the roster",
     SCENE_HEAD REFUSAL_MAIN "    goal: {attainment: exact}\n"
                             "    pays: {rate: 10%}\n",
     "15:5", "bad-value", "goal: none"},
    {"a fixed goal is above 0",
     SCENE_HEAD REFUSAL_MAIN "    goal: {fixed: 0}\n"
                             "    pays: {rate: 10%}\n",
     "15:19", "bad-value", NULL},
    {"a fixed goal is never 0",
     SCENE_HEAD REFUSAL_MAIN "    goal: {fixed: 5, zero: nothing}\n"
                             "    pays: {rate: 10%}\n",
     "15:22", "bad-key", NULL},
    {"lower is better needs a cap",
     SCENE_HEAD REFUSAL_MAIN "    goal: {fixed: 5, direction: lower}\n"
                             "    pays: {rate: 10%}\n",
     "15:5", "must-say", "cap:"},
};

int main(void)
{
    return RUN_CASES(rows, refuses);
}
