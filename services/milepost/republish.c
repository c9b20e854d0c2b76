/* `milepost republish attainment`: every attainment record once more. */
#include "base/clock.h"
#include "milepost/command.h"
#include "milepost/control_log.h"

static const char help_text[] = "usage: milepost republish attainment\n"
                                "\n"
                                "Has incentives publish the attainment of every key again, at most "
                                "1,000 keys a turn and beside\n"
                                "what comes in meanwhile; payouts are not touched. For a topic "
                                "that has lost records, or readers\n"
                                "that were fed wrong ones. Redis follows the topic by itself.\n";

static int run(struct cli *cli, int argc, char **argv);
const struct command republish_command = {
    .name = "republish",
    .summary = "have all attainment published once more",
    .help = help_text,
    .run = run,
};

static struct control next_request(const struct standing *standing)
{
    struct clock clock = clock_system();
    const struct control *before =
        standing_control(standing, SLICE("republish"), SLICE("attainment"));
    return (struct control){
        .kind = SLICE("republish"),
        .id = SLICE("attainment"),
        .version = before ? before->version + 1 : 1,
        .change = SLICE("republish-attainment"),
        .written_at = clock.unix_ms(clock.self),
        .written_by = SLICE("milepost"),
        .document = SLICE(""),
    };
}

static enum status write_request(const struct connection *connection, struct schemas *schemas,
                                 int64_t *out_version, char *detail)
{
    static const enum topic written[] = {TOPIC_CONTROL};
    struct standing standing = {0};
    enum status status = connection_prepare(connection, schemas, written, 1, detail);
    if (!status)
        status = standing_read(connection, schemas, &standing, detail);
    if (!status) {
        struct control control = next_request(&standing);
        status =
            control_write(connection, schemas, &control, 1, NULL, 0, standing.partitions, detail);
        *out_version = status ? *out_version : control.version;
    }
    standing_deinit(&standing);
    return status;
}

static int run(struct cli *cli, int argc, char **argv)
{
    if (argc != 2 || !slice_equal(slice_of(argv[1]), SLICE("attainment")))
        return command_usage(cli, &republish_command, "say attainment");
    struct connection connection = {0};
    struct schemas *schemas = NULL;
    char detail[DETAIL_BYTES] = "";
    int64_t version = 0;
    int code = command_connect(cli, &connection, &schemas);
    enum status status = code ? STATUS_OK : write_request(&connection, schemas, &version, detail);
    if (status)
        code = command_fail(cli, status, detail);
    else if (!code && cli->console.is_json)
        (void)printf("{\"republish\":\"attainment\",\"version\":%lld}\n", (long long)version);
    else if (!code)
        (void)printf("Asked for: incentives publishes all attainment again.\n");
    schemas_free(schemas);
    connection_deinit(&connection);
    return code;
}
