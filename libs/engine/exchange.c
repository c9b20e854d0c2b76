#include "engine/exchange.h"

#include "engine/measure_row.h"
#include "money/int128.h"

/* "A date on the deal, such as the invoice's posting"; of a milestone's own attributes first. */
static bool attribute_date(const struct credit *credit, struct slice name, int32_t *out)
{
    const struct attribute *attributes = credit->attributes.items;
    for (size_t i = 0; i < credit->attributes.count; i++) {
        if (slice_equal(attributes[i].name, name))
            return !attributes[i].value.is_decimal && !date_parse(attributes[i].value.text, out);
    }
    return false;
}

static bool date_of(const struct plan *plan, const struct plan_component *component,
                    const struct credit *credit, int32_t until, int32_t *out)
{
    const struct convert *convert = component->measure.convert;
    if (convert->date == CONVERT_WINDOW_END) {
        *out = until - 1;
        return true;
    }
    if (convert->date == CONVERT_ATTRIBUTE)
        return attribute_date(credit, convert->attribute, out);
    bool is_of_deal = convert->date == CONVERT_CLOSED_DATE && credit->has_deal_closed_at;
    int64_t at = is_of_deal ? credit->deal_closed_at : row_instant(component, credit);
    return zone_date_at(plan->zone, at, out) == STATUS_OK;
}

/* --- cash --- */

/* One deal's cash, part by part. */
struct parts {
    const struct plan *plan;
    const struct convert *convert;
    const struct rates *rates;
    const struct credit *credit;
    int128 paid;    /* so far */
    int128 counted; /* of it, what lies between 0 and the deal's amount */
};

static int128 within_amount(int128 paid, int128 amount)
{
    int128 least = amount < 0 ? amount : 0;
    int128 most = amount < 0 ? 0 : amount;
    return paid < least ? least : paid > most ? most : paid;
}

/* Adds the parts of one instant to `times`; false: it does not fit. */
static bool add_part(struct parts *parts, int64_t at, struct exchange *out)
{
    const struct credit *credit = parts->credit;
    int128 before = parts->counted;
    int32_t date;
    int128 part;
    parts->counted = within_amount(parts->paid, credit->amount.units);
    if (parts->counted == before)
        return true;
    const struct rate *rate = NULL;
    if (parts->rates && zone_date_at(parts->plan->zone, at, &date) == STATUS_OK)
        rate = rates_find(parts->rates, credit->currency, slice_of(parts->convert->to.code), date,
                          parts->convert->previous_days);
    if (!rate) {
        out->lacks_rate = true;
        return true;
    }
    return int128_multiply(parts->counted - before, rate->rate.units, &part) &&
           int128_add(out->times, part, &out->times);
}

/* Cash comes by received_at. */
static bool by_cash(struct parts *parts, struct exchange *out)
{
    const struct cash *cash = parts->credit->cash.items;
    size_t count = parts->credit->cash.count;
    bool is_negative = parts->credit->amount.units < 0;
    *out = (struct exchange){.per = parts->credit->amount.units};
    for (size_t i = 0; i < count; i++) {
        bool is_last = i + 1 == count || cash[i + 1].received_at != cash[i].received_at;
        if (cash[i].currency.length == 0)
            parts->paid += cash[i].amount.units;
        if (is_last && !add_part(parts, cash[i].received_at, out))
            return false;
    }
    if (is_negative) {
        out->per = -out->per;
        out->times = -out->times;
    }
    return true;
}

void exchange_find(const struct plan *plan, const struct plan_component *component,
                   const struct rates *rates, const struct credit *credit, int32_t until,
                   struct exchange *out)
{
    const struct convert *convert = component->measure.convert;
    int32_t date;
    *out = (struct exchange){.times = decimal_of(1).units, .per = 1};
    if (credit->currency.length == 0 || currency_is(&convert->to, credit->currency))
        return;
    if (convert->date == CONVERT_PAID_DATE && credit->kind == CREDIT_DEAL &&
        credit->amount.units != 0) {
        struct parts parts = {plan, convert, rates, credit, 0, 0};
        out->waits = !by_cash(&parts, out);
        return;
    }
    const struct rate *rate = NULL;
    if (rates && date_of(plan, component, credit, until, &date))
        rate = rates_find(rates, credit->currency, slice_of(convert->to.code), date,
                          convert->previous_days);
    if (rate)
        out->times = rate->rate.units;
    else
        out->waits = true;
}

static bool is_small(int128 value)
{
    return value <= INT64_MAX && value >= -INT64_MAX;
}

bool exchange_add(const struct exchange *exchange, int128 part, struct wide_sum *sum)
{
    struct rational each = rational_reduce((struct rational){part, exchange->per});
    struct wide_sum whole = {0};
    if (each.den != 1 || (!is_small(each.num) && !is_small(exchange->times)))
        return false;
    bool is_times_small = is_small(exchange->times);
    wide_sum_add(&whole, is_times_small ? each.num : exchange->times);
    return wide_sum_add_scaled(sum, &whole, (int64_t)(is_times_small ? exchange->times : each.num));
}
