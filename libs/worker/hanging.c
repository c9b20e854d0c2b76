#include "worker/hanging.h"

#include <inttypes.h>
#include <stdio.h>

void hanging_abort(const char *brokers, const char *topic, int32_t partition, int64_t offset,
                   char *out, size_t size)
{
    (void)snprintf(out, size,
                   "abort it: kafka-transactions.sh --bootstrap-server %.200s abort --topic %s "
                   "--partition %" PRId32 " --start-offset %" PRId64,
                   brokers ? brokers : "HOST:PORT", topic, partition, offset);
}
