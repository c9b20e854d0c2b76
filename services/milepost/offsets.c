/* `milepost offsets repair`: committed offsets that a task stopped over, written again. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>

#include "milepost/command.h"
#include "milepost/journal_repair.h"

static const char help_text[] =
    "usage: milepost offsets repair [--stage crediting|incentives] [--yes]\n"
    "\n"
    "For tasks that stopped because their committed offsets are lost, were reset by somebody, or "
    "do\n"
    "not agree with their journal (exit code 5). Each journal is read to its last complete turn;\n"
    "where the offsets say something else they are written again, with the turn as their "
    "metadata,\n"
    "under a raised generation. The services of the stage must be stopped, and their members gone\n"
    "from the group, which takes up to session.timeout.ms. Shows what it found and asks before it\n"
    "writes; --yes does not ask. Without --stage both stages are looked at.\n";

static int run(struct cli *cli, int argc, char **argv);
const struct command offsets_command = {
    .name = "offsets",
    .summary = "repair committed offsets from the journals",
    .help = help_text,
    .run = run,
};

enum { TOPICS = TOPIC_COUNT };

struct repairing {
    struct cli *cli;
    const struct stage *stage;
    struct connection *connection;
    struct state_source *source;
    char group[STAGE_GROUP_BYTES];
    struct journal_repair *repairs; /* [N] */
    int32_t needed;
    int32_t written;
};

/* REFUSED: members are in the group. */
static enum status expect_empty(const struct repairing *repairing, char *detail)
{
    struct kafka_group_info info;
    enum status status =
        kafka_admin_group(repairing->source->admin, repairing->group, &info, detail);
    if (status || info.members == 0)
        return status;
    (void)snprintf(detail, DETAIL_BYTES,
                   "group %.120s has %d members (%s); stop the services of %s and wait until their "
                   "session.timeout.ms has passed",
                   repairing->group, info.members, info.names, repairing->stage->name);
    return STATUS_REFUSED;
}

static enum status look_at_all(struct repairing *repairing, char *detail)
{
    int32_t partitions = repairing->source->partitions;
    enum status status = STATUS_OK;
    for (int32_t p = 0; !status && p < partitions; p++) {
        console_progress(&repairing->cli->console, "journals", p, partitions);
        status = journal_repair_look(&repairing->repairs[p], repairing->source, repairing->stage, p,
                                     detail);
        repairing->needed += !status && repairing->repairs[p].verdict == REPAIR_NEEDED;
    }
    console_progress_end(&repairing->cli->console);
    return status;
}

static enum status write_all(struct repairing *repairing, char *detail)
{
    char name[TOPIC_NAME_BYTES + 32];
    (void)snprintf(name, sizeof name, "%smilepost-repair-%s", repairing->connection->prefix,
                   repairing->stage->name);
    struct kafka_writer_config config = {.endpoint = repairing->connection->endpoint,
                                         .topics = repairing->source->names,
                                         .topic_count = TOPICS,
                                         .transactional_id = name};
    struct kafka_writer *writer = NULL;
    enum status status = kafka_writer_new(&config, &writer, detail);
    for (int32_t p = 0; !status && p < repairing->source->partitions; p++) {
        if (repairing->repairs[p].verdict != REPAIR_NEEDED)
            continue;
        status = journal_repair_write(&repairing->repairs[p], repairing->source, repairing->group,
                                      writer, detail);
        repairing->written += status == STATUS_OK;
    }
    kafka_writer_free(writer);
    return status;
}

/* --- showing --- */

static const char *verdict_name(enum repair_verdict verdict)
{
    static const char *const names[] = {
        [REPAIR_FRESH] = "fresh", [REPAIR_RIGHT] = "right", [REPAIR_NEEDED] = "to repair"};
    return names[verdict];
}

static void print_json(const struct repairing *repairing, int32_t partition, const char *named,
                       const char *turn)
{
    const struct journal_repair *repair = &repairing->repairs[partition];
    struct buffer line = {0};
    char number[16];
    (void)snprintf(number, sizeof number, "%" PRId32, partition);
    buffer_append_byte(&line, '{');
    json_append_field(&line, "stage", slice_of(repairing->stage->name));
    json_append_raw(&line, "partition", number);
    json_append_field(&line, "state", slice_of(verdict_name(repair->verdict)));
    json_append_raw(&line, "offsets_turn", *named ? named : "null");
    json_append_raw(&line, "journal_turn", *turn ? turn : "null");
    (void)printf("%.*s}\n", SLICE_ARGS(buffer_slice(&line)));
    buffer_deinit(&line);
}

static void show(const struct repairing *repairing)
{
    static const char *const heads[] = {"stage", ">partition", "state", ">offsets name turn",
                                        ">journal ends in turn"};
    struct table table;
    table_init(&table, heads, 5);
    for (int32_t p = 0; p < repairing->source->partitions; p++) {
        const struct journal_repair *repair = &repairing->repairs[p];
        char number[16];
        char named[24] = "";
        char turn[24] = "";
        (void)snprintf(number, sizeof number, "%" PRId32, p);
        if (repair->is_named)
            (void)snprintf(named, sizeof named, "%" PRId64, repair->named.turn);
        if (repair->task)
            (void)snprintf(turn, sizeof turn, "%" PRId64, repair->task->small.turn);
        if (repairing->cli->console.is_json) {
            print_json(repairing, p, named, turn);
            continue;
        }
        table_add(&table, repairing->stage->name);
        table_add(&table, number);
        table_add(&table, verdict_name(repair->verdict));
        table_add(&table, repair->task && !*named ? "none" : named);
        table_add(&table, turn);
    }
    if (!repairing->cli->console.is_json)
        table_print(&table, &repairing->cli->console);
    table_deinit(&table);
}

static int fail(const struct repairing *repairing, enum status status, const char *detail)
{
    (void)command_fail(repairing->cli, status, detail);
    if (repairing->written > 0)
        (void)fprintf(stderr,
                      "milepost: %" PRId32 " of %" PRId32 " tasks were repaired; run it "
                      "again\n",
                      repairing->written, repairing->needed);
    return status == STATUS_REFUSED   ? EXIT_CODE_FINDING
           : status == STATUS_CORRUPT ? EXIT_CODE_STATE
                                      : EXIT_CODE_UNREACHABLE;
}

static int repair_looked(struct repairing *repairing, bool asks)
{
    char detail[DETAIL_BYTES] = "";
    char question[160];
    show(repairing);
    if (repairing->needed == 0)
        return EXIT_CODE_DONE;
    (void)snprintf(question, sizeof question, "Write the offsets of %" PRId32 " tasks of %s again?",
                   repairing->needed, repairing->stage->name);
    if (asks && !console_ask(&repairing->cli->console, question)) {
        (void)fprintf(stderr, "milepost: nothing was written (--yes writes without asking)\n");
        return EXIT_CODE_FINDING;
    }
    enum status status = expect_empty(repairing, detail); /* while journals were read … */
    if (!status)
        status = write_all(repairing, detail);
    if (status)
        return fail(repairing, status, detail);
    if (!repairing->cli->console.is_json)
        (void)printf("%" PRId32 " tasks of %s repaired.\n", repairing->written,
                     repairing->stage->name);
    return EXIT_CODE_DONE;
}

static int repair_stage(struct cli *cli, struct connection *connection, struct state_source *source,
                        const struct stage *stage, bool asks)
{
    char detail[DETAIL_BYTES] = "";
    struct repairing repairing = {
        .cli = cli,
        .stage = stage,
        .connection = connection,
        .source = source,
        .repairs = calloc((size_t)source->partitions, sizeof *repairing.repairs),
    };
    if (!repairing.repairs)
        abort();
    stage_group(stage, connection->prefix, repairing.group);
    enum status status = expect_empty(&repairing, detail);
    if (!status)
        status = look_at_all(&repairing, detail);
    int code = status ? fail(&repairing, status, detail) : repair_looked(&repairing, asks);
    for (int32_t p = 0; p < source->partitions; p++)
        journal_repair_close(&repairing.repairs[p]);
    free(repairing.repairs);
    return code;
}

static int repair(struct cli *cli, const struct stage *only, bool asks)
{
    static const struct stage *const stages[STAGE_COUNT] = {&crediting_stage, &incentives_stage};
    struct connection connection;
    struct schemas *schemas = NULL;
    struct state_source source = {0};
    char detail[DETAIL_BYTES] = "";
    int32_t partitions;
    int code = command_connect(cli, &connection, &schemas);
    if (code)
        return code;
    enum status status = connection_partitions(&connection, &partitions, detail);
    if (!status)
        status = state_source_open(&source, &connection, schemas, partitions, detail);
    if (status)
        code = command_fail(cli, status, detail);
    for (int s = 0; !code && s < STAGE_COUNT; s++)
        if (!only || only == stages[s])
            code = repair_stage(cli, &connection, &source, stages[s], asks);
    state_source_close(&source);
    schemas_free(schemas);
    connection_deinit(&connection);
    return code;
}

static int run(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = {{"stage", required_argument, NULL, 's'},
                                            {"yes", no_argument, NULL, 'y'},
                                            {NULL, 0, NULL, 0}};
    if (argc < 2 || !slice_equal(slice_of(argv[1]), SLICE("repair")))
        return command_usage(cli, &offsets_command, "say repair");
    const struct stage *only = NULL;
    bool asks = true;
    optind = 1;
    for (int option; (option = getopt_long(argc - 1, argv + 1, "", options, NULL)) != -1;) {
        if (option == '?')
            return command_usage(cli, &offsets_command, "see the options");
        if (option == 'y')
            asks = false;
        else if (!(only = stage_of(slice_of(optarg))))
            return command_usage(cli, &offsets_command, "--stage wants crediting or incentives");
    }
    return repair(cli, only, asks);
}
