#include "plan/describe_parts.h"

static void say_figure(const struct words *words)
{
    const struct goal *goal = &words->component->goal;
    if (goal->is_from_roster) {
        buffer_printf(words->out, "Everybody has a goal of their own, in the roster.\n");
        return;
    }
    buffer_printf(words->out, "The goal is ");
    words_measure(words, rational_of_decimal(goal->fixed));
    buffer_printf(words->out, " for everybody, in every window.\n");
}

static void say_attainment(const struct words *words)
{
    static const char *const precision[GOAL_PRECISION_COUNT] = {
        [ATTAINMENT_EXACT] = "exactly",
        [ATTAINMENT_WHOLE_DOWN] = "in whole percents, a fraction of one dropped",
        [ATTAINMENT_WHOLE_NEAREST] = "in whole percents, half a percent going up",
    };
    const struct goal *goal = &words->component->goal;
    buffer_printf(words->out, "Attainment is %s, %s.\n",
                  goal->is_lower_better ? "the goal divided by the measure, so that less is better"
                                        : "the measure divided by the goal",
                  precision[goal->precision]);
    if (goal->is_lower_better)
        buffer_printf(words->out, "A measure of 0 earns what the first cap allows.\n");
}

static void say_shares(const struct words *words, const struct decimal *shares, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_printf(words->out, "%s", words_between(i, count, " and "));
        words_share(words->out, rational_of_decimal(shares[i]));
    }
}

static void say_weights(const struct words *words)
{
    const struct goal *goal = &words->component->goal;
    if (goal->weights) {
        buffer_printf(words->out, "A yearly goal falls on the windows of the year as ");
        say_shares(words, goal->weights, goal->weight_count);
        buffer_printf(words->out, ".\n");
    }
    if (goal->ramp) {
        buffer_printf(words->out, "Whoever begins has ");
        say_shares(words, goal->ramp, goal->ramp_count);
        buffer_printf(words->out, " of the goal in the first windows%s, then all of it.\n",
                      goal->is_ramp_from_next ? ", a partial first one not counted" : "");
    }
}

static void say_prorate(const struct words *words)
{
    const struct goal *goal = &words->component->goal;
    if (goal->prorate == PRORATE_NONE) {
        buffer_printf(words->out, "Who is there for a part of a window has the whole goal and "
                                  "target incentive.\n");
        return;
    }
    buffer_printf(words->out,
                  "Who is there for a part of a window has the same part of goal and "
                  "target incentive, by %s",
                  goal->prorate == PRORATE_DAYS ? "days" : "months, each begun one whole");
    if (goal->prorate_places != PRORATE_PLACES_EXACT)
        buffer_printf(words->out, ", the part rounded to %d places", goal->prorate_places);
    buffer_printf(words->out, ".\n");
}

static void say_zero(const struct words *words)
{
    static const char *const zero[GOAL_ZERO_COUNT] = {
        [ZERO_FULL_TARGET] = "pays the target incentive in full",
        [ZERO_NOTHING] = "pays nothing",
        [ZERO_PENDING] = "waits for another",
    };
    buffer_printf(words->out, "A goal of 0 %s.\n", zero[words->component->goal.zero]);
}

static void say_baseline(const struct words *words)
{
    const struct baseline *baseline = &words->component->baseline;
    if (!baseline->is_given)
        return;
    buffer_printf(words->out, "Only growth over the same window of the year before counts; %s.\n",
                  baseline->counts_negative ? "a decline counts as a negative measure"
                                            : "a decline counts as 0");
}

void describe_goal(const struct words *words)
{
    const struct plan_component *component = words->component;
    if (component->has_goal) {
        say_figure(words);
        say_attainment(words);
        say_weights(words);
    }
    if (component->has_goal && component->goal.is_from_roster) {
        say_prorate(words);
        if (component->needs & NEEDS_ATTAINMENT)
            say_zero(words);
    }
    say_baseline(words);
}
