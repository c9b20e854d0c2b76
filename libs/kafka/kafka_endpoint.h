/* Where the brokers are and how to talk to them: what every Kafka client of a process shares. */
#ifndef MILEPOST_KAFKA_ENDPOINT_H
#define MILEPOST_KAFKA_ENDPOINT_H

#include "kafka/kafka_settings.h"

/* librdkafka's log lines. Called on the thread that calls Milepost's functions, never another.
 * `level` is syslog's (3 error, 4 warning, 6 info, 7 debug). A NULL `line` drops them. */
struct kafka_logger {
    void *self;
    void (*line)(void *self, int level, const char *client, const char *text);
};

/* Everything pointed to must outlive what is opened with it. */
struct kafka_endpoint {
    const char *brokers;                   /* host:port, comma-separated */
    const char *client;                    /* client.id, short; NULL: "milepost" */
    const struct kafka_settings *settings; /* NULL: none */
    struct kafka_logger logger;
};

/* The version of the librdkafka that runs. */
const char *kafka_client_version(void);

#endif
