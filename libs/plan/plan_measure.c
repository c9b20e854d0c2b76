#include "plan/plan_parts.h"

static const struct key_rule measure_keys[] = {
    {"of", KEY_REQUIRED, "of: deals"},
    {"sum", KEY_REQUIRED, "sum: amount   # amount, amount.NAME, quantity, count"},
    {"count", KEY_OPTIONAL, NULL},
    {"share", KEY_OPTIONAL, NULL},
    {"role", KEY_OPTIONAL, NULL},
    {"where", KEY_OPTIONAL, NULL},
    {"plus", KEY_OPTIONAL, NULL},
    {"convert", KEY_OPTIONAL, NULL},
    {"levels", KEY_LATER, NULL},
    {"minus-lower-level", KEY_LATER, NULL},
    {"result", KEY_LATER, NULL},
    {"take", KEY_LATER, NULL},
    {"missing", KEY_LATER, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static const char *const of_words[] = {"deals",        "milestones",  "payments",
                                       "results",      "awards",      "downline-deals",
                                       "downline-pay", "adjustments", NULL};

static const char *const sum_words[] = {"amount", "amount.NAME", "quantity",
                                        "count",  "value",       NULL};
static const enum measure_sum sums[] = {SUM_AMOUNT, SUM_NAMED_AMOUNT, SUM_QUANTITY, SUM_COUNT};
enum { SUMS_HERE = 4 };

static bool parse_sum(struct plan_reading *plan, const struct node *node, struct measure *measure)
{
    struct slice prefix = SLICE("amount.");
    int word;
    if (node->kind == NODE_SCALAR && slice_starts_with(node->text, prefix) &&
        node->text.length > prefix.length) {
        measure->sum = SUM_NAMED_AMOUNT;
        measure->amount_name =
            (struct slice){node->text.bytes + prefix.length, node->text.length - prefix.length};
        return true;
    }
    if (!reading_word(&plan->reading, node, "`sum`", sum_words, SUMS_HERE, &word))
        return false;
    measure->sum = sums[word];
    return true;
}

static const char *const count_words[] = {"credited", "shared", NULL};

static bool parse_count(struct plan_reading *plan, const struct node *node, struct measure *measure)
{
    struct reading *reading = &plan->reading;
    const struct node *count = node_find(node, "count");
    int word;
    if (measure->sum != SUM_COUNT) {
        if (count)
            report_error(reading->reports, node_key_place(count), "bad-key", NULL,
                         "`count` stands beside `sum: count` only");
        return !count;
    }
    if (!count) {
        report_error(reading->reports, node_place(node_find(node, "sum")), "must-say",
                     "count: credited   # a deal counts as one for everybody on it\n"
                     "count: shared     # a deal counts as the participant's share of it",
                     "`sum: count` must say `count`: what a shared deal counts");
        return false;
    }
    if (!reading_word(reading, count, "`count`", count_words, 2, &word))
        return false;
    measure->counts_credited = word == 0;
    return true;
}

static const char *const share_words[] = {"before", "after", NULL};

static bool parse_share(struct plan_reading *plan, const struct node *node,
                        struct plan_component *component)
{
    int word;
    if (!reading_word(&plan->reading, node, "`share`", share_words, 2, &word))
        return false;
    component->measure.is_share_after = word == 1;
    if (word == 0 || component->over == WINDOW_LINE || component->over == WINDOW_DEAL)
        return true;
    report_error(plan->reading.reports, node_place(node), "bad-value", "share: before",
                 "`share: after` takes the share of each deal's pay, so it needs `over: deal` or "
                 "`over: line`");
    return false;
}

static bool add_role(struct plan_reading *plan, const struct node *node, uint64_t *roles)
{
    struct slice role;
    if (!reading_text(&plan->reading, node, "a role", &role))
        return false;
    size_t index = 0;
    while (index < plan->role_count && !slice_equal(plan->roles[index], role))
        index++;
    if (index == PLAN_ROLES_MAX) {
        report_error(plan->reading.reports, node_place(node), "too-many", NULL,
                     "a plan names at most %d roles", PLAN_ROLES_MAX);
        return false;
    }
    if (index == plan->role_count)
        plan->roles[plan->role_count++] = role;
    *roles |= UINT64_C(1) << index;
    return true;
}

static bool parse_roles(struct plan_reading *plan, const struct node *node, uint64_t *roles)
{
    if (node->kind == NODE_SCALAR)
        return add_role(plan, node, roles);
    if (!reading_list(&plan->reading, node, "`role`"))
        return false;
    if (node->count == 0) {
        report_error(plan->reading.reports, node_place(node), "bad-value",
                     "leave `role` out to count every role",
                     "an empty list of roles counts nothing");
        return false;
    }
    bool is_right = true;
    for (const struct node *item = node->first; item; item = item->next)
        is_right &= add_role(plan, item, roles);
    return is_right;
}

static bool parse_where(struct plan_reading *plan, const struct node *node, struct measure *measure)
{
    if (!condition_parse_all(&plan->reading, node, &measure->conditions, &measure->condition_count))
        return false;
    for (size_t i = 0; i < measure->condition_count; i++)
        measure->has_line_condition |= measure->conditions[i].is_line;
    return true;
}

static bool parse_plus(struct plan_reading *plan, const struct node *node, struct measure *measure)
{
    struct decimal plus;
    return reading_number(&plan->reading, node, "`plus`", &plus) &&
           reading_scale(&plan->reading, node, plus, &measure->plus);
}

static bool parse_convert(struct plan_reading *plan, const struct node *node)
{
    if (node_is(node, "none"))
        return true;
    report_error(plan->reading.reports, node_place(node), "not-here",
                 "convert: none   # a deal in another currency waits",
                 "converting currencies is in the language, but this version cannot do it yet");
    return false;
}

static bool parse_optional(struct plan_reading *plan, const struct node *node,
                           struct plan_component *component)
{
    struct measure *measure = &component->measure;
    const struct node *share = node_find(node, "share");
    const struct node *role = node_find(node, "role");
    const struct node *where = node_find(node, "where");
    const struct node *plus = node_find(node, "plus");
    const struct node *convert = node_find(node, "convert");
    bool is_right = true;
    if (share)
        is_right &= parse_share(plan, share, component);
    if (role)
        is_right &= parse_roles(plan, role, &measure->roles);
    if (where)
        is_right &= parse_where(plan, where, measure);
    if (plus)
        is_right &= parse_plus(plan, plus, measure);
    if (convert)
        is_right &= parse_convert(plan, convert);
    return is_right;
}

bool measure_parse(struct plan_reading *plan, const struct node *node,
                   struct plan_component *component)
{
    int of;
    if (!reading_keys(&plan->reading, node, "`measure`", measure_keys))
        return false;
    if (!reading_word(&plan->reading, node_find(node, "of"), "`of`", of_words, 1, &of) ||
        !parse_sum(plan, node_find(node, "sum"), &component->measure))
        return false;
    bool is_right = parse_count(plan, node, &component->measure);
    return parse_optional(plan, node, component) && is_right;
}
