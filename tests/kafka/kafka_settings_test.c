#include "kafka/kafka_settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "support/case.h"

struct row {
    const char *label;
    const char *key;
    const char *value;
    const char *words; /* what the refusal says; NULL: accepted */
};

static const struct row rows[] = {
    {"passes a setting on", "ssl.ca.location", "/etc/ssl/ca.pem", NULL},
    {"passes one for the consumers on", "consumer.fetch.wait.max.ms", "50", NULL},
    {"passes one for the producers on", "producer.linger.ms", "0", NULL},
    {"passes a name of librdkafka's that begins like a role", "security.protocol", "plaintext",
     NULL},
    {"refuses a name that nobody knows", "no.such.setting", "1", "no.such.setting"},
    {"refuses a value that is none", "producer.linger.ms", "soon", "linger.ms"},
    {"refuses a value out of its range", "session.timeout.ms", "-1", "session.timeout.ms"},
    {"refuses enable.auto.commit", "enable.auto.commit", "true", "enable.auto.commit"},
    {"refuses enable.auto.offset.store", "enable.auto.offset.store", "true", "cannot be set"},
    {"refuses auto.offset.reset", "auto.offset.reset", "earliest", "cannot be set"},
    {"refuses isolation.level", "isolation.level", "read_uncommitted", "exactly-once"},
    {"refuses group.id", "group.id", "mine", "cannot be set"},
    {"refuses group.instance.id", "group.instance.id", "mine", "cannot be set"},
    {"refuses partition.assignment.strategy", "partition.assignment.strategy", "roundrobin",
     "exactly-once"},
    {"refuses transactional.id", "transactional.id", "mine", "cannot be set"},
    {"refuses transaction.timeout.ms and names ours", "transaction.timeout.ms", "1",
     "transaction_timeout_ms"},
    {"refuses enable.idempotence", "enable.idempotence", "false", "exactly-once"},
    {"refuses enable.gapless.guarantee", "enable.gapless.guarantee", "true", "cannot be set"},
    {"refuses acks", "acks", "1", "exactly-once"},
    {"refuses the other name of acks", "request.required.acks", "1", "exactly-once"},
    {"refuses partitioner", "partitioner", "random", "partition"},
    {"refuses under a role as well", "consumer.isolation.level", "read_uncommitted",
     "consumer.isolation.level"},
    {"refuses for the producers as well", "producer.acks", "0", "producer.acks"},
};

static void passes_or_refuses(void **state)
{
    const struct row *row = *state;
    struct kafka_settings settings = {0};
    char detail[DETAIL_BYTES] = "";
    enum status status = kafka_setting(&settings, slice_of(row->key), slice_of(row->value), detail);

    if (row->words) {
        assert_int_equal(status, STATUS_REFUSED);
        assert_non_null(strstr(detail, row->words));
        assert_int_equal(settings.count, 0);
    } else {
        assert_int_equal(status, STATUS_OK);
        assert_int_equal(settings.count, 1);
    }
    kafka_settings_deinit(&settings);
    kafka_settings_deinit(&settings);
}

int main(void)
{
    return RUN_CASES(rows, passes_or_refuses);
}
