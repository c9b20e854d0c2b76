/* support/log_contract.h: membership, tasks and generations. */
#include "support/log_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

enum { TASKS = 4 };

/* The two own all tasks, each a run of them, none both. */
static void expect_shared(const struct member *one, const struct member *other, int32_t tasks)
{
    int owners[SCENE_TASKS] = {0};
    const struct member *members[] = {one, other};
    for (size_t m = 0; m < 2; m++)
        for (size_t i = 0; i < members[m]->task_count; i++) {
            assert_in_range(members[m]->tasks[i], 0, tasks - 1);
            owners[members[m]->tasks[i]]++;
            if (i)
                assert_int_equal(members[m]->tasks[i], members[m]->tasks[i - 1] + 1);
        }
    for (int32_t task = 0; task < tasks; task++)
        assert_int_equal(owners[task], 1);
}

static void alone_owns_all(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, TASKS);
    struct member *member = scene_join(&scene, "a", TASKS);
    for (int32_t task = 0; task < TASKS; task++)
        assert_int_equal(member->tasks[task], task);
    assert_int_equal(member->assigned, 1);
    assert_int_equal(member->log.counters(member->log.self).rebalances, 1);
    assert_int_equal(member->revoked, 0);
}

static void two_share(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, 5);
    struct member *one = scene_join(&scene, "a", 5);
    struct member *other = scene_open(&scene, "b");
    must_reopen(other);
    scene_await_tasks(one, 3);
    scene_await_tasks(other, 2);
    expect_shared(one, other, 5);
}

static void more_members_than_tasks(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, 1);
    struct member *one = scene_join(&scene, "a", 1);
    struct member *other = scene_join(&scene, "b", 0);
    scene_await_tasks(one, 1);
    assert_int_equal(other->task_count, 0);
}

static void commit_within(struct member *member)
{
    must_produce(member, 0, PAYOUTS, 0, "last-turn");
    must_send(member, 0, FACTS, 9, "last-turn");
    must_commit(member, 0);
}

static void revoked_before_assigned(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, TASKS);
    struct member *one = scene_join(&scene, "a", TASKS);
    must_begin(one, 0);
    one->on_revoked = commit_within;
    struct member *other = scene_open(&scene, "b");
    must_reopen(other);
    scene_await_tasks(other, TASKS / 2);
    one->on_revoked = NULL;
    assert_int_equal(one->revoked, 1);
    assert_true(one->revoked_at < other->assigned_at);
    struct log_position position = must_committed(other, FACTS, 0);
    assert_int_equal(position.offset, 9);
    assert_string_equal(position.metadata, "last-turn");
    scene_await_tasks(one, TASKS / 2);
    expect_shared(one, other, TASKS);
    expect_committed_records(&scene, PAYOUTS, 0, "last-turn");
}

static void revoked_reads_nothing(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, 2);
    struct member *one = scene_join(&scene, "a", 2);
    must_assign(one, FACTS, 0, 0);
    struct member *other = scene_open(&scene, "b");
    must_reopen(other);
    scene_await_tasks(other, 1);
    scene_await_tasks(one, 1);
    must_append(&scene, FACTS, 0, "later");
    scene_linger(&scene, 300);
    expect_seen(one, "");
    must_assign(one, FACTS, one->tasks[0], 0);
    must_assign(other, FACTS, other->tasks[0], 0);
    scene_await_seen(one->tasks[0] == 0 ? one : other, 1);
}

static void taken_over_after_death(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, TASKS);
    struct member *one = scene_join(&scene, "a", TASKS);
    struct member *other = scene_open(&scene, "b");
    must_reopen(other);
    scene_await_tasks(other, TASKS / 2);
    scene_await_tasks(one, TASKS / 2);
    scene_kill(one);
    scene_await_tasks(other, TASKS);
    assert_int_equal(other->revoked, 1);
}

static void successor_by_name(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, TASKS);
    struct member *one = scene_join(&scene, "a", TASKS);
    struct member *other = scene_open(&scene, "b");
    must_reopen(other);
    scene_await_tasks(other, TASKS / 2);
    scene_await_tasks(one, TASKS / 2);
    int32_t first = one->tasks[0];
    scene_kill(one);
    struct member *successor = scene_join(&scene, "a", TASKS / 2);
    assert_int_equal(successor->tasks[0], first);
    assert_int_equal(other->revoked, 0);
    expect_shared(successor, other, TASKS);
}

static void replaced_is_fenced(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, 1);
    struct member *old = scene_join(&scene, "a", 1);
    old->is_silent = true;
    struct member *successor = scene_open(&scene, "a");
    scene_await_tasks(successor, 1);
    assert_int_equal(poll_until_refused(old), STATUS_FENCED);
    assert_int_equal(member_poll(successor), STATUS_OK);
}

/* The successor has not reopened: only the group knows that the old one is gone. */
static void stale_offsets_are_refused(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, 1);
    struct member *old = scene_join(&scene, "a", 1);
    old->is_silent = true;
    struct member *successor = scene_open(&scene, "a");
    scene_await_tasks(successor, 1);
    must_begin(old, 0);
    must_produce(old, 0, PAYOUTS, 0, "stale");
    assert_int_equal(try_send(old, 0, FACTS, 5), STATUS_ABORTED);
    assert_int_equal(try_commit(old, 0), STATUS_ABORTED);
    must_abort(old, 0);
    assert_int_equal(must_committed(successor, FACTS, 0).offset, -1);
    expect_committed_records(&scene, PAYOUTS, 0, "");
}

static void nothing_assigned_stays_member(struct log_fixture *fixture)
{
    struct scene scene;
    scene_begin(&scene, fixture, 2);
    struct member *member = scene_join(&scene, "a", 2);
    must_assign(member, FACTS, 0, 0);
    must_append(&scene, FACTS, 0, "one");
    scene_await_seen(member, 1);
    must_assign_nothing(member);
    must_append(&scene, FACTS, 0, "two");
    scene_linger(&scene, 2000);
    expect_seen(member, "one");
    must_begin(member, 0);
    must_send(member, 0, FACTS, 1, "same generation");
    must_commit(member, 0);
    must_assign(member, FACTS, 0, 1);
    scene_await_seen(member, 2);
    expect_seen(member, "one two");
    assert_int_equal(member->assigned, 1);
    assert_int_equal(member->revoked, 0);
}

static const struct log_scenario rows[] = {
    {"gives all tasks to the only member, once", alone_owns_all},
    {"spreads tasks over two members in ranges without overlap", two_share},
    {"tells a member that no task is left for it", more_members_than_tasks},
    {"revokes inside poll, a commit still stands there, before another is assigned",
     revoked_before_assigned},
    {"reads nothing after tasks were taken away until assign", revoked_reads_nothing},
    {"gives a dead member's tasks to the other after its session", taken_over_after_death},
    {"gives a dead member's tasks to its successor of the same name", successor_by_name},
    {"fences a member whose name was taken by another", replaced_is_fenced},
    {"refuses offsets of a member that was replaced", stale_offsets_are_refused},
    {"keeps membership and generation while nothing is assigned", nothing_assigned_stays_member},
};

const struct log_scenarios log_contract_group = {rows, sizeof rows / sizeof *rows};
