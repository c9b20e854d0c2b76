/* A subcommand of `milepost`: one file and one row in command_list.h each. */
#ifndef MILEPOST_MILEPOST_COMMAND_H
#define MILEPOST_MILEPOST_COMMAND_H

#include "milepost/console.h"
#include "ops/connect.h"
#include "ops/exit_code.h"

struct cli {
    const struct config *config;
    struct console console;
};

struct command {
    const char *name;    /* as typed: `topics`, `plan lint` */
    const char *summary; /* one line for the list */
    const char *help;    /* the whole --help text, usage first */
    /* argv[0] is the command's last word. Returns the exit code. */
    int (*run)(struct cli *cli, int argc, char **argv);
};

/* Prints the help and returns EXIT_CODE_USAGE; `complaint` may be NULL. */
int command_usage(struct cli *cli, const struct command *command, const char *complaint);

/* An error line on stderr and the exit code that `status` means for a command. */
int command_fail(struct cli *cli, enum status status, const char *detail);

/* Kafka from the configuration, or an exit code other than 0 (the error is printed). */
int command_connect(struct cli *cli, struct connection *connection, struct schemas **out_schemas);

#endif
