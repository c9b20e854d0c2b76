/* What only the broker in memory can show: faults, its clock, and what its hazards break. */
#include "support/log_scene.h"
#include "support/memory_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

/* A member "a" alone on one partition. */
struct stage {
    struct memory_fixture memory;
    struct log_fixture fixture;
    struct scene scene;
    struct member *member;
};

static struct memory_broker *broker_of(struct stage *stage)
{
    return stage->memory.broker;
}

static void set_countdown(struct stage *stage, enum memory_fault fault, int64_t countdown)
{
    memory_broker_faults(broker_of(stage))->rules[fault].countdown = countdown;
}

static int set_stage(void **state)
{
    static struct stage stage;
    stage = (struct stage){0};
    stage.fixture = memory_fixture_init(&stage.memory);
    scene_begin(&stage.scene, &stage.fixture, 1);
    stage.member = scene_join(&stage.scene, "a", 1);
    *state = &stage;
    return 0;
}

static int clear_stage(void **state)
{
    struct stage *stage = *state;
    stage->fixture.end(stage->fixture.self);
    return 0;
}

static void open_turn(struct member *member, int slot, int64_t offset, const char *text)
{
    must_begin(member, slot);
    must_produce(member, slot, PAYOUTS, 0, text);
    must_send(member, slot, FACTS, offset, text);
}

static void commit_turn(struct member *member, int slot, int64_t offset, const char *text)
{
    open_turn(member, slot, offset, text);
    must_commit(member, slot);
}

static enum status ask_committed(struct member *member, int64_t *out)
{
    struct log_position position = {.topic = FACTS};
    enum status status =
        member->log.committed(member->log.self, &position, 1, member->scene->detail);
    *out = position.offset;
    return status;
}

static void commit_lost_applied(void **state)
{
    struct stage *stage = *state;
    struct member *member = stage->member;
    open_turn(member, 0, 5, "stands");
    set_countdown(stage, MEMORY_COMMIT_LOST_APPLIED, 1);
    assert_int_equal(try_commit(member, 0), STATUS_FENCED);
    assert_int_equal(member->log.begin(member->log.self, 0, stage->scene.detail), STATUS_FENCED);
    must_reopen(member);
    assert_int_equal(must_committed(member, FACTS, 0).offset, 5);
    expect_committed_records(&stage->scene, PAYOUTS, 0, "stands");
}

static void commit_lost_dropped(void **state)
{
    struct stage *stage = *state;
    struct member *member = stage->member;
    int64_t offset;
    open_turn(member, 0, 5, "lost");
    set_countdown(stage, MEMORY_COMMIT_LOST_DROPPED, 1);
    assert_int_equal(try_commit(member, 0), STATUS_FENCED);
    assert_int_equal(ask_committed(member, &offset), STATUS_UNAVAILABLE);
    must_reopen(member);
    assert_int_equal(must_committed(member, FACTS, 0).offset, -1);
    expect_committed_records(&stage->scene, PAYOUTS, 0, "");
}

static void failures_must_be_aborted(void **state)
{
    struct stage *stage = *state;
    struct member *member = stage->member;
    must_begin(member, 0);
    set_countdown(stage, MEMORY_PRODUCE_ABORTED, 1);
    assert_int_equal(try_produce(member, 0, PAYOUTS, 0, SLICE("x")), STATUS_ABORTED);
    assert_int_equal(try_produce(member, 0, PAYOUTS, 0, SLICE("x")), STATUS_ABORTED);
    assert_int_equal(try_commit(member, 0), STATUS_ABORTED);
    must_abort(member, 0);

    must_begin(member, 0);
    must_produce(member, 0, PAYOUTS, 0, "undone");
    set_countdown(stage, MEMORY_OFFSETS_ABORTED, 1);
    assert_int_equal(try_send(member, 0, FACTS, 1), STATUS_ABORTED);
    must_abort(member, 0);

    open_turn(member, 0, 1, "undone");
    set_countdown(stage, MEMORY_COMMIT_ABORTED, 1);
    assert_int_equal(try_commit(member, 0), STATUS_ABORTED);
    must_abort(member, 0);
    commit_turn(member, 0, 2, "done");
    expect_committed_records(&stage->scene, PAYOUTS, 0, "done");
}

static void abort_can_be_fatal(void **state)
{
    struct stage *stage = *state;
    struct log *log = &stage->member->log;
    open_turn(stage->member, 0, 1, "undone");
    set_countdown(stage, MEMORY_ABORT_FENCED, 1);
    assert_int_equal(log->abort(log->self, 0, stage->scene.detail), STATUS_FENCED);
    must_reopen(stage->member);
    expect_committed_records(&stage->scene, PAYOUTS, 0, "");
    assert_int_equal(must_committed(stage->member, FACTS, 0).offset, -1);
}

static void unavailable_has_no_effect(void **state)
{
    struct stage *stage = *state;
    struct log *log = &stage->member->log;
    open_turn(stage->member, 0, 1, "once");
    set_countdown(stage, MEMORY_UNAVAILABLE, 1);
    assert_int_equal(log->commit(log->self, 0, stage->scene.detail), STATUS_UNAVAILABLE);
    expect_committed_records(&stage->scene, PAYOUTS, 0, "");
    assert_int_equal(log->commit(log->self, 0, stage->scene.detail), STATUS_OK);
    expect_committed_records(&stage->scene, PAYOUTS, 0, "once");
}

static void offsets_before_data(void **state)
{
    struct stage *stage = *state;
    struct member *member = stage->member;
    int64_t end;
    open_turn(member, 0, 5, "late");
    set_countdown(stage, MEMORY_MARKER_DELAY, 1); /* the record's partition */
    must_commit(member, 0);
    assert_int_equal(must_committed(member, FACTS, 0).offset, 5);
    struct log_reader *reader = must_read(member, PAYOUTS, 0, 0);
    reader_expect(member, reader, "", &end);
    assert_int_equal(end, 0);
    assert_int_equal(must_end(member, PAYOUTS, 0), 1);
    memory_broker_advance(broker_of(stage), 1000);
    reader_expect(member, reader, "late", NULL);
    reader_await_end(member, reader, 2);
    member->log.reader_close(member->log.self, reader);
}

static void data_before_offsets(void **state)
{
    struct stage *stage = *state;
    struct member *member = stage->member;
    int64_t offset;
    open_turn(member, 0, 5, "early");
    set_countdown(stage, MEMORY_MARKER_DELAY, 2); /* after the record's partition, the offsets */
    must_commit(member, 0);
    expect_committed_records(&stage->scene, PAYOUTS, 0, "early");
    assert_int_equal(ask_committed(member, &offset), STATUS_UNAVAILABLE);
    memory_broker_faults(broker_of(stage))->shows_pending_offsets = true;
    assert_int_equal(ask_committed(member, &offset), STATUS_OK);
    assert_int_equal(offset, -1);
    memory_broker_faults(broker_of(stage))->shows_pending_offsets = false;
    memory_broker_advance(broker_of(stage), 1000);
    assert_int_equal(must_committed(member, FACTS, 0).offset, 5);
}

static void later_offset_stands(void **state)
{
    struct stage *stage = *state;
    struct member *member = stage->member;
    open_turn(member, 0, 5, "first");
    set_countdown(stage, MEMORY_MARKER_DELAY, 2);
    must_commit(member, 0);
    commit_turn(member, 1, 6, "second"); /* its marker overtakes the first one's */
    memory_broker_advance(broker_of(stage), 1000);
    struct log_position position = must_committed(member, FACTS, 0);
    assert_int_equal(position.offset, 6);
    assert_string_equal(position.metadata, "second");
}

static void same_producer_waits(void **state)
{
    struct stage *stage = *state;
    struct member *member = stage->member;
    open_turn(member, 0, 5, "first");
    set_countdown(stage, MEMORY_MARKER_DELAY, 1);
    must_commit(member, 0);
    expect_committed_records(&stage->scene, PAYOUTS, 0, "");
    open_turn(member, 0, 6, "second");
    expect_committed_records(&stage->scene, PAYOUTS, 0, "first");
    must_commit(member, 0);
    expect_committed_records(&stage->scene, PAYOUTS, 0, "first second");
}

static void transaction_times_out(void **state)
{
    struct stage *stage = *state;
    struct member *member = stage->member;
    open_turn(member, 0, 1, "in-time");
    memory_broker_advance(broker_of(stage), 15000);
    must_commit(member, 0);
    open_turn(member, 0, 2, "too-late");
    memory_broker_advance(broker_of(stage), 15001);
    assert_int_equal(try_commit(member, 0), STATUS_FENCED);
    assert_int_equal(memory_broker_counters(broker_of(stage)).transactions_expired, 1);
    must_reopen(member);
    commit_turn(member, 1, 3, "again");
    expect_committed_records(&stage->scene, PAYOUTS, 0, "in-time again");
}

static void abort_open(struct member *member)
{
    char detail[DETAIL_BYTES];
    enum status status = member->log.abort(member->log.self, 0, detail);
    assert_int_equal(status, STATUS_FENCED);
}

static void paused_client_comes_back(void **state)
{
    struct stage *stage = *state;
    struct member *member = stage->member;
    open_turn(member, 0, 5, "zombie");
    member->on_revoked = abort_open;
    memory_broker_advance(broker_of(stage), 60000);
    member->is_silent = true;
    struct member *other = scene_join(&stage->scene, "b", 1);
    assert_int_equal(must_committed(other, FACTS, 0).offset, -1);
    commit_turn(other, 0, 6, "other");
    member->is_silent = false;
    scene_await_tasks(other, 0);
    scene_await_tasks(member, 1);
    assert_int_equal(member->revoked, 1);
    must_reopen(member);
    commit_turn(member, 1, 7, "back");
    expect_committed_records(&stage->scene, PAYOUTS, 0, "other back");
}

static void session_ends(void **state)
{
    struct stage *stage = *state;
    assert_int_equal(member_poll(stage->member), STATUS_OK);
    memory_broker_advance(broker_of(stage), 30000);
    assert_int_equal(memory_broker_counters(broker_of(stage)).sessions_expired, 0);
    assert_int_equal(member_poll(stage->member), STATUS_OK);
    memory_broker_advance(broker_of(stage), 30001);
    assert_int_equal(memory_broker_counters(broker_of(stage)).sessions_expired, 1);
    must_begin(stage->member, 0);
    assert_int_equal(try_send(stage->member, 0, FACTS, 1), STATUS_ABORTED);
    must_abort(stage->member, 0);
    assert_int_equal(member_poll(stage->member), STATUS_OK);
    assert_int_equal(stage->member->revoked, 1);
    assert_int_equal(stage->member->assigned, 2);
    commit_turn(stage->member, 0, 2, "again");
}

static void hazard_stale_offsets(void **state)
{
    struct stage *stage = *state;
    memory_broker_advance(broker_of(stage), 30001);
    memory_broker_faults(broker_of(stage))->accepts_stale_offsets = true;
    commit_turn(stage->member, 0, 9, "stale");
    assert_int_equal(must_committed(stage->member, FACTS, 0).offset, 9);
}

static void stop_keeps_sessions(void **state)
{
    struct stage *stage = *state;
    struct member *member = stage->member;
    open_turn(member, 0, 1, "kept");
    memory_broker_stop(broker_of(stage), 100000);
    memory_broker_advance(broker_of(stage), 99999);
    assert_int_equal(member_poll(member), STATUS_UNAVAILABLE);
    memory_broker_advance(broker_of(stage), 1);
    must_commit(member, 0);
    assert_int_equal(member_poll(member), STATUS_OK);
    assert_int_equal(member->revoked, 0);
    expect_committed_records(&stage->scene, PAYOUTS, 0, "kept");
}

static void recycles_after_two_ends(void **state)
{
    struct stage *stage = *state;
    struct member *member = stage->member;
    memory_broker_faults(broker_of(stage))->rules[MEMORY_END_TWICE].per_million = 1000000;
    for (int turn = 0; turn < 20; turn++)
        commit_turn(member, turn % 2, turn, "t");
    assert_int_equal(member->log.counters(member->log.self).recycles, 20);
    assert_int_equal(memory_broker_counters(broker_of(stage)).ends_misapplied, 0);
}

/* KAFKA-17754: without recycling, the first half of an aborted transaction stands. */
static void hazard_torn(void **state)
{
    struct stage *stage = *state;
    struct member *member = stage->member;
    memory_broker_faults(broker_of(stage))->keeps_producer = true;
    set_countdown(stage, MEMORY_END_TWICE, 1);
    commit_turn(member, 0, 0, "whole");
    must_begin(member, 0);
    for (int i = 0; i < 10; i++)
        must_produce(member, 0, PAYOUTS, 0, "half");
    must_abort(member, 0);
    assert_int_equal(memory_broker_counters(broker_of(stage)).ends_misapplied, 1);
    int64_t offset = 1;
    struct log_record record;
    assert_true(memory_broker_next(broker_of(stage), "payouts", 0, true, &offset, &record));
    assert_true(slice_equal(record.value, SLICE("half")));
}

static void owner_truncates(void **state)
{
    struct stage *stage = *state;
    for (int i = 0; i < 300; i++)
        must_append(&stage->scene, FACTS, 0, i == 200 ? "kept" : "gone");
    static const struct {
        int64_t before;
        int64_t first;
    } rows[] = {{200, 200}, {199, 200}, {-1, 200}, {301, 200}, {300, 300}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t first;
        int64_t offset = 0;
        struct log_record record;
        memory_broker_truncate(broker_of(stage), "facts", 0, rows[i].before);
        memory_broker_bounds(broker_of(stage), "facts", 0, &first, NULL, NULL);
        assert_int_equal(first, rows[i].first);
        bool is_there = memory_broker_next(broker_of(stage), "facts", 0, true, &offset, &record);
        assert_int_equal(is_there, first < 300);
        assert_true(!is_there || slice_equal(record.value, SLICE("kept")));
    }
}

static void truncation_frees_what_nobody_holds(void **state)
{
    struct stage *stage = *state;
    struct log *log = &stage->member->log;
    char text[SCENE_TEXT];
    for (int i = 0; i < 1000; i++) {
        (void)snprintf(text, sizeof text, "record-%d", i);
        must_append(&stage->scene, FACTS, 0, text);
    }
    must_assign(stage->member, FACTS, 0, 500);
    const struct log_record *records;
    size_t count;
    assert_int_equal(log->poll(log->self, 0, 1, &records, &count, stage->scene.detail), 0);
    struct slice held = records[0].value;
    struct log_reader *reader = must_read(stage->member, FACTS, 0, 600);
    const struct log_record *read = reader_take(stage->member, reader);
    must_truncate(stage->member, FACTS, 0, 1000);
    assert_true(slice_equal(held, SLICE("record-500")));
    assert_true(slice_equal(read->value, SLICE("record-600")));
    log->release(log->self, SIZE_MAX);
    log->reader_close(log->self, reader);
    must_append(&stage->scene, FACTS, 0, "next");
    must_truncate(stage->member, FACTS, 0, 1001);
    must_append(&stage->scene, FACTS, 0, "last");
    must_assign(stage->member, FACTS, 0, 1001);
    scene_await_seen(stage->member, 1);
    expect_seen(stage->member, "last");
    int64_t stable;
    memory_broker_bounds(broker_of(stage), "facts", 0, NULL, &stable, NULL);
    assert_int_equal(stable, 1002);
}

static void a_forgotten_topic_gives_offsets_and_keeps_no_bytes(void **state)
{
    struct stage *stage = *state;
    memory_broker_forget(broker_of(stage), "payouts");
    for (int i = 0; i < 300; i++)
        commit_turn(stage->member, i % 2, i + 1, "a long text that nobody will read again");
    int64_t first;
    int64_t end;
    memory_broker_bounds(broker_of(stage), "payouts", 0, &first, NULL, &end);
    assert_int_equal(first, 0);
    assert_int_equal(end, 600); /* a record and a marker each */
    struct log_record record;
    int64_t offset = 512; /* of the records kept last */
    assert_true(memory_broker_next(broker_of(stage), "payouts", 0, true, &offset, &record));
    assert_int_equal(record.value.length, 0);
    assert_int_equal(memory_broker_committed(broker_of(stage), "group", "facts", 0).offset, 300);
}

static void refuses_what_cannot_work(void **state)
{
    struct stage *stage = *state;
    memory_broker_topic(broker_of(stage), "wide", 2);
    static const struct {
        struct memory_log_topic topics[2];
        const char *word;
    } rows[] = {
        {{{"facts", true}, {"missing", false}}, "missing"},
        {{{"facts", true}, {"wide", true}}, "wide"},
        {{{"facts", false}, {"wide", false}}, "input"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct memory_log_config config = {rows[i].topics, 2, "g", "i", "p"};
        struct log log;
        char detail[DETAIL_BYTES] = "";
        enum status status =
            memory_log_open(broker_of(stage), &config, (struct log_listener){0}, &log, detail);
        assert_int_equal(status, STATUS_REFUSED);
        assert_non_null(strstr(detail, rows[i].word));
    }
}

/* How many records of payouts lie at or beyond the last stable offset. */
static void expect_open(struct stage *stage, int64_t count)
{
    int64_t stable;
    int64_t end;
    memory_broker_bounds(broker_of(stage), "payouts", 0, NULL, &stable, &end);
    assert_int_equal(end - stable, count);
}

static void crash_is_silent(void **state)
{
    struct stage *stage = *state;
    struct member *member = stage->member;
    struct log *log = &member->log;
    open_turn(member, 0, 5, "crashed");
    set_countdown(stage, MEMORY_CRASH, 1);
    assert_false(memory_log_is_dead(log));
    assert_int_equal(try_commit(member, 0), STATUS_FENCED);
    assert_true(memory_log_is_dead(log));
    assert_int_equal(log->reopen(log->self, stage->scene.detail), STATUS_UNAVAILABLE);
    assert_int_equal(member_poll(member), STATUS_UNAVAILABLE);
    expect_open(stage, 1);
    scene_kill(member);
    expect_open(stage, 1);
    must_reopen(scene_open(&stage->scene, "a"));
    expect_open(stage, 0);
    expect_committed_records(&stage->scene, PAYOUTS, 0, "");
}

/* While "a" is about to commit it stands still for a minute and "b" goes on. */
static void let_other_work(void *self)
{
    struct stage *stage = self;
    memory_broker_faults(broker_of(stage))->interrupt = NULL;
    memory_broker_advance(broker_of(stage), 60000);
    stage->member->is_silent = true;
    struct member *other = scene_join(&stage->scene, "b", 1);
    commit_turn(other, 0, 7, "other");
}

static void interrupt_within_a_turn(void **state)
{
    struct stage *stage = *state;
    struct memory_faults *faults = memory_broker_faults(broker_of(stage));
    open_turn(stage->member, 0, 5, "slow");
    faults->interrupt = let_other_work;
    faults->interrupt_self = stage;
    set_countdown(stage, MEMORY_INTERRUPT, 1);
    assert_int_equal(try_commit(stage->member, 0), STATUS_FENCED);
    expect_committed_records(&stage->scene, PAYOUTS, 0, "other");
}

static void resolves_at_once(void **state)
{
    struct stage *stage = *state;
    open_turn(stage->member, 0, 5, "closed");
    must_close(stage->member);
    expect_open(stage, 0);
    struct member *second = scene_join(&stage->scene, "a", 1);
    open_turn(second, 0, 5, "killed");
    scene_kill(second);
    expect_open(stage, 1);
    must_reopen(scene_open(&stage->scene, "a"));
    expect_open(stage, 0);
    assert_int_equal(memory_broker_counters(broker_of(stage)).transactions_expired, 0);
}

static void groups_are_apart(void **state)
{
    struct stage *stage = *state;
    commit_turn(stage->member, 0, 5, "x");
    assert_int_equal(memory_broker_committed(broker_of(stage), "group", "facts", 0).offset, 5);
    assert_int_equal(memory_broker_committed(broker_of(stage), "other", "facts", 0).offset, -1);
}

#define NAMED(rule, function)                                                                      \
    {                                                                                              \
        rule, function, set_stage, clear_stage, NULL                                               \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        NAMED("a lost reply to an applied commit is fenced and stands", commit_lost_applied),
        NAMED("a lost commit is fenced and undone by reopen", commit_lost_dropped),
        NAMED("a failure of produce, offsets or commit must be aborted", failures_must_be_aborted),
        NAMED("an abort can be fatal and reopen resolves it", abort_can_be_fatal),
        NAMED("an unavailable broker has done nothing", unavailable_has_no_effect),
        NAMED("offsets can be seen before the records they were committed with",
              offsets_before_data),
        NAMED("records can be seen before the offsets they were committed with",
              data_before_offsets),
        NAMED("of two producers' offsets the later sent stands, whatever their markers' order",
              later_offset_stands),
        NAMED("a producer's next transaction waits for its markers", same_producer_waits),
        NAMED("a transaction times out after its timeout and not before", transaction_times_out),
        NAMED("a paused client is fenced, loses its tasks and joins again",
              paused_client_comes_back),
        NAMED("a session ends after its timeout and not before", session_ends),
        NAMED("hazard: a removed member's offsets are accepted", hazard_stale_offsets),
        NAMED("a stopped broker ends neither sessions nor transactions", stop_keeps_sessions),
        NAMED("a commit of two requests recycles the producer", recycles_after_two_ends),
        NAMED("hazard: a producer that is kept tears a later transaction", hazard_torn),
        NAMED("truncation keeps what is held and frees the rest",
              truncation_frees_what_nobody_holds),
        NAMED("the broker's owner deletes records too, and never beyond the log", owner_truncates),
        NAMED("a forgotten topic gives offsets and keeps no bytes",
              a_forgotten_topic_gives_offsets_and_keeps_no_bytes),
        NAMED("refuses missing topics, unequal inputs and none", refuses_what_cannot_work),
        NAMED("close and reopen resolve what is open at once, kill does not", resolves_at_once),
        NAMED("a crashed process does nothing more and leaves its transaction open",
              crash_is_silent),
        NAMED("others can work while one stands still within a turn", interrupt_within_a_turn),
        NAMED("groups know nothing of each other", groups_are_apart),
    };
    return cmocka_run_group_tests_name("memory broker", tests, NULL, NULL);
}
