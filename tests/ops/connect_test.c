/* From configuration to what the libraries are opened with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops/connect.h"
#include "ops/milepost_keys.h"
#include "support/case.h"

enum { WORDS_MAX = 3, WORD_BYTES = 320 };

static char detail[DETAIL_BYTES];

static struct config *load(const char *const *sets)
{
    static const struct config_key *const tables[] = {milepost_common_keys, NULL};
    static const struct config_program program = {"program", "", tables, false};
    static char name[] = "program";
    static char words[WORDS_MAX][WORD_BYTES];
    char *argv[WORDS_MAX + 2] = {name};
    int argc = 1;
    for (int i = 0; i < WORDS_MAX && sets[i]; i++) {
        (void)snprintf(words[i], WORD_BYTES, "-X%s", sets[i]);
        argv[argc++] = words[i];
    }
    struct config *config = NULL;
    assert_int_equal(clearenv(), 0);
    if (config_load(&program, argc, argv, &config, detail) != CONFIG_RUN)
        fail_msg("%s", detail);
    return config;
}

#define X50  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X200 X50 X50 X50 X50

static const struct opened {
    const char *label;
    const char *sets[WORDS_MAX];
    enum status status;
    const char *says; /* a part of the refusal; of OK: the name of the topic of deals */
} opened[] = {
    {"topics have their plain names", {NULL}, STATUS_OK, "milepost.deals.v1"},
    {"a prefix stands before them", {"prefix=eu."}, STATUS_OK, "eu.milepost.deals.v1"},
    {"librdkafka's settings pass, for all clients or for one role",
     {"kafka.security.protocol=ssl", "kafka.consumer.fetch.min.bytes=1"},
     STATUS_OK,
     "milepost.deals.v1"},
    {"a prefix that makes a topic's name too long is refused",
     {"prefix=" X200 X50},
     STATUS_REFUSED,
     "prefix is too long"},
    {"a setting that correctness hangs on is refused by name",
     {"kafka.isolation.level=read_uncommitted"},
     STATUS_REFUSED,
     "isolation.level"},
    {"a setting that librdkafka does not know is refused by name",
     {"kafka.no.such=1"},
     STATUS_REFUSED,
     "no.such"},
};

static void opens(void **state)
{
    const struct opened *row = *state;
    struct config *config = load(row->sets);
    struct connection connection;
    detail[0] = '\0';
    assert_int_equal(connection_init(&connection, config, detail), row->status);
    if (row->status)
        assert_non_null(strstr(detail, row->says));
    else
        assert_string_equal(connection.topics[TOPIC_DEALS], row->says);
    connection_deinit(&connection);
    connection_deinit(&connection);
    config_free(config);
}

static void nobody_there_is_unavailable_and_named(void **state)
{
    (void)state;
    const char *const sets[WORDS_MAX] = {"kafka.bootstrap.servers=127.0.0.1:1"};
    struct config *config = load(sets);
    struct connection connection;
    int32_t partitions = -5;
    assert_int_equal(connection_init(&connection, config, detail), STATUS_OK);
    assert_int_equal(connection_partitions(&connection, &partitions, detail), STATUS_UNAVAILABLE);
    assert_non_null(strstr(detail, "Kafka at 127.0.0.1:1: "));
    assert_int_equal(partitions, -5);
    connection_deinit(&connection);
    config_free(config);
}

static void schemas_come_from_their_folder(void **state)
{
    (void)state;
    const char *const sets[WORDS_MAX] = {"schemas.folder=" SOURCE_FOLDER "/schemas"};
    static const enum topic topics[] = {TOPIC_PAYOUTS, TOPIC_ATTAINMENT};
    struct config *config = load(sets);
    struct connection connection;
    struct schemas *schemas = NULL;
    assert_int_equal(connection_init(&connection, config, detail), STATUS_OK);
    if (connection_schemas(config, &schemas, detail) ||
        connection_prepare(&connection, schemas, topics, 2, detail))
        fail_msg("%s", detail);
    schemas_free(schemas);
    connection_deinit(&connection);
    config_free(config);
}

static void a_folder_without_schemas_is_named(void **state)
{
    (void)state;
    const char *const sets[WORDS_MAX] = {"schemas.folder=no/such"};
    struct config *config = load(sets);
    struct schemas *schemas = NULL;
    assert_int_not_equal(connection_schemas(config, &schemas, detail), STATUS_OK);
    assert_null(schemas);
    assert_non_null(strstr(detail, "no/such"));
    config_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_there_is_unavailable_and_named),
        cmocka_unit_test(schemas_come_from_their_folder),
        cmocka_unit_test(a_folder_without_schemas_is_named),
    };
    return RUN_CASES(opened, opens) + cmocka_run_group_tests(tests, NULL, NULL);
}
