#include "ops/topic_rules.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two, so that what was acknowledged outlives a disk. */
#define IN_SYNC_LEAST "2"
enum { IN_SYNC_LEAST_NUMBER = 2 };

/* What a topic must be set to; the order is that of a check's report. */
struct rule {
    const char *name;
    const char *value;
    bool (*applies)(enum topic topic);
    enum topic_verdict (*judge)(const char *is, const char *should, int replication);
};

static bool is_kept(enum topic topic)
{
    return topic_cleanup(topic)[0] == 'd';
}

static bool is_private(enum topic topic)
{
    return topic_is_private(topic);
}

static bool is_compacted(enum topic topic)
{
    return !is_kept(topic);
}

static bool is_plain(enum topic topic)
{
    return topic != TOPIC_DEAD_LETTERS;
}

static bool is_dead_letters(enum topic topic)
{
    return topic == TOPIC_DEAD_LETTERS;
}

static bool is_any(enum topic topic)
{
    (void)topic;
    return true;
}

static enum topic_verdict exactly(const char *is, const char *should, int replication)
{
    (void)replication;
    return strcmp(is, should) == 0 ? TOPIC_RIGHT : TOPIC_WRONG;
}

/* With one replica there is no second to wait for; more than there are would stop all writing. */
static enum topic_verdict in_sync(const char *is, const char *should, int replication)
{
    (void)should;
    long number = strtol(is, NULL, 10);
    if (replication == 1 && number == 1)
        return TOPIC_DOUBTFUL;
    return number >= IN_SYNC_LEAST_NUMBER && number <= replication ? TOPIC_RIGHT : TOPIC_WRONG;
}

static const struct rule rules[] = {
    {"cleanup.policy", "delete", is_kept, exactly},
    {"cleanup.policy", "compact", is_compacted, exactly},
    {"retention.ms", "-1", is_any, exactly},
    {"retention.bytes", "-1", is_any, exactly},
    {"message.timestamp.type", "LogAppendTime", is_private, exactly},
    {"segment.bytes", "67108864", is_private, exactly},
    {"max.message.bytes", "1048576", is_plain, exactly},
    {"max.message.bytes", "2097152", is_dead_letters, exactly},
    {"unclean.leader.election.enable", "false", is_any, exactly},
    {"min.insync.replicas", IN_SYNC_LEAST, is_any, in_sync},
};

enum { RULE_COUNT = sizeof rules / sizeof rules[0] };
_Static_assert(sizeof rules / sizeof rules[0] <= TOPIC_RULES_MAX, "a topic may need all rules");

size_t topic_rules_settings(enum topic topic, int replication,
                            struct kafka_topic_setting out[TOPIC_RULES_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < RULE_COUNT; i++) {
        bool fits = rules[i].judge != in_sync || replication >= IN_SYNC_LEAST_NUMBER;
        if (fits && rules[i].applies(topic))
            out[count++] = (struct kafka_topic_setting){rules[i].name, rules[i].value};
    }
    return count;
}

size_t topic_rules_wanted(enum topic topic, struct kafka_topic_value values[TOPIC_RULES_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (rules[i].applies(topic))
            values[count++] = (struct kafka_topic_value){.name = rules[i].name};
    return count;
}

static void judge_partitions(const struct topic_facts *facts, const struct topic_findings *findings)
{
    struct topic_finding finding = {.topic = facts->name, .what = "partitions"};
    int32_t is = facts->info.partitions;
    (void)snprintf(finding.is, sizeof finding.is, "%" PRId32, is);
    (void)snprintf(finding.should, sizeof finding.should, "%" PRId32, facts->partitions);
    finding.verdict = is == facts->partitions ? TOPIC_RIGHT : TOPIC_WRONG;
    if (is == 0)
        (void)snprintf(finding.repair, sizeof finding.repair, "milepost topics create");
    else if (finding.verdict == TOPIC_WRONG)
        (void)snprintf(finding.repair, sizeof finding.repair,
                       "kafka-topics.sh --bootstrap-server %.200s --delete --topic %s (only while "
                       "it is empty), then milepost topics create",
                       facts->brokers, facts->name);
    findings->find(findings->self, &finding);
}

static void judge_setting(const struct topic_facts *facts, const struct rule *rule, const char *is,
                          const struct topic_findings *findings)
{
    struct topic_finding finding = {.topic = facts->name, .what = rule->name};
    bool must_be_one =
        rule->judge == in_sync && facts->info.replication == 1 && strcmp(is, "1") != 0;
    (void)snprintf(finding.is, sizeof finding.is, "%s", is);
    (void)snprintf(finding.should, sizeof finding.should, "%s", must_be_one ? "1" : rule->value);
    finding.verdict = rule->judge(is, rule->value, facts->info.replication);
    if (finding.verdict == TOPIC_WRONG)
        (void)snprintf(finding.repair, sizeof finding.repair,
                       "kafka-configs.sh --bootstrap-server %.200s --alter --entity-type topics "
                       "--entity-name %s --add-config %s=%s",
                       facts->brokers, facts->name, rule->name, finding.should);
    findings->find(findings->self, &finding);
}

void topic_rules_judge(const struct topic_facts *facts, const struct topic_findings *findings)
{
    judge_partitions(facts, findings);
    size_t at = 0;
    for (size_t i = 0; i < RULE_COUNT && at < facts->value_count; i++) {
        if (!rules[i].applies(facts->topic))
            continue;
        assert(strcmp(facts->values[at].name, rules[i].name) == 0);
        judge_setting(facts, &rules[i], facts->values[at++].value, findings);
    }
}
