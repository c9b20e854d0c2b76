/* What topics must be set to: each rule from both sides, and the command that repairs it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops/topic_rules.h"
#include "support/case.h"

enum { SETS_MAX = 2 };

struct seen {
    int right;
    int doubtful;
    int wrong;
    struct topic_finding last; /* that is not right */
};

static void find(void *self, const struct topic_finding *finding)
{
    struct seen *seen = self;
    seen->right += finding->verdict == TOPIC_RIGHT;
    seen->doubtful += finding->verdict == TOPIC_DOUBTFUL;
    seen->wrong += finding->verdict == TOPIC_WRONG;
    if (finding->verdict != TOPIC_RIGHT)
        seen->last = *finding;
}

/* What the broker answers for a topic that was created with its rules, on three replicas. */
static size_t fill(enum topic topic, struct kafka_topic_value values[TOPIC_RULES_MAX])
{
    struct kafka_topic_setting settings[TOPIC_RULES_MAX];
    size_t wanted = topic_rules_wanted(topic, values);
    size_t count = topic_rules_settings(topic, 3, settings);
    assert_int_equal(count, wanted);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(values[i].name, settings[i].name);
        (void)snprintf(values[i].value, sizeof values[i].value, "%s", settings[i].value);
    }
    return count;
}

static const struct judged {
    const char *label;
    enum topic topic;
    int replication;
    struct kafka_topic_setting sets[SETS_MAX]; /* other than as created */
    enum topic_verdict verdict;                /* of the one that is not right */
    const char *should;
} judged[] = {
    {"a topic as it was created is right", TOPIC_DEALS, 3, {{NULL, NULL}}, TOPIC_RIGHT, NULL},
    {"a journal as it was created is right",
     TOPIC_INCENTIVES_JOURNAL,
     3,
     {{NULL, NULL}},
     TOPIC_RIGHT,
     NULL},
    {"a journal that is compacted is wrong",
     TOPIC_CREDITING_JOURNAL,
     3,
     {{"cleanup.policy", "compact"}},
     TOPIC_WRONG,
     "delete"},
    {"a roster that is not compacted is wrong",
     TOPIC_ROSTER,
     3,
     {{"cleanup.policy", "delete"}},
     TOPIC_WRONG,
     "compact"},
    {"both policies at once are wrong",
     TOPIC_ROSTER,
     3,
     {{"cleanup.policy", "compact,delete"}},
     TOPIC_WRONG,
     "compact"},
    {"what is deleted by age is wrong",
     TOPIC_DEALS,
     3,
     {{"retention.ms", "604800000"}},
     TOPIC_WRONG,
     "-1"},
    {"what is deleted by size is wrong",
     TOPIC_CREDITS,
     3,
     {{"retention.bytes", "1073741824"}},
     TOPIC_WRONG,
     "-1"},
    {"a journal of its writer's times is wrong",
     TOPIC_CREDITING_JOURNAL,
     3,
     {{"message.timestamp.type", "CreateTime"}},
     TOPIC_WRONG,
     "LogAppendTime"},
    {"a journal of larger segments is wrong",
     TOPIC_CREDITING_JOURNAL,
     3,
     {{"segment.bytes", "1073741824"}},
     TOPIC_WRONG,
     "67108864"},
    {"an input of other record sizes is wrong",
     TOPIC_DEALS,
     3,
     {{"max.message.bytes", "1048588"}},
     TOPIC_WRONG,
     "1048576"},
    {"dead letters have room for an input's largest",
     TOPIC_DEAD_LETTERS,
     3,
     {{"max.message.bytes", "1048576"}},
     TOPIC_WRONG,
     "2097152"},
    {"a leader that lost what was acknowledged is wrong",
     TOPIC_PAYOUTS,
     3,
     {{"unclean.leader.election.enable", "true"}},
     TOPIC_WRONG,
     "false"},
    {"one replica in sync of three is wrong",
     TOPIC_DEALS,
     3,
     {{"min.insync.replicas", "1"}},
     TOPIC_WRONG,
     "2"},
    {"all replicas in sync are right",
     TOPIC_DEALS,
     3,
     {{"min.insync.replicas", "3"}},
     TOPIC_RIGHT,
     NULL},
    {"more in sync than there are is wrong",
     TOPIC_DEALS,
     3,
     {{"min.insync.replicas", "4"}},
     TOPIC_WRONG,
     "2"},
    {"with one replica, one in sync is a warning",
     TOPIC_DEALS,
     1,
     {{"min.insync.replicas", "1"}},
     TOPIC_DOUBTFUL,
     "2"},
    {"with one replica, two in sync stop all writing",
     TOPIC_DEALS,
     1,
     {{NULL, NULL}},
     TOPIC_WRONG,
     "1"},
};

static void judges(void **state)
{
    const struct judged *row = *state;
    struct kafka_topic_value values[TOPIC_RULES_MAX];
    size_t count = fill(row->topic, values);
    const char *what = "min.insync.replicas";
    for (size_t i = 0; i < SETS_MAX && row->sets[i].name; i++)
        for (size_t k = 0; k < count; k++)
            if (strcmp(values[k].name, row->sets[i].name) == 0) {
                what = values[k].name;
                (void)snprintf(values[k].value, sizeof values[k].value, "%s", row->sets[i].value);
            }
    struct topic_facts facts = {
        row->topic, "t",  "b:9092", 12, {.partitions = 12, .replication = row->replication},
        values,     count};
    struct seen seen = {0};
    topic_rules_judge(&facts, &(struct topic_findings){&seen, find});
    assert_int_equal(seen.wrong, row->verdict == TOPIC_WRONG);
    assert_int_equal(seen.doubtful, row->verdict == TOPIC_DOUBTFUL);
    assert_int_equal(seen.right + seen.wrong + seen.doubtful, count + 1);
    if (row->verdict == TOPIC_RIGHT)
        return;
    assert_string_equal(seen.last.what, what);
    assert_string_equal(seen.last.should, row->should);
    char command[256];
    (void)snprintf(command, sizeof command,
                   "kafka-configs.sh --bootstrap-server b:9092 --alter --entity-type topics "
                   "--entity-name t --add-config %s=%s",
                   what, row->should);
    assert_string_equal(seen.last.repair, row->verdict == TOPIC_WRONG ? command : "");
}

static const struct counted {
    const char *label;
    int32_t partitions;
    enum topic_verdict verdict;
    const char *repair; /* a part */
} counted[] = {
    {"a missing topic is to be created", 0, TOPIC_WRONG, "milepost topics create"},
    {"one partition less is wrong", 11, TOPIC_WRONG, "--delete --topic t"},
    {"as many partitions as control has are right", 12, TOPIC_RIGHT, ""},
    {"one partition more is wrong", 13, TOPIC_WRONG, "--delete --topic t"},
};

static void counts(void **state)
{
    const struct counted *row = *state;
    struct kafka_topic_value values[TOPIC_RULES_MAX];
    struct topic_facts facts = {TOPIC_DEALS,
                                "t",
                                "b:9092",
                                12,
                                {.partitions = row->partitions, .replication = 3},
                                values,
                                row->partitions ? fill(TOPIC_DEALS, values) : 0};
    struct seen seen = {0};
    topic_rules_judge(&facts, &(struct topic_findings){&seen, find});
    assert_int_equal(seen.wrong, row->verdict == TOPIC_WRONG);
    assert_int_equal(seen.doubtful, 0);
    assert_non_null(strstr(seen.last.repair, row->repair));
}

/* The cluster's default number of replicas is not known, and two in sync of one stop all writing.
 */
static void two_in_sync_are_set_only_where_two_replicas_are(void **state)
{
    (void)state;
    struct kafka_topic_setting settings[TOPIC_RULES_MAX];
    size_t with = topic_rules_settings(TOPIC_DEALS, 2, settings);
    assert_string_equal(settings[with - 1].name, "min.insync.replicas");
    assert_int_equal(topic_rules_settings(TOPIC_DEALS, 1, settings), with - 1);
    assert_int_equal(topic_rules_settings(TOPIC_DEALS, -1, settings), with - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_in_sync_are_set_only_where_two_replicas_are),
    };
    return RUN_CASES(judged, judges) + RUN_CASES(counted, counts) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
