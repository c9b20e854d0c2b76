/* Figures as text for Prometheus. The table in metrics.c is the list of all of them. */
#ifndef MILEPOST_OPS_METRICS_H
#define MILEPOST_OPS_METRICS_H

#include "ops/health.h"

/* What labels say. */
struct metrics_names {
    const char *service;
    char group[STAGE_GROUP_BYTES];
    char topics[TOPIC_COUNT][TOPIC_NAME_BYTES]; /* full names */
};

/* What one loop has done. */
struct metrics_work {
    const struct intake *intakes; /* [intake_count], by partition */
    size_t intake_count;
    struct outcome_counts outcomes;
};

/* What is written; all borrowed. */
struct metrics_input {
    const struct metrics_names *names;
    const struct loop_health *loops;
    const struct metrics_work *work; /* [loop_count] */
    size_t loop_count;
    const struct partition_lag *lags; /* by partition */
    size_t lag_count;
    int redis_up; /* -1: there is no tailer */
    struct tailer_figures read_model;
    int topics_wrong; /* -1: not checked yet */
};

/* Text format 0.0.4, or OpenMetrics 1.0 with its # EOF. Counters are summed over loops. */
void metrics_write(const struct metrics_input *input, bool is_open_metrics, struct buffer *out);

#endif
