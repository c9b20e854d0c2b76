/* The readers that plan.c is made of. Internal to libs/plan. */
#ifndef MILEPOST_PLAN_PLAN_PARTS_H
#define MILEPOST_PLAN_PLAN_PARTS_H

#include "plan/plan.h"

struct plan_reading {
    struct reading reading;
    const struct plan_sources *sources;
    struct plan *plan;
    struct plan_component *components;   /* plan->components, being filled */
    bool has_begun[PLAN_COMPONENTS_MAX]; /* name, over and goal are read */
    struct slice roles[PLAN_ROLES_MAX];
    size_t role_count;
};

/* Each reads one node and reports what is wrong with it; false when something was. */
bool head_parse(struct plan_reading *plan, const struct node *root);
bool currency_parse(struct plan_reading *plan, const struct node *node, const char *what,
                    struct currency *out);
bool redeem_parse(struct plan_reading *plan, const struct node *node);
bool total_parse(struct plan_reading *plan, const struct node *node, struct plan_total *total);

/* `node` is the component's map: whether `cancelled` must be said hangs on the measure. */
bool cancelled_parse(struct plan_reading *plan, const struct node *node,
                     struct plan_component *component);

/* What others may look at: keys, name, over and goal. Comes for all components before the rest of
 * any, so that everything behind may ask for another component by its name. */
bool component_begin(struct plan_reading *plan, const struct node *node,
                     struct plan_component *component);
bool component_parse(struct plan_reading *plan, const struct node *node,
                     struct plan_component *component);

bool measure_parse(struct plan_reading *plan, const struct node *node, enum mechanic_measure wants,
                   struct plan_component *component);
bool result_measure_parse(struct plan_reading *plan, const struct node *node,
                          enum mechanic_measure wants, struct plan_component *component);
bool convert_parse(struct plan_reading *plan, const struct node *node,
                   struct plan_component *component);
bool goal_parse(struct plan_reading *plan, const struct node *node,
                struct plan_component *component);
bool goal_windows_parse(struct plan_reading *plan, const struct node *node,
                        struct plan_component *component);
bool baseline_parse(struct plan_reading *plan, const struct node *node,
                    struct plan_component *component);
bool adjust_parse(struct plan_reading *plan, const struct node *node,
                  struct plan_component *component);
bool release_parse(struct plan_reading *plan, const struct node *node,
                   struct plan_component *component);
bool attribution_parse(struct plan_reading *plan, const struct node *node,
                       struct plan_component *component);

/* Whether the component's parts fit each other: what must be said, and where. `node` is its map. */
bool component_check(struct plan_reading *plan, const struct node *node,
                     const struct plan_component *component);

/* Reads `multiply`, a step of adjust. */
bool multiply_parse(struct plan_reading *plan, const struct node *node,
                    struct plan_component *component, struct adjustment *out);

/* Reads an amount above 0 in smallest units of the plan's currency. */
bool money_parse_above_zero(struct plan_reading *plan, const struct node *node, const char *what,
                            int64_t *out);

/* Reads `4 weeks after closed`; false, with nothing reported, for everything else. */
bool duration_after_closed(struct slice text, struct duration *out);

/* Reads higher or lower: whether less is better. */
bool direction_parse(struct plan_reading *plan, const struct node *node, bool *out_is_lower);

/* Reads days, months or none. */
bool prorate_parse(struct plan_reading *plan, const struct node *node, enum prorate *out);

/* Reports that the shares of `what` total `total` and not 100 %. */
void report_total(struct plan_reading *plan, const struct node *node, const char *what,
                  int128 total);

/* --- looking at others --- */

/* Reads a component's name and the window of it that `window` (may be NULL: same) says.
 * `component` is who looks, NULL for `total`; `window_words` is how many of LOOK_LIST may stand. */
bool look_parse(struct plan_reading *plan, const struct plan_component *component,
                const struct node *name, const struct node *window, int window_words,
                struct look *out);

/* Whether the component looked at has attainment; reports at `name` otherwise. */
bool look_check_goal(struct plan_reading *plan, const struct node *name, struct look look);

/* Reads `when:`. `component` as above. */
bool when_parse(struct plan_reading *plan, const struct plan_component *component,
                const struct node *node, struct when *out);

/* Reads {result: R, of: …}, in which other keys may stand. */
bool result_name_parse(struct plan_reading *plan, const struct node *map, struct result_name *out);

/* Fills plan->order; reports circles of components that look at each other's pay. */
bool order_components(struct plan_reading *plan);

#endif
