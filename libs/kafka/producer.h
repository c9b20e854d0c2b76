/* One transactional producer: what the log's two slots and the CLI's writer are made of. Private to
 * libs/kafka. */
#ifndef MILEPOST_KAFKA_PRODUCER_H
#define MILEPOST_KAFKA_PRODUCER_H

#include "base/log.h"
#include "kafka/outgoing.h"

enum producer_state {
    PRODUCER_CLOSED,  /* no handle */
    PRODUCER_INITING, /* a handle whose name is not fenced yet; opening goes on */
    PRODUCER_READY,   /* between transactions */
    PRODUCER_BEGUN,   /* in one */
    PRODUCER_SPOILED, /* in one that can only be aborted */
};

struct producer_config {
    const struct kafka_endpoint *endpoint;
    const struct outgoing_topic *topics;
    size_t topic_count;
    const char *transactional_id;
    int transaction_timeout_ms;
};

struct producer {
    const struct producer_config *config;
    struct kafka_handle handle;
    enum producer_state state;
    rd_kafka_topic_t **topics; /* as in config */
    bool must_recycle;         /* a straggling request may still be under way: fence it first */
    enum status delivery;      /* worst of this transaction's delivery reports */
    char delivery_detail[DETAIL_BYTES];
    unsigned produced; /* since delivery reports were last served */
};

/* Zeroes and remembers `config`, which must outlive the producer. */
void producer_init(struct producer *producer, const struct producer_config *config);

/* Makes the producer READY: opens a client and fences every earlier holder of the name.
 * UNAVAILABLE: call again, it goes on where it was. REFUSED. */
MUST_CHECK
enum status producer_open(struct producer *producer, char *detail);
void producer_close(struct producer *producer);

/* As in struct log; begin() renews a producer that must be recycled and says so in `out_recycled`.
 */
MUST_CHECK
enum status producer_begin(struct producer *producer, bool *out_recycled, char *detail);
MUST_CHECK
enum status producer_produce(struct producer *producer, const struct log_outgoing *record,
                             char *detail);
MUST_CHECK
enum status producer_send_offsets(struct producer *producer,
                                  const rd_kafka_topic_partition_list_t *offsets,
                                  const rd_kafka_consumer_group_metadata_t *generation,
                                  char *detail);
MUST_CHECK
enum status producer_commit(struct producer *producer, char *detail);
MUST_CHECK
enum status producer_abort(struct producer *producer, char *detail);

/* Serves delivery reports and log lines without waiting. */
void producer_serve(struct producer *producer);

/* Whether a transaction is open. */
static inline bool producer_is_open(const struct producer *producer)
{
    return producer->state == PRODUCER_BEGUN || producer->state == PRODUCER_SPOILED;
}

#endif
