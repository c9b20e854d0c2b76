/* The log of base/log.h on a real Kafka, over librdkafka.
 *
 * Exactly-once rests on settings that nobody can override (kafka_settings.h): read_committed and
 * stable offsets, static membership with eager range assignment, two idempotent transactional
 * producers, no automatic offsets. One thread; librdkafka's callbacks run inside its calls.
 *
 * Beyond base/log.h: poll() answers OUT_OF_RANGE when an assigned position lies outside the log and
 * CORRUPT when records were skipped because their bytes are damaged, and assign() is the way on
 * from both; send_offsets() and commit() answer EXHAUSTED when the broker found a record too large.
 */
#ifndef MILEPOST_KAFKA_LOG_H
#define MILEPOST_KAFKA_LOG_H

#include "base/log.h"
#include "kafka/kafka_endpoint.h"

struct kafka_log_topic {
    const char *name;
    bool is_input;  /* the group subscribes to it; partition p of every input makes task p */
    bool is_packed; /* its values are compressed already */
};

/* Everything pointed to must outlive the log. Zeros mean the defaults. */
struct kafka_log_config {
    struct kafka_endpoint endpoint;
    const struct kafka_log_topic *topics; /* the index in here is the log's `topic` */
    size_t topic_count;
    const char *group;
    const char *member; /* group.instance.id: this loop's name, the same after a restart */
    const char
        *transactional_prefix;  /* the producers are named PREFIX-0 and PREFIX-1; one loop's own */
    int session_timeout_ms;     /* 30,000; the broker allows 6,000 to 1,800,000 */
    int transaction_timeout_ms; /* 15,000 */
};

/* Opens a log and subscribes; nothing is waited for, so brokers may be away. The loop calls
 * reopen() before anything else and poll() from then on. REFUSED: a setting cannot work. */
MUST_CHECK
enum status kafka_log_open(const struct kafka_log_config *config, struct log_listener listener,
                           struct log *out, char *detail);

/* For tests: ends the log as if its process had died, so that nothing is aborted and nobody told.
 */
void kafka_log_kill(struct log *log);

#endif
