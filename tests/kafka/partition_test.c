#include "base/partition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/case.h"

/* Kafka's own vectors: org.apache.kafka.common.utils.UtilsTest.testMurmur2. */
struct row {
    const char *label; /* the key */
    int32_t hash;      /* as Java prints it */
};

static const struct row rows[] = {
    {"21", -973932308},
    {"foobar", -790332482},
    {"a-little-bit-long-string", -985981536},
    {"a-little-bit-longer-string", -1486304829},
    {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971},
    {"abc", 479470107},
};

static void hashes_and_places_as_java(void **state)
{
    const struct row *row = *state;
    struct slice key = slice_of(row->label);

    assert_int_equal((int32_t)murmur2(key), row->hash);
    assert_int_equal(partition_of(key, 12), (row->hash & 0x7fffffff) % 12);
    assert_int_equal(partition_of(key, 1), 0);
}

int main(void)
{
    return RUN_CASES(rows, hashes_and_places_as_java);
}
