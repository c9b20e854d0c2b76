/* What a service knows of itself: what its loops last reported, and what follows for the probes.
 *
 * Loops report after every step; readers see the last report. Alive means progress: a loop that has
 * not stepped, or that holds work and neither commits nor restores, for HEALTH_LIVENESS_MS is dead,
 * whatever the process says. While a dependency does not answer there is no progress to be had, and
 * a restart would only lose the memory: then the limit is HEALTH_WAITING_MS. All functions may be
 * called from any thread. */
#ifndef MILEPOST_OPS_HEALTH_H
#define MILEPOST_OPS_HEALTH_H

#include "base/buffer.h"
#include "base/histogram.h"
#include "base/log.h"
#include "redis/tailer_kafka.h"
#include "worker/topics.h"
#include "worker/worker.h"

enum {
    HEALTH_LOOPS_MAX = 64,
    HEALTH_LIVENESS_MS = 120000,
    HEALTH_WAITING_MS = 1200000,
    HEALTH_LAG_UNKNOWN = -1,
};

struct loop_health {
    int64_t heartbeat_ms;    /* monotonic */
    int64_t committed_at_ms; /* of the last turn, since 1970; 0: none yet */
    int64_t restore_ms;      /* how long the partitions were last being taken */
    int64_t tasks;           /* in memory and assigned */
    bool is_ready;           /* all assigned partitions are taken */
    bool is_idle;            /* and nothing is left to do */
    bool is_waiting;         /* the step ended because a dependency does not answer */
    struct worker_counters counters;
    struct fold_counters fold;
    struct log_counters log;
    struct schemas_figures schemas;
    struct histogram steps;        /* ms, of steps that committed */
    struct histogram transactions; /* ms, of those that stand */
    struct histogram written;      /* records of each transaction that stands */
    int64_t event_lag_ms;          /* of the newest record committed, when it was */
};

/* Of one partition, by input topic: records up to the log's end that were not read. */
struct partition_lag {
    int loop;                     /* that has the partition; negative: none of this process */
    int64_t records[TOPIC_COUNT]; /* HEALTH_LAG_UNKNOWN: not an input, or not asked yet */
};

struct health;

/* `stage` is borrowed, `prefix` that of topics and groups, `loops` from 1 to HEALTH_LOOPS_MAX. */
struct health *health_new(const struct stage *stage, const char *prefix, int loops);
void health_free(struct health *health); /* NULL does nothing */

/* The first report of all loops being ready is told to systemd, and that they are alive. */
void health_report(struct health *health, int loop, const struct loop_health *report);
/* What `loop` has consumed of all `partitions`, and what became of it; copied. */
void health_report_work(struct health *health, int loop, const struct intake *intakes,
                        size_t partitions, const struct outcome_counts *outcomes);
/* What `lag->loop` finds of a partition that it has. */
void health_report_lag(struct health *health, int32_t partition, const struct partition_lag *lag);
/* `loop` does not have the partition; nothing happens when another has it. */
void health_drop_lag(struct health *health, int32_t partition, int loop);
/* Whether the tailer reaches Redis; not called: there is none. */
void health_report_redis(struct health *health, bool is_up);
/* What the tailer has done. */
void health_report_read_model(struct health *health, const struct tailer_figures *figures);
/* How many topic settings differed at the last check; not called: not checked yet. */
void health_report_topics(struct health *health, int wrong);
/* No new work is taken: not ready any more, and systemd is told. */
void health_drain(struct health *health);

/* The probes: whether it is well, and a JSON object in `out` that says why not. `now_ms` is
 * monotonic. */
bool health_livez(struct health *health, int64_t now_ms, struct buffer *out);
bool health_readyz(struct health *health, int64_t now_ms, struct buffer *out);
/* Whether all loops have been ready once. */
bool health_startupz(struct health *health, int64_t now_ms, struct buffer *out);

/* All figures, in the text format 0.0.4 or in that of OpenMetrics 1.0. */
void health_metrics(struct health *health, bool is_open_metrics, struct buffer *out);

#endif
