/* A subcommand of `milepost`: one file and one row in command_list.h each. A command may have parts
 * of its own, such as `plan lint`: then one file and one row in its own list each. */
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
    const char *help;    /* the whole --help text, usage first; NULL where there are parts */
    /* argv[0] is the command's last word. Returns the exit code. NULL where there are parts. */
    int (*run)(struct cli *cli, int argc, char **argv);
    const struct command *const *parts; /* NULL at the end; itself NULL where there are none */
};

/* The last word of the command's name, which is the one that chooses it. */
const char *command_word(const struct command *command);

/* Appends the --help text: the command's own, or the list of its parts. */
void command_append_help(const struct command *command, struct buffer *out);

/* Runs the one of `commands` (NULL at the end) that argv[0] names, or its part that argv[1] names,
 * or prints its help. -1: none has that name. */
int command_dispatch(struct cli *cli, const struct command *const *commands, int argc, char **argv,
                     bool wants_help);

/* Prints the help and returns EXIT_CODE_USAGE; `complaint` may be NULL. */
int command_usage(struct cli *cli, const struct command *command, const char *complaint);

/* An error line on stderr and the exit code that `status` means for a command. */
int command_fail(struct cli *cli, enum status status, const char *detail);

/* Kafka from the configuration, or an exit code other than 0 (the error is printed). */
int command_connect(struct cli *cli, struct connection *connection, struct schemas **out_schemas);

#endif
