/* What `plan fit` works on: files that change, and what a history comes to under them. */
#ifndef MILEPOST_MILEPOST_FIT_RUN_H
#define MILEPOST_MILEPOST_FIT_RUN_H

#include "milepost/run_files.h"
#include "milepost/spread.h"
#include "milepost/yaml_edit.h"

/* One attainment: of a participant in a window. */
struct fit_result {
    struct decimal attainment; /* ratio */
    struct decimal measure;
    struct decimal goal;
};

/* What the simulation of the files as they are came to. */
struct fit_outcome {
    struct spread spread; /* of the component; `results` 0: it has no attainment */
    struct decimal cost;  /* all that the component earned */
    struct slice currency;
    int places;
    struct fit_result *results; /* in rising order of attainment */
    size_t count;
};

struct fit {
    struct cli *cli;
    struct run_files run;
    int32_t until;     /* windows that end later are left out; INT32_MAX: none */
    struct slice plan; /* name */
    struct slice component;
    struct arena arena;
    struct reports reports;
    struct yaml_edit *files[2]; /* plans, rosters, as run_files has them */
    size_t counts[2];
    struct yaml_edit *plan_file; /* that the component stands in */
    const struct node *component_node;
    int64_t simulations; /* so far */
};

enum { FIT_PLANS, FIT_ROSTERS };

/* Reads plans and rosters and finds the component: the one named, or the only one (of those with a
 * goal when `needs_goal`). INVALID: reported, or `detail` says what is asked. */
enum status fit_open(struct fit *fit, const char *component, bool needs_goal,
                     char *detail) MUST_CHECK;
void fit_deinit(struct fit *fit);

/* Simulates the files as they are now. Statuses as run_files_simulate(). */
enum status fit_simulate(struct fit *fit, struct fit_outcome *out, char *detail) MUST_CHECK;
void fit_outcome_deinit(struct fit_outcome *outcome);

#endif
