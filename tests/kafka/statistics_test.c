/* Which of librdkafka's statistics are passed on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "kafka/statistics.h"
#include "support/case.h"

static const struct report {
    const char *label;
    const char *json;
    struct log_client expected;
} reports[] = {
    {"the slowest broker's round trip counts, the requests of all",
     "{ \"name\": \"x\", \"brokers\":{ \"a:1/1\": { \"outbuf_cnt\":2, \"rtt\": { \"p50\": 900, "
     "\"p99\": 30 } }, \"a:2/2\": { \"outbuf_cnt\":3, \"rtt\": { \"p99\":70, \"p99_99\": 80 }, "
     "\"throttle\": { \"p99\": 999 }, \"toppars\":{ \"t-0\": { \"topic\":\"t\" } } } } }",
     {.rtt_us = 70, .outbuf_requests = 5}},
    {"the largest topic's mean batch counts",
     "{\"topics\":{\"t\":{\"batchsize\":{\"min\":1,\"avg\":71},\"batchcnt\":{\"avg\":99}},"
     "\"u\":{\"batchsize\":{\"avg\":17}}}}",
     {.batch_bytes = 71}},
    {"the transaction's state is taken as it is written",
     "{\"eos\": {\"idemp_state\": \"Assigned\", \"txn_state\": \"InTransaction\", "
     "\"txn_may_enq\": true}}",
     {.transaction_state = "InTransaction"}},
    {"quotes in names end nothing",
     "{\"brokers\":{\"a\\\"}{\":{\"outbuf_cnt\":4}}}",
     {.outbuf_requests = 4}},
    {"arrays are passed over", "{\"eos\":[1,{\"txn_state\":\"no\"}],\"x\":[[]]}", {0}},
    {"a figure at another place is none of them", "{\"outbuf_cnt\":4,\"p99\":3}", {0}},
    {"another form is 0", "{\"brokers\":{\"a\":{\"outbuf_cnt\":-1,\"rtt\":{\"p99\":null}}}}", {0}},
    {"nothing is nothing", "", {0}},
    {"closing what is not open ends it", "}{\"eos\":{\"txn_state\":\"no\"}}", {0}},
};

static void is_read(void **state)
{
    const struct report *row = *state;
    struct log_client client;
    statistics_read(slice_of(row->json), &client);
    assert_int_equal(client.rtt_us, row->expected.rtt_us);
    assert_int_equal(client.outbuf_requests, row->expected.outbuf_requests);
    assert_int_equal(client.batch_bytes, row->expected.batch_bytes);
    assert_string_equal(client.transaction_state, row->expected.transaction_state);
}

/* Each beginning of a report, in memory that ends with it. */
static void a_report_that_is_cut_is_read_to_its_end(void **state)
{
    (void)state;
    struct slice whole = slice_of(reports[3].json);
    for (size_t length = 0; length <= whole.length; length++) {
        char *copy = malloc(length ? length : 1);
        assert_non_null(copy);
        memcpy(copy, whole.bytes, length);
        struct log_client client;
        statistics_read((struct slice){copy, length}, &client);
        free(copy);
    }
}

static void nesting_without_end_is_left(void **state)
{
    (void)state;
    char deep[64];
    struct log_client client;
    memset(deep, '[', sizeof deep);
    statistics_read((struct slice){deep, sizeof deep}, &client);
    assert_int_equal(client.rtt_us, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_that_is_cut_is_read_to_its_end),
        cmocka_unit_test(nesting_without_end_is_left),
    };
    return RUN_CASES(reports, is_read) + cmocka_run_group_tests(tests, NULL, NULL);
}
