/* What checks are made of. Internal to libs/lint. */
#ifndef MILEPOST_LINT_LINT_PARTS_H
#define MILEPOST_LINT_LINT_PARTS_H

#include "lint/lint.h"
#include "lint/probe.h"
#include "plan/node.h"

struct lint_check;

struct linting {
    const struct plan *plan; /* NULL while a roster is looked at */
    const struct node *root;
    const struct lint_around *around;
    struct reports *reports;
    enum lint_code code; /* of the check that runs */
};

/* A component, with the places of its parts. */
struct lint_component {
    const struct plan_component *component;
    const struct node *node;    /* its map */
    const struct node *pays;    /* under `pays` */
    const struct node *terms;   /* under the mechanic's name; `pays` itself for a word */
    const struct node *entries; /* the mechanic's table or points, or NULL */
    const struct probe *probe;  /* NULL where pay cannot be probed */
};

/* One thing to look for: in each component, or once in the plan. */
struct lint_check {
    enum lint_code code;
    void (*component)(struct linting *linting, const struct lint_component *component);
    void (*plan)(struct linting *linting);
};

/* A family of checks: one file each. */
struct lint_family {
    const struct lint_check *checks;
    size_t count;
};

#define LINT_FAMILY(name)                                                                          \
    const struct lint_family name##_family = {checks, sizeof checks / sizeof checks[0]}

/* Reports the check's code at the node's value, at its key; `fix` may be NULL. */
void lint_at(struct linting *linting, const struct node *node, const char *fix, const char *format,
             ...) __attribute__((format(printf, 4, 5)));
void lint_at_key(struct linting *linting, const struct node *node, const char *fix,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Step `index` of adjust: {cap: …}; the value under its key. */
const struct node *lint_step(const struct lint_component *component, size_t index);

/* Whether a condition of some component, or of `total`, looks at the attainment of this one. */
bool lint_is_looked_at(const struct plan *plan, const struct plan_component *component);

/* Whether the component's attainment goes in whole percents, and a goal of so much over so many
 * windows is of fewer than 100 units in each: not every percent can occur. */
bool lint_is_coarse(const struct plan_component *component, struct decimal goal, int32_t windows);

/* Calls `look` with each map of conditions on rows: `where` of the measure, `when` of each rate and
 * of a bonus; NULL where one is not there. */
void lint_each_condition(struct linting *linting, const struct lint_component *component,
                         void (*look)(struct linting *linting, const struct node *conditions));

/* The first of a value and the one behind `one`: a list's entries, or the one that stands there
 * without a list. */
const struct node *lint_first(const struct node *value);
const struct node *lint_next(const struct node *value, const struct node *one);

#endif
