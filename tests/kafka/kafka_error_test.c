#include "kafka/kafka_error.h"

#include <librdkafka/rdkafka.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "support/case.h"

#define CODE(name) RD_KAFKA_RESP_ERR_##name

enum {
    FATAL = KAFKA_ERROR_FATAL,
    AGAIN = KAFKA_ERROR_RETRIABLE,
    ABORT = KAFKA_ERROR_REQUIRES_ABORT
};

struct flagged_row {
    const char *label;
    int code;
    unsigned flags;
    enum status status;
};

static const struct flagged_row transaction_rows[] = {
    {"a transactional call without an error is ok", CODE(NO_ERROR), 0, STATUS_OK},
    {"a fenced producer is fenced", CODE(_FENCED), FATAL, STATUS_FENCED},
    {"fatal outweighs what else the error says", CODE(_FENCED), FATAL | ABORT | AGAIN,
     STATUS_FENCED},
    {"a stale generation aborts", CODE(ILLEGAL_GENERATION), ABORT, STATUS_ABORTED},
    {"a replaced member aborts", CODE(FENCED_INSTANCE_ID), ABORT, STATUS_ABORTED},
    {"an abort outweighs a repetition", CODE(_TIMED_OUT), ABORT | AGAIN, STATUS_ABORTED},
    {"a timeout that may be repeated is repeated", CODE(_TIMED_OUT), AGAIN, STATUS_UNAVAILABLE},
    {"a coordinator that loads is asked again", CODE(COORDINATOR_LOAD_IN_PROGRESS), AGAIN,
     STATUS_UNAVAILABLE},
    {"an error that says nothing of itself is an unknown outcome", CODE(_TIMED_OUT), 0,
     STATUS_FENCED},
    {"an abort that fails with an invalid state is an unknown outcome", CODE(INVALID_TXN_STATE), 0,
     STATUS_FENCED},
    {"a call in the wrong state is an unknown outcome", CODE(_STATE), 0, STATUS_FENCED},
};

static void means_for_a_transaction(void **state)
{
    const struct flagged_row *row = *state;
    assert_int_equal(kafka_transaction_status(row->code, row->flags), row->status);
}

static const struct flagged_row init_rows[] = {
    {"an initialised name is ok", CODE(NO_ERROR), 0, STATUS_OK},
    {"a name whose last transaction still ends is tried again", CODE(CONCURRENT_TRANSACTIONS),
     AGAIN, STATUS_UNAVAILABLE},
    {"a name that is not ours is refused", CODE(TRANSACTIONAL_ID_AUTHORIZATION_FAILED), FATAL,
     STATUS_REFUSED},
    {"a timeout that the broker does not allow is refused", CODE(INVALID_TRANSACTION_TIMEOUT),
     FATAL, STATUS_REFUSED},
    {"what else happens to a name is tried again", CODE(_FENCED), FATAL, STATUS_UNAVAILABLE},
};

static void means_for_a_name(void **state)
{
    const struct flagged_row *row = *state;
    assert_int_equal(kafka_init_status(row->code, row->flags), row->status);
}

struct code_row {
    const char *label;
    int code;
    enum status status;
};

static const struct code_row produce_rows[] = {
    {"an accepted record is ok", CODE(NO_ERROR), STATUS_OK},
    {"a full queue is waited for", CODE(_QUEUE_FULL), STATUS_UNAVAILABLE},
    {"a record too large for the client can never be sent", CODE(MSG_SIZE_TOO_LARGE),
     STATUS_EXHAUSTED},
    {"a batch too large for the broker can never be sent", CODE(RECORD_LIST_TOO_LARGE),
     STATUS_EXHAUSTED},
    {"a partition that is not there can never be sent to", CODE(_UNKNOWN_PARTITION),
     STATUS_EXHAUSTED},
    {"a fatal producer is fenced", CODE(_FATAL), STATUS_FENCED},
    {"a record that timed out aborts", CODE(_MSG_TIMED_OUT), STATUS_ABORTED},
    {"a record that was purged aborts", CODE(_PURGE_QUEUE), STATUS_ABORTED},
    {"a produce outside a transaction aborts", CODE(_STATE), STATUS_ABORTED},
    {"a topic that is not ours to write aborts", CODE(TOPIC_AUTHORIZATION_FAILED), STATUS_ABORTED},
};

static void means_for_a_record(void **state)
{
    const struct code_row *row = *state;
    assert_int_equal(kafka_produce_status(row->code), row->status);
}

static const struct code_row consume_rows[] = {
    {"the end of a partition is no failure", CODE(_PARTITION_EOF), STATUS_OK},
    {"a late poll is no failure: the tasks are revoked and taken again", CODE(_MAX_POLL_EXCEEDED),
     STATUS_OK},
    {"a namesake fences", CODE(FENCED_INSTANCE_ID), STATUS_FENCED},
    {"a fatal consumer is fenced", CODE(_FATAL), STATUS_FENCED},
    {"a place outside the log is out of range", CODE(_AUTO_OFFSET_RESET), STATUS_OUT_OF_RANGE},
    {"a broken checksum is corrupt", CODE(_BAD_MSG), STATUS_CORRUPT},
    {"bytes that do not unpack are corrupt", CODE(_BAD_COMPRESSION), STATUS_CORRUPT},
    {"a topic that is not there is refused", CODE(UNKNOWN_TOPIC_OR_PART), STATUS_REFUSED},
    {"a topic that is not ours to read is refused", CODE(TOPIC_AUTHORIZATION_FAILED),
     STATUS_REFUSED},
    {"a group that is not ours is refused", CODE(GROUP_AUTHORIZATION_FAILED), STATUS_REFUSED},
    {"a lost connection is waited for", CODE(_TRANSPORT), STATUS_UNAVAILABLE},
    {"all brokers down is waited for", CODE(_ALL_BROKERS_DOWN), STATUS_UNAVAILABLE},
};

static void means_for_a_reader(void **state)
{
    const struct code_row *row = *state;
    assert_int_equal(kafka_consume_status(row->code), row->status);
}

static const struct code_row request_rows[] = {
    {"an answered request is ok", CODE(NO_ERROR), STATUS_OK},
    {"no answer in time is waited for", CODE(_TIMED_OUT), STATUS_UNAVAILABLE},
    {"offsets of an open transaction are waited for", CODE(UNSTABLE_OFFSET_COMMIT),
     STATUS_UNAVAILABLE},
    {"a coordinator that moves is waited for", CODE(NOT_COORDINATOR), STATUS_UNAVAILABLE},
    {"a policy that forbids it refuses", CODE(POLICY_VIOLATION), STATUS_REFUSED},
    {"a replication that cannot be refuses", CODE(INVALID_REPLICATION_FACTOR), STATUS_REFUSED},
    {"a session timeout outside the broker's bounds refuses", CODE(INVALID_SESSION_TIMEOUT),
     STATUS_REFUSED},
};

static void means_for_a_request(void **state)
{
    const struct code_row *row = *state;
    assert_int_equal(kafka_request_status(row->code), row->status);
}

static void advice_names_the_settings_to_look_at(void **state)
{
    (void)state;
    assert_non_null(strstr(kafka_advice(CODE(_AUTHENTICATION)), "kafka.sasl.password"));
    assert_non_null(strstr(kafka_advice(CODE(_SSL)), "kafka.ssl.ca.location"));
    assert_string_equal(kafka_advice(CODE(_TIMED_OUT)), "");
}

static void only_silence_leaves_the_reason_open(void **state)
{
    (void)state;
    assert_true(kafka_is_silence(CODE(_TRANSPORT)));
    assert_true(kafka_is_silence(CODE(_TIMED_OUT)));
    assert_false(kafka_is_silence(CODE(TOPIC_AUTHORIZATION_FAILED)));
    assert_false(kafka_is_silence(CODE(NO_ERROR)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(advice_names_the_settings_to_look_at),
        cmocka_unit_test(only_silence_leaves_the_reason_open),
    };
    return RUN_CASES(transaction_rows, means_for_a_transaction) +
           RUN_CASES(init_rows, means_for_a_name) + RUN_CASES(produce_rows, means_for_a_record) +
           RUN_CASES(consume_rows, means_for_a_reader) +
           RUN_CASES(request_rows, means_for_a_request) +
           cmocka_run_group_tests_name("kafka.error", tests, NULL, NULL);
}
