#include "milepost/command.h"

const char *command_word(const struct command *command)
{
    const char *space = strrchr(command->name, ' ');
    return space ? space + 1 : command->name;
}

void command_append_help(const struct command *command, struct buffer *out)
{
    if (!command->parts) {
        buffer_append_slice(out, slice_of(command->help));
        return;
    }
    buffer_printf(out, "usage: milepost %s COMMAND ...\n\n", command->name);
    for (const struct command *const *part = command->parts; *part; part++)
        buffer_printf(out, "  %-14s %s\n", command_word(*part), (*part)->summary);
    buffer_printf(out, "\nmilepost %s COMMAND --help says more.\n", command->name);
}

int command_dispatch(struct cli *cli, const struct command *const *commands, int argc, char **argv,
                     bool wants_help)
{
    for (; *commands; commands++) {
        const struct command *one = *commands;
        if (!slice_equal(slice_of(command_word(one)), slice_of(argv[0])))
            continue;
        if (one->run && !wants_help)
            return one->run(cli, argc, argv);
        int code = -1;
        if (one->parts && argc > 1)
            code = command_dispatch(cli, one->parts, argc - 1, argv + 1, wants_help);
        if (code >= 0)
            return code;
        const char *complaint = argc > 1 ? "there is no command of that name" : "say which";
        return command_usage(cli, one, wants_help ? NULL : complaint);
    }
    return -1;
}

int command_usage(struct cli *cli, const struct command *command, const char *complaint)
{
    (void)cli;
    FILE *out = complaint ? stderr : stdout;
    if (complaint)
        (void)fprintf(out, "milepost %s: %s\n\n", command->name, complaint);
    struct buffer text = {0};
    command_append_help(command, &text);
    (void)fwrite(text.bytes, 1, text.length, out);
    buffer_deinit(&text);
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
