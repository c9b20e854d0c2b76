#include "engine/payment_rows.h"

static struct slice row_name(struct slice payment_id, struct slice row, struct arena *scratch)
{
    size_t length = payment_id.length + 1 + row.length;
    char *text = arena_take_raw(scratch, length);
    if (!text)
        return (struct slice){NULL, 0};
    memcpy(text, payment_id.bytes, payment_id.length);
    text[payment_id.length] = '\x1f';
    memcpy(text + payment_id.length + 1, row.bytes, row.length);
    return (struct slice){text, length};
}

enum status payment_row_of(const struct credit *deal, size_t index, struct arena *scratch,
                           struct credit *out)
{
    const struct cash *cash = (const struct cash *)deal->cash.items + index;
    struct credit row = {
        .target = deal->target,
        .book = deal->book,
        .row = row_name(cash->payment_id, deal->row, scratch),
        .generation = deal->generation,
        .turn = deal->turn,
        .waits = deal->waits,
        .kind = CREDIT_PAYMENT,
        .role = deal->role,
        .share = deal->share,
        .status = DEAL_CLOSED,
        .closed_at = cash->received_at,
        .currency = cash->currency.length ? cash->currency : deal->currency,
        .amount = cash->amount,
        .customer_id = deal->customer_id,
        .territory = deal->territory,
        .deal_type = deal->deal_type,
        .attributes = deal->attributes,
        .has_more = true,
        .has_deal_closed_at = true,
        .deal_closed_at = deal->closed_at,
        .has_deal_amount = true,
        .deal_amount = deal->amount,
        .cash = deal->cash,
        .reached = deal->reached,
        .other_shares = deal->other_shares,
        .cause = deal->cause,
    };
    if (!row.row.bytes)
        return STATUS_EXHAUSTED;
    *out = row;
    return STATUS_OK;
}
