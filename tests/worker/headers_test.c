/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "worker/headers.h"

static void assert_time(struct header_time *time, int64_t at_ms, const char *wanted)
{
    struct arena arena;
    arena_init_growing(&arena, 1 << 20);
    struct public_headers about = {
        .type = SLICE("t"), .id = SLICE("i"), .subject = SLICE("s"), .at_ms = at_ms};
    struct log_outgoing record = {0};
    assert_int_equal(headers_public(&about, SLICE("source"), time, &arena, &record), STATUS_OK);
    bool found = false;
    for (size_t i = 0; i < record.header_count; i++)
        if (slice_equal(record.headers[i].name, SLICE("ce_time")))
            found = slice_equal(record.headers[i].value, slice_of(wanted));
    assert_true(found);
    arena_deinit(&arena);
}

static void the_time_is_that_of_each_record(void **state)
{
    (void)state;
    struct header_time time = {0};
    assert_time(&time, 0, "1970-01-01T00:00:00Z");
    assert_time(&time, 0, "1970-01-01T00:00:00Z");
    assert_time(&time, 1001, "1970-01-01T00:00:01.001Z");
    assert_time(&time, 0, "1970-01-01T00:00:00Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_time_is_that_of_each_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
