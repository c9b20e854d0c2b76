#include "plan/plan_parts.h"

static const struct key_rule goal_keys[] = {
    {"from", KEY_OPTIONAL, NULL},
    {"fixed", KEY_OPTIONAL, NULL},
    {"direction", KEY_OPTIONAL, NULL},
    {"attainment", KEY_OPTIONAL, NULL},
    {"zero", KEY_OPTIONAL, NULL},
    {"prorate", KEY_OPTIONAL, NULL},
    {"weights", KEY_LATER, "leave it out: a yearly goal falls on the windows in equal parts"},
    {"ramp", KEY_LATER, NULL},
    {"ramp-from", KEY_LATER, NULL},
    {"decimals", KEY_LATER, NULL},
    {"baseline", KEY_LATER, NULL},
    {NULL, KEY_OPTIONAL, NULL},
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
    {"prorate", "prorate: none", "whether days without assignment lower the goal"},
};

static const char *const from_words[] = {"roster", NULL};
static const char *const direction_words[] = {"higher", "lower", NULL};
static const char *const prorate_words[] = {"none", "days", "months", NULL};

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

static bool parse_words(struct plan_reading *plan, const struct node *node, struct goal *goal)
{
    struct reading *reading = &plan->reading;
    const struct node *direction = node_find(node, "direction");
    const struct node *attainment = node_find(node, "attainment");
    const struct node *zero = node_find(node, "zero");
    const struct node *prorate = node_find(node, "prorate");
    int lower = 0;
    int precision = ATTAINMENT_EXACT;
    int rule = ZERO_NOTHING;
    int ignored;
    bool is_right = true;
    if (direction)
        is_right &= reading_word(reading, direction, "`direction`", direction_words, 2, &lower);
    if (attainment)
        is_right &= reading_word(reading, attainment, "`attainment`", precision_words,
                                 GOAL_PRECISION_COUNT, &precision);
    if (zero)
        is_right &= reading_word(reading, zero, "`zero`", zero_words, GOAL_ZERO_COUNT, &rule);
    if (prorate)
        is_right &= reading_word(reading, prorate, "`prorate`", prorate_words, 1, &ignored);
    goal->is_lower_better = lower == 1;
    goal->precision = (enum goal_precision)precision;
    goal->zero = (enum goal_zero)rule;
    return is_right;
}

bool goal_parse(struct plan_reading *plan, const struct node *node,
                struct plan_component *component)
{
    if (node_is(node, "none"))
        return true;
    if (!reading_keys(&plan->reading, node, "`goal`", goal_keys))
        return false;
    component->has_goal = true;
    bool is_right = parse_source(plan, node, &component->goal);
    return parse_words(plan, node, &component->goal) && is_right;
}
