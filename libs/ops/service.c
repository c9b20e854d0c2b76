#include "ops/service.h"

#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops/admin.h"
#include "ops/connect.h"
#include "ops/exit_code.h"
#include "ops/health.h"
#include "ops/log_line.h"
#include "ops/loop.h"
#include "ops/milepost_keys.h"
#include "ops/read_model_thread.h"
#include "ops/signals.h"
#include "ops/topic_watch.h"

enum { NAME_BYTES = 64 };

struct service {
    const struct stage *stage;
    struct config *config;
    struct connection connection;
    atomic_int exit_code;
    struct health *health;
    struct admin *admin; /* NULL: no port */
};

struct thread {
    struct service *service;
    struct loop loop;
    pthread_t handle;
};

static void say_kafka(void *self, int level, const char *client, const char *text)
{
    (void)self;
    log_line(level <= 3 ? LOG_WARNING : LOG_DEBUG, "librdkafka %s: %s", client, text);
}

static int exit_code_of(enum status status)
{
    if (status == STATUS_OK)
        return EXIT_CODE_DONE;
    return status == STATUS_CORRUPT || status == STATUS_OUT_OF_RANGE ? EXIT_CODE_STATE
                                                                     : EXIT_CODE_CONFIGURATION;
}

static void *run_loop(void *self)
{
    struct thread *thread = self;
    struct loop *loop = &thread->loop;
    char detail[DETAIL_BYTES] = "";
    enum status status = loop_run(loop, detail);
    if (status) {
        log_line_with(LOG_ERROR, &loop->field, 1, "stops (%s): %s", status_name(status), detail);
        atomic_store(&thread->service->exit_code, exit_code_of(status));
        signals_drain();
    }
    loop_deinit(loop);
    return NULL;
}

static int run_loops(struct service *service)
{
    static struct thread threads[HEALTH_LOOPS_MAX];
    int count = (int)config_integer(service->config, "loops");
    for (int i = 0; i < count; i++) {
        struct thread *thread = &threads[i];
        thread->service = service;
        loop_init(&thread->loop, &(struct loop_config){service->stage, service->config,
                                                       &service->connection, service->health, i});
        if (pthread_create(&thread->handle, NULL, run_loop, thread))
            abort();
    }
    for (int i = 0; i < count; i++)
        (void)pthread_join(threads[i].handle, NULL);
    return atomic_load(&service->exit_code);
}

/* It is part of names that must differ, so it must not be cut. */
static enum status check_instance(const struct service *service, char *detail)
{
    size_t length = strlen(config_text(service->config, "instance"));
    if (length > 0 && length <= LOOP_INSTANCE_MAX)
        return STATUS_OK;
    (void)snprintf(detail, DETAIL_BYTES, "instance wants 1 to %d bytes, not %zu", LOOP_INSTANCE_MAX,
                   length);
    return STATUS_REFUSED;
}

static enum status start_log(const struct service *service, char *detail)
{
    const char *level_name = config_text(service->config, "log.level");
    enum log_level level = LOG_INFO;
    bool is_known = log_level_find(level_name, &level);
    log_line_init(service->stage->name, config_text(service->config, "instance"), level);
    if (is_known)
        return STATUS_OK;
    (void)snprintf(detail, DETAIL_BYTES, "log.level %s is none of debug, info, warning, error",
                   level_name);
    return STATUS_REFUSED;
}

static enum status listen_for_probes(struct service *service, char *detail)
{
    const struct config *config = service->config;
    int port = (int)config_integer(config, "admin.port");
    service->health = health_new(service->stage, service->connection.prefix,
                                 (int)config_integer(config, "loops"));
    if (port == 0)
        return STATUS_OK;
    return admin_open(service->health, config_text(config, "admin.address"), port, &service->admin,
                      detail);
}

/* Topics that are not as they must be end it before a record is read. */
static int work(struct service *service)
{
    char detail[DETAIL_BYTES] = "";
    struct topic_watch *watch = NULL;
    enum status status = topic_watch_new(service->config, &service->connection, service->stage,
                                         service->health, &watch, detail);
    if (status == STATUS_UNAVAILABLE && signals_is_draining())
        return EXIT_CODE_DONE;
    if (status) {
        log_line(LOG_ERROR, "stops (%s): %s", status_name(status), detail);
        return exit_code_of(status);
    }
    struct read_model_thread *tailer =
        service->stage == &incentives_stage
            ? read_model_thread_new(service->config, &service->connection, service->health)
            : NULL;
    int code = run_loops(service);
    signals_drain();
    read_model_thread_free(tailer);
    topic_watch_free(watch);
    return code;
}

static int run(struct service *service)
{
    char detail[DETAIL_BYTES] = "";
    enum status status = start_log(service, detail);
    if (!status)
        status = check_instance(service, detail);
    if (!status)
        status = connection_init(&service->connection, service->config, detail);
    if (!status)
        status = listen_for_probes(service, detail);
    int code = EXIT_CODE_CONFIGURATION;
    if (status) {
        log_line(LOG_ERROR, "%s", detail);
    } else {
        service->connection.endpoint.logger.line = say_kafka;
        signals_install();
        log_line(LOG_INFO, "starting");
        code = work(service);
        log_line(LOG_INFO, "ended");
    }
    admin_close(service->admin);
    health_free(service->health);
    connection_deinit(&service->connection);
    log_line_flush();
    return code;
}

/* A service's memory is its state: rows that stay. glibc's arenas for threads grow by single pages,
 * a system call and a fault each, which cost a third of the time of taking in a deal; the main
 * arena grows by TOP_PAD and keeps what a turn gave back for the next one. */
static void tune_memory(void)
{
    enum { TOP_PAD = 16 << 20, KEPT_BYTES = 256 << 20, MAPPED_FROM = 32 << 20 };
    (void)mallopt(M_ARENA_MAX, 1);
    (void)mallopt(M_TOP_PAD, TOP_PAD);
    (void)mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    (void)mallopt(M_MMAP_THRESHOLD, MAPPED_FROM);
}

int service_main(const struct stage *stage, int argc, char **argv)
{
    static const struct config_key *const tables[] = {milepost_common_keys, milepost_service_keys,
                                                      NULL};
    char name[NAME_BYTES];
    (void)snprintf(name, sizeof name, "milepost-%s", stage->name);
    struct config_program program = {
        .name = name,
        .summary = stage == &crediting_stage
                       ? "Turns deals into credits: reads deals, milestones, payments and control."
                       : "Turns credits into payouts and attainment.",
        .tables = tables,
    };
    struct service service = {.stage = stage};
    tune_memory();
    char detail[DETAIL_BYTES] = "";
    enum config_outcome outcome = config_load(&program, argc, argv, &service.config, detail);
    if (outcome == CONFIG_DONE)
        return EXIT_CODE_DONE;
    if (outcome != CONFIG_RUN) {
        (void)fprintf(stderr, "%s: %s\n", name, detail);
        return outcome == CONFIG_USAGE ? EXIT_CODE_USAGE : EXIT_CODE_CONFIGURATION;
    }
    int code = run(&service);
    config_free(service.config);
    return code;
}
