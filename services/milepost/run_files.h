/* The files that a run is computed from, as every command takes them that simulates: --plan,
 * --roster, --control and --events. */
#ifndef MILEPOST_MILEPOST_RUN_FILES_H
#define MILEPOST_MILEPOST_RUN_FILES_H

#include <getopt.h>

#include "milepost/simulation.h"

/* Controls first: plans may use the units they declare. */
enum run_file_kind {
    RUN_CONTROL,
    RUN_PLAN,
    RUN_ROSTER,
    RUN_FILE_KINDS,
    RUN_EVENTS = RUN_FILE_KINDS
};

struct run_files {
    struct slice *files[RUN_FILE_KINDS];
    size_t counts[RUN_FILE_KINDS];
    const char *events;
};

/* Rows for getopt_long(), whose values run_files_take() takes. */
#define RUN_FILE_OPTIONS                                                                           \
    {"control", required_argument, NULL, RUN_CONTROL},                                             \
        {"plan", required_argument, NULL, RUN_PLAN},                                               \
        {"roster", required_argument, NULL, RUN_ROSTER},                                           \
    {                                                                                              \
        "events", required_argument, NULL, RUN_EVENTS                                              \
    }

/* Takes what an option names; the text is borrowed. False with `*out_complaint`: it cannot stand
 * twice. */
bool run_files_take(struct run_files *run, int option, const char *path,
                    const char **out_complaint);
/* What is missing, or NULL. */
const char *run_files_lack(const struct run_files *run);
/* Nothing was named at all. */
bool run_files_is_empty(const struct run_files *run);
/* Those of `from` where `run` names none of that kind. `run` then borrows nothing of it. */
void run_files_complete(struct run_files *run, const struct run_files *from);
void run_files_deinit(struct run_files *run);

/* Opens a simulation, applies all files together and feeds the events, if there are any. Statuses
 * as simulation_feed(); close it in any case. */
enum status run_files_simulate(const struct run_files *run, struct cli *cli,
                               const struct simulation_options *options,
                               struct simulation *simulation, char *detail) MUST_CHECK;

/* The exit code of a run that failed: a file that is wrong is a finding. Prints what was not yet
 * printed. */
int run_files_fail(struct cli *cli, enum status status, const char *detail);

/* Says on stderr which facts were not counted, and why. */
void simulation_print_letters(const struct simulation *simulation);

#endif
