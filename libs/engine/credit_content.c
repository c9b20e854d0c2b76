#include "engine/credit_content.h"

#include <assert.h>

#include "base/copy.h"
#include "engine/row_io.h"

static const struct shape_field list_fields[] = {
    SHAPE_NESTED(struct credit, amounts, SHAPE_MAP, &named_decimal_shape),
    SHAPE_NESTED(struct credit, lines, SHAPE_LIST, &deal_line_shape),
    SHAPE_NESTED(struct credit, attributes, SHAPE_MAP, &attribute_shape),
};
static const struct shape lists = SHAPE_OF(credit, "CreditLists", list_fields);

/* What every credit has, in one piece without padding. */
struct scalars {
    int128 share;
    int128 amount;
    int128 quantity;
    int64_t closed_at;
    int64_t cancelled_at;
    int32_t kind;
    int32_t status;
    uint32_t present;
    uint32_t level;
};
_Static_assert(sizeof(struct scalars) == 3 * 16 + 2 * 8 + 4 * 4, "all of it is hashed");

/* What few have. */
struct more_scalars {
    int128 percent_complete;
    int128 contract_value;
    int128 cash_share;
    int64_t approved_at;
    int64_t unused;
};
_Static_assert(sizeof(struct more_scalars) == 3 * 16 + 2 * 8, "all of it is hashed");

enum { HAS_MORE = 1 << 30 }; /* of `present`: the second group and its texts follow */

static uint32_t present_in(const struct credit *credit)
{
    return (uint32_t)(credit->has_cancelled_at | credit->has_quantity << 1 |
                      credit->has_approved_at << 2 | credit->has_percent_complete << 3 |
                      credit->has_contract_value << 4 | credit->has_cash_share << 5);
}

static bool has_more(const struct credit *credit, uint32_t present)
{
    return present >> 2 || credit->milestone.bytes || credit->phase.bytes || credit->edge.bytes;
}

static char *put_text(char *at, struct slice text)
{
    uint16_t length = text.bytes ? (uint16_t)text.length : UINT16_MAX;
    assert(text.length < UINT16_MAX);
    memcpy(at, &length, sizeof length);
    at += sizeof length;
    copy_short(at, text.bytes, text.length);
    return at + text.length;
}

static char *put_texts(char *at, const struct slice *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        at = put_text(at, texts[i]);
    return at;
}

static size_t bytes_of_texts(const struct slice *texts, size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += sizeof(uint16_t) + texts[i].length;
    return bytes;
}

static void append_common(const struct credit *credit, uint32_t present, struct buffer *out)
{
    const struct scalars scalars = {
        .share = credit->share.units,
        .amount = credit->amount.units,
        .quantity = credit->quantity.units,
        .closed_at = credit->closed_at,
        .cancelled_at = credit->cancelled_at,
        .kind = credit->kind,
        .status = credit->status,
        .present = present,
        .level = (uint32_t)credit->level,
    };
    const struct slice texts[] = {credit->waits,       credit->role,      credit->currency,
                                  credit->customer_id, credit->territory, credit->deal_type};
    const size_t count = sizeof texts / sizeof texts[0];
    char *first = buffer_reserve(out, sizeof scalars + bytes_of_texts(texts, count));
    memcpy(first, &scalars, sizeof scalars);
    out->length += (size_t)(put_texts(first + sizeof scalars, texts, count) - first);
}

static void append_more(const struct credit *credit, struct buffer *out)
{
    const struct more_scalars scalars = {
        .percent_complete = credit->percent_complete.units,
        .contract_value = credit->contract_value.units,
        .cash_share = credit->cash_share.units,
        .approved_at = credit->approved_at,
    };
    const struct slice texts[] = {credit->milestone, credit->phase, credit->edge};
    char *first = buffer_reserve(out, sizeof scalars + bytes_of_texts(texts, 3));
    memcpy(first, &scalars, sizeof scalars);
    out->length += (size_t)(put_texts(first + sizeof scalars, texts, 3) - first);
}

int64_t credit_content(const struct credit *credit, struct buffer *scratch)
{
    if (credit->is_withdrawn)
        return 0;
    uint32_t present = present_in(credit);
    if (has_more(credit, present))
        present |= (uint32_t)HAS_MORE;
    buffer_reset(scratch);
    append_common(credit, present, scratch);
    if (present & (uint32_t)HAS_MORE)
        append_more(credit, scratch);
    if (credit->amounts.count || credit->lines.count || credit->attributes.count)
        shape_append_content(&lists, credit, scratch);
    uint64_t hash = content_hash(buffer_slice(scratch));
    return hash == 0 ? 1 : (int64_t)hash;
}
