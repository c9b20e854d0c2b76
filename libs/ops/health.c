#include "ops/health.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "ops/notify.h"
#include "ops/version.h"

enum { LOOPS_MAX = 64, WATCHDOG_MS = 10000 };

struct loop_state {
    bool is_known;
    struct loop_health last;
    int64_t turns;       /* at the last progress */
    int64_t progress_ms; /* when a turn was last committed or nothing was left to do */
};

struct health {
    const char *service;
    pthread_mutex_t lock;
    struct loop_state loops[LOOPS_MAX];
    int loop_count;
    int redis_up; /* -1: no tailer */
    bool is_announced;
    int64_t watchdog_ms;
    struct MHD_Daemon *daemon;
    int port;
};

static int64_t now_ms(void)
{
    struct clock clock = clock_system();
    return clock.monotonic_ms(clock.self);
}

/* --- what is said --- */

struct metric {
    const char *name;
    const char *type;
    const char *help;
    size_t offset; /* in struct loop_health, of an int64_t; summed over loops */
};

#define COUNTER(name, member, help)                                                                \
    {                                                                                              \
        name, "counter", help, offsetof(struct loop_health, member)                                \
    }
#define GAUGE(name, member, help)                                                                  \
    {                                                                                              \
        name, "gauge", help, offsetof(struct loop_health, member)                                  \
    }

static const struct metric metrics[] = {
    COUNTER("milepost_records_consumed_total", counters.records, "Records consumed and committed"),
    COUNTER("milepost_rows_processed_total", counters.rows, "Rows applied and committed"),
    COUNTER("milepost_turns_total", counters.turns, "Transactions committed"),
    COUNTER("milepost_payouts_published_total", counters.payouts, "Payouts published"),
    COUNTER("milepost_attainment_published_total", counters.attainments, "Attainment records"),
    COUNTER("milepost_credits_written_total", counters.credits, "Credits written"),
    COUNTER("milepost_events_dlq_total", counters.dead_letters, "Dead letters written"),
    COUNTER("milepost_txn_aborts_total", counters.aborts, "Turns undone for an outside reason"),
    COUNTER("milepost_retakes_total", counters.retakes, "Partitions taken again after a fence"),
    COUNTER("milepost_state_restores_total", counters.restores, "Tasks restored"),
    COUNTER("milepost_state_restored_rows_total", counters.restored_rows, "Rows restored"),
    COUNTER("milepost_journal_bytes_total", counters.journal_bytes, "Journal bytes, packed"),
    COUNTER("milepost_duplicates_dropped_total", fold.duplicates, "Duplicates recognised"),
    GAUGE("milepost_state_books", fold.books, "Books in memory"),
    GAUGE("milepost_state_keys", fold.rows, "Rows in memory"),
    GAUGE("milepost_rows_waiting", fold.waiting, "Rows that cannot be valued yet"),
    GAUGE("milepost_keys_held", fold.held, "Keys on hold"),
    GAUGE("milepost_attainment_pending", fold.pending, "Attainment keys not yet published"),
    GAUGE("milepost_changes_queued", fold.queued, "Large changes still draining"),
};

static void say_metrics(struct health *health, struct buffer *out)
{
    for (size_t m = 0; m < sizeof metrics / sizeof metrics[0]; m++) {
        int64_t sum = 0;
        for (int i = 0; i < health->loop_count; i++)
            sum += *(const int64_t *)(const void *)((const char *)&health->loops[i].last +
                                                    metrics[m].offset);
        buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s{service=\"%s\"} %" PRId64 "\n",
                      metrics[m].name, metrics[m].help, metrics[m].name, metrics[m].type,
                      metrics[m].name, health->service, sum);
    }
    if (health->redis_up >= 0)
        buffer_printf(out,
                      "# HELP milepost_redis_up Whether Redis answers\n"
                      "# TYPE milepost_redis_up gauge\nmilepost_redis_up %d\n",
                      health->redis_up);
    buffer_printf(out,
                  "# HELP milepost_build_info Version\n# TYPE milepost_build_info gauge\n"
                  "milepost_build_info{version=\"%s\"} 1\n",
                  MILEPOST_VERSION);
}

static bool say_liveness(struct health *health, struct buffer *out)
{
    int64_t now = now_ms();
    for (int i = 0; i < health->loop_count; i++) {
        const struct loop_state *loop = &health->loops[i];
        int64_t silent = now - loop->last.heartbeat_ms;
        int64_t stuck = now - loop->progress_ms;
        if (!loop->is_known || (silent < HEALTH_LIVENESS_MS && stuck < HEALTH_LIVENESS_MS))
            continue;
        buffer_printf(out,
                      "{\"alive\":false,\"loop\":%d,\"silent_ms\":%" PRId64
                      ",\"without_progress_ms\":%" PRId64 "}\n",
                      i, silent, stuck);
        return false;
    }
    buffer_printf(out, "{\"alive\":true}\n");
    return true;
}

static bool say_readiness(struct health *health, struct buffer *out)
{
    for (int i = 0; i < health->loop_count; i++) {
        if (health->loops[i].is_known && health->loops[i].last.is_ready)
            continue;
        buffer_printf(out, "{\"ready\":false,\"loop\":%d,\"why\":\"partitions not yet taken\"}\n",
                      i);
        return false;
    }
    bool ready = health->loop_count > 0;
    buffer_printf(out, "{\"ready\":%s}\n", ready ? "true" : "false");
    return ready;
}

/* --- HTTP --- */

static unsigned status_for(bool fine)
{
    return fine ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
}

static unsigned answer(struct health *health, const char *path, struct buffer *out,
                       const char **type)
{
    *type = "application/json";
    if (strcmp(path, "/livez") == 0)
        return status_for(say_liveness(health, out));
    if (strcmp(path, "/readyz") == 0 || strcmp(path, "/startupz") == 0)
        return status_for(say_readiness(health, out));
    *type = "text/plain; version=0.0.4; charset=utf-8";
    if (strcmp(path, "/metrics") == 0) {
        say_metrics(health, out);
        return MHD_HTTP_OK;
    }
    buffer_printf(out, "/metrics /livez /readyz /startupz\n");
    return MHD_HTTP_NOT_FOUND;
}

static enum MHD_Result on_request(void *self, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_bytes, void **state)
{
    (void)version;
    (void)data;
    (void)state;
    struct health *health = self;
    if (*data_bytes || strcmp(method, "GET") != 0)
        return MHD_NO;
    struct buffer body = {0};
    const char *type;
    pthread_mutex_lock(&health->lock);
    unsigned status = answer(health, path, &body, &type);
    pthread_mutex_unlock(&health->lock);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body.length, body.bytes, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result result = MHD_NO;
    if (response) {
        (void)MHD_add_response_header(response, "Content-Type", type);
        result = MHD_queue_response(connection, status, response);
        MHD_destroy_response(response);
    }
    buffer_deinit(&body);
    return result;
}

static enum status listen_on(struct health *health, const char *address, int port, char *detail)
{
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, address, &where.sin_addr) == 1)
        health->daemon = MHD_start_daemon(
            MHD_USE_INTERNAL_POLLING_THREAD, (uint16_t)port, NULL, NULL, on_request, health,
            MHD_OPTION_SOCK_ADDR, (struct sockaddr *)(void *)&where, MHD_OPTION_CONNECTION_LIMIT,
            32u, MHD_OPTION_CONNECTION_TIMEOUT, 10u, MHD_OPTION_END);
    if (!health->daemon) {
        (void)snprintf(detail, DETAIL_BYTES,
                       "cannot listen on admin.address %s admin.port %d; is another process there?",
                       address, port);
        return STATUS_REFUSED;
    }
    health->port = port;
    return STATUS_OK;
}

enum status health_open(const char *service, const struct config *config, struct health **out,
                        char *detail)
{
    struct health *health = calloc(1, sizeof *health);
    if (!health)
        abort();
    health->service = service;
    health->redis_up = -1;
    health->loop_count = (int)config_integer(config, "loops");
    pthread_mutex_init(&health->lock, NULL);
    int port = (int)config_integer(config, "admin.port");
    enum status status = STATUS_OK;
    if (port != 0)
        status = listen_on(health, config_text(config, "admin.address"), port, detail);
    if (status) {
        health_close(health);
        return status;
    }
    *out = health;
    return STATUS_OK;
}

static bool all_ready(const struct health *health)
{
    for (int i = 0; i < health->loop_count; i++)
        if (!health->loops[i].last.is_ready)
            return false;
    return true;
}

void health_report(struct health *health, int loop, const struct loop_health *report)
{
    pthread_mutex_lock(&health->lock);
    struct loop_state *state = &health->loops[loop];
    if (!state->is_known || report->is_idle || report->counters.turns != state->turns)
        state->progress_ms = report->heartbeat_ms;
    state->turns = report->counters.turns;
    state->last = *report;
    state->is_known = true;
    bool announce = !health->is_announced && all_ready(health);
    health->is_announced |= announce;
    bool beat = report->heartbeat_ms - health->watchdog_ms >= WATCHDOG_MS;
    if (beat)
        health->watchdog_ms = report->heartbeat_ms;
    pthread_mutex_unlock(&health->lock);
    if (announce)
        notify_systemd("READY=1\nSTATUS=all partitions taken");
    if (beat)
        notify_systemd("WATCHDOG=1");
}

void health_report_redis(struct health *health, bool is_up)
{
    pthread_mutex_lock(&health->lock);
    health->redis_up = is_up;
    pthread_mutex_unlock(&health->lock);
}

int health_port(const struct health *health)
{
    return health->port;
}

void health_close(struct health *health)
{
    if (!health)
        return;
    notify_systemd("STOPPING=1");
    if (health->daemon)
        MHD_stop_daemon(health->daemon);
    pthread_mutex_destroy(&health->lock);
    free(health);
}
