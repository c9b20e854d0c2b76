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

static void headers_outlive_what_they_were_made_from(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *value;
    } wanted[] = {
        {"ce_specversion", "1.0"},
        {"ce_type", "t"},
        {"ce_source", "source"},
        {"ce_id", "id-of-it-42"},
        {"ce_time", "1970-01-01T00:00:00Z"},
        {"ce_subject", "person:jo"},
        {"content-type", "application/avro"},
        {"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
    };
    char id[] = "id-of-it";
    char subject[] = "person:jo";
    char trace[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    struct arena arena;
    arena_init_growing(&arena, 1 << 20);
    struct header_time time = {0};
    struct public_headers about = {.type = SLICE("t"),
                                   .id = slice_of(id),
                                   .sequence = 42,
                                   .subject = slice_of(subject),
                                   .traceparent = slice_of(trace)};
    struct log_outgoing record = {.key = about.subject};
    assert_int_equal(headers_public(&about, SLICE("source"), &time, &arena, &record), STATUS_OK);
    memset(id, '?', sizeof id);
    memset(subject, '?', sizeof subject);
    memset(trace, '?', sizeof trace);
    assert_true(slice_equal(record.key, SLICE("person:jo")));
    assert_int_equal(record.header_count, 8);
    for (size_t i = 0; i < 8; i++) {
        assert_true(slice_equal(record.headers[i].name, slice_of(wanted[i].name)));
        assert_int_equal(record.headers[i].value.length, strlen(wanted[i].value));
        if (i < 7)
            assert_memory_equal(record.headers[i].value.bytes, wanted[i].value,
                                strlen(wanted[i].value));
    }
    const char *span = record.headers[7].value.bytes; /* the trace stays, the span is ours */
    assert_memory_equal(span, wanted[7].value, 36);
    assert_memory_not_equal(span + 36, "00f067aa0ba902b7", 16);
    assert_int_equal(strspn(span + 36, "0123456789abcdef"), 16);
    assert_memory_equal(span + 52, "-01", 3);
    arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_time_is_that_of_each_record),
        cmocka_unit_test(headers_outlive_what_they_were_made_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
