#include "plan/plan_parts.h"

static const struct key_rule cancelled_keys[] = {
    {"effect", KEY_MUST_SAY, "effect: recompute   # or original-rate, paid-only, never"},
    {"take", KEY_OPTIONAL, NULL},
    {"linear", KEY_OPTIONAL, NULL},
    {"basis", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static const char *const effect_words[] = {
#define EFFECT_WORD(symbol, name) name,
    CANCELLED_LIST(EFFECT_WORD)
#undef EFFECT_WORD
        NULL,
};

static bool read_take(struct plan_reading *plan, const struct node *node, struct decimal *out)
{
    if (!reading_share(&plan->reading, node, "`take`", out))
        return false;
    if (out->units >= 0 && out->units <= ONE_SHARE)
        return true;
    return reading_refuse(&plan->reading, node, "take: 100%",
                          "between 0 % and 100 % can be taken back");
}

/* --- a schedule by age --- */

static const struct key_rule step_keys[] = {
    {"until", KEY_REQUIRED, "until: 12 months"},
    {"take", KEY_REQUIRED, "take: 50%"},
    {NULL, KEY_OPTIONAL, NULL},
};

/* Whether `a` ends before `b`, whatever day they are counted from. */
static bool is_before(struct duration a, struct duration b)
{
    enum { MONTH_DAYS_MIN = 28, MONTH_DAYS_MAX = 31 };
    if (a.months > 0 && b.months > 0)
        return a.months < b.months;
    return a.days + a.months * MONTH_DAYS_MAX < b.days + b.months * MONTH_DAYS_MIN;
}

static bool parse_step(struct plan_reading *plan, const struct node *node, struct take_step *steps,
                       size_t index)
{
    struct take_step *step = &steps[index];
    if (!reading_keys(&plan->reading, node, "a step of `take`", step_keys))
        return false;
    const struct node *until = node_find(node, "until");
    bool is_right = reading_duration(&plan->reading, until, "`until`", &step->until);
    is_right &= read_take(plan, node_find(node, "take"), &step->take);
    if (!is_right || index == 0 || is_before(steps[index - 1].until, step->until))
        return is_right;
    return reading_refuse(&plan->reading, until, NULL, "the steps of `take` must rise in age");
}

static bool parse_schedule(struct plan_reading *plan, const struct node *node,
                           struct cancelled *cancelled)
{
    if (node->count == 0 || node->count > TAKE_STEPS_MAX)
        return reading_refuse(&plan->reading, node, "take: [{until: 12 months, take: 100%}]",
                              "a schedule has 1 to 32 steps");
    struct take_step *steps = reading_take(&plan->reading, node->count, sizeof *steps);
    if (!steps)
        return false;
    bool is_right = true;
    for (const struct node *item = node->first; item && is_right; item = item->next)
        is_right = parse_step(plan, item, steps, cancelled->step_count++);
    cancelled->steps = steps;
    return is_right;
}

static bool parse_take(struct plan_reading *plan, const struct node *node,
                       struct cancelled *cancelled)
{
    if (node->kind != NODE_LIST) {
        if (!read_take(plan, node, &cancelled->take))
            return false;
        if (cancelled->take.units != ONE_SHARE)
            reading_feature(&plan->reading, FEATURE_TAKE_SCHEDULE, node);
        return true;
    }
    reading_feature(&plan->reading, FEATURE_TAKE_SCHEDULE, node);
    return parse_schedule(plan, node, cancelled);
}

static bool parse_linear(struct plan_reading *plan, const struct node *node,
                         struct cancelled *cancelled)
{
    reading_key_feature(&plan->reading, FEATURE_TAKE_SCHEDULE, node);
    if (!reading_duration(&plan->reading, node, "`linear`", &cancelled->linear))
        return false;
    return cancelled->linear.days + cancelled->linear.months > 0 ||
           reading_refuse(&plan->reading, node, "linear: 12 months",
                          "`linear` needs a length above 0");
}

static bool parse_basis(struct plan_reading *plan, const struct node *node,
                        struct cancelled *cancelled)
{
    static const char *const words[] = {"rate", "earned", NULL};
    int word;
    if (!reading_word(&plan->reading, node, "`basis`", words, 2, &word))
        return false;
    cancelled->takes_earned = word == 1;
    return true;
}

/* --- all of it --- */

/* `recompute` and `never` take nothing back by themselves. */
static bool check_beside(struct plan_reading *plan, const struct node *node)
{
    static const char *const keys[] = {"take", "linear", "basis"};
    bool is_right = true;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const struct node *value = node_find(node, keys[i]);
        if (!value)
            continue;
        report_error(
            plan->reading.reports, node_key_place(value), "bad-key", "effect: original-rate",
            "`%s` is for `effect: original-rate` and `paid-only`, which take pay back", keys[i]);
        is_right = false;
    }
    return is_right;
}

static bool parse_terms(struct plan_reading *plan, const struct node *node,
                        struct cancelled *cancelled)
{
    const struct node *take = node_find(node, "take");
    const struct node *linear = node_find(node, "linear");
    const struct node *basis = node_find(node, "basis");
    bool is_right = true;
    if (take && linear) {
        report_error(plan->reading.reports, node_key_place(linear), "bad-key", NULL,
                     "`linear` stands beside `effect` instead of `take`, not with it");
        return false;
    }
    if (take)
        is_right = parse_take(plan, take, cancelled);
    if (linear)
        is_right = parse_linear(plan, linear, cancelled);
    if (basis)
        is_right &= parse_basis(plan, basis, cancelled);
    return is_right;
}

static bool parse(struct plan_reading *plan, const struct node *node, struct cancelled *cancelled)
{
    static const enum feature features[] = {
        [CANCELLED_ORIGINAL_RATE] = FEATURE_ORIGINAL_RATE,
        [CANCELLED_PAID_ONLY] = FEATURE_PAID_ONLY,
        [CANCELLED_NEVER] = FEATURE_NEVER,
    };
    int word;
    if (!reading_keys(&plan->reading, node, "`cancelled`", cancelled_keys))
        return false;
    const struct node *effect = node_find(node, "effect");
    if (!reading_word(&plan->reading, effect, "`effect`", effect_words, CANCELLED_COUNT, &word))
        return false;
    cancelled->effect = (enum cancelled_effect)word;
    cancelled->take = (struct decimal){ONE_SHARE};
    if (word != CANCELLED_RECOMPUTE)
        reading_feature(&plan->reading, features[word], effect);
    if (word == CANCELLED_RECOMPUTE || word == CANCELLED_NEVER)
        return check_beside(plan, node);
    return parse_terms(plan, node, cancelled);
}

/* Deals, milestones and deals of the downline can be cancelled. */
static bool can_be_cancelled(const struct plan_component *component)
{
    enum measure_of of = component->measure.of;
    return component->has_measure &&
           (of == OF_DEALS || of == OF_MILESTONES || of == OF_DOWNLINE_DEALS);
}

bool cancelled_parse(struct plan_reading *plan, const struct node *component_node,
                     struct plan_component *component)
{
    const struct node *node = node_find(component_node, "cancelled");
    if (!node && can_be_cancelled(component)) {
        report_error(
            plan->reading.reports, node_key_place(component_node), "must-say",
            "cancelled: {effect: recompute}       # as if a cancelled deal had never been\n"
            "cancelled: {effect: original-rate}   # its own part is taken back\n"
            "cancelled: {effect: paid-only}       # … but never more than was released\n"
            "cancelled: {effect: never}           # what was earned stays",
            "a component must say `cancelled`: practice is divided and nothing is "
            "assumed");
        return false;
    }
    if (node && !can_be_cancelled(component))
        report_warning(plan->reading.reports, node_key_place(node), "no-effect", "leave it out",
                       "nothing that this component counts can be cancelled");
    return !node || parse(plan, node, &component->cancelled);
}
