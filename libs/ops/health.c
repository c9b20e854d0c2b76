#include "ops/health.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/json_text.h"
#include "ops/metrics.h"
#include "ops/notify.h"

enum { WATCHDOG_MS = 10000 };

struct loop_state {
    bool is_known;          /* it has stepped once */
    bool was_ready;         /* once at least */
    bool has_waited;        /* since the last progress */
    int64_t done;           /* at the last progress */
    int64_t progress_ms;    /* when something was last done, or nothing was left to do */
    struct intake *intakes; /* [partitions] */
    size_t partitions;
    struct outcome_counts outcomes;
};

struct health {
    struct metrics_names names;
    pthread_mutex_t lock;
    struct loop_state states[HEALTH_LOOPS_MAX];
    struct loop_health loops[HEALTH_LOOPS_MAX];
    int loop_count;
    struct partition_lag *lags; /* [lag_count], by partition */
    size_t lag_count;
    int redis_up; /* -1: no tailer */
    struct tailer_figures read_model;
    int topics_wrong; /* -1: not checked yet */
    bool is_announced;
    bool is_draining;
    int64_t watchdog_ms;
};

struct health *health_new(const struct stage *stage, const char *prefix, int loops)
{
    assert(loops > 0 && loops <= HEALTH_LOOPS_MAX);
    struct health *health = calloc(1, sizeof *health);
    if (!health)
        abort();
    health->names.service = stage->name;
    stage_group(stage, prefix, health->names.group);
    for (int topic = 0; topic < TOPIC_COUNT; topic++)
        if (!topic_full_name((enum topic)topic, prefix, health->names.topics[topic]))
            abort();
    health->redis_up = -1;
    health->topics_wrong = -1;
    health->loop_count = loops;
    pthread_mutex_init(&health->lock, NULL);
    return health;
}

void health_free(struct health *health)
{
    if (!health)
        return;
    for (int i = 0; i < health->loop_count; i++) {
        free(health->states[i].intakes);
        outcome_counts_deinit(&health->states[i].outcomes);
    }
    free(health->lags);
    pthread_mutex_destroy(&health->lock);
    free(health);
}

/* --- what loops report --- */

/* Grows with every piece of work that stands: a restore of hours is no standstill. */
static int64_t done_by(const struct worker_counters *counters)
{
    return counters->turns + counters->restores + counters->taken_records;
}

static void note(struct loop_state *state, const struct loop_health *report)
{
    int64_t done = done_by(&report->counters);
    if (!state->is_known || report->is_idle || done != state->done) {
        state->progress_ms = report->heartbeat_ms;
        state->has_waited = false;
    }
    state->has_waited |= report->is_waiting;
    state->was_ready |= report->is_ready;
    state->done = done;
    state->is_known = true;
}

static bool all_were_ready(const struct health *health)
{
    for (int i = 0; i < health->loop_count; i++)
        if (!health->states[i].was_ready)
            return false;
    return true;
}

static bool is_alive(const struct health *health, int loop, int64_t now_ms)
{
    const struct loop_state *state = &health->states[loop];
    int64_t patience_ms = state->has_waited ? HEALTH_WAITING_MS : HEALTH_LIVENESS_MS;
    /* Before its first step a loop waits for Kafka or the registry, which no restart repairs. */
    return !state->is_known || (now_ms - health->loops[loop].heartbeat_ms < HEALTH_LIVENESS_MS &&
                                now_ms - state->progress_ms < patience_ms);
}

static bool all_alive(const struct health *health, int64_t now_ms)
{
    for (int i = 0; i < health->loop_count; i++)
        if (!is_alive(health, i, now_ms))
            return false;
    return true;
}

void health_report(struct health *health, int loop, const struct loop_health *report)
{
    int64_t now_ms = report->heartbeat_ms;
    pthread_mutex_lock(&health->lock);
    note(&health->states[loop], report);
    health->loops[loop] = *report;
    bool announce = !health->is_announced && all_were_ready(health);
    health->is_announced |= announce;
    /* One loop that stands still is enough for no word to go out. */
    bool beat = now_ms - health->watchdog_ms >= WATCHDOG_MS && all_alive(health, now_ms);
    if (beat)
        health->watchdog_ms = now_ms;
    pthread_mutex_unlock(&health->lock);
    if (announce)
        notify_systemd("READY=1\nSTATUS=all partitions taken");
    if (beat)
        notify_systemd("WATCHDOG=1");
}

void health_report_work(struct health *health, int loop, const struct intake *intakes,
                        size_t partitions, const struct outcome_counts *outcomes)
{
    struct loop_state *state = &health->states[loop];
    pthread_mutex_lock(&health->lock);
    state->intakes = realloc(state->intakes, partitions * sizeof *intakes);
    if (!state->intakes)
        abort();
    memcpy(state->intakes, intakes, partitions * sizeof *intakes);
    state->partitions = partitions;
    outcome_counts_copy(&state->outcomes, outcomes);
    pthread_mutex_unlock(&health->lock);
}

static void make_room(struct health *health, size_t count)
{
    if (count <= health->lag_count)
        return;
    health->lags = realloc(health->lags, count * sizeof *health->lags);
    if (!health->lags)
        abort();
    while (health->lag_count < count)
        health->lags[health->lag_count++] = (struct partition_lag){.loop = -1};
}

void health_report_lag(struct health *health, int32_t partition, const struct partition_lag *lag)
{
    size_t index = (size_t)partition;
    pthread_mutex_lock(&health->lock);
    make_room(health, index + 1);
    health->lags[index] = *lag;
    pthread_mutex_unlock(&health->lock);
}

void health_drop_lag(struct health *health, int32_t partition, int loop)
{
    size_t index = (size_t)partition;
    pthread_mutex_lock(&health->lock);
    if (index < health->lag_count && health->lags[index].loop == loop)
        health->lags[index].loop = -1;
    pthread_mutex_unlock(&health->lock);
}

void health_report_redis(struct health *health, bool is_up)
{
    pthread_mutex_lock(&health->lock);
    health->redis_up = is_up;
    pthread_mutex_unlock(&health->lock);
}

void health_report_read_model(struct health *health, const struct tailer_figures *figures)
{
    pthread_mutex_lock(&health->lock);
    health->read_model = *figures;
    pthread_mutex_unlock(&health->lock);
}

void health_report_topics(struct health *health, int wrong)
{
    pthread_mutex_lock(&health->lock);
    health->topics_wrong = wrong;
    pthread_mutex_unlock(&health->lock);
}

void health_drain(struct health *health)
{
    pthread_mutex_lock(&health->lock);
    bool is_first = !health->is_draining;
    health->is_draining = true;
    pthread_mutex_unlock(&health->lock);
    if (is_first)
        notify_systemd("STOPPING=1");
}

/* --- what the probes answer --- */

static void begin_answer(struct buffer *out, const char *name, bool is_well)
{
    buffer_append_byte(out, '{');
    json_append_text(out, slice_of(name));
    buffer_append_slice(out, is_well ? SLICE(":true") : SLICE(":false"));
}

static bool end_answer(struct buffer *out, bool is_well)
{
    buffer_append_slice(out, SLICE("}\n"));
    return is_well;
}

static bool answer(struct buffer *out, const char *name, int loop, const char *why)
{
    begin_answer(out, name, why == NULL);
    if (why && loop >= 0)
        json_append_number(out, "loop", loop);
    if (why)
        json_append_field(out, "why", slice_of(why));
    return end_answer(out, why == NULL);
}

bool health_livez(struct health *health, int64_t now_ms, struct buffer *out)
{
    bool is_well = true;
    pthread_mutex_lock(&health->lock);
    int loop = 0;
    while (loop < health->loop_count && is_alive(health, loop, now_ms))
        loop++;
    is_well = loop == health->loop_count;
    begin_answer(out, "alive", is_well);
    if (!is_well) {
        json_append_number(out, "loop", loop);
        json_append_number(out, "silent_ms", now_ms - health->loops[loop].heartbeat_ms);
        json_append_number(out, "without_progress_ms", now_ms - health->states[loop].progress_ms);
    }
    pthread_mutex_unlock(&health->lock);
    return end_answer(out, is_well);
}

/* Why loop `loop` is not ready; NULL: it is. */
static const char *unready(const struct health *health, int loop, int64_t now_ms)
{
    if (!health->states[loop].is_known)
        return "starting: see the log for what it waits for";
    if (!health->loops[loop].is_ready)
        return "partitions not yet taken";
    if (!is_alive(health, loop, now_ms))
        return "no progress";
    return NULL;
}

bool health_readyz(struct health *health, int64_t now_ms, struct buffer *out)
{
    const char *why = NULL;
    int loop = -1;
    pthread_mutex_lock(&health->lock);
    if (health->is_draining)
        why = "draining";
    for (int i = 0; !why && i < health->loop_count; i++) {
        why = unready(health, i, now_ms);
        loop = i;
    }
    pthread_mutex_unlock(&health->lock);
    return answer(out, "ready", loop, why);
}

bool health_startupz(struct health *health, int64_t now_ms, struct buffer *out)
{
    (void)now_ms;
    pthread_mutex_lock(&health->lock);
    bool is_started = all_were_ready(health);
    pthread_mutex_unlock(&health->lock);
    return answer(out, "started", -1, is_started ? NULL : "partitions not yet taken");
}

void health_metrics(struct health *health, bool is_open_metrics, struct buffer *out)
{
    pthread_mutex_lock(&health->lock);
    struct metrics_work work[HEALTH_LOOPS_MAX];
    for (int i = 0; i < health->loop_count; i++)
        work[i] = (struct metrics_work){health->states[i].intakes, health->states[i].partitions,
                                        health->states[i].outcomes};
    struct metrics_input input = {
        .names = &health->names,
        .work = work,
        .loops = health->loops,
        .loop_count = (size_t)health->loop_count,
        .lags = health->lags,
        .lag_count = health->lag_count,
        .redis_up = health->redis_up,
        .read_model = health->read_model,
        .topics_wrong = health->topics_wrong,
    };
    metrics_write(&input, is_open_metrics, out);
    pthread_mutex_unlock(&health->lock);
}
