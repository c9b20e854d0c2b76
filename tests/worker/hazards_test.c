#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "worker/faults.h"
#include "worker/hazard.h"
#include "worker/spine.h"

#include "support/case.h"

enum { SEEDS_MAX = 400 };

struct planted {
    const char *label;
    enum hazard hazard;
};

static const struct planted rows[] = {
    {"sees offsets committed outside the turn's transaction", HAZARD_OFFSETS_OUTSIDE},
    {"sees an aborted turn's state kept", HAZARD_STATE_BEFORE_COMMIT},
    {"sees a restore that stops at the committed view's end", HAZARD_RESTORE_TO_LSO},
    {"sees rule 1 broken: a slice that holds the next turn's rows", HAZARD_LATE_SLICE},
    {"sees rule 2 broken: a cursor that an abort leaves advanced", HAZARD_CURSOR_NOT_UNDONE},
    {"sees rule 3 broken: a chain of turns that nobody checks", HAZARD_NO_CHAIN},
    {"sees rule 4 broken: a removed row that is not written", HAZARD_GONE_NOT_WRITTEN},
    {"sees a refused produce that nobody looks at", HAZARD_UNCHECKED_PRODUCE},
    {"sees memory that goes on after an unknown outcome", HAZARD_NO_FENCE},
};

static void judge_sees(void **state)
{
    const struct planted *row = *state;
    struct schemas *schemas = spine_schemas();
    hazard_planted = row->hazard;
    bool seen = false;
    for (uint64_t seed = 1; !seen && seed <= SEEDS_MAX; seed++) {
        char finding[FINDING_BYTES];
        seen = !faults_run(schemas, seed, finding);
        if (seen)
            print_message("seed %llu: %s\n", (unsigned long long)seed, finding);
    }
    hazard_planted = HAZARD_NONE;
    schemas_free(schemas);
    assert_true(seen);
}

int main(void)
{
    return RUN_CASES(rows, judge_sees);
}
