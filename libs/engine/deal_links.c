#include "engine/deal_links.h"

#include "engine/credit_content.h"
#include "engine/deal_credits.h"

static struct link *find_link(const struct list *links, struct slice target, struct slice row)
{
    for (size_t i = 0; i < links->count; i++) {
        struct link *link = (struct link *)links->items + i;
        if (slice_equal(link->target, target) && slice_equal(link->row, row))
            return link;
    }
    return NULL;
}

static const struct credit *find_credit(const struct list *credits, const struct link *link)
{
    for (size_t i = 0; i < credits->count; i++) {
        const struct credit *credit = (const struct credit *)credits->items + i;
        if (slice_equal(credit->target, link->target) && slice_equal(credit->row, link->row))
            return credit;
    }
    return NULL;
}

bool links_agree(const struct list *links, const struct list *credits, struct buffer *content)
{
    for (size_t i = 0; i < credits->count; i++) {
        const struct credit *credit = (const struct credit *)credits->items + i;
        const struct link *link = find_link(links, credit->target, credit->row);
        if (!link || link->content != credit_content(credit, content))
            return false;
    }
    for (size_t i = 0; i < links->count; i++) {
        const struct link *link = (const struct link *)links->items + i;
        if (link->content != 0 && !find_credit(credits, link))
            return false;
    }
    return true;
}

/* Writes the row when it differs from its link, and notes it there. */
static enum status write_credit(const struct links_context *context, const struct credit *credit,
                                struct list *links)
{
    int64_t hash = credit_content(credit, context->content);
    struct link *link = find_link(links, credit->target, credit->row);
    if (link && link->content == hash)
        return STATUS_OK;
    enum status status = context->outbox->credit(context->outbox->self, credit);
    if (status)
        return status;
    if (!link) {
        link = (struct link *)links->items + links->count++;
        *link = (struct link){credit->target, credit->row, hash};
    }
    link->content = hash;
    return STATUS_OK;
}

static enum status withdraw(const struct links_context *context, struct link *link)
{
    struct credit credit;
    enum status status = context->withdrawn(context, &credit);
    if (status)
        return status;
    credit.target = link->target;
    credit.row = link->row;
    status = context->outbox->credit(context->outbox->self, &credit);
    if (status)
        return status;
    link->content = 0;
    return STATUS_OK;
}

enum status links_write(const struct links_context *context, const struct list *links,
                        const struct list *credits, struct list *out_links)
{
    size_t room = links->count + credits->count;
    struct link *items = arena_take_raw(context->scratch, room * sizeof *items);
    if (!items)
        return STATUS_EXHAUSTED;
    if (links->count)
        memcpy(items, links->items, links->count * sizeof *items);
    struct list now = {items, links->count};
    for (size_t i = 0; i < credits->count; i++) {
        enum status status = write_credit(context, (const struct credit *)credits->items + i, &now);
        if (status)
            return status;
    }
    for (size_t i = 0; i < links->count; i++) {
        if (items[i].content == 0 || find_credit(credits, &items[i]))
            continue;
        enum status status = withdraw(context, &items[i]);
        if (status)
            return status;
    }
    *out_links = now;
    return STATUS_OK;
}

/* --- links as a row has them --- */

enum { CONTENT_BYTES = 8 };

static bool is_same_text(struct slice a, struct slice b)
{
    return (a.bytes == b.bytes && a.length == b.length) || slice_equal(a, b);
}

static bool are_of_participants(const struct deal *deal, const struct list *links)
{
    if (links->count == 0 || links->count != deal->participants.count)
        return false;
    const struct deal_participant *participants = deal->participants.items;
    for (size_t i = 0; i < links->count; i++) {
        const struct link *link = (const struct link *)links->items + i;
        if (!is_same_text(link->target, participants[i].participant) ||
            !is_same_text(link->row, participants[i].role))
            return false;
    }
    return true;
}

enum status links_fold(struct deal_row *row, struct arena *scratch)
{
    row->contents = SLICE("");
    if (!are_of_participants(&row->deal, &row->links))
        return STATUS_OK;
    unsigned char *bytes = arena_take_raw(scratch, row->links.count * CONTENT_BYTES);
    if (!bytes)
        return STATUS_EXHAUSTED;
    for (size_t i = 0; i < row->links.count; i++) {
        uint64_t content = (uint64_t)((const struct link *)row->links.items)[i].content;
        for (size_t k = 0; k < CONTENT_BYTES; k++)
            bytes[i * CONTENT_BYTES + k] = (unsigned char)(content >> (8 * k));
    }
    row->contents = (struct slice){(const char *)bytes, row->links.count * CONTENT_BYTES};
    row->links = (struct list){NULL, 0};
    return STATUS_OK;
}

enum status links_unfold(struct deal_row *row, struct arena *scratch, char *detail)
{
    size_t count = row->contents.length / CONTENT_BYTES;
    if (count == 0)
        return STATUS_OK;
    if (count != row->deal.participants.count || row->links.count > 0) {
        say(detail, "deal %.*s: %zu contents for %zu participants", SLICE_ARGS(row->deal.deal_id),
            count, row->deal.participants.count);
        return STATUS_CORRUPT;
    }
    struct link *links = arena_take_array(scratch, count, sizeof *links);
    if (!links)
        return STATUS_EXHAUSTED;
    const struct deal_participant *participants = row->deal.participants.items;
    const unsigned char *bytes = (const unsigned char *)row->contents.bytes;
    for (size_t i = 0; i < count; i++) {
        uint64_t content = 0;
        for (size_t k = 0; k < CONTENT_BYTES; k++)
            content |= (uint64_t)bytes[i * CONTENT_BYTES + k] << (8 * k);
        links[i] =
            (struct link){participants[i].participant, participants[i].role, (int64_t)content};
    }
    row->links = (struct list){links, count};
    row->contents = SLICE("");
    return STATUS_OK;
}
