#include "plan/describe.h"

#include <inttypes.h>

#include "plan/describe_parts.h"

/* --- the plan as a whole --- */

static void say_range(const struct words *words)
{
    const struct plan *plan = words->plan;
    buffer_printf(words->out, "It holds from ");
    words_date(words->out, plan->from);
    if (plan->until <= DATE_MAX) {
        buffer_printf(words->out, " to ");
        words_date(words->out, plan->until - 1);
    }
    buffer_printf(words->out, "; days begin and end in %.*s.\n", SLICE_ARGS(plan->zone_name));
}

static void say_rounding(const struct words *words)
{
    static const char *const modes[ROUNDING_COUNT] = {
        [ROUND_HALF_EVEN] = "to the nearest, a tie to the even one",
        [ROUND_HALF_UP] = "to the nearest, a tie away from zero",
        [ROUND_TOWARD_ZERO] = "toward zero, so that a fraction is dropped",
        [ROUND_AWAY_FROM_ZERO] = "away from zero, so that any fraction counts in full",
    };
    const struct plan *plan = words->plan;
    buffer_printf(words->out, "What a component has earned in a window is rounded once, in steps "
                              "of ");
    words_money(words, rational_of_units(plan->rounding_step, plan->currency.exponent));
    buffer_printf(words->out, ", %s.\n", modes[plan->rounding_mode]);
}

static bool has_long_windows(const struct plan *plan)
{
    for (size_t i = 0; i < plan->component_count; i++) {
        if (plan->components[i].over > WINDOW_DEAL)
            return true;
    }
    return false;
}

static void say_windows(const struct words *words)
{
    static const char *const mid_window[MID_WINDOW_COUNT] = {
        [MID_WINDOW_LAST] = "the last one of the window holds for all of it",
        [MID_WINDOW_BLEND] = "each weighs by its days among the days assigned",
        [MID_WINDOW_SPLIT] = "the window falls into parts, each with its own",
    };
    const struct plan *plan = words->plan;
    if (has_long_windows(plan))
        buffer_printf(words->out,
                      "When an assignment, goal or target changes inside a window, %s.\n",
                      mid_window[plan->mid_window]);
    if (plan->splits_windows)
        buffer_printf(words->out, "Windows end where this version begins.\n");
}

static void say_redeem(const struct words *words)
{
    const struct plan *plan = words->plan;
    if (!plan->redeem.is_given)
        return;
    buffer_printf(words->out, "One %s is redeemed for ", plan->currency.code);
    words_number(words->out, rational_of_decimal(plan->redeem.rate));
    buffer_printf(words->out, " %s.\n", plan->redeem.to.code);
}

void describe_plan(const struct plan *plan, struct buffer *out)
{
    const struct words words = {.out = out, .plan = plan};
    buffer_printf(out, "The plan %.*s, version %" PRId64 ", pays in %s.\n", SLICE_ARGS(plan->name),
                  plan->version, plan->currency.code);
    say_range(&words);
    say_rounding(&words);
    say_windows(&words);
    say_redeem(&words);
}

/* --- over --- */

void describe_over(const struct words *words)
{
    static const char *const sentences[WINDOW_OVER_COUNT] = {
        [WINDOW_LINE] = "Each line of a deal stands alone: nothing adds up.",
        [WINDOW_DEAL] = "Each deal stands alone: nothing adds up from one to the next.",
        [WINDOW_MONTH] = "It adds up over a month; each month begins at zero.",
        [WINDOW_QUARTER] = "It adds up over a quarter; each quarter begins at zero.",
        [WINDOW_HALF] = "It adds up over half a year; each half begins at zero.",
        [WINDOW_YEAR] = "It adds up over a year; each year begins at zero.",
        [WINDOW_PLAN] = "It adds up from the plan's first day to its last.",
    };
    buffer_printf(words->out, "%s\n", sentences[words->component->over]);
}

/* --- every step --- */

static void describe_pays(const struct words *words)
{
    words->component->mechanic->describe(words->component->terms, words);
}

static void (*const steps[DESCRIBE_COUNT])(const struct words *words) = {
    [DESCRIBE_MEASURE] = describe_measure, [DESCRIBE_CANCELLED] = describe_cancelled,
    [DESCRIBE_OVER] = describe_over,       [DESCRIBE_GOAL] = describe_goal,
    [DESCRIBE_PAYS] = describe_pays,       [DESCRIBE_ADJUST] = describe_adjust,
    [DESCRIBE_RELEASE] = describe_release, [DESCRIBE_ATTRIBUTION] = describe_attribution,
};

static const struct {
    const char *name;
    const char *heading;
} topics[] = {
#define DESCRIBE_ROW(symbol, name, heading) {name, heading},
    DESCRIBE_LIST(DESCRIBE_ROW)
#undef DESCRIBE_ROW
};

const char *describe_name(enum describe_topic topic)
{
    return topics[topic].name;
}

const char *describe_heading(enum describe_topic topic)
{
    return topics[topic].heading;
}

void describe_component(const struct plan *plan, const struct plan_component *component,
                        enum describe_topic topic, struct buffer *out)
{
    const struct words words = {.out = out, .plan = plan, .component = component};
    steps[topic](&words);
}
