/* Transactions that somebody left open: behind one nothing committed can be read, so a restore or
 * an input waits without end. Past every timeout it is told, with the command that ends it. */
#include <inttypes.h>

#include "worker/hanging.h"
#include "worker/worker_parts.h"

enum {
    ABORT_LATE_MS = 15000,              /* brokers look every 10 s for what is overdue */
    INPUT_PATIENCE_MS = 16 * 60 * 1000, /* brokers allow a producer 15 minutes */
    TELL_EVERY_MS = 10 * 60 * 1000,
    PROBE_MS = 60000, /* for an answer */
};

static void tell(struct worker *worker, enum topic topic, int32_t partition, int64_t stable)
{
    const char *name = worker->topic_names[topic];
    char how[2 * DETAIL_BYTES];
    hanging_abort(worker->config.brokers, name, partition, stable, how, sizeof how);
    worker->counters.stalls++;
    worker_say(worker, WORKER_ERROR,
               "%s partition %" PRId32 ": a transaction that begins at offset %" PRId64
               " is open past every timeout, and nothing behind it can be read; %s",
               name, partition, stable, how);
}

static int64_t now_of(const struct worker *worker)
{
    return worker->config.clock.monotonic_ms(worker->config.clock.self);
}

/* Our own transactions end by our own timeout. */
static int64_t own_patience_ms(const struct worker *worker)
{
    return 2 * worker->config.transaction_ms + ABORT_LATE_MS;
}

static bool is_due(struct stall *stall, int64_t place, int64_t now_ms, int64_t patience_ms)
{
    if (stall->place != place || !stall->is_known) {
        *stall = (struct stall){.is_known = true, .place = place, .due_ms = now_ms + patience_ms};
        return false;
    }
    if (now_ms < stall->due_ms)
        return false;
    stall->due_ms = now_ms + TELL_EVERY_MS;
    return true;
}

void worker_stall_restore(struct worker *worker, int32_t partition, int64_t stable)
{
    if (is_due(&worker->take.stall, stable, now_of(worker), own_patience_ms(worker)))
        tell(worker, worker->config.stage->journal, partition, stable);
}

void worker_stall_offsets(struct worker *worker, bool is_waiting)
{
    struct stall *stall = &worker->offsets_stall;
    char detail[DETAIL_BYTES];
    int64_t first;
    int64_t end;
    if (!is_waiting)
        *stall = (struct stall){0};
    else if (is_due(stall, 0, now_of(worker), own_patience_ms(worker)) &&
             worker->assigned_count > 0 &&
             !worker->log->bounds(worker->log->self, (int)worker->config.stage->journal,
                                  worker->assigned[0], &first, &end, detail)) {
        char group[STAGE_GROUP_BYTES];
        stage_group(worker->config.stage, worker->config.prefix, group);
        worker->counters.stalls++;
        worker_say(worker, WORKER_ERROR,
                   "the committed offsets of group %s stay uncertain although the "
                   "brokers answer: a transaction hangs in __consumer_offsets; find it and abort "
                   "it: kafka-transactions.sh --bootstrap-server %s find-hanging --topic "
                   "__consumer_offsets",
                   group, worker->config.brokers ? worker->config.brokers : "HOST:PORT");
    }
}

/* --- inputs: read a second time from where we stand, to see how far that goes --- */

void worker_stall_close(struct worker *worker)
{
    struct probe *probe = &worker->probe;
    if (probe->reader)
        worker->log->reader_close(worker->log->self, probe->reader);
    *probe = (struct probe){0};
}

static void start_probe(struct worker *worker, struct task *task, size_t input)
{
    const struct log *log = worker->log;
    enum topic topic = task->stage->inputs[input];
    int64_t place = task->small.positions[topic].offset;
    int64_t first;
    int64_t end;
    char detail[DETAIL_BYTES];
    if (log->bounds(log->self, (int)topic, task->partition, &first, &end, detail) || end <= place ||
        first > place || end == task->seen_ends[input])
        return;
    if (log->reader_open(log->self, (int)topic, task->partition, place, &worker->probe.reader,
                         detail))
        worker->probe.reader = NULL;
    worker->probe.partition = task->partition;
    worker->probe.input = input;
    worker->probe.end = end;
    worker->probe.until_ms = now_of(worker) + PROBE_MS;
}

/* A record means that ours is still under way; the end, that only markers stand there. */
static void go_on_probing(struct worker *worker)
{
    struct probe *probe = &worker->probe;
    const struct log_record *record = NULL;
    int64_t stable = -1;
    char detail[DETAIL_BYTES];
    struct task *task = worker->tasks[probe->partition];
    enum status status =
        worker->log->reader_next(worker->log->self, probe->reader, 0, &record, &stable, detail);
    if (!status && !record && stable < 0 && now_of(worker) < probe->until_ms)
        return;
    if (!status && !record && task && stable >= probe->end)
        task->seen_ends[probe->input] = probe->end;
    else if (!status && !record && stable >= 0)
        tell(worker, worker->config.stage->inputs[probe->input], probe->partition, stable);
    worker_stall_close(worker);
}

void worker_stall_look(struct worker *worker, struct task *task)
{
    for (size_t k = 0; k < task->stage->input_count && !worker->probe.reader; k++)
        if (is_due(&task->stalls[k], task->small.positions[task->stage->inputs[k]].offset,
                   now_of(worker), INPUT_PATIENCE_MS))
            start_probe(worker, task, k);
}

void worker_stall_step(struct worker *worker)
{
    if (worker->probe.reader)
        go_on_probing(worker);
}
