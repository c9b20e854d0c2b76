/* `total`: what a person is paid for each pay period (PLAN-LANGUAGE section 8), period after
 * period.
 *
 * "The steps run multiply, cap, draw, minimum." Where the page leaves room:
 *   - what multiply makes of a period's pay is rounded at once, by the plan's rounding, so that
 *     draws and balances are money;
 *   - a draw is settled when its period closes; with `pay: period-start` the open period has been
 *     advanced the amount, and what it has earned counts when it closes;
 *   - `recover: all` takes all of a period that earns the draw or more; one that earns less is
 *     topped up, and nothing is taken back;
 *   - `loan` pays its amount in every period;
 *   - a period that is paid less than `minimum-payment`, also less than 0, carries it over;
 *   - a yearly cap counts the years of the plan's calendar by the periods' first days;
 *   - in a period in which nobody is assigned to the plan nothing is drawn or taken back. */
#ifndef MILEPOST_ENGINE_PAY_CHAIN_H
#define MILEPOST_ENGINE_PAY_CHAIN_H

#include "plan/plan.h"

/* Amounts are in smallest units of the plan's currency. */
struct chain_period {
    int32_t from;
    bool is_closed;
    bool is_assigned; /* on some day of it */
    bool holds;       /* in it, the condition of `multiply` */
    int64_t earned;   /* Σ of what became payable for the plan's components in it */
};

struct chain_pay {
    int64_t payable;   /* everything paid for the period, draw included */
    int64_t draw_paid; /* what was advanced less what was recovered */
    int64_t draw_owed; /* the balance after it */
};

/* What periods hand on. Zero-valid: before the first one. */
struct pay_chain {
    int32_t periods; /* that have gone by */
    int64_t owed;
    int64_t carried;   /* below the minimum */
    int32_t year_from; /* of the cap's year, when has_year */
    bool has_year;
    int64_t year_paid; /* what the cap let through in it */
};

/* The next period, by the version of the plan that is effective in it; one without `total` pays
 * what was earned. OUT_OF_RANGE, with both untouched: an amount does not fit. */
enum status pay_chain_next(struct pay_chain *chain, const struct plan *plan,
                           const struct chain_period *period, struct chain_pay *out) MUST_CHECK;

#endif
