#include "ops/service.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "kafka/kafka_log.h"
#include "ops/admin.h"
#include "ops/connect.h"
#include "ops/exit_code.h"
#include "ops/health.h"
#include "ops/lag.h"
#include "ops/log_line.h"
#include "ops/milepost_keys.h"
#include "ops/signals.h"
#include "worker/worker.h"

enum { NAME_BYTES = 300, STEP_WAIT_MS = 100, RETRY_WAIT_MS = 500 };

struct service {
    const struct stage *stage;
    struct config *config;
    struct connection connection;
    atomic_int exit_code;
    struct health *health;
    struct admin *admin; /* NULL: no port */
};

/* One thread: its own schemas, log and worker. */
struct loop {
    struct service *service;
    int index;
    pthread_t thread;
    char group[NAME_BYTES];
    char member[NAME_BYTES];
    char transactional[NAME_BYTES];
    struct kafka_log_topic topics[TOPIC_COUNT]; /* the log keeps pointing here */
    struct schemas *schemas;
    struct log log;
    struct worker *worker;
    char complaint[DETAIL_BYTES]; /* the last one logged */
    struct log_field field;       /* names the loop in the log */
    int32_t partitions;           /* N */
    int64_t unready_ms;           /* since when partitions are being taken */
    struct loop_health seen;      /* as last reported */
};

static void say(void *self, enum worker_level level, const char *sentence)
{
    static const enum log_level levels[] = {
        [WORKER_INFO] = LOG_INFO, [WORKER_WARNING] = LOG_WARNING, [WORKER_ERROR] = LOG_ERROR};
    const struct loop *loop = self;
    log_line_with(levels[level], &loop->field, 1, "%s", sentence);
}

static void say_kafka(void *self, int level, const char *client, const char *text)
{
    (void)self;
    log_line(level <= 3 ? LOG_WARNING : LOG_DEBUG, "librdkafka %s: %s", client, text);
}

/* A dependency that is down is waited for: said once, not at every attempt. */
static void complain(struct loop *loop, const char *detail)
{
    if (strcmp(loop->complaint, detail) == 0)
        return;
    (void)snprintf(loop->complaint, sizeof loop->complaint, "%s", detail);
    log_line_with(LOG_WARNING, &loop->field, 1, "waiting: %s", detail);
}

static void wait_ms(int ms)
{
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    (void)nanosleep(&pause, NULL);
}

/* Repeats `attempt` while it answers UNAVAILABLE and nobody drains. */
static enum status insist(struct loop *loop, enum status (*attempt)(struct loop *, char *),
                          char *detail)
{
    for (;;) {
        enum status status = attempt(loop, detail);
        if (status != STATUS_UNAVAILABLE || signals_is_draining())
            return status;
        complain(loop, detail);
        wait_ms(RETRY_WAIT_MS);
    }
}

static enum status find_partitions(struct loop *loop, char *detail)
{
    return connection_partitions(&loop->service->connection, &loop->partitions, detail);
}

static enum status prepare_schemas(struct loop *loop, char *detail)
{
    static const enum topic crediting[] = {TOPIC_COUNT};
    static const enum topic incentives[] = {TOPIC_PAYOUTS, TOPIC_ATTAINMENT};
    bool writes_public = loop->service->stage == &incentives_stage;
    return connection_prepare(&loop->service->connection, loop->schemas,
                              writes_public ? incentives : crediting, writes_public ? 2 : 0,
                              detail);
}

static enum status open_log(struct loop *loop, char *detail)
{
    struct service *service = loop->service;
    const struct config *config = service->config;
    const char *prefix = service->connection.prefix;
    for (int topic = 0; topic < TOPIC_COUNT; topic++)
        loop->topics[topic] = (struct kafka_log_topic){service->connection.topics[topic],
                                                       stage_reads(service->stage, topic),
                                                       topic == (int)service->stage->journal};
    (void)snprintf(loop->group, NAME_BYTES, "%smilepost-%s", prefix, service->stage->name);
    (void)snprintf(loop->member, NAME_BYTES, "%s-%d", config_text(config, "instance"), loop->index);
    (void)snprintf(loop->transactional, NAME_BYTES, "%s-%s", loop->group, loop->member);
    struct kafka_log_config log = {
        .endpoint = service->connection.endpoint,
        .topics = loop->topics,
        .topic_count = TOPIC_COUNT,
        .group = loop->group,
        .member = loop->member,
        .transactional_prefix = loop->transactional,
        .session_timeout_ms = (int)config_integer(config, "session.timeout.ms"),
        .transaction_timeout_ms = (int)config_integer(config, "transaction.timeout.ms"),
    };
    return kafka_log_open(&log, worker_listener(loop->worker), &loop->log, detail);
}

static uint64_t draw_seed(void)
{
    uint64_t seed;
    if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
        abort();
    return seed;
}

static void make_worker(struct loop *loop)
{
    const struct config *config = loop->service->config;
    struct worker_config worker = {
        .stage = loop->service->stage,
        .partitions = loop->partitions,
        .prefix = loop->service->connection.prefix,
        .schemas = loop->schemas,
        .clock = clock_system(),
        .seed = draw_seed(),
        .rows_max = (size_t)config_integer(config, "batch.rows"),
        .keep_ms = config_integer(config, "journal.keep"),
        .say_self = loop,
        .say = say,
    };
    loop->worker = worker_new(&worker);
}

static int64_t now_ms(void)
{
    struct clock clock = clock_system();
    return clock.monotonic_ms(clock.self);
}

static int64_t count_tasks(const struct loop *loop)
{
    int64_t count = 0;
    for (int32_t p = 0; p < loop->partitions; p++)
        count += worker_task(loop->worker, p) != NULL;
    return count;
}

/* What the step that began at `began_ms` and ended with `status` came to. */
static void report_health(struct loop *loop, int64_t began_ms, enum status status)
{
    struct clock clock = clock_system();
    struct loop_health *seen = &loop->seen;
    int64_t turns = seen->counters.turns;
    bool was_ready = seen->is_ready;
    seen->heartbeat_ms = now_ms();
    seen->is_ready = worker_is_ready(loop->worker);
    seen->is_idle = worker_is_idle(loop->worker);
    seen->is_waiting = status == STATUS_UNAVAILABLE;
    seen->tasks = count_tasks(loop);
    seen->counters = worker_counters(loop->worker);
    seen->fold = worker_fold_counters(loop->worker);
    seen->log = loop->log.counters(loop->log.self);
    if (was_ready && !seen->is_ready)
        loop->unready_ms = began_ms;
    if (!was_ready && seen->is_ready)
        seen->restore_ms = seen->heartbeat_ms - loop->unready_ms;
    if (seen->counters.turns != turns) {
        seen->committed_at_ms = clock.unix_ms(clock.self);
        histogram_add(&seen->steps, seen->heartbeat_ms - began_ms);
    }
    health_report(loop->service->health, loop->index, seen);
}

static enum status run_steps(struct loop *loop, char *detail)
{
    struct lag_watch watch = {
        .health = loop->service->health,
        .worker = loop->worker,
        .log = &loop->log,
        .stage = loop->service->stage,
        .loop = loop->index,
        .partitions = loop->partitions,
    };
    loop->unready_ms = now_ms();
    while (!signals_is_draining()) {
        int64_t began_ms = now_ms();
        enum status status = worker_step(loop->worker, STEP_WAIT_MS, detail);
        report_health(loop, began_ms, status);
        if (status == STATUS_OK) {
            loop->complaint[0] = '\0';
            lag_watch_step(&watch, now_ms());
        } else if (status == STATUS_UNAVAILABLE) {
            complain(loop, detail);
            wait_ms(STEP_WAIT_MS);
        } else {
            return status;
        }
    }
    return STATUS_OK;
}

static enum status run_loop(struct loop *loop, char *detail)
{
    enum status status = connection_schemas(loop->service->config, &loop->schemas, detail);
    if (!status)
        status = insist(loop, find_partitions, detail);
    if (!status)
        status = insist(loop, prepare_schemas, detail);
    if (status)
        return status;
    make_worker(loop);
    status = open_log(loop, detail);
    if (status)
        return status;
    worker_attach(loop->worker, &loop->log);
    status = run_steps(loop, detail);
    health_drain(loop->service->health);
    loop->log.close(loop->log.self);
    return status;
}

static int exit_code_of(enum status status)
{
    if (status == STATUS_OK)
        return EXIT_CODE_DONE;
    return status == STATUS_CORRUPT || status == STATUS_OUT_OF_RANGE ? EXIT_CODE_STATE
                                                                     : EXIT_CODE_CONFIGURATION;
}

static void *loop_thread(void *self)
{
    struct loop *loop = self;
    char detail[DETAIL_BYTES] = "";
    enum status status = run_loop(loop, detail);
    if (status == STATUS_UNAVAILABLE && signals_is_draining())
        status = STATUS_OK; /* a drain ended the waiting */
    if (status) {
        log_line_with(LOG_ERROR, &loop->field, 1, "stops (%s): %s", status_name(status), detail);
        atomic_store(&loop->service->exit_code, exit_code_of(status));
        signals_drain();
    }
    worker_free(loop->worker);
    schemas_free(loop->schemas);
    return NULL;
}

static int run_loops(struct service *service)
{
    int count = (int)config_integer(service->config, "loops");
    static struct loop loops[HEALTH_LOOPS_MAX];
    for (int i = 0; i < count; i++) {
        loops[i] =
            (struct loop){.service = service, .index = i, .field = {.name = "loop", .number = i}};
        if (pthread_create(&loops[i].thread, NULL, loop_thread, &loops[i]))
            abort();
    }
    for (int i = 0; i < count; i++)
        (void)pthread_join(loops[i].thread, NULL);
    return atomic_load(&service->exit_code);
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
    service->health = health_new(service->stage->name, (int)config_integer(config, "loops"));
    if (port == 0)
        return STATUS_OK;
    return admin_open(service->health, config_text(config, "admin.address"), port, &service->admin,
                      detail);
}

static int run(struct service *service)
{
    char detail[DETAIL_BYTES] = "";
    enum status status = start_log(service, detail);
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
        code = run_loops(service);
        log_line(LOG_INFO, "ended");
    }
    admin_close(service->admin);
    health_free(service->health);
    connection_deinit(&service->connection);
    log_line_flush();
    return code;
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
