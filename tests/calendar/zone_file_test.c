#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "calendar/zone_file.h"
#include "support/case.h"

enum { ARENA_BYTES = 64 * 1024 };

static char storage[ARENA_BYTES];
static char detail[DETAIL_BYTES];

static int32_t day(const char *text)
{
    int32_t date;
    assert_int_equal(date_parse(slice_of(text), &date), STATUS_OK);
    return date;
}

static int64_t instant(const char *text)
{
    int64_t ms;
    assert_int_equal(instant_parse(slice_of(text), &ms), STATUS_OK);
    return ms;
}

static void append_number(struct buffer *out, uint64_t value, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--)
        buffer_append_byte(out, (char)(value >> (8 * i) & 0xff));
}

static void append_header(struct buffer *out, char version, uint32_t leap, uint32_t time,
                          uint32_t type)
{
    static const char reserved[15];
    buffer_append_slice(out, SLICE("TZif"));
    buffer_append_byte(out, version);
    buffer_append(out, reserved, sizeof(reserved));
    append_number(out, 0, 4);
    append_number(out, 0, 4);
    append_number(out, leap, 4);
    append_number(out, time, 4);
    append_number(out, type, 4);
    append_number(out, 4, 4); /* characters */
}

/* A file of our own: a transition to type 1 (+1 h) on 2020-01-01, to type 2 (-1 h) a year later. */
struct file {
    char version;
    uint32_t leap;
    int64_t first_s;
    int64_t second_s;
    char type; /* of the first transition */
    const char *footer;
};

static const struct file sound = {'2', 0, 1577836800, 1609459200, 1, "\nAAA1\n"};

static struct buffer file_bytes(const struct file *file)
{
    struct buffer bytes = {0};
    append_header(&bytes, file->version, 0, 0, 1);
    append_number(&bytes, 0, 6);
    buffer_append_slice(&bytes, SLICE("AAA\0"));
    append_header(&bytes, file->version, file->leap, 2, 3);
    append_number(&bytes, (uint64_t)file->first_s, 8);
    append_number(&bytes, (uint64_t)file->second_s, 8);
    buffer_append_byte(&bytes, file->type);
    buffer_append_byte(&bytes, 2);
    static const int32_t offsets_s[] = {0, 3600, -3600};
    for (int i = 0; i < 3; i++) {
        append_number(&bytes, (uint32_t)offsets_s[i], 4);
        append_number(&bytes, 0, 2);
    }
    buffer_append_slice(&bytes, SLICE("AAA\0"));
    for (uint32_t i = 0; i < file->leap; i++) {
        append_number(&bytes, 0, 8);
        append_number(&bytes, 0, 4);
    }
    buffer_append_slice(&bytes, slice_of(file->footer));
    return bytes;
}

static enum status parse(struct slice bytes, const char *from, const char *until, struct zone *out)
{
    struct arena arena;
    arena_init(&arena, storage, sizeof(storage));
    detail[0] = '\0';
    struct zone_range range = {day(from), day(until)};
    return zone_file_parse(bytes, range, &arena, out, detail);
}

static void only_what_the_range_needs_is_kept(void **state)
{
    (void)state;
    struct buffer bytes = file_bytes(&sound);
    struct zone zone;
    assert_int_equal(parse(buffer_slice(&bytes), "2019-01-01", "2023-01-01", &zone), STATUS_OK);
    assert_int_equal(zone.count, 3);
    assert_true(zone_is_valid(zone));
    assert_int_equal(zone_offset_s(zone, instant("2019-12-31T23:59:59Z")), 0);
    assert_int_equal(zone_offset_s(zone, instant("2020-01-01T00:00:00Z")), 3600);
    assert_int_equal(zone_offset_s(zone, instant("2020-12-31T23:59:59Z")), 3600);
    assert_int_equal(zone_offset_s(zone, instant("2021-01-01T00:00:00Z")), -3600);
    assert_int_equal(parse(buffer_slice(&bytes), "2020-06-01", "2020-07-01", &zone), STATUS_OK);
    assert_int_equal(zone.count, 1);
    assert_int_equal(zone.changes[0].offset_s, 3600);
    assert_int_equal(parse(buffer_slice(&bytes), "2022-01-01", "2200-12-31", &zone), STATUS_OK);
    assert_int_equal(zone.count, 1);
    assert_int_equal(zone.changes[0].offset_s, -3600);
    buffer_deinit(&bytes);
}

static void the_rule_goes_on_behind_the_table(void **state)
{
    (void)state;
    struct file file = sound;
    file.footer = "\nAAA1BBB,M3.5.0,M10.5.0\n";
    struct buffer bytes = file_bytes(&file);
    struct zone zone;
    assert_int_equal(parse(buffer_slice(&bytes), "2019-01-01", "2022-12-31", &zone), STATUS_OK);
    assert_int_equal(zone.count, 3 + 4);
    assert_int_equal(zone_offset_s(zone, instant("2020-07-01T00:00:00Z")), 3600); /* the table */
    assert_int_equal(zone_offset_s(zone, instant("2021-07-01T00:00:00Z")), 0);
    assert_int_equal(zone_offset_s(zone, instant("2022-12-01T00:00:00Z")), -3600);
    assert_int_equal(parse(buffer_slice(&bytes), "2100-06-01", "2100-07-01", &zone), STATUS_OK);
    assert_int_equal(zone.count, 1);
    assert_int_equal(zone.changes[0].offset_s, 0);
    assert_int_equal(parse(buffer_slice(&bytes), "1900-01-01", "2200-12-31", &zone), STATUS_OK);
    assert_int_equal(zone.count, 3 + 2 * 180);
    buffer_deinit(&bytes);
}

static void summer_time_all_year_is_one_row(void **state)
{
    (void)state;
    struct file file = sound;
    file.footer = "\nXXX3EDT4,0/0,J365/23\n"; /* as RFC 8536 writes it */
    struct buffer bytes = file_bytes(&file);
    struct zone zone;
    assert_int_equal(parse(buffer_slice(&bytes), "2025-01-01", "2030-01-01", &zone), STATUS_OK);
    assert_int_equal(zone.count, 1);
    assert_int_equal(zone.changes[0].offset_s, -4 * 3600);
    buffer_deinit(&bytes);
}

struct damage_row {
    const char *label;
    struct file file;
    const char *detail;
};

static const struct damage_row damage_rows[] = {
    {"version 1 is refused", {0, 0, 1, 2, 1, "\n\n"}, "version"},
    {"leap seconds are refused", {'2', 1, 1, 2, 1, "\n\n"}, "leap"},
    {"transitions out of order are refused", {'2', 0, 2, 1, 1, "\n\n"}, "damaged"},
    {"two transitions at once are refused", {'2', 0, 2, 2, 1, "\n\n"}, "damaged"},
    {"a transition beyond time is refused", {'2', 0, 2, INT64_MAX, 1, "\n\n"}, "damaged"},
    {"a type that is not there is refused", {'2', 0, 1, 2, 3, "\n\n"}, "damaged"},
    {"a footer that does not end is refused", {'2', 0, 1, 2, 1, "\nAAA0"}, "TZif"},
    {"a missing footer is refused", {'2', 0, 1, 2, 1, ""}, "TZif"},
    {"a footer that is no rule is refused", {'2', 0, 1, 2, 1, "\nAAA\n"}, "rule"},
};

static void is_refused(void **state)
{
    const struct damage_row *row = *state;
    struct buffer bytes = file_bytes(&row->file);
    struct zone zone = {NULL, 42};
    assert_int_equal(parse(buffer_slice(&bytes), "2020-01-01", "2021-01-01", &zone),
                     STATUS_INVALID);
    assert_non_null(strstr(detail, row->detail));
    assert_int_equal(zone.count, 42);
    buffer_deinit(&bytes);
}

static void a_file_cut_anywhere_is_refused(void **state)
{
    (void)state;
    struct buffer bytes = file_bytes(&sound);
    struct zone zone;
    for (size_t length = 0; length < bytes.length; length++) {
        char *copy = malloc(length + 1); /* so that a sanitizer sees what reads past it */
        assert_non_null(copy);
        memcpy(copy, bytes.bytes, length);
        assert_int_equal(parse((struct slice){copy, length}, "2020-01-01", "2021-01-01", &zone),
                         STATUS_INVALID);
        free(copy);
    }
    for (size_t at = 0; at < bytes.length; at++) { /* any byte may be wrong: no crash */
        char was = bytes.bytes[at];
        bytes.bytes[at] = (char)0xff;
        enum status status = parse(buffer_slice(&bytes), "2020-01-01", "2021-01-01", &zone);
        assert_true(status == STATUS_INVALID || (status == STATUS_OK && zone_is_valid(zone)));
        bytes.bytes[at] = was;
    }
    buffer_deinit(&bytes);
}

static void a_full_arena_says_so(void **state)
{
    (void)state;
    struct buffer bytes = file_bytes(&sound);
    struct arena arena;
    arena_init(&arena, storage, 16);
    struct zone zone = {NULL, 42};
    struct zone_range range = {0, 1};
    assert_int_equal(zone_file_parse(buffer_slice(&bytes), range, &arena, &zone, detail),
                     STATUS_EXHAUSTED);
    assert_int_equal(zone.count, 42);
    buffer_deinit(&bytes);
}

struct system_row {
    const char *label;
    const char *zone;
    const char *at;
    int32_t offset_min;
};

static const struct system_row system_rows[] = {
    {"New York before summer", "America/New_York", "2024-03-10T06:59:59.999Z", -300},
    {"New York in summer", "America/New_York", "2024-03-10T07:00:00Z", -240},
    {"New York before winter", "America/New_York", "2024-11-03T05:59:59.999Z", -240},
    {"New York in winter", "America/New_York", "2024-11-03T06:00:00Z", -300},
    {"Berlin before summer", "Europe/Berlin", "2024-03-31T00:59:59.999Z", 60},
    {"Berlin in summer", "Europe/Berlin", "2024-03-31T01:00:00Z", 120},
    {"Berlin before winter", "Europe/Berlin", "2024-10-27T00:59:59.999Z", 120},
    {"Berlin in winter", "Europe/Berlin", "2024-10-27T01:00:00Z", 60},
    {"Kolkata knows no summer", "Asia/Kolkata", "2024-07-01T00:00:00Z", 330},
    {"Lord Howe before winter", "Australia/Lord_Howe", "2024-04-06T14:59:59.999Z", 660},
    {"Lord Howe in winter", "Australia/Lord_Howe", "2024-04-06T15:00:00Z", 630},
    {"Lord Howe before summer", "Australia/Lord_Howe", "2024-10-05T15:29:59.999Z", 630},
    {"Lord Howe in summer", "Australia/Lord_Howe", "2024-10-05T15:30:00Z", 660},
    {"UTC", "Etc/UTC", "2024-07-01T00:00:00Z", 0},
};

static void the_system_knows(void **state)
{
    const struct system_row *row = *state;
    struct arena arena;
    arena_init(&arena, storage, sizeof(storage));
    struct zone zone;
    struct zone_range range = {day("2024-01-01"), day("2025-01-01")};
    assert_int_equal(zone_file_read(ZONE_FOLDER, slice_of(row->zone), range, &arena, &zone, detail),
                     STATUS_OK);
    assert_int_equal(zone_offset_s(zone, instant(row->at)), row->offset_min * 60);
}

struct name_row {
    const char *label;
    const char *name;
    const char *detail;
};

static const struct name_row name_rows[] = {
    {"a name that leaves the folder", "../../../etc/passwd", "not the name"},
    {"a name from the root", "/etc/passwd", "not the name"},
    {"a name with an empty part", "Europe//Berlin", "not the name"},
    {"a name that ends in a slash", "Europe/", "not the name"},
    {"a name with a point", "zone.tab", "not the name"},
    {"a name with a blank", "Europe/New Berlin", "not the name"},
    {"no name", "", "not the name"},
    {"a name too long", "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/B",
     "not the name"},
    {"a zone that is not there", "Europe/Atlantis", "there is no time zone Europe/Atlantis"},
    {"a folder", "Europe", "there is no time zone Europe"},
};

static void no_zone_has(void **state)
{
    const struct name_row *row = *state;
    struct arena arena;
    arena_init(&arena, storage, sizeof(storage));
    struct zone zone = {NULL, 42};
    struct zone_range range = {0, 1};
    assert_int_equal(zone_file_read(ZONE_FOLDER, slice_of(row->name), range, &arena, &zone, detail),
                     STATUS_INVALID);
    assert_non_null(strstr(detail, row->detail));
    assert_int_equal(zone.count, 42);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_the_range_needs_is_kept),
        cmocka_unit_test(the_rule_goes_on_behind_the_table),
        cmocka_unit_test(summer_time_all_year_is_one_row),
        cmocka_unit_test(a_file_cut_anywhere_is_refused),
        cmocka_unit_test(a_full_arena_says_so),
    };
    return RUN_CASES(damage_rows, is_refused) + RUN_CASES(system_rows, the_system_knows) +
           RUN_CASES(name_rows, no_zone_has) + cmocka_run_group_tests(tests, NULL, NULL);
}
