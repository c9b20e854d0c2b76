/* Handing records to librdkafka. Private to libs/kafka. */
#ifndef MILEPOST_KAFKA_OUTGOING_H
#define MILEPOST_KAFKA_OUTGOING_H

#include "base/log.h"
#include "kafka/handle.h"

struct outgoing_topic {
    const char *name;
    bool is_packed; /* not to be compressed again */
};

/* librdkafka's objects for `topics` in `*out`, to be closed also after a failure. */
MUST_CHECK
enum status outgoing_topics_open(rd_kafka_t *rk, const struct outgoing_topic *topics, size_t count,
                                 rd_kafka_topic_t ***out, char *detail);
void outgoing_topics_close(rd_kafka_topic_t **topics, size_t count); /* NULL is fine */

/* Asks for the topics' partitions, so that produce refuses a wrong one at once. REFUSED: a topic is
 * not there. */
MUST_CHECK
enum status outgoing_topics_learn(rd_kafka_t *rk, char *detail);

/* Queues a copy of `record`; its out_offset becomes the message's opaque. */
MUST_CHECK
rd_kafka_resp_err_t outgoing_hand_over(rd_kafka_t *rk, rd_kafka_topic_t *topic,
                                       const struct log_outgoing *record);

/* The same, waiting while the queue is full, up to a bound. Statuses of kafka_produce_status(). */
MUST_CHECK
enum status outgoing_insist(rd_kafka_t *rk, rd_kafka_topic_t *topic,
                            const struct log_outgoing *record, char *detail);

#endif
