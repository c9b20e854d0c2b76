/* Administration while the broker's coordinators move. librdkafka's mock cluster injects it. */
#include "kafka/kafka_admin.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

enum { OFFSET_FETCH = 9, ASKED_MAX = 20 };

struct bench {
    rd_kafka_t *host;
    rd_kafka_mock_cluster_t *cluster;
    struct kafka_endpoint endpoint;
    struct kafka_admin *admin;
    char detail[DETAIL_BYTES];
};

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    char reason[256];
    assert_non_null(bench);
    bench->host = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), reason, sizeof reason);
    assert_non_null(bench->host);
    bench->cluster = rd_kafka_mock_cluster_new(bench->host, 1);
    rd_kafka_mock_topic_create(bench->cluster, "facts", 1, 1);
    bench->endpoint.brokers = rd_kafka_mock_cluster_bootstraps(bench->cluster);
    assert_int_equal(kafka_admin_new(&bench->endpoint, &bench->admin, bench->detail), STATUS_OK);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    kafka_admin_free(bench->admin);
    rd_kafka_mock_cluster_destroy(bench->cluster);
    rd_kafka_destroy(bench->host);
    free(bench);
    return 0;
}

/* librdkafka 2.0.2 then looks for the coordinator of the handle's own group; without one it
 * dereferences NULL. */
static void asks_again_when_the_coordinator_moved(void **state)
{
    struct bench *bench = *state;
    struct kafka_offset offset = {.topic = "facts", .offset = 7};
    rd_kafka_mock_push_request_errors(bench->cluster, OFFSET_FETCH, 1,
                                      RD_KAFKA_RESP_ERR_NOT_COORDINATOR);
    enum status status = STATUS_UNAVAILABLE;
    for (int i = 0; i < ASKED_MAX && status == STATUS_UNAVAILABLE; i++)
        status = kafka_admin_committed(bench->admin, "group", &offset, 1, bench->detail);
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(offset.offset, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"asks again when the group's coordinator has moved", asks_again_when_the_coordinator_moved,
         set_up, tear_down, NULL},
    };
    return cmocka_run_group_tests_name("kafka_admin", tests, NULL, NULL);
}
