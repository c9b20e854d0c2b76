/* The readers that plan.c is made of. Internal to libs/plan. */
#ifndef MILEPOST_PLAN_PLAN_PARTS_H
#define MILEPOST_PLAN_PLAN_PARTS_H

#include "plan/plan.h"

struct plan_reading {
    struct reading reading;
    const struct plan_sources *sources;
    struct plan *plan;
    struct slice roles[PLAN_ROLES_MAX];
    size_t role_count;
};

/* Each reads one node and reports what is wrong with it; false when something was. */
bool component_parse(struct plan_reading *plan, const struct node *node,
                     struct plan_component *component);
bool measure_parse(struct plan_reading *plan, const struct node *node,
                   struct plan_component *component);
bool goal_parse(struct plan_reading *plan, const struct node *node,
                struct plan_component *component);
bool adjust_parse(struct plan_reading *plan, const struct node *node,
                  struct plan_component *component);
bool head_parse(struct plan_reading *plan, const struct node *root);

/* Remarks on a whole, valid component: what is allowed and probably not meant. */
void component_lint(struct plan_reading *plan, const struct node *node,
                    const struct plan_component *component);

#endif
