/* The thread of incentives that keeps Redis up to date, beside the loops and without a word to
 * them. */
#ifndef MILEPOST_OPS_READ_MODEL_THREAD_H
#define MILEPOST_OPS_READ_MODEL_THREAD_H

#include "ops/connect.h"
#include "ops/health.h"

struct read_model_thread;

/* NULL: redis.url is empty. Runs until a drain (signals.h); what cannot ever work is logged, and
 * the service goes on without Redis. All borrowed until the free. */
struct read_model_thread *read_model_thread_new(const struct config *config,
                                                const struct connection *connection,
                                                struct health *health);
void read_model_thread_free(struct read_model_thread *thread); /* Waits for its end. */

#endif
