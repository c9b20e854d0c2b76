#include "plan/plan_parts.h"

static const struct key_rule goal_keys[] = {
    {"from", KEY_OPTIONAL, NULL},      {"fixed", KEY_OPTIONAL, NULL},
    {"direction", KEY_OPTIONAL, NULL}, {"attainment", KEY_OPTIONAL, NULL},
    {"zero", KEY_OPTIONAL, NULL},      {"prorate", KEY_OPTIONAL, NULL},
    {"weights", KEY_OPTIONAL, NULL},   {"ramp", KEY_OPTIONAL, NULL},
    {"ramp-from", KEY_OPTIONAL, NULL}, {"decimals", KEY_OPTIONAL, NULL},
    {"baseline", KEY_OPTIONAL, NULL},  {NULL, KEY_OPTIONAL, NULL},
};

/* Practice is divided on each of these when goals differ from person to person. */
static const struct {
    const char *key;
    const char *fix;
    const char *what;
} said_for_roster[] = {
    {"attainment", "attainment: exact   # or whole-percent-down, whole-percent-nearest",
     "in which steps attainment goes"},
    {"zero", "zero: nothing   # or full-target, pending", "what a goal of 0 means"},
    {"prorate", "prorate: none   # or days, months",
     "whether days without assignment lower the goal"},
};

static const char *const from_words[] = {"roster", NULL};

#define GOAL_WORD(symbol, name) name,
static const char *const precision_words[] = {GOAL_PRECISION_LIST(GOAL_WORD) NULL};
static const char *const zero_words[] = {GOAL_ZERO_LIST(GOAL_WORD) NULL};
#undef GOAL_WORD

static bool check_said(struct plan_reading *plan, const struct node *node)
{
    bool is_right = true;
    for (size_t i = 0; i < sizeof said_for_roster / sizeof said_for_roster[0]; i++) {
        if (node_find(node, said_for_roster[i].key))
            continue;
        report_error(plan->reading.reports, node_key_place(node), "must-say",
                     said_for_roster[i].fix, "a goal from the roster must say `%s`: %s",
                     said_for_roster[i].key, said_for_roster[i].what);
        is_right = false;
    }
    return is_right;
}

static bool parse_fixed(struct plan_reading *plan, const struct node *node, struct goal *goal)
{
    const struct node *zero = node_find(node, "zero");
    const struct node *fixed = node_find(node, "fixed");
    if (!reading_number(&plan->reading, fixed, "`fixed`", &goal->fixed))
        return false;
    if (goal->fixed.units <= 0) {
        report_error(plan->reading.reports, node_place(fixed), "bad-value", NULL,
                     "a fixed goal must be above 0");
        return false;
    }
    if (zero) {
        report_error(plan->reading.reports, node_key_place(zero), "bad-key", NULL,
                     "`zero` is about goals from the roster; this one is never 0");
        return false;
    }
    return true;
}

static bool parse_source(struct plan_reading *plan, const struct node *node, struct goal *goal)
{
    const struct node *from = node_find(node, "from");
    const struct node *fixed = node_find(node, "fixed");
    int word;
    if ((from != NULL) == (fixed != NULL)) {
        report_error(plan->reading.reports, node_key_place(node), "bad-value",
                     "goal: {from: roster, attainment: exact, zero: nothing, prorate: none}\n"
                     "goal: {fixed: 500000}\ngoal: none",
                     "a goal is either `from: roster` or `fixed: NUMBER`");
        return false;
    }
    if (fixed)
        return parse_fixed(plan, node, goal);
    goal->is_from_roster = true;
    return reading_word(&plan->reading, from, "`from`", from_words, 1, &word) &&
           check_said(plan, node);
}

/* --- words --- */

static bool read_precision(struct plan_reading *plan, const struct node *node, struct goal *goal)
{
    int word;
    if (!reading_word(&plan->reading, node, "`attainment`", precision_words, GOAL_PRECISION_COUNT,
                      &word))
        return false;
    goal->precision = (enum goal_precision)word;
    return true;
}

static bool read_zero(struct plan_reading *plan, const struct node *node, struct goal *goal)
{
    int word;
    if (!reading_word(&plan->reading, node, "`zero`", zero_words, GOAL_ZERO_COUNT, &word))
        return false;
    goal->zero = (enum goal_zero)word;
    return true;
}

static bool read_direction(struct plan_reading *plan, const struct node *node, struct goal *goal)
{
    return direction_parse(plan, node, &goal->is_lower_better);
}

static bool read_prorate(struct plan_reading *plan, const struct node *node, struct goal *goal)
{
    if (!prorate_parse(plan, node, &goal->prorate))
        return false;
    if (goal->prorate != PRORATE_NONE)
        reading_feature(&plan->reading, FEATURE_PRORATED_GOAL, node);
    return true;
}

static bool read_decimals(struct plan_reading *plan, const struct node *node, struct goal *goal)
{
    int64_t places;
    if (node_is(node, "exact"))
        return true;
    if (!reading_whole(&plan->reading, node, "`decimals`, unless it is `exact`,", 0,
                       PRORATE_PLACES_MAX, &places))
        return false;
    goal->prorate_places = (int32_t)places;
    if (goal->prorate == PRORATE_NONE)
        report_warning(plan->reading.reports, node_key_place(node), "no-effect",
                       "prorate: days   # or months",
                       "`decimals` round the factor of `prorate`, and nothing is prorated");
    return true;
}

static const struct {
    const char *key;
    bool (*read)(struct plan_reading *plan, const struct node *node, struct goal *goal);
} words[] = {
    {"direction", read_direction}, {"attainment", read_precision}, {"zero", read_zero},
    {"prorate", read_prorate},     {"decimals", read_decimals},
};

static bool parse_keys(struct plan_reading *plan, const struct node *node,
                       struct plan_component *component)
{
    bool is_right = true;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const struct node *value = node_find(node, words[i].key);
        if (value)
            is_right &= words[i].read(plan, value, &component->goal);
    }
    return goal_windows_parse(plan, node, component) && is_right;
}

bool direction_parse(struct plan_reading *plan, const struct node *node, bool *out_is_lower)
{
    static const char *const direction_words[] = {"higher", "lower", NULL};
    int word;
    if (!reading_word(&plan->reading, node, "`direction`", direction_words, 2, &word))
        return false;
    *out_is_lower = word == 1;
    return true;
}

bool prorate_parse(struct plan_reading *plan, const struct node *node, enum prorate *out)
{
    static const char *const prorate_words[] = {
#define PRORATE_WORD(symbol, name) name,
        PRORATE_LIST(PRORATE_WORD)
#undef PRORATE_WORD
            NULL,
    };
    int word;
    if (!reading_word(&plan->reading, node, "`prorate`", prorate_words, PRORATE_COUNT, &word))
        return false;
    *out = (enum prorate)word;
    return true;
}

/* A baseline alone is no goal: growth is then paid by amount. */
bool goal_parse(struct plan_reading *plan, const struct node *node,
                struct plan_component *component)
{
    component->goal.prorate_places = PRORATE_PLACES_EXACT;
    if (node_is(node, "none"))
        return true;
    if (!reading_keys(&plan->reading, node, "`goal`", goal_keys))
        return false;
    if (node_find(node, "baseline") && !node_find(node, "from") && !node_find(node, "fixed"))
        return baseline_parse(plan, node, component);
    component->has_goal = true;
    bool is_right = parse_source(plan, node, &component->goal);
    return parse_keys(plan, node, component) && is_right;
}
