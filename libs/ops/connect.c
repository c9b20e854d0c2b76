#include "ops/connect.h"

#include <inttypes.h>
#include <stdio.h>

#include "worker/records.h"

static const struct {
    enum topic topic;
    enum schema_kind kind;
} written_kinds[] = {
    {TOPIC_DEALS, SCHEMA_DEAL},
    {TOPIC_MILESTONES, SCHEMA_MILESTONE},
    {TOPIC_PAYMENTS, SCHEMA_PAYMENT},
    {TOPIC_RESULTS, SCHEMA_RESULT},
    {TOPIC_ROSTER, SCHEMA_ROSTER},
    {TOPIC_CONTROL, SCHEMA_CONTROL},
    {TOPIC_ATTAINMENT, SCHEMA_ATTAINMENT},
    {TOPIC_PAYOUTS, SCHEMA_PAYOUT},
};

static enum status pass_settings(struct connection *connection, const struct config *config,
                                 char *detail)
{
    const char *name;
    const char *value;
    for (size_t i = 0; config_kafka(config, i, &name, &value); i++) {
        enum status status =
            kafka_setting(&connection->settings, slice_of(name), slice_of(value), detail);
        if (status)
            return status;
    }
    return STATUS_OK;
}

enum status connection_init(struct connection *connection, const struct config *config,
                            char *detail)
{
    *connection = (struct connection){.prefix = config_text(config, "prefix")};
    enum status status = pass_settings(connection, config, detail);
    if (status)
        return status;
    connection->endpoint = (struct kafka_endpoint){
        .brokers = config_text(config, "kafka.bootstrap.servers"),
        .client = "milepost",
        .settings = &connection->settings,
    };
    for (int topic = 0; topic < TOPIC_COUNT; topic++) {
        if (topic_full_name((enum topic)topic, connection->prefix, connection->topics[topic]))
            continue;
        (void)snprintf(detail, DETAIL_BYTES, "prefix is too long for a topic name; shorten it");
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

void connection_deinit(struct connection *connection)
{
    kafka_settings_deinit(&connection->settings);
}

enum status connection_schemas(const struct config *config, struct schemas **out, char *detail)
{
    struct schemas_options options = {
        .folder = config_text(config, "schemas.folder"),
        .registry = {.url = config_text(config, "schema.registry.url"),
                     .basic = config_text(config, "basic.auth.user.info"),
                     .bearer_token = config_text(config, "schema.registry.bearer.token"),
                     .ca_location = config_text(config, "schema.registry.ssl.ca"),
                     .certificate_location = config_text(config, "schema.registry.ssl.cert"),
                     .key_location = config_text(config, "schema.registry.ssl.key")},
        .registers = config_bool(config, "auto.register.schemas"),
    };
    struct schemas *schemas = NULL;
    enum status status = schemas_open(&options, &schemas, detail);
    if (!status)
        status = records_use_shapes(schemas, detail);
    if (status) {
        schemas_free(schemas);
        return status;
    }
    *out = schemas;
    return STATUS_OK;
}

struct read_model_options connection_redis(const struct config *config, bool writes)
{
    return (struct read_model_options){
        .url = config_text(config, "redis.url"),
        .password = config_text(config, "redis.password"),
        .prefix = config_text(config, "prefix"),
        .ca_location = config_text(config, "redis.ssl.ca"),
        .certificate_location = config_text(config, "redis.ssl.cert"),
        .key_location = config_text(config, "redis.ssl.key"),
        .writes = writes,
    };
}

static enum schema_kind kind_of(enum topic topic)
{
    for (size_t i = 0; i < sizeof written_kinds / sizeof written_kinds[0]; i++)
        if (written_kinds[i].topic == topic)
            return written_kinds[i].kind;
    return SCHEMA_KINDS;
}

enum status connection_prepare(const struct connection *connection, struct schemas *schemas,
                               const enum topic *topics, size_t count, char *detail)
{
    for (size_t i = 0; i < count; i++) {
        enum status status =
            schemas_prepare(schemas, kind_of(topics[i]), connection->topics[topics[i]], detail);
        if (status)
            return status;
    }
    return STATUS_OK;
}

static enum status count_partitions(const struct connection *connection, struct kafka_admin *admin,
                                    int32_t *out, char *detail)
{
    int32_t partitions = 0;
    for (int topic = 0; topic < TOPIC_COUNT; topic++) {
        struct kafka_topic_info info;
        enum status status = kafka_admin_topic(admin, connection->topics[topic], &info, detail);
        if (status)
            return status;
        if (topic == 0)
            partitions = info.partitions;
        if (info.partitions != 0 && info.partitions == partitions)
            continue;
        (void)snprintf(detail, DETAIL_BYTES,
                       "topic %s has %" PRId32 " partitions where %s has %" PRId32
                       "; run: milepost topics create",
                       connection->topics[topic], info.partitions, connection->topics[0],
                       partitions);
        return STATUS_REFUSED;
    }
    *out = partitions;
    return STATUS_OK;
}

enum status connection_partitions(const struct connection *connection, int32_t *out, char *detail)
{
    struct kafka_admin *admin = NULL;
    enum status status = kafka_admin_new(&connection->endpoint, &admin, detail);
    if (!status)
        status = count_partitions(connection, admin, out, detail);
    kafka_admin_free(admin);
    if (status == STATUS_UNAVAILABLE) {
        char why[DETAIL_BYTES];
        (void)snprintf(why, sizeof why, "%s", detail);
        (void)snprintf(detail, DETAIL_BYTES, "Kafka at %s: %s", connection->endpoint.brokers, why);
    }
    return status;
}
