#include "engine/credit_content.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

static const struct shape_field list_fields[] = {
    SHAPE_NESTED(struct credit, amounts, SHAPE_MAP, &named_decimal_shape),
    SHAPE_NESTED(struct credit, lines, SHAPE_LIST, &deal_line_shape),
    SHAPE_NESTED(struct credit, attributes, SHAPE_MAP, &attribute_shape),
};
static const struct shape lists = SHAPE_OF(credit, "CreditLists", list_fields);

static const struct shape_field course_fields[] = {
    SHAPE_NESTED(struct credit, cash, SHAPE_LIST, &cash_shape),
    SHAPE_NESTED(struct credit, reached, SHAPE_LIST, &reached_shape),
    SHAPE_NESTED(struct credit, other_shares, SHAPE_LIST, &other_share_shape),
};
static const struct shape course = SHAPE_OF(credit, "CreditCourse", course_fields);

/* What every credit has, and nearly all have in 64 bits; `present` says what more is hashed. */
struct scalars {
    int64_t share;
    int64_t amount;
    int64_t closed_at;
    uint16_t kind;
    uint16_t status;
    uint32_t present;
};
_Static_assert(sizeof(struct scalars) == 4 * 8, "all of it is hashed");

/* What few have, without padding. */
struct more_scalars {
    int128 share;
    int128 amount;
    int128 quantity;
    int128 percent_complete;
    int128 contract_value;
    int64_t cancelled_at;
    int64_t approved_at;
    int64_t level;
    int64_t zero;
};
_Static_assert(sizeof(struct more_scalars) == 5 * 16 + 4 * 8, "all of it is hashed");

/* What rows of events have. */
struct event_scalars {
    int128 own_share;
    int128 deal_amount;
    int64_t deal_closed_at;
    int64_t zero;
};
_Static_assert(sizeof(struct event_scalars) == 2 * 16 + 2 * 8, "all of it is hashed");

/* Of `present`, behind a bit for each has_. */
enum {
    HAS_MORE = 1 << 6,
    HAS_LISTS = 1 << 7,
    HAS_EVENT = 1 << 8,
    HAS_OWN_SHARE = 1 << 9,
    HAS_DEAL_AMOUNT = 1 << 10,
    HAS_COURSE = 1 << 11,
};

static bool is_wide(struct decimal value)
{
    return value.units != (int64_t)value.units;
}

/* Of what few rows have. */
static uint32_t present_in_more(const struct credit *credit)
{
    uint32_t present = (uint32_t)(credit->has_approved_at << 2 | credit->has_percent_complete << 3 |
                                  credit->has_contract_value << 4);
    if (present || credit->level)
        present |= HAS_MORE;
    if (credit->has_own_share || credit->has_deal_closed_at || credit->has_deal_amount)
        present |= (uint32_t)(HAS_EVENT | (credit->has_own_share ? HAS_OWN_SHARE : 0) |
                              (credit->has_deal_amount ? HAS_DEAL_AMOUNT : 0));
    if (credit->cash.count || credit->reached.count || credit->other_shares.count)
        present |= HAS_COURSE;
    return present;
}

static uint32_t present_in(const struct credit *credit)
{
    uint32_t present = (uint32_t)(credit->has_cancelled_at | credit->has_quantity << 1);
    if (present || is_wide(credit->share) || is_wide(credit->amount))
        present |= HAS_MORE;
    if (credit->amounts.count || credit->lines.count || credit->attributes.count)
        present |= HAS_LISTS;
    return credit->has_more ? present | present_in_more(credit) : present;
}

static uint64_t hash_scalars(const struct credit *credit, uint32_t present)
{
    const struct scalars scalars = {
        .share = (int64_t)credit->share.units,
        .amount = (int64_t)credit->amount.units,
        .closed_at = credit->closed_at,
        .kind = (uint16_t)credit->kind,
        .status = (uint16_t)credit->status,
        .present = present,
    };
    return XXH3_64bits(&scalars, sizeof scalars);
}

static uint64_t hash_more(const struct credit *credit, uint64_t hash)
{
    const struct more_scalars scalars = {
        .share = credit->share.units,
        .amount = credit->amount.units,
        .quantity = credit->quantity.units,
        .percent_complete = credit->percent_complete.units,
        .contract_value = credit->contract_value.units,
        .cancelled_at = credit->cancelled_at,
        .approved_at = credit->approved_at,
        .level = credit->level,
    };
    return XXH3_64bits_withSeed(&scalars, sizeof scalars, hash);
}

static uint64_t hash_event(const struct credit *credit, uint64_t hash)
{
    const struct event_scalars scalars = {
        .own_share = credit->own_share.units,
        .deal_amount = credit->deal_amount.units,
        .deal_closed_at = credit->deal_closed_at,
    };
    return XXH3_64bits_withSeed(&scalars, sizeof scalars, hash);
}

/* A text that is there, under its number: so an absent one differs from any other. */
static uint64_t hash_text(struct slice text, uint64_t number, uint64_t hash)
{
    return text.bytes ? XXH3_64bits_withSeed(text.bytes, text.length, hash + number) : hash;
}

static uint64_t hash_texts(const struct credit *credit, uint64_t hash)
{
    hash = hash_text(credit->waits, 1, hash);
    hash = hash_text(credit->role, 2, hash);
    hash = hash_text(credit->currency, 3, hash);
    hash = hash_text(credit->customer_id, 4, hash);
    hash = hash_text(credit->territory, 5, hash);
    hash = hash_text(credit->deal_type, 6, hash);
    hash = hash_text(credit->milestone, 7, hash);
    hash = hash_text(credit->phase, 8, hash);
    return hash_text(credit->edge, 9, hash);
}

static uint64_t hash_lists(const struct shape *shape, const struct credit *credit,
                           struct buffer *scratch, uint64_t hash)
{
    buffer_reset(scratch);
    shape_append_content(shape, credit, scratch);
    return XXH3_64bits_withSeed(scratch->bytes, scratch->length, hash);
}

/* Each piece is hashed with the hash of those before it as its seed. */
int64_t credit_content(const struct credit *credit, struct buffer *scratch)
{
    if (credit->is_withdrawn)
        return 0;
    uint32_t present = present_in(credit);
    uint64_t hash = hash_texts(credit, hash_scalars(credit, present));
    if (present & HAS_MORE)
        hash = hash_more(credit, hash);
    if (present & HAS_EVENT)
        hash = hash_event(credit, hash);
    if (present & HAS_LISTS)
        hash = hash_lists(&lists, credit, scratch, hash);
    if (present & HAS_COURSE)
        hash = hash_lists(&course, credit, scratch, hash);
    return hash == 0 ? 1 : (int64_t)hash;
}
