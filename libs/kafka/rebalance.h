/* What the group's coordinator decided, as tasks. Private to libs/kafka. */
#ifndef MILEPOST_KAFKA_REBALANCE_H
#define MILEPOST_KAFKA_REBALANCE_H

#include "kafka/membership.h"

/* librdkafka's rebalance callback; the handle's owner is a struct membership. It captures the
 * generation and assigns nothing; listeners are told by rebalance_serve(). */
void rebalance_noted(rd_kafka_t *rk, rd_kafka_resp_err_t code,
                     rd_kafka_topic_partition_list_t *partitions, void *opaque);

/* Tells the listener what was noted. True when tasks were taken away. */
bool rebalance_serve(struct membership *membership);

/* Takes the tasks away now: tells the listener, drops what is held and the generation. */
void rebalance_revoke(struct membership *membership);

/* Whether the group's coordinator knows this member, as far as librdkafka can tell. */
bool rebalance_has_member_id(rd_kafka_t *rk);

#endif
