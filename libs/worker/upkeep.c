/* What a worker sees to between turns: that nobody else truncates its journals (JOURNAL.md rule
 * 10), that both producers stay known to the broker (rule 13), and that inputs bring what they have
 * (stall.c). */
#include <inttypes.h>

#include "worker/worker_parts.h"

enum {
    LOOK_EVERY_MS = 1000,               /* at one journal */
    HEARTBEAT_MS = 24 * 60 * 60 * 1000, /* brokers forget an unused transactional id in 7 days */
};

/* What was truncated above the begin that committed offsets name, no restore could read: the state
 * is in memory only until a whole round of it stands in the journal again. */
static void look_at_journal(struct worker *worker, struct task *task)
{
    const struct log *log = worker->log;
    int64_t first;
    int64_t end;
    char detail[DETAIL_BYTES];
    if (task->rewrite != REWRITE_NONE)
        return;
    if (log->bounds(log->self, (int)task->stage->journal, task->partition, &first, &end, detail))
        return; /* nobody answers: the next turn says so */
    if (first <= task->named_begin)
        return;
    worker->counters.journal_alarms++;
    worker_say(worker, WORKER_ERROR,
               "%s partition %" PRId32 " starts at %" PRId64 ", above the begin %" PRId64
               " that the committed offsets name: somebody else deleted records of it; the whole "
               "state is written again from memory, do not stop this worker; then find out with: "
               "milepost topics check",
               worker->topic_names[task->stage->journal], task->partition, first,
               task->named_begin);
    task_rewrite(task, worker->config.rewrite_bytes);
}

static void look(struct worker *worker, int64_t now_ms)
{
    struct upkeep *upkeep = &worker->upkeep;
    if (worker->assigned_count == 0 || now_ms - upkeep->looked_ms < LOOK_EVERY_MS)
        return;
    upkeep->looked_ms = now_ms;
    struct task *task = worker->tasks[worker->assigned[upkeep->next++ % worker->assigned_count]];
    if (!task)
        return;
    look_at_journal(worker, task);
    worker_stall_look(worker, task);
}

/* Slots take turns, so a turn for each that was not used for a day uses them all. Without a task
 * there is nothing to commit; opening the producers anew is use enough. */
static void beat(struct worker *worker, int64_t now_ms)
{
    bool is_due = false;
    for (int slot = 0; slot < LOG_SLOTS; slot++)
        is_due |= now_ms - worker->upkeep.used_ms[slot] >= HEARTBEAT_MS;
    if (!is_due)
        return;
    struct task *task = worker->assigned_count ? worker->tasks[worker->assigned[0]] : NULL;
    if (task)
        task->has_more = true;
    else
        worker->is_open = false;
}

void worker_upkeep(struct worker *worker)
{
    int64_t now_ms = worker->config.clock.monotonic_ms(worker->config.clock.self);
    look(worker, now_ms);
    beat(worker, now_ms);
    worker_stall_step(worker);
}
