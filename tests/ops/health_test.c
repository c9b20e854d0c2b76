/* The probes: what is alive, ready and started, over a clock that the test turns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ops/health.h"
#include "support/case.h"

enum { BEGIN_MS = 1000000, STEPS_MAX = 6, TEXT_BYTES = 128 };

/* A report of loop 0, `after_ms` the beginning. */
struct moment {
    int64_t after_ms;
    int64_t turns;
    int64_t taken_records;
    bool is_ready;
    bool is_idle;
    bool is_waiting;
};

static const struct probed {
    const char *label;
    struct moment steps[STEPS_MAX]; /* after_ms rises; the first may be at 0; the end: all zero */
    size_t step_count;
    int64_t asked_after_ms;
    const char *livez;
    const char *readyz;
    const char *startupz;
} probed[] = {
    {"before its first step a loop is alive and not ready",
     {{0}},
     0,
     10 * HEALTH_WAITING_MS,
     "{\"alive\":true}\n",
     "{\"ready\":false,\"loop\":0,\"why\":\"starting: see the log for what it waits for\"}\n",
     "{\"started\":false,\"why\":\"partitions not yet taken\"}\n"},
    {"a loop with its partitions is ready",
     {{0, 0, 0, true, true, false}},
     1,
     1,
     "{\"alive\":true}\n",
     "{\"ready\":true}\n",
     "{\"started\":true}\n"},
    {"a loop that was silent for just less than the limit is alive",
     {{0, 0, 0, true, true, false}},
     1,
     HEALTH_LIVENESS_MS - 1,
     "{\"alive\":true}\n",
     "{\"ready\":true}\n",
     "{\"started\":true}\n"},
    {"a loop that was silent for the limit is dead",
     {{0, 0, 0, true, true, false}},
     1,
     HEALTH_LIVENESS_MS,
     "{\"alive\":false,\"loop\":0,\"silent_ms\":120000,\"without_progress_ms\":120000}\n",
     "{\"ready\":false,\"loop\":0,\"why\":\"no progress\"}\n",
     "{\"started\":true}\n"},
    {"a loop that steps and holds work without a commit is dead",
     {{0, 7, 0, true, false, false}, {HEALTH_LIVENESS_MS - 1, 7, 0, true, false, false}},
     2,
     HEALTH_LIVENESS_MS,
     "{\"alive\":false,\"loop\":0,\"silent_ms\":1,\"without_progress_ms\":120000}\n",
     "{\"ready\":false,\"loop\":0,\"why\":\"no progress\"}\n",
     "{\"started\":true}\n"},
    {"a loop that commits is alive",
     {{0, 7, 0, true, false, false}, {HEALTH_LIVENESS_MS - 1, 8, 0, true, false, false}},
     2,
     HEALTH_LIVENESS_MS,
     "{\"alive\":true}\n",
     "{\"ready\":true}\n",
     "{\"started\":true}\n"},
    {"a loop with nothing to do is alive",
     {{0, 7, 0, true, false, false}, {HEALTH_LIVENESS_MS - 1, 7, 0, true, true, false}},
     2,
     HEALTH_LIVENESS_MS,
     "{\"alive\":true}\n",
     "{\"ready\":true}\n",
     "{\"started\":true}\n"},
    {"a restore that reads on is progress",
     {{0, 0, 10, false, false, false}, {HEALTH_LIVENESS_MS - 1, 0, 20, false, false, false}},
     2,
     HEALTH_LIVENESS_MS,
     "{\"alive\":true}\n",
     "{\"ready\":false,\"loop\":0,\"why\":\"partitions not yet taken\"}\n",
     "{\"started\":false,\"why\":\"partitions not yet taken\"}\n"},
    {"a restore that reads nothing is dead",
     {{0, 0, 10, false, false, false}, {HEALTH_LIVENESS_MS - 1, 0, 10, false, false, false}},
     2,
     HEALTH_LIVENESS_MS,
     "{\"alive\":false,\"loop\":0,\"silent_ms\":1,\"without_progress_ms\":120000}\n",
     "{\"ready\":false,\"loop\":0,\"why\":\"partitions not yet taken\"}\n",
     "{\"started\":false,\"why\":\"partitions not yet taken\"}\n"},
    {"a loop that waits for a dependency is alive for longer",
     {{0, 7, 0, true, false, false}, {HEALTH_WAITING_MS - 1, 7, 0, true, false, true}},
     2,
     HEALTH_WAITING_MS - 1,
     "{\"alive\":true}\n",
     "{\"ready\":true}\n",
     "{\"started\":true}\n"},
    {"a loop that waits for a dependency is not alive for ever",
     {{0, 7, 0, true, false, false}, {HEALTH_WAITING_MS - 1, 7, 0, true, false, true}},
     2,
     HEALTH_WAITING_MS,
     "{\"alive\":false,\"loop\":0,\"silent_ms\":1,\"without_progress_ms\":1200000}\n",
     "{\"ready\":false,\"loop\":0,\"why\":\"no progress\"}\n",
     "{\"started\":true}\n"},
    {"the end of an outage is not yet a standstill",
     {{0, 7, 0, true, false, true}, {HEALTH_LIVENESS_MS + 5, 7, 0, true, false, false}},
     2,
     HEALTH_LIVENESS_MS + 6,
     "{\"alive\":true}\n",
     "{\"ready\":true}\n",
     "{\"started\":true}\n"},
    {"after a commit the longer patience is used up",
     {{0, 7, 0, true, false, true},
      {1, 8, 0, true, false, false},
      {HEALTH_LIVENESS_MS, 8, 0, true, false, false}},
     3,
     HEALTH_LIVENESS_MS + 1,
     "{\"alive\":false,\"loop\":0,\"silent_ms\":1,\"without_progress_ms\":120000}\n",
     "{\"ready\":false,\"loop\":0,\"why\":\"no progress\"}\n",
     "{\"started\":true}\n"},
    {"a rebalance takes readiness away, not the start",
     {{0, 7, 0, true, true, false}, {5, 7, 0, false, false, false}},
     2,
     6,
     "{\"alive\":true}\n",
     "{\"ready\":false,\"loop\":0,\"why\":\"partitions not yet taken\"}\n",
     "{\"started\":true}\n"},
};

static void report(struct health *health, int loop, const struct moment *step)
{
    struct loop_health seen = {
        .heartbeat_ms = BEGIN_MS + step->after_ms,
        .is_ready = step->is_ready,
        .is_idle = step->is_idle,
        .is_waiting = step->is_waiting,
        .counters = {.turns = step->turns, .taken_records = step->taken_records},
    };
    health_report(health, loop, &seen);
}

static void expect(struct health *health,
                   bool (*probe)(struct health *health, int64_t now_ms, struct buffer *out),
                   int64_t now_ms, const char *expected)
{
    struct buffer out = {0};
    bool is_well = probe(health, now_ms, &out);
    buffer_append_byte(&out, '\0');
    assert_string_equal(out.bytes, expected);
    assert_int_equal(is_well, strstr(expected, ":true") != NULL);
    buffer_deinit(&out);
}

static void answers(void **state)
{
    const struct probed *row = *state;
    struct health *health = health_new(&crediting_stage, "", 1);
    for (size_t i = 0; i < row->step_count; i++)
        report(health, 0, &row->steps[i]);
    int64_t now_ms = BEGIN_MS + row->asked_after_ms;
    expect(health, health_livez, now_ms, row->livez);
    expect(health, health_readyz, now_ms, row->readyz);
    expect(health, health_startupz, now_ms, row->startupz);
    health_free(health);
}

static const struct moment well = {.is_ready = true, .is_idle = true};

static void one_loop_that_stands_still_is_enough(void **state)
{
    (void)state;
    struct health *health = health_new(&crediting_stage, "", 3);
    const struct moment later = {HEALTH_LIVENESS_MS, 0, 0, true, true, false};
    report(health, 0, &later);
    report(health, 1, &well);
    report(health, 2, &later);
    expect(health, health_livez, BEGIN_MS + HEALTH_LIVENESS_MS,
           "{\"alive\":false,\"loop\":1,\"silent_ms\":120000,\"without_progress_ms\":120000}\n");
    health_free(health);
}

static void all_loops_must_be_ready(void **state)
{
    (void)state;
    struct health *health = health_new(&crediting_stage, "", 2);
    report(health, 0, &well);
    expect(health, health_startupz, BEGIN_MS,
           "{\"started\":false,\"why\":\"partitions not yet taken\"}\n");
    report(health, 1, &well);
    expect(health, health_startupz, BEGIN_MS, "{\"started\":true}\n");
    expect(health, health_readyz, BEGIN_MS, "{\"ready\":true}\n");
    health_free(health);
}

static void a_process_that_drains_is_alive_and_not_ready(void **state)
{
    (void)state;
    struct health *health = health_new(&crediting_stage, "", 1);
    report(health, 0, &well);
    health_drain(health);
    expect(health, health_readyz, BEGIN_MS, "{\"ready\":false,\"why\":\"draining\"}\n");
    expect(health, health_livez, BEGIN_MS, "{\"alive\":true}\n");
    health_free(health);
}

/* --- what systemd hears --- */

static int listen_to_notices(void)
{
    char path[64];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int length = snprintf(path, sizeof path, "@milepost-health-test-%ld", (long)getpid());
    memcpy(address.sun_path, path, (size_t)length);
    address.sun_path[0] = '\0';
    int handle = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    assert_true(handle >= 0);
    socklen_t bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)length);
    assert_int_equal(bind(handle, (const struct sockaddr *)(const void *)&address, bytes), 0);
    assert_int_equal(setenv("NOTIFY_SOCKET", path, 1), 0);
    return handle;
}

/* All that was heard, a | behind each. */
static void expect_notices(int handle, const char *expected)
{
    char heard[4 * TEXT_BYTES] = "";
    char text[TEXT_BYTES];
    size_t length = 0;
    for (ssize_t got; (got = recv(handle, text, sizeof text, 0)) >= 0;)
        length += (size_t)snprintf(heard + length, sizeof heard - length, "%.*s|", (int)got, text);
    assert_string_equal(heard, expected);
}

static void systemd_hears_of_start_life_and_end(void **state)
{
    (void)state;
    int handle = listen_to_notices();
    struct health *health = health_new(&crediting_stage, "", 2);
    report(health, 0, &well);
    expect_notices(handle, "WATCHDOG=1|");
    report(health, 1, &well);
    expect_notices(handle, "READY=1\nSTATUS=all partitions taken|");
    report(health, 1, &(struct moment){9999, 0, 0, true, true, false});
    expect_notices(handle, "");
    report(health, 1, &(struct moment){10000, 0, 0, true, true, false});
    expect_notices(handle, "WATCHDOG=1|");
    /* Loop 0 has been silent for too long: no word, however lively the other is. */
    report(health, 1, &(struct moment){HEALTH_LIVENESS_MS, 0, 0, true, true, false});
    expect_notices(handle, "");
    health_drain(health);
    health_drain(health);
    expect_notices(handle, "STOPPING=1|");
    health_free(health);
    (void)close(handle);
    (void)unsetenv("NOTIFY_SOCKET");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_loop_that_stands_still_is_enough),
        cmocka_unit_test(all_loops_must_be_ready),
        cmocka_unit_test(a_process_that_drains_is_alive_and_not_ready),
        cmocka_unit_test(systemd_hears_of_start_life_and_end),
    };
    return RUN_CASES(probed, answers) + cmocka_run_group_tests(tests, NULL, NULL);
}
