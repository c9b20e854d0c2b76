/* One loop of a service: a thread with its own schemas, log and worker. */
#ifndef MILEPOST_OPS_LOOP_H
#define MILEPOST_OPS_LOOP_H

#include "kafka/kafka_log.h"
#include "ops/connect.h"
#include "ops/health.h"
#include "ops/log_line.h"

/* Of `instance`, in bytes. */
enum { LOOP_INSTANCE_MAX = 128 };
enum { LOOP_NAME_BYTES = STAGE_GROUP_BYTES + LOOP_INSTANCE_MAX + 50 };

/* Filled by the service; all borrowed, for as long as the loop runs. */
struct loop_config {
    const struct stage *stage;
    const struct config *config;
    const struct connection *connection;
    struct health *health;
    int index;
};

struct loop {
    struct loop_config config;
    struct log_field field; /* names the loop in the log */
    char group[STAGE_GROUP_BYTES];
    char member[LOOP_NAME_BYTES];
    char transactional[LOOP_NAME_BYTES];
    struct kafka_log_topic topics[TOPIC_COUNT]; /* the log keeps pointing here */
    int32_t partitions;                         /* N */
    struct schemas *schemas;
    struct log log;
    struct worker *worker;
    char complaint[DETAIL_BYTES]; /* the last one logged */
    int pause_ms;                 /* after the next turn that is undone */
    int64_t unready_ms;           /* since when partitions are being taken */
    struct loop_health seen;      /* as last reported */
};

void loop_init(struct loop *loop, const struct loop_config *config);
void loop_deinit(struct loop *loop); /* Twice is fine. */

/* Waits for Kafka and the registry, then steps until a drain (signals.h): OK. REFUSED, CORRUPT,
 * FENCED and the like: it cannot go on, `detail` says why. */
enum status loop_run(struct loop *loop, char *detail) MUST_CHECK;

#endif
