/* Topics on a broker against the rules (topic_rules.h), and the right to truncate (JOURNAL.md
 * rule 8). */
#ifndef MILEPOST_OPS_TOPIC_CHECK_H
#define MILEPOST_OPS_TOPIC_CHECK_H

#include "ops/connect.h"
#include "ops/topic_rules.h"
#include "worker/stage.h"

enum { TOPIC_PARTITIONS_DEFAULT = 12 };

/* Checks the topics that `stage` reads or writes, or all when it is NULL; N is the number of
 * control's partitions (TOPIC_PARTITIONS_DEFAULT while there is no control). Statuses of
 * kafka_admin.h: OK says nothing about what was found. */
enum status topic_check(const struct connection *connection, struct kafka_admin *admin,
                        const struct stage *stage, const struct topic_findings *findings,
                        char *detail) MUST_CHECK;

/* Whether `stage` may delete records of what it truncates: tried with a request that deletes none.
 * REFUSED: not; `detail` names the command that allows it. */
enum status topic_check_truncation(const struct connection *connection, struct kafka_admin *admin,
                                   const struct stage *stage, char *detail) MUST_CHECK;

#endif
