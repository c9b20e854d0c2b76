/* Signals: the first asks, the second ends. Each in a process of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ops/signals.h"
#include "support/case.h"

enum { IS_DRAINING = 40, GOES_ON = 41 };

static const struct sent {
    const char *label;
    int signals[3]; /* 0: no more */
    bool drains_first;
    int exit_code;
} sent[] = {
    {"without a signal the process goes on", {0}, false, GOES_ON},
    {"SIGTERM asks for the drain", {SIGTERM}, false, IS_DRAINING},
    {"SIGINT asks for the drain", {SIGINT}, false, IS_DRAINING},
    {"SIGPIPE is nothing", {SIGPIPE}, false, GOES_ON},
    {"the second signal ends the process", {SIGTERM, SIGTERM}, false, 128 + SIGTERM},
    {"the second signal may be another", {SIGTERM, SIGINT}, false, 128 + SIGINT},
    {"a drain from within is a drain", {0}, true, IS_DRAINING},
    {"a signal after a drain from within is the first", {SIGTERM}, true, IS_DRAINING},
};

static void leads_to(void **state)
{
    const struct sent *row = *state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signals_install();
        if (row->drains_first)
            signals_drain();
        for (int i = 0; row->signals[i]; i++)
            (void)raise(row->signals[i]);
        _exit(signals_is_draining() ? IS_DRAINING : GOES_ON);
    }
    int status;
    assert_true(waitpid(child, &status, 0) == child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), row->exit_code);
}

int main(void)
{
    return RUN_CASES(sent, leads_to);
}
