/* The few of librdkafka's statistics that are passed on, read from its JSON. Private to libs/kafka.
 */
#ifndef MILEPOST_KAFKA_STATISTICS_H
#define MILEPOST_KAFKA_STATISTICS_H

#include "base/log.h"

/* Of the client that `json` is about. What is not in it, or has another form, stays 0. */
void statistics_read(struct slice json, struct log_client *out);

/* `into` as the figures of both clients: the slower, the sum, the larger. */
void statistics_merge(struct log_client *into, const struct log_client *other);

#endif
