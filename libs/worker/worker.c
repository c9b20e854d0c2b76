/* The step: poll, take, run turns; and what each status leads to. */
#include "worker/worker.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "worker/hazard.h"
#include "worker/worker_parts.h"

enum {
    ROWS_MAX = 20000,
    BYTES_MAX = 16 * 1024 * 1024,
    PUBLISH_MAX = 1000,
    DRAIN_MS = 5,
    FENCED_MAX = 5, /* without a commit between: another worker has our name */
    TRANSACTION_MS = 15000,
    REWRITE_BYTES = 16 * 1024 * 1024,
    SCRATCH_BYTES_MAX = 64 * 1024 * 1024,
};

static void fill_defaults(struct worker_config *config)
{
    if (config->rows_max == 0)
        config->rows_max = ROWS_MAX;
    if (config->bytes_max == 0)
        config->bytes_max = BYTES_MAX;
    if (config->publish_max == 0)
        config->publish_max = PUBLISH_MAX;
    if (config->drain_ms == 0)
        config->drain_ms = DRAIN_MS;
    if (config->keep_ms == 0)
        config->keep_ms = RETENTION_KEEP_MS;
    if (config->free_bytes == 0)
        config->free_bytes = RETENTION_FREE_BYTES;
    if (config->rewrite_bytes == 0)
        config->rewrite_bytes = REWRITE_BYTES;
    if (config->transaction_ms == 0)
        config->transaction_ms = TRANSACTION_MS;
}

static void *take_zeroed(size_t count, size_t size)
{
    void *taken = calloc(count, size);
    if (!taken)
        abort();
    return taken;
}

struct worker *worker_new(const struct worker_config *config)
{
    struct worker *worker = take_zeroed(1, sizeof *worker);
    worker->config = *config;
    fill_defaults(&worker->config);
    size_t partitions = (size_t)config->partitions;
    worker->random = config->seed;
    worker->rows_limit = worker->config.rows_max;
    worker->tasks = take_zeroed(partitions, sizeof *worker->tasks);
    worker->assigned = take_zeroed(partitions, sizeof *worker->assigned);
    worker->intakes = take_zeroed(partitions, sizeof *worker->intakes);
    worker->offsets = take_zeroed(partitions * STAGE_INPUTS_MAX, sizeof *worker->offsets);
    arena_init_growing(&worker->scratch, SCRATCH_BYTES_MAX);
    for (int topic = 0; topic < TOPIC_COUNT; topic++)
        if (!topic_full_name((enum topic)topic, config->prefix, worker->topic_names[topic]))
            abort();
    return worker;
}

static void drop_task(struct worker *worker, int32_t partition)
{
    task_free(worker->tasks[partition]);
    worker->tasks[partition] = NULL;
}

static void drop_all(struct worker *worker)
{
    for (int32_t p = 0; p < worker->config.partitions; p++)
        drop_task(worker, p);
}

void worker_free(struct worker *worker)
{
    if (!worker)
        return;
    worker_take_reset(worker);
    worker_stall_close(worker);
    free(worker->take.positions);
    drop_all(worker);
    free(worker->tasks);
    free(worker->assigned);
    free(worker->intakes);
    outcome_counts_deinit(&worker->outcomes);
    free(worker->offsets);
    free(worker->held);
    arena_deinit(&worker->scratch);
    free(worker);
}

void worker_say(struct worker *worker, enum worker_level level, const char *format, ...)
{
    if (!worker->config.say)
        return;
    char sentence[2 * DETAIL_BYTES];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    worker->config.say(worker->config.say_self, level, sentence);
}

bool worker_is_assigned(const struct worker *worker, int32_t partition)
{
    for (size_t i = 0; i < worker->assigned_count; i++)
        if (worker->assigned[i] == partition)
            return true;
    return false;
}

static void forget_held(struct worker *worker)
{
    worker->held_count = 0;
    worker->held_bytes = 0;
    worker->is_dry = false;
}

/* No turn is open here: polling happens between turns only. */
static void on_assigned(void *self, const int32_t *partitions, size_t count)
{
    struct worker *worker = self;
    assert(count <= (size_t)worker->config.partitions);
    memcpy(worker->assigned, partitions, count * sizeof *partitions);
    worker->assigned_count = count;
    worker_take_reset(worker);
    worker->take.is_due = true;
    forget_held(worker);
    worker_say(worker, WORKER_INFO, "assigned %zu partitions", count);
}

/* Memory is kept: when a partition comes back with the same turn and word it is still right. */
static void on_revoked(void *self)
{
    struct worker *worker = self;
    worker_take_reset(worker);
    worker->assigned_count = 0;
    worker->take.is_due = false;
    worker->must_rewind = false;
    forget_held(worker);
    worker_say(worker, WORKER_INFO, "partitions revoked");
}

struct log_listener worker_listener(struct worker *worker)
{
    return (struct log_listener){worker, on_assigned, on_revoked};
}

void worker_attach(struct worker *worker, const struct log *log)
{
    worker->log = log;
}

static void hold(struct worker *worker, const struct log_record *records, size_t count)
{
    if (worker->held_count + count > worker->held_capacity) {
        worker->held_capacity = (worker->held_count + count) * 2;
        worker->held = realloc(worker->held, worker->held_capacity * sizeof *worker->held);
        if (!worker->held)
            abort();
    }
    memcpy(worker->held + worker->held_count, records, count * sizeof *records);
    worker->held_count += count;
    for (size_t i = 0; i < count; i++)
        worker->held_bytes += records[i].value.length;
}

static bool any_more(const struct worker *worker)
{
    for (size_t i = 0; i < worker->assigned_count; i++) {
        const struct task *task = worker->tasks[worker->assigned[i]];
        if (task && task->has_more)
            return true;
    }
    return false;
}

/* Polls until nothing more is there at once, or the batch is full. */
static enum status poll_batch(struct worker *worker, int timeout_ms, char *detail)
{
    const struct log *log = worker->log;
    bool busy = any_more(worker) || worker->take.is_due;
    for (int wait_ms = busy ? 0 : timeout_ms;; wait_ms = 0) {
        const struct log_record *records = NULL;
        size_t count = 0;
        size_t room = worker->config.rows_max - worker->held_count;
        enum status status = log->poll(log->self, wait_ms, room, &records, &count, detail);
        if (status)
            return status;
        worker->is_dry = count == 0;
        if (count == 0)
            return STATUS_OK;
        hold(worker, records, count);
        if (worker->held_count >= worker->config.rows_max ||
            worker->held_bytes >= worker->config.bytes_max)
            return STATUS_OK;
    }
}

/* After a fatal error or an unknown outcome nothing in memory can be believed (rule of DESIGN 4).
 */
static enum status retake(struct worker *worker, const char *why, char *detail)
{
    worker->is_open = false;
    worker->is_aborting = false;
    worker->counters.retakes++;
    worker_say(worker, WORKER_WARNING,
               "the transaction's outcome is unknown or we were fenced, "
               "taking all partitions again: %s",
               why);
    worker->log->release(worker->log->self, SIZE_MAX);
    forget_held(worker);
    if (++worker->fenced >= FENCED_MAX)
        return STATUS_FENCED;
    if (hazard_is(HAZARD_NO_FENCE))
        return worker_rewind(worker, detail);
    drop_all(worker);
    worker_take_reset(worker);
    worker->take.is_due = worker->assigned_count > 0;
    return worker->log->assign(worker->log->self, NULL, 0, detail);
}

enum status worker_rewind(struct worker *worker, char *detail)
{
    worker->must_rewind = true;
    worker->log->release(worker->log->self, SIZE_MAX);
    forget_held(worker);
    size_t count = 0;
    for (size_t i = 0; i < worker->assigned_count; i++) {
        const struct task *task = worker->tasks[worker->assigned[i]];
        for (size_t k = 0; task && k < worker->config.stage->input_count; k++) {
            enum topic topic = worker->config.stage->inputs[k];
            worker->offsets[count++] =
                (struct log_position){.topic = (int)topic,
                                      .partition = task->partition,
                                      .offset = task->small.positions[topic].offset};
        }
    }
    enum status status = worker->log->assign(worker->log->self, worker->offsets, count, detail);
    worker->must_rewind = status != STATUS_OK;
    return status;
}

/* A failed transaction is aborted before anything else happens; while nobody answers, it waits. */
static enum status finish_abort(struct worker *worker, char *detail)
{
    if (!worker->is_aborting)
        return STATUS_OK;
    enum status status = worker->log->abort(worker->log->self, worker->slot, detail);
    worker->is_aborting = status == STATUS_UNAVAILABLE;
    if (status == STATUS_OK || status == STATUS_UNAVAILABLE)
        return status;
    return retake(worker, detail, detail);
}

/* What a turn's failure leads to; the original status is what the caller sees. */
static enum status after_failure(struct worker *worker, enum status status, char *detail)
{
    char why[DETAIL_BYTES];
    (void)snprintf(why, sizeof why, "%s", detail);
    if (status == STATUS_FENCED)
        return retake(worker, why, detail);
    if (status_disposition(status) == DISPOSE_STOP)
        return status;
    worker_say(worker, WORKER_WARNING, "turn undone (%s): %s", status_name(status), why);
    enum status aborted = finish_abort(worker, detail);
    if (aborted || !worker->is_open)
        return aborted;
    enum status rewound = worker_rewind(worker, detail);
    if (rewound)
        return rewound;
    if (status == STATUS_UNAVAILABLE) {
        (void)snprintf(detail, DETAIL_BYTES, "%s", why);
        return status;
    }
    return STATUS_OK;
}

static enum status run_turns(struct worker *worker, char *detail)
{
    do {
        enum status status = worker_turn(worker, detail);
        if (status)
            return after_failure(worker, status, detail);
    } while (worker->held_count > 0);
    return STATUS_OK;
}

static enum status open_producers(struct worker *worker, char *detail)
{
    if (worker->is_open)
        return STATUS_OK;
    enum status status = worker->log->reopen(worker->log->self, detail);
    worker->is_open = status == STATUS_OK;
    worker->slot = 0;
    for (int slot = 0; slot < LOG_SLOTS; slot++)
        worker->upkeep.used_ms[slot] = worker->config.clock.monotonic_ms(worker->config.clock.self);
    return status;
}

enum status worker_step(struct worker *worker, int timeout_ms, char *detail)
{
    assert(worker->log);
    enum status status = open_producers(worker, detail);
    if (!status && worker->is_aborting) {
        worker->must_rewind = true;
        status = finish_abort(worker, detail);
    }
    if (!status && worker->is_open && worker->must_rewind && !worker->take.is_due)
        status = worker_rewind(worker, detail);
    if (status || !worker->is_open)
        return status;
    status = poll_batch(worker, timeout_ms, detail);
    if (status)
        return status;
    if (worker->take.is_due) {
        status = worker_take(worker, detail);
        return status == STATUS_FENCED ? retake(worker, detail, detail) : status;
    }
    worker_upkeep(worker);
    if (worker->held_count == 0 && !any_more(worker))
        return STATUS_OK;
    return run_turns(worker, detail);
}

bool worker_is_ready(const struct worker *worker)
{
    return worker->is_open && !worker->take.is_due;
}

bool worker_is_idle(const struct worker *worker)
{
    return worker_is_ready(worker) && !worker->must_rewind && worker->held_count == 0 &&
           worker->is_dry && !any_more(worker);
}

struct worker_counters worker_counters(const struct worker *worker)
{
    return worker->counters;
}

const struct intake *worker_intakes(const struct worker *worker)
{
    return worker->intakes;
}

const struct outcome_counts *worker_outcomes(const struct worker *worker)
{
    return &worker->outcomes;
}

struct fold_counters worker_fold_counters(const struct worker *worker)
{
    struct fold_counters sum = {0};
    for (size_t i = 0; i < worker->assigned_count; i++) {
        const struct task *task = worker->tasks[worker->assigned[i]];
        if (!task)
            continue;
        struct fold_counters one = task->fold->counters(task->fold->self);
        sum.books += one.books;
        sum.rows += one.rows;
        sum.waiting += one.waiting;
        sum.held += one.held;
        sum.pending += one.pending;
        sum.queued += one.queued;
        sum.unread += one.unread;
    }
    return sum;
}

const struct task *worker_task(const struct worker *worker, int32_t partition)
{
    return worker_is_assigned(worker, partition) ? worker->tasks[partition] : NULL;
}
