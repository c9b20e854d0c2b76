/* Which partition a key belongs to, as Java producers decide it. */
#ifndef MILEPOST_BASE_PARTITION_H
#define MILEPOST_BASE_PARTITION_H

#include "base/slice.h"

/* MurmurHash2, 32 bits, with the seed of Kafka's Java client (org.apache.kafka.common.utils.Utils).
 */
uint32_t murmur2(struct slice key);

/* (murmur2(key) with the sign bit cleared) mod `count`; `count` > 0. */
int32_t partition_of(struct slice key, int32_t count);

#endif
