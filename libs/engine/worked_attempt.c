#include "engine/measure_row.h"
#include "engine/worked_parts.h"
#include "plan/mechanics/bonus.h"
#include "plan/mechanics/phases.h"
#include "plan/rate_list.h"

#include <assert.h>

/* One window that holds one row: what the engine is asked about. */
struct window_of_one {
    const struct attempt *attempt;
    struct window_sums sums;
    struct window_figures figures;
    struct result_figure results[LANDMARKS_MAX];
    struct pay_event events[PHASES_MAX];
    struct surroundings around;
    bool has_other; /* the attainment of the other component that tiers go by */
};

static const struct plan_component *component_of(const struct window_of_one *window)
{
    return window->attempt->column->component;
}

/* --- what stands around it: nothing but itself --- */

static enum status see_attainment(void *self, struct look look, bool *out_found,
                                  struct attained *out)
{
    struct window_of_one *window = self;
    const struct plan_component *component = component_of(window);
    *out_found = true;
    if (window->has_other) {
        *out = (struct attained){true, window->attempt->at, window->attempt->at};
        return STATUS_OK;
    }
    *out_found = look.component == component->index && look.window == LOOK_SAME;
    if (!*out_found)
        return STATUS_OK;
    return attained_of(window->attempt->worked->plan, component, &window->sums, &window->figures,
                       &window->around, out);
}

static enum status see_earned(void *self, struct look look, bool *out_found, struct rational *out)
{
    (void)self;
    (void)look;
    (void)out;
    *out_found = false;
    return STATUS_OK;
}

static enum status see_result(void *self, const struct result_name *name, bool *out_found,
                              struct rational *out)
{
    (void)self;
    (void)name;
    (void)out;
    *out_found = false;
    return STATUS_OK;
}

static enum status see_attributes(void *self, struct list *out)
{
    const struct window_of_one *window = self;
    const struct list *attributes = window->attempt->worked->attributes;
    *out = attributes ? *attributes : (struct list){0};
    return STATUS_OK;
}

/* Measures are growth already. */
static enum status see_baseline(void *self, struct rational *out)
{
    (void)self;
    *out = RATIONAL_ZERO;
    return STATUS_OK;
}

static enum status see_filled(void *self, size_t step, bool *out_found, struct rational *out)
{
    (void)self;
    (void)step;
    *out_found = false;
    *out = RATIONAL_ZERO;
    return STATUS_OK;
}

/* The same in each window of the year. */
static enum status see_year_target(void *self, struct rational *out)
{
    const struct window_of_one *window = self;
    int32_t count = window_count_in_year(component_of(window)->over);
    return rational_multiply(window->figures.target, rational_of(count > 0 ? count : 1), out);
}

/* --- the row --- */

/* `value` in 10^-18, without `plus`. */
static enum status scaled(const struct window_of_one *window, struct rational value, int128 *out)
{
    struct rational step = {1, MEASURE_ONE};
    int128 sum;
    enum status status = rational_round_wide(value, step, ROUND_HALF_EVEN, &sum);
    if (!status && !int128_add(sum, -component_of(window)->measure.plus, out))
        status = STATUS_OUT_OF_RANGE;
    return status;
}

/* In the unit in which rows of the component add up. */
static void add_whole(const struct plan_component *component, int128 value, struct wide_sum *sum)
{
    wide_sum_add_product(sum, value, (int64_t)(measure_unit(component) / MEASURE_ONE));
}

static enum status put_measure(struct window_of_one *window, struct rational measure)
{
    const struct plan_component *component = component_of(window);
    int128 sum = 0;
    enum status status = scaled(window, measure, &sum);
    if (status)
        return status;
    if (component->measure.of == OF_RESULTS && component->measure.result.length) {
        window->results[0] =
            (struct result_figure){.is_there = true,
                                   .value = divide_round(sum, decimal_of(1).units, ROUND_HALF_EVEN),
                                   .divisor = 1};
        return STATUS_OK;
    }
    add_whole(component, sum, &window->sums.measure);
    if (component->needs & NEEDS_UNITS)
        wide_sum_add(&window->sums.units, WORKED_UNITS * MEASURE_ONE);
    return STATUS_OK;
}

static enum status put_rated(struct window_of_one *window)
{
    const struct rate_list *rates = component_of(window)->rates;
    size_t index = (size_t)window->attempt->landmark->index;
    int64_t give = index < rates->count ? rates->choices[index].give : rates->otherwise;
    int128 value;
    enum status status = scaled(window, window->attempt->worked->example, &value);
    if (status)
        return status;
    value += component_of(window)->measure.plus; /* belongs to no row */
    struct wide_sum whole = {0};
    add_whole(component_of(window), value, &whole);
    return wide_sum_add_scaled(&window->sums.rated, &whole, give) ? STATUS_OK : STATUS_OUT_OF_RANGE;
}

/* The row by itself, for who asks what came when and what is whose. It is released in full. */
static void put_row(struct window_of_one *window)
{
    const struct attempt *attempt = window->attempt;
    const struct plan_component *component = component_of(window);
    bool has_day =
        attempt->column->kind == WORKED_BY_DAY || attempt->column->kind == WORKED_TOO_LATE;
    int32_t day = has_day ? attempt->column->day : attempt->worked->first;
    const struct row_place place = {.at = zone_day_start(attempt->worked->plan->zone, day),
                                    .deal = SLICE("deal:example")};
    struct row_more more = {.rated = window->sums.rated, .release = {RATIONAL_ONE, HELD_NOT}};
    int128 sum;
    if (!wide_sum_value(&window->sums.measure, &sum) ||
        !wide_sum_value(&window->sums.units, &more.units))
        return;
    if (has_more_rows(component))
        (void)ordered_add_more(&window->sums.ordered, &place, sum, &more);
    else if (component->needs & NEEDS_ROWS)
        ordered_add(&window->sums.ordered, &place, sum);
}

/* Every objective at its plan, but the one that is tried. */
static void put_results(struct window_of_one *window)
{
    const struct landmarks *landmarks = window->attempt->worked->landmarks;
    const struct landmark *tried = window->attempt->landmark;
    for (size_t i = landmarks->count; i-- > 0;) {
        const struct landmark *landmark = &landmarks->items[i];
        bool is_tried = tried && tried->index == landmark->index;
        const struct rational value =
            rational_reduce(is_tried ? window->attempt->at : landmark->at);
        window->results[landmark->index] = (struct result_figure){.is_there = true, .divisor = 1};
        struct result_figure *figure = &window->results[landmark->index];
        if (rational_round_wide(value, (struct rational){1, decimal_of(1).units}, ROUND_HALF_EVEN,
                                &figure->value))
            figure->is_there = false;
        if (landmarks->goals && landmarks->goals[landmark->index].den) {
            figure->has_goal = true;
            figure->goal = landmarks->goals[landmark->index];
        }
    }
}

static struct pay_event event_of(const struct window_of_one *window, int32_t day)
{
    return (struct pay_event){
        .deal = SLICE("deal:example"),
        .at = zone_day_start(window->attempt->worked->plan->zone, day),
        .date = day,
        .has_closed = true,
        .closed = window->figures.from,
        .share = decimal_of(1),
        .contract_value = {divide_round(window->attempt->worked->example.num * decimal_of(1).units,
                                        window->attempt->worked->example.den, ROUND_HALF_EVEN)},
        .exchange = RATIONAL_ONE,
    };
}

/* The phases up to the one that is tried, each on the contract's first day, or too late. */
static void put_phases(struct window_of_one *window)
{
    const struct landmarks *landmarks = window->attempt->worked->landmarks;
    bool is_late = window->attempt->column->kind == WORKED_TOO_LATE;
    size_t count = (size_t)window->attempt->landmark->index + 1;
    for (size_t i = 0; i < count; i++) {
        const struct landmark *phase = &landmarks->items[i];
        int32_t day = is_late && phase->has_until ? phase->until : window->figures.from;
        window->events[i] = event_of(window, day);
        window->events[i].phase = window->events[i].event = phase->name;
    }
    window->figures.events = (struct pay_events){window->events, count};
}

static void put_complete(struct window_of_one *window)
{
    const struct rational at = window->attempt->at;
    window->events[0] = event_of(window, window->figures.from);
    window->events[0].has_percent_complete = true;
    window->events[0].percent_complete =
        (struct decimal){divide_round(at.num * decimal_of(1).units, at.den, ROUND_HALF_EVEN)};
    window->figures.events = (struct pay_events){window->events, 1};
}

static void put_months(struct window_of_one *window)
{
    window->figures.months = (int32_t)window->attempt->at.num;
    window->sums.rows = (uint32_t)window->figures.months;
}

/* So many rows beside each other, each paid the whole sum. */
static void put_paid_rows(struct window_of_one *window)
{
    const struct attempt *attempt = window->attempt;
    int64_t count = (int64_t)attempt->at.num;
    struct row_more more = {.units = MEASURE_ONE, .release = {RATIONAL_ONE, HELD_NOT}};
    wide_sum_add(&more.rated, component_of(window)->bonus->each.units);
    window->sums.rows = (uint32_t)count;
    for (int64_t i = 0; i < count; i++) {
        const struct row_place place = {
            .at = zone_day_start(attempt->worked->plan->zone, attempt->worked->first) + i,
            .deal = SLICE("deal:example")};
        wide_sum_add(&window->sums.units, more.units);
        wide_sum_give(&window->sums.rated, &more.rated);
        if (has_more_rows(component_of(window)))
            (void)ordered_add_more(&window->sums.ordered, &place, 0, &more);
    }
}

static enum status fill(struct window_of_one *window)
{
    const struct attempt *attempt = window->attempt;
    enum status status = STATUS_OK;
    switch (attempt->worked->landmarks->of) {
    case LANDMARKS_NONE:
        break;
    case LANDMARKS_MEASURE:
    case LANDMARKS_ATTAINMENT:
        status = put_measure(window, attempt->at);
        break;
    case LANDMARKS_OTHER:
        window->has_other = true;
        window->figures.has_attribute = true;
        window->figures.attribute = attempt->at;
        status = put_measure(window, attempt->worked->example);
        break;
    case LANDMARKS_RATES:
        status = put_measure(window, attempt->worked->example);
        if (!status)
            status = put_rated(window);
        break;
    case LANDMARKS_RESULTS:
        put_results(window);
        break;
    case LANDMARKS_PHASES:
        put_phases(window);
        break;
    case LANDMARKS_COMPLETE:
        put_complete(window);
        break;
    case LANDMARKS_MONTHS:
        put_months(window);
        return STATUS_OK;
    case LANDMARKS_ROWS:
        put_paid_rows(window);
        return STATUS_OK;
    }
    if (!status)
        put_row(window);
    return status;
}

enum status attempt_worth(const struct attempt *attempt, struct worth *out)
{
    struct window_of_one window = {
        .attempt = attempt, .sums = {.rows = 1}, .figures = attempt->worked->figures};
    window.around = (struct surroundings){
        .self = &window,
        .attainment = see_attainment,
        .earned = see_earned,
        .result = see_result,
        .attributes = see_attributes,
        .baseline = see_baseline,
        .filled = see_filled,
        .year_target = see_year_target,
        .has_business_date = true, /* everything is over */
        .business_date = DATE_MAX,
        .trace = attempt->trace,
    };
    window.figures.results = window.results;
    enum status status = fill(&window);
    if (!status)
        status = worth_of(attempt->worked->plan, attempt->column->component, &window.sums,
                          &window.figures, NULL, &window.around, out);
    window_sums_deinit(&window.sums);
    return status;
}
