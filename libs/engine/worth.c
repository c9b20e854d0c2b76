#include "engine/worth.h"

#include "engine/taking.h"
#include "plan/attainment.h"

static int waiting_slot(enum reason reason)
{
    static const int slots[REASON_COUNT] = {
        [REASON_CURRENCY_DIFFERS] = 0, [REASON_LINES_DIFFER] = 1,
        [REASON_SPLITS_DIFFER] = 2,    [REASON_WAITS] = 3,
        [REASON_RATE_MISSING] = 4,
    };
    return slots[reason];
}

void window_sums_wait(struct window_sums *sums, enum reason reason, int by)
{
    sums->waiting[waiting_slot(reason)] += (uint32_t)by;
}

void window_sums_rest(struct window_sums *sums, struct rational rest, int by)
{
    const struct exact part = exact_of(by > 0 ? rest : rational_negate(rest));
    if (rest.den == 0)
        return;
    if (!sums->has_rest)
        sums->rest = EXACT_ZERO;
    sums->has_rest = true;
    exact_add(&sums->rest, &part);
}

void window_sums_deinit(struct window_sums *sums)
{
    ordered_deinit(&sums->ordered);
    if (sums->has_rest)
        exact_deinit(&sums->rest);
}

uint32_t window_sums_pending(const struct window_sums *sums)
{
    static const uint32_t bits[ROW_REASONS_MAX] = {
        REASON_BIT(REASON_CURRENCY_DIFFERS), REASON_BIT(REASON_LINES_DIFFER),
        REASON_BIT(REASON_SPLITS_DIFFER),    REASON_BIT(REASON_WAITS),
        REASON_BIT(REASON_RATE_MISSING),
    };
    uint32_t pending = 0;
    for (int i = 0; i < ROW_REASONS_MAX; i++)
        pending |= sums->waiting[i] ? bits[i] : 0;
    return pending;
}

static struct decimal shown_measure(const struct pay_input *input)
{
    int128 units = decimal_of(1).units * (is_measure_whole(input) ? 1 : input->divisor);
    return (struct decimal){divide_round(input->measure, units, ROUND_HALF_EVEN)};
}

/* The cumulative amount of the window, in the plan's steps: rounded here, once. */
static enum status round_pay(const struct plan *plan, const struct exact *pay, int64_t *out)
{
    struct rational step = rational_of_units(plan->rounding_step, plan->currency.exponent);
    int64_t steps;
    enum status status = exact_round(pay, step, plan->rounding_mode, &steps);
    if (status)
        return status;
    return money_multiply(steps, plan->rounding_step, out);
}

/* What the pay says of the window. */
static void note_pay(const struct window_pay *pay, struct worth *worth)
{
    worth->pending |= pay->waits;
    if (pay->waits)
        return;
    if (pay->paid.step >= 0 && pay->paid.name.length)
        worth->step = pay->paid.name;
    worth->has_pay = true;
    worth->pay = pay->pay;
}

/* All that is earned is payable at once, unless a gate keeps it. */
static enum status value_plainly(struct valuation *valuation, struct worth *worth)
{
    struct window_pay pay;
    struct rational step =
        rational_of_units(valuation->plan->rounding_step, valuation->plan->currency.exponent);
    int64_t steps;
    enum status status = window_pay_find(valuation, NULL, false, &pay);
    if (status)
        return status;
    note_pay(&pay, worth);
    if (pay.waits)
        return STATUS_OK;
    worth->exact = pay.pay;
    status = rational_round(pay.pay, step, valuation->plan->rounding_mode, &steps);
    if (!status)
        status = money_multiply(steps, valuation->plan->rounding_step, &worth->earned);
    worth->payable = pay.is_withheld ? 0 : worth->earned;
    return status;
}

/* --- released, and taken back --- */

/* What a window comes to before it is rounded. */
struct amounts {
    struct exact earned;
    struct exact payable;
};

static enum status value_pay(struct valuation *valuation, struct worth *worth,
                             struct amounts *amounts)
{
    struct window_pay pay;
    struct pay_parts parts = {0};
    enum status status = window_pay_find(valuation, &parts, false, &pay);
    if (!status)
        note_pay(&pay, worth);
    if (!status && !pay.waits) {
        amounts->earned = exact_of(pay.pay);
        status = release_parts(&parts, pay.is_withheld, &amounts->payable);
    }
    pay_parts_deinit(&parts);
    return status;
}

/* "The taking-back belongs to the window of `cancelled_at`", which need have no row of its own and
 * may itself wait. */
static enum status take_back(const struct surroundings *around, struct amounts *amounts)
{
    struct exact earned = EXACT_ZERO;
    struct exact payable = EXACT_ZERO;
    if (!around || !around->taken)
        return STATUS_OK;
    enum status status = around->taken(around->self, &earned, &payable);
    if (!status) {
        exact_subtract(&amounts->earned, &earned);
        exact_subtract(&amounts->payable, &payable);
    }
    exact_deinit(&earned);
    exact_deinit(&payable);
    return status;
}

static enum status settle(struct valuation *valuation, bool has_pay, struct worth *worth)
{
    struct amounts amounts = {EXACT_ZERO, EXACT_ZERO};
    enum status status = has_pay ? value_pay(valuation, worth, &amounts) : STATUS_OK;
    if (!status)
        status = take_back(valuation->around, &amounts);
    if (!status)
        status = round_pay(valuation->plan, &amounts.earned, &worth->earned);
    if (!status)
        status = round_pay(valuation->plan, &amounts.payable, &worth->payable);
    worth->is_exact = !exact_value(&amounts.earned, &worth->exact);
    exact_deinit(&amounts.earned);
    exact_deinit(&amounts.payable);
    return status;
}

/* Adjustments: behind rounding, and payable whatever is released. */
static enum status add_by_hand(const struct valuation *valuation, struct worth *worth)
{
    struct decimal sum;
    int64_t units;
    if (!wide_sum_value(&valuation->sums->by_hand, &sum.units))
        return STATUS_OUT_OF_RANGE;
    if (sum.units == 0)
        return STATUS_OK;
    enum status status = money_from_decimal(sum, valuation->plan->currency.exponent, &units);
    if (!status)
        status = money_add(worth->earned, units, &worth->earned);
    if (!status)
        status = money_add(worth->payable, units, &worth->payable);
    return status;
}

/* Whether pay is payable as it is earned, and nothing is taken back of it. */
static bool is_plain(const struct plan_component *component, const struct surroundings *around)
{
    return !component->divides_pay && !is_releasing(component) && (!around || !around->taken);
}

enum status worth_of(const struct plan *plan, const struct plan_component *component,
                     const struct window_sums *sums, const struct window_figures *figures,
                     const struct given_pay *given, const struct surroundings *around,
                     struct worth *out)
{
    struct valuation valuation = valuation_of(plan, component, sums, figures, around);
    struct worth worth = {
        .pending = window_sums_pending(sums), .is_exact = true, .exact = RATIONAL_ZERO};
    bool has_pay = false;
    valuation.given = given;
    enum status status = figures->overflows ? STATUS_OUT_OF_RANGE : STATUS_OK;
    if (!status && sums->rows)
        status = valuation_measure(&valuation, &worth.pending);
    if (!status)
        status = valuation_attain(&valuation, &worth);
    if (status)
        return status;
    worth.measure = shown_measure(&valuation.input);
    if (sums->rows) {
        uint32_t lacking =
            valuation_lacks(&valuation) | (worth.pending & REASON_BIT(REASON_NO_RESULT));
        worth.pending |= lacking;
        has_pay = !lacking;
    }
    if (!is_plain(component, around))
        status = settle(&valuation, has_pay, &worth);
    else if (has_pay)
        status = value_plainly(&valuation, &worth);
    if (!status && (sums->by_hand.low || sums->by_hand.high))
        status = add_by_hand(&valuation, &worth);
    if (!status)
        *out = worth;
    return status;
}

enum status attained_of(const struct plan *plan, const struct plan_component *component,
                        const struct window_sums *sums, const struct window_figures *figures,
                        const struct surroundings *around, struct attained *out)
{
    struct valuation valuation = valuation_of(plan, component, sums, figures, around);
    struct worth unused = {0};
    enum status status = figures->overflows ? STATUS_OUT_OF_RANGE : STATUS_OK;
    if (!status)
        status = valuation_measure(&valuation, &unused.pending);
    if (!status)
        status = valuation_attain(&valuation, &unused);
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
    struct valuation valuation = valuation_of(plan, component, sums, figures, NULL);
    enum status status = valuation_measure_gross(&valuation);
    if (!status)
        *out = measure_of(&valuation.input);
    return status;
}

enum status worth_of_row(const struct plan *plan, const struct plan_component *component,
                         const struct window_sums *row, struct decimal share,
                         const struct window_figures *figures, const struct surroundings *around,
                         struct rational *out)
{
    struct valuation valuation = valuation_of(plan, component, row, figures, around);
    struct worth unused = {0};
    enum status status = valuation_measure_gross(&valuation);
    if (!status)
        status = valuation_attain(&valuation, &unused);
    if (status)
        return status;
    if (valuation_lacks(&valuation))
        return STATUS_INVALID;
    struct pay_result result;
    status = valuation_run(&valuation, &result);
    if (status)
        return status;
    if (result.waits)
        return STATUS_INVALID;
    return rational_multiply(result.pay, rational_of_decimal(share), out);
}
