/* What is refused in adjust (PLAN-LANGUAGE section 5), and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/refusal_rows.h"

static const struct refusal rows[] = {
    {"gate of adjust comes later",
     SCENE_HEAD REFUSAL_MAIN "    pays: {rate: 10%}\n"
                             "    adjust:\n"
                             "      - gate: {}\n",
     "17:9", "not-here", NULL},
    {"multiply of adjust comes later",
     SCENE_HEAD REFUSAL_MAIN "    pays: {rate: 10%}\n"
                             "    adjust:\n"
                             "      - multiply: {by: 75%}\n",
     "17:9", "not-here", NULL},
    {"add of adjust comes later",
     SCENE_HEAD REFUSAL_MAIN "    pays: {rate: 10%}\n"
                             "    adjust:\n"
                             "      - add: -100\n",
     "17:9", "not-here", NULL},
    {"prorate of adjust comes later",
     SCENE_HEAD REFUSAL_MAIN "    pays: {rate: 10%}\n"
                             "    adjust:\n"
                             "      - prorate: days\n",
     "17:9", "not-here", NULL},
    {"a cap must have its level",
     SCENE_HEAD REFUSAL_MAIN "    pays: {rate: 10%}\n"
                             "    adjust:\n"
                             "      - cap: {at: 5}\n",
     "17:9", "missing-key", "per: window"},
    {"a cap with a condition comes later",
     SCENE_HEAD REFUSAL_MAIN "    pays: {rate: 10%}\n"
                             "    adjust:\n"
                             "      - cap: {at: 5, per: window, when: {}}\n",
     "17:35", "not-here", NULL},
    {"a cap per year comes later",
     SCENE_HEAD REFUSAL_MAIN "    pays: {rate: 10%}\n"
                             "    adjust:\n"
                             "      - cap: {at: 5, per: year}\n",
     "17:27", "not-here", NULL},
    {"a cap per deal in a quarter comes later",
     SCENE_HEAD REFUSAL_MAIN "    pays: {rate: 10%}\n"
                             "    adjust:\n"
                             "      - cap: {at: 5, per: deal}\n",
     "17:27", "not-here", "over: deal"},
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
