#include <stdlib.h>

#include "milepost/command.h"
#include "milepost/command_list.h"
#include "ops/milepost_keys.h"

#define COMMAND_EXTERN(symbol) extern const struct command symbol;
COMMAND_LIST(COMMAND_EXTERN)

#define COMMAND_ROW(symbol) &symbol,
static const struct command *const commands[] = {COMMAND_LIST(COMMAND_ROW) NULL};

static void print_commands(FILE *out)
{
    (void)fprintf(out, "usage: milepost [--config FILE] [-X key=value]... COMMAND ...\n\n");
    for (int i = 0; commands[i]; i++)
        (void)fprintf(out, "  %-14s %s\n", commands[i]->name, commands[i]->summary);
    (void)fprintf(out,
                  "\n  --json         one JSON object a line instead of tables, with any command\n"
                  "  -X list        the configuration keys; -X dump: what is in force\n"
                  "\nmilepost COMMAND --help says more.\n");
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
    int code = command_dispatch(cli, commands, argc - 1, argv + 1, wants_help);
    if (code >= 0)
        return code;
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
