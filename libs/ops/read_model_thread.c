#include "ops/read_model_thread.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "ops/log_line.h"
#include "ops/signals.h"
#include "redis/tailer_kafka.h"

enum { RETRY_WAIT_MS = 500 };

struct read_model_thread {
    const struct config *config;
    const struct connection *connection;
    struct health *health;
    pthread_t handle;
};

static bool is_stopped(void *self)
{
    (void)self;
    return signals_is_draining();
}

static void tell(void *self, bool is_up, const char *sentence)
{
    const struct read_model_thread *thread = self;
    health_report_redis(thread->health, is_up);
    if (sentence)
        log_line(LOG_WARNING, "read model: waiting: %s", sentence);
    else
        log_line(LOG_INFO, "read model: Redis answers");
}

static void report(void *self, const struct tailer_figures *figures)
{
    const struct read_model_thread *thread = self;
    health_report_read_model(thread->health, figures);
}

static void unreadable(void *self, int32_t partition, int64_t offset, const char *why)
{
    const struct read_model_thread *thread = self;
    log_line(LOG_ERROR, "read model: %s partition %" PRId32 " offset %" PRId64 " is left out: %s",
             thread->connection->topics[TOPIC_ATTAINMENT], partition, offset, why);
}

static enum status find_partitions(const struct read_model_thread *thread, int32_t *out,
                                   char *detail)
{
    for (;;) {
        enum status status = connection_partitions(thread->connection, out, detail);
        if (status != STATUS_UNAVAILABLE || signals_is_draining())
            return status;
        struct timespec pause = {.tv_nsec = (long)RETRY_WAIT_MS * 1000000};
        (void)nanosleep(&pause, NULL);
    }
}

static enum status tail(struct read_model_thread *thread, struct schemas *schemas, char *detail)
{
    struct tailer_run_config run = {
        .kafka = thread->connection->endpoint,
        .topic = thread->connection->topics[TOPIC_ATTAINMENT],
        .schemas = schemas,
        .redis = connection_redis(thread->config, true),
        .self = thread,
        .is_stopped = is_stopped,
        .tell = tell,
        .report = report,
        .unreadable = unreadable,
    };
    if (getrandom(&run.seed, sizeof run.seed, 0) != (ssize_t)sizeof run.seed)
        abort();
    enum status status = find_partitions(thread, &run.partitions, detail);
    return status ? status : tailer_run(&run, detail);
}

static void *run(void *self)
{
    struct read_model_thread *thread = self;
    char detail[DETAIL_BYTES] = "";
    struct schemas *schemas = NULL;
    enum status status = connection_schemas(thread->config, &schemas, detail);
    if (!status)
        status = tail(thread, schemas, detail);
    if (status && !signals_is_draining()) {
        health_report_redis(thread->health, false);
        log_line(LOG_ERROR, "read model: stops (%s): %s", status_name(status), detail);
    }
    schemas_free(schemas);
    return NULL;
}

struct read_model_thread *read_model_thread_new(const struct config *config,
                                                const struct connection *connection,
                                                struct health *health)
{
    if (config_text(config, "redis.url")[0] == '\0')
        return NULL;
    struct read_model_thread *thread = calloc(1, sizeof *thread);
    if (!thread)
        abort();
    *thread =
        (struct read_model_thread){.config = config, .connection = connection, .health = health};
    health_report_redis(health, false);
    if (pthread_create(&thread->handle, NULL, run, thread))
        abort();
    return thread;
}

void read_model_thread_free(struct read_model_thread *thread)
{
    if (!thread)
        return;
    (void)pthread_join(thread->handle, NULL);
    free(thread);
}
