#include "engine/credit_content.h"

#include "engine/row_io.h"

static const struct shape_field list_fields[] = {
    SHAPE_NESTED(struct credit, amounts, SHAPE_MAP, &named_decimal_shape),
    SHAPE_NESTED(struct credit, lines, SHAPE_LIST, &deal_line_shape),
    SHAPE_NESTED(struct credit, attributes, SHAPE_MAP, &attribute_shape),
};
static const struct shape lists = SHAPE_OF(credit, "CreditLists", list_fields);

/* The scalars, in one piece without padding. */
struct scalars {
    int128 share;
    int128 amount;
    int128 quantity;
    int128 percent_complete;
    int128 contract_value;
    int128 cash_share;
    int64_t closed_at;
    int64_t cancelled_at;
    int64_t approved_at;
    int32_t kind;
    int32_t status;
    int32_t level;
    uint32_t present;
};
_Static_assert(sizeof(struct scalars) == 6 * 16 + 3 * 8 + 4 * 4 + 8, "padding is hashed as zeros");

static char *put_text(char *at, struct slice text)
{
    uint32_t length = text.bytes ? (uint32_t)text.length : UINT32_MAX;
    memcpy(at, &length, sizeof length);
    at += sizeof length;
    if (text.length)
        memcpy(at, text.bytes, text.length);
    return at + text.length;
}

static char *put_scalars(char *at, const struct credit *credit)
{
    struct scalars scalars;
    memset(&scalars, 0, sizeof scalars);
    scalars.share = credit->share.units;
    scalars.amount = credit->amount.units;
    scalars.quantity = credit->quantity.units;
    scalars.percent_complete = credit->percent_complete.units;
    scalars.contract_value = credit->contract_value.units;
    scalars.cash_share = credit->cash_share.units;
    scalars.closed_at = credit->closed_at;
    scalars.cancelled_at = credit->cancelled_at;
    scalars.approved_at = credit->approved_at;
    scalars.kind = credit->kind;
    scalars.status = credit->status;
    scalars.level = credit->level;
    scalars.present = (uint32_t)(credit->has_cancelled_at | credit->has_quantity << 1 |
                                 credit->has_approved_at << 2 | credit->has_percent_complete << 3 |
                                 credit->has_contract_value << 4 | credit->has_cash_share << 5);
    memcpy(at, &scalars, sizeof scalars);
    return at + sizeof scalars;
}

static size_t bytes_of_texts(const struct slice *texts, size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += sizeof(uint32_t) + texts[i].length;
    return bytes;
}

int64_t credit_content(const struct credit *credit, struct buffer *scratch)
{
    if (credit->is_withdrawn)
        return 0;
    const struct slice texts[] = {
        credit->waits,       credit->role,      credit->currency,
        credit->customer_id, credit->territory, credit->deal_type,
        credit->milestone,   credit->phase,     credit->edge,
    };
    const size_t count = sizeof texts / sizeof texts[0];
    buffer_reset(scratch);
    char *first = buffer_reserve(scratch, sizeof(struct scalars) + bytes_of_texts(texts, count));
    char *at = put_scalars(first, credit);
    for (size_t i = 0; i < count; i++)
        at = put_text(at, texts[i]);
    scratch->length = (size_t)(at - first);
    if (credit->amounts.count || credit->lines.count || credit->attributes.count)
        shape_append_content(&lists, credit, scratch);
    uint64_t hash = content_hash(buffer_slice(scratch));
    return hash == 0 ? 1 : (int64_t)hash;
}
