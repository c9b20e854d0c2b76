#include "plan/describe_parts.h"

/* --- what is added up --- */

static const char *rows_of(enum measure_of of)
{
    static const char *const names[MEASURE_OF_COUNT] = {
        [OF_DEALS] = "deals in which the participant has credit",
        [OF_MILESTONES] = "milestone events with credit for the participant",
        [OF_PAYMENTS] = "payments received for deals in which the participant has credit",
        [OF_RESULTS] = "results",
        [OF_AWARDS] = "awards that the participant has won",
        [OF_DOWNLINE_DEALS] = "deals of those below",
        [OF_DOWNLINE_PAY] = "pay of those below",
        [OF_ADJUSTMENTS] = "adjustments that somebody entered by hand",
    };
    return names[of];
}

static void say_roles(const struct words *words)
{
    const struct plan *plan = words->plan;
    uint64_t roles = words->component->measure.roles;
    size_t count = (size_t)__builtin_popcountll(roles);
    size_t place = 0;
    for (size_t i = 0; i < plan->role_count; i++) {
        if (!(roles >> i & 1))
            continue;
        buffer_printf(words->out, "%s%.*s",
                      place == 0 ? " as " : words_between(place, count, " or "),
                      SLICE_ARGS(plan->roles[i]));
        place++;
    }
}

static void say_result(const struct words *words)
{
    static const char *const takes[RESULT_TAKE_COUNT] = {
        [TAKE_LAST] = "the last value",
        [TAKE_AVERAGE] = "the average of the values",
        [TAKE_SUM] = "the sum of the values",
        [TAKE_MAX] = "the highest value",
    };
    const struct measure *measure = &words->component->measure;
    if (!measure->result.length) {
        buffer_printf(words->out, "Of each result in the window %s counts.\n",
                      takes[measure->take]);
        return;
    }
    buffer_printf(words->out, "The measure is %s of the result %.*s in the window.\n",
                  takes[measure->take], SLICE_ARGS(measure->result));
    buffer_printf(words->out, "Without one %s.\n",
                  measure->missing == MISSING_PENDING ? "the component waits for it"
                                                      : "the measure is 0");
}

static void say_rows(const struct words *words)
{
    const struct measure *measure = &words->component->measure;
    bool is_by_row = words->component->mechanic->measure == MEASURE_ROWS;
    switch (is_by_row ? SUM_COUNT : measure->sum) {
    case SUM_AMOUNT:
    case SUM_VALUE:
        buffer_printf(words->out, "The amounts of ");
        break;
    case SUM_NAMED_AMOUNT:
        buffer_printf(words->out, "The %.*s of ", SLICE_ARGS(measure->amount_name));
        break;
    case SUM_QUANTITY:
        buffer_printf(words->out, "The quantities of ");
        break;
    case SUM_COUNT:
        buffer_printf(words->out, "The ");
        break;
    }
    buffer_printf(words->out, "%s", rows_of(measure->of));
    say_roles(words);
    buffer_printf(words->out, "%s.\n",
                  is_by_row                          ? " are looked at one by one"
                  : measure->sum == SUM_COUNT        ? " are counted"
                  : measure->sum == SUM_NAMED_AMOUNT ? " is added up"
                                                     : " are added up");
    if (!is_by_row && measure->sum == SUM_COUNT)
        buffer_printf(words->out, "%s\n",
                      measure->counts_credited ? "A shared one counts as one for everybody on it."
                                               : "A shared one counts as each one's share of it.");
}

/* --- which of them, and how --- */

static void say_where(const struct words *words)
{
    const struct measure *measure = &words->component->measure;
    if (measure->condition_count == 0)
        return;
    buffer_printf(words->out, measure->has_line_condition ? "Only lines count where "
                                                          : "Only those count where ");
    words_conditions(words->out, measure->conditions, measure->condition_count);
    buffer_printf(words->out, ".\n");
}

static void say_levels(const struct words *words)
{
    const struct measure *measure = &words->component->measure;
    if (measure->of != OF_DOWNLINE_DEALS && measure->of != OF_DOWNLINE_PAY)
        return;
    if (measure->levels == 0)
        buffer_printf(words->out, "They come from any number of levels below.\n");
    else
        buffer_printf(words->out, "They come from at most %d level%s below.\n", measure->levels,
                      measure->levels == 1 ? "" : "s");
    if (measure->is_minus_lower_level)
        buffer_printf(words->out, "What those one level below were paid for them is taken off.\n");
}

static void say_share(const struct words *words)
{
    if (words->component->measure.is_share_after)
        buffer_printf(words->out, "Pay is worked out for the whole deal, and each participant's "
                                  "share is taken of that pay.\n");
}

static void say_plus(const struct words *words)
{
    struct rational plus = rational_of_measure(words->component->measure.plus);
    int sign = rational_sign(plus);
    if (sign == 0)
        return;
    words_measure(words, sign < 0 ? rational_negate(plus) : plus);
    buffer_printf(words->out, " %s each window's sum.\n",
                  sign < 0 ? "is taken off" : "is added to");
}

static void say_convert(const struct words *words)
{
    static const char *const dates[] = {
        [CONVERT_CLOSED_DATE] = "the day the deal was closed",
        [CONVERT_PAID_DATE] = "each payment's own day",
        [CONVERT_WINDOW_END] = "the window's last day",
        [CONVERT_ATTRIBUTE] = "the date in the deal's attribute",
    };
    const struct convert *convert = words->component->measure.convert;
    if (!convert)
        return;
    buffer_printf(words->out, "Other currencies become %s at the rate of %s", convert->to.code,
                  dates[convert->date]);
    if (convert->date == CONVERT_ATTRIBUTE)
        buffer_printf(words->out, " %.*s", SLICE_ARGS(convert->attribute));
    if (convert->previous_days)
        buffer_printf(words->out, ", or the last one before it, at most %d day%s old",
                      convert->previous_days, convert->previous_days == 1 ? "" : "s");
    buffer_printf(words->out, "; without one the row waits.\n");
}

void describe_measure(const struct words *words)
{
    if (!words->component->has_measure)
        return;
    if (words->component->measure.of == OF_RESULTS)
        say_result(words);
    else
        say_rows(words);
    say_where(words);
    say_levels(words);
    say_share(words);
    say_plus(words);
    say_convert(words);
}

/* --- cancelled --- */

static bool can_be_cancelled(const struct plan_component *component)
{
    enum measure_of of = component->measure.of;
    return component->has_measure &&
           (of == OF_DEALS || of == OF_MILESTONES || of == OF_DOWNLINE_DEALS);
}

static void say_take(const struct words *words)
{
    const struct cancelled *cancelled = &words->component->cancelled;
    struct buffer *out = words->out;
    bool is_linear = cancelled->linear.days != 0 || cancelled->linear.months != 0;
    if (is_linear) {
        buffer_printf(out, "What is taken back falls by the day, from 100 %% when the deal is "
                           "closed to nothing after ");
        words_duration(out, cancelled->linear);
        buffer_printf(out, ".\n");
    }
    for (size_t i = 0; !is_linear && i < cancelled->step_count; i++) {
        buffer_printf(out, "%s within ", i == 0 ? "Cancelled" : "Later,");
        words_duration(out, cancelled->steps[i].until);
        buffer_printf(out, " of being closed, ");
        words_share(out, rational_of_decimal(cancelled->steps[i].take));
        buffer_printf(out, " of it is taken back.\n");
    }
    if (!is_linear && cancelled->step_count > 0)
        buffer_printf(out, "After that nothing is.\n");
    if (!is_linear && cancelled->step_count == 0 && cancelled->take.units != ONE_SHARE) {
        words_share(out, rational_of_decimal(cancelled->take));
        buffer_printf(out, " of it is taken back.\n");
    }
}

static bool has_floor(const struct plan_component *component)
{
    for (size_t i = 0; i < component->adjustment_count; i++) {
        if (component->adjustments[i].kind == ADJUST_FLOOR)
            return true;
    }
    return false;
}

void describe_cancelled(const struct words *words)
{
    static const char *const effects[CANCELLED_COUNT] = {
        [CANCELLED_RECOMPUTE] =
            "A cancelled deal counts as if it had never been: its own window is "
            "worked out anew, also for the deals that stood on it.",
        [CANCELLED_ORIGINAL_RATE] =
            "A cancelled deal keeps its place, so that other deals keep their rate; what it earned "
            "itself is taken back in the window in which it is cancelled.",
        [CANCELLED_PAID_ONLY] =
            "A cancelled deal keeps its place, so that other deals keep their rate; what had been "
            "released for it up to then is taken back at once, in the window in which it is "
            "cancelled, and nothing more is released for it.",
        [CANCELLED_NEVER] = "What was earned for a deal stays when it is cancelled.",
    };
    const struct cancelled *cancelled = &words->component->cancelled;
    if (!can_be_cancelled(words->component))
        return;
    buffer_printf(words->out, "%s\n", effects[cancelled->effect]);
    if (cancelled->effect != CANCELLED_ORIGINAL_RATE && cancelled->effect != CANCELLED_PAID_ONLY)
        return;
    say_take(words);
    if (has_floor(words->component))
        buffer_printf(words->out, "What a floor had added to it %s.\n",
                      cancelled->takes_earned ? "is taken back too" : "stays");
}
