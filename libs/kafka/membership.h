/* The group member of a log: rebalances, positions and the records held. Private to libs/kafka. */
#ifndef MILEPOST_KAFKA_MEMBERSHIP_H
#define MILEPOST_KAFKA_MEMBERSHIP_H

#include "kafka/handle.h"
#include "kafka/kafka_log.h"

enum { MEMBERSHIP_BATCH = 512 };

/* Which offset of each partition comes next; -1: the partition is not read. */
struct place_table {
    int64_t *next;
    size_t count;
    rd_kafka_topic_t *object; /* records carry it; held so that it stays the topic's own */
};

struct held_record {
    rd_kafka_message_t *message;
    struct log_header *headers; /* NULL without */
};

struct membership {
    const struct kafka_log_config *config;
    struct log_listener listener;
    struct kafka_handle handle;
    rd_kafka_queue_t *queue;
    struct place_table *places; /* by topic */

    struct held_record *held;   /* the ring's straightened part: first … first + count */
    struct log_record *records; /* beside `held`, same index */
    size_t held_first;
    size_t held_count;
    size_t held_capacity;

    /* Captured once per generation, NULL outside one. */
    rd_kafka_consumer_group_metadata_t *generation;
    int32_t *tasks;
    size_t task_count;
    bool is_announced; /* the listener knows of its tasks */
    bool must_announce;
    int64_t rebalances; /* announced */
    bool must_revoke;

    enum status failure; /* what poll() answers until assign() */
    char failure_detail[DETAIL_BYTES];
};

MUST_CHECK
enum status membership_open(struct membership *membership, const struct kafka_log_config *config,
                            struct log_listener listener, char *detail);
void membership_close(struct membership *membership);

MUST_CHECK
enum status membership_poll(struct membership *membership, int timeout_ms, size_t records_max,
                            const struct log_record **out_records, size_t *out_count, char *detail);
void membership_release(struct membership *membership, size_t count);
MUST_CHECK
enum status membership_assign(struct membership *membership, const struct log_position *positions,
                              size_t count, char *detail);
MUST_CHECK
enum status membership_committed(struct membership *membership, struct log_position *positions,
                                 size_t count, char *detail);

/* A librdkafka message as a record of `topic`; it borrows from the message. Returns the headers, to
 * be freed with the message, or NULL. */
struct log_header *kafka_record_fill(const rd_kafka_message_t *message, int topic,
                                     struct log_record *out);

/* The generation to send offsets under, borrowed until the next poll; NULL while there is none or
 * the broker has taken the member's id away. */
const rd_kafka_consumer_group_metadata_t *membership_generation(struct membership *membership);

#endif
