/* A redis-server of the test's own on a unix socket in a temporary folder, and plain commands to
 * it. Nothing is kept on disk. */
#ifndef MILEPOST_TESTS_REDIS_SCENE_H
#define MILEPOST_TESTS_REDIS_SCENE_H

#include <hiredis/hiredis.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "redis/read_model.h"

enum { SCENE_PATH_BYTES = 128, SCENE_TRIES = 3000 };

struct redis_scene {
    char folder[SCENE_PATH_BYTES];
    char socket[SCENE_PATH_BYTES + 16];
    char url[SCENE_PATH_BYTES + 32];
    pid_t pid;
    redisContext *plain;
};

static inline void scene_start(struct redis_scene *scene)
{
    scene->pid = fork();
    assert_true(scene->pid >= 0);
    if (scene->pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails stops nothing */
        if (!freopen("/dev/null", "w", stdout))
            _exit(127);
        char *const argv[] = {(char[]){"redis-server"},
                              (char[]){"--port"},
                              (char[]){"0"},
                              (char[]){"--unixsocket"},
                              scene->socket,
                              (char[]){"--save"},
                              (char[]){""},
                              (char[]){"--appendonly"},
                              (char[]){"no"},
                              (char[]){"--loglevel"},
                              (char[]){"warning"},
                              (char[]){"--dir"},
                              scene->folder,
                              NULL};
        execvp(argv[0], argv);
        _exit(127);
    }
    for (int i = 0; i < SCENE_TRIES; i++) {
        scene->plain = redisConnectUnix(scene->socket);
        if (scene->plain && !scene->plain->err)
            return;
        if (scene->plain)
            redisFree(scene->plain);
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    fail_msg("redis-server does not answer on %s", scene->socket);
}

static inline void scene_stop(struct redis_scene *scene)
{
    if (scene->plain)
        redisFree(scene->plain);
    scene->plain = NULL;
    kill(scene->pid, SIGKILL);
    waitpid(scene->pid, NULL, 0);
    unlink(scene->socket);
}

static inline struct redis_scene *scene_new(void)
{
    struct redis_scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    (void)signal(SIGPIPE, SIG_IGN);
    snprintf(scene->folder, sizeof scene->folder, "%s", P_tmpdir "/milepost-redis-XXXXXX");
    assert_non_null(mkdtemp(scene->folder));
    snprintf(scene->socket, sizeof scene->socket, "%s/redis.sock", scene->folder);
    snprintf(scene->url, sizeof scene->url, "unix://%s", scene->socket);
    scene_start(scene);
    return scene;
}

static inline void scene_free(struct redis_scene *scene)
{
    scene_stop(scene);
    rmdir(scene->folder);
    free(scene);
}

/* A command that succeeds; the reply is freed by the caller. */
static inline redisReply *scene_ask(struct redis_scene *scene, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    redisReply *reply = redisvCommand(scene->plain, format, arguments);
    va_end(arguments);
    assert_non_null(reply);
    if (reply->type == REDIS_REPLY_ERROR)
        fail_msg("%s: %s", format, reply->str);
    return reply;
}

static inline void scene_do(struct redis_scene *scene, const char *command)
{
    freeReplyObject(scene_ask(scene, command));
}

static inline long long scene_number(struct redis_scene *scene, const char *command)
{
    redisReply *reply = scene_ask(scene, command);
    assert_int_equal(reply->type, REDIS_REPLY_INTEGER);
    long long number = reply->integer;
    freeReplyObject(reply);
    return number;
}

/* A read model that writes, connected. */
static inline struct read_model *scene_model(const struct redis_scene *scene, int timeout_ms)
{
    char detail[DETAIL_BYTES] = "";
    struct read_model_options options = {
        .url = scene->url, .prefix = "t.", .timeout_ms = timeout_ms, .writes = true};
    struct read_model *model = NULL;
    if (read_model_open(&options, &model, detail) || read_model_connect(model, 0, detail))
        fail_msg("%s", detail);
    return model;
}

static inline struct read_model_header scene_header(const char *text)
{
    struct read_model_header header = {""};
    snprintf(header.text, sizeof header.text, "%s", text);
    return header;
}

static inline void scene_expect_header(struct read_model *model, const char *expected)
{
    char detail[DETAIL_BYTES] = "";
    struct read_model_header header;
    if (read_model_header(model, 0, &header, detail))
        fail_msg("%s", detail);
    assert_string_equal(header.text, expected);
}

#endif
