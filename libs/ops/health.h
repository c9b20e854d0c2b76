/* Health and metrics of a service, over HTTP on loopback: /metrics, /livez, /readyz, /startupz; and
 * a word to systemd.
 *
 * Loops report after every step; readers see the last report. Alive means progress: a loop that has
 * not stepped, or that holds work and commits nothing, for LIVENESS_MS is dead, whatever the
 * process says. */
#ifndef MILEPOST_OPS_HEALTH_H
#define MILEPOST_OPS_HEALTH_H

#include "ops/config.h"
#include "worker/worker.h"

enum { HEALTH_LIVENESS_MS = 120000 };

struct loop_health {
    int64_t heartbeat_ms; /* monotonic */
    bool is_ready;
    bool is_idle;
    struct worker_counters counters;
    struct fold_counters fold;
};

struct health;

/* Listens on admin.address:admin.port unless the port is 0. REFUSED: it cannot. */
enum status health_open(const char *service, const struct config *config, struct health **out,
                        char *detail) MUST_CHECK;
void health_report(struct health *health, int loop, const struct loop_health *report);
void health_close(struct health *health);

/* Whether the tailer reaches Redis; part of the metrics. */
void health_report_redis(struct health *health, bool is_up);

/* The port that is listened on; 0: none. */
int health_port(const struct health *health);

#endif
