#include "ops/lag.h"

static bool ask(const struct lag_watch *watch, const struct task *task, struct partition_lag *out)
{
    const struct log *log = watch->log;
    char detail[DETAIL_BYTES];
    out->loop = watch->loop;
    for (int topic = 0; topic < TOPIC_COUNT; topic++)
        out->records[topic] = HEALTH_LAG_UNKNOWN;
    for (size_t k = 0; k < watch->stage->input_count; k++) {
        enum topic topic = watch->stage->inputs[k];
        int64_t first;
        int64_t end;
        if (log->bounds(log->self, (int)topic, task->partition, &first, &end, detail))
            return false;
        int64_t place = task->small.positions[topic].offset;
        int64_t from = place < first ? first : place;
        out->records[topic] = end > from ? end - from : 0;
    }
    return true;
}

void lag_watch_step(struct lag_watch *watch, int64_t now_ms)
{
    if (now_ms - watch->asked_ms < LAG_EVERY_MS)
        return;
    watch->asked_ms = now_ms;
    for (int32_t i = 0; i < watch->partitions; i++) {
        int32_t partition = watch->next;
        watch->next = (partition + 1) % watch->partitions;
        const struct task *task = worker_task(watch->worker, partition);
        if (!task) {
            health_drop_lag(watch->health, partition, watch->loop);
            continue;
        }
        struct partition_lag lag;
        if (ask(watch, task, &lag))
            health_report_lag(watch->health, partition, &lag);
        return;
    }
}
