/* support/log_contract.h: transactions, offsets within them, and fencing by name. */
#include "support/log_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static struct member *begin_alone(struct scene *scene, struct log_fixture *fixture)
{
    scene_begin(scene, fixture, 1);
    return scene_join(scene, "a", 1);
}

static void expect_position(struct member *member, int64_t offset, const char *metadata)
{
    struct log_position position = must_committed(member, FACTS, 0);
    assert_int_equal(position.offset, offset);
    assert_string_equal(position.metadata, metadata);
}

static void commit_turn(struct member *member, int slot, int64_t offset, const char *text)
{
    must_begin(member, slot);
    must_produce(member, slot, PAYOUTS, 0, text);
    must_send(member, slot, FACTS, offset, text);
    must_commit(member, slot);
}

/* Slot's transaction is open, its record in the log, its offsets sent. */
static void open_turn(struct member *member, int slot, int64_t offset, const char *text)
{
    int64_t end = must_end(member, PAYOUTS, 0);
    must_begin(member, slot);
    must_produce(member, slot, PAYOUTS, 0, text);
    must_send(member, slot, FACTS, offset, text);
    must_reach(member, PAYOUTS, 0, end + 1);
}

static void none_committed(struct log_fixture *fixture)
{
    struct scene scene;
    struct member *member = begin_alone(&scene, fixture);
    expect_position(member, -1, "");
}

static void offsets_with_commit(struct log_fixture *fixture)
{
    struct scene scene;
    struct member *member = begin_alone(&scene, fixture);
    commit_turn(member, 0, 0, "turn-1");
    expect_position(member, 0, "turn-1");
    commit_turn(member, 1, 7, "turn-2");
    expect_position(member, 7, "turn-2");
    commit_turn(member, 0, 7, "turn-3");
    expect_position(member, 7, "turn-3");
    expect_committed_records(&scene, PAYOUTS, 0, "turn-1 turn-2 turn-3");
}

static void offsets_not_with_abort(struct log_fixture *fixture)
{
    struct scene scene;
    struct member *member = begin_alone(&scene, fixture);
    open_turn(member, 0, 4, "undone");
    must_abort(member, 0);
    expect_position(member, -1, "");
    commit_turn(member, 1, 3, "done");
    open_turn(member, 0, 5, "undone");
    must_abort(member, 0);
    expect_position(member, 3, "done");
    expect_committed_records(&scene, PAYOUTS, 0, "done");
}

static void pending_is_waited_for(struct log_fixture *fixture)
{
    struct scene scene;
    struct member *member = begin_alone(&scene, fixture);
    commit_turn(member, 1, 1, "before");
    open_turn(member, 0, 2, "pending");
    struct log_position position = {.topic = FACTS, .offset = -7};
    assert_int_equal(member->log.committed(member->log.self, &position, 1, scene.detail),
                     STATUS_UNAVAILABLE);
    assert_int_equal(position.offset, -7);
    must_commit(member, 0);
    expect_position(member, 2, "pending");
}

static void several_positions(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, 2);
    struct member *member = scene_join(&scene, "a", 2);
    struct log_position sent[3] = {{.topic = FACTS, .partition = 0, .offset = 5},
                                   {.topic = FACTS, .partition = 1, .offset = 6},
                                   {.topic = CREDITS, .partition = 1, .offset = 7}};
    memset(sent[2].metadata, 'm', LOG_METADATA_BYTES - 1);
    must_begin(member, 0);
    assert_int_equal(member->log.send_offsets(member->log.self, 0, sent, 3, scene.detail),
                     STATUS_OK);
    must_commit(member, 0);
    assert_int_equal(must_committed(member, FACTS, 0).offset, 5);
    assert_int_equal(must_committed(member, FACTS, 1).offset, 6);
    assert_int_equal(must_committed(member, CREDITS, 0).offset, -1);
    struct log_position last = must_committed(member, CREDITS, 1);
    assert_int_equal(last.offset, 7);
    assert_string_equal(last.metadata, sent[2].metadata);
}

static void slots_take_turns(struct log_fixture *fixture)
{
    static const char *const texts[] = {"t0", "t1", "t2", "t3", "t4", "t5"};
    struct scene scene;
    struct member *member = begin_alone(&scene, fixture);
    for (int turn = 0; turn < 6; turn++)
        commit_turn(member, turn % LOG_SLOTS, turn, texts[turn]);
    expect_position(member, 5, "t5");
    expect_committed_records(&scene, PAYOUTS, 0, "t0 t1 t2 t3 t4 t5");
    assert_int_equal(member->log.counters(member->log.self).commits, 6);
}

static void empty_transaction(struct log_fixture *fixture)
{
    struct scene scene;
    struct member *member = begin_alone(&scene, fixture);
    must_begin(member, 0);
    must_commit(member, 0);
    must_begin(member, 1);
    must_abort(member, 1);
    commit_turn(member, 0, 1, "then");
    expect_committed_records(&scene, PAYOUTS, 0, "then");
}

static void offsets_of_records(struct log_fixture *fixture)
{
    struct scene scene;
    struct member *member = begin_alone(&scene, fixture);
    commit_turn(member, 1, 1, "earlier"); /* offset 0 and its marker 1 */
    int64_t offsets[2] = {-1, -1};
    must_begin(member, 0);
    for (int i = 0; i < 2; i++) {
        struct log_outgoing record = {
            .topic = PAYOUTS, .value = SLICE("x"), .out_offset = &offsets[i]};
        assert_int_equal(member->log.produce(member->log.self, 0, &record, scene.detail),
                         STATUS_OK);
    }
    must_commit(member, 0);
    assert_int_equal(offsets[0], 2);
    assert_int_equal(offsets[1], 3);
}

/* A transaction that lost a record must not be committed without it. */
static void expect_spoilt(struct member *member, const char *kept)
{
    assert_int_equal(try_commit(member, 0), STATUS_ABORTED);
    must_abort(member, 0);
    commit_turn(member, 0, 1, kept);
    expect_committed_records(member->scene, PAYOUTS, 0, kept);
}

static void too_large(struct log_fixture *fixture)
{
    struct scene scene;
    struct member *member = begin_alone(&scene, fixture);
    char *bytes = calloc(1, fixture->too_large_bytes);
    assert_non_null(bytes);
    must_begin(member, 0);
    must_produce(member, 0, PAYOUTS, 0, "small");
    enum status status =
        try_produce(member, 0, PAYOUTS, 0, (struct slice){bytes, fixture->too_large_bytes});
    free(bytes);
    assert_int_equal(status, STATUS_EXHAUSTED);
    expect_spoilt(member, "halved");
}

static void no_such_partition(struct log_fixture *fixture)
{
    struct scene scene;
    struct member *member = begin_alone(&scene, fixture);
    must_begin(member, 0);
    must_produce(member, 0, PAYOUTS, 0, "small");
    assert_int_equal(try_produce(member, 0, PAYOUTS, 1, SLICE("lost")), STATUS_EXHAUSTED);
    expect_spoilt(member, "elsewhere");
}

static void reopen_fences(struct log_fixture *fixture)
{
    struct scene scene;
    struct member *old = begin_alone(&scene, fixture);
    commit_turn(old, 1, 1, "before");
    open_turn(old, 0, 2, "zombie");
    old->is_silent = true;
    struct member *successor = scene_join(&scene, "a", 1);
    expect_position(successor, 1, "before");
    commit_turn(successor, 0, 3, "after");
    assert_int_equal(try_commit(old, 0), STATUS_FENCED);
    commit_turn(successor, 1, 4, "later");
    expect_position(successor, 4, "later");
    expect_committed_records(&scene, PAYOUTS, 0, "before after later");
}

static void reopen_fences_the_idle_slot(struct log_fixture *fixture)
{
    struct scene scene;
    struct member *old = begin_alone(&scene, fixture);
    commit_turn(old, 0, 1, "before");
    old->is_silent = true;
    struct member *successor = scene_open(&scene, "a");
    must_reopen(successor);
    enum status status = old->log.begin(old->log.self, 1, scene.detail);
    if (!status)
        status = try_produce(old, 1, PAYOUTS, 0, SLICE("zombie"));
    if (!status)
        status = try_commit(old, 1);
    assert_int_equal(status, STATUS_FENCED);
    expect_committed_records(&scene, PAYOUTS, 0, "before");
}

static void own_reopen(struct log_fixture *fixture)
{
    struct scene scene;
    struct member *member = begin_alone(&scene, fixture);
    commit_turn(member, 1, 1, "before");
    open_turn(member, 0, 2, "dropped");
    must_reopen(member);
    expect_position(member, 1, "before");
    commit_turn(member, 0, 2, "again");
    commit_turn(member, 1, 3, "on");
    expect_position(member, 3, "on");
    expect_committed_records(&scene, PAYOUTS, 0, "before again on");
}

static void reopen_resolves(struct log_fixture *fixture)
{
    struct scene scene;
    struct member *dead = begin_alone(&scene, fixture);
    open_turn(dead, 0, 2, "left-open");
    scene_kill(dead);
    struct member *successor = scene_open(&scene, "a");
    successor->is_silent = true;
    must_reopen(successor);
    expect_position(successor, -1, "");
    struct log_reader *reader = must_read(successor, PAYOUTS, 0, 0);
    reader_await_end(successor, reader, 2);
    successor->log.reader_close(successor->log.self, reader);
}

static void timeout_resolves(struct log_fixture *fixture)
{
    struct scene scene;
    struct member *dead = begin_alone(&scene, fixture);
    open_turn(dead, 0, 2, "left-open");
    must_append(&scene, PAYOUTS, 0, "behind");
    scene_kill(dead);
    struct member *other = scene_join(&scene, "b", 1);
    struct log_reader *reader = must_read(other, PAYOUTS, 0, 0);
    reader_await(other, reader, "behind");
    expect_position(other, -1, "");
    other->log.reader_close(other->log.self, reader);
}

static void close_aborts(struct log_fixture *fixture)
{
    struct scene scene;
    struct member *member = begin_alone(&scene, fixture);
    open_turn(member, 0, 2, "open");
    member->is_silent = true;
    struct member *other = scene_open(&scene, "b");
    other->is_silent = true;
    must_close(member);
    expect_position(other, -1, "");
    struct log_reader *reader = must_read(other, PAYOUTS, 0, 0);
    reader_await_end(other, reader, 2);
    other->log.reader_close(other->log.self, reader);
}

static const struct log_scenario rows[] = {
    {"gives -1 where no offset was ever committed", none_committed},
    {"commits offsets and metadata with the transaction, unchanged offsets too",
     offsets_with_commit},
    {"leaves no trace of offsets whose transaction is aborted", offsets_not_with_abort},
    {"gives no committed offset while a transaction that touches it is open",
     pending_is_waited_for},
    {"commits the offsets of several partitions at once, metadata up to its limit",
     several_positions},
    {"lets two producers take turns, the later offset stands", slots_take_turns},
    {"commits and aborts a transaction without anything in it", empty_transaction},
    {"writes the offsets of records before commit returns", offsets_of_records},
    {"refuses a record that is too large and then the commit", too_large},
    {"refuses a partition that is not there and then the commit", no_such_partition},
    {"fences an earlier holder of the name by reopen and undoes what it left open", reopen_fences},
    {"fences the earlier holder's idle producer too", reopen_fences_the_idle_slot},
    {"reopens its own producers after dropping a transaction", own_reopen},
    {"resolves at once what a dead holder of the name left open", reopen_resolves},
    {"ends what a dead one left open at the transaction timeout", timeout_resolves},
    {"aborts what is open when it is closed", close_aborts},
};

const struct log_scenarios log_contract_transactions = {rows, sizeof rows / sizeof *rows};
