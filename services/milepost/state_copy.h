/* A copy of a task's state, restored from its journal to look at or to try something on. Nothing is
 * written. */
#ifndef MILEPOST_MILEPOST_STATE_COPY_H
#define MILEPOST_MILEPOST_STATE_COPY_H

#include "kafka/kafka_client.h"
#include "ops/connect.h"
#include "worker/task.h"

struct state_source {
    const struct connection *connection;
    struct schemas *schemas;
    int32_t partitions;
    struct kafka_admin *admin;
    struct kafka_reader *reader;
    struct kafka_reader_config config;
    const char *names[TOPIC_COUNT];
};

/* Fills a source of the caller's, which must stay where it is. */
enum status state_source_open(struct state_source *source, const struct connection *connection,
                              struct schemas *schemas, int32_t partitions, char *detail) MUST_CHECK;
void state_source_close(struct state_source *source); /* Accepts a zeroed one. */

struct state_copy {
    struct task *task; /* in a turn that never ends, so that folds may change it */
};

/* The state of the last committed turn of task `partition`; that of a fresh task when it has none.
 * UNAVAILABLE: no answer within about a minute; CORRUPT as a restore. */
enum status state_copy_open(struct state_copy *copy, const struct state_source *source,
                            const struct stage *stage, int32_t partition, char *detail) MUST_CHECK;
/* The same of a task that is in memory, between its turns. */
void state_copy_of(struct state_copy *copy, const struct task *task);
/* An outbox that drops everything: its owner puts in the call that it wants to hear. */
struct outbox state_copy_outbox(void *self);
/* Drains what changes have made dirty, to the end. */
enum status state_copy_drain(const struct state_copy *copy, const struct outbox *outbox,
                             char *detail) MUST_CHECK;
/* A deal's credit on its way straight into its participant's copy: of a version past everything
 * that stands, which rises with `turn`. */
struct credit state_copy_credit(const struct credit *credit, int64_t turn);
void state_copy_close(struct state_copy *copy); /* Accepts a zeroed one. */

#endif
