#include "engine/deal_credits.h"

#include "engine/other_shares.h"

#include <stdio.h>

struct slice deal_book(struct slice deal_id, struct arena *scratch)
{
    struct slice kind = SLICE("deal:");
    char *text = arena_take_raw(scratch, kind.length + deal_id.length);
    if (!text)
        return (struct slice){NULL, 0};
    memcpy(text, kind.bytes, kind.length);
    memcpy(text + kind.length, deal_id.bytes, deal_id.length);
    return (struct slice){text, kind.length + deal_id.length};
}

static bool lines_total(const struct deal *deal)
{
    if (deal->lines.count == 0)
        return true;
    int128 total = 0;
    for (size_t i = 0; i < deal->lines.count; i++) {
        const struct deal_line *line = (const struct deal_line *)deal->lines.items + i;
        if (__builtin_add_overflow(total, line->amount.units, &total))
            return false;
    }
    return total == deal->amount.units;
}

/* How often (participant, role) stands among the first `count` participants. */
static int count_before(const struct deal_participant *participants, size_t count,
                        const struct deal_participant *one)
{
    int times = 0;
    for (size_t i = 0; i < count; i++)
        times += slice_equal(participants[i].participant, one->participant) &&
                 slice_equal(participants[i].role, one->role);
    return times;
}

/* The role, with `/2` behind it when it stands a second time; bytes NULL when the scratch is full.
 */
static struct slice row_name(struct slice role, int before, struct arena *scratch)
{
    if (before == 0)
        return role;
    size_t capacity = role.length + 16;
    char *text = arena_take(scratch, capacity);
    if (!text)
        return (struct slice){NULL, 0};
    int length = snprintf(text, capacity, "%.*s/%d", SLICE_ARGS(role), before + 1);
    return (struct slice){text, (size_t)length};
}

struct slice participant_row(const struct deal_participant *participants, size_t index,
                             struct arena *scratch)
{
    int before = count_before(participants, index, &participants[index]);
    return row_name(participants[index].role, before, scratch);
}

/* `out` is zeroed. */
static void set_deal(struct credit *out, const struct deal *deal, struct slice book,
                     const struct cause *cause)
{
    out->book = book;
    out->kind = CREDIT_DEAL;
    out->status = deal->status;
    out->closed_at = deal->closed_at;
    out->has_cancelled_at = deal->has_cancelled_at;
    out->cancelled_at = deal->cancelled_at;
    out->currency = deal->currency;
    out->amount = deal->amount;
    out->amounts = deal->amounts;
    out->has_quantity = deal->has_quantity;
    out->quantity = deal->quantity;
    out->customer_id = deal->customer_id;
    out->territory = deal->territory;
    out->deal_type = deal->deal_type;
    out->lines = deal->lines;
    out->attributes = deal->attributes;
    out->cause = *cause;
}

struct credit deal_withdrawn_credit(const struct deal *deal, struct slice book,
                                    const struct cause *cause)
{
    return (struct credit){
        .book = book,
        .is_withdrawn = true,
        .kind = CREDIT_DEAL,
        .role = SLICE(""),
        .status = deal->status,
        .closed_at = deal->closed_at,
        .currency = deal->currency,
        .cause = credit_short_cause(cause, deal->deal_id),
    };
}

struct slice deal_waits(const struct deal *deal, const struct crediting_rules *rules,
                        const struct list *participants)
{
    if (participants->count == 0)
        return SLICE("names-nobody");
    if (rules && !crediting_rules_allow(rules, participants, NULL))
        return SLICE("splits-differ");
    if (!lines_total(deal))
        return SLICE("lines-differ");
    return (struct slice){NULL, 0};
}

enum status deal_credits(const struct deal *deal, const struct deal_course *course,
                         const struct cause *cause, const struct crediting_rules *rules,
                         struct arena *scratch, struct deal_credits *out)
{
    *out = (struct deal_credits){0};
    if (deal->status == DEAL_OPEN)
        return STATUS_OK;
    struct slice waits = deal_waits(deal, rules, &deal->participants);
    size_t count = deal->participants.count;
    struct slice book = deal_book(deal->deal_id, scratch);
    struct credit *credits = arena_take_array(scratch, count, sizeof *credits);
    if (!book.bytes || !credits)
        return STATUS_EXHAUSTED;
    const struct deal_participant *participants = deal->participants.items;
    const struct cause brief = credit_short_cause(cause, deal->deal_id);
    for (size_t i = 0; i < count; i++) {
        set_deal(&credits[i], deal, book, &brief);
        credits[i].target = participants[i].participant;
        credits[i].row = participant_row(participants, i, scratch);
        credits[i].role = participants[i].role;
        credits[i].share = participants[i].share;
        credits[i].waits = waits;
        if (course)
            course_put(course, &credits[i]);
        if (!credits[i].row.bytes)
            return STATUS_EXHAUSTED;
    }
    *out = (struct deal_credits){.credits = {count ? credits : NULL, count}, .waits = waits};
    return rules && rules->divides_bounties
               ? other_shares_put(&deal->participants, rules, scratch, credits)
               : STATUS_OK;
}
