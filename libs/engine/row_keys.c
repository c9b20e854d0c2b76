#include "engine/row_keys.h"

static void begin(struct buffer *out, struct slice kind, struct slice id, char letter)
{
    buffer_reset(out);
    char *at = buffer_reserve(out, kind.length + id.length + 2);
    memcpy(at, kind.bytes ? kind.bytes : "", kind.length);
    memcpy(at + kind.length, id.bytes ? id.bytes : "", id.length);
    at[kind.length + id.length] = '\0';
    at[kind.length + id.length + 1] = letter;
    out->length = kind.length + id.length + 2;
}

static void append_part(struct buffer *out, struct slice part)
{
    buffer_append_byte(out, '\0');
    buffer_append_slice(out, part);
}

struct slice key_of_deal(struct buffer *out, struct slice deal_id)
{
    begin(out, SLICE("deal:"), deal_id, 'd');
    return buffer_slice(out);
}

struct slice key_of_milestone(struct buffer *out, struct slice deal_id, struct slice milestone_id)
{
    if (deal_id.length)
        begin(out, SLICE("deal:"), deal_id, 'm');
    else
        begin(out, SLICE("milestone:"), milestone_id, 'm');
    buffer_append_slice(out, milestone_id);
    return buffer_slice(out);
}

struct slice key_of_payment(struct buffer *out, struct slice deal_id, struct slice payment_id)
{
    begin(out, SLICE("deal:"), deal_id, 'p');
    buffer_append_slice(out, payment_id);
    return buffer_slice(out);
}

struct slice key_of_control(struct buffer *out, struct slice kind, struct slice id, int64_t version)
{
    buffer_reset(out);
    buffer_append_slice(out, SLICE("control:"));
    buffer_append_slice(out, kind);
    buffer_append_byte(out, '/');
    buffer_append_slice(out, id);
    buffer_append(out, "\0v", 2);
    for (int shift = 56; shift >= 0; shift -= 8)
        buffer_append_byte(out, (char)(unsigned char)((uint64_t)version >> shift));
    return buffer_slice(out);
}

struct slice key_of_roster(struct buffer *out, struct slice participant, struct slice aspect)
{
    begin(out, SLICE(""), participant, 'a');
    buffer_append_slice(out, aspect);
    return buffer_slice(out);
}

struct slice key_of_credit(struct buffer *out, struct slice participant, struct slice book,
                           struct slice row)
{
    (void)key_of_credits(out, participant, book);
    buffer_append_slice(out, row);
    return buffer_slice(out);
}

struct slice key_of_credits(struct buffer *out, struct slice participant, struct slice book)
{
    begin(out, SLICE(""), participant, 'c');
    buffer_append_slice(out, book);
    buffer_append_byte(out, '\0');
    return buffer_slice(out);
}

struct slice key_of_emitted(struct buffer *out, struct slice participant, struct slice plan,
                            struct slice component, struct slice window)
{
    begin(out, SLICE(""), participant, 'e');
    buffer_append_slice(out, plan);
    append_part(out, component);
    append_part(out, window);
    return buffer_slice(out);
}

struct slice key_of_result(struct buffer *out, struct slice participant, struct slice result,
                           struct slice window)
{
    begin(out, SLICE(""), participant, 'r');
    buffer_append_slice(out, result);
    append_part(out, window);
    return buffer_slice(out);
}

struct slice key_of_adjustment(struct buffer *out, struct slice participant,
                               struct slice adjustment_id)
{
    begin(out, SLICE(""), participant, 'j');
    buffer_append_slice(out, adjustment_id);
    return buffer_slice(out);
}

struct slice key_of_book(struct buffer *out, struct slice book)
{
    buffer_reset(out);
    buffer_append_slice(out, book);
    buffer_append_byte(out, '\0');
    return buffer_slice(out);
}

struct slice key_behind_book(struct buffer *out, struct slice book)
{
    buffer_reset(out);
    buffer_append_slice(out, book);
    buffer_append_byte(out, '\1');
    return buffer_slice(out);
}

struct row_key row_key_parse(struct slice key)
{
    struct row_key parsed = {0};
    struct slice rest = slice_split(key, '\0', &parsed.book);
    if (!rest.bytes || rest.length == 0)
        return parsed;
    parsed.letter = rest.bytes[0];
    parsed.id = (struct slice){rest.bytes + 1, rest.length - 1};
    return parsed;
}

void row_key_parts(struct slice id, struct slice *out, size_t count)
{
    for (size_t i = 0; i + 1 < count; i++)
        id = slice_split(id, '\0', &out[i]);
    out[count - 1] = id;
}
