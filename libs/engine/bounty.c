#include "engine/bounty.h"

#include "money/int128.h"
#include "plan/mechanics/bonus.h"

/* --- whether it is paid --- */

static bool fits(const struct bonus_terms *terms, const struct condition_subject *subject,
                 bool with_quantity)
{
    for (size_t i = 0; i < terms->condition_count; i++) {
        const struct condition *condition = &terms->conditions[i];
        bool is_quantity = condition->field == CONDITION_QUANTITY;
        if (is_quantity == with_quantity && !condition_fits(condition, subject))
            return false;
    }
    return true;
}

/* Of the lines that the measure counts, those that meet the conditions: whether there is one, and
 * their quantity. */
static bool lines_fit(const struct plan_component *component, const struct bonus_terms *terms,
                      struct condition_subject *subject, const struct credit *credit,
                      int128 *out_quantity)
{
    const struct deal_line *lines = credit->lines.items;
    bool found = false;
    *out_quantity = 0;
    for (size_t i = 0; i < credit->lines.count; i++) {
        if (!measure_counts_line(&component->measure, subject, &lines[i]))
            continue;
        subject->line = &lines[i];
        bool is_one = fits(terms, subject, false);
        subject->line = NULL;
        found |= is_one;
        if (is_one && lines[i].has_quantity)
            *out_quantity += lines[i].quantity.units;
    }
    return found;
}

static bool qualifies(const struct plan_component *component, const struct bonus_terms *terms,
                      struct condition_subject *subject, const struct credit *credit,
                      const struct deal_line *line, int128 quantity)
{
    bool is_paid;
    if (!line && conditions_ask_of_lines(terms->conditions, terms->condition_count)) {
        is_paid = lines_fit(component, terms, subject, credit, &quantity);
    } else {
        subject->line = line;
        is_paid = fits(terms, subject, false);
        subject->line = NULL;
    }
    subject->has_quantity = true;
    subject->quantity = (struct decimal){credit->kind == CREDIT_DEAL ? quantity : 0};
    return is_paid && fits(terms, subject, true);
}

/* --- how much --- */

/* In whole steps, toward zero; all in 10^-9, the product in 10^-18. */
static bool whole_steps(int128 each, int128 share, int128 step, int128 *out)
{
    int128 product;
    if (!int128_multiply(each, share, &product))
        return false;
    *out = product / (step * decimal_of(1).units) * step;
    return true;
}

static bool divide(const struct plan *plan, int128 each, const struct credit *credit, int128 *out)
{
    int128 step = money_to_decimal(plan->rounding_step, plan->currency.exponent).units;
    int128 shares = credit->share.units;
    int128 given;
    int128 all;
    if (!whole_steps(each, credit->share.units, step, out))
        return false;
    const struct other_share *others = credit->other_shares.items;
    if (credit->other_shares.count == 0)
        return true;
    given = *out;
    for (size_t i = 0; i < credit->other_shares.count; i++) {
        int128 part;
        if (!whole_steps(each, others[i].share.units, step, &part) ||
            !int128_add(given, part, &given) || !int128_add(shares, others[i].share.units, &shares))
            return false;
    }
    return whole_steps(each, shares, step, &all) && int128_add(*out, all, out) &&
           int128_add(*out, -given, out);
}

void bounty_of_row(const struct plan *plan, const struct plan_component *component,
                   struct condition_subject *subject, const struct credit *credit,
                   const struct deal_line *line, int128 quantity, struct contribution *out)
{
    const struct bonus_terms *terms = component->bonus;
    int128 pay = terms->each.units;
    out->units = 0;
    if (!qualifies(component, terms, subject, credit, line, quantity))
        return;
    out->units = MEASURE_ONE;
    if (!component->measure.is_share_after && !divide(plan, terms->each.units, credit, &pay))
        out->overflows = true;
    else
        wide_sum_add(&out->rated, pay);
}
