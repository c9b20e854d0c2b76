/* A component's pay as a function of one figure, asked anywhere: what mechanics and the steps of
 * adjust come to for somebody who stands at x.
 *
 * x is what the mechanic goes by: attainment, an attribute, or the measure. Steps that hang on
 * anything else (results, other components, the assignment, earlier windows) are left out. Where
 * money hangs on a figure that only a roster has, it is counted in that figure. */
#ifndef MILEPOST_LINT_PROBE_H
#define MILEPOST_LINT_PROBE_H

#include "plan/lead.h"
#include "plan/plan.h"

enum { PROBE_EDGES_MAX = 256, PROBE_TEXT_BYTES = 120 };

/* What pay is counted in. */
enum probe_unit {
    PROBE_MONEY,
    PROBE_TARGETS,  /* 1 is the target incentive */
    PROBE_GOALS,    /* 1 is the goal */
    PROBE_MEASURES, /* 1 is the measure */
};

/* Where pay may turn or jump, and where that is written. */
struct probe_edge {
    struct rational at;
    const struct node *node;
    bool is_of_table; /* a landmark of the mechanic; otherwise of a condition on the
                       * component's own attainment */
};

struct probe {
    const struct plan *plan;
    const struct plan_component *component;
    struct plan_component told; /* the same with the steps that can be told */
    enum lead lead;
    enum probe_unit unit;
    struct rational goal;   /* of PROBE_GOALS and where no money hangs on it: 1 */
    struct rational target; /* 1 in PROBE_TARGETS, else 0 */
    bool is_whole;          /* every step is told */
    struct window_span window;
    struct probe_edge edges[PROBE_EDGES_MAX]; /* rising */
    size_t edge_count;
};

/* False where pay is no function of one figure that can be asked (rows, events, results, lists of
 * rates), or the arena is full. `node` is the component's map. */
bool probe_init(struct probe *probe, const struct plan *plan,
                const struct plan_component *component, const struct node *node,
                struct arena *arena);

/* The list under `pays` whose entries are the mechanic's landmarks; NULL where there is none. */
const struct node *probe_entries(const struct plan_component *component, const struct node *pays);

/* The mechanic's pay at x; with adjust. STATUS_OUT_OF_RANGE when it does not fit. */
enum status probe_raw(const struct probe *probe, struct rational x,
                      struct rational *out) MUST_CHECK;
enum status probe_pay(const struct probe *probe, struct rational x,
                      struct rational *out) MUST_CHECK;

/* What pay comes to as x comes near `at` from below, from above: exact where pay is linear there.
 */
enum status probe_below(const struct probe *probe, struct rational at,
                        struct rational *out) MUST_CHECK;
enum status probe_above(const struct probe *probe, struct rational at,
                        struct rational *out) MUST_CHECK;

/* Whether a difference is one that rounding could show. */
bool probe_matters(const struct probe *probe, struct rational difference);

/* `1500 USD`, `25 % of the target incentive`; `150000`, `80 %`. */
void probe_pay_text(const struct probe *probe, struct rational pay, char out[PROBE_TEXT_BYTES]);
void probe_x_text(const struct probe *probe, struct rational x, char out[PROBE_TEXT_BYTES]);

#endif
