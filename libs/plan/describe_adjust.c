#include "plan/describe_parts.h"

/* --- bounds --- */

static void append_per(const struct words *words, enum bound_per per)
{
    static const char *const names[] = {
        [PER_WINDOW] = "a window",
        [PER_DEAL] = "each deal",
        [PER_YEAR] = "the windows of a year together, which fill in order",
    };
    bool is_line = per == PER_WINDOW && words->component->over == WINDOW_LINE;
    bool is_deal = per == PER_WINDOW && words->component->over == WINDOW_DEAL;
    buffer_printf(words->out, " for %s",
                  is_line   ? "each line"
                  : is_deal ? "each deal"
                            : names[per]);
}

static void say_bound(const struct words *words, const struct adjustment *step)
{
    struct rational at = rational_of_decimal(step->at);
    buffer_printf(words->out, step->kind == ADJUST_CAP ? "No more than " : "At least ");
    if (step->is_share) {
        words_share(words->out, at);
        buffer_printf(words->out, " of the target incentive");
    } else {
        words_money(words, at);
    }
    buffer_printf(words->out, " is earned");
    append_per(words, step->per);
    words_while(words, ", while ", &step->when);
    buffer_printf(words->out, ".\n");
}

/* --- gate --- */

static void say_gate(const struct words *words, const struct adjustment *step)
{
    buffer_printf(words->out, "While ");
    words_when(words, &step->when);
    switch (step->then) {
    case GATE_NOTHING:
        buffer_printf(words->out, ", nothing is earned.\n");
        break;
    case GATE_NOT_PAYABLE:
        buffer_printf(words->out, ", it is earned and never paid.\n");
        break;
    case GATE_KEEP:
        buffer_printf(words->out, ", only ");
        words_share(words->out, rational_of_decimal(step->factor));
        buffer_printf(words->out, " of it stays.\n");
        break;
    }
}

/* --- multiply --- */

static void append_result_value(const struct words *words, const void *self,
                                const struct point *point)
{
    (void)self;
    words_number(words->out, point->x);
}

static void append_factor(const struct words *words, const void *self, struct rational value)
{
    (void)self;
    words_share(words->out, value);
}

static void append_factor_past(const struct words *words, const void *self, struct rational slope)
{
    (void)self;
    buffer_printf(words->out, "each further 1 adds ");
    words_share(words->out, slope);
}

static void say_factor_curve(const struct words *words, const struct adjustment *step)
{
    const struct words_points curve = {.points = step->curve,
                                       .x = append_result_value,
                                       .y = append_factor,
                                       .past = append_factor_past,
                                       .of = ""};
    buffer_printf(words->out, "It is multiplied by a factor that hangs on ");
    words_result(words->out, &step->result);
    words_while(words, ", while ", &step->when);
    buffer_printf(words->out, "; without that result by 100 %%.\n");
    words_points(words, &curve);
}

static void say_multiply(const struct words *words, const struct adjustment *step)
{
    if (step->curve) {
        say_factor_curve(words, step);
    } else {
        buffer_printf(words->out, "It is multiplied by ");
        words_share(words->out, rational_of_decimal(step->factor));
        words_while(words, " while ", &step->when);
        buffer_printf(words->out, ".\n");
    }
    if (!step->has_between)
        return;
    buffer_printf(words->out, "The factor is at least ");
    words_share(words->out, rational_of_decimal(step->least));
    buffer_printf(words->out, " and at most ");
    words_share(words->out, rational_of_decimal(step->most));
    buffer_printf(words->out, ".\n");
}

/* --- add and prorate --- */

static void say_add(const struct words *words, const struct adjustment *step)
{
    struct rational at = rational_of_decimal(step->at);
    bool is_off = rational_sign(at) < 0;
    words_money(words, is_off ? rational_negate(at) : at);
    buffer_printf(words->out, " %s each window's pay.\n", is_off ? "is taken off" : "is added to");
}

static void say_prorate(const struct words *words, const struct adjustment *step)
{
    buffer_printf(words->out,
                  "Who is there for a part of a window is paid the same part of it, by %s.\n",
                  step->prorate == PRORATE_MONTHS ? "months, each begun one whole" : "days");
}

/* --- all of them --- */

static void (*const says[ADJUST_COUNT])(const struct words *words,
                                        const struct adjustment *step) = {
    [ADJUST_CAP] = say_bound,         [ADJUST_FLOOR] = say_bound, [ADJUST_GATE] = say_gate,
    [ADJUST_MULTIPLY] = say_multiply, [ADJUST_ADD] = say_add,     [ADJUST_PRORATE] = say_prorate,
};

void describe_adjust(const struct words *words)
{
    const struct plan_component *component = words->component;
    for (size_t i = 0; i < component->adjustment_count; i++) {
        const struct adjustment *step = &component->adjustments[i];
        if (component->adjustment_count > 1)
            buffer_printf(words->out, "%zu. ", i + 1);
        says[step->kind](words, step);
    }
}
