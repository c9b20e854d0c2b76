#include "support/log_contract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

enum { SCENARIOS_MAX = 64 };

struct run {
    const struct log_scenario *scenario;
    struct log_fixture *fixture;
};

static void play(void **state)
{
    const struct run *run = *state;
    run->scenario->run(run->fixture);
}

static int end(void **state)
{
    const struct run *run = *state;
    run->fixture->end(run->fixture->self);
    return 0;
}

int log_contract_run(const char *name, struct log_fixture *fixture)
{
    static const struct log_scenarios *const lists[] = {
        &log_contract_reading, &log_contract_transactions, &log_contract_group};
    struct run runs[SCENARIOS_MAX];
    struct CMUnitTest tests[SCENARIOS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (size_t k = 0; k < lists[i]->count; k++, count++) {
            assert_true(count < SCENARIOS_MAX);
            runs[count] = (struct run){&lists[i]->rows[k], fixture};
            tests[count] =
                (struct CMUnitTest){lists[i]->rows[k].rule, play, NULL, end, &runs[count]};
        }
    return _cmocka_run_group_tests(name, tests, count, NULL, NULL);
}
