#include "kafka/kafka_settings.h"
#include "kafka/handle.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

struct kafka_setting_row {
    enum kafka_role role;
    char *key;
    char *value;
};

struct refusal {
    const char *key;
    const char *reason;
};

static const char OFFSETS[] = "offsets are committed with the transaction and kept by Milepost";
static const char IDENTITY[] = "the worker's identity comes from its own configuration";
static const char EXACTLY_ONCE[] = "exactly-once depends on it";
static const char PLACEMENT[] = "the partition of every record is computed by Milepost";
static const char PLUMBING[] = "Milepost serves librdkafka's callbacks itself";

/* Names and their librdkafka aliases. */
static const struct refusal REFUSALS[] = {
    {"enable.auto.commit", OFFSETS},
    {"auto.commit.enable", OFFSETS},
    {"enable.auto.offset.store", OFFSETS},
    {"auto.offset.reset", OFFSETS},
    {"offset.store.method", OFFSETS},
    {"isolation.level", EXACTLY_ONCE},
    {"enable.idempotence", EXACTLY_ONCE},
    {"enable.gapless.guarantee", EXACTLY_ONCE},
    {"acks", EXACTLY_ONCE},
    {"request.required.acks", EXACTLY_ONCE},
    {"transaction.timeout.ms", "set transaction_timeout_ms in Milepost's own configuration"},
    {"partition.assignment.strategy", EXACTLY_ONCE},
    {"group.protocol", EXACTLY_ONCE},
    {"check.crcs", EXACTLY_ONCE},
    {"group.id", IDENTITY},
    {"group.instance.id", IDENTITY},
    {"transactional.id", IDENTITY},
    {"bootstrap.servers", "set the brokers in Milepost's own configuration"},
    {"metadata.broker.list", "set the brokers in Milepost's own configuration"},
    {"partitioner", PLACEMENT},
    {"allow.auto.create.topics", "topics are created by `milepost topics create`"},
    {"delivery.report.only.error", PLUMBING},
    {"enable.partition.eof", PLUMBING},
    {"log.queue", PLUMBING},
};

const char *kafka_setting_refusal(struct slice key)
{
    for (size_t i = 0; i < sizeof REFUSALS / sizeof REFUSALS[0]; i++) {
        if (slice_equal(key, slice_of(REFUSALS[i].key)))
            return REFUSALS[i].reason;
    }
    return NULL;
}

static enum kafka_role role_of(struct slice key, struct slice *out_rest)
{
    static const struct {
        struct slice prefix;
        enum kafka_role role;
    } prefixes[] = {
        {{"consumer.", 9}, KAFKA_ROLE_CONSUMER},
        {{"producer.", 9}, KAFKA_ROLE_PRODUCER},
    };

    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        size_t length = prefixes[i].prefix.length;
        if (slice_starts_with(key, prefixes[i].prefix)) {
            *out_rest = (struct slice){key.bytes + length, key.length - length};
            return prefixes[i].role;
        }
    }
    *out_rest = key;
    return KAFKA_ROLE_ANY;
}

/* librdkafka itself says whether it knows the key and takes the value. */
static enum status try_out(const struct kafka_setting_row *row, char *detail)
{
    char reason[DETAIL_BYTES / 2];
    rd_kafka_conf_t *scratch = rd_kafka_conf_new();
    rd_kafka_conf_res_t result =
        rd_kafka_conf_set(scratch, row->key, row->value, reason, sizeof reason);

    rd_kafka_conf_destroy(scratch);
    if (result == RD_KAFKA_CONF_OK)
        return STATUS_OK;
    snprintf(detail, DETAIL_BYTES, "kafka.%.100s: %s", row->key, reason);
    return STATUS_REFUSED;
}

static char *copy_text(struct slice text)
{
    char *copy = strndup(text.bytes ? text.bytes : "", text.length);
    assert(copy);
    return copy;
}

static void row_deinit(struct kafka_setting_row *row)
{
    free(row->key);
    free(row->value);
}

enum status kafka_setting(struct kafka_settings *settings, struct slice key, struct slice value,
                          char *detail)
{
    struct slice bare;
    enum kafka_role role = role_of(key, &bare);
    const char *refusal = kafka_setting_refusal(bare);

    if (refusal) {
        snprintf(detail, DETAIL_BYTES, "kafka.%.*s cannot be set: %s", SLICE_ARGS(key), refusal);
        return STATUS_REFUSED;
    }
    struct kafka_setting_row row = {role, copy_text(bare), copy_text(value)};
    enum status status = try_out(&row, detail);
    if (status) {
        row_deinit(&row);
        return status;
    }
    settings->rows = realloc(settings->rows, (settings->count + 1) * sizeof *settings->rows);
    assert(settings->rows);
    settings->rows[settings->count++] = row;
    return STATUS_OK;
}

void kafka_settings_deinit(struct kafka_settings *settings)
{
    for (size_t i = 0; i < settings->count; i++)
        row_deinit(&settings->rows[i]);
    free(settings->rows);
    *settings = (struct kafka_settings){0};
}

enum status kafka_settings_apply(const struct kafka_settings *settings, enum kafka_role role,
                                 rd_kafka_conf_t *conf, char *detail)
{
    for (size_t i = 0; settings && i < settings->count; i++) {
        const struct kafka_setting_row *row = &settings->rows[i];
        if (row->role != KAFKA_ROLE_ANY && row->role != role)
            continue;
        enum status status = kafka_conf_set(conf, row->key, row->value, detail);
        if (status)
            return status;
    }
    return STATUS_OK;
}
