#include "milepost/tail_view.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/varint.h"
#include "calendar/date.h"
#include "milepost/console.h"
#include "milepost/dead_letter.h"
#include "milepost/shape_json.h"
#include "money/money.h"
#include "worker/records.h"

/* --- cells --- */

static void append_cell(struct buffer *line, const struct tail_column *column, struct slice text,
                        bool is_last)
{
    size_t width = console_columns(text);
    int pad = width < (size_t)column->width ? column->width - (int)width : 0;
    bool to_right = column->head[0] == '>';
    if (to_right)
        buffer_printf(line, "%*s", pad, "");
    buffer_append_slice(line, text);
    if (!to_right && !is_last)
        buffer_printf(line, "%*s", pad, "");
    if (!is_last)
        buffer_append(line, "  ", 2);
}

static void emit_cells(const struct tail_view *view, struct tail_sink *sink,
                       const struct log_record *record, const struct slice *cells)
{
    buffer_reset(&sink->line);
    for (size_t i = 0; i < view->column_count; i++)
        append_cell(&sink->line, &view->columns[i], printable(cells[i], &sink->arena),
                    i + 1 == view->column_count);
    while (sink->line.length > 0 && sink->line.bytes[sink->line.length - 1] == ' ')
        sink->line.length--;
    sink->emit(sink->self, record, buffer_slice(&sink->line));
}

static void emit_shape(struct tail_sink *sink, const struct log_record *record,
                       const struct shape *shape, const void *value)
{
    buffer_reset(&sink->line);
    shape_append_json(shape, value, &sink->line);
    sink->emit(sink->self, record, buffer_slice(&sink->line));
}

struct slice tail_heads(const struct tail_view *view, struct tail_sink *sink)
{
    buffer_reset(&sink->line);
    for (size_t i = 0; i < view->column_count; i++) {
        const struct tail_column *column = &view->columns[i];
        append_cell(&sink->line, column, slice_of(column->head + (column->head[0] == '>')),
                    i + 1 == view->column_count);
    }
    return buffer_slice(&sink->line);
}

static struct slice keep(struct tail_sink *sink, const char *text, size_t length)
{
    return arena_copy(&sink->arena, (struct slice){text, length});
}

static struct slice time_cell(struct tail_sink *sink, int64_t ms)
{
    char text[INSTANT_TEXT_BYTES];
    return keep(sink, text, instant_format(ms, text));
}

/* With the places of its currency where they hold it. */
static struct slice money_cell(struct tail_sink *sink, struct decimal amount, struct slice code)
{
    char text[DECIMAL_TEXT_BYTES];
    int64_t units;
    const struct currency *currency = currency_find(code, NULL, 0);
    if (currency && money_from_decimal(amount, currency->exponent, &units) == STATUS_OK)
        return keep(sink, text, money_format(units, currency->exponent, text));
    return keep(sink, text, decimal_format(amount, text));
}

/* Percent with two places, the rest cut off: for eyes only. */
static struct slice percent_cell(struct tail_sink *sink, bool has, struct decimal ratio)
{
    enum { HUNDREDTHS_OF_PERCENT = 100000000 }; /* of 10^-12 */
    char text[MONEY_TEXT_BYTES + 8];
    int128 cut = ratio.units / HUNDREDTHS_OF_PERCENT;
    if (!has || cut > INT64_MAX || cut < INT64_MIN)
        return SLICE("");
    size_t length = money_format((int64_t)cut, 2, text);
    text[length++] = '%';
    return keep(sink, text, length);
}

static struct slice share_cell(struct tail_sink *sink, struct decimal share)
{
    char text[DECIMAL_TEXT_BYTES + 1];
    if (share.units > decimal_power(30) || share.units < -decimal_power(30))
        return keep(sink, text, decimal_format(share, text));
    size_t length = decimal_format((struct decimal){share.units * 100}, text);
    text[length++] = '%';
    return keep(sink, text, length);
}

static struct slice join(struct tail_sink *sink, struct slice first, const char *between,
                         struct slice second)
{
    char text[3 * FACT_ID_BYTES_MAX];
    int length =
        snprintf(text, sizeof text, "%.*s%s%.*s", SLICE_ARGS(first), between, SLICE_ARGS(second));
    return keep(sink, text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
}

static bool is_wanted(const struct tail_sink *sink, struct slice participant)
{
    return !sink->participant.bytes || slice_equal(sink->participant, participant);
}

/* --- payouts --- */

static const struct tail_column payout_columns[] = {
    {"time", 24},  {"participant", 18}, {"plan/component", 24},
    {"window", 8}, {"kind", 10},        {">earned", 12},
    {"", 3},       {">in all", 12},     {">att.", 9},
    {"cause", 16}, {"reason", 0},
};

static enum status show_payout(const struct tail_view *view, struct tail_sink *sink,
                               const struct log_record *record, char *detail)
{
    struct payout payout;
    enum status status =
        schemas_decode(sink->schemas, SCHEMA_PAYOUT, record, &payout, &sink->arena, 0, detail);
    if (status || !is_wanted(sink, payout.participant))
        return status;
    if (sink->is_json) {
        emit_shape(sink, record, &payout_shape, &payout);
        return STATUS_OK;
    }
    const struct cause *cause = &payout.cause;
    const struct slice cells[] = {
        time_cell(sink, record->timestamp_ms),
        payout.participant,
        join(sink, payout.plan, "/", payout.component),
        payout.window,
        payout.kind,
        money_cell(sink, payout.earned_delta, payout.currency),
        payout.currency,
        money_cell(sink, payout.earned_total, payout.currency),
        percent_cell(sink, payout.has_attainment_after, payout.attainment_after),
        cause->deal_id.bytes ? cause->deal_id : cause->event_id,
        payout.reason,
    };
    emit_cells(view, sink, record, cells);
    return STATUS_OK;
}

/* --- attainment --- */

static const struct tail_column attainment_columns[] = {
    {"time", 24},  {"participant", 18}, {"plan/component", 24}, {"window", 8}, {">measure", 12},
    {">goal", 12}, {">att.", 9},        {">earned", 12},        {"", 3},       {"waits", 0},
};

static struct slice waits_cell(struct tail_sink *sink, const struct attainment *attainment)
{
    if (attainment->held.bytes)
        return join(sink, SLICE("held"), ": ", attainment->held);
    struct slice text = SLICE("");
    const struct slice *pending = attainment->pending.items;
    for (size_t i = 0; i < attainment->pending.count; i++)
        text = join(sink, text, i ? ", " : "", pending[i]);
    return text;
}

static enum status show_attainment(const struct tail_view *view, struct tail_sink *sink,
                                   const struct log_record *record, char *detail)
{
    struct attainment attainment;
    enum status status = schemas_decode(sink->schemas, SCHEMA_ATTAINMENT, record, &attainment,
                                        &sink->arena, 0, detail);
    if (status || !is_wanted(sink, attainment.participant))
        return status;
    if (sink->is_json) {
        emit_shape(sink, record, &attainment_shape, &attainment);
        return STATUS_OK;
    }
    char measure[DECIMAL_TEXT_BYTES];
    char goal[DECIMAL_TEXT_BYTES];
    const struct slice cells[] = {
        time_cell(sink, record->timestamp_ms),
        attainment.participant,
        join(sink, attainment.plan, "/", attainment.component),
        attainment.window,
        {measure, decimal_format(attainment.measure, measure)},
        {goal, attainment.has_goal ? decimal_format(attainment.goal, goal) : 0},
        percent_cell(sink, attainment.has_attainment, attainment.attainment),
        money_cell(sink, attainment.earned, attainment.currency),
        attainment.currency,
        waits_cell(sink, &attainment),
    };
    emit_cells(view, sink, record, cells);
    return STATUS_OK;
}

/* --- credits: packed, private --- */

static const struct tail_column credit_columns[] = {
    {"time", 24}, {"participant", 18}, {"book", 20}, {"row", 12}, {">share", 8}, {">amount", 14},
    {"", 3},      {"status", 10},      {"waits", 0},
};

static struct slice credit_status(const struct credit *credit)
{
    static const struct slice names[] = {[DEAL_OPEN] = {"open", 4},
                                         [DEAL_CLOSED] = {"closed", 6},
                                         [DEAL_CANCELLED] = {"cancelled", 9}};
    if (credit->is_withdrawn)
        return SLICE("withdrawn");
    return credit->status >= 0 && credit->status <= DEAL_CANCELLED ? names[credit->status]
                                                                   : SLICE("?");
}

static void show_credit(const struct tail_view *view, struct tail_sink *sink,
                        const struct log_record *record, const struct credit *credit)
{
    if (!is_wanted(sink, credit->target))
        return;
    if (sink->is_json) {
        struct credit whole = *credit;
        whole.cause = credit_cause(credit);
        emit_shape(sink, record, &credit_shape, &whole);
        return;
    }
    bool is_there = !credit->is_withdrawn;
    const struct slice cells[] = {
        time_cell(sink, record->timestamp_ms),
        credit->target,
        credit->book,
        credit->row,
        is_there ? share_cell(sink, credit->share) : SLICE(""),
        is_there ? money_cell(sink, credit->amount, credit->currency) : SLICE(""),
        credit->currency,
        credit_status(credit),
        credit->waits,
    };
    emit_cells(view, sink, record, cells);
}

static enum status show_credits(const struct tail_view *view, struct tail_sink *sink,
                                const struct log_record *record, char *detail)
{
    struct credit_batch batch;
    enum status status = schemas_decode_private(sink->schemas, SCHEMA_CREDIT_BATCH, record->value,
                                                &batch, &sink->arena, detail);
    struct slice rest = status ? (struct slice){NULL, 0} : batch.rows;
    for (int32_t i = 0; !status && i < batch.row_count; i++) {
        struct slice row;
        struct credit credit;
        if (!varint_take_bytes(&rest, &row)) {
            (void)snprintf(detail, DETAIL_BYTES, "it is cut short at row %" PRId32, i);
            return STATUS_CORRUPT;
        }
        status =
            schemas_decode_row(sink->schemas, SCHEMA_CREDIT, row, &credit, &sink->arena, detail);
        if (!status)
            show_credit(view, sink, record, &credit);
    }
    return status;
}

/* --- deals --- */

static const struct tail_column deal_columns[] = {
    {"time", 24},      {"deal", 16},    {">rev", 4}, {"status", 9},
    {"closed at", 20}, {">amount", 14}, {"", 3},     {"participants", 0},
};

static bool has_participant(const struct tail_sink *sink, const struct deal *deal)
{
    const struct deal_participant *all = deal->participants.items;
    for (size_t i = 0; i < deal->participants.count; i++)
        if (is_wanted(sink, all[i].participant))
            return true;
    return !sink->participant.bytes;
}

static struct slice participants_cell(struct tail_sink *sink, const struct deal *deal)
{
    const struct deal_participant *all = deal->participants.items;
    struct slice text = SLICE("");
    for (size_t i = 0; i < deal->participants.count; i++) {
        struct slice one = join(sink, all[i].participant, " ", share_cell(sink, all[i].share));
        text = join(sink, text, i ? ", " : "", one);
    }
    return text;
}

static enum status show_deal(const struct tail_view *view, struct tail_sink *sink,
                             const struct log_record *record, char *detail)
{
    static const struct slice statuses[] = {[DEAL_OPEN] = {"OPEN", 4},
                                            [DEAL_CLOSED] = {"CLOSED", 6},
                                            [DEAL_CANCELLED] = {"CANCELLED", 9}};
    struct deal deal;
    enum status status =
        schemas_decode(sink->schemas, SCHEMA_DEAL, record, &deal, &sink->arena, 0, detail);
    if (status || !has_participant(sink, &deal))
        return status;
    if (sink->is_json) {
        emit_shape(sink, record, &deal_shape, &deal);
        return STATUS_OK;
    }
    char revision[24];
    int length = snprintf(revision, sizeof revision, "%" PRId64, deal.revision);
    const struct slice cells[] = {
        time_cell(sink, record->timestamp_ms),
        deal.deal_id,
        {revision, (size_t)length},
        statuses[deal.status],
        time_cell(sink, deal.closed_at),
        money_cell(sink, deal.amount, deal.currency),
        deal.currency,
        participants_cell(sink, &deal),
    };
    emit_cells(view, sink, record, cells);
    return STATUS_OK;
}

/* --- dead letters --- */

static const struct tail_column letter_columns[] = {
    {"time", 24}, {"letter", 10}, {"from", 36}, {"key", 16}, {"reason", 18}, {"message", 0},
};

static enum status show_letter(const struct tail_view *view, struct tail_sink *sink,
                               const struct log_record *record, char *detail)
{
    struct dead_letter letter;
    enum status status = dead_letter_read(record, &sink->arena, &letter);
    if (status) {
        (void)snprintf(detail, DETAIL_BYTES, "its headers are too large to show");
        return status;
    }
    if (!is_wanted(sink, letter.key))
        return STATUS_OK;
    if (sink->is_json) {
        buffer_reset(&sink->line);
        dead_letter_append_json(&letter, record, &sink->line);
        sink->emit(sink->self, record, buffer_slice(&sink->line));
        return STATUS_OK;
    }
    char place[48];
    int length =
        snprintf(place, sizeof place, "%" PRId32 "/%" PRId64, record->partition, record->offset);
    struct slice from = join(sink, letter.topic, "/", letter.partition);
    const struct slice cells[] = {
        time_cell(sink, record->timestamp_ms),
        {place, (size_t)length},
        join(sink, from, "/", letter.offset),
        letter.key,
        letter.reason,
        letter.message,
    };
    emit_cells(view, sink, record, cells);
    return STATUS_OK;
}

/* --- the views --- */

#define COLUMNS(columns) columns, sizeof(columns) / sizeof((columns)[0])

static const struct tail_view views[] = {
    {"payouts", TOPIC_PAYOUTS, COLUMNS(payout_columns), show_payout},
    {"attainment", TOPIC_ATTAINMENT, COLUMNS(attainment_columns), show_attainment},
    {"credits", TOPIC_CREDITS, COLUMNS(credit_columns), show_credits},
    {"dead-letters", TOPIC_DEAD_LETTERS, COLUMNS(letter_columns), show_letter},
    {"deals", TOPIC_DEALS, COLUMNS(deal_columns), show_deal},
};

const struct tail_view *tail_view_find(struct slice name)
{
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++)
        if (slice_equal(slice_of(views[i].name), name))
            return &views[i];
    return NULL;
}
