#include "ops/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "ops/lag.h"
#include "ops/signals.h"
#include "worker/worker.h"

enum { STEP_WAIT_MS = 100, RETRY_WAIT_MS = 500, PAUSE_MS = 20, PAUSE_MAX_MS = 1000 };

static void say(void *self, enum worker_level level, const char *sentence)
{
    static const enum log_level levels[] = {
        [WORKER_INFO] = LOG_INFO, [WORKER_WARNING] = LOG_WARNING, [WORKER_ERROR] = LOG_ERROR};
    const struct loop *loop = self;
    log_line_with(levels[level], &loop->field, 1, "%s", sentence);
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
    return connection_partitions(loop->config.connection, &loop->partitions, detail);
}

static enum status prepare_schemas(struct loop *loop, char *detail)
{
    static const enum topic crediting[] = {TOPIC_COUNT};
    static const enum topic incentives[] = {TOPIC_PAYOUTS, TOPIC_ATTAINMENT};
    bool writes_public = loop->config.stage == &incentives_stage;
    return connection_prepare(loop->config.connection, loop->schemas,
                              writes_public ? incentives : crediting, writes_public ? 2 : 0,
                              detail);
}

static enum status open_log(struct loop *loop, char *detail)
{
    const struct stage *stage = loop->config.stage;
    const struct config *config = loop->config.config;
    const struct connection *connection = loop->config.connection;
    for (int topic = 0; topic < TOPIC_COUNT; topic++)
        loop->topics[topic] = (struct kafka_log_topic){
            connection->topics[topic], stage_reads(stage, topic), topic == (int)stage->journal};
    stage_group(stage, connection->prefix, loop->group);
    (void)snprintf(loop->member, LOOP_NAME_BYTES, "%s-%d", config_text(config, "instance"),
                   loop->config.index);
    (void)snprintf(loop->transactional, LOOP_NAME_BYTES, "%s-%s", loop->group, loop->member);
    struct kafka_log_config log = {
        .endpoint = connection->endpoint,
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

static void note_commit(void *self, int64_t transaction_ms, size_t records)
{
    struct loop *loop = self;
    histogram_add(&loop->seen.transactions, &histogram_ms, transaction_ms);
    histogram_add(&loop->seen.written, &histogram_count, (int64_t)records);
}

static void make_worker(struct loop *loop)
{
    const struct config *config = loop->config.config;
    struct worker_config worker = {
        .stage = loop->config.stage,
        .partitions = loop->partitions,
        .prefix = loop->config.connection->prefix,
        .schemas = loop->schemas,
        .clock = clock_system(),
        .seed = draw_seed(),
        .rows_max = (size_t)config_integer(config, "batch.rows"),
        .keep_ms = config_integer(config, "journal.keep"),
        .transaction_ms = config_integer(config, "transaction.timeout.ms"),
        .brokers = loop->config.connection->endpoint.brokers,
        .say_self = loop,
        .say = say,
        .committed = note_commit,
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
    seen->schemas = schemas_figures(loop->schemas);
    if (was_ready && !seen->is_ready)
        loop->unready_ms = began_ms;
    if (!was_ready && seen->is_ready)
        seen->restore_ms = seen->heartbeat_ms - loop->unready_ms;
    if (seen->counters.turns != turns) {
        seen->committed_at_ms = clock.unix_ms(clock.self);
        if (seen->counters.newest_record_ms > 0)
            seen->event_lag_ms = seen->committed_at_ms - seen->counters.newest_record_ms;
        histogram_add(&seen->steps, &histogram_ms, seen->heartbeat_ms - began_ms);
        health_report_work(loop->config.health, loop->config.index, worker_intakes(loop->worker),
                           (size_t)loop->partitions, worker_outcomes(loop->worker));
    }
    health_report(loop->config.health, loop->config.index, seen);
}

/* What undoes turn after turn (a right taken away, say) is tried again ever more slowly. */
static void pause_after(struct loop *loop, const struct worker_counters *before)
{
    const struct worker_counters *now = &loop->seen.counters;
    if (now->turns != before->turns)
        loop->pause_ms = 0;
    if (now->turns != before->turns || now->aborts == before->aborts)
        return;
    wait_ms(loop->pause_ms);
    loop->pause_ms = loop->pause_ms ? loop->pause_ms * 2 : PAUSE_MS;
    if (loop->pause_ms > PAUSE_MAX_MS)
        loop->pause_ms = PAUSE_MAX_MS;
}

static enum status run_steps(struct loop *loop, char *detail)
{
    struct lag_watch watch = {
        .health = loop->config.health,
        .worker = loop->worker,
        .log = &loop->log,
        .stage = loop->config.stage,
        .loop = loop->config.index,
        .partitions = loop->partitions,
    };
    loop->unready_ms = now_ms();
    while (!signals_is_draining()) {
        int64_t began_ms = now_ms();
        struct worker_counters before = loop->seen.counters;
        enum status status = worker_step(loop->worker, STEP_WAIT_MS, detail);
        report_health(loop, began_ms, status);
        if (status == STATUS_OK) {
            loop->complaint[0] = '\0';
            lag_watch_step(&watch, now_ms());
            pause_after(loop, &before);
        } else if (status == STATUS_UNAVAILABLE) {
            complain(loop, detail);
            wait_ms(STEP_WAIT_MS);
        } else {
            return status;
        }
    }
    return STATUS_OK;
}

void loop_init(struct loop *loop, const struct loop_config *config)
{
    *loop = (struct loop){.config = *config, .field = {.name = "loop", .number = config->index}};
}

static enum status run(struct loop *loop, char *detail)
{
    enum status status = connection_schemas(loop->config.config, &loop->schemas, detail);
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
    health_drain(loop->config.health);
    worker_free(loop->worker); /* first: a restore under way has a reader on the log */
    loop->worker = NULL;
    loop->log.close(loop->log.self);
    return status;
}

enum status loop_run(struct loop *loop, char *detail)
{
    enum status status = run(loop, detail);
    bool was_drained = status == STATUS_UNAVAILABLE && signals_is_draining();
    return was_drained ? STATUS_OK : status; /* a drain ends the waiting */
}

void loop_deinit(struct loop *loop)
{
    worker_free(loop->worker);
    loop->worker = NULL;
    schemas_free(loop->schemas);
    loop->schemas = NULL;
}
