#include "milepost/what_if_fact.h"

#include <string.h>

#include "milepost/console.h"
#include "milepost/shape_json.h"
#include "money/rational.h"
#include "money/rounding.h"
#include "plan/assignment.h"

/* --- from options --- */

/* The plan that the participant has on the day: of one that is named on no day, the last one. */
static const struct plan *plan_of(const struct standing_plans *plans,
                                  const struct list *assignments, int32_t date)
{
    const struct plan *found = NULL;
    for (size_t s = 0; s < plans->plans.count; s++) {
        const struct plan_series *series = plans->plans.series[s];
        const struct plan *plan = series->versions[series->count - 1]->plan;
        if (!assignments)
            continue;
        const struct assignment *items = assignments->items;
        for (size_t i = 0; i < assignments->count; i++)
            if (!found && slice_equal(items[i].plan, series->name))
                found = plan;
        if (date != INT32_MIN && assignment_covers(assignments, series->name, date))
            return plan;
    }
    return found;
}

static void append_text(struct buffer *out, const char *name, const char *text)
{
    if (text)
        json_append_field(out, name, slice_of(text));
}

/* `NAME=VALUE`; a number is one. */
static enum status append_attribute(struct buffer *out, const char *text, char *detail)
{
    struct decimal number;
    struct slice name;
    struct slice value = slice_split(slice_of(text), '=', &name);
    if (!strchr(text, '=') || name.length == 0) {
        (void)snprintf(detail, DETAIL_BYTES, "--attribute is NAME=VALUE, not `%s`", text);
        return STATUS_INVALID;
    }
    if (out->bytes[out->length - 1] != '{')
        buffer_append_byte(out, ',');
    json_append_text(out, name);
    buffer_append_byte(out, ':');
    if (decimal_parse(value, &number))
        json_append_text(out, value);
    else
        buffer_append_slice(out, value);
    return STATUS_OK;
}

static enum status append_attributes(struct buffer *out, const struct what_if_deal *deal,
                                     char *detail)
{
    enum status status = STATUS_OK;
    if (deal->attribute_count == 0)
        return STATUS_OK;
    json_append_raw(out, "attributes", "{");
    for (size_t i = 0; !status && i < deal->attribute_count; i++)
        status = append_attribute(out, deal->attributes[i], detail);
    buffer_append_byte(out, '}');
    return status;
}

static void append_line(struct buffer *out, const struct what_if_deal *deal)
{
    json_append_raw(out, "lines", "[{");
    json_append_field(out, "line_id", SLICE("1"));
    append_text(out, "product", deal->product);
    append_text(out, "quantity", deal->quantity);
    append_text(out, "amount", deal->amount);
    buffer_append(out, "}]", 2);
}

static void append_participant(struct buffer *out, const struct what_if_deal *deal)
{
    json_append_raw(out, "participants", "[{");
    append_text(out, "participant", deal->participant);
    append_text(out, "role", deal->role ? deal->role : "owner");
    append_text(out, "share", deal->share ? deal->share : "100%");
    buffer_append(out, "}]", 2);
}

/* Noon of the day that is said, else of the last fact's, else of the plan's first. */
static enum status closed_at(const struct what_if_deal *deal, const struct plan *plan,
                             int64_t last_ms, char out[INSTANT_TEXT_BYTES], char *detail)
{
    int32_t date;
    int64_t at;
    if (!deal->date && last_ms != INT64_MIN)
        date = zone_date_at(plan->zone, last_ms, &date) ? plan->from : date;
    else if (!deal->date)
        date = plan->from;
    else if (!instant_parse(slice_of(deal->date), &at)) {
        (void)instant_text(at, out);
        return STATUS_OK;
    } else if (date_parse(slice_of(deal->date), &date)) {
        (void)snprintf(detail, DETAIL_BYTES, "--date is a day such as 2026-03-31, not `%s`",
                       deal->date);
        return STATUS_INVALID;
    }
    (void)instant_text(zone_day_start(plan->zone, date) + DAY_MS / 2, out);
    return STATUS_OK;
}

static enum status append_deal(const struct what_if_deal *deal, const struct plan *plan,
                               int64_t last_ms, struct buffer *out, char *detail)
{
    char at[INSTANT_TEXT_BYTES];
    enum status status = closed_at(deal, plan, last_ms, at, detail);
    if (status)
        return status;
    buffer_append_byte(out, '{');
    append_text(out, "type", "deal");
    append_text(out, "deal_id", "what-if");
    append_text(out, "status", "CLOSED");
    append_text(out, "closed_at", at);
    append_text(out, "amount", deal->amount);
    json_append_field(out, "currency",
                      deal->currency ? slice_of(deal->currency) : slice_of(plan->currency.code));
    append_text(out, "quantity", deal->quantity);
    append_text(out, "customer_id", deal->customer);
    append_text(out, "territory", deal->territory);
    append_text(out, "deal_type", deal->deal_type);
    if (deal->product)
        append_line(out, deal);
    append_participant(out, deal);
    status = append_attributes(out, deal, detail);
    buffer_append(out, "}\n", 2);
    return status;
}

static int32_t date_said(const struct what_if_deal *deal)
{
    int32_t date;
    if (!deal->date || deal->date[0] == '\0' || date_parse(slice_of(deal->date), &date))
        return INT32_MIN;
    return date;
}

enum status what_if_deal_line(const struct what_if_deal *deal, const struct standing *standing,
                              const struct standing_plans *plans, int64_t last_ms,
                              struct buffer *out, char *detail)
{
    const struct roster *roster =
        standing_roster(standing, slice_of(deal->participant), SLICE("assignments"));
    const struct plan *plan = plan_of(plans, roster ? &roster->assignments : NULL, date_said(deal));
    if (plan)
        return append_deal(deal, plan, last_ms, out, detail);
    (void)snprintf(detail, DETAIL_BYTES, "%s %s", deal->participant,
                   roster ? "is assigned to no plan that stands"
                          : "is not in the roster: write it as it stands there, with its kind "
                            "(person:jo)");
    return STATUS_INVALID;
}

/* --- a further one --- */

static enum status in_proportion(struct decimal value, struct decimal amount, struct decimal whole,
                                 int exponent, struct decimal *out)
{
    struct rational scaled;
    struct rational step = {1, decimal_power(exponent)};
    int64_t units;
    enum status status =
        rational_multiply_divide(rational_of_decimal(value), rational_of_decimal(amount),
                                 rational_of_decimal(whole), &scaled);
    if (!status)
        status = rational_round(scaled, step, ROUND_HALF_EVEN, &units);
    if (!status)
        *out = money_to_decimal(units, exponent);
    return status;
}

static enum status scale_amounts(const struct deal *deal, struct decimal amount, int exponent,
                                 struct arena *arena, struct list *out)
{
    size_t count = deal->amount.units ? deal->amounts.count : 0;
    struct named_decimal *amounts = arena_take_array(arena, count + 1, sizeof *amounts);
    const struct named_decimal *given = deal->amounts.items;
    enum status status = amounts ? STATUS_OK : STATUS_EXHAUSTED;
    for (size_t i = 0; !status && i < count; i++) {
        amounts[i].name = given[i].name;
        status = in_proportion(given[i].value, amount, deal->amount, exponent, &amounts[i].value);
    }
    if (!status)
        *out = (struct list){amounts, count};
    return status;
}

static struct slice named(struct arena *arena, struct slice id)
{
    char text[FACT_ID_BYTES_MAX + 16];
    int length = snprintf(
        text, sizeof text, "%.*s+next",
        (int)(id.length < FACT_ID_BYTES_MAX - 5 ? id.length : FACT_ID_BYTES_MAX - 5), id.bytes);
    return arena_copy(arena, (struct slice){text, (size_t)length});
}

enum status what_if_next(const struct deal *deal, struct decimal amount,
                         const struct currency *currency, struct arena *ids, struct event *out)
{
    struct deal next = *deal;
    next.deal_id = next.event_id = named(ids, deal->deal_id);
    next.closed_at++;
    next.revision = 0;
    next.amount = amount;
    next.has_quantity = false;
    next.encoded = next.replaces = (struct slice){NULL, 0};
    enum status status = scale_amounts(deal, amount, currency->exponent, ids, &next.amounts);
    struct deal_line *line = arena_take_array(ids, 1, sizeof *line);
    if (!line || !next.deal_id.bytes)
        return STATUS_EXHAUSTED;
    if (!status && deal->lines.count > 0) {
        *line = *(const struct deal_line *)deal->lines.items;
        line->amount = amount;
        line->amounts = next.amounts;
        line->has_quantity = false;
        next.lines = (struct list){line, 1};
    }
    if (!status)
        *out = (struct event){.kind = EVENT_DEAL, .deal = next};
    return status;
}
