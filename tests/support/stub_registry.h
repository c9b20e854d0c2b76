/* Starts tests/support/stub_registry.py and orders faults from it. */
#ifndef MILEPOST_TESTS_STUB_REGISTRY_H
#define MILEPOST_TESTS_STUB_REGISTRY_H

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"

struct stub_registry {
    pid_t process;
    int port;
    int control;
    char url[64]; /* http://127.0.0.1:PORT, or https://localhost:PORT */
};

/* With a certificate (PEM files) it speaks TLS, with `client_ca` only to clients that show one. */
static inline struct stub_registry stub_start(const char *certificate, const char *key,
                                              const char *client_ca)
{
    int pipes[2];
    struct stub_registry stub = {0};
    if (pipe(pipes))
        abort();
    stub.process = fork();
    if (stub.process == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)dup2(pipes[1], STDOUT_FILENO);
        const char *script = SOURCE_FOLDER "/tests/support/stub_registry.py";
        if (client_ca)
            (void)execlp("python3", "python3", script, "--cert", certificate, "--key", key,
                         "--client-ca", client_ca, NULL);
        else if (certificate)
            (void)execlp("python3", "python3", script, "--cert", certificate, "--key", key, NULL);
        else
            (void)execlp("python3", "python3", script, NULL);
        _exit(127);
    }
    (void)close(pipes[1]);
    FILE *lines = fdopen(pipes[0], "r");
    if (!lines || fscanf(lines, "PORT %d CONTROL %d", &stub.port, &stub.control) != 2)
        abort();
    (void)fclose(lines);
    (void)snprintf(stub.url, sizeof stub.url,
                   certificate ? "https://localhost:%d" : "http://127.0.0.1:%d", stub.port);
    return stub;
}

static inline void stub_stop(struct stub_registry *stub)
{
    if (!stub->process)
        return;
    (void)kill(stub->process, SIGKILL);
    (void)waitpid(stub->process, NULL, 0);
    stub->process = 0;
}

/* One request to the control port; the answer's body in `out`, NUL-terminated. */
static inline void stub_ask(const struct stub_registry *stub, const char *path, const char *json,
                            char *out, size_t bytes)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)stub->control),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct buffer text = {0};
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(connection, (const struct sockaddr *)&address, sizeof address))
        abort();
    buffer_printf(
        &text, "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
        path, strlen(json), json);
    if (send(connection, text.bytes, text.length, 0) != (ssize_t)text.length)
        abort();
    buffer_reset(&text);
    ssize_t taken;
    while ((taken = recv(connection, buffer_reserve(&text, 4096), 4096, 0)) > 0)
        text.length += (size_t)taken;
    buffer_append_byte(&text, '\0');
    (void)close(connection);
    const char *body = strstr(text.bytes, "\r\n\r\n");
    assert(body && strncmp(text.bytes, "HTTP/1.1 200", 12) == 0);
    (void)snprintf(out, bytes, "%s", body + 4);
    buffer_deinit(&text);
}

static inline void stub_order(const struct stub_registry *stub, const char *path, const char *json)
{
    char answer[512];
    stub_ask(stub, path, json, answer, sizeof answer);
}

/* How many requests the registry's own port has answered since the last reset. */
static inline int stub_count(const struct stub_registry *stub)
{
    char answer[512];
    int count = -1;
    stub_ask(stub, "/count", "{}", answer, sizeof answer);
    (void)sscanf(answer, "{\"requests\": %d", &count);
    return count;
}

#endif
