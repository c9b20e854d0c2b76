/* support/log_contract.h: what poll(), assign(), readers and bounds() give. */
#include "support/log_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static void commit_one(struct member *member, int slot, int topic, const char *text)
{
    must_begin(member, slot);
    must_produce(member, slot, topic, 0, text);
    must_commit(member, slot);
}

static void abort_one(struct member *member, int topic, const char *text)
{
    int64_t end = must_end(member, topic, 0);
    must_begin(member, 0);
    must_produce(member, 0, topic, 0, text);
    must_reach(member, topic, 0, end + 1);
    must_abort(member, 0);
}

/* Leaves slot 0's transaction open with one record in partition 0. */
static void open_one(struct member *member, int topic, const char *text)
{
    int64_t end = must_end(member, topic, 0);
    must_begin(member, 0);
    must_produce(member, 0, topic, 0, text);
    must_reach(member, topic, 0, end + 1);
}

static void committed_in_order(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, 1);
    struct member *member = scene_join(&scene, "a", 1);
    must_append(&scene, FACTS, 0, "one");
    must_append(&scene, FACTS, 0, "two");
    must_begin(member, 0);
    must_produce(member, 0, FACTS, 0, "three");
    must_produce(member, 0, FACTS, 0, "four");
    must_commit(member, 0);
    must_append(&scene, FACTS, 0, "five");
    must_assign(member, FACTS, 0, 0);
    scene_await_seen(member, 5);
    expect_seen(member, "one two three four five");
}

static void aborted_never(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, 1);
    struct member *member = scene_join(&scene, "a", 1);
    abort_one(member, FACTS, "undone");
    commit_one(member, 0, FACTS, "done");
    abort_one(member, FACTS, "undone-too");
    must_append(&scene, FACTS, 0, "outside");
    must_assign(member, FACTS, 0, 0);
    scene_await_seen(member, 2);
    expect_seen(member, "done outside");
    expect_committed_records(&scene, FACTS, 0, "done outside");
}

static void open_hides(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, 1);
    struct member *member = scene_join(&scene, "a", 1);
    must_append(&scene, FACTS, 0, "before");
    must_assign(member, FACTS, 0, 0);
    open_one(member, FACTS, "within");
    must_append(&scene, FACTS, 0, "behind");
    scene_await_seen(member, 1);
    scene_linger(&scene, 300);
    expect_seen(member, "before");
    must_commit(member, 0);
    scene_await_seen(member, 3);
    expect_seen(member, "before within behind");
}

static void no_markers(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, 1);
    struct member *member = scene_join(&scene, "a", 1);
    commit_one(member, 0, FACTS, "one");
    abort_one(member, FACTS, "undone");
    commit_one(member, 1, FACTS, "two");
    must_assign(member, FACTS, 0, 0);
    scene_await_seen(member, 2);
    scene_linger(&scene, 300);
    expect_seen(member, "one two");
    assert_int_equal(member->seen[0].offset, 0);
    assert_int_equal(member->seen[1].offset, 4);
    must_reach(member, FACTS, 0, 6);
    assert_int_equal(must_end(member, FACTS, 0), 6);
}

static void from_given_places(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, 2);
    struct member *member = scene_join(&scene, "a", 2);
    must_append(&scene, FACTS, 1, "zero");
    must_append(&scene, FACTS, 1, "one");
    must_append(&scene, FACTS, 1, "two");
    must_append(&scene, FACTS, 0, "elsewhere");
    must_assign(member, FACTS, 1, 1);
    scene_await_seen(member, 2);
    scene_linger(&scene, 300);
    expect_seen(member, "one two");
    must_assign(member, FACTS, 1, 0);
    scene_await_seen(member, 5);
    expect_seen(member, "one two zero one two");
    assert_int_equal(member->seen[2].topic, FACTS);
    assert_int_equal(member->seen[2].partition, 1);
}

static void held_until_released(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, 1);
    struct member *member = scene_join(&scene, "a", 1);
    struct log *log = &member->log;
    member->is_silent = true; /* Its polls are made here. */
    must_assign(member, FACTS, 0, 0);
    const char *texts[] = {"one", "two", "three"};
    struct slice values[3];
    for (size_t i = 0; i < 3; i++) {
        must_append(&scene, FACTS, 0, texts[i]);
        const struct log_record *records;
        size_t count = 0;
        for (int tries = 0; count == 0 && tries < 1000; tries++) {
            enum status status = log->poll(log->self, 50, 1, &records, &count, scene.detail);
            assert_true(status == STATUS_OK || status == STATUS_UNAVAILABLE);
            scene.fixture->tick(scene.fixture->self, 50);
        }
        assert_int_equal(count, 1);
        values[i] = records[0].value;
    }
    must_assign_nothing(member);
    for (size_t i = 0; i < 3; i++) {
        assert_true(slice_equal(values[i], slice_of(texts[i])));
        log->release(log->self, 1);
    }
}

static void headers_and_nulls(struct log_fixture *fixture)
{
    static const struct log_header headers[] = {
        {{"ce_id", 5}, {"e-1", 3}}, {{"ce_type", 7}, {"", 0}}, {{"ce_id", 5}, {"again", 5}}};
    struct scene scene;
    scene_begin(&scene, fixture, 1);
    struct member *member = scene_join(&scene, "a", 1);
    struct log *log = &member->log;
    struct log_outgoing full = {.topic = JOURNAL,
                                .key = SLICE("key"),
                                .value = SLICE("a\0b"),
                                .headers = headers,
                                .header_count = 3,
                                .timestamp_ms = 1700000000123};
    struct log_outgoing tombstone = {.topic = JOURNAL, .key = SLICE("key")};
    struct log_outgoing empty = {.topic = JOURNAL, .value = SLICE("")};
    must_begin(member, 0);
    assert_int_equal(log->produce(log->self, 0, &full, scene.detail), STATUS_OK);
    assert_int_equal(log->produce(log->self, 0, &tombstone, scene.detail), STATUS_OK);
    assert_int_equal(log->produce(log->self, 0, &empty, scene.detail), STATUS_OK);
    must_commit(member, 0);

    struct log_reader *reader = must_read(member, JOURNAL, 0, 0);
    const struct log_record *record = reader_take(member, reader);
    assert_int_equal(record->topic, JOURNAL);
    assert_int_equal(record->partition, 0);
    assert_int_equal(record->offset, 0);
    assert_int_equal(record->timestamp_ms, 1700000000123);
    assert_true(slice_equal(record->key, SLICE("key")));
    assert_true(slice_equal(record->value, SLICE("a\0b")));
    assert_int_equal(record->header_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_true(slice_equal(record->headers[i].name, headers[i].name));
        assert_true(slice_equal(record->headers[i].value, headers[i].value));
    }
    record = reader_take(member, reader);
    assert_true(slice_equal(record->key, SLICE("key")));
    assert_null(record->value.bytes);
    assert_int_equal(record->header_count, 0);
    record = reader_take(member, reader);
    assert_null(record->key.bytes);
    assert_non_null(record->value.bytes);
    assert_int_equal(record->value.length, 0);
    log->reader_close(log->self, reader);
}

static void bounds_show_uncommitted(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, 1);
    struct member *member = scene_join(&scene, "a", 1);
    int64_t first = -1;
    int64_t end = -1;
    assert_int_equal(member->log.bounds(member->log.self, JOURNAL, 0, &first, &end, scene.detail),
                     STATUS_OK);
    assert_int_equal(first, 0);
    assert_int_equal(end, 0);
    open_one(member, JOURNAL, "open");
    assert_int_equal(must_end(member, JOURNAL, 0), 1);
    must_abort(member, 0);
    must_reach(member, JOURNAL, 0, 2);
    assert_int_equal(must_end(member, JOURNAL, 0), 2);
}

static void reader_ends(struct log_fixture *fixture)
{
    struct scene scene;
    int64_t end;
    scene_begin(&scene, fixture, 1);
    struct member *member = scene_join(&scene, "a", 1);
    struct log_reader *reader = must_read(member, JOURNAL, 0, 0);
    reader_expect(member, reader, "", &end);
    assert_int_equal(end, 0);
    commit_one(member, 0, JOURNAL, "one");
    commit_one(member, 1, JOURNAL, "two");
    reader_await(member, reader, "one");
    reader_await(member, reader, "two");
    reader_await_end(member, reader, 4);
    abort_one(member, JOURNAL, "undone");
    reader_await_end(member, reader, 6);
    commit_one(member, 1, JOURNAL, "three");
    reader_await(member, reader, "three");
    member->log.reader_close(member->log.self, reader);
}

static void reader_stops_at_stable(struct log_fixture *fixture)
{
    struct scene scene;
    int64_t end;
    scene_begin(&scene, fixture, 1);
    struct member *member = scene_join(&scene, "a", 1);
    must_append(&scene, JOURNAL, 0, "before");
    open_one(member, JOURNAL, "within");
    must_append(&scene, JOURNAL, 0, "behind");
    struct log_reader *reader = must_read(member, JOURNAL, 0, 0);
    reader_expect(member, reader, "before", NULL);
    reader_expect(member, reader, "", &end);
    assert_int_equal(end, 1);
    assert_int_equal(must_end(member, JOURNAL, 0), 3);
    must_commit(member, 0);
    reader_await(member, reader, "within");
    reader_await(member, reader, "behind");
    reader_await_end(member, reader, 4);
    member->log.reader_close(member->log.self, reader);
}

static void fill_and_truncate(struct member *member, int topic, int64_t before)
{
    must_append(member->scene, topic, 0, "zero");
    must_append(member->scene, topic, 0, "one");
    must_append(member->scene, topic, 0, "two");
    must_truncate(member, topic, 0, before);
}

static void truncate_moves_first(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, 1);
    struct member *member = scene_join(&scene, "a", 1);
    fill_and_truncate(member, JOURNAL, 2);
    assert_int_equal(must_end(member, JOURNAL, 0), 3);
    expect_committed_records(&scene, JOURNAL, 0, "two");
    struct log_reader *reader = must_read(member, JOURNAL, 0, 2);
    reader_expect(member, reader, "two", NULL);
    reader_await_end(member, reader, 3);
    member->log.reader_close(member->log.self, reader);
}

static void truncate_to_the_first_is_nothing(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, 1);
    struct member *member = scene_join(&scene, "a", 1);
    fill_and_truncate(member, JOURNAL, 1);
    assert_int_equal(member->log.truncate(member->log.self, JOURNAL, 0, 1, scene.detail),
                     STATUS_OK);
    expect_committed_records(&scene, JOURNAL, 0, "one two");
}

static void reader_below_the_start(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, 1);
    struct member *member = scene_join(&scene, "a", 1);
    fill_and_truncate(member, JOURNAL, 2);
    struct log_reader *reader = must_read(member, JOURNAL, 0, 1);
    const struct log_record *record;
    int64_t end;
    assert_int_equal(reader_answer(member, reader, &record, &end), STATUS_OUT_OF_RANGE);
    member->log.reader_close(member->log.self, reader);
}

static void poll_below_the_start(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, 1);
    struct member *member = scene_join(&scene, "a", 1);
    member->is_silent = true; /* Its polls are made here. */
    fill_and_truncate(member, FACTS, 2);
    must_assign(member, FACTS, 0, 1);
    assert_int_equal(poll_until_refused(member), STATUS_OUT_OF_RANGE);
    must_assign(member, FACTS, 0, 2);
    member->is_silent = false;
    scene_await_seen(member, 1);
    expect_seen(member, "two");
}

static const struct log_scenario rows[] = {
    {"gives committed records of every writer in their order", committed_in_order},
    {"never gives what was aborted", aborted_never},
    {"hides what lies behind an open transaction until it ends", open_hides},
    {"gives no control records, which take offsets", no_markers},
    {"reads from the places given and nothing older", from_given_places},
    {"keeps polled records valid until they are released", held_until_released},
    {"carries headers, null keys, null and empty values and timestamps", headers_and_nulls},
    {"shows the end of all records, committed or not", bounds_show_uncommitted},
    {"tells a reader the end once all before it was read, markers included", reader_ends},
    {"ends a reader at the last stable offset while a transaction is open", reader_stops_at_stable},
    {"moves the first offset when a log is truncated", truncate_moves_first},
    {"truncates nothing when the log begins there already", truncate_to_the_first_is_nothing},
    {"answers out-of-range to a reader below the log's start", reader_below_the_start},
    {"answers out-of-range to a poll below the log's start", poll_below_the_start},
};

const struct log_scenarios log_contract_reading = {rows, sizeof rows / sizeof *rows};
