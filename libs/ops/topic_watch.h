/* A service's eye on its topics: checked at start, when a difference ends the service, and from
 * then on every `topics.check.interval` on a thread of its own, when it is an error in the log and
 * the figure milepost_topic_settings_wrong. */
#ifndef MILEPOST_OPS_TOPIC_WATCH_H
#define MILEPOST_OPS_TOPIC_WATCH_H

#include "ops/connect.h"
#include "ops/health.h"

struct topic_watch;

/* Waits for Kafka and checks what `stage` reads, writes and truncates. Arguments are borrowed.
 * REFUSED: a setting or right is not what it must be; `detail` names the command that repairs it.
 * UNAVAILABLE: a drain ended the waiting. */
enum status topic_watch_new(const struct config *config, const struct connection *connection,
                            const struct stage *stage, struct health *health,
                            struct topic_watch **out, char *detail) MUST_CHECK;

/* Waits for the thread, which ends with a drain. NULL does nothing. */
void topic_watch_free(struct topic_watch *watch);

#endif
