#include "engine/due.h"

#include "engine/results.h"

/* --- what is new in what has happened to the deal --- */

static bool has_cash(const struct credit *credit, const struct cash *one)
{
    const struct cash *cash = credit ? credit->cash.items : NULL;
    for (size_t i = 0; credit && i < credit->cash.count; i++) {
        if (slice_equal(cash[i].payment_id, one->payment_id) &&
            cash[i].received_at == one->received_at && cash[i].amount.units == one->amount.units)
            return true;
    }
    return false;
}

static bool has_reached(const struct credit *credit, const struct reached *one)
{
    const struct reached *reached = credit ? credit->reached.items : NULL;
    for (size_t i = 0; credit && i < credit->reached.count; i++) {
        if (slice_equal(reached[i].milestone, one->milestone) &&
            reached[i].reached_at == one->reached_at)
            return true;
    }
    return false;
}

/* The instant of the last payment, else milestone, that the row did not have before. */
static bool find_news(const struct mover *mover, int64_t *out)
{
    const struct cash *cash = mover->credit->cash.items;
    const struct reached *reached = mover->credit->reached.items;
    for (size_t i = mover->credit->cash.count; i-- > 0;) {
        *out = cash[i].received_at;
        if (!has_cash(mover->before, &cash[i]))
            return true;
    }
    for (size_t i = mover->credit->reached.count; i-- > 0;) {
        *out = reached[i].reached_at;
        if (!has_reached(mover->before, &reached[i]))
            return true;
    }
    return false;
}

/* --- the day --- */

static int64_t instant_of(const struct plan_component *component, const struct mover *mover)
{
    const struct credit *credit = mover->credit;
    bool is_by_approval =
        component->approval.is_required || component->release.when == RELEASE_APPROVED;
    int64_t news;
    if (credit->kind == CREDIT_DEAL && credit->cause.topic.length && find_news(mover, &news))
        return news;
    if (credit->status == DEAL_CANCELLED && credit->has_cancelled_at)
        return credit->cancelled_at;
    return is_by_approval && credit->has_approved_at ? credit->approved_at : credit->closed_at;
}

static bool find_day(const struct incentives *fold, const struct plan *plan,
                     const struct plan_component *component, const struct mover *mover,
                     int32_t *out)
{
    const struct fold_row *small = &fold->small.state.row;
    if (mover->credit)
        return zone_date_at(plan->zone, instant_of(component, mover), out) == STATUS_OK;
    if (mover->result)
        return result_day(plan, mover->result, out);
    *out = small->business_date;
    return small->has_business_date;
}

bool due_day(const struct incentives *fold, const struct plan *plan,
             const struct plan_component *component, const struct mover *mover, int32_t *out)
{
    int32_t day;
    return component && component->release.has_terms &&
           find_day(fold, plan, component, mover, &day) &&
           duration_add(day, component->release.net, out) == STATUS_OK;
}
