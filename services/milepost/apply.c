/* `milepost apply`: plans, roster and control into Kafka, after showing what they would move. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "milepost/bundle.h"
#include "milepost/command.h"
#include "milepost/control_log.h"
#include "milepost/preview.h"
#include "milepost/standing_plans.h"

enum { NAME_BYTES = 64, EFFECTS_SHOWN = 40 };

static const char help_text[] =
    "usage: milepost apply [--yes] [--name NAME] FILE...\n"
    "\n"
    "Reads plan, roster and control files, compares them with what stands in Kafka, computes from\n"
    "both journals what every participant's totals would become, asks, and writes everything in "
    "one\n"
    "transaction. Files whose content stands already change nothing. A second apply fences a "
    "first.\n"
    "\n"
    "  --yes        do not ask\n"
    "  --no-preview skip the computation (a first set-up, or a very large state)\n"
    "  --name NAME  the change's name, as payouts will show it (default: apply-TIME)\n"
    "\n"
    "exit: 0 applied or nothing to do, 1 a file is wrong or the answer was no, 4 no answer\n";

static int run(struct cli *cli, int argc, char **argv);
const struct command apply_command = {
    .name = "apply",
    .summary = "put plans, roster and control into force, after showing the effect",
    .help = help_text,
    .run = run,
};

struct apply_options {
    bool yes;
    bool no_preview;
    char name[NAME_BYTES];
};

struct files {
    int count;
    char **names;
};

struct kafka {
    struct connection connection;
    struct schemas *schemas;
    struct standing standing; /* control and roster as they were when apply began */
};

static void show_records(struct cli *cli, const struct bundle *bundle)
{
    for (size_t i = 0; i < bundle->control_count; i++) {
        const struct control *one = &bundle->controls[i];
        if (!cli->console.is_json)
            (void)printf("%.*s %.*s version %" PRId64 "\n", SLICE_ARGS(one->kind),
                         SLICE_ARGS(one->id), one->version);
    }
    if (!cli->console.is_json && bundle->roster_count > 0)
        (void)printf("%zu aspects of participants\n", bundle->roster_count);
}

/* Services have no pay periods yet: what waits for them or for a day is said, not left silent. */
static void show_what_waits(const struct bundle *bundle)
{
    char detail[DETAIL_BYTES];
    struct standing_plans plans = {0};
    const struct standing standing = {.controls = bundle->controls,
                                      .control_count = bundle->control_count};
    const struct fact_rules rules = {bundle->units, bundle->unit_count};
    enum status status = standing_plans_read(&plans, &standing, &rules, detail);
    for (size_t i = 0; !status && i < plans.plans.count; i++) {
        const struct plan_series *series = plans.plans.series[i];
        const struct plan *plan = series->versions[series->count - 1]->plan;
        if (plan->total.is_given)
            (void)fprintf(stderr,
                          "milepost: plan %.*s has `total`: the services pay its components and "
                          "close no pay periods yet; `milepost simulate` computes them\n",
                          SLICE_ARGS(plan->name));
        if (series->moves_with_date)
            (void)fprintf(stderr,
                          "milepost: plan %.*s waits for the business date, which nothing moves in "
                          "the services yet; `date` lines move it in `milepost simulate`\n",
                          SLICE_ARGS(plan->name));
    }
    standing_plans_deinit(&plans);
}

static void show_effect_json(const struct effect *one)
{
    char before[DECIMAL_TEXT_BYTES];
    char after[DECIMAL_TEXT_BYTES];
    decimal_format(one->before, before);
    decimal_format(one->after, after);
    struct buffer line = {0};
    buffer_append_byte(&line, '{');
    json_append_field(&line, "participant", one->participant);
    json_append_field(&line, "plan", one->plan);
    json_append_field(&line, "component", one->component);
    json_append_field(&line, "window", one->window);
    json_append_field(&line, "before", slice_of(before));
    json_append_field(&line, "after", slice_of(after));
    json_append_field(&line, "currency", one->currency);
    (void)printf("%.*s}\n", SLICE_ARGS(buffer_slice(&line)));
    buffer_deinit(&line);
}

static void show_effects(struct cli *cli, const struct preview *preview)
{
    static const char *const heads[] = {"participant", "plan",   "component", "window",
                                        ">before",     ">after", "currency"};
    struct table table;
    table_init(&table, heads, 7);
    for (size_t i = 0; i < preview->count; i++) {
        const struct effect *one = &preview->effects[i];
        if (cli->console.is_json) {
            show_effect_json(one);
            continue;
        }
        if (i >= EFFECTS_SHOWN)
            continue;
        char text[DECIMAL_TEXT_BYTES];
        table_add_slice(&table, one->participant);
        table_add_slice(&table, one->plan);
        table_add_slice(&table, one->component);
        table_add_slice(&table, one->window);
        table_add_slice(&table, (struct slice){text, decimal_format(one->before, text)});
        table_add_slice(&table, (struct slice){text, decimal_format(one->after, text)});
        table_add_slice(&table, one->currency);
    }
    if (!cli->console.is_json) {
        if (preview->count > 0)
            table_print(&table, &cli->console);
        if (preview->count > EFFECTS_SHOWN)
            (void)printf("… and %zu more; --json shows all\n", preview->count - EFFECTS_SHOWN);
        (void)printf("%" PRId64 " participants would be paid something else.\n", preview->books);
    }
    table_deinit(&table);
}

/* The journals may be behind control: plans need the units that stand, so those come first. */
static enum status show_preview(struct cli *cli, struct kafka *kafka, struct bundle *bundle,
                                char *detail)
{
    const struct control *units = standing_units(&kafka->standing);
    size_t count = bundle->control_count + (units ? 1 : 0);
    struct control *controls = arena_take_array(&bundle->arena, count, sizeof *controls);
    if (!controls)
        return STATUS_EXHAUSTED;
    if (units)
        controls[0] = *units;
    for (size_t i = 0; i < bundle->control_count; i++)
        controls[i + (units ? 1 : 0)] = bundle->controls[i];
    struct preview preview = {0};
    enum status status =
        preview_run(cli, &kafka->connection, kafka->schemas, controls, count, bundle->rosters,
                    bundle->roster_count, kafka->standing.partitions, &preview, detail);
    if (!status)
        show_effects(cli, &preview);
    preview_deinit(&preview);
    return status;
}

static int apply_to(struct cli *cli, const struct apply_options *options, struct bundle *bundle,
                    struct kafka *kafka)
{
    const struct connection *connection = &kafka->connection;
    const struct standing *standing = &kafka->standing;
    struct schemas *schemas = kafka->schemas;
    char detail[DETAIL_BYTES] = "";
    struct clock clock = clock_system();
    enum status status =
        bundle_version(bundle, standing->controls, standing->control_count, standing->rosters,
                       standing->roster_count, options->name, clock.unix_ms(clock.self), detail);
    bool nothing = bundle->control_count + bundle->roster_count == 0;
    if (!status && !nothing) {
        show_records(cli, bundle);
        show_what_waits(bundle);
        if (!options->no_preview)
            status = show_preview(cli, kafka, bundle, detail);
    }
    bool refused = !status && !nothing && !options->yes && !console_ask(&cli->console, "Apply?");
    if (!status && !nothing && !refused)
        status = control_write(connection, schemas, bundle->controls, bundle->control_count,
                               bundle->rosters, bundle->roster_count, standing->partitions, detail);
    if (status)
        return command_fail(cli, status, detail);
    if (!cli->console.is_json)
        (void)printf("%s\n", nothing   ? "Nothing to apply: all of it stands already."
                             : refused ? "Not applied."
                                       : "Applied.");
    return refused ? EXIT_CODE_FINDING : EXIT_CODE_DONE;
}

/* INVALID: reported in the bundle; any other failure is told. */
static enum status read_files(struct bundle *bundle, const struct files *files)
{
    char detail[DETAIL_BYTES] = "";
    enum status worst = STATUS_OK;
    for (int i = 0; i < files->count; i++) {
        enum status status = bundle_read(bundle, files->names[i], NULL, detail);
        if (status && status != STATUS_INVALID)
            (void)fprintf(stderr, "milepost: %s\n", detail);
        if (status && worst <= STATUS_INVALID)
            worst = status;
    }
    return worst;
}

static void print_reports(struct cli *cli, const struct bundle *bundle)
{
    struct buffer text = {0};
    reports_append(&bundle->reports, cli->console.has_colour, &text);
    (void)fwrite(text.bytes ? text.bytes : "", 1, text.length, stderr);
    buffer_deinit(&text);
}

static int connect_kafka(struct cli *cli, struct kafka *kafka)
{
    static const enum topic written[] = {TOPIC_CONTROL, TOPIC_ROSTER};
    char detail[DETAIL_BYTES] = "";
    int code = command_connect(cli, &kafka->connection, &kafka->schemas);
    if (code)
        return code;
    enum status status = connection_prepare(&kafka->connection, kafka->schemas, written, 2, detail);
    if (!status)
        status = standing_read(&kafka->connection, kafka->schemas, &kafka->standing, detail);
    return status ? command_fail(cli, status, detail) : EXIT_CODE_DONE;
}

/* Reads the files once more, with the units that stand in Kafka. */
static int read_again(struct cli *cli, struct bundle *bundle, const struct files *files,
                      const struct standing *standing)
{
    char detail[DETAIL_BYTES] = "";
    bundle_deinit(bundle);
    bundle_init(bundle);
    enum status status =
        standing_units_read(standing, &bundle->arena, &bundle->units, &bundle->unit_count, detail);
    if (status)
        return command_fail(cli, status, detail);
    return read_files(bundle, files) ? EXIT_CODE_FINDING : EXIT_CODE_DONE;
}

/* What is wrong whatever stands in Kafka is told without asking it. */
static int read_and_apply(struct cli *cli, const struct apply_options *options,
                          struct bundle *bundle, const struct files *files, struct kafka *kafka)
{
    enum status status = read_files(bundle, files);
    int code = EXIT_CODE_DONE;
    if (status && (status != STATUS_INVALID || !bundle_lacks_units(bundle)))
        code = EXIT_CODE_FINDING;
    if (!code)
        code = connect_kafka(cli, kafka);
    if (!code)
        code = read_again(cli, bundle, files, &kafka->standing);
    print_reports(cli, bundle);
    return code ? code : apply_to(cli, options, bundle, kafka);
}

static int run(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = {{"yes", no_argument, NULL, 'y'},
                                            {"no-preview", no_argument, NULL, 'p'},
                                            {"name", required_argument, NULL, 'n'},
                                            {NULL, 0, NULL, 0}};
    struct apply_options chosen = {0};
    struct clock clock = clock_system();
    (void)snprintf(chosen.name, NAME_BYTES, "apply-%" PRId64, clock.unix_ms(clock.self));
    optind = 1;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'y')
            chosen.yes = true;
        else if (option == 'p')
            chosen.no_preview = true;
        else if (option == 'n')
            (void)snprintf(chosen.name, NAME_BYTES, "%s", optarg);
        else
            return command_usage(cli, &apply_command, "that option is not known");
    }
    if (optind == argc)
        return command_usage(cli, &apply_command, "name at least one file");
    struct bundle bundle;
    bundle_init(&bundle);
    struct files files = {argc - optind, argv + optind};
    struct kafka kafka = {0};
    int code = read_and_apply(cli, &chosen, &bundle, &files, &kafka);
    standing_deinit(&kafka.standing);
    schemas_free(kafka.schemas);
    connection_deinit(&kafka.connection);
    bundle_deinit(&bundle);
    return code;
}
