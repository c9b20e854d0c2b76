/* Transactions that somebody left open: behind one nothing committed can be read, and only a
 * person's command ends it. */
#ifndef MILEPOST_WORKER_HANGING_H
#define MILEPOST_WORKER_HANGING_H

#include <stddef.h>
#include <stdint.h>

/* The end of a sentence about a transaction that begins at `offset` of the topic's partition: how
 * to abort it. `brokers` NULL: a placeholder stands for them. Cut to `size`. */
void hanging_abort(const char *brokers, const char *topic, int32_t partition, int64_t offset,
                   char *out, size_t size);

#endif
