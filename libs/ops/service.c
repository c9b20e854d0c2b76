#include "ops/service.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "kafka/kafka_log.h"
#include "ops/connect.h"
#include "ops/exit_code.h"
#include "ops/health.h"
#include "ops/log_line.h"
#include "ops/milepost_keys.h"
#include "ops/signals.h"
#include "worker/worker.h"

enum { LOOPS_MAX = 64, NAME_BYTES = 300, STEP_WAIT_MS = 100, RETRY_WAIT_MS = 500 };

struct service {
    const struct stage *stage;
    struct config *config;
    struct connection connection;
    int32_t partitions;
    atomic_int exit_code;
    struct health *health;
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
};

static void say(void *self, enum worker_level level, const char *sentence)
{
    static const enum log_level levels[] = {
        [WORKER_INFO] = LOG_INFO, [WORKER_WARNING] = LOG_WARNING, [WORKER_ERROR] = LOG_ERROR};
    const struct loop *loop = self;
    log_line(levels[level], "loop %d: %s", loop->index, sentence);
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
    log_line(LOG_WARNING, "loop %d: waiting: %s", loop->index, detail);
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
    return connection_partitions(&loop->service->connection, &loop->service->partitions, detail);
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
        .partitions = loop->service->partitions,
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

static void report_health(struct loop *loop)
{
    struct clock clock = clock_system();
    struct loop_health health = {
        .heartbeat_ms = clock.monotonic_ms(clock.self),
        .is_ready = worker_is_ready(loop->worker),
        .is_idle = worker_is_idle(loop->worker),
        .counters = worker_counters(loop->worker),
        .fold = worker_fold_counters(loop->worker),
    };
    health_report(loop->service->health, loop->index, &health);
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
    while (!signals_is_draining()) {
        status = worker_step(loop->worker, STEP_WAIT_MS, detail);
        report_health(loop);
        if (status == STATUS_OK) {
            loop->complaint[0] = '\0';
        } else if (status == STATUS_UNAVAILABLE) {
            complain(loop, detail);
            wait_ms(STEP_WAIT_MS);
        } else {
            break;
        }
    }
    loop->log.close(loop->log.self);
    return status == STATUS_UNAVAILABLE ? STATUS_OK : status;
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
    if (status) {
        log_line(LOG_ERROR, "loop %d stops (%s): %s", loop->index, status_name(status), detail);
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
    static struct loop loops[LOOPS_MAX];
    for (int i = 0; i < count; i++) {
        loops[i] = (struct loop){.service = service, .index = i};
        if (pthread_create(&loops[i].thread, NULL, loop_thread, &loops[i]))
            abort();
    }
    for (int i = 0; i < count; i++)
        (void)pthread_join(loops[i].thread, NULL);
    return atomic_load(&service->exit_code);
}

static int run(struct service *service)
{
    const struct config *config = service->config;
    log_line_init(service->stage->name, config_text(config, "instance"),
                  log_level_of(config_text(config, "log.level")));
    char detail[DETAIL_BYTES] = "";
    enum status status = connection_init(&service->connection, config, detail);
    if (status) {
        log_line(LOG_ERROR, "%s", detail);
        return EXIT_CODE_CONFIGURATION;
    }
    service->connection.endpoint.logger.line = say_kafka;
    signals_install();
    status = health_open(service->stage->name, config, &service->health, detail);
    if (status) {
        log_line(LOG_ERROR, "%s", detail);
        return EXIT_CODE_CONFIGURATION;
    }
    log_line(LOG_INFO, "starting");
    int code = run_loops(service);
    log_line(LOG_INFO, "ended");
    health_close(service->health);
    connection_deinit(&service->connection);
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
