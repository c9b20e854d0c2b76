/* A plan held against the control that was given: roles, categories, exchange rates, odd cents. */
#include "lint/lint_parts.h"

#include "plan/crediting_rules.h"
#include "plan/rates.h"

#include <stdio.h>

/* --- roles --- */

enum { ROLES_MAX = 64, ROLE_BYTES = 256 };

/* The role of control's splits that `role` was most likely meant to be; NULL where it is one of
 * them, or like none: a role without a rule may have any shares. */
static const char *nearest_role(const struct crediting_rules *crediting, struct slice role,
                                char names[ROLES_MAX][ROLE_BYTES])
{
    const char *words[ROLES_MAX + 1];
    size_t count = 0;
    for (size_t i = 0; i < crediting->count && count < ROLES_MAX; i++) {
        struct slice split = crediting->splits[i].role;
        if (slice_equal(split, role))
            return NULL;
        (void)snprintf(names[count], ROLE_BYTES, "%.*s", SLICE_ARGS(split));
        words[count] = names[count];
        count++;
    }
    words[count] = NULL;
    return report_nearest(role, words);
}

static void check_roles(struct linting *linting, const struct lint_component *component)
{
    const struct crediting_rules *crediting = linting->around->crediting;
    const struct node *role = node_find(node_find(component->node, "measure"), "role");
    char names[ROLES_MAX][ROLE_BYTES];
    if (!crediting || !role)
        return;
    for (const struct node *one = lint_first(role); one; one = lint_next(role, one)) {
        const char *nearest = nearest_role(crediting, one->text, names);
        if (nearest)
            lint_at(linting, one, nearest, "control's splits know no role `%.*s`, but one `%s`",
                    SLICE_ARGS(one->text), nearest);
    }
}

/* --- categories --- */

static bool has_category(const struct categories *categories, struct slice name)
{
    for (size_t i = 0; i < categories->count; i++) {
        if (slice_equal(categories->rows[i].child, name) ||
            slice_equal(categories->rows[i].parent, name))
            return true;
    }
    return false;
}

static void look_at_category(struct linting *linting, const struct node *map)
{
    const struct categories *categories = linting->around->categories;
    const struct node *node = node_find(map, "category");
    if (!categories || !node)
        return;
    for (const struct node *one = lint_first(node); one; one = lint_next(node, one)) {
        if (!has_category(categories, one->text))
            lint_at(linting, one, NULL, "control's categories have no `%.*s`",
                    SLICE_ARGS(one->text));
    }
}

static void check_categories(struct linting *linting, const struct lint_component *component)
{
    lint_each_condition(linting, component, look_at_category);
}

/* --- exchange rates --- */

static void check_rates(struct linting *linting, const struct lint_component *component)
{
    const struct rates *rates = linting->around->rates;
    const struct convert *convert = component->component->measure.convert;
    if (!rates || !convert)
        return;
    for (size_t i = 0; i < rates->count; i++) {
        if (slice_equal(rates->rows[i].to, slice_of(convert->to.code)))
            return;
    }
    lint_at_key(linting, node_find(node_find(component->node, "measure"), "convert"),
                "rates: [{on: 2026-03-31, pair: EUR/USD, rate: 1.0815}]",
                "control has no rate into %s; an inverse is never used", convert->to.code);
}

/* --- odd cents --- */

static void check_remainder(struct linting *linting, const struct lint_component *component)
{
    const struct crediting_rules *crediting = linting->around->crediting;
    if (crediting && !crediting->has_remainder && node_find(component->pays, "bonus"))
        lint_at_key(linting, component->pays,
                    "crediting: {remainder: largest-share}   # or smallest-share, last, first",
                    "a bonus on a shared deal is divided, and control's crediting does not say "
                    "where the odd cent goes");
}

static const struct lint_check checks[] = {
    {.code = LINT_NOT_IN_CONTROL, .component = check_roles},
    {.code = LINT_NOT_IN_CONTROL, .component = check_categories},
    {.code = LINT_NOT_IN_CONTROL, .component = check_rates},
    {.code = LINT_NOT_IN_CONTROL, .component = check_remainder},
};

LINT_FAMILY(control);
