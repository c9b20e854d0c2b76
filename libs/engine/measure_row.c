#include "engine/measure_row.h"

#include "engine/bounty.h"
#include "engine/exchange.h"
#include "money/int128.h"
#include "plan/rate_list.h"

/* What sums are taken of: the deal as a whole, or a line of it. */
struct figures {
    struct decimal amount;
    const struct list *amounts;
    bool has_quantity;
    struct decimal quantity;
};

static struct figures figures_of_deal(const struct credit *credit)
{
    return (struct figures){credit->amount, &credit->amounts, credit->has_quantity,
                            credit->quantity};
}

static struct figures figures_of_line(const struct deal_line *line)
{
    return (struct figures){line->amount, &line->amounts, line->has_quantity, line->quantity};
}

static struct decimal named_amount(const struct list *amounts, struct slice name)
{
    for (size_t i = 0; i < amounts->count; i++) {
        const struct named_decimal *amount = (const struct named_decimal *)amounts->items + i;
        if (slice_equal(amount->name, name))
            return amount->value;
    }
    return (struct decimal){0};
}

static int128 quantity_of(const struct figures *figures)
{
    return figures->has_quantity ? figures->quantity.units : 0;
}

/* The measured value in 10^-9, before the share. */
static int128 value_of(const struct measure *measure, const struct figures *figures)
{
    switch (measure->sum) {
    case SUM_AMOUNT:
        return figures->amount.units;
    case SUM_NAMED_AMOUNT:
        return named_amount(figures->amounts, measure->amount_name).units;
    case SUM_QUANTITY:
        return quantity_of(figures);
    case SUM_COUNT:
    case SUM_VALUE: /* of results; a credit has none */
        break;
    }
    return decimal_of(1).units;
}

bool measure_counts_line(const struct measure *measure, struct condition_subject *subject,
                         const struct deal_line *line)
{
    subject->line = line;
    bool fits = conditions_fit(measure->conditions, measure->condition_count, true, subject);
    subject->line = NULL;
    return fits;
}

struct totals {
    int128 value; /* 10^-9 */
    int128 units;
    bool fits;
    bool overflows;
};

static void add_figures(const struct measure *measure, const struct figures *figures,
                        struct totals *totals)
{
    bool is_counted = measure->sum == SUM_COUNT && totals->fits; /* a deal counts once */
    totals->fits = true;
    if (!is_counted && !int128_add(totals->value, value_of(measure, figures), &totals->value))
        totals->overflows = true;
    if (!int128_add(totals->units, quantity_of(figures), &totals->units))
        totals->overflows = true;
}

static void add_lines(const struct measure *measure, struct condition_subject *subject,
                      const struct credit *credit, struct totals *totals)
{
    const struct deal_line *lines = credit->lines.items;
    for (size_t i = 0; i < credit->lines.count; i++) {
        if (!measure_counts_line(measure, subject, &lines[i]))
            continue;
        struct figures figures = figures_of_line(&lines[i]);
        add_figures(measure, &figures, totals);
    }
}

static struct condition_subject subject_of(const struct categories *categories,
                                           const struct credit *credit)
{
    return (struct condition_subject){
        .territory = credit->territory,
        .customer = credit->customer_id,
        .deal_type = credit->deal_type,
        .milestone = credit->milestone,
        .phase = credit->phase,
        .attributes = &credit->attributes,
        .categories = categories,
    };
}

static struct totals totals_of(const struct measure *measure, struct condition_subject *subject,
                               const struct credit *credit, const struct deal_line *line)
{
    struct totals totals = {0};
    if (measure->condition_count &&
        !conditions_fit(measure->conditions, measure->condition_count, false, subject))
        return totals;
    if (line) {
        struct figures figures = figures_of_line(line);
        if (measure_counts_line(measure, subject, line))
            add_figures(measure, &figures, &totals);
    } else if (measure->has_line_condition) {
        add_lines(measure, subject, credit, &totals);
    } else {
        struct figures figures = figures_of_deal(credit);
        add_figures(measure, &figures, &totals);
    }
    return totals;
}

/* One row on its way through `measure`. */
struct measured {
    const struct plan_component *component;
    const struct credit *credit;
    const struct deal_line *line;
    struct condition_subject subject;
    int128 share;
    const struct exchange *exchange; /* NULL: the component does not convert */
    struct contribution *out;
};

/* A piece of the deal, or the deal, at the rate that the list gives it. */
static void rate_piece(struct measured *row, const struct figures *figures)
{
    const struct plan_component *component = row->component;
    struct contribution *out = row->out;
    int128 part;
    struct wide_sum converted = {0};
    if (!int128_multiply(value_of(&component->measure, figures), row->share, &part)) {
        out->overflows = true;
        return;
    }
    int64_t give = rate_list_give(component->rates, &row->subject);
    if (!row->exchange)
        wide_sum_add_product(&out->rated, part, give);
    else if (!exchange_add(row->exchange, part, &converted) ||
             !wide_sum_add_scaled(&out->rated, &converted, give))
        out->overflows = true;
}

/* Per line where there are lines. */
static void rate_row(struct measured *row)
{
    const struct credit *credit = row->credit;
    const struct deal_line *lines = credit->lines.items;
    if (credit->lines.count == 0) {
        struct figures figures = figures_of_deal(credit);
        rate_piece(row, &figures);
    }
    for (size_t i = 0; i < credit->lines.count; i++) {
        if ((row->line && row->line != &lines[i]) ||
            !measure_counts_line(&row->component->measure, &row->subject, &lines[i]))
            continue;
        struct figures figures = figures_of_line(&lines[i]);
        row->subject.line = &lines[i];
        rate_piece(row, &figures);
        row->subject.line = NULL;
    }
}

/* What has been measured, in the currency that the component converts to. */
static void convert_measure(const struct measured *row)
{
    struct contribution *out = row->out;
    struct conversion *to = &out->conversion;
    out->is_converted = true;
    *to = (struct conversion){.exchange = {row->exchange->times, 0},
                              .lacks_rate = row->exchange->lacks_rate};
    if (out->overflows ||
        !int128_multiply(row->exchange->per, decimal_of(1).units, &to->exchange.den)) {
        out->overflows = true;
        return;
    }
    bool has_order = row->component->divides_pay || (row->component->needs & NEEDS_ROWS);
    if (exchange_add(row->exchange, out->measure, &to->whole))
        out->overflows = has_order && !wide_sum_value(&to->whole, &out->measure);
    else /* a part of the cash is a fraction of the deal */
        out->overflows =
            has_order || rational_multiply((struct rational){out->measure, MEASURE_ONE},
                                           to->exchange, &to->rest);
}

/* Without `convert` a deal in another currency waits, whatever is summed. Events of no deal may
 * have no money and so no currency. */
static bool is_in_currency(const struct plan *plan, const struct credit *credit)
{
    if (credit->kind == CREDIT_MILESTONE && credit->currency.length == 0)
        return true;
    return currency_is(&plan->currency, credit->currency);
}

/* The kinds of rows that credits carry. */
static bool is_of_kind(enum measure_of of, const struct credit *credit)
{
    static const int kinds[MEASURE_OF_COUNT] = {
        [OF_DEALS] = CREDIT_DEAL,
        [OF_MILESTONES] = CREDIT_MILESTONE,
        [OF_PAYMENTS] = CREDIT_PAYMENT,
        [OF_RESULTS] = -1,
        [OF_AWARDS] = CREDIT_AWARD,
        [OF_DOWNLINE_DEALS] = CREDIT_DOWNLINE_DEAL,
        [OF_DOWNLINE_PAY] = CREDIT_DOWNLINE_PAY,
        [OF_ADJUSTMENTS] = CREDIT_ADJUSTMENT,
    };
    return credit->kind == kinds[of];
}

/* What stands. Under `recompute` a cancelled deal counts as if it had never been; under `never`
 * what was earned stays: the rows dated up to the cancellation. Where a cancellation takes back,
 * "the deal keeps its place in the running total". */
static bool stands(const struct plan_component *component, const struct credit *credit)
{
    if (credit->status != DEAL_CANCELLED)
        return credit->status == DEAL_CLOSED;
    if (component->cancelled.effect == CANCELLED_NEVER)
        return row_instant(component, credit) <= credit->cancelled_at;
    return component->cancelled.effect != CANCELLED_RECOMPUTE;
}

/* Why the row waits; false: it does not. */
static bool find_wait(const struct plan *plan, const struct plan_component *component,
                      const struct measuring *measuring, const struct credit *credit,
                      struct exchange *exchange, enum reason *out)
{
    if (credit->waits.bytes) {
        *out = reason_find(credit->waits);
        return true;
    }
    if (!component->measure.convert) {
        *out = REASON_CURRENCY_DIFFERS;
        return !is_in_currency(plan, credit);
    }
    exchange_find(plan, component, measuring->rates, credit, measuring->until, exchange);
    *out = REASON_RATE_MISSING;
    return exchange->waits;
}

void measure_row(const struct plan *plan, const struct plan_component *component,
                 const struct measuring *measuring, const struct credit *credit,
                 const struct deal_line *line, struct contribution *out)
{
    const struct measure *measure = &component->measure;
    struct exchange exchange;
    out->fits = false;
    if (!component->has_measure || credit->is_withdrawn || !is_of_kind(measure->of, credit) ||
        !stands(component, credit))
        return;
    if (component->approval.is_required && !credit->has_approved_at)
        return;
    if (measure->roles && !measure_counts_role(measure, plan_role_bit(plan, credit->role)))
        return;
    struct measured row = {component,
                           credit,
                           line,
                           subject_of(measuring->categories, credit),
                           credit->share.units,
                           measure->convert ? &exchange : NULL,
                           out};
    struct totals totals = totals_of(measure, &row.subject, credit, line);
    if (!totals.fits)
        return;
    out->fits = true;
    out->waits = find_wait(plan, component, measuring, credit, &exchange, &out->reason);
    if (out->waits)
        return;
    int128 one = decimal_of(1).units;
    if (measure->is_share_after || (measure->sum == SUM_COUNT && measure->counts_credited))
        row.share = one;
    out->overflows =
        totals.overflows || !int128_multiply(totals.value, row.share, &out->measure) ||
        !int128_multiply(totals.units, measure->is_share_after ? one : credit->share.units,
                         &out->units);
    out->rated = (struct wide_sum){0};
    out->is_converted = false;
    if (measure->convert)
        convert_measure(&row);
    if (component->bonus)
        bounty_of_row(plan, component, &row.subject, credit, line, totals.units, out);
    if (component->rates)
        rate_row(&row);
}
