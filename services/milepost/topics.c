/* `milepost topics create | check`: the topics with the settings that correctness hangs on. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "milepost/command.h"
#include "engine/control_book.h"
#include "milepost/control_log.h"
#include "ops/topic_check.h"

enum { PARTITIONS_MAX = 10000, ID_BYTES = 17 };

static const char help_text[] =
    "usage: milepost topics create [--partitions N] [--replication R]\n"
    "       milepost topics check\n"
    "\n"
    "create makes every topic that is missing, with N partitions (12) and R replicas (the "
    "cluster's\n"
    "default), and draws the epoch and the attainment generation. It may be run again.\n"
    "check compares topics and settings with what Milepost needs; exit 1 when something differs.\n"
    "Services do the same at start and hourly.\n";

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
    struct kafka_topic_setting settings[TOPIC_COUNT][TOPIC_RULES_MAX];
    struct kafka_topic_spec specs[TOPIC_COUNT];
    for (int topic = 0; topic < TOPIC_COUNT; topic++)
        specs[topic] = (struct kafka_topic_spec){
            .name = connection->topics[topic],
            .partitions = partitions,
            .replication = replication,
            .settings = settings[topic],
            .setting_count = topic_rules_settings((enum topic)topic, replication, settings[topic]),
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
    int32_t partitions = TOPIC_PARTITIONS_DEFAULT;
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
    struct buffer repairs; /* a command a line, each once */
    size_t wrong;
    size_t doubtful;
};

static void print_json(const struct topic_finding *finding)
{
    struct buffer line = {0};
    buffer_append_byte(&line, '{');
    json_append_field(&line, "topic", slice_of(finding->topic));
    json_append_field(&line, "what", slice_of(finding->what));
    json_append_field(&line, "is", slice_of(finding->is));
    json_append_field(&line, "should", slice_of(finding->should));
    json_append_raw(&line, "ok", finding->verdict == TOPIC_WRONG ? "false" : "true");
    if (finding->verdict == TOPIC_DOUBTFUL)
        json_append_raw(&line, "warning", "true");
    if (finding->verdict == TOPIC_WRONG)
        json_append_field(&line, "repair", slice_of(finding->repair));
    (void)printf("%.*s}\n", SLICE_ARGS(buffer_slice(&line)));
    buffer_deinit(&line);
}

static void add_repair(struct finding_list *list, const char *command)
{
    struct buffer *repairs = &list->repairs;
    if (repairs->length && memmem(repairs->bytes, repairs->length, command, strlen(command)))
        return;
    buffer_printf(repairs, "  %s\n", command);
}

static void find(void *self, const struct topic_finding *finding)
{
    struct finding_list *list = self;
    list->wrong += finding->verdict == TOPIC_WRONG;
    list->doubtful += finding->verdict == TOPIC_DOUBTFUL;
    if (list->cli->console.is_json) {
        print_json(finding);
        return;
    }
    if (finding->verdict != TOPIC_WRONG)
        return;
    table_add(&list->table, finding->topic);
    table_add(&list->table, finding->what);
    table_add(&list->table, finding->is);
    table_add(&list->table, finding->should);
    add_repair(list, finding->repair);
}

static void report_check(struct finding_list *list)
{
    if (list->wrong > 0) {
        table_print(&list->table, &list->cli->console);
        (void)printf("To mend it:\n%.*s", SLICE_ARGS(buffer_slice(&list->repairs)));
    }
    if (list->doubtful > 0)
        (void)printf("Warning: %zu topics have one replica, so a lost disk loses them; "
                     "min.insync.replicas 2 wants three.\n",
                     list->doubtful);
    if (list->wrong == 0)
        (void)printf("All topics are as they should be.\n");
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
    struct topic_findings findings = {&list, find};
    table_init(&list.table, heads, 4);
    struct kafka_admin *admin = NULL;
    enum status status = kafka_admin_new(&connection.endpoint, &admin, detail);
    if (!status)
        status = topic_check(&connection, admin, NULL, &findings, detail);
    if (status)
        code = command_fail(cli, status, detail);
    else
        code = list.wrong ? EXIT_CODE_FINDING : EXIT_CODE_DONE;
    if (!status && !cli->console.is_json)
        report_check(&list);
    buffer_deinit(&list.repairs);
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
