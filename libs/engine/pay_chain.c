#include "engine/pay_chain.h"

#include "money/rational.h"

static enum status multiply(const struct plan *plan, const struct chain_period *period,
                            int64_t *pay)
{
    const struct plan_total *total = &plan->total;
    struct rational product;
    int64_t steps;
    if (!total->has_multiply || (total->multiply_when.count && !period->holds))
        return STATUS_OK;
    enum status status = rational_multiply(rational_of_units(*pay, plan->currency.exponent),
                                           rational_of_decimal(total->factor), &product);
    if (!status)
        status =
            rational_round(product, rational_of_units(plan->rounding_step, plan->currency.exponent),
                           plan->rounding_mode, &steps);
    return status ? status : money_multiply(steps, plan->rounding_step, pay);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* "per: … year (windows fill in order)": so do periods. */
static enum status cap(struct pay_chain *chain, const struct plan *plan,
                       const struct chain_period *period, int64_t *pay)
{
    const struct plan_total *total = &plan->total;
    struct window_span year;
    int64_t at;
    if (!total->has_cap)
        return STATUS_OK;
    enum status status = money_from_decimal(total->cap, plan->currency.exponent, &at);
    if (status || total->cap_per == TOTAL_PER_PERIOD) {
        *pay = status ? *pay : least(*pay, at);
        return status;
    }
    status = window_containing(&plan->calendar, WINDOW_YEAR, period->from, &year);
    if (status)
        return status;
    if (!chain->has_year || year.from != chain->year_from)
        chain->year_paid = 0;
    chain->has_year = true;
    chain->year_from = year.from;
    int64_t room;
    status = money_subtract(at, chain->year_paid, &room);
    if (status)
        return status;
    *pay = least(*pay, room);
    return money_add(chain->year_paid, *pay, &chain->year_paid);
}

/* What is taken back of what is owed. */
static enum status taken(const struct pay_chain *chain, const struct draw *draw, int64_t pay,
                         int64_t *out)
{
    bool takes_all = draw->kind == DRAW_LOAN || draw->recovers_all;
    int64_t most = pay;
    *out = 0;
    if (draw->kind == DRAW_NON_RECOVERABLE || chain->periods < draw->recovery_starts)
        return STATUS_OK;
    enum status status = takes_all ? STATUS_OK : money_subtract(pay, draw->amount, &most);
    if (!status && most > 0)
        *out = least(chain->owed, most);
    return status;
}

/* What the draw adds to a closed period's pay, less what it takes off it. */
static enum status settle_draw(const struct pay_chain *chain, const struct draw *draw, int64_t pay,
                               int64_t *out)
{
    int64_t back;
    if (draw->kind != DRAW_LOAN && pay < draw->amount)
        return money_subtract(draw->amount, pay, out);
    enum status status = taken(chain, draw, pay, &back);
    return status ? status : money_subtract(draw->kind == DRAW_LOAN ? draw->amount : 0, back, out);
}

static enum status draw_of(struct pay_chain *chain, const struct draw *draw,
                           const struct chain_period *period, int64_t *pay, int64_t *out)
{
    *out = 0;
    if (draw->kind == DRAW_NONE || !period->is_assigned)
        return STATUS_OK;
    enum status status = STATUS_OK;
    if (period->is_closed) {
        status = settle_draw(chain, draw, *pay, out);
    } else if (draw->is_paid_at_start) {
        *out = draw->amount;
        *pay = 0;
    }
    if (!status)
        status = money_add(*pay, *out, pay);
    if (!status && draw->kind != DRAW_NON_RECOVERABLE)
        status = money_add(chain->owed, *out, &chain->owed);
    return status;
}

/* "Smaller balances are carried over." */
static enum status keep_small(struct pay_chain *chain, const struct plan *plan,
                              const struct chain_period *period, int64_t *pay)
{
    int64_t minimum = INT64_MIN;
    enum status status = money_add(*pay, chain->carried, pay);
    if (!status && plan->total.has_minimum)
        status = money_from_decimal(plan->total.minimum, plan->currency.exponent, &minimum);
    if (status)
        return status;
    bool is_small = period->is_closed && *pay < minimum;
    chain->carried = is_small ? *pay : 0;
    *pay = is_small ? 0 : *pay;
    return STATUS_OK;
}

enum status pay_chain_next(struct pay_chain *chain, const struct plan *plan,
                           const struct chain_period *period, struct chain_pay *out)
{
    struct pay_chain next = *chain;
    struct chain_pay pay = {.payable = period->earned};
    next.periods++;
    enum status status = multiply(plan, period, &pay.payable);
    if (!status)
        status = cap(&next, plan, period, &pay.payable);
    if (!status)
        status = draw_of(&next, &plan->total.draw, period, &pay.payable, &pay.draw_paid);
    if (!status)
        status = keep_small(&next, plan, period, &pay.payable);
    if (status)
        return status;
    pay.draw_owed = next.owed;
    *chain = next;
    *out = pay;
    return STATUS_OK;
}
