#include "ops/topic_check.h"

#include <stdio.h>

static bool uses(const struct stage *stage, enum topic topic)
{
    bool is_view = topic == TOPIC_PAYOUTS || topic == TOPIC_ATTAINMENT;
    return !stage || stage_reads(stage, (int)topic) || topic == stage->journal ||
           topic == TOPIC_CREDITS || topic == TOPIC_DEAD_LETTERS ||
           (is_view && stage == &incentives_stage);
}

/* Adds to a refusal what would lift it, if it is one of rights. */
static enum status explain(enum status status, const struct connection *connection,
                           const char *operation, const char *topic, char *detail)
{
    if (status != STATUS_REFUSED)
        return status;
    char why[DETAIL_BYTES];
    (void)snprintf(why, sizeof why, "%s", detail);
    (void)snprintf(detail, DETAIL_BYTES,
                   "%.200s; allow it: kafka-acls.sh --bootstrap-server %.80s --add "
                   "--allow-principal User:NAME --operation %s --topic %.120s",
                   why, connection->endpoint.brokers, operation, topic);
    return status;
}

static enum status check_one(const struct connection *connection, struct kafka_admin *admin,
                             enum topic topic, int32_t partitions,
                             const struct topic_findings *findings, char *detail)
{
    struct kafka_topic_value values[TOPIC_RULES_MAX];
    struct topic_facts facts = {
        .topic = topic,
        .name = connection->topics[topic],
        .brokers = connection->endpoint.brokers,
        .partitions = partitions,
        .values = values,
    };
    enum status status = kafka_admin_topic(admin, facts.name, &facts.info, detail);
    if (!status && facts.info.partitions > 0) {
        facts.value_count = topic_rules_wanted(topic, values);
        status = kafka_admin_topic_settings(admin, facts.name, values, facts.value_count, detail);
        status = explain(status, connection, "DescribeConfigs", facts.name, detail);
    }
    if (!status)
        topic_rules_judge(&facts, findings);
    return status;
}

enum status topic_check(const struct connection *connection, struct kafka_admin *admin,
                        const struct stage *stage, const struct topic_findings *findings,
                        char *detail)
{
    struct kafka_topic_info control;
    enum status status =
        kafka_admin_topic(admin, connection->topics[TOPIC_CONTROL], &control, detail);
    for (int topic = 0; !status && topic < TOPIC_COUNT; topic++)
        if (uses(stage, (enum topic)topic))
            status = check_one(connection, admin, (enum topic)topic,
                               control.partitions ? control.partitions : TOPIC_PARTITIONS_DEFAULT,
                               findings, detail);
    return status;
}

enum status topic_check_truncation(const struct connection *connection, struct kafka_admin *admin,
                                   const struct stage *stage, char *detail)
{
    const enum topic topics[] = {stage->journal, TOPIC_CREDITS};
    size_t count = stage_reads(stage, TOPIC_CREDITS) ? 2 : 1;
    for (size_t i = 0; i < count; i++) {
        const char *name = connection->topics[topics[i]];
        struct kafka_topic_info info;
        enum status status = kafka_admin_topic(admin, name, &info, detail);
        if (!status)
            status = kafka_admin_probe_truncate(admin, name, info.partitions, detail);
        if (status)
            return explain(status, connection, "Delete", name, detail);
    }
    return STATUS_OK;
}
