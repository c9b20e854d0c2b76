/* What is refused in a list of rates (PLAN-LANGUAGE section 4), and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/refusal_rows.h"

/* Line 15 is `pays:`; a row begins in column 9 of the lines from 17 on. */
#define RATES(rows) SCENE_HEAD REFUSAL_MAIN "    pays:\n      rates:\n" rows
#define MATCH       "      match: first\n"

static const struct refusal rows[] = {
    {"a list of rates must say match", RATES("        - {else: 1%}\n"), "16:7", "must-say",
     "match: highest"},
    {"match is a word of three", RATES("        - {else: 1%}\n      match: last\n"), "18:14",
     "bad-word", NULL},
    {"match stands beside no other mechanic",
     SCENE_HEAD REFUSAL_MAIN "    pays: {rate: 1%, match: first}\n", "15:22", "unknown-key", NULL},
    {"after stands beside no rates",
     SCENE_HEAD REFUSAL_MAIN "    pays: {rates: [{else: 1%}], match: first, after: 3}\n", "15:47",
     "unknown-key", NULL},
    {"rates are a list", SCENE_HEAD REFUSAL_MAIN "    pays: {rates: {}, match: first}\n", "15:19",
     "bad-value", NULL},
    {"an empty list of rates", SCENE_HEAD REFUSAL_MAIN "    pays: {rates: [], match: first}\n",
     "15:19", "bad-value", "else"},
    {"a rate must give", RATES("        - {when: {product: core}}\n" MATCH), "17:11", "missing-key",
     "give: 5%"},
    {"a rate must say when", RATES("        - {give: 5%}\n" MATCH), "17:11", "missing-key", "when"},
    {"an empty when", RATES("        - {when: {}, give: 5%}\n" MATCH), "17:18", "bad-value",
     "else"},
    {"an unknown key of a rate", RATES("        - {when: {product: core}, gives: 5%}\n" MATCH),
     "17:35", "unknown-key", "give"},
    {"a condition that there is none of",
     RATES("        - {when: {colour: red}, give: 5%}\n" MATCH), "17:19", "unknown-key", NULL},
    {"a given rate carries its percent",
     RATES("        - {when: {product: core}, give: 5}\n" MATCH), "17:41", "bad-number", NULL},
    {"else carries its percent", RATES("        - {else: 0.05}\n" MATCH), "17:18", "bad-number",
     NULL},
    {"else stands alone", RATES("        - {else: 1%, give: 5%}\n" MATCH), "17:22", "unknown-key",
     NULL},
    {"else is the last",
     RATES("        - {else: 1%}\n        - {when: {product: core}, give: 5%}\n" MATCH), "17:11",
     "bad-value", NULL},
    {"there is one else", RATES("        - {else: 1%}\n        - {else: 2%}\n" MATCH), "17:11",
     "bad-value", NULL},
    {"a rate beyond 100000 percent", RATES("        - {else: 100000.0000001%}\n" MATCH), "17:18",
     "bad-value", NULL},
    {"a rate beyond minus 100000 percent", RATES("        - {else: -100000.0000001%}\n" MATCH),
     "17:18", "bad-value", NULL},
};

int main(void)
{
    return RUN_CASES(rows, refuses);
}
