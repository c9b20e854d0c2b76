/* What systemd hears, on a datagram socket of our own. */
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

#include "ops/notify.h"
#include "support/case.h"

enum { TEXT_BYTES = 256 };

static int listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    assert_true(length < sizeof address.sun_path);
    memcpy(address.sun_path, path, length);
    if (path[0] == '@')
        address.sun_path[0] = '\0';
    int handle = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    assert_true(handle >= 0);
    socklen_t bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    assert_int_equal(bind(handle, (const struct sockaddr *)(const void *)&address, bytes), 0);
    return handle;
}

/* A datagram on a unix socket is there when sendto() has returned. */
static void hear(int handle, const char *expected)
{
    char text[TEXT_BYTES];
    ssize_t length = recv(handle, text, sizeof text - 1, 0);
    assert_true(length >= 0);
    text[length] = '\0';
    assert_string_equal(text, expected);
}

static void says_it_to_a_socket_in_a_folder(void **state)
{
    (void)state;
    char folder[] = P_tmpdir "/notify-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char path[64];
    (void)snprintf(path, sizeof path, "%s/socket", folder);
    int handle = listen_at(path);
    assert_int_equal(setenv("NOTIFY_SOCKET", path, 1), 0);
    notify_systemd("READY=1\nSTATUS=all partitions taken");
    hear(handle, "READY=1\nSTATUS=all partitions taken");
    notify_systemd("WATCHDOG=1");
    hear(handle, "WATCHDOG=1");
    (void)close(handle);
    (void)unlink(path);
    (void)rmdir(folder);
    notify_systemd("WATCHDOG=1"); /* nobody listens: nothing happens */
}

static void says_it_to_an_abstract_socket(void **state)
{
    (void)state;
    char path[64];
    (void)snprintf(path, sizeof path, "@milepost-notify-test-%ld", (long)getpid());
    int handle = listen_at(path);
    assert_int_equal(setenv("NOTIFY_SOCKET", path, 1), 0);
    notify_systemd("STOPPING=1");
    hear(handle, "STOPPING=1");
    (void)close(handle);
}

static const struct useless {
    const char *label;
    const char *path; /* NULL: not set */
} useless[] = {
    {"without a supervisor nothing is said", NULL},
    {"an empty path is no socket", ""},
    {"a path that does not begin at the root is no socket", "run/socket"},
    {"a path that is too long is no socket",
     "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "a"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
};

static void says_nothing(void **state)
{
    const struct useless *row = *state;
    if (row->path)
        assert_int_equal(setenv("NOTIFY_SOCKET", row->path, 1), 0);
    else
        assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
    notify_systemd("READY=1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_it_to_a_socket_in_a_folder),
        cmocka_unit_test(says_it_to_an_abstract_socket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) + RUN_CASES(useless, says_nothing);
}
