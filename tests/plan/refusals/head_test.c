/* What is refused in the head of a plan (PLAN-LANGUAGE section 2), and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/refusal_rows.h"

/* The lines of a plan up to line N, and from line N on: what stands between them is wrong. */
#define TO_1    "milepost: 1\n"
#define TO_2    TO_1 "plan: account-executive\n"
#define TO_3    TO_2 "version: 3\n"
#define TO_4    TO_3 "currency: USD\n"
#define TO_5    TO_4 "timezone: America/New_York\n"
#define TO_6    TO_5 "calendar: {year-starts: 01-01}\n"
#define TO_7    TO_6 "effective: {from: 2026-01-01, until: 2027-01-01}\n"
#define TO_8    TO_7 "rounding: {to: 0.01, mode: half-even}\n"
#define TO_9    SCENE_HEAD
#define FROM_10 REFUSAL_MAIN "    pays: {rate: 10%}\n"
#define FROM_9  "mid-window: last\n" FROM_10
#define FROM_8  "rounding: {to: 0.01, mode: half-even}\n" FROM_9
#define FROM_7  "effective: {from: 2026-01-01, until: 2027-01-01}\n" FROM_8
#define FROM_6  "calendar: {year-starts: 01-01}\n" FROM_7
#define FROM_5  "timezone: America/New_York\n" FROM_6
#define FROM_4  "currency: USD\n" FROM_5
#define FROM_3  "version: 3\n" FROM_4
#define FROM_2  "plan: account-executive\n" FROM_3

static const struct refusal rows[] = {
    {"a plan needs its language version", FROM_2, "1:1", "missing-key", "milepost: 1"},
    {"another language version is not known", "milepost: 2\n" FROM_2, "1:11", "bad-value", NULL},
    {"a plan's name is a name", TO_1 "plan: a b\n" FROM_3, "2:7", "bad-value", NULL},
    {"a version is a whole number", TO_2 "version: 1.5\n" FROM_4, "3:10", "bad-value", NULL},
    {"a version begins at 1", TO_2 "version: 0\n" FROM_4, "3:10", "bad-value", NULL},
    {"an unknown currency", TO_3 "currency: USX\n" FROM_5, "4:11", "unknown-currency", NULL},
    {"an unknown time zone", TO_4 "timezone: Nowhere/None\n" FROM_6, "5:11", "unknown-timezone",
     NULL},
    {"a time zone that is no name", TO_4 "timezone: ../etc/passwd\n" FROM_6, "5:11",
     "unknown-timezone", NULL},
    {"a calendar that is none", TO_5 "calendar: {year-starts: 13-01}\n" FROM_7, "6:11", "bad-value",
     "4-4-5"},
    {"quarters need a calendar", TO_5 FROM_7, "1:1", "missing-key", "calendar:"},
    {"an effective range ends after it begins",
     TO_6 "effective: {from: 2026-01-01, until: 2026-01-01}\n" FROM_8, "7:38", "bad-value", NULL},
    {"a date that does not exist", TO_6 "effective: {from: 2026-02-29}\n" FROM_8, "7:19",
     "bad-value", NULL},
    {"rounding must be said", TO_7 FROM_9, "1:1", "must-say", "half-even"},
    {"the mode of rounding must be said", TO_7 "rounding: {to: 0.01}\n" FROM_9, "8:1", "must-say",
     "half-up"},
    {"rounding to less than the smallest unit",
     TO_7 "rounding: {to: 0.001, mode: half-up}\n" FROM_9, "8:16", "too-precise", NULL},
    {"a mode that is none, with the one that was meant",
     TO_7 "rounding: {to: 0.01, mode: half-evn}\n" FROM_9, "8:28", "bad-word", "half-even"},
    {"mid-window must be said", TO_8 FROM_10, "1:1", "must-say", "blend, split"},
    {"an unknown key, with the one that was meant", TO_9 "curency: USD\n" FROM_10, "10:1",
     "unknown-key", "currency"},
    {"no components", TO_9 "components: {}\n", "10:1", "bad-value", NULL},
};

int main(void)
{
    return RUN_CASES(rows, refuses);
}
