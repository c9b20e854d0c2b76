#include "engine/rows.h"

#define DEAL_KIND   SLICE("deal:")
#define DEALS_TOPIC SLICE("deals")

/* The id of a deal's book; bytes NULL for another one. */
static struct slice deal_of_book(struct slice book)
{
    if (!slice_starts_with(book, DEAL_KIND))
        return (struct slice){NULL, 0};
    return (struct slice){book.bytes + DEAL_KIND.length, book.length - DEAL_KIND.length};
}

struct cause credit_short_cause(const struct cause *cause, struct slice deal_id)
{
    struct cause brief = *cause;
    if (cause->deal_id.bytes == deal_id.bytes || slice_equal(cause->deal_id, deal_id))
        brief.deal_id = (struct slice){NULL, 0};
    if (slice_equal(cause->topic, DEALS_TOPIC))
        brief.topic = SLICE("");
    return brief;
}

struct cause credit_cause(const struct credit *credit)
{
    struct cause cause = credit->cause;
    struct slice deal = deal_of_book(credit->book);
    if (deal.bytes && !cause.deal_id.bytes)
        cause.deal_id = deal;
    if (deal.bytes && cause.topic.length == 0)
        cause.topic = DEALS_TOPIC;
    return cause;
}

static const char *const deal_statuses[] = {"OPEN", "CLOSED", "CANCELLED", NULL};
static const char *const credit_kinds[] = {"DEAL",          "MILESTONE",    "PAYMENT", "AWARD",
                                           "DOWNLINE_DEAL", "DOWNLINE_PAY", NULL};

static const struct shape_field cause_fields[] = {
    SHAPE_FIELD(struct cause, event_id, SHAPE_TEXT), SHAPE_OPTIONAL_TEXT(struct cause, deal_id),
    SHAPE_FIELD(struct cause, revision, SHAPE_LONG), SHAPE_FIELD(struct cause, topic, SHAPE_TEXT),
    SHAPE_FIELD(struct cause, partition, SHAPE_INT), SHAPE_FIELD(struct cause, offset, SHAPE_LONG),
    SHAPE_FIELD(struct cause, at, SHAPE_INSTANT),    SHAPE_OPTIONAL_TEXT(struct cause, traceparent),
};
const struct shape cause_shape = SHAPE_OF(cause, "Cause", cause_fields);

static const struct shape_field cash_fields[] = {
    SHAPE_FIELD(struct cash, payment_id, SHAPE_TEXT),
    SHAPE_FIELD(struct cash, received_at, SHAPE_INSTANT),
    SHAPE_FIELD(struct cash, amount, SHAPE_DECIMAL),
    SHAPE_FIELD(struct cash, currency, SHAPE_TEXT),
};
const struct shape cash_shape = SHAPE_OF(cash, "Cash", cash_fields);

static const struct shape_field reached_fields[] = {
    SHAPE_FIELD(struct reached, milestone, SHAPE_TEXT),
    SHAPE_FIELD(struct reached, reached_at, SHAPE_INSTANT),
};
const struct shape reached_shape = SHAPE_OF(reached, "Reached", reached_fields);

static const struct shape_field other_share_fields[] = {
    SHAPE_FIELD(struct other_share, share, SHAPE_SHARE),
};
const struct shape other_share_shape = SHAPE_OF(other_share, "OtherShare", other_share_fields);

static const struct shape_field credit_more_fields[] = {
    SHAPE_OPTIONAL_TEXT(struct credit, milestone),
    SHAPE_OPTIONAL_TEXT(struct credit, phase),
    SHAPE_OPTIONAL(struct credit, approved_at, SHAPE_INSTANT),
    SHAPE_OPTIONAL(struct credit, percent_complete, SHAPE_SHARE),
    SHAPE_OPTIONAL(struct credit, contract_value, SHAPE_DECIMAL),
    SHAPE_OPTIONAL(struct credit, own_share, SHAPE_SHARE),
    SHAPE_OPTIONAL(struct credit, deal_closed_at, SHAPE_INSTANT),
    SHAPE_OPTIONAL(struct credit, deal_amount, SHAPE_DECIMAL),
    SHAPE_NESTED(struct credit, cash, SHAPE_LIST, &cash_shape),
    SHAPE_NESTED(struct credit, reached, SHAPE_LIST, &reached_shape),
    SHAPE_NESTED(struct credit, other_shares, SHAPE_LIST, &other_share_shape),
    SHAPE_FIELD(struct credit, takes_back, SHAPE_BOOL),
    SHAPE_OPTIONAL_TEXT(struct credit, edge),
    SHAPE_FIELD(struct credit, level, SHAPE_INT),
};
static const struct shape credit_more_shape = SHAPE_OF(credit, "CreditMore", credit_more_fields);

static const struct shape_field credit_body_fields[] = {
    SHAPE_FIELD(struct credit, is_withdrawn, SHAPE_BOOL),
    SHAPE_OPTIONAL_TEXT(struct credit, waits),
    SHAPE_SYMBOLS(struct credit, kind, credit_kinds),
    SHAPE_FIELD(struct credit, role, SHAPE_TEXT),
    SHAPE_FIELD(struct credit, share, SHAPE_SHARE),
    SHAPE_SYMBOLS(struct credit, status, deal_statuses),
    SHAPE_FIELD(struct credit, closed_at, SHAPE_INSTANT),
    SHAPE_OPTIONAL(struct credit, cancelled_at, SHAPE_INSTANT),
    SHAPE_FIELD(struct credit, currency, SHAPE_TEXT),
    SHAPE_FIELD(struct credit, amount, SHAPE_DECIMAL),
    SHAPE_NESTED(struct credit, amounts, SHAPE_MAP, &named_decimal_shape),
    SHAPE_OPTIONAL(struct credit, quantity, SHAPE_DECIMAL),
    SHAPE_OPTIONAL_TEXT(struct credit, customer_id),
    SHAPE_OPTIONAL_TEXT(struct credit, territory),
    SHAPE_OPTIONAL_TEXT(struct credit, deal_type),
    SHAPE_NESTED(struct credit, lines, SHAPE_LIST, &deal_line_shape),
    SHAPE_NESTED(struct credit, attributes, SHAPE_MAP, &attribute_shape),
    SHAPE_OPTIONAL_PART(struct credit, more, &credit_more_shape),
    SHAPE_NESTED(struct credit, cause, SHAPE_RECORD, &cause_shape),
};
static const struct shape credit_body_shape =
    SHAPE_ENCODED_OF(credit, "CreditBody", credit_body_fields);

static const struct shape_field credit_fields[] = {
    SHAPE_FIELD(struct credit, target, SHAPE_TEXT),
    SHAPE_FIELD(struct credit, book, SHAPE_TEXT),
    SHAPE_FIELD(struct credit, row, SHAPE_TEXT),
    SHAPE_PART(body, &credit_body_shape),
};
const struct shape credit_shape = SHAPE_OF(credit, "Credit", credit_fields);

static const struct shape_field credit_row_fields[] = {
    SHAPE_FIELD(struct credit, generation, SHAPE_LONG),
    SHAPE_FIELD(struct credit, turn, SHAPE_LONG),
    SHAPE_PART(body, &credit_body_shape),
};
const struct shape credit_row_shape = SHAPE_OF(credit, "CreditRow", credit_row_fields);

static const struct shape_field link_fields[] = {
    SHAPE_FIELD(struct link, target, SHAPE_TEXT),
    SHAPE_FIELD(struct link, row, SHAPE_TEXT),
    SHAPE_FIELD(struct link, content, SHAPE_LONG),
};
static const struct shape link_shape = SHAPE_OF(link, "Link", link_fields);

static const struct shape_field origin_fields[] = {
    SHAPE_FIELD(struct origin, offset, SHAPE_LONG),
    SHAPE_FIELD(struct origin, at, SHAPE_INSTANT),
    SHAPE_OPTIONAL_TEXT(struct origin, traceparent),
};
static const struct shape origin_shape = SHAPE_OF(origin, "Origin", origin_fields);

static const struct shape_field deal_row_fields[] = {
    SHAPE_NESTED(struct deal_row, deal, SHAPE_RECORD, &deal_shape),
    SHAPE_NESTED(struct deal_row, origin, SHAPE_RECORD, &origin_shape),
    SHAPE_NESTED(struct deal_row, links, SHAPE_LIST, &link_shape),
    SHAPE_FIELD(struct deal_row, contents, SHAPE_BYTES),
    SHAPE_OPTIONAL_TEXT(struct deal_row, waits),
};
const struct shape deal_row_shape = SHAPE_OF(deal_row, "DealRow", deal_row_fields);

static const struct shape_field milestone_row_fields[] = {
    SHAPE_NESTED(struct milestone_row, milestone, SHAPE_RECORD, &milestone_shape),
    SHAPE_NESTED(struct milestone_row, cause, SHAPE_RECORD, &cause_shape),
    SHAPE_NESTED(struct milestone_row, links, SHAPE_LIST, &link_shape),
};
const struct shape milestone_row_shape =
    SHAPE_OF(milestone_row, "MilestoneRow", milestone_row_fields);

static const struct shape_field payment_row_fields[] = {
    SHAPE_NESTED(struct payment_row, payment, SHAPE_RECORD, &payment_shape),
    SHAPE_NESTED(struct payment_row, cause, SHAPE_RECORD, &cause_shape),
};
const struct shape payment_row_shape = SHAPE_OF(payment_row, "PaymentRow", payment_row_fields);

static const struct shape_field result_row_fields[] = {
    SHAPE_NESTED(struct result_row, result, SHAPE_RECORD, &result_shape),
    SHAPE_NESTED(struct result_row, cause, SHAPE_RECORD, &cause_shape),
};
const struct shape result_row_shape = SHAPE_OF(result_row, "ResultRow", result_row_fields);

static const struct shape_field emitted_row_fields[] = {
    SHAPE_FIELD(struct emitted_row, plan_version, SHAPE_LONG),
    SHAPE_FIELD(struct emitted_row, sequence, SHAPE_LONG),
    SHAPE_FIELD(struct emitted_row, currency, SHAPE_TEXT),
    SHAPE_FIELD(struct emitted_row, earned, SHAPE_DECIMAL),
    SHAPE_FIELD(struct emitted_row, payable, SHAPE_DECIMAL),
    SHAPE_FIELD(struct emitted_row, measure, SHAPE_DECIMAL),
    SHAPE_OPTIONAL(struct emitted_row, goal, SHAPE_DECIMAL),
    SHAPE_OPTIONAL(struct emitted_row, attainment, SHAPE_RATIO),
    SHAPE_OPTIONAL_TEXT(struct emitted_row, step),
    SHAPE_NESTED(struct emitted_row, pending, SHAPE_LIST, NULL),
    SHAPE_FIELD(struct emitted_row, view, SHAPE_LONG),
    SHAPE_FIELD(struct emitted_row, view_published, SHAPE_LONG),
    SHAPE_FIELD(struct emitted_row, pending_since, SHAPE_LONG),
    SHAPE_FIELD(struct emitted_row, as_of, SHAPE_INSTANT),
    SHAPE_OPTIONAL_TEXT(struct emitted_row, held),
    SHAPE_OPTIONAL_TEXT(struct emitted_row, hold_id),
    SHAPE_FIELD(struct emitted_row, draw_balance, SHAPE_DECIMAL),
};
const struct shape emitted_row_shape = SHAPE_OF(emitted_row, "EmittedRow", emitted_row_fields);

static const struct shape_field change_fields[] = {
    SHAPE_FIELD(struct change, change, SHAPE_TEXT),
    SHAPE_FIELD(struct change, kind, SHAPE_TEXT),
    SHAPE_FIELD(struct change, id, SHAPE_TEXT),
    SHAPE_FIELD(struct change, version, SHAPE_LONG),
    SHAPE_FIELD(struct change, cursor, SHAPE_TEXT),
    SHAPE_NESTED(struct change, cause, SHAPE_RECORD, &cause_shape),
};
static const struct shape change_shape = SHAPE_OF(change, "Change", change_fields);

static const struct shape_field period_fields[] = {
    SHAPE_FIELD(struct period, pay_group, SHAPE_TEXT),
    SHAPE_FIELD(struct period, open, SHAPE_TEXT),
};
static const struct shape period_shape = SHAPE_OF(period, "Period", period_fields);

static const struct shape_field fold_row_fields[] = {
    SHAPE_NESTED(struct fold_row, changes, SHAPE_LIST, &change_shape),
    SHAPE_NESTED(struct fold_row, periods, SHAPE_LIST, &period_shape),
    SHAPE_OPTIONAL(struct fold_row, business_date, SHAPE_DATE),
};
const struct shape fold_row_shape = SHAPE_OF(fold_row, "FoldRow", fold_row_fields);

static const struct shape_field step_fields[] = {
    SHAPE_FIELD(struct step, step, SHAPE_TEXT),
    SHAPE_FIELD(struct step, input, SHAPE_TEXT),
    SHAPE_FIELD(struct step, output, SHAPE_TEXT),
};
static const struct shape step_shape = SHAPE_OF(step, "Step", step_fields);

static const struct shape_field payout_fields[] = {
    SHAPE_FIELD(struct payout, payout_id, SHAPE_TEXT),
    SHAPE_FIELD(struct payout, participant, SHAPE_TEXT),
    SHAPE_OPTIONAL_TEXT(struct payout, payee),
    SHAPE_FIELD(struct payout, plan, SHAPE_TEXT),
    SHAPE_FIELD(struct payout, plan_version, SHAPE_LONG),
    SHAPE_FIELD(struct payout, component, SHAPE_TEXT),
    SHAPE_FIELD(struct payout, window, SHAPE_TEXT),
    SHAPE_FIELD(struct payout, sequence, SHAPE_LONG),
    SHAPE_FIELD(struct payout, kind, SHAPE_TEXT),
    SHAPE_FIELD(struct payout, earned_delta, SHAPE_DECIMAL),
    SHAPE_OPTIONAL(struct payout, payable_delta, SHAPE_DECIMAL),
    SHAPE_FIELD(struct payout, currency, SHAPE_TEXT),
    SHAPE_FIELD(struct payout, earned_total, SHAPE_DECIMAL),
    SHAPE_FIELD(struct payout, payable_total, SHAPE_DECIMAL),
    SHAPE_OPTIONAL(struct payout, attainment_before, SHAPE_RATIO),
    SHAPE_OPTIONAL(struct payout, attainment_after, SHAPE_RATIO),
    SHAPE_OPTIONAL_TEXT(struct payout, step_reached),
    SHAPE_OPTIONAL_TEXT(struct payout, posted_period),
    SHAPE_OPTIONAL(struct payout, due_on, SHAPE_DATE),
    SHAPE_OPTIONAL_TEXT(struct payout, pay_group),
    SHAPE_OPTIONAL_TEXT(struct payout, pay_code),
    SHAPE_OPTIONAL_TEXT(struct payout, reason),
    SHAPE_NESTED(struct payout, cause, SHAPE_RECORD, &cause_shape),
    SHAPE_OPTIONAL_TEXT(struct payout, adjusts),
    SHAPE_NESTED(struct payout, steps, SHAPE_LIST, &step_shape),
    SHAPE_FIELD(struct payout, is_closed_marker, SHAPE_BOOL),
};
const struct shape payout_shape = SHAPE_OF(payout, "Payout", payout_fields);

static const struct shape_field attainment_fields[] = {
    SHAPE_FIELD(struct attainment, participant, SHAPE_TEXT),
    SHAPE_FIELD(struct attainment, plan, SHAPE_TEXT),
    SHAPE_FIELD(struct attainment, plan_version, SHAPE_LONG),
    SHAPE_FIELD(struct attainment, component, SHAPE_TEXT),
    SHAPE_FIELD(struct attainment, window, SHAPE_TEXT),
    SHAPE_OPTIONAL(struct attainment, window_from, SHAPE_DATE),
    SHAPE_OPTIONAL(struct attainment, window_until, SHAPE_DATE),
    SHAPE_FIELD(struct attainment, measure, SHAPE_DECIMAL),
    SHAPE_OPTIONAL(struct attainment, goal, SHAPE_DECIMAL),
    SHAPE_OPTIONAL(struct attainment, attainment, SHAPE_RATIO),
    SHAPE_FIELD(struct attainment, earned, SHAPE_DECIMAL),
    SHAPE_FIELD(struct attainment, payable, SHAPE_DECIMAL),
    SHAPE_FIELD(struct attainment, currency, SHAPE_TEXT),
    SHAPE_FIELD(struct attainment, sequence, SHAPE_LONG),
    SHAPE_OPTIONAL_TEXT(struct attainment, step_reached),
    SHAPE_NESTED(struct attainment, pending, SHAPE_LIST, NULL),
    SHAPE_OPTIONAL_TEXT(struct attainment, held),
    SHAPE_FIELD(struct attainment, draw_balance, SHAPE_DECIMAL),
    SHAPE_FIELD(struct attainment, as_of, SHAPE_INSTANT),
    SHAPE_FIELD(struct attainment, generation, SHAPE_TEXT),
};
const struct shape attainment_shape = SHAPE_OF(attainment, "Attainment", attainment_fields);
