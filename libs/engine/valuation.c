#include "engine/valuation.h"

#include "plan/mechanics/bonus.h"

#include "plan/attainment.h"
#include "plan/rate_list.h"

#include <stdlib.h>

struct valuation valuation_of(const struct plan *plan, const struct plan_component *component,
                              const struct window_sums *sums, const struct window_figures *figures,
                              const struct surroundings *around)
{
    return (struct valuation){
        .plan = plan,
        .component = component,
        .figures = figures,
        .sums = sums,
        .around = around,
        .baseline = RATIONAL_ZERO,
        .input = {.attainment = RATIONAL_ZERO,
                  .goal = RATIONAL_ZERO,
                  .rated = RATIONAL_ZERO,
                  .target = figures->has_target ? figures->target : RATIONAL_ZERO,
                  .has_attribute = figures->has_attribute,
                  .attribute = figures->has_attribute ? figures->attribute : RATIONAL_ZERO},
    };
}

/* `value` in steps of 10^-places, half-even. */
static enum status to_decimal(struct rational value, int places, struct decimal *out)
{
    struct rational step = {1, decimal_power(places)};
    return rational_round_wide(value, step, ROUND_HALF_EVEN, &out->units);
}

enum { ATTAINMENT_PLACES = 12 };

/* "A limit takes the earliest." */
static enum status find_bounties(struct valuation *valuation)
{
    const struct window_sums *sums = valuation->sums;
    struct wide_sum rated = sums->rated;
    int128 most = MEASURE_ONE * valuation->component->bonus->limit;
    if (most && valuation->input.units > most)
        rated = ordered_earliest(&sums->ordered, most).rated;
    return wide_sum_fraction(&rated, decimal_of(1).units, &valuation->input.rated)
               ? STATUS_OK
               : STATUS_OUT_OF_RANGE;
}

/* Takes an exact X: a fraction of 10^-18 makes a divisor. */
static enum status keep_measure(struct rational x, struct pay_input *input)
{
    enum status status = rational_multiply(x, (struct rational){MEASURE_ONE, 1}, &x);
    if (status)
        return status;
    x = rational_reduce(x);
    if (x.den > INT64_MAX)
        return STATUS_OUT_OF_RANGE;
    input->measure = x.num;
    input->divisor = (int64_t)x.den;
    return STATUS_OK;
}

static enum status find_converted(const struct window_sums *sums, struct valuation *valuation)
{
    struct rational x;
    struct rational rest = RATIONAL_ZERO;
    if (!wide_sum_fraction(&sums->measure, CONVERTED_ONE, &x))
        return STATUS_OUT_OF_RANGE;
    enum status status = sums->has_rest ? exact_value(&sums->rest, &rest) : STATUS_OK;
    if (!status)
        status = rational_add(x, rest, &x);
    if (!status)
        status = rational_add(x, rational_of_measure(valuation->component->measure.plus), &x);
    return status ? status : keep_measure(x, &valuation->input);
}

static enum status find_sums(struct valuation *valuation)
{
    const struct window_sums *sums = valuation->sums;
    const struct plan_component *component = valuation->component;
    const struct rate_list *rates = component->rates;
    int128 sum;
    if (sums->overflows || !wide_sum_value(&sums->units, &valuation->input.units))
        return STATUS_OUT_OF_RANGE;
    if (rates && !wide_sum_fraction(&sums->rated, measure_unit(component) * rates->den,
                                    &valuation->input.rated))
        return STATUS_OUT_OF_RANGE;
    if (component->bonus) {
        enum status status = find_bounties(valuation);
        if (status)
            return status;
    }
    if (component->measure.convert)
        return find_converted(sums, valuation);
    if (!wide_sum_value(&sums->measure, &sum) ||
        !int128_add(sum, component->measure.plus, &valuation->input.measure))
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

/* "Count only growth over it; not below 0 unless `negative: count`". */
static enum status take_baseline(struct valuation *valuation)
{
    const struct baseline *terms = &valuation->component->baseline;
    struct pay_input *input = &valuation->input;
    struct rational growth;
    enum status status = STATUS_OK;
    if (!valuation->has_baseline)
        status = valuation->around->baseline(valuation->around->self, &valuation->baseline);
    valuation->has_baseline = !status;
    if (!status)
        status = rational_subtract(measure_of(input), valuation->baseline, &growth);
    if (status)
        return status;
    if (!terms->counts_negative && rational_sign(growth) < 0)
        growth = RATIONAL_ZERO;
    return keep_measure(growth, input);
}

static enum status find_gross(struct valuation *valuation, uint32_t *pending)
{
    enum status status = find_sums(valuation);
    if (!status && valuation->component->measure.of == OF_RESULTS && valuation->figures->results)
        status = find_result_measure(valuation, pending);
    return status;
}

enum status valuation_measure_gross(struct valuation *valuation)
{
    uint32_t unused = 0;
    return find_gross(valuation, &unused);
}

enum status valuation_measure(struct valuation *valuation, uint32_t *pending)
{
    enum status status = find_gross(valuation, pending);
    if (!status && valuation->component->baseline.is_given)
        status = take_baseline(valuation);
    return status;
}

enum status valuation_attain(struct valuation *valuation, struct worth *worth)
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

uint32_t valuation_lacks(const struct valuation *valuation)
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
    int128 unit = measure_unit(valuation->component);
    int128 constant = valuation->component->measure.plus;
    if (is_passed ? constant > least : constant >= least) { /* before any row */
        *found = true;
        *out = (struct pay_reached){valuation->figures->from, rational_of_measure(constant)};
        return STATUS_OK;
    }
    if (!int128_multiply(constant, unit / MEASURE_ONE, &constant) ||
        !int128_multiply(least, unit / MEASURE_ONE, &least))
        return STATUS_OUT_OF_RANGE;
    wide_sum_add(&plus, constant);
    *found = ordered_first(&valuation->sums->ordered, &plus, least, is_passed, &reached);
    if (*found && valuation->is_cut)
        *found = valuation->last && ordered_reaches(reached.row, valuation->last);
    if (!*found)
        return STATUS_OK;
    if (!wide_sum_value(&reached.total, &total))
        return STATUS_OUT_OF_RANGE;
    out->total = (struct rational){total, unit};
    return zone_date_at(valuation->plan->zone, reached.at, &out->date);
}

/* With `on: {attainment-of: …}`; where it has none, the pay waits for it. */
static enum status find_other(struct valuation *valuation)
{
    const struct plan_component *component = valuation->component;
    const struct surroundings *around = valuation->around;
    struct attained attained;
    bool found;
    if (valuation->has_other || !(component->needs & NEEDS_ATTAINMENT_OF))
        return STATUS_OK;
    enum status status =
        around->attainment(around->self, component->attainment_of, &found, &attained);
    if (status)
        return status;
    valuation->has_other = true;
    valuation->waits_for_other = !found || !attained.is_there;
    if (!valuation->waits_for_other)
        valuation->other = attained.attainment;
    return STATUS_OK;
}

enum status valuation_run(struct valuation *valuation, struct pay_result *out)
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
    enum status status = find_other(valuation);
    if (status || valuation->waits_for_other) {
        out->waits = PAY_WAITS_FOR_GOAL;
        return status;
    }
    struct pay_input input = valuation->input;
    if (valuation->has_other) {
        input.has_attribute = true;
        input.attribute = valuation->other;
    }
    struct pay_rows rows = {
        .self = valuation, .first = first_row, .calendar = &valuation->plan->calendar};
    input.results = valuation->figures->results;
    input.events = valuation->figures->events;
    input.months = valuation->figures->months;
    if (component->needs & NEEDS_ROWS) {
        input.rows = &rows;
        if (window_containing(rows.calendar, component->over, valuation->figures->from,
                              &rows.window))
            return STATUS_OUT_OF_RANGE;
    }
    return component->mechanic->pay(component->terms, &input, out);
}

/* --- some of the rows --- */

static struct row_place place_of_event(const struct pay_event *event)
{
    return (struct row_place){.at = event->at,
                              .deal = event->deal,
                              .line = SLICE(""),
                              .role = event->role,
                              .row = event->row};
}

/* The events up to the last row, in an array of the caller's. */
static struct pay_events events_until(const struct valuation *whole, const struct ordered_row *last,
                                      struct pay_event *items)
{
    const struct pay_events *all = &whole->figures->events;
    size_t count = 0;
    for (size_t i = 0; last && i < all->count; i++) {
        struct row_place place = place_of_event(&all->items[i]);
        if (ordered_covers(last, &place))
            items[count++] = all->items[i];
    }
    return (struct pay_events){items, count};
}

static enum status pays_cut(struct valuation *cut, struct rational *out)
{
    struct worth unused = {0};
    struct pay_result result;
    uint32_t pending = 0;
    enum status status = valuation_measure(cut, &pending);
    if (!status)
        status = valuation_attain(cut, &unused);
    if (!status)
        status = valuation_run(cut, &result);
    if (!status)
        *out = result.waits ? RATIONAL_ZERO : result.pay;
    return status;
}

enum status valuation_pays_until(const struct valuation *whole, const struct ordered_sums *until,
                                 struct rational *out)
{
    const struct window_sums sums = {.measure = until->measure,
                                     .units = until->units,
                                     .rated = until->rated,
                                     .ordered = whole->sums->ordered,
                                     .rows = 1};
    struct window_figures figures = *whole->figures;
    struct valuation cut =
        valuation_of(whole->plan, whole->component, &sums, &figures, whole->around);
    struct pay_event *events = NULL;
    if (whole->component->needs & NEEDS_EVENTS) {
        events = malloc((figures.events.count + 1) * sizeof *events);
        if (!events)
            abort();
        figures.events = events_until(whole, until->last, events);
    }
    cut.has_baseline = whole->has_baseline;
    cut.baseline = whole->baseline;
    cut.has_other = whole->has_other;
    cut.waits_for_other = whole->waits_for_other;
    cut.other = whole->other;
    cut.is_cut = true;
    cut.last = until->last;
    enum status status = pays_cut(&cut, out);
    free(events);
    return status;
}
