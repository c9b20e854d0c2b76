#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "redis/redis_scene.h"

#define KEY "t.milepost:{attainment:0}"
#define VALUE                                                                                      \
    "{\"measure\":\"1\",\"goal\":null,\"attainment\":null,\"earned\":\"1\",\"payable\":\"1\","     \
    "\"currency\":\"USD\",\"sequence\":1,\"step\":null,\"pending\":[],\"held\":null,"              \
    "\"as_of\":1,\"plan_version\":1}"

static const struct read_model_place live = {0, 0};
static const struct read_model_place draft = {0, 9};

static int start(void **state)
{
    *state = scene_new();
    return 0;
}

static int stop(void **state)
{
    scene_free(*state);
    return 0;
}

static int empty(void **state)
{
    scene_do(*state, "FLUSHALL");
    return 0;
}

static enum status try_apply(struct read_model *model, struct read_model_place place,
                             const char *base, const char *next, struct read_model_header *stored,
                             char *detail)
{
    struct read_model_header from = scene_header(base);
    struct read_model_header to = scene_header(next);
    struct read_model_write write = {SLICE("person:jo/sales/commission/2026"), SLICE(VALUE)};
    return read_model_apply(model, place, &from, &to, &write, 1, stored, detail);
}

/* The header that is stored afterwards. */
static void expect_apply(struct read_model *model, struct read_model_place place, const char *base,
                         const char *next, const char *stored)
{
    char detail[DETAIL_BYTES] = "";
    struct read_model_header found;
    if (try_apply(model, place, base, next, &found, detail))
        fail_msg("%s", detail);
    assert_string_equal(found.text, stored);
}

static void expect_replace(struct read_model *model, const char *base, const char *built,
                           const char *stored)
{
    char detail[DETAIL_BYTES] = "";
    struct read_model_header from = scene_header(base);
    struct read_model_header to = scene_header(built);
    struct read_model_header found;
    if (read_model_replace(model, draft, &from, &to, &found, detail))
        fail_msg("%s", detail);
    assert_string_equal(found.text, stored);
}

static void writes_only_on_the_header_it_began_from(void **state)
{
    struct read_model *model = scene_model(*state, 0);
    expect_apply(model, live, "", "g 5", "g 5");
    expect_apply(model, live, "g 5", "g 8", "g 8");
    expect_apply(model, live, "g 5", "g 6", "g 8");  /* stale */
    expect_apply(model, live, "g 9", "g 10", "g 8"); /* a gap */
    expect_apply(model, live, "", "g 5", "g 8");     /* takes it for empty */
    expect_apply(model, live, "h 8", "h 9", "g 8");  /* another generation */
    expect_apply(model, live, "g 8", "g 9", "g 9");
    read_model_free(model);
}

static void a_write_after_a_flush_is_refused(void **state)
{
    struct read_model *model = scene_model(*state, 0);
    expect_apply(model, live, "", "g 5", "g 5");
    scene_do(*state, "FLUSHALL");
    expect_apply(model, live, "g 5", "g 8", "");
    assert_int_equal(scene_number(*state, "EXISTS " KEY), 0);
    read_model_free(model);
}

static void a_refused_write_changes_no_entry(void **state)
{
    struct read_model *model = scene_model(*state, 0);
    expect_apply(model, live, "", "g 5", "g 5");
    scene_do(*state, "HSET " KEY " person:jo/sales/commission/2026 kept");
    expect_apply(model, live, "g 4", "g 6", "g 5");
    redisReply *reply = scene_ask(*state, "HGET " KEY " person:jo/sales/commission/2026");
    assert_string_equal(reply->str, "kept");
    freeReplyObject(reply);
    read_model_free(model);
}

static void every_write_is_measured_also_a_refused_one(void **state)
{
    struct read_model *model = scene_model(*state, 0);
    expect_apply(model, live, "", "g 5", "g 5");
    expect_apply(model, live, "g 4", "g 6", "g 5");
    struct histogram durations = read_model_durations(model);
    int64_t count = 0;
    for (size_t i = 0; i <= HISTOGRAM_BOUNDS; i++)
        count += durations.counts[i];
    assert_int_equal(count, 2);
    assert_true(durations.sum > 0);
    read_model_free(model);
}

static void functions_that_were_lost_are_loaded_again(void **state)
{
    struct read_model *model = scene_model(*state, 0);
    scene_do(*state, "FUNCTION FLUSH");
    expect_apply(model, live, "", "g 5", "g 5");
    scene_do(*state, "FUNCTION FLUSH");
    expect_apply(model, draft, "", "g 7", "g 7");
    scene_do(*state, "FUNCTION FLUSH");
    expect_replace(model, "g 5", "g 7", "g 7");
    read_model_free(model);
}

static void a_lost_answer_is_asked_for_again_without_harm(void **state)
{
    struct redis_scene *scene = *state;
    char detail[DETAIL_BYTES] = "";
    struct read_model *model = scene_model(scene, 200);
    struct read_model_header stored;
    expect_apply(model, live, "", "g 5", "g 5");
    assert_int_equal(kill(scene->pid, SIGSTOP), 0);
    assert_int_equal(try_apply(model, live, "g 5", "g 8", &stored, detail), STATUS_UNAVAILABLE);
    assert_false(read_model_is_connected(model));
    assert_int_equal(kill(scene->pid, SIGCONT), 0);
    scene_do(scene, "PING");
    enum status status = STATUS_UNAVAILABLE;
    for (int64_t now_ms = 0; status && now_ms < 600000; now_ms += 10000) {
        status = read_model_connect(model, now_ms, detail);
        if (!status)
            status = try_apply(model, live, "g 5", "g 8", &stored, detail);
    }
    assert_int_equal(status, STATUS_OK);
    assert_string_equal(stored.text, "g 8");
    read_model_free(model);
}

static void a_draft_takes_the_place_of_the_hash_for_good(void **state)
{
    struct read_model *model = scene_model(*state, 0);
    expect_apply(model, live, "", "g 5", "g 5");
    scene_do(*state, "HSET " KEY " person:old/sales/commission/2026 x");
    expect_apply(model, draft, "", "h 3", "h 3");
    assert_true(scene_number(*state, "TTL " KEY ":draft:0000000000000009") > 0);
    scene_expect_header(model, "g 5");
    expect_replace(model, "g 5", "h 3", "h 3");
    scene_expect_header(model, "h 3");
    assert_int_equal(scene_number(*state, "TTL " KEY), -1);
    assert_int_equal(scene_number(*state, "HLEN " KEY), 2);
    assert_int_equal(scene_number(*state, "DBSIZE"), 1);
    expect_replace(model, "g 5", "h 3", "h 3"); /* the answer was lost: done */
    read_model_free(model);
}

static void a_draft_for_another_header_is_dropped(void **state)
{
    struct read_model *model = scene_model(*state, 0);
    expect_apply(model, live, "", "g 5", "g 5");
    expect_apply(model, draft, "", "g 3", "g 3");
    expect_replace(model, "", "g 3", "g 5");
    assert_int_equal(scene_number(*state, "DBSIZE"), 1);
    read_model_free(model);
}

static void a_draft_that_was_lost_replaces_nothing(void **state)
{
    struct read_model *model = scene_model(*state, 0);
    expect_apply(model, live, "", "g 5", "g 5");
    expect_replace(model, "g 5", "g 7", "g 5");
    expect_replace(model, "g 5", "", ""); /* but nothing may take its place on purpose */
    assert_int_equal(scene_number(*state, "DBSIZE"), 0);
    read_model_free(model);
}

static void another_kind_of_key_is_no_crash(void **state)
{
    char detail[DETAIL_BYTES] = "";
    struct read_model *model = scene_model(*state, 0);
    struct read_model_header header;
    scene_do(*state, "SET " KEY " text");
    assert_int_equal(read_model_header(model, 0, &header, detail), STATUS_UNAVAILABLE);
    assert_non_null(strstr(detail, "WRONGTYPE"));
    assert_int_equal(read_model_connect(model, 0, detail), STATUS_OK);
    assert_int_equal(try_apply(model, live, "", "g 1", &header, detail), STATUS_UNAVAILABLE);
    assert_false(read_model_is_connected(model));
    read_model_free(model);
}

static void attempts_to_connect_are_spaced(void **state)
{
    struct redis_scene *scene = *state;
    char detail[DETAIL_BYTES] = "";
    struct read_model *model = scene_model(scene, 0);
    scene_stop(scene);
    struct read_model_header header;
    assert_int_equal(read_model_header(model, 0, &header, detail), STATUS_UNAVAILABLE);
    assert_int_equal(read_model_connect(model, 1000, detail), STATUS_UNAVAILABLE);
    assert_int_equal(read_model_connect(model, 1100, detail), STATUS_UNAVAILABLE);
    scene_start(scene);
    assert_int_equal(read_model_connect(model, 1299, detail), STATUS_UNAVAILABLE);
    assert_int_equal(read_model_connect(model, 1300, detail), STATUS_OK);
    scene_expect_header(model, "");
    read_model_free(model);
}

static void what_is_missing_is_unknown(void **state)
{
    char detail[DETAIL_BYTES] = "";
    struct read_model *model = scene_model(*state, 0);
    expect_apply(model, live, "", "g 5", "g 5");
    struct arena arena;
    arena_init_growing(&arena, 1 << 20);
    struct attainment_key key = {SLICE("person:jo"), SLICE("sales"), SLICE("commission"),
                                 SLICE("2026")};
    struct attainment_entry entry;
    bool is_found = false;
    assert_int_equal(read_model_get(model, 0, &key, &arena, &is_found, &entry, detail), 0);
    assert_true(is_found);
    assert_true(slice_equal(entry.earned, SLICE("1")));
    key.window = SLICE("2027");
    assert_int_equal(read_model_get(model, 0, &key, &arena, &is_found, &entry, detail), 0);
    assert_false(is_found);
    arena_deinit(&arena);
    read_model_free(model);
}

static void count(void *self, const struct attainment_entry *entry)
{
    (void)entry;
    ++*(int *)self;
}

static int scanned(struct read_model *model, int32_t partition, struct slice participant)
{
    char detail[DETAIL_BYTES] = "";
    int found = 0;
    struct read_model_scan scan = {partition, participant, &found, count};
    if (read_model_scan(model, &scan, detail))
        fail_msg("%s", detail);
    return found;
}

static void a_scan_finds_participants_by_their_very_names(void **state)
{
    struct read_model *model = scene_model(*state, 0);
    scene_do(*state, "HSET " KEY " #header x person:a*/p/c/w " VALUE " person:ab/p/c/w " VALUE);
    scene_do(*state, "HSET t.milepost:{attainment:12} person:a%%2Fb/p/c/w " VALUE);
    scene_do(*state, "HSET t.milepost:{attainment:3}:draft:0000000000000009 a/p/c/w " VALUE);
    scene_do(*state, "HSET milepost:{attainment:4} a/p/c/w " VALUE);
    assert_int_equal(scanned(model, READ_MODEL_ALL, (struct slice){NULL, 0}), 3);
    assert_int_equal(scanned(model, 0, (struct slice){NULL, 0}), 2);
    assert_int_equal(scanned(model, 7, (struct slice){NULL, 0}), 0);
    assert_int_equal(scanned(model, READ_MODEL_ALL, SLICE("person:a*")), 1);
    assert_int_equal(scanned(model, READ_MODEL_ALL, SLICE("person:a/b")), 1);
    assert_int_equal(scanned(model, READ_MODEL_ALL, SLICE("person:a")), 0);
    read_model_free(model);
}

static void a_reader_needs_no_functions(void **state)
{
    struct redis_scene *scene = *state;
    char detail[DETAIL_BYTES] = "";
    scene_do(scene, "FUNCTION FLUSH");
    struct read_model_options options = {.url = scene->url, .prefix = "t."};
    struct read_model *model = NULL;
    assert_int_equal(read_model_open(&options, &model, detail), STATUS_OK);
    assert_int_equal(read_model_connect(model, 0, detail), STATUS_OK);
    scene_expect_header(model, "");
    redisReply *reply = scene_ask(scene, "FUNCTION LIST");
    assert_int_equal(reply->elements, 0);
    freeReplyObject(reply);
    read_model_free(model);
}

static void a_password_is_used_and_a_wrong_one_told(void **state)
{
    struct redis_scene *scene = *state;
    char detail[DETAIL_BYTES] = "";
    scene_do(scene, "CONFIG SET requirepass s3cret");
    struct read_model_options options = {.url = scene->url, .password = "s3cret", .writes = true};
    struct read_model *model = NULL;
    assert_int_equal(read_model_open(&options, &model, detail), STATUS_OK);
    assert_int_equal(read_model_connect(model, 0, detail), STATUS_OK);
    read_model_free(model);
    options.password = "other";
    assert_int_equal(read_model_open(&options, &model, detail), STATUS_OK);
    assert_int_equal(read_model_connect(model, 0, detail), STATUS_UNAVAILABLE);
    assert_non_null(strstr(detail, "WRONGPASS"));
    assert_null(strstr(detail, "other"));
    read_model_free(model);
    scene_do(scene, "CONFIG SET requirepass ''");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(writes_only_on_the_header_it_began_from, empty),
        cmocka_unit_test_setup(a_write_after_a_flush_is_refused, empty),
        cmocka_unit_test_setup(a_refused_write_changes_no_entry, empty),
        cmocka_unit_test_setup(every_write_is_measured_also_a_refused_one, empty),
        cmocka_unit_test_setup(functions_that_were_lost_are_loaded_again, empty),
        cmocka_unit_test_setup(a_lost_answer_is_asked_for_again_without_harm, empty),
        cmocka_unit_test_setup(a_draft_takes_the_place_of_the_hash_for_good, empty),
        cmocka_unit_test_setup(a_draft_for_another_header_is_dropped, empty),
        cmocka_unit_test_setup(a_draft_that_was_lost_replaces_nothing, empty),
        cmocka_unit_test_setup(another_kind_of_key_is_no_crash, empty),
        cmocka_unit_test_setup(attempts_to_connect_are_spaced, empty),
        cmocka_unit_test_setup(what_is_missing_is_unknown, empty),
        cmocka_unit_test_setup(a_scan_finds_participants_by_their_very_names, empty),
        cmocka_unit_test_setup(a_reader_needs_no_functions, empty),
        cmocka_unit_test_setup(a_password_is_used_and_a_wrong_one_told, empty),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
