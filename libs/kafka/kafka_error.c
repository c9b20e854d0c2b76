#include "kafka/kafka_error.h"

#include <librdkafka/rdkafka.h>
#include <stddef.h>

struct meaning {
    int code;
    enum status status;
};

/* The first row with the code wins; otherwise `unlisted`. */
static enum status look_up(const struct meaning *rows, size_t count, int code, enum status unlisted)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].code == code)
            return rows[i].status;
    }
    return unlisted;
}

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])
#define CODE(name)  RD_KAFKA_RESP_ERR_##name

static const struct meaning PRODUCE[] = {
    {CODE(NO_ERROR), STATUS_OK},
    {CODE(_QUEUE_FULL), STATUS_UNAVAILABLE},
    {CODE(MSG_SIZE_TOO_LARGE), STATUS_EXHAUSTED},
    {CODE(RECORD_LIST_TOO_LARGE), STATUS_EXHAUSTED},
    {CODE(INVALID_MSG_SIZE), STATUS_EXHAUSTED},
    {CODE(_UNKNOWN_PARTITION), STATUS_EXHAUSTED},
    {CODE(_UNKNOWN_TOPIC), STATUS_EXHAUSTED},
    {CODE(UNKNOWN_TOPIC_OR_PART), STATUS_EXHAUSTED},
    {CODE(INVALID_RECORD), STATUS_EXHAUSTED},
    {CODE(_FATAL), STATUS_FENCED},
    {CODE(_FENCED), STATUS_FENCED},
};

static const struct meaning CONSUME[] = {
    {CODE(NO_ERROR), STATUS_OK},
    {CODE(_PARTITION_EOF), STATUS_OK},
    {CODE(_MAX_POLL_EXCEEDED), STATUS_OK},
    {CODE(_FATAL), STATUS_FENCED},
    {CODE(_FENCED), STATUS_FENCED},
    {CODE(FENCED_INSTANCE_ID), STATUS_FENCED},
    {CODE(_AUTO_OFFSET_RESET), STATUS_OUT_OF_RANGE},
    {CODE(OFFSET_OUT_OF_RANGE), STATUS_OUT_OF_RANGE},
    {CODE(_BAD_MSG), STATUS_CORRUPT},
    {CODE(_BAD_COMPRESSION), STATUS_CORRUPT},
    {CODE(_NOT_IMPLEMENTED), STATUS_CORRUPT},
    {CODE(INVALID_MSG), STATUS_CORRUPT},
    {CODE(MSG_SIZE_TOO_LARGE), STATUS_REFUSED},
};

static const struct meaning REQUEST[] = {
    {CODE(NO_ERROR), STATUS_OK},
    {CODE(_UNKNOWN_TOPIC), STATUS_REFUSED},
    {CODE(_UNKNOWN_PARTITION), STATUS_REFUSED},
    {CODE(UNKNOWN_TOPIC_OR_PART), STATUS_REFUSED},
    {CODE(TOPIC_EXCEPTION), STATUS_REFUSED},
    {CODE(TOPIC_AUTHORIZATION_FAILED), STATUS_REFUSED},
    {CODE(GROUP_AUTHORIZATION_FAILED), STATUS_REFUSED},
    {CODE(CLUSTER_AUTHORIZATION_FAILED), STATUS_REFUSED},
    {CODE(TRANSACTIONAL_ID_AUTHORIZATION_FAILED), STATUS_REFUSED},
    {CODE(UNSUPPORTED_VERSION), STATUS_REFUSED},
    {CODE(INVALID_GROUP_ID), STATUS_REFUSED},
    {CODE(INCONSISTENT_GROUP_PROTOCOL), STATUS_REFUSED},
    {CODE(INVALID_SESSION_TIMEOUT), STATUS_REFUSED},
    {CODE(INVALID_TRANSACTION_TIMEOUT), STATUS_REFUSED},
    {CODE(INVALID_CONFIG), STATUS_REFUSED},
    {CODE(INVALID_PARTITIONS), STATUS_REFUSED},
    {CODE(INVALID_REPLICATION_FACTOR), STATUS_REFUSED},
    {CODE(INVALID_REQUEST), STATUS_REFUSED},
    {CODE(POLICY_VIOLATION), STATUS_REFUSED},
    {CODE(OFFSET_OUT_OF_RANGE), STATUS_OUT_OF_RANGE},
    {CODE(_INVALID_ARG), STATUS_REFUSED},
    {CODE(_UNSUPPORTED_FEATURE), STATUS_REFUSED},
};

static const struct {
    int code;
    const char *advice;
} ADVICES[] = {
    {CODE(_AUTHENTICATION),
     "; check kafka.sasl.mechanism, kafka.sasl.username and kafka.sasl.password"},
    {CODE(SASL_AUTHENTICATION_FAILED),
     "; check kafka.sasl.mechanism, kafka.sasl.username and kafka.sasl.password"},
    {CODE(_SSL), "; check kafka.ssl.ca.location and kafka.bootstrap.servers"},
    {CODE(GROUP_AUTHORIZATION_FAILED), "; allow Read on that group"},
    {CODE(TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
     "; allow Write and Describe on that transactional id"},
};

const char *kafka_advice(int code)
{
    for (size_t i = 0; i < COUNT(ADVICES); i++) {
        if (ADVICES[i].code == code)
            return ADVICES[i].advice;
    }
    return "";
}

bool kafka_is_silence(int code)
{
    return code == CODE(_TRANSPORT) || code == CODE(_TIMED_OUT) || code == CODE(_TIMED_OUT_QUEUE) ||
           code == CODE(_ALL_BROKERS_DOWN);
}

enum status kafka_request_status(int code)
{
    return look_up(REQUEST, COUNT(REQUEST), code, STATUS_UNAVAILABLE);
}

enum status kafka_consume_status(int code)
{
    return look_up(CONSUME, COUNT(CONSUME), code, kafka_request_status(code));
}

enum status kafka_produce_status(int code)
{
    return look_up(PRODUCE, COUNT(PRODUCE), code, STATUS_ABORTED);
}

enum status kafka_transaction_status(int code, unsigned flags)
{
    if (code == CODE(NO_ERROR))
        return STATUS_OK;
    if (flags & KAFKA_ERROR_FATAL)
        return STATUS_FENCED;
    if (flags & KAFKA_ERROR_REQUIRES_ABORT)
        return STATUS_ABORTED;
    if (flags & KAFKA_ERROR_RETRIABLE)
        return STATUS_UNAVAILABLE;
    return STATUS_FENCED;
}

enum status kafka_init_status(int code, unsigned flags)
{
    if (code == CODE(NO_ERROR))
        return STATUS_OK;
    if (flags & KAFKA_ERROR_RETRIABLE)
        return STATUS_UNAVAILABLE;
    return kafka_request_status(code);
}
