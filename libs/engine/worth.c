#include "engine/worth.h"

#include "engine/adjusting.h"
#include "plan/attainment.h"
#include "plan/rate_list.h"

static int waiting_slot(enum reason reason)
{
    static const int slots[REASON_COUNT] = {
        [REASON_CURRENCY_DIFFERS] = 0,
        [REASON_LINES_DIFFER] = 1,
        [REASON_SPLITS_DIFFER] = 2,
        [REASON_WAITS] = 3,
    };
    return slots[reason];
}

void window_sums_wait(struct window_sums *sums, enum reason reason, int by)
{
    sums->waiting[waiting_slot(reason)] += (uint32_t)by;
}

uint32_t window_sums_pending(const struct window_sums *sums)
{
    static const uint32_t bits[ROW_REASONS_MAX] = {
        REASON_BIT(REASON_CURRENCY_DIFFERS),
        REASON_BIT(REASON_LINES_DIFFER),
        REASON_BIT(REASON_SPLITS_DIFFER),
        REASON_BIT(REASON_WAITS),
    };
    uint32_t pending = 0;
    for (int i = 0; i < ROW_REASONS_MAX; i++)
        pending |= sums->waiting[i] ? bits[i] : 0;
    return pending;
}

/* `value` in steps of 10^-places, half-even. */
static enum status to_decimal(struct rational value, int places, struct decimal *out)
{
    struct rational step = {1, decimal_power(places)};
    return rational_round_wide(value, step, ROUND_HALF_EVEN, &out->units);
}

enum { ATTAINMENT_PLACES = 12 };

/* A window on its way through the steps. */
struct valuation {
    const struct plan *plan;
    const struct plan_component *component;
    const struct window_figures *figures;
    const struct window_sums *sums;
    const struct surroundings *around;
    struct pay_input input;
    bool has_goal;
    bool is_zero_goal;   /* the goal is 0: `zero` says what that pays */
    bool is_zero_actual; /* direction: lower, and the actual is 0: the cap is earned */
};

static enum status find_measure(const struct window_sums *sums, struct valuation *valuation)
{
    int128 sum;
    if (sums->overflows || !wide_sum_value(&sums->measure, &sum) ||
        !wide_sum_value(&sums->units, &valuation->input.units))
        return STATUS_OUT_OF_RANGE;
    if (!int128_add(sum, valuation->component->measure.plus, &valuation->input.measure))
        return STATUS_OUT_OF_RANGE;
    const struct rate_list *rates = valuation->component->rates;
    if (rates &&
        !wide_sum_fraction(&sums->rated, MEASURE_ONE * rates->den, &valuation->input.rated))
        return STATUS_OUT_OF_RANGE;
    return STATUS_OK;
}

/* X of `of: results`, and what it lacks. A scorecard has no X. */
static enum status find_result_measure(struct valuation *valuation, uint32_t *pending)
{
    const struct plan_component *component = valuation->component;
    const struct result_figure *figure = valuation->figures->results;
    if (!component->measure.result.length)
        return STATUS_OK;
    if (!figure->is_there && component->measure.missing == MISSING_PENDING)
        *pending |= REASON_BIT(REASON_NO_RESULT);
    int128 plus;
    int128 sum;
    valuation->input.divisor = figure->divisor;
    if (!int128_multiply(component->measure.plus, figure->divisor, &plus) ||
        !int128_multiply(figure->value, decimal_of(1).units, &sum) ||
        !int128_add(sum, plus, &valuation->input.measure))
        return STATUS_OUT_OF_RANGE;
    return STATUS_OK;
}

/* "Count only growth over it; not below 0 unless `negative: count`". The exact measure is kept: a
 * fraction of 10^-18 makes a divisor. */
static enum status take_baseline(struct valuation *valuation)
{
    const struct baseline *terms = &valuation->component->baseline;
    struct pay_input *input = &valuation->input;
    struct rational baseline;
    struct rational growth;
    enum status status = valuation->around->baseline(valuation->around->self, &baseline);
    if (!status)
        status = rational_subtract(measure_of(input), baseline, &growth);
    if (!status)
        status = rational_multiply(growth, (struct rational){MEASURE_ONE, 1}, &growth);
    if (status)
        return status;
    growth = rational_reduce(growth);
    if (!terms->counts_negative && rational_sign(growth) < 0)
        growth = RATIONAL_ZERO;
    if (growth.den > INT64_MAX)
        return STATUS_OUT_OF_RANGE;
    input->measure = growth.num;
    input->divisor = (int64_t)growth.den;
    return STATUS_OK;
}

/* X, from rows that count or, for who looks at a window without any, from none. */
static enum status find_x(struct valuation *valuation, uint32_t *pending)
{
    enum status status = find_measure(valuation->sums, valuation);
    if (!status && valuation->component->measure.of == OF_RESULTS && valuation->figures->results)
        status = find_result_measure(valuation, pending);
    if (!status && valuation->component->baseline.is_given)
        status = take_baseline(valuation);
    return status;
}

static struct decimal shown_measure(const struct pay_input *input)
{
    int128 units = decimal_of(1).units * (is_measure_whole(input) ? 1 : input->divisor);
    return (struct decimal){divide_round(input->measure, units, ROUND_HALF_EVEN)};
}

/* The goal that holds, and how far the measure has come. */
static enum status find_attainment(struct valuation *valuation, struct worth *worth)
{
    const struct goal *terms = &valuation->component->goal;
    if (!valuation->component->has_goal)
        return STATUS_OK;
    if (terms->is_from_roster && !valuation->figures->has_goal)
        return STATUS_OK;
    struct rational goal =
        valuation->figures->has_goal ? valuation->figures->goal : rational_of_decimal(terms->fixed);
    enum status status = to_decimal(goal, DECIMAL_SCALE, &worth->goal);
    if (status)
        return status;
    valuation->has_goal = worth->has_goal = true;
    valuation->input.goal = goal;
    valuation->is_zero_goal = rational_is_zero(goal);
    valuation->is_zero_actual = terms->is_lower_better && valuation->input.measure == 0;
    if (valuation->is_zero_goal || valuation->is_zero_actual)
        return STATUS_OK;
    status =
        attainment_of(terms, measure_of(&valuation->input), goal, &valuation->input.attainment);
    if (!status)
        status = to_decimal(valuation->input.attainment, ATTAINMENT_PLACES, &worth->attainment);
    worth->has_attainment = !status;
    return status;
}

static bool adjusts_by_target(const struct plan_component *component)
{
    for (size_t i = 0; i < component->adjustment_count; i++) {
        if (component->adjustments[i].is_share && !component->adjustments[i].when.count)
            return true;
    }
    return false;
}

/* Whether the mechanic is not run, since goal or actual are 0. */
static bool is_settled_by_zero(const struct valuation *valuation)
{
    return (valuation->component->needs & NEEDS_ATTAINMENT) != 0 &&
           (valuation->is_zero_goal || valuation->is_zero_actual);
}

static bool needs_target(const struct valuation *valuation)
{
    const struct plan_component *component = valuation->component;
    if (!is_settled_by_zero(valuation))
        return (component->needs & NEEDS_TARGET) != 0;
    return adjusts_by_target(component) ||
           (valuation->is_zero_goal && component->goal.zero == ZERO_FULL_TARGET);
}

/* What the roster still lacks for this key to be valued. */
static uint32_t lacks(const struct valuation *valuation)
{
    const struct plan_component *component = valuation->component;
    bool needs_attainment = (component->needs & NEEDS_ATTAINMENT) != 0;
    uint32_t bits = 0;
    if (needs_attainment && !valuation->has_goal)
        bits |= REASON_BIT(REASON_NO_GOAL);
    if (needs_attainment && valuation->is_zero_goal && component->goal.zero == ZERO_PENDING)
        bits |= REASON_BIT(REASON_ZERO_GOAL);
    if (needs_target(valuation) && !valuation->figures->has_target)
        bits |= REASON_BIT(REASON_NO_TARGET);
    return bits;
}

/* An actual of 0 where lower is better earns what the component's first cap without a condition
 * allows. */
static enum status cap_of(const struct valuation *valuation, struct rational *out)
{
    const struct plan_component *component = valuation->component;
    for (size_t i = 0; i < component->adjustment_count; i++) {
        const struct adjustment *adjustment = &component->adjustments[i];
        if (adjustment->kind != ADJUST_CAP || adjustment->when.count)
            continue;
        struct rational at = rational_of_decimal(adjustment->at);
        if (adjustment->is_share)
            return rational_multiply(at, valuation->input.target, out);
        *out = at;
        return STATUS_OK;
    }
    *out = RATIONAL_ZERO;
    return STATUS_OK;
}

static enum status first_row(const void *self, int128 least, bool is_passed, bool *found,
                             struct pay_reached *out)
{
    const struct valuation *valuation = self;
    struct wide_sum plus = {0};
    struct ordered_reached reached;
    int128 total;
    int128 constant = valuation->component->measure.plus;
    if (is_passed ? constant > least : constant >= least) { /* before any row */
        *found = true;
        *out = (struct pay_reached){valuation->figures->from, rational_of_measure(constant)};
        return STATUS_OK;
    }
    wide_sum_add(&plus, constant);
    *found = ordered_first(&valuation->sums->ordered, &plus, least, is_passed, &reached);
    if (!*found)
        return STATUS_OK;
    if (!wide_sum_value(&reached.total, &total))
        return STATUS_OUT_OF_RANGE;
    out->total = rational_of_measure(total);
    return zone_date_at(valuation->plan->zone, reached.at, &out->date);
}

/* With `on: {attainment-of: …}`; where it has none, the pay waits for it. */
static enum status find_other_attainment(const struct valuation *valuation, struct pay_input *input,
                                         bool *out_waits)
{
    const struct plan_component *component = valuation->component;
    const struct surroundings *around = valuation->around;
    struct attained attained;
    bool found;
    *out_waits = false;
    if (!(component->needs & NEEDS_ATTAINMENT_OF))
        return STATUS_OK;
    enum status status =
        around->attainment(around->self, component->attainment_of, &found, &attained);
    if (status)
        return status;
    *out_waits = !found || !attained.is_there;
    input->has_attribute = !*out_waits;
    if (input->has_attribute)
        input->attribute = attained.attainment;
    return STATUS_OK;
}

static enum status run_mechanic(const struct valuation *valuation, struct pay_result *out)
{
    const struct plan_component *component = valuation->component;
    bool needs_attainment = (component->needs & NEEDS_ATTAINMENT) != 0;
    *out = (struct pay_result){.pay = RATIONAL_ZERO, .step = -1};
    if (needs_attainment && valuation->is_zero_goal) {
        if (component->goal.zero == ZERO_FULL_TARGET)
            out->pay = valuation->input.target;
        return STATUS_OK;
    }
    if (needs_attainment && valuation->is_zero_actual)
        return cap_of(valuation, &out->pay);
    struct pay_input input = valuation->input;
    bool waits;
    enum status status = find_other_attainment(valuation, &input, &waits);
    if (status || waits) {
        out->waits = PAY_WAITS_FOR_GOAL;
        return status;
    }
    struct pay_rows rows = {
        .self = valuation, .first = first_row, .calendar = &valuation->plan->calendar};
    input.results = valuation->figures->results;
    input.events = valuation->figures->events;
    if (component->needs & NEEDS_ROWS) {
        input.rows = &rows;
        if (window_containing(rows.calendar, component->over, valuation->figures->from,
                              &rows.window))
            return STATUS_OUT_OF_RANGE;
    }
    return component->mechanic->pay(component->terms, &input, out);
}

/* The one place that rounds: the cumulative amount of the window, in the plan's steps. */
static enum status round_pay(const struct plan *plan, struct rational pay, int64_t *out)
{
    struct rational step = rational_of_units(plan->rounding_step, plan->currency.exponent);
    int64_t steps;
    enum status status = rational_round(pay, step, plan->rounding_mode, &steps);
    if (status)
        return status;
    return money_multiply(steps, plan->rounding_step, out);
}

static struct valuation valuation_of(const struct plan *plan,
                                     const struct plan_component *component,
                                     const struct window_figures *figures)
{
    return (struct valuation){
        .plan = plan,
        .component = component,
        .figures = figures,
        .input = {.attainment = RATIONAL_ZERO,
                  .goal = RATIONAL_ZERO,
                  .rated = RATIONAL_ZERO,
                  .target = figures->has_target ? figures->target : RATIONAL_ZERO,
                  .has_attribute = figures->has_attribute,
                  .attribute = figures->has_attribute ? figures->attribute : RATIONAL_ZERO},
    };
}

static enum status value_pay(struct valuation *valuation, const struct given_pay *given,
                             struct worth *worth)
{
    struct pay_result result;
    enum status status = run_mechanic(valuation, &result);
    if (status)
        return status;
    if (result.waits) {
        worth->pending |=
            REASON_BIT(result.waits == PAY_WAITS_FOR_RESULT ? REASON_NO_RESULT : REASON_NO_GOAL);
        return STATUS_OK;
    }
    if (given->is_given)
        result.pay = given->pay;
    const struct adjusting adjusting = {.component = valuation->component,
                                        .has_target = valuation->figures->has_target,
                                        .target = valuation->input.target,
                                        .assigned = valuation->figures->assigned,
                                        .around = valuation->around};
    struct adjusted adjusted;
    status = adjust_pay(&adjusting, &result.pay, &adjusted);
    if (!status && adjusted.lacks_target) {
        worth->pending |= REASON_BIT(REASON_NO_TARGET);
        return STATUS_OK;
    }
    if (!status)
        status = round_pay(valuation->plan, result.pay, &worth->earned);
    if (status)
        return status;
    if (result.step >= 0 && result.name.length)
        worth->step = result.name;
    worth->payable = adjusted.is_payable ? worth->earned : 0;
    worth->has_pay = true;
    worth->pay = result.pay;
    return STATUS_OK;
}

enum status worth_of(const struct plan *plan, const struct plan_component *component,
                     const struct window_sums *sums, const struct window_figures *figures,
                     const struct given_pay *given, const struct surroundings *around,
                     struct worth *out)
{
    struct valuation valuation = valuation_of(plan, component, figures);
    valuation.sums = sums;
    valuation.around = around;
    struct worth worth = {.pending = window_sums_pending(sums)};
    enum status status = figures->overflows ? STATUS_OUT_OF_RANGE : STATUS_OK;
    if (!status && sums->rows)
        status = find_x(&valuation, &worth.pending);
    if (!status)
        status = find_attainment(&valuation, &worth);
    if (status)
        return status;
    worth.measure = shown_measure(&valuation.input);
    if (sums->rows) {
        uint32_t lacking = lacks(&valuation) | (worth.pending & REASON_BIT(REASON_NO_RESULT));
        worth.pending |= lacking;
        if (!lacking)
            status = value_pay(&valuation, given, &worth);
    }
    if (!status)
        *out = worth;
    return status;
}

enum status attained_of(const struct plan *plan, const struct plan_component *component,
                        const struct window_sums *sums, const struct window_figures *figures,
                        const struct surroundings *around, struct attained *out)
{
    struct valuation valuation = valuation_of(plan, component, figures);
    valuation.sums = sums;
    valuation.around = around;
    struct worth unused = {0};
    enum status status = figures->overflows ? STATUS_OUT_OF_RANGE : STATUS_OK;
    if (!status)
        status = find_x(&valuation, &unused.pending);
    if (!status)
        status = find_attainment(&valuation, &unused);
    if (status)
        return status;
    struct attained attained = {
        .is_there = unused.has_attainment && !unused.pending,
        .attainment = valuation.input.attainment,
        .exact = valuation.input.attainment,
    };
    struct goal exact = component->goal;
    exact.precision = ATTAINMENT_EXACT;
    if (attained.is_there)
        status = attainment_of(&exact, measure_of(&valuation.input), valuation.input.goal,
                               &attained.exact);
    if (!status)
        *out = attained;
    return status;
}

enum status measure_of_window(const struct plan *plan, const struct plan_component *component,
                              const struct window_sums *sums, const struct window_figures *figures,
                              struct rational *out)
{
    struct valuation valuation = valuation_of(plan, component, figures);
    uint32_t unused = 0;
    valuation.sums = sums;
    enum status status = find_measure(sums, &valuation);
    if (!status && component->measure.of == OF_RESULTS && figures->results)
        status = find_result_measure(&valuation, &unused);
    if (!status)
        *out = measure_of(&valuation.input);
    return status;
}

enum status worth_of_row(const struct plan *plan, const struct plan_component *component,
                         const struct window_sums *row, struct decimal share,
                         const struct window_figures *figures, const struct surroundings *around,
                         struct rational *out)
{
    struct valuation valuation = valuation_of(plan, component, figures);
    valuation.sums = row;
    valuation.around = around;
    struct worth unused = {0};
    enum status status = find_measure(row, &valuation);
    if (!status)
        status = find_attainment(&valuation, &unused);
    if (status)
        return status;
    if (lacks(&valuation))
        return STATUS_INVALID;
    struct pay_result result;
    status = run_mechanic(&valuation, &result);
    if (status)
        return status;
    if (result.waits)
        return STATUS_INVALID;
    return rational_multiply(result.pay, rational_of_decimal(share), out);
}
