#include "plan/describe.h"
#include "plan/describe_parts.h"

/* --- release --- */

static void say_holdback(const struct words *words)
{
    const struct release *release = &words->component->release;
    if (release->holdback == HOLDBACK_NONE)
        return;
    words_share(words->out, rational_of_decimal(release->holdback_share));
    buffer_printf(words->out, " of what is released is held back until ");
    if (release->holdback == HOLDBACK_DATE)
        words_date(words->out, release->holdback_date);
    else
        words_duration(words->out, release->holdback_after);
    if (release->holdback == HOLDBACK_AFTER_CLOSED)
        buffer_printf(words->out, " after the deal is closed");
    if (release->holdback == HOLDBACK_AFTER_WINDOW_END)
        buffer_printf(words->out, " after the window ends");
    buffer_printf(words->out, ".\n");
}

void describe_release(const struct words *words)
{
    static const char *const sentences[] = {
        [RELEASE_EARNED] = "What is earned is payable at once.",
        [RELEASE_PAYMENT_RECEIVED] =
            "What is earned for a deal becomes payable as the deal is paid for: in proportion to "
            "the cash received.",
        [RELEASE_APPROVED] = "What is earned becomes payable when it is approved.",
        [RELEASE_MILESTONE] = "What is earned for a deal becomes payable when the deal reaches the "
                              "milestone",
        [RELEASE_WINDOW_END] = "What is earned becomes payable when the window ends.",
    };
    const struct release *release = &words->component->release;
    buffer_printf(words->out, "%s", sentences[release->when]);
    if (release->when == RELEASE_MILESTONE)
        buffer_printf(words->out, " %.*s.", SLICE_ARGS(release->milestone));
    buffer_printf(words->out, "\n");
    say_holdback(words);
    if (release->publishes_both)
        buffer_printf(words->out, "When a refund comes before the payment, the release and its "
                                  "reversal are both published.\n");
    if (release->has_terms) {
        buffer_printf(words->out, "A payout is due after ");
        words_duration(words->out, release->net);
        buffer_printf(words->out, ".\n");
    }
}

/* --- attribution --- */

void describe_attribution(const struct words *words)
{
    static const char *const sentences[ATTRIBUTION_COUNT] = {
        [ATTRIBUTION_NONE] = "",
        [ATTRIBUTION_SLICES] =
            ("A deal's part of a window's pay is what it added: the pay with the deals up to it, "
             "less the pay with those before it.\n"),
        [ATTRIBUTION_PRO_RATA] =
            "A deal's part of a window's pay is in proportion to its measure.\n",
    };
    buffer_printf(words->out, "%s", sentences[words->component->attribution]);
}

/* --- total --- */

static void say_draw(const struct words *words, const struct draw *draw)
{
    static const char *const kinds[] = {
        [DRAW_NONE] = "",
        [DRAW_RECOVERABLE] = "tops up a pay period that earns less, and is taken back later",
        [DRAW_NON_RECOVERABLE] = "tops up a pay period that earns less, for good",
        [DRAW_LOAN] = "is paid on top of each pay period, and taken back from the next ones",
    };
    struct buffer *out = words->out;
    if (draw->kind == DRAW_NONE)
        return;
    buffer_printf(out, "A draw of ");
    words_money(words, rational_of_units(draw->amount, words->plan->currency.exponent));
    buffer_printf(out, " %s.\n", kinds[draw->kind]);
    if (draw->kind == DRAW_RECOVERABLE)
        buffer_printf(out, "Taking back %s.\n",
                      draw->recovers_all ? "takes everything above zero"
                                         : "never takes pay below the draw");
    if (draw->recovery_starts > 1)
        buffer_printf(out, "Taking back begins in pay period %d.\n", draw->recovery_starts);
    if (draw->is_paid_at_start)
        buffer_printf(out, "The draw is advanced when the period starts.\n");
    buffer_printf(out, "A late change %s.\n",
                  draw->is_restated ? "re-runs the draws of closed periods"
                                    : "leaves closed periods' draws as they are and counts in "
                                      "the open period");
}

void describe_total(const struct plan *plan, struct buffer *out)
{
    const struct words words = {.out = out, .plan = plan};
    const struct plan_total *total = &plan->total;
    if (!total->is_given)
        return;
    buffer_printf(out, "Of a person's components together, by pay period:\n");
    if (total->has_multiply) {
        buffer_printf(out, "They are multiplied by ");
        words_share(out, rational_of_decimal(total->factor));
        words_while(&words, " while ", &total->multiply_when);
        buffer_printf(out, ".\n");
    }
    if (total->has_cap) {
        buffer_printf(out, "No more than ");
        words_money(&words, rational_of_decimal(total->cap));
        buffer_printf(out, " is paid for a %s.\n",
                      total->cap_per == TOTAL_PER_YEAR ? "year" : "pay period");
    }
    say_draw(&words, &total->draw);
    if (total->has_minimum) {
        buffer_printf(out, "Less than ");
        words_money(&words, rational_of_decimal(total->minimum));
        buffer_printf(out, " is carried over to the next pay period.\n");
    }
}
