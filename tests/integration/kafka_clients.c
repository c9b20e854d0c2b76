/* Administration, readers, publisher and writer on a real broker, named by MILEPOST_TEST_KAFKA or
 * the first argument as host:port; without one the test is skipped. */
#include "kafka/kafka_admin.h"
#include "kafka/kafka_client.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { NAME_BYTES = 128, SKIPPED = 77, WAIT_MS = 60000, TEXT_BYTES = 256 };
enum { KEPT, COMPACTED, TOPICS };

struct stage {
    struct kafka_endpoint endpoint;
    struct kafka_admin *admin;
    char names[TOPICS][NAME_BYTES];
    const char *topics[TOPICS];
    char id[NAME_BYTES];
    char detail[DETAIL_BYTES];
};

static struct stage stage;

static void must(enum status status, const char *what)
{
    if (status)
        fail_msg("%s: %s: %s", what, status_name(status), stage.detail);
}

static void make_specs(struct kafka_topic_spec specs[TOPICS])
{
    static const struct kafka_topic_setting kept[] = {{"retention.ms", "-1"},
                                                      {"segment.bytes", "67108864"}};
    static const struct kafka_topic_setting compacted[] = {{"cleanup.policy", "compact"}};

    specs[KEPT] = (struct kafka_topic_spec){stage.topics[KEPT], 2, 1, kept, 2};
    specs[COMPACTED] = (struct kafka_topic_spec){stage.topics[COMPACTED], 1, 1, compacted, 1};
}

static int set_up(void **state)
{
    static int scenario;
    struct clock clock = clock_system();
    struct kafka_topic_spec specs[TOPICS];
    bool created[TOPICS] = {false, false};
    (void)state;

    snprintf(stage.id, NAME_BYTES, "clients-%lld-%d", (long long)clock.unix_ms(clock.self),
             scenario++);
    for (int i = 0; i < TOPICS; i++) {
        snprintf(stage.names[i], NAME_BYTES, "%.100s-%d", stage.id, i);
        stage.topics[i] = stage.names[i];
    }
    make_specs(specs);
    must(kafka_admin_new(&stage.endpoint, &stage.admin, stage.detail), "admin");
    must(kafka_admin_create_topics(stage.admin, specs, TOPICS, created, stage.detail), "create");
    return created[KEPT] && created[COMPACTED] ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    must(kafka_admin_delete_topics(stage.admin, stage.topics, TOPICS, stage.detail), "delete");
    kafka_admin_free(stage.admin);
    return 0;
}

static struct kafka_publisher *must_publisher(void)
{
    const struct kafka_publisher_config config = {stage.endpoint, stage.topics, TOPICS};
    struct kafka_publisher *publisher = NULL;
    must(kafka_publisher_new(&config, &publisher, stage.detail), "publisher");
    return publisher;
}

static void publish(int32_t partition, const char *text)
{
    struct kafka_publisher *publisher = must_publisher();
    const struct log_outgoing record = {
        .topic = KEPT, .partition = partition, .value = slice_of(text)};

    must(kafka_publish(publisher, &record, stage.detail), "publish");
    must(kafka_publisher_flush(publisher, WAIT_MS, stage.detail), "flush");
    kafka_publisher_free(publisher);
}

/* All values of both partitions up to their ends, partition 0 first. */
static void read_all(bool reads_uncommitted, int64_t first, char text[2][TEXT_BYTES])
{
    const struct kafka_reader_config config = {stage.endpoint, stage.topics, TOPICS,
                                               reads_uncommitted};
    const struct log_position positions[2] = {{.partition = 0, .offset = first}, {.partition = 1}};
    struct kafka_reader *reader;
    int ends = 0;

    text[0][0] = text[1][0] = '\0';
    must(kafka_reader_new(&config, &reader, stage.detail), "reader");
    must(kafka_reader_assign(reader, positions, 2, stage.detail), "assign");
    while (ends < 2) {
        struct kafka_event event;
        bool has;
        must(kafka_reader_next(reader, WAIT_MS, &has, &event, stage.detail), "read");
        assert_true(has);
        ends += event.record == NULL;
        if (!event.record)
            continue;
        char *into = text[event.partition];
        size_t used = strlen(into);
        snprintf(into + used, TEXT_BYTES - used, "%.*s@%lld ", SLICE_ARGS(event.record->value),
                 (long long)event.record->offset);
    }
    kafka_reader_free(reader);
}

static struct kafka_writer *must_writer(void)
{
    static struct kafka_writer_config config;
    struct kafka_writer *writer = NULL;

    config = (struct kafka_writer_config){.endpoint = stage.endpoint,
                                          .topics = stage.topics,
                                          .topic_count = TOPICS,
                                          .transactional_id = stage.id};
    must(kafka_writer_new(&config, &writer, stage.detail), "writer");
    return writer;
}

static void must_write(struct kafka_writer *writer, int32_t partition, const char *text,
                       int64_t *out_offset)
{
    const struct log_outgoing record = {
        .topic = KEPT, .partition = partition, .value = slice_of(text), .out_offset = out_offset};
    must(kafka_writer_produce(writer, &record, stage.detail), "produce");
}

static void creates_once(void **state)
{
    struct kafka_topic_spec specs[TOPICS];
    bool created[TOPICS] = {true, true};
    struct kafka_topic_info info;
    (void)state;

    make_specs(specs);
    must(kafka_admin_create_topics(stage.admin, specs, TOPICS, created, stage.detail), "create");
    assert_false(created[KEPT]);
    assert_false(created[COMPACTED]);
    must(kafka_admin_topic(stage.admin, stage.topics[KEPT], &info, stage.detail), "topic");
    assert_int_equal(info.partitions, 2);
    assert_int_equal(info.replication, 1);
    assert_int_equal(info.leaderless, 0);
    must(kafka_admin_topic(stage.admin, "no-such-topic", &info, stage.detail), "no topic");
    assert_int_equal(info.partitions, 0);
}

static void refuses_impossible_topics(void **state)
{
    static const struct kafka_topic_setting bad[] = {{"cleanup.policy", "shred"}};
    const struct kafka_topic_spec wide = {"clients-wide", 1, 99, NULL, 0};
    const struct kafka_topic_spec odd = {"clients-odd", 1, 1, bad, 1};
    (void)state;

    assert_int_equal(kafka_admin_create_topics(stage.admin, &wide, 1, NULL, stage.detail),
                     STATUS_REFUSED);
    assert_non_null(strstr(stage.detail, "clients-wide"));
    assert_int_equal(kafka_admin_create_topics(stage.admin, &odd, 1, NULL, stage.detail),
                     STATUS_REFUSED);
    assert_non_null(strstr(stage.detail, "clients-odd"));
}

static void tells_settings(void **state)
{
    struct kafka_topic_value values[] = {
        {.name = "cleanup.policy"}, {.name = "retention.ms"}, {.name = "no.such.setting"}};
    (void)state;

    must(kafka_admin_topic_settings(stage.admin, stage.topics[KEPT], values, 3, stage.detail),
         "settings");
    assert_string_equal(values[0].value, "delete");
    assert_true(values[0].is_default);
    assert_string_equal(values[1].value, "-1");
    assert_false(values[1].is_default);
    assert_string_equal(values[2].value, "");
    must(kafka_admin_topic_settings(stage.admin, stage.topics[COMPACTED], values, 1, stage.detail),
         "settings");
    assert_string_equal(values[0].value, "compact");
    assert_int_equal(
        kafka_admin_topic_settings(stage.admin, "no-such-topic", values, 1, stage.detail),
        STATUS_REFUSED);
}

static void probes_truncation(void **state)
{
    int64_t first;
    int64_t end;
    (void)state;

    publish(0, "zero");
    publish(0, "one");
    must(kafka_admin_probe_truncate(stage.admin, stage.topics[KEPT], 2, stage.detail), "probe");
    must(kafka_admin_bounds(stage.admin, stage.topics[KEPT], 0, &first, &end, stage.detail),
         "bounds");
    assert_int_equal(first, 0);
    assert_int_equal(end, 2);
    must(kafka_admin_truncate(stage.admin, stage.topics[KEPT], 0, 1, stage.detail), "truncate");
    must(kafka_admin_bounds(stage.admin, stage.topics[KEPT], 0, &first, &end, stage.detail),
         "bounds");
    assert_int_equal(first, 1);
    assert_int_equal(
        kafka_admin_probe_truncate(stage.admin, stage.topics[COMPACTED], 1, stage.detail),
        STATUS_REFUSED);
}

static void tells_offsets_of_strangers(void **state)
{
    struct kafka_offset offsets[] = {{.topic = stage.topics[KEPT], .partition = 1, .offset = 7}};
    (void)state;

    must(kafka_admin_committed(stage.admin, "clients-nobody", offsets, 1, stage.detail),
         "committed");
    assert_int_equal(offsets[0].offset, -1);
    assert_string_equal(offsets[0].metadata, "");
}

static void publishes_where_told(void **state)
{
    char text[2][TEXT_BYTES];
    (void)state;

    publish(1, "one");
    publish(0, "zero");
    publish(1, "two");
    read_all(false, 0, text);
    assert_string_equal(text[0], "zero@0 ");
    assert_string_equal(text[1], "one@0 two@1 ");
}

static void refuses_what_cannot_be_sent(void **state)
{
    struct kafka_publisher *publisher = must_publisher();
    const struct log_outgoing record = {.topic = KEPT, .partition = 9, .value = SLICE("lost")};
    (void)state;

    assert_int_equal(kafka_publish(publisher, &record, stage.detail), STATUS_EXHAUSTED);
    must(kafka_publisher_flush(publisher, WAIT_MS, stage.detail), "flush");
    kafka_publisher_free(publisher);
}

static void writes_at_once(void **state)
{
    struct kafka_writer *writer = must_writer();
    char text[2][TEXT_BYTES];
    int64_t offset = -1;
    (void)state;

    must(kafka_writer_begin(writer, stage.detail), "begin");
    must_write(writer, 0, "undone", NULL);
    must(kafka_writer_abort(writer, stage.detail), "abort");
    must(kafka_writer_begin(writer, stage.detail), "begin");
    must_write(writer, 0, "done", NULL);
    must_write(writer, 1, "too", &offset);
    must(kafka_writer_commit(writer, stage.detail), "commit");
    kafka_writer_free(writer);
    read_all(false, 0, text);
    assert_non_null(strstr(text[0], "done@"));
    assert_null(strstr(text[0], "undone@"));
    assert_string_equal(text[1], "too@0 ");
    assert_int_equal(offset, 0);
}

static void later_writer_fences(void **state)
{
    struct kafka_writer *first = must_writer();
    char text[2][TEXT_BYTES];
    (void)state;

    must(kafka_writer_begin(first, stage.detail), "begin");
    must_write(first, 1, "first", NULL);
    struct kafka_writer *second = must_writer();
    must(kafka_writer_begin(second, stage.detail), "begin");
    must_write(second, 1, "second", NULL);
    must(kafka_writer_commit(second, stage.detail), "commit");
    assert_int_equal(kafka_writer_commit(first, stage.detail), STATUS_FENCED);
    kafka_writer_free(first);
    kafka_writer_free(second);
    read_all(false, 0, text);
    assert_null(strstr(text[1], "first"));
    assert_non_null(strstr(text[1], "second"));
}

static void reads_anew_after_assign(void **state)
{
    const struct kafka_reader_config config = {stage.endpoint, stage.topics, TOPICS, false};
    struct kafka_reader *reader;
    struct kafka_event event;
    bool has;
    (void)state;

    publish(0, "zero");
    publish(0, "one");
    must(kafka_reader_new(&config, &reader, stage.detail), "reader");
    for (int64_t from = 1; from >= 0; from--) {
        const struct log_position position = {.offset = from};
        must(kafka_reader_assign(reader, &position, 1, stage.detail), "assign");
        must(kafka_reader_next(reader, WAIT_MS, &has, &event, stage.detail), "read");
        assert_true(has);
        assert_non_null(event.record);
        assert_int_equal(event.record->offset, from);
    }
    const struct log_position beyond = {.offset = 99};
    must(kafka_reader_assign(reader, &beyond, 1, stage.detail), "assign");
    assert_int_equal(kafka_reader_next(reader, WAIT_MS, &has, &event, stage.detail),
                     STATUS_OUT_OF_RANGE);
    kafka_reader_free(reader);
}

#define ON_TOPICS(rule, test)                                                                      \
    {                                                                                              \
        rule, test, set_up, tear_down, NULL                                                        \
    }

int main(int argc, char **argv)
{
    const char *brokers = argc > 1 ? argv[1] : getenv("MILEPOST_TEST_KAFKA");
    const struct CMUnitTest tests[] = {
        ON_TOPICS("creates a topic once and tells what it is", creates_once),
        ON_TOPICS("refuses a topic that cannot be and names it", refuses_impossible_topics),
        ON_TOPICS("tells a topic's settings and which are its own", tells_settings),
        ON_TOPICS("proves the right to truncate without an effect", probes_truncation),
        ON_TOPICS("tells that a group has no offsets without joining it",
                  tells_offsets_of_strangers),
        ON_TOPICS("publishes to the partition given, in order", publishes_where_told),
        ON_TOPICS("refuses to publish to a partition that is not there",
                  refuses_what_cannot_be_sent),
        ON_TOPICS("writes all records of a transaction or none", writes_at_once),
        ON_TOPICS("fences a writer by a later one of the same name", later_writer_fences),
        ON_TOPICS("reads from the positions of the last assign", reads_anew_after_assign),
    };

    if (!brokers || !brokers[0]) {
        printf("skipped: MILEPOST_TEST_KAFKA names no broker\n");
        return SKIPPED;
    }
    stage.endpoint = (struct kafka_endpoint){.brokers = brokers, .client = "clients"};
    return cmocka_run_group_tests_name("kafka clients", tests, NULL, NULL);
}
