/* What is refused in the head of a plan (PLAN-LANGUAGE section 2), and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/refusal_rows.h"

static const struct refusal rows[] = {
    {"a plan needs its language version",
     "plan: account-executive\n"
     "version: 3\n"
     "currency: USD\n"
     "timezone: America/New_York\n"
     "calendar: {year-starts: 01-01}\n"
     "effective: {from: 2026-01-01, until: 2027-01-01}\n"
     "rounding: {to: 0.01, mode: half-even}\n"
     "mid-window: last\n"
     "components:\n"
     "  main:\n"
     "    measure: {of: deals, sum: amount}\n"
     "    cancelled: {effect: recompute}\n"
     "    over: quarter\n"
     "    pays: {rate: 10%}\n",
     "1:1", "missing-key", "milepost: 1"},
    {"another language version is not known",
     "milepost: 2\n"
     "plan: account-executive\n"
     "version: 3\n"
     "currency: USD\n"
     "timezone: America/New_York\n"
     "calendar: {year-starts: 01-01}\n"
     "effective: {from: 2026-01-01, until: 2027-01-01}\n"
     "rounding: {to: 0.01, mode: half-even}\n"
     "mid-window: last\n" REFUSAL_MAIN "    pays: {rate: 10%}\n",
     "1:11", "bad-value", NULL},
    {"a plan's name is a name",
     "milepost: 1\n"
     "plan: a b\n"
     "version: 3\n"
     "currency: USD\n"
     "timezone: America/New_York\n"
     "calendar: {year-starts: 01-01}\n"
     "effective: {from: 2026-01-01, until: 2027-01-01}\n"
     "rounding: {to: 0.01, mode: half-even}\n"
     "mid-window: last\n" REFUSAL_MAIN "    pays: {rate: 10%}\n",
     "2:7", "bad-value", NULL},
    {"a version is a whole number",
     "milepost: 1\n"
     "plan: account-executive\n"
     "version: 1.5\n"
     "currency: USD\n"
     "timezone: America/New_York\n"
     "calendar: {year-starts: 01-01}\n"
     "effective: {from: 2026-01-01, until: 2027-01-01}\n"
     "rounding: {to: 0.01, mode: half-even}\n"
     "mid-window: last\n" REFUSAL_MAIN "    pays: {rate: 10%}\n",
     "3:10", "bad-value", NULL},
    {"a version begins at 1",
     "milepost: 1\n"
     "plan: account-executive\n"
     "version: 0\n"
     "currency: USD\n"
     "timezone: America/New_York\n"
     "calendar: {year-starts: 01-01}\n"
     "effective: {from: 2026-01-01, until: 2027-01-01}\n"
     "rounding: {to: 0.01, mode: half-even}\n"
     "mid-window: last\n" REFUSAL_MAIN "    pays: {rate: 10%}\n",
     "3:10", "bad-value", NULL},
    {"an unknown currency",
     "milepost: 1\n"
     "plan: account-executive\n"
     "version: 3\n"
     "currency: USX\n"
     "timezone: America/New_York\n"
     "calendar: {year-starts: 01-01}\n"
     "effective: {from: 2026-01-01, until: 2027-01-01}\n"
     "rounding: {to: 0.01, mode: half-even}\n"
     "mid-window: last\n" REFUSAL_MAIN "    pays: {rate: 10%}\n",
     "4:11", "unknown-currency", NULL},
    {"an unknown time zone",
     "milepost: 1\n"
     "plan: account-executive\n"
     "version: 3\n"
     "currency: USD\n"
     "timezone: Nowhere/None\n"
     "calendar: {year-starts: 01-01}\n"
     "effective: {from: 2026-01-01, until: 2027-01-01}\n"
     "rounding: {to: 0.01, mode: half-even}\n"
     "mid-window: last\n" REFUSAL_MAIN "    pays: {rate: 10%}\n",
     "5:11", "unknown-timezone", NULL},
    {"a time zone that is no name",
     "milepost: 1\n"
     "plan: account-executive\n"
     "version: 3\n"
     "currency: USD\n"
     "timezone: ../etc/passwd\n"
     "calendar: {year-starts: 01-01}\n"
     "effective: {from: 2026-01-01, until: 2027-01-01}\n"
     "rounding: {to: 0.01, mode: half-even}\n"
     "mid-window: last\n" REFUSAL_MAIN "    pays: {rate: 10%}\n",
     "5:11", "unknown-timezone", NULL},
    {"a calendar that is none",
     "milepost: 1\n"
     "plan: account-executive\n"
     "version: 3\n"
     "currency: USD\n"
     "timezone: America/New_York\n"
     "calendar: {year-starts: 13-01}\n"
     "effective: {from: 2026-01-01, until: 2027-01-01}\n"
     "rounding: {to: 0.01, mode: half-even}\n"
     "mid-window: last\n" REFUSAL_MAIN "    pays: {rate: 10%}\n",
     "6:11", "bad-value", "4-4-5"},
    {"quarters need a calendar",
     "milepost: 1\n"
     "plan: account-executive\n"
     "version: 3\n"
     "currency: USD\n"
     "timezone: America/New_York\n"
     "effective: {from: 2026-01-01, until: 2027-01-01}\n"
     "rounding: {to: 0.01, mode: half-even}\n"
     "mid-window: last\n"
     "components:\n"
     "  main:\n"
     "    measure: {of: deals, sum: amount}\n"
     "    cancelled: {effect: recompute}\n"
     "    over: quarter\n"
     "    pays: {rate: 10%}\n",
     "1:1", "missing-key", "calendar:"},
    {"an effective range ends after it begins",
     "milepost: 1\n"
     "plan: account-executive\n"
     "version: 3\n"
     "currency: USD\n"
     "timezone: America/New_York\n"
     "calendar: {year-starts: 01-01}\n"
     "effective: {from: 2026-01-01, until: 2026-01-01}\n"
     "rounding: {to: 0.01, mode: half-even}\n"
     "mid-window: last\n" REFUSAL_MAIN "    pays: {rate: 10%}\n",
     "7:38", "bad-value", NULL},
    {"a date that does not exist",
     "milepost: 1\n"
     "plan: account-executive\n"
     "version: 3\n"
     "currency: USD\n"
     "timezone: America/New_York\n"
     "calendar: {year-starts: 01-01}\n"
     "effective: {from: 2026-02-29}\n"
     "rounding: {to: 0.01, mode: half-even}\n"
     "mid-window: last\n" REFUSAL_MAIN "    pays: {rate: 10%}\n",
     "7:19", "bad-value", NULL},
    {"rounding must be said",
     "milepost: 1\n"
     "plan: account-executive\n"
     "version: 3\n"
     "currency: USD\n"
     "timezone: America/New_York\n"
     "calendar: {year-starts: 01-01}\n"
     "effective: {from: 2026-01-01, until: 2027-01-01}\n"
     "mid-window: last\n"
     "components:\n"
     "  main:\n"
     "    measure: {of: deals, sum: amount}\n"
     "    cancelled: {effect: recompute}\n"
     "    over: quarter\n"
     "    pays: {rate: 10%}\n",
     "1:1", "must-say", "half-even"},
    {"the mode of rounding must be said",
     "milepost: 1\n"
     "plan: account-executive\n"
     "version: 3\n"
     "currency: USD\n"
     "timezone: America/New_York\n"
     "calendar: {year-starts: 01-01}\n"
     "effective: {from: 2026-01-01, until: 2027-01-01}\n"
     "rounding: {to: 0.01}\n"
     "mid-window: last\n" REFUSAL_MAIN "    pays: {rate: 10%}\n",
     "8:1", "must-say", "half-up"},
    {"rounding to less than the smallest unit",
     "milepost: 1\n"
     "plan: account-executive\n"
     "version: 3\n"
     "currency: USD\n"
     "timezone: America/New_York\n"
     "calendar: {year-starts: 01-01}\n"
     "effective: {from: 2026-01-01, until: 2027-01-01}\n"
     "rounding: {to: 0.001, mode: half-up}\n"
     "mid-window: last\n" REFUSAL_MAIN "    pays: {rate: 10%}\n",
     "8:16", "too-precise", NULL},
    {"a mode that is none, with the one that was meant",
     "milepost: 1\n"
     "plan: account-executive\n"
     "version: 3\n"
     "currency: USD\n"
     "timezone: America/New_York\n"
     "calendar: {year-starts: 01-01}\n"
     "effective: {from: 2026-01-01, until: 2027-01-01}\n"
     "rounding: {to: 0.01, mode: half-evn}\n"
     "mid-window: last\n" REFUSAL_MAIN "    pays: {rate: 10%}\n",
     "8:28", "bad-word", "half-even"},
    {"mid-window must be said",
     "milepost: 1\n"
     "plan: account-executive\n"
     "version: 3\n"
     "currency: USD\n"
     "timezone: America/New_York\n"
     "calendar: {year-starts: 01-01}\n"
     "effective: {from: 2026-01-01, until: 2027-01-01}\n"
     "rounding: {to: 0.01, mode: half-even}\n"
     "components:\n"
     "  main:\n"
     "    measure: {of: deals, sum: amount}\n"
     "    cancelled: {effect: recompute}\n"
     "    over: quarter\n"
     "    pays: {rate: 10%}\n",
     "1:1", "must-say", "mid-window: last"},
    {"an unknown key, with the one that was meant",
     SCENE_HEAD "curency: USD\n"
                "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "10:1", "unknown-key", "currency"},
    {"no components", SCENE_HEAD "components: {}\n", "10:1", "bad-value", NULL},
};

int main(void)
{
    return RUN_CASES(rows, refuses);
}
