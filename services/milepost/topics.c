/* `milepost topics create | check`: the topics with the settings that correctness hangs on. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/clock.h"
#include "milepost/command.h"
#include "engine/control_book.h"
#include "milepost/control_log.h"

enum { SETTINGS_MAX = 8, PARTITIONS_DEFAULT = 12, PARTITIONS_MAX = 10000, ID_BYTES = 17 };

/* What a topic must be set to; the order is that of the check's report. */
struct setting_rule {
    const char *name;
    const char *value;
    bool (*applies)(enum topic topic);
};

static bool is_kept(enum topic topic)
{
    return topic_cleanup(topic)[0] == 'd';
}

static bool is_private(enum topic topic)
{
    return topic_is_private(topic);
}

static bool is_compacted(enum topic topic)
{
    return !is_kept(topic);
}

static bool is_plain(enum topic topic)
{
    return topic != TOPIC_DEAD_LETTERS;
}

static bool is_dead_letters(enum topic topic)
{
    return topic == TOPIC_DEAD_LETTERS;
}

static bool is_any(enum topic topic)
{
    (void)topic;
    return true;
}

/* JOURNAL.md rule 10 and DESIGN section 2. */
static const struct setting_rule rules[] = {
    {"cleanup.policy", "delete", is_kept},
    {"cleanup.policy", "compact", is_compacted},
    {"retention.ms", "-1", is_any},
    {"retention.bytes", "-1", is_any},
    {"message.timestamp.type", "LogAppendTime", is_private},
    {"segment.bytes", "67108864", is_private},
    {"max.message.bytes", "1048576", is_plain},
    {"max.message.bytes", "2097152", is_dead_letters},
    {"unclean.leader.election.enable", "false", is_any},
};

static size_t collect_rules(enum topic topic, struct kafka_topic_setting out[SETTINGS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i].applies(topic))
            out[count++] = (struct kafka_topic_setting){rules[i].name, rules[i].value};
    return count;
}

static const char help_text[] =
    "usage: milepost topics create [--partitions N] [--replication R]\n"
    "       milepost topics check\n"
    "\n"
    "create makes every topic that is missing, with N partitions (12) and R replicas (the "
    "cluster's\n"
    "default), and draws the epoch and the attainment generation. It may be run again.\n"
    "check compares topics and settings with what Milepost needs; exit 1 when something differs.\n";

static int run(struct cli *cli, int argc, char **argv);
const struct command topics_command = {
    .name = "topics",
    .summary = "create the topics, or check their settings",
    .help = help_text,
    .run = run,
};

static enum status create_topics(const struct connection *connection, int32_t partitions,
                                 int replication, bool created[TOPIC_COUNT], char *detail)
{
    struct kafka_topic_setting settings[TOPIC_COUNT][SETTINGS_MAX];
    struct kafka_topic_spec specs[TOPIC_COUNT];
    for (int topic = 0; topic < TOPIC_COUNT; topic++)
        specs[topic] = (struct kafka_topic_spec){
            .name = connection->topics[topic],
            .partitions = partitions,
            .replication = replication,
            .settings = settings[topic],
            .setting_count = collect_rules((enum topic)topic, settings[topic]),
        };
    struct kafka_admin *admin = NULL;
    enum status status = kafka_admin_new(&connection->endpoint, &admin, detail);
    if (!status)
        status = kafka_admin_create_topics(admin, specs, TOPIC_COUNT, created, detail);
    kafka_admin_free(admin);
    return status;
}

static void draw_id(char out[ID_BYTES])
{
    unsigned char bytes[(ID_BYTES - 1) / 2];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        abort();
    for (size_t i = 0; i < sizeof bytes; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* The record that workers wait for: without it nothing is paid. A new epoch only when the payouts
 * topic itself is new (DESIGN section 2). */
static enum status write_topics_record(const struct connection *connection, struct schemas *schemas,
                                       const struct standing *standing, bool payouts_are_new,
                                       bool attainment_is_new, char *detail)
{
    const struct control *old = standing_control(standing, SLICE("topics"), SLICE("topics"));
    if (old && !payouts_are_new && !attainment_is_new)
        return STATUS_OK;
    char epoch[ID_BYTES];
    char generation[ID_BYTES];
    char partitions[16];
    draw_id(epoch);
    draw_id(generation);
    (void)snprintf(partitions, sizeof partitions, "%" PRId32, standing->partitions);
    struct setting settings[] = {
        {SLICE("partitions"), slice_of(partitions)},
        {SLICE("epoch"),
         old && !payouts_are_new ? control_setting(old, SLICE("epoch")) : slice_of(epoch)},
        {SLICE("attainment-generation"), old && !attainment_is_new
                                             ? control_setting(old, SLICE("attainment-generation"))
                                             : slice_of(generation)},
    };
    struct clock clock = clock_system();
    struct control control = {
        .kind = SLICE("topics"),
        .id = SLICE("topics"),
        .version = old ? old->version + 1 : 1,
        .change = SLICE("topics-create"),
        .written_at = clock.unix_ms(clock.self),
        .written_by = SLICE("milepost"),
        .document = SLICE(""),
        .settings = {settings, sizeof settings / sizeof settings[0]},
    };
    return control_write(connection, schemas, &control, 1, NULL, 0, standing->partitions, detail);
}

static int report_created(struct cli *cli, const struct connection *connection,
                          const bool created[TOPIC_COUNT], int32_t partitions)
{
    static const char *const heads[] = {"topic", ">partitions", "state"};
    struct table table;
    table_init(&table, heads, 3);
    for (int topic = 0; topic < TOPIC_COUNT; topic++) {
        char number[16];
        (void)snprintf(number, sizeof number, "%" PRId32, partitions);
        if (cli->console.is_json) {
            (void)printf("{\"topic\":\"%s\",\"partitions\":%s,\"created\":%s}\n",
                         connection->topics[topic], number, created[topic] ? "true" : "false");
            continue;
        }
        table_add(&table, connection->topics[topic]);
        table_add(&table, number);
        table_add(&table, created[topic] ? "created" : "was there");
    }
    if (!cli->console.is_json)
        table_print(&table, &cli->console);
    table_deinit(&table);
    return EXIT_CODE_DONE;
}

static int create(struct cli *cli, int argc, char **argv)
{
    int32_t partitions = PARTITIONS_DEFAULT;
    int replication = -1;
    static const struct option options[] = {{"partitions", required_argument, NULL, 'p'},
                                            {"replication", required_argument, NULL, 'r'},
                                            {NULL, 0, NULL, 0}};
    optind = 1;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        char *end = NULL;
        long number = optarg ? strtol(optarg, &end, 10) : 0;
        if (option == '?' || !end || *end || number < 1 || number > PARTITIONS_MAX)
            return command_usage(cli, &topics_command, "a number from 1 to 10000 is wanted");
        if (option == 'p')
            partitions = (int32_t)number;
        else
            replication = (int)number;
    }
    struct connection connection;
    struct schemas *schemas = NULL;
    int code = command_connect(cli, &connection, &schemas);
    if (code)
        return code;
    char detail[DETAIL_BYTES] = "";
    bool created[TOPIC_COUNT] = {false};
    struct standing standing = {0};
    static const enum topic written[] = {TOPIC_CONTROL};
    enum status status = create_topics(&connection, partitions, replication, created, detail);
    if (!status)
        status = connection_prepare(&connection, schemas, written, 1, detail);
    if (!status)
        status = standing_read(&connection, schemas, &standing, detail);
    if (!status)
        status = write_topics_record(&connection, schemas, &standing, created[TOPIC_PAYOUTS],
                                     created[TOPIC_ATTAINMENT], detail);
    code = status ? command_fail(cli, status, detail)
                  : report_created(cli, &connection, created, standing.partitions);
    standing_deinit(&standing);
    schemas_free(schemas);
    connection_deinit(&connection);
    return code;
}

/* --- check --- */

struct finding_list {
    struct cli *cli;
    struct table table;
    size_t wrong;
};

static void find(struct finding_list *list, const char *topic, const char *what, const char *is,
                 const char *should, bool right)
{
    list->wrong += !right;
    if (list->cli->console.is_json) {
        struct buffer line = {0};
        buffer_append_byte(&line, '{');
        json_append_field(&line, "topic", slice_of(topic));
        json_append_field(&line, "what", slice_of(what));
        json_append_field(&line, "is", slice_of(is));
        json_append_field(&line, "should", slice_of(should));
        json_append_raw(&line, "ok", right ? "true" : "false");
        (void)printf("%.*s}\n", SLICE_ARGS(buffer_slice(&line)));
        buffer_deinit(&line);
        return;
    }
    if (right)
        return;
    table_add(&list->table, topic);
    table_add(&list->table, what);
    table_add(&list->table, is);
    table_add(&list->table, should);
}

static enum status check_topic(struct finding_list *list, struct kafka_admin *admin,
                               const char *name, enum topic topic, int32_t partitions, char *detail)
{
    struct kafka_topic_info info;
    enum status status = kafka_admin_topic(admin, name, &info, detail);
    if (status)
        return status;
    char is[16];
    char should[16];
    (void)snprintf(is, sizeof is, "%" PRId32, info.partitions);
    (void)snprintf(should, sizeof should, "%" PRId32, partitions);
    find(list, name, "partitions", is, should, info.partitions == partitions);
    if (info.partitions == 0)
        return STATUS_OK;
    struct kafka_topic_setting wanted[SETTINGS_MAX];
    struct kafka_topic_value values[SETTINGS_MAX];
    size_t count = collect_rules(topic, wanted);
    for (size_t i = 0; i < count; i++)
        values[i] = (struct kafka_topic_value){.name = wanted[i].name};
    status = kafka_admin_topic_settings(admin, name, values, count, detail);
    for (size_t i = 0; !status && i < count; i++)
        find(list, name, wanted[i].name, values[i].value, wanted[i].value,
             slice_equal(slice_of(values[i].value), slice_of(wanted[i].value)));
    return status;
}

static int check(struct cli *cli)
{
    static const char *const heads[] = {"topic", "what", "is", "should be"};
    struct connection connection;
    int code = command_connect(cli, &connection, NULL);
    if (code)
        return code;
    char detail[DETAIL_BYTES] = "";
    struct finding_list list = {.cli = cli};
    table_init(&list.table, heads, 4);
    struct kafka_admin *admin = NULL;
    struct kafka_topic_info control;
    enum status status = kafka_admin_new(&connection.endpoint, &admin, detail);
    if (!status)
        status = kafka_admin_topic(admin, connection.topics[TOPIC_CONTROL], &control, detail);
    for (int topic = 0; !status && topic < TOPIC_COUNT; topic++)
        status = check_topic(&list, admin, connection.topics[topic], (enum topic)topic,
                             control.partitions ? control.partitions : PARTITIONS_DEFAULT, detail);
    if (status)
        code = command_fail(cli, status, detail);
    else
        code = list.wrong ? EXIT_CODE_FINDING : EXIT_CODE_DONE;
    if (!status && !cli->console.is_json && list.wrong)
        table_print(&list.table, &cli->console);
    if (!status && !cli->console.is_json)
        (void)printf("%s\n", list.wrong
                                 ? "Mend with kafka-configs, or for what is missing: milepost "
                                   "topics create"
                                 : "All topics are as they should be.");
    table_deinit(&list.table);
    kafka_admin_free(admin);
    connection_deinit(&connection);
    return code;
}

static int run(struct cli *cli, int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (slice_equal(slice_of(what), SLICE("create")))
        return create(cli, argc - 1, argv + 1);
    if (slice_equal(slice_of(what), SLICE("check")))
        return check(cli);
    return command_usage(cli, &topics_command, "say create or check");
}
