#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "worker/faults.h"
#include "worker/hazard.h"
#include "worker/journal_walk.h"
#include "worker/spine.h"

#include "support/case.h"

enum { SEEDS_MAX = 400 };

struct planted {
    const char *label;
    enum hazard hazard;
    bool tears; /* on a broker that tears transactions */
};

static const struct planted rows[] = {
    {"sees offsets committed outside the turn's transaction", HAZARD_OFFSETS_OUTSIDE, false},
    {"sees an aborted turn's state kept", HAZARD_STATE_BEFORE_COMMIT, false},
    {"sees a restore that stops at the committed view's end", HAZARD_RESTORE_TO_LSO, false},
    {"sees rule 1 broken: a slice that holds the next turn's rows", HAZARD_LATE_SLICE, false},
    {"sees rule 2 broken: a cursor that an abort leaves advanced", HAZARD_CURSOR_NOT_UNDONE, false},
    {"sees rule 3 broken: a chain of turns that nobody checks", HAZARD_NO_CHAIN, true},
    {"sees a refused produce that nobody looks at", HAZARD_UNCHECKED_PRODUCE, false},
    {"sees memory that goes on after an unknown outcome", HAZARD_NO_FENCE, false},
};

static void judge_sees(void **state)
{
    const struct planted *row = *state;
    struct schemas *schemas = spine_schemas();
    hazard_planted = row->hazard;
    bool seen = false;
    for (uint64_t seed = 1; !seen && seed <= SEEDS_MAX; seed++) {
        char finding[FINDING_BYTES];
        seen = !faults_run(schemas, seed, row->tears, finding);
        if (seen)
            print_message("seed %llu: %s\n", (unsigned long long)seed, finding);
    }
    hazard_planted = HAZARD_NONE;
    schemas_free(schemas);
    assert_true(seen);
}

/* No fold removes rows yet, so rule 4 is shown on the journal itself. */
static void sees_rule_4_broken_a_removed_row_that_comes_back(void **state)
{
    (void)state;
    struct schemas *schemas = spine_schemas();
    for (int planted = 0; planted < 2; planted++) {
        hazard_planted = planted ? HAZARD_GONE_NOT_WRITTEN : HAZARD_NONE;
        struct journal_walk walk;
        journal_walk_init(&walk, schemas, 1);
        journal_walk_begin(&walk);
        store_put(walk.store, SLICE("deal:D-1"), SLICE("1"));
        store_put(walk.store, SLICE("deal:D-2"), SLICE("1"));
        journal_walk_commit(&walk);
        journal_walk_begin(&walk);
        store_remove(walk.store, SLICE("deal:D-1"));
        journal_walk_commit(&walk);
        walk.small.walk.begin = 0;
        char detail[DETAIL_BYTES];
        bool equal;
        assert_int_equal(journal_walk_restore(&walk, SIZE_MAX, &equal, detail), STATUS_OK);
        assert_int_equal(equal, !planted);
        journal_walk_deinit(&walk);
    }
    hazard_planted = HAZARD_NONE;
    schemas_free(schemas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sees_rule_4_broken_a_removed_row_that_comes_back),
    };
    return RUN_CASES(rows, judge_sees) +
           cmocka_run_group_tests_name("worker.hazards", tests, NULL, NULL);
}
