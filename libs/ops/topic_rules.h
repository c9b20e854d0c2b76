/* What topics must be set to, once for services and command line (DESIGN section 2, JOURNAL.md
 * rules 8 and 10): what `milepost topics create` sets is what everybody checks. */
#ifndef MILEPOST_OPS_TOPIC_RULES_H
#define MILEPOST_OPS_TOPIC_RULES_H

#include "kafka/kafka_admin.h"
#include "worker/topics.h"

enum { TOPIC_RULES_MAX = 10, TOPIC_REPAIR_BYTES = 2 * TOPIC_NAME_BYTES + 200 };

enum topic_verdict {
    TOPIC_RIGHT,
    TOPIC_DOUBTFUL, /* as good as the cluster can do: said, but nothing is refused for it */
    TOPIC_WRONG,
};

struct topic_finding {
    const char *topic; /* full name */
    const char *what;  /* partitions, or a setting's name */
    char is[KAFKA_SETTING_VALUE_BYTES];
    char should[KAFKA_SETTING_VALUE_BYTES];
    enum topic_verdict verdict;
    char repair[TOPIC_REPAIR_BYTES]; /* the command; "" unless WRONG */
};

/* Called with each finding, right ones too, in the order of the table. */
struct topic_findings {
    void *self;
    void (*find)(void *self, const struct topic_finding *finding);
};

/* What `topic` is created with; `replication` below 1 is the cluster's default. */
size_t topic_rules_settings(enum topic topic, int replication,
                            struct kafka_topic_setting out[TOPIC_RULES_MAX]);

/* The settings to ask a broker for; `values` then have their names. */
size_t topic_rules_wanted(enum topic topic, struct kafka_topic_value values[TOPIC_RULES_MAX]);

/* A topic as a broker described it. */
struct topic_facts {
    enum topic topic;
    const char *name;    /* full */
    const char *brokers; /* to name in a command */
    int32_t partitions;  /* that it should have */
    struct kafka_topic_info info;
    const struct kafka_topic_value *values; /* of topic_rules_wanted(), filled */
    size_t value_count;                     /* 0 when the topic is missing */
};

void topic_rules_judge(const struct topic_facts *facts, const struct topic_findings *findings);

#endif
