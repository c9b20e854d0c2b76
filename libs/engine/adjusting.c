#include "engine/adjusting.h"

#include "engine/pay_parts.h"
#include "plan/attainment.h"

/* One step of the steps. */
struct stepping {
    const struct adjusting *adjusting;
    const struct adjustment *step;
    size_t index;
    struct adjusted *out;
};

/* --- cap and floor --- */

static struct rational bounded(const struct adjustment *step, struct rational pay,
                               struct rational bound)
{
    return step->kind == ADJUST_CAP ? rational_min(pay, bound) : rational_max(pay, bound);
}

static enum status year_bound(const struct stepping *stepping, struct rational *out)
{
    const struct surroundings *around = stepping->adjusting->around;
    struct rational target;
    *out = rational_of_decimal(stepping->step->at);
    if (!stepping->step->is_share)
        return STATUS_OK;
    enum status status = around->year_target(around->self, &target);
    return status ? status : rational_multiply(*out, target, out);
}

static enum status bound_year(const struct stepping *stepping, struct rational *pay)
{
    const struct surroundings *around = stepping->adjusting->around;
    struct rational bound;
    struct rational before;
    struct rational with;
    bool has_before;
    enum status status = year_bound(stepping, &bound);
    if (!status)
        status = around->filled(around->self, stepping->index, &has_before, &before);
    if (!status)
        status = rational_add(before, *pay, &with);
    if (status)
        return status;
    struct rational counted = has_before ? bounded(stepping->step, before, bound) : RATIONAL_ZERO;
    return rational_subtract(bounded(stepping->step, with, bound), counted, pay);
}

/* "per: deal" of a window that is none: of each deal's part. */
static bool is_by_deal(const struct stepping *stepping)
{
    return stepping->step->per == PER_DEAL && stepping->adjusting->component->over != WINDOW_DEAL;
}

static enum status bound_deals(const struct stepping *stepping, struct rational *pay)
{
    struct rational at = rational_of_decimal(stepping->step->at);
    enum status status = STATUS_OK;
    if (stepping->step->is_share)
        status = rational_multiply(at, stepping->adjusting->target, &at);
    return status ? status : pay_parts_bound(stepping->adjusting->parts, stepping->step, at, pay);
}

static enum status step_bound(const struct stepping *stepping, struct rational *pay)
{
    if (stepping->step->is_share && !stepping->adjusting->has_target) {
        stepping->out->lacks_target = true;
        return STATUS_OK;
    }
    if (stepping->step->per == PER_YEAR)
        return bound_year(stepping, pay);
    if (is_by_deal(stepping))
        return bound_deals(stepping, pay);
    return adjustment_apply(stepping->step, *pay, stepping->adjusting->target, pay);
}

/* --- gate --- */

static enum status step_gate(const struct stepping *stepping, struct rational *pay)
{
    switch (stepping->step->then) {
    case GATE_NOTHING:
        *pay = RATIONAL_ZERO;
        break;
    case GATE_NOT_PAYABLE:
        stepping->out->is_payable = false;
        break;
    case GATE_KEEP:
        return rational_multiply(*pay, rational_of_decimal(stepping->step->factor), pay);
    }
    return STATUS_OK;
}

/* --- multiply --- */

/* "result missing: 100%" */
static enum status find_factor(const struct stepping *stepping, struct rational *out)
{
    const struct adjustment *step = stepping->step;
    const struct surroundings *around = stepping->adjusting->around;
    struct rational value;
    bool found;
    int32_t unused;
    if (!step->curve) {
        *out = rational_of_decimal(step->factor);
        return STATUS_OK;
    }
    enum status status = around->result(around->self, &step->result, &found, &value);
    *out = RATIONAL_ONE;
    return status || !found ? status : points_value(step->curve, value, out, &unused);
}

static enum status step_multiply(const struct stepping *stepping, struct rational *pay)
{
    const struct adjustment *step = stepping->step;
    struct rational factor;
    enum status status = find_factor(stepping, &factor);
    if (status)
        return status;
    if (step->has_between) {
        factor = rational_max(factor, rational_of_decimal(step->least));
        factor = rational_min(factor, rational_of_decimal(step->most));
    }
    return rational_multiply(*pay, factor, pay);
}

/* --- add and prorate --- */

static enum status step_add(const struct stepping *stepping, struct rational *pay)
{
    return rational_add(*pay, rational_of_decimal(stepping->step->at), pay);
}

static enum status step_prorate(const struct stepping *stepping, struct rational *pay)
{
    return rational_multiply(*pay, stepping->adjusting->assigned[stepping->step->prorate], pay);
}

/* --- all of them --- */

static enum status (*const steps[])(const struct stepping *stepping, struct rational *pay) = {
    [ADJUST_CAP] = step_bound,         [ADJUST_FLOOR] = step_bound, [ADJUST_GATE] = step_gate,
    [ADJUST_MULTIPLY] = step_multiply, [ADJUST_ADD] = step_add,     [ADJUST_PRORATE] = step_prorate,
};
_Static_assert(sizeof steps / sizeof steps[0] == ADJUST_COUNT, "each kind of step is taken");

static void note(const struct adjusting *adjusting, size_t index, struct rational pay, bool holds)
{
    struct adjust_trace *trace = adjusting->around ? adjusting->around->trace : NULL;
    if (!trace)
        return;
    trace->before[index] = pay;
    trace->holds[index] = holds;
}

/* What a step made of the pay is spread over its parts. Steps that divide it for themselves have
 * done so. */
static void spread(const struct stepping *stepping, struct rational before, struct rational after)
{
    struct pay_parts *parts = stepping->adjusting->parts;
    if (!parts || is_by_deal(stepping))
        return;
    if (stepping->step->kind == ADJUST_ADD)
        pay_parts_add(parts, rational_of_decimal(stepping->step->at));
    else
        pay_parts_change(parts, before, after);
}

static bool is_left_out(const struct adjusting *adjusting, const struct adjustment *step)
{
    return adjusting->without_floors && step->kind == ADJUST_FLOOR;
}

enum status adjust_pay(const struct adjusting *adjusting, struct rational *pay,
                       struct adjusted *out)
{
    const struct plan_component *component = adjusting->component;
    *out = (struct adjusted){.is_payable = true};
    for (size_t i = 0; i < component->adjustment_count; i++) {
        const struct adjustment *step = &component->adjustments[i];
        struct stepping stepping = {adjusting, step, i, out};
        struct rational before = *pay;
        bool holds = !is_left_out(adjusting, step);
        enum status status = STATUS_OK;
        if (holds && step->when.count)
            status = when_holds(&step->when, adjusting->around, &holds);
        if (!status)
            note(adjusting, i, *pay, holds);
        if (!status && holds)
            status = steps[step->kind](&stepping, pay);
        if (status)
            return status;
        if (holds)
            spread(&stepping, before, *pay);
    }
    return STATUS_OK;
}
