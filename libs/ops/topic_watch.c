#include "ops/topic_watch.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "ops/log_line.h"
#include "ops/signals.h"
#include "ops/topic_check.h"

enum { RETRY_WAIT_MS = 500, NAP_MS = 200 };

struct topic_watch {
    const struct config *config;
    const struct connection *connection;
    const struct stage *stage;
    struct health *health;
    pthread_t handle;
};

/* What one check came to. */
struct outcome {
    int wrong;
    int doubtful;
    char first_wrong[DETAIL_BYTES];
    char first_doubtful[DETAIL_BYTES];
};

static void find(void *self, const struct topic_finding *finding)
{
    struct outcome *outcome = self;
    if (finding->verdict == TOPIC_WRONG && outcome->wrong++ == 0)
        (void)snprintf(outcome->first_wrong, DETAIL_BYTES,
                       "topic %s: %s is %s and must be %s; run: %s", finding->topic, finding->what,
                       finding->is, finding->should, finding->repair);
    if (finding->verdict == TOPIC_DOUBTFUL && outcome->doubtful++ == 0)
        (void)snprintf(outcome->first_doubtful, DETAIL_BYTES,
                       "topic %s has one replica and %s %s: a lost disk loses it", finding->topic,
                       finding->what, finding->is);
}

static void note_refusal(struct outcome *outcome, const char *detail)
{
    if (outcome->wrong++ == 0)
        (void)snprintf(outcome->first_wrong, DETAIL_BYTES, "%s", detail);
}

/* OK: the cluster was asked, `out` says what it is like. */
static enum status look(const struct topic_watch *watch, struct outcome *out, char *detail)
{
    struct kafka_admin *admin = NULL;
    struct outcome outcome = {0};
    struct topic_findings findings = {&outcome, find};
    enum status status = kafka_admin_new(&watch->connection->endpoint, &admin, detail);
    if (!status)
        status = topic_check(watch->connection, admin, watch->stage, &findings, detail);
    if (!status && outcome.wrong == 0)
        status = topic_check_truncation(watch->connection, admin, watch->stage, detail);
    kafka_admin_free(admin);
    if (status == STATUS_REFUSED)
        note_refusal(&outcome, detail);
    else if (status)
        return status;
    *out = outcome;
    return STATUS_OK;
}

static void nap(int ms)
{
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    (void)nanosleep(&pause, NULL);
}

/* A dependency that is down is waited for: said once, not at every attempt. */
static enum status look_first(const struct topic_watch *watch, struct outcome *out, char *detail)
{
    char said[DETAIL_BYTES] = "";
    for (;;) {
        enum status status = look(watch, out, detail);
        if (status != STATUS_UNAVAILABLE || signals_is_draining())
            return status;
        if (strcmp(said, detail) != 0)
            log_line(LOG_WARNING, "waiting: Kafka at %s: %s", watch->connection->endpoint.brokers,
                     detail);
        (void)snprintf(said, sizeof said, "%s", detail);
        nap(RETRY_WAIT_MS);
    }
}

static void say_more(char *out, size_t bytes, int count)
{
    out[0] = '\0';
    if (count > 1)
        (void)snprintf(out, bytes, " (and %d more: milepost topics check)", count - 1);
}

static void tell(const struct topic_watch *watch, const struct outcome *outcome, int wrong_before)
{
    char more[64];
    say_more(more, sizeof more, outcome->wrong);
    health_report_topics(watch->health, outcome->wrong);
    if (outcome->wrong > 0)
        log_line(LOG_ERROR, "%s%s", outcome->first_wrong, more);
    else if (wrong_before > 0)
        log_line(LOG_INFO, "topics are set as they must be again");
}

static void *run(void *self)
{
    const struct topic_watch *watch = self;
    struct clock clock = clock_system();
    int64_t interval_ms = config_integer(watch->config, "topics.check.interval");
    int64_t looked_ms = clock.monotonic_ms(clock.self);
    int wrong = 0;
    while (!signals_is_draining()) {
        nap(NAP_MS);
        if (clock.monotonic_ms(clock.self) - looked_ms < interval_ms)
            continue;
        char detail[DETAIL_BYTES] = "";
        struct outcome outcome;
        enum status status = look(watch, &outcome, detail);
        looked_ms = clock.monotonic_ms(clock.self);
        if (status) {
            log_line(LOG_WARNING, "topics could not be checked: %s", detail);
            continue;
        }
        tell(watch, &outcome, wrong);
        wrong = outcome.wrong;
    }
    return NULL;
}

enum status topic_watch_new(const struct config *config, const struct connection *connection,
                            const struct stage *stage, struct health *health,
                            struct topic_watch **out, char *detail)
{
    struct topic_watch *watch = calloc(1, sizeof *watch);
    struct outcome outcome;
    char more[64];
    if (!watch)
        abort();
    *watch = (struct topic_watch){
        .config = config, .connection = connection, .stage = stage, .health = health};
    enum status status = look_first(watch, &outcome, detail);
    if (!status && outcome.wrong > 0) {
        say_more(more, sizeof more, outcome.wrong);
        (void)snprintf(detail, DETAIL_BYTES, "%.*s%s", (int)(DETAIL_BYTES - sizeof more),
                       outcome.first_wrong, more);
        status = STATUS_REFUSED;
    }
    if (status) {
        free(watch);
        return status;
    }
    health_report_topics(health, 0);
    say_more(more, sizeof more, outcome.doubtful);
    if (outcome.doubtful > 0)
        log_line(LOG_WARNING, "%s%s", outcome.first_doubtful, more);
    if (pthread_create(&watch->handle, NULL, run, watch))
        abort();
    *out = watch;
    return STATUS_OK;
}

void topic_watch_free(struct topic_watch *watch)
{
    if (!watch)
        return;
    (void)pthread_join(watch->handle, NULL);
    free(watch);
}
