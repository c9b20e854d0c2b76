#include "plan/fact_check.h"

#include "calendar/date.h"
#include "plan/node.h"

#include <stdarg.h>
#include <stdio.h>

enum { REMARK_BYTES_MAX = 4096, SHARE_MAX = 100 };

const char *const participant_kinds[] = {"person",   "team",    "territory", "product", "partner",
                                         "customer", "company", "contest",   "pool",    NULL};

static enum status refuse(char detail[DETAIL_BYTES], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static enum status refuse(char detail[DETAIL_BYTES], const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(detail, DETAIL_BYTES, format, list);
    va_end(list);
    return STATUS_INVALID;
}

/* Whether eight bytes all lie in 0x20 … 0x7E: adding 1 to 0x7F and subtracting 0x20 from less
 * than that set or borrow the top bit (Hacker's Delight, 6-1). */
static bool is_printable_word(uint64_t word)
{
    const uint64_t ones = 0x0101010101010101;
    return ((word | (word + ones) | (word - 0x20 * ones)) & 0x80 * ones) == 0;
}

static bool is_printable(const unsigned char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return is_printable_word(word);
}

/* The same of 4 to 7 bytes. */
static bool is_short_printable(struct slice text)
{
    uint32_t halves[2];
    memcpy(&halves[0], text.bytes, 4);
    memcpy(&halves[1], text.bytes + text.length - 4, 4);
    return is_printable_word((uint64_t)halves[0] << 32 | halves[1]);
}

static bool is_clean(struct slice text)
{
    const unsigned char *bytes = (const unsigned char *)text.bytes;
    size_t i = 0;
    if (text.length >= 4 && text.length < 8 && is_short_printable(text))
        return true;
    while (i + 8 <= text.length && is_printable(bytes + i))
        i += 8;
    if (i > 0 && i + 8 > text.length && is_printable(bytes + text.length - 8))
        return true;
    while (i < text.length && bytes[i] >= 0x20 && bytes[i] < 0x7F)
        i++;
    while (i < text.length) {
        size_t length = text_character(bytes + i, text.length - i);
        if (length == 0 || bytes[i] < 0x20)
            return false;
        i += length;
    }
    return true;
}

bool fact_id_is_valid(struct slice text)
{
    return text.length > 0 && text.length <= FACT_ID_BYTES_MAX && is_clean(text);
}

/* Whether `text` is `kind`, a colon and more. */
static bool is_of_kind(struct slice text, const char *kind)
{
    size_t i = 0;
    while (kind[i] && i < text.length && text.bytes[i] == kind[i])
        i++;
    return !kind[i] && i + 1 < text.length && text.bytes[i] == ':';
}

bool participant_is_valid(struct slice text)
{
    for (size_t i = 0; participant_kinds[i]; i++) {
        if (is_of_kind(text, participant_kinds[i]))
            return fact_id_is_valid(text);
    }
    return false;
}

/* The checks below share one shape: OK, or what is wrong with `name` in detail. */

static enum status check_id(struct slice text, const char *name, char *detail)
{
    if (fact_id_is_valid(text))
        return STATUS_OK;
    return refuse(detail,
                  "bad-id: %s must be 1 to %d bytes of UTF-8 without control characters, not %zu",
                  name, FACT_ID_BYTES_MAX, text.length);
}

static enum status check_optional(struct slice text, const char *name, char *detail)
{
    return text.length == 0 ? STATUS_OK : check_id(text, name, detail);
}

static enum status check_remark(struct slice text, const char *name, char *detail)
{
    if (text.length <= REMARK_BYTES_MAX && is_clean(text))
        return STATUS_OK;
    return refuse(detail, "bad-id: %s must be at most %d bytes of UTF-8 on one line", name,
                  REMARK_BYTES_MAX);
}

static enum status check_revision(int64_t revision, char *detail)
{
    if (revision >= 0)
        return STATUS_OK;
    return refuse(detail, "negative-revision: revision is %lld and must be 0 or more",
                  (long long)revision);
}

/* Two days are left at either end, so that the local date is valid in every zone. */
static enum status check_instant(int64_t at, const char *name, char *detail)
{
    if (at >= (DATE_MIN + 2) * DAY_MS && at <= (DATE_MAX - 2) * DAY_MS)
        return STATUS_OK;
    return refuse(detail, "out-of-range: %s is outside the years %d to %d", name, DATE_YEAR_MIN,
                  DATE_YEAR_MAX);
}

static enum status check_share(struct decimal share, const char *name, char *detail)
{
    if (share.units >= 0 && share.units <= decimal_of(SHARE_MAX).units)
        return STATUS_OK;
    return refuse(detail, "out-of-range: %s must be from 0%% to %d00%%", name, SHARE_MAX);
}

static const struct currency *find_currency(struct slice code, const struct fact_rules *rules)
{
    return currency_find(code, rules ? rules->units : NULL, rules ? rules->unit_count : 0);
}

static enum status refuse_currency(struct slice code, char *detail)
{
    return refuse(detail, "unknown-currency: `%.*s` is neither in ISO 4217 nor declared by control",
                  code.length > 32 ? 32 : (int)code.length, code.bytes ? code.bytes : "");
}

static enum status check_amount(struct decimal amount, const struct currency *currency,
                                const char *name, char *detail)
{
    int64_t units;
    enum status status = money_from_decimal(amount, currency->exponent, &units);
    if (status == STATUS_OUT_OF_RANGE)
        return refuse(detail, "out-of-range: %s is larger than money can be", name);
    if (status)
        return refuse(detail, "too-precise: %s has more decimals than %s, which has %d", name,
                      currency->code, currency->exponent);
    return STATUS_OK;
}

/* Maps of a fact hold a handful of names; they are compared with each other. */
static enum status check_twice(struct slice name, const struct list *map, size_t index,
                               size_t entry_bytes, char *detail)
{
    for (size_t i = 0; i < index; i++) {
        const struct slice *other =
            (const struct slice *)(const void *)((const char *)map->items + i * entry_bytes);
        if (slice_equal(*other, name))
            return refuse(detail, "twice: the name `%.*s` stands twice", SLICE_ARGS(name));
    }
    return STATUS_OK;
}

static enum status check_amounts(const struct list *amounts, const struct currency *currency,
                                 char *detail)
{
    for (size_t i = 0; i < amounts->count; i++) {
        const struct named_decimal *one = (const struct named_decimal *)amounts->items + i;
        enum status status = check_id(one->name, "the name of an amount", detail);
        if (!status)
            status = check_twice(one->name, amounts, i, sizeof *one, detail);
        if (!status)
            status = check_amount(one->value, currency, "an amount of amounts", detail);
        if (status)
            return status;
    }
    return STATUS_OK;
}

static enum status check_attributes(const struct list *attributes, char *detail)
{
    for (size_t i = 0; i < attributes->count; i++) {
        const struct attribute *one = (const struct attribute *)attributes->items + i;
        enum status status = check_id(one->name, "the name of an attribute", detail);
        if (!status)
            status = check_twice(one->name, attributes, i, sizeof *one, detail);
        if (!status && !one->value.is_decimal)
            status = check_optional(one->value.text, "an attribute", detail);
        if (status)
            return status;
    }
    return STATUS_OK;
}

static enum status check_participants(const struct list *participants, char *detail)
{
    if (participants->count > FACT_PARTICIPANTS_MAX)
        return refuse(detail, "out-of-range: more than %d participants", FACT_PARTICIPANTS_MAX);
    for (size_t i = 0; i < participants->count; i++) {
        const struct deal_participant *one =
            (const struct deal_participant *)participants->items + i;
        if (!participant_is_valid(one->participant))
            return refuse(detail,
                          "bad-participant: `%.*s` is not kind:id, such as person:jo or team:north",
                          one->participant.length > 100 ? 100 : (int)one->participant.length,
                          one->participant.bytes ? one->participant.bytes : "");
        enum status status = check_id(one->role, "role", detail);
        if (!status)
            status = check_share(one->share, "share", detail);
        if (status)
            return status;
    }
    return STATUS_OK;
}

static enum status check_line(const struct list *lines, size_t index,
                              const struct currency *currency, char *detail)
{
    const struct deal_line *line = (const struct deal_line *)lines->items + index;
    enum status status = check_id(line->line_id, "line_id", detail);
    if (!status)
        status = check_twice(line->line_id, lines, index, sizeof *line, detail);
    if (!status)
        status = check_optional(line->product, "product", detail);
    if (!status)
        status = check_amount(line->amount, currency, "a line's amount", detail);
    if (!status)
        status = check_amounts(&line->amounts, currency, detail);
    return status ? status : check_attributes(&line->attributes, detail);
}

static enum status check_lines(const struct deal *deal, const struct currency *currency,
                               char *detail)
{
    if (deal->lines.count > FACT_LINES_MAX)
        return refuse(detail, "out-of-range: more than %d lines", FACT_LINES_MAX);
    for (size_t i = 0; i < deal->lines.count; i++) {
        enum status status = check_line(&deal->lines, i, currency, detail);
        if (status)
            return status;
    }
    return STATUS_OK;
}

static enum status check_deal_texts(const struct deal *deal, char *detail)
{
    enum status status = check_id(deal->deal_id, "deal_id", detail);
    if (!status)
        status = check_optional(deal->event_id, "event_id", detail);
    if (!status)
        status = check_optional(deal->customer_id, "customer_id", detail);
    if (!status)
        status = check_optional(deal->territory, "territory", detail);
    if (!status)
        status = check_optional(deal->deal_type, "deal_type", detail);
    return status ? status : check_optional(deal->replaces, "replaces", detail);
}

static enum status check_deal_times(const struct deal *deal, char *detail)
{
    if (deal->status < DEAL_OPEN || deal->status > DEAL_CANCELLED)
        return refuse(detail, "out-of-range: status is not OPEN, CLOSED or CANCELLED");
    if (deal->status == DEAL_CANCELLED && !deal->has_cancelled_at)
        return refuse(detail, "missing-field: a CANCELLED deal needs cancelled_at");
    enum status status = check_instant(deal->closed_at, "closed_at", detail);
    if (!status && deal->has_cancelled_at)
        status = check_instant(deal->cancelled_at, "cancelled_at", detail);
    return status;
}

enum status fact_check_deal(const struct deal *deal, const struct fact_rules *rules,
                            char detail[DETAIL_BYTES])
{
    enum status status = check_deal_texts(deal, detail);
    if (!status)
        status = check_revision(deal->revision, detail);
    if (!status)
        status = check_deal_times(deal, detail);
    if (status)
        return status;
    const struct currency *currency = find_currency(deal->currency, rules);
    if (!currency)
        return refuse_currency(deal->currency, detail);
    status = check_amount(deal->amount, currency, "amount", detail);
    if (!status)
        status = check_amounts(&deal->amounts, currency, detail);
    if (!status)
        status = check_lines(deal, currency, detail);
    if (!status)
        status = check_participants(&deal->participants, detail);
    return status ? status : check_attributes(&deal->attributes, detail);
}

static enum status check_milestone_texts(const struct milestone *milestone, char *detail)
{
    enum status status = check_id(milestone->milestone_id, "milestone_id", detail);
    if (!status)
        status = check_id(milestone->milestone, "milestone", detail);
    if (!status)
        status = check_optional(milestone->event_id, "event_id", detail);
    if (!status)
        status = check_optional(milestone->deal_id, "deal_id", detail);
    if (!status)
        status = check_optional(milestone->phase, "phase", detail);
    return status ? status : check_optional(milestone->approved_by, "approved_by", detail);
}

static enum status check_milestone_times(const struct milestone *milestone, char *detail)
{
    if (milestone->status < MILESTONE_REACHED || milestone->status > MILESTONE_REVOKED)
        return refuse(detail, "out-of-range: status is not REACHED, APPROVED, REJECTED or REVOKED");
    if (milestone->status == MILESTONE_APPROVED && !milestone->has_approved_at)
        return refuse(detail, "missing-field: an APPROVED milestone needs approved_at");
    enum status status = check_instant(milestone->reached_at, "reached_at", detail);
    if (!status && milestone->has_approved_at)
        status = check_instant(milestone->approved_at, "approved_at", detail);
    return status;
}

static enum status check_milestone_money(const struct milestone *milestone,
                                         const struct fact_rules *rules, char *detail)
{
    enum status status = STATUS_OK;
    if (milestone->has_percent_complete)
        status = check_share(milestone->percent_complete, "percent_complete", detail);
    if (!status && milestone->has_share)
        status = check_share(milestone->share, "share", detail);
    if (status || milestone->currency.length == 0)
        return status;
    const struct currency *currency = find_currency(milestone->currency, rules);
    if (!currency)
        return refuse_currency(milestone->currency, detail);
    if (milestone->has_amount)
        status = check_amount(milestone->amount, currency, "amount", detail);
    if (!status && milestone->has_contract_value)
        status = check_amount(milestone->contract_value, currency, "contract_value", detail);
    return status;
}

enum status fact_check_milestone(const struct milestone *milestone, const struct fact_rules *rules,
                                 char detail[DETAIL_BYTES])
{
    enum status status = check_milestone_texts(milestone, detail);
    if (!status)
        status = check_revision(milestone->revision, detail);
    if (!status)
        status = check_milestone_times(milestone, detail);
    if (!status)
        status = check_milestone_money(milestone, rules, detail);
    if (!status)
        status = check_participants(&milestone->participants, detail);
    return status ? status : check_attributes(&milestone->attributes, detail);
}

enum status fact_check_payment(const struct payment *payment, const struct fact_rules *rules,
                               char detail[DETAIL_BYTES])
{
    enum status status = check_id(payment->payment_id, "payment_id", detail);
    if (!status)
        status = check_id(payment->deal_id, "deal_id", detail);
    if (!status)
        status = check_optional(payment->event_id, "event_id", detail);
    if (!status)
        status = check_optional(payment->invoice_id, "invoice_id", detail);
    if (!status)
        status = check_revision(payment->revision, detail);
    if (!status)
        status = check_instant(payment->received_at, "received_at", detail);
    if (status)
        return status;
    const struct currency *currency = find_currency(payment->currency, rules);
    return currency ? check_amount(payment->amount, currency, "amount", detail)
                    : refuse_currency(payment->currency, detail);
}

static enum status check_adjustment(const struct result *result, const struct fact_rules *rules,
                                    char *detail)
{
    enum status status = check_id(result->adjustment_id, "adjustment_id", detail);
    if (!status)
        status = check_id(result->plan, "plan", detail);
    if (!status)
        status = check_id(result->component, "component", detail);
    if (status)
        return status;
    if (!result->has_date || !result->has_amount)
        return refuse(detail, "missing-field: an adjustment needs date and amount");
    const struct currency *currency = find_currency(result->currency, rules);
    return currency ? check_amount(result->amount, currency, "amount", detail)
                    : refuse_currency(result->currency, detail);
}

static enum status check_result_value(const struct result *result, char *detail)
{
    enum status status = check_id(result->result, "result", detail);
    if (status)
        return status;
    if (!result->has_value)
        return refuse(detail, "missing-field: a result needs value");
    if ((result->window.length > 0) == result->has_date)
        return refuse(detail, "missing-field: a result needs either window or date");
    return check_optional(result->window, "window", detail);
}

static enum status check_result_texts(const struct result *result, char *detail)
{
    enum status status = check_optional(result->event_id, "event_id", detail);
    if (!status)
        status = check_optional(result->by, "by", detail);
    if (!status)
        status = check_optional(result->approved_by, "approved_by", detail);
    if (!status)
        status = check_remark(result->reason, "reason", detail);
    return status ? status : check_remark(result->comment, "comment", detail);
}

enum status fact_check_result(const struct result *result, const struct fact_rules *rules,
                              char detail[DETAIL_BYTES])
{
    if (result->what < RESULT_RESULT || result->what > RESULT_ADJUSTMENT)
        return refuse(detail, "out-of-range: what is not RESULT or ADJUSTMENT");
    if (!participant_is_valid(result->participant))
        return refuse(detail, "bad-participant: participant is not kind:id, such as person:jo");
    if (result->has_date && !date_is_valid(result->date))
        return refuse(detail, "out-of-range: date is outside the years %d to %d", DATE_YEAR_MIN,
                      DATE_YEAR_MAX);
    enum status status = check_result_texts(result, detail);
    if (!status)
        status = check_revision(result->revision, detail);
    if (status)
        return status;
    return result->what == RESULT_ADJUSTMENT ? check_adjustment(result, rules, detail)
                                             : check_result_value(result, detail);
}
