#include <stdlib.h>

#include "milepost/command.h"
#include "milepost/command_list.h"
#include "ops/milepost_keys.h"

#define COMMAND_EXTERN(symbol) extern const struct command symbol;
COMMAND_LIST(COMMAND_EXTERN)

#define COMMAND_ROW(symbol) &symbol,
static const struct command *const commands[] = {COMMAND_LIST(COMMAND_ROW)};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_commands(FILE *out)
{
    (void)fprintf(out, "usage: milepost [--config FILE] [-X key=value]... COMMAND ...\n\n");
    for (int i = 0; i < COMMAND_COUNT; i++)
        (void)fprintf(out, "  %-14s %s\n", commands[i]->name, commands[i]->summary);
    (void)fprintf(out,
                  "\n  --json         one JSON object a line instead of tables, with any command\n"
                  "  -X list        the configuration keys; -X dump: what is in force\n"
                  "\nmilepost COMMAND --help says more.\n");
}

int command_usage(struct cli *cli, const struct command *command, const char *complaint)
{
    (void)cli;
    if (complaint)
        (void)fprintf(stderr, "milepost %s: %s\n\n", command->name, complaint);
    (void)fputs(command->help, complaint ? stderr : stdout);
    return complaint ? EXIT_CODE_USAGE : EXIT_CODE_DONE;
}

int command_fail(struct cli *cli, enum status status, const char *detail)
{
    static const int codes[STATUS_COUNT] = {
        [STATUS_INVALID] = EXIT_CODE_FINDING,     [STATUS_OUT_OF_RANGE] = EXIT_CODE_FINDING,
        [STATUS_EXHAUSTED] = EXIT_CODE_FINDING,   [STATUS_UNAVAILABLE] = EXIT_CODE_UNREACHABLE,
        [STATUS_ABORTED] = EXIT_CODE_UNREACHABLE, [STATUS_FENCED] = EXIT_CODE_UNREACHABLE,
        [STATUS_CORRUPT] = EXIT_CODE_STATE,       [STATUS_REFUSED] = EXIT_CODE_CONFIGURATION,
    };
    (void)cli;
    (void)fprintf(stderr, "milepost: %s\n", detail);
    return codes[status];
}

int command_connect(struct cli *cli, struct connection *connection, struct schemas **out_schemas)
{
    char detail[DETAIL_BYTES];
    enum status status = connection_init(connection, cli->config, detail);
    if (!status && out_schemas)
        status = connection_schemas(cli->config, out_schemas, detail);
    return status ? command_fail(cli, status, detail) : EXIT_CODE_DONE;
}

/* Takes `word` out of the arguments wherever it stands. */
static bool take_flag(int *argc, char **argv, struct slice word)
{
    for (int i = 1; i < *argc; i++) {
        if (!slice_equal(slice_of(argv[i]), word))
            continue;
        for (int k = i; k < *argc; k++)
            argv[k] = argv[k + 1];
        (*argc)--;
        return true;
    }
    return false;
}

static int dispatch(struct cli *cli, int argc, char **argv)
{
    cli->console.is_json = take_flag(&argc, argv, SLICE("--json"));
    bool wants_help =
        take_flag(&argc, argv, SLICE("--help")) || take_flag(&argc, argv, SLICE("-h"));
    if (argc < 2) {
        print_commands(wants_help ? stdout : stderr);
        return wants_help ? EXIT_CODE_DONE : EXIT_CODE_USAGE;
    }
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (!slice_equal(slice_of(commands[i]->name), slice_of(argv[1])))
            continue;
        if (wants_help)
            return command_usage(cli, commands[i], NULL);
        return commands[i]->run(cli, argc - 1, argv + 1);
    }
    (void)fprintf(stderr, "milepost: there is no command %s\n\n", argv[1]);
    print_commands(stderr);
    return EXIT_CODE_USAGE;
}

int main(int argc, char **argv)
{
    static const struct config_key *const tables[] = {milepost_common_keys, NULL};
    static const struct config_program program = {
        .name = "milepost",
        .summary = "Incentives as the events happen.",
        .tables = tables,
        .takes_rest = true,
    };
    struct config *config = NULL;
    char detail[DETAIL_BYTES] = "";
    enum config_outcome outcome = config_load(&program, argc, argv, &config, detail);
    if (outcome == CONFIG_DONE)
        return EXIT_CODE_DONE;
    if (outcome != CONFIG_RUN) {
        (void)fprintf(stderr, "milepost: %s\n", detail);
        return outcome == CONFIG_USAGE ? EXIT_CODE_USAGE : EXIT_CODE_CONFIGURATION;
    }
    struct cli cli = {.config = config};
    console_init(&cli.console);
    int code = dispatch(&cli, config_rest_count(config), config_rest(config));
    config_free(config);
    return code;
}
