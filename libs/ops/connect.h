/* From configuration to what the libraries are opened with: one place for services and CLI. */
#ifndef MILEPOST_OPS_CONNECT_H
#define MILEPOST_OPS_CONNECT_H

#include "kafka/kafka_admin.h"
#include "kafka/kafka_endpoint.h"
#include "ops/config.h"
#include "redis/read_model.h"
#include "schema/schemas.h"
#include "worker/topics.h"

/* How to reach Kafka and where the schemas are. Borrows from the config. */
struct connection {
    struct kafka_settings settings;
    struct kafka_endpoint endpoint;
    const char *prefix;
    char topics[TOPIC_COUNT][TOPIC_NAME_BYTES]; /* full names */
};

/* REFUSED, with a sentence: a kafka.* setting is refused or unknown, or the prefix is too long. */
enum status connection_init(struct connection *connection, const struct config *config,
                            char *detail) MUST_CHECK;
void connection_deinit(struct connection *connection); /* Accepts a zeroed one. */

/* Opens the schemas with the worker's shapes; asks no registry yet. */
enum status connection_schemas(const struct config *config, struct schemas **out,
                               char *detail) MUST_CHECK;

/* How to reach Redis; the texts are the config's. `url` is "" when there is none. */
struct read_model_options connection_redis(const struct config *config, bool writes);

/* Finds under which ids the kinds that are written to `topics` go out, with the registry where
 * there is one. UNAVAILABLE: it does not answer. */
enum status connection_prepare(const struct connection *connection, struct schemas *schemas,
                               const enum topic *topics, size_t count, char *detail) MUST_CHECK;

/* N: the number of partitions of control, which all keyed topics share. REFUSED: a topic is
 * missing, or their numbers differ; `detail` names the command that repairs it. */
enum status connection_partitions(const struct connection *connection, int32_t *out,
                                  char *detail) MUST_CHECK;

#endif
