/* What `plan explain` and `plan chart` look at: a plan, and whose figures it is looked at with. */
#ifndef MILEPOST_MILEPOST_PLAN_VIEW_H
#define MILEPOST_MILEPOST_PLAN_VIEW_H

#include "engine/worked.h"
#include "milepost/bundle.h"
#include "milepost/command.h"

enum { VIEW_CONTROLS_MAX = 20 };

/* As the command line says it; NULL where it does not. */
struct view_options {
    const char *plan;
    const char *component;
    const char *participant;
    const char *roster;
    const char *controls[VIEW_CONTROLS_MAX];
    size_t control_count;
    const char *window;
    const char *events; /* chart */
    const char *svg;    /* chart */
};

struct plan_view {
    const struct view_options *options;
    struct bundle bundle;
    struct reports reports; /* of the plan */
    const struct plan *plan;
    bool is_evaluated;              /* by this version: false where something is only read */
    const struct list *assignments; /* of the participant; NULL: nobody's */
    struct slice participant;       /* bytes NULL: nobody's */
    struct slice name;              /* of the participant, as the roster has it, else the id */
};

/* Reads `PLAN [--component C] [--participant P --roster F] [--control F]... [--window W]`, and for
 * a chart `[--events F] [--svg OUT]`. Returns a complaint, or NULL. */
const char *view_options_read(struct view_options *out, bool is_chart, int argc, char **argv);

/* Reads the files. An exit code other than 0: what is wrong was printed. */
int plan_view_open(struct plan_view *view, const struct view_options *options, struct cli *cli);
void plan_view_close(struct plan_view *view); /* Accepts a zeroed one. */

/* Whether this component is wanted. */
bool plan_view_wants(const struct plan_view *view, const struct plan_component *component);

/* The window to look at for a component: the one that is named, else the first in which the
 * participant is assigned, else the plan's first. The id is written to `id`. STATUS_INVALID with
 * `detail`: there is none. */
enum status plan_view_window(const struct plan_view *view, const struct plan_component *component,
                             struct window_span *out, char id[WINDOW_ID_BYTES],
                             char *detail) MUST_CHECK;

/* Sets up a component with the view's figures, in that window. */
enum status plan_view_work(struct plan_view *view, const struct plan_component *component,
                           const struct window_span *span, const char *id, struct worked *out,
                           char *detail) MUST_CHECK;

#endif
