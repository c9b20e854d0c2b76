/* Rows over code: each row of a table becomes a cmocka test of its own, named by the row's label.
 *
 *     struct row { const char *label; … };              the label comes first
 *     static const struct row rows[] = { {"pays no more than the cap", …}, … };
 *     static void pays(void **state) { const struct row *row = *state; … }
 *     int main(void) { return RUN_CASES(rows, pays); }
 *
 * The value is the number of failures; several tables are added up. Include after cmocka.h. */
#ifndef MILEPOST_TESTS_CASE_H
#define MILEPOST_TESTS_CASE_H

#include <stdlib.h>
#include <string.h>

#define RUN_CASES(rows, test)                                                                      \
    run_cases(#rows, rows, sizeof(rows) / sizeof((rows)[0]), sizeof((rows)[0]), test)

static inline int run_cases(const char *group, const void *rows, size_t count, size_t bytes,
                            CMUnitTestFunction test)
{
    struct CMUnitTest *tests = calloc(count, sizeof(*tests));
    for (size_t i = 0; tests && i < count; i++) {
        const char *row = (const char *)rows + i * bytes;
        memcpy(&tests[i].name, row, sizeof(tests[i].name)); /* the label */
        memcpy(&tests[i].initial_state, &row, sizeof(row));
        tests[i].test_func = test;
    }
    int failed = tests ? _cmocka_run_group_tests(group, tests, count, NULL, NULL) : 1;
    free(tests);
    return failed;
}

#endif
