/* `milepost plan lint`: what is wrong with plans, rosters and control, before they are applied. */
#include "milepost/bundle.h"
#include "milepost/command.h"
#include "milepost/event_input.h"

static const char help_text[] =
    "usage: milepost plan lint FILE...\n"
    "\n"
    "Reads plan, roster and control files as apply would, in the order given (plans may use units\n"
    "that a file before them declares), and says what is wrong: file:line:column, what, and what "
    "to\n"
    "write instead. Nothing is connected to and nothing is written.\n"
    "\n"
    "exit: 0 no errors (warnings at most), 1 an error\n";

static int run(struct cli *cli, int argc, char **argv);
const struct command plan_lint_command = {
    .name = "plan lint",
    .summary = "what is wrong with plan, roster and control files",
    .help = help_text,
    .run = run,
};

static void print_verdict(const struct reports *reports, int files)
{
    if (reports->error_count + reports->warning_count == 0)
        (void)printf("%d file%s, nothing to remark.\n", files, files == 1 ? "" : "s");
    else
        (void)printf("%d file%s: %zu error%s, %zu warning%s.\n", files, files == 1 ? "" : "s",
                     reports->error_count, reports->error_count == 1 ? "" : "s",
                     reports->warning_count, reports->warning_count == 1 ? "" : "s");
}

static int lint(struct cli *cli, int count, char **files)
{
    struct bundle bundle;
    bundle_init(&bundle);
    int code = EXIT_CODE_DONE;
    for (int i = 0; i < count; i++) {
        char detail[DETAIL_BYTES] = "";
        enum status status = bundle_read(&bundle, files[i], NULL, detail);
        if (status)
            code = EXIT_CODE_FINDING;
        if (status && status != STATUS_INVALID)
            (void)fprintf(stderr, "milepost: %s\n", detail);
    }
    reports_print(&bundle.reports, cli->console.has_colour, cli->console.is_json, stdout);
    if (!cli->console.is_json)
        print_verdict(&bundle.reports, count);
    bundle_deinit(&bundle);
    return code;
}

static int run(struct cli *cli, int argc, char **argv)
{
    if (argc < 2)
        return command_usage(cli, &plan_lint_command, "name at least one file");
    if (argv[1][0] == '-')
        return command_usage(cli, &plan_lint_command, "that option is not known");
    return lint(cli, argc - 1, argv + 1);
}
