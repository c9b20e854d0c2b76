#include "plan/plan_parts.h"

static const struct key_rule measure_keys[] = {
    {"of", KEY_REQUIRED, "of: deals"}, {"sum", KEY_OPTIONAL, NULL},
    {"count", KEY_OPTIONAL, NULL},     {"share", KEY_OPTIONAL, NULL},
    {"role", KEY_OPTIONAL, NULL},      {"where", KEY_OPTIONAL, NULL},
    {"plus", KEY_OPTIONAL, NULL},      {"convert", KEY_OPTIONAL, NULL},
    {"levels", KEY_OPTIONAL, NULL},    {"minus-lower-level", KEY_OPTIONAL, NULL},
    {"result", KEY_OPTIONAL, NULL},    {"take", KEY_OPTIONAL, NULL},
    {"missing", KEY_OPTIONAL, NULL},   {NULL, KEY_OPTIONAL, NULL},
};

static const char *const of_words[] = {
#define OF_WORD(symbol, name) name,
    MEASURE_OF_LIST(OF_WORD)
#undef OF_WORD
        NULL,
};

/* What may be said of each kind of rows. */
enum {
    BY_DEAL = 1,    /* share, role, where, convert, and count with `sum: count` */
    BY_LINE = 2,    /* sums of lines; conditions on lines */
    BY_EDGE = 4,    /* levels, minus-lower-level */
    BY_RESULT = 8,  /* result, take, missing */
    BY_PHASE = 16,  /* where: milestone, phase */
    SUMS_MONEY = 32 /* sum: amount */
};

static const struct {
    uint32_t may;
    enum feature feature; /* FEATURE_COUNT: always here */
} kinds[] = {
    [OF_DEALS] = {BY_DEAL | BY_LINE | SUMS_MONEY, FEATURE_COUNT},
    [OF_MILESTONES] = {BY_DEAL | BY_PHASE | SUMS_MONEY, FEATURE_OF_MILESTONES},
    [OF_PAYMENTS] = {BY_DEAL | SUMS_MONEY, FEATURE_OF_PAYMENTS},
    [OF_RESULTS] = {BY_RESULT, FEATURE_OF_RESULTS},
    [OF_AWARDS] = {SUMS_MONEY, FEATURE_OF_AWARDS},
    [OF_DOWNLINE_DEALS] = {BY_DEAL | BY_LINE | BY_EDGE | SUMS_MONEY, FEATURE_OF_DOWNLINE_DEALS},
    [OF_DOWNLINE_PAY] = {BY_EDGE | SUMS_MONEY, FEATURE_OF_DOWNLINE_PAY},
    [OF_ADJUSTMENTS] = {SUMS_MONEY, FEATURE_OF_ADJUSTMENTS},
};
_Static_assert(sizeof kinds / sizeof kinds[0] == MEASURE_OF_COUNT, "a row for each kind of rows");

/* Keys that are for some kinds of rows only. */
static const struct {
    const char *key;
    uint32_t may;
    const char *what;
} bound_keys[] = {
    {"count", BY_DEAL, "rows of deals"},
    {"share", BY_DEAL, "rows of deals"},
    {"role", BY_DEAL, "rows of deals"},
    {"where", BY_DEAL, "rows of deals"},
    {"convert", BY_DEAL, "amounts of deals"},
    {"levels", BY_EDGE, "`of: downline-deals` and `downline-pay`"},
    {"minus-lower-level", BY_EDGE, "`of: downline-deals` and `downline-pay`"},
    {"result", BY_RESULT, "`of: results`"},
    {"take", BY_RESULT, "`of: results`"},
    {"missing", BY_RESULT, "`of: results`"},
};

static bool check_keys(struct plan_reading *plan, const struct node *node, enum measure_of of)
{
    bool is_right = true;
    for (size_t i = 0; i < sizeof bound_keys / sizeof bound_keys[0]; i++) {
        const struct node *value = node_find(node, bound_keys[i].key);
        if (!value || (kinds[of].may & bound_keys[i].may))
            continue;
        report_error(plan->reading.reports, node_key_place(value), "bad-key", NULL,
                     "`%s` is for %s, not for `of: %s`", bound_keys[i].key, bound_keys[i].what,
                     of_words[of]);
        is_right = false;
    }
    return is_right;
}

static bool parse_of(struct plan_reading *plan, const struct node *node, struct measure *measure)
{
    int word;
    if (!reading_word(&plan->reading, node, "`of`", of_words, MEASURE_OF_COUNT, &word))
        return false;
    measure->of = (enum measure_of)word;
    if (kinds[word].feature != FEATURE_COUNT)
        reading_feature(&plan->reading, kinds[word].feature, node);
    return true;
}

/* What is no deal, or has no lines, stands in windows of time. */
static bool check_over(struct plan_reading *plan, const struct node *of,
                       const struct plan_component *component)
{
    uint32_t may = kinds[component->measure.of].may;
    bool is_wrong = (component->over == WINDOW_LINE && !(may & BY_LINE)) ||
                    (component->over == WINDOW_DEAL && !(may & BY_DEAL));
    if (is_wrong)
        report_error(plan->reading.reports, node_place(of), "bad-value", "over: quarter",
                     "`of: %s` has no windows of `over: %s`", of_words[component->measure.of],
                     window_over_name(component->over));
    return !is_wrong;
}

/* --- sum --- */

static const char *const sum_words[] = {"amount", "amount.NAME", "quantity",
                                        "count",  "value",       NULL};
static const enum measure_sum sums[] = {SUM_AMOUNT, SUM_NAMED_AMOUNT, SUM_QUANTITY, SUM_COUNT,
                                        SUM_VALUE};
static const uint32_t sum_may[] = {
    [SUM_AMOUNT] = SUMS_MONEY, [SUM_NAMED_AMOUNT] = BY_LINE, [SUM_QUANTITY] = BY_LINE,
    [SUM_COUNT] = SUMS_MONEY,  [SUM_VALUE] = BY_RESULT,
};

static bool read_sum(struct plan_reading *plan, const struct node *node, struct measure *measure)
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
    if (!reading_word(&plan->reading, node, "`sum`", sum_words, sizeof sums / sizeof sums[0],
                      &word))
        return false;
    measure->sum = sums[word];
    return true;
}

static bool parse_sum(struct plan_reading *plan, const struct node *node,
                      enum mechanic_measure wants, struct measure *measure)
{
    const struct node *sum = node_find(node, "sum");
    if (!sum) {
        measure->sum = kinds[measure->of].may & SUMS_MONEY ? SUM_AMOUNT : SUM_VALUE;
        if (wants == MEASURE_ROWS || measure->of == OF_RESULTS)
            return true;
        report_error(plan->reading.reports, node_key_place(node), "missing-key",
                     "sum: amount   # amount, amount.NAME, quantity, count",
                     "`measure` needs `sum`");
        return false;
    }
    if (!read_sum(plan, sum, measure))
        return false;
    if (kinds[measure->of].may & sum_may[measure->sum])
        return true;
    report_error(plan->reading.reports, node_place(sum), "bad-value",
                 measure->of == OF_RESULTS ? "sum: value" : "sum: amount", "`of: %s` has no `%.*s`",
                 of_words[measure->of], SLICE_ARGS(sum->text));
    return false;
}

static bool parse_count(struct plan_reading *plan, const struct node *node, struct measure *measure)
{
    static const char *const words[] = {"credited", "shared", NULL};
    struct reading *reading = &plan->reading;
    const struct node *count = node_find(node, "count");
    int word;
    if (measure->sum != SUM_COUNT) {
        if (count)
            report_error(reading->reports, node_key_place(count), "bad-key", NULL,
                         "`count` stands beside `sum: count` only");
        return !count;
    }
    measure->counts_credited = true;
    if (!count && !(kinds[measure->of].may & BY_DEAL))
        return true;
    if (!count) {
        report_error(reading->reports, node_place(node_find(node, "sum")), "must-say",
                     "count: credited   # a deal counts as one for everybody on it\n"
                     "count: shared     # a deal counts as the participant's share of it",
                     "`sum: count` must say `count`: what a shared deal counts");
        return false;
    }
    if (!reading_word(reading, count, "`count`", words, 2, &word))
        return false;
    measure->counts_credited = word == 0;
    return true;
}

/* --- of deals --- */

static bool parse_share(struct plan_reading *plan, const struct node *node,
                        struct plan_component *component)
{
    static const char *const words[] = {"before", "after", NULL};
    int word;
    if (!reading_word(&plan->reading, node, "`share`", words, 2, &word))
        return false;
    component->measure.is_share_after = word == 1;
    if (word == 1 && component->measure.of != OF_DEALS &&
        component->measure.of != OF_DOWNLINE_DEALS) {
        report_error(plan->reading.reports, node_place(node), "bad-value", "share: before",
                     "`share: after` takes the share of a deal's pay; several payments or "
                     "milestones of one deal are no single pay to take it of");
        return false;
    }
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

static bool parse_roles(struct plan_reading *plan, const struct node *node,
                        struct plan_component *component)
{
    uint64_t *roles = &component->measure.roles;
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

uint32_t measure_condition_fields(const struct measure *measure)
{
    uint32_t fields = CONDITION_FIELDS_DEAL;
    if (kinds[measure->of].may & BY_LINE)
        fields |= CONDITION_FIELDS_LINE;
    if (kinds[measure->of].may & BY_PHASE)
        fields |= CONDITION_FIELDS_MILESTONE;
    return fields;
}

static bool parse_where(struct plan_reading *plan, const struct node *node,
                        struct plan_component *component)
{
    struct measure *measure = &component->measure;
    if (!condition_parse_all(&plan->reading, node, measure_condition_fields(measure),
                             &measure->conditions, &measure->condition_count))
        return false;
    measure->has_line_condition =
        conditions_ask_of_lines(measure->conditions, measure->condition_count);
    return true;
}

static bool parse_plus(struct plan_reading *plan, const struct node *node,
                       struct plan_component *component)
{
    struct decimal plus;
    return reading_number(&plan->reading, node, "`plus`", &plus) &&
           reading_scale(&plan->reading, node, plus, &component->measure.plus);
}

/* --- of the downline --- */

static bool parse_levels(struct plan_reading *plan, const struct node *node,
                         struct plan_component *component)
{
    int64_t levels;
    if (!reading_whole(&plan->reading, node, "`levels`", 1, LEVELS_MAX, &levels))
        return false;
    component->measure.levels = (int32_t)levels;
    return true;
}

static bool parse_minus(struct plan_reading *plan, const struct node *node,
                        struct plan_component *component)
{
    return reading_flag(&plan->reading, node, "`minus-lower-level`",
                        &component->measure.is_minus_lower_level);
}

static const struct {
    const char *key;
    bool (*parse)(struct plan_reading *plan, const struct node *node,
                  struct plan_component *component);
} optional[] = {
    {"share", parse_share},
    {"role", parse_roles},
    {"where", parse_where},
    {"plus", parse_plus},
    {"convert", convert_parse},
    {"levels", parse_levels},
    {"minus-lower-level", parse_minus},
};

static bool parse_optional(struct plan_reading *plan, const struct node *node,
                           struct plan_component *component)
{
    bool is_right = true;
    for (size_t i = 0; i < sizeof optional / sizeof optional[0]; i++) {
        const struct node *value = node_find(node, optional[i].key);
        if (value)
            is_right &= optional[i].parse(plan, value, component);
    }
    return is_right;
}

bool measure_parse(struct plan_reading *plan, const struct node *node, enum mechanic_measure wants,
                   struct plan_component *component)
{
    struct measure *measure = &component->measure;
    if (!reading_keys(&plan->reading, node, "`measure`", measure_keys) ||
        !parse_of(plan, node_find(node, "of"), measure) || !check_keys(plan, node, measure->of) ||
        !parse_sum(plan, node, wants, measure))
        return false;
    bool is_right = check_over(plan, node_find(node, "of"), component);
    is_right &= parse_count(plan, node, measure);
    is_right &= parse_optional(plan, node, component);
    if (measure->of == OF_RESULTS)
        is_right &= result_measure_parse(plan, node, wants, component);
    return is_right;
}
