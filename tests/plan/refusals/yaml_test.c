/* What is refused in the YAML itself, and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/refusal_rows.h"

static const struct refusal rows[] = {
    {"a key that stands twice",
     SCENE_HEAD "version: 4\n"
                "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "10:1", "duplicate-key", NULL},
    {"an anchor",
     "milepost: 1\n"
     "plan: &a x\n"
     "version: 3\n"
     "currency: USD\n"
     "timezone: America/New_York\n"
     "calendar: {year-starts: 01-01}\n"
     "effective: {from: 2026-01-01, until: 2027-01-01}\n"
     "rounding: {to: 0.01, mode: half-even}\n"
     "mid-window: last\n" REFUSAL_MAIN "    pays: {rate: 10%}\n",
     "2:7", "bad-yaml", NULL},
    {"an alias",
     "milepost: 1\n"
     "plan: *a\n"
     "version: 3\n"
     "currency: USD\n"
     "timezone: America/New_York\n"
     "calendar: {year-starts: 01-01}\n"
     "effective: {from: 2026-01-01, until: 2027-01-01}\n"
     "rounding: {to: 0.01, mode: half-even}\n"
     "mid-window: last\n" REFUSAL_MAIN "    pays: {rate: 10%}\n",
     "2:7", "bad-yaml", NULL},
    {"a tag",
     "milepost: 1\n"
     "plan: !!str x\n"
     "version: 3\n"
     "currency: USD\n"
     "timezone: America/New_York\n"
     "calendar: {year-starts: 01-01}\n"
     "effective: {from: 2026-01-01, until: 2027-01-01}\n"
     "rounding: {to: 0.01, mode: half-even}\n"
     "mid-window: last\n" REFUSAL_MAIN "    pays: {rate: 10%}\n",
     "2:7", "bad-yaml", NULL},
    {"a second document",
     SCENE_HEAD REFUSAL_MAIN "    pays: {rate: 10%}\n"
                             "---\n"
                             "a: 1\n",
     "16:1", "bad-yaml", NULL},
    {"no YAML at all", "milepost: [1\n", "2:1", "bad-yaml", NULL},
    {"a list for a plan", "- 1\n", "1:1", "bad-value", NULL},
};

int main(void)
{
    return RUN_CASES(rows, refuses);
}
