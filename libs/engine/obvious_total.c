#include <stdio.h>

#include "engine/obvious_parts.h"

/* "total — over a person's components, by pay period. The steps run multiply, cap, draw, minimum."
 */
struct chain {
    struct obvious *all;
    const struct obvious_plan *plan;
    const struct node *total;
    struct obvious_period *periods;
    size_t index;         /* of the period at hand */
    mpq_srcptr owed;      /* "the balance owed" before it */
    mpq_srcptr carried;   /* "smaller balances are carried over" into it */
    mpq_srcptr year_paid; /* what the cap let through in its year so far */
    int32_t year_from;
};

static mpq_srcptr zero(struct chain *chain)
{
    return number_of(&chain->all->numbers, 0);
}

/* In the plan's steps: what is drawn, owed and paid is money. */
static mpq_srcptr rounded(struct chain *chain, mpq_srcptr pay)
{
    const struct node *rounding = node_find(chain->plan->root, "rounding");
    const struct node *mode = node_find(rounding, "mode");
    mpq_srcptr step = obvious_number_at(chain->all, chain->plan, rounding, "to");
    mpq_srcptr money =
        step && mode ? number_round(&chain->all->numbers, pay, step, mode->text) : NULL;
    return money ? money
                 : obvious_refuse(chain->all, chain->plan, rounding,
                                  "a rounding that is not known here");
}

/* "`multiply: {by: 200%, when: …}`" */
static mpq_srcptr multiplied(struct chain *chain, mpq_srcptr pay)
{
    const struct node *multiply = node_find(chain->total, "multiply");
    bool holds = !node_find(multiply, "when") || chain->periods[chain->index].holds;
    if (!multiply || !holds)
        return pay;
    mpq_srcptr by = obvious_number_at(chain->all, chain->plan, multiply, "by");
    return by ? rounded(chain, number_multiply(&chain->all->numbers, pay, by)) : NULL;
}

/* "`cap: {at: 50000, per: year}`": or per period; a year's periods fill in order. */
static mpq_srcptr capped(struct chain *chain, mpq_srcptr pay)
{
    struct numbers *numbers = &chain->all->numbers;
    const struct node *cap = node_find(chain->total, "cap");
    struct window_span year;
    if (!cap || !pay)
        return pay;
    mpq_srcptr at = obvious_number_at(chain->all, chain->plan, cap, "at");
    if (!at || !node_is(node_find(cap, "per"), "year"))
        return at ? number_least(pay, at) : NULL;
    if (window_containing(&chain->plan->calendar, WINDOW_YEAR, chain->periods[chain->index].from,
                          &year))
        return obvious_refuse(chain->all, chain->plan, cap, "a period outside the calendar");
    if (chain->index == 0 || year.from != chain->year_from)
        chain->year_paid = zero(chain);
    chain->year_from = year.from;
    pay = number_least(pay, number_subtract(numbers, at, chain->year_paid));
    chain->year_paid = number_add(numbers, chain->year_paid, pay);
    return pay;
}

/* "`recovery-starts: period 4`": the first in which something is taken back. */
static bool recovers(struct chain *chain, const struct node *draw)
{
    const struct node *starts = node_find(draw, "recovery-starts");
    struct slice text = starts ? starts->text : (struct slice){0};
    if (!starts)
        return true;
    if (slice_starts_with(text, SLICE("period "))) {
        mpq_srcptr number =
            number_read(&chain->all->numbers, (struct slice){text.bytes + 7, text.length - 7});
        if (number)
            return mpq_cmp_si(number, (long)chain->index + 1, 1) <= 0;
    }
    (void)obvious_refuse(chain->all, chain->plan, starts, "`recovery-starts` does not read");
    return false;
}

/* What a draw adds to the period's pay, less what it takes off it. */
static mpq_srcptr draw_of(struct chain *chain, const struct node *draw, mpq_srcptr pay)
{
    struct numbers *numbers = &chain->all->numbers;
    const struct node *kind = node_find(draw, "kind");
    bool is_loan = node_is(kind, "loan");
    mpq_srcptr amount = obvious_number_at(chain->all, chain->plan, draw, "amount");
    if (!amount)
        return NULL;
    /* "tops earnings up to the amount", of which non-recoverable is "for good" */
    if (!is_loan && mpq_cmp(pay, amount) < 0)
        return number_subtract(numbers, amount, pay);
    mpq_srcptr taken = zero(chain);
    if (!node_is(kind, "non-recoverable") && recovers(chain, draw)) {
        /* "`surplus` never takes pay below the draw, `all` takes everything above zero" */
        bool is_all = is_loan || node_is(node_find(draw, "recover"), "all");
        mpq_srcptr most = is_all ? pay : number_subtract(numbers, pay, amount);
        taken = number_least(chain->owed, number_most(zero(chain), most));
    }
    /* "`loan` is paid on top of earnings and taken back from the next periods' pay" */
    return number_subtract(numbers, is_loan ? amount : zero(chain), taken);
}

static void settle(struct chain *chain, struct obvious_period *period, mpq_srcptr pay,
                   mpq_srcptr drawn)
{
    if (!number_to_decimal(pay, &period->payable) ||
        !number_to_decimal(drawn, &period->draw_paid) ||
        !number_to_decimal(chain->owed, &period->draw_owed))
        chain->all->status = STATUS_OUT_OF_RANGE;
}

/* "Draws are settled when a pay period closes, rows or not." An open one has been advanced the
 * amount with `pay: period-start`, against which its earnings count when it closes. */
static void pay_period(struct chain *chain, struct obvious_period *period)
{
    struct numbers *numbers = &chain->all->numbers;
    const struct node *draw = node_find(chain->total, "draw");
    mpq_srcptr earned = number_decimal(numbers, period->earned);
    mpq_srcptr pay = capped(chain, multiplied(chain, earned));
    mpq_srcptr drawn = zero(chain);
    bool is_at_start = node_is(node_find(draw, "pay"), "period-start");
    if (!pay)
        return;
    if (draw && period->is_closed) {
        drawn = draw_of(chain, draw, pay);
    } else if (draw && is_at_start) {
        drawn = obvious_number_at(chain->all, chain->plan, draw, "amount");
        pay = zero(chain);
    }
    if (!drawn)
        return;
    pay = number_add(numbers, pay, drawn);
    if (!node_is(node_find(draw, "kind"), "non-recoverable"))
        chain->owed = number_add(numbers, chain->owed, drawn);
    pay = number_add(numbers, pay, chain->carried);
    chain->carried = zero(chain);
    if (period->is_closed && node_find(chain->total, "minimum-payment")) {
        mpq_srcptr least =
            obvious_number_at(chain->all, chain->plan, chain->total, "minimum-payment");
        if (least && mpq_cmp(pay, least) < 0) {
            chain->carried = pay;
            pay = zero(chain);
        }
    }
    settle(chain, period, pay, drawn);
}

enum status obvious_pay_periods(struct slice document, struct obvious_period *periods, size_t count,
                                struct arena *arena, char *detail)
{
    struct obvious all = {.arena = arena, .detail = detail};
    struct obvious_plan plan = {0};
    detail[0] = '\0';
    plan.root = obvious_read_document(&all, document);
    if (plan.root)
        obvious_read_calendar(&all, &plan);
    struct chain chain = {.all = &all,
                          .plan = &plan,
                          .total = node_find(plan.root, "total"),
                          .periods = periods,
                          .owed = number_of(&all.numbers, 0),
                          .carried = number_of(&all.numbers, 0)};
    for (; chain.index < count && !all.status; chain.index++)
        pay_period(&chain, &periods[chain.index]);
    numbers_deinit(&all.numbers);
    if (all.status && detail[0] == '\0')
        (void)snprintf(detail, DETAIL_BYTES, "a total that no record can carry");
    return all.status;
}
