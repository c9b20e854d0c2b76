/* The fast engine against the obvious evaluator: a random company's facts go through both stages in
 * random order, with duplicates, in random turns over one to three partitions, and the totals of
 * all committed payouts must be what the definition says. A company that differs is made as small
 * as it will go, and written as files that `milepost simulate` reads.
 *
 * MILEPOST_HISTORIES says how many companies, MILEPOST_SEED which is the first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "worker/compare.h"
#include "worker/spine.h"

enum { HISTORIES = 1000 };

static uint64_t current_seed;
static bool is_done; /* with the current seed: nothing to tell about it */
static struct company company;
static struct compared seen;
static size_t refused;

static void print_file(const char *folder, const char *name)
{
    char path[512];
    int byte;
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (!file)
        return;
    printf("--- %s\n", path);
    while ((byte = fgetc(file)) != EOF)
        putchar(byte);
    (void)fclose(file);
}

static void print_company(void)
{
    static const char *const files[] = {"ae-1.yaml",    "ae-2.yaml",    "ae-3.yaml",
                                        "sdr-1.yaml",   "sdr-2.yaml",   "sdr-3.yaml",
                                        "rates-1.yaml", "rates-2.yaml", "rates-3.yaml",
                                        "control.yaml", "roster.yaml",  "events.jsonl"};
    char folder[] = "/tmp/milepost-differs-XXXXXX";
    if (!mkdtemp(folder))
        fail_msg("no folder for the files");
    company_write(&company, folder);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        print_file(folder, files[i]);
    printf("milepost simulate --plan %s/ae-1.yaml … --roster %s/roster.yaml "
           "--events %s/events.jsonl\n",
           folder, folder, folder);
}

static void tell(struct buffer *differences)
{
    struct compared counts;
    printf("seed %llu differs:\n%.*sMaking it small …\n", (unsigned long long)current_seed,
           SLICE_ARGS(buffer_slice(differences)));
    size_t comparisons = shrink_company(&company, current_seed);
    buffer_reset(differences);
    compare_company(&company, current_seed, &counts, differences);
    printf("After %zu comparisons, all that is needed for\n%.*sis:\n", comparisons,
           SLICE_ARGS(buffer_slice(differences)));
    print_company();
    buffer_deinit(differences);
    fail_msg("seed %llu: paid is not what the books are worth", (unsigned long long)current_seed);
}

static void one_company(uint64_t seed)
{
    struct buffer differences = {0};
    struct compared counts;
    company_init(&company, seed);
    compare_company(&company, seed, &counts, &differences);
    seen.totals += counts.totals;
    seen.nonzero += counts.nonzero;
    refused += company.refused;
    if (differences.length > 0)
        tell(&differences);
    buffer_deinit(&differences);
    company_deinit(&company);
}

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

static int end_group(void **state)
{
    if (!is_done)
        printf("the last company had seed %llu\n", (unsigned long long)current_seed);
    return spine_close_schemas(state);
}

static void pays_what_the_books_are_worth(void **state)
{
    (void)state;
    uint64_t first = number_from("MILEPOST_SEED", 1);
    uint64_t count = number_from("MILEPOST_HISTORIES", HISTORIES);
    printf("seeds %llu to %llu\n", (unsigned long long)first,
           (unsigned long long)(first + count - 1));
    for (uint64_t i = 0; i < count; i++) {
        current_seed = first + i;
        one_company(current_seed);
    }
    is_done = true;
    printf("%zu totals, %zu of them not zero; %zu drawn plans were refused\n", seen.totals,
           seen.nonzero, refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pays_what_the_books_are_worth)};
    return cmocka_run_group_tests_name("worker.compare", tests, spine_open_schemas, end_group);
}
