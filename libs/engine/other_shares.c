#include "engine/other_shares.h"

/* Whether `one` takes it rather than the one before it in the list. */
static bool takes_from(enum split_remainder remainder, const struct deal_participant *one,
                       const struct deal_participant *before)
{
    switch (remainder) {
    case REMAINDER_LARGEST_SHARE:
        return one->share.units > before->share.units;
    case REMAINDER_SMALLEST_SHARE:
        return one->share.units < before->share.units;
    case REMAINDER_LAST:
        return true;
    case REMAINDER_FIRST:
    case SPLIT_REMAINDER_COUNT:
        break;
    }
    return false;
}

static enum status put_role(const struct deal_participant *participants, size_t count, size_t first,
                            enum split_remainder remainder, struct arena *scratch,
                            struct credit *credits)
{
    size_t taker = first;
    size_t others = 0;
    for (size_t i = first + 1; i < count; i++) {
        if (!slice_equal(participants[i].role, participants[first].role))
            continue;
        others++;
        if (takes_from(remainder, &participants[i], &participants[taker]))
            taker = i;
    }
    if (others == 0)
        return STATUS_OK;
    struct other_share *shares = arena_take_array(scratch, others, sizeof *shares);
    if (!shares)
        return STATUS_EXHAUSTED;
    others = 0;
    for (size_t i = first; i < count; i++) {
        if (i != taker && slice_equal(participants[i].role, participants[first].role))
            shares[others++] = (struct other_share){participants[i].share};
    }
    credits[taker].other_shares = (struct list){shares, others};
    credits[taker].has_more = true;
    return STATUS_OK;
}

static bool stands_before(const struct deal_participant *participants, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (slice_equal(participants[i].role, participants[index].role))
            return true;
    }
    return false;
}

enum status other_shares_put(const struct list *participants, const struct crediting_rules *rules,
                             struct arena *scratch, struct credit *credits)
{
    const struct deal_participant *items = participants->items;
    bool is_said = rules && rules->has_remainder;
    enum split_remainder remainder = is_said ? rules->remainder : REMAINDER_LARGEST_SHARE;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i + 1 < participants->count; i++) {
        if (!stands_before(items, i))
            status = put_role(items, participants->count, i, remainder, scratch, credits);
    }
    return status;
}
