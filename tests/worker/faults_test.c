#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "worker/faults.h"
#include "worker/spine.h"

/* Histories by MILEPOST_HISTORIES, the first seed by MILEPOST_SEED. */
static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

static void every_history_of_kills_and_faults_ends_in_the_right_cents(void **state)
{
    (void)state;
    struct schemas *schemas = spine_schemas();
    uint64_t seed = setting("MILEPOST_SEED", 1);
    uint64_t end = seed + setting("MILEPOST_HISTORIES", 60);
    for (; seed < end; seed++) {
        char finding[FINDING_BYTES];
        if (!faults_run(schemas, seed, false, finding))
            fail_msg("seed %llu: %s", (unsigned long long)seed, finding);
    }
    schemas_free(schemas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_history_of_kills_and_faults_ends_in_the_right_cents),
    };
    return cmocka_run_group_tests_name("worker.faults", tests, NULL, NULL);
}
