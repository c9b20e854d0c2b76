/* Decoding: what is seldom in operations that are common, and how a message is refused. */
#include "schema/codec.h"
#include "schema/decimal_bytes.h"
#include "schema/decode_ops.h"
#include "schema/map_keys.h"

static const char no_number[] = "no whole number, or cut short";
const char decode_no_branch[] = "a union branch that its schema does not have";
static const char too_long[] = "its length is beyond the end of the message";

/* --- refusing --- */

__attribute__((cold)) const uint8_t *decode_fail(struct decode_run *run, const struct op *op,
                                                 const uint8_t *at, const char *reason)
{
    run->status = STATUS_INVALID;
    run->failed = op;
    run->failed_at = at;
    run->reason = reason;
    return NULL;
}

__attribute__((cold)) const uint8_t *decode_full(struct decode_run *run, const struct op *op,
                                                 const uint8_t *at)
{
    decode_fail(run, op, at, "the arena is full");
    run->status = STATUS_EXHAUSTED;
    return NULL;
}

/* --- whole numbers --- */

static int64_t unzigzag(uint64_t value)
{
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

static const uint8_t *varint_by_bytes(const uint8_t *at, const uint8_t *end, uint64_t *out)
{
    uint64_t value = 0;
    for (unsigned shift = 0; at < end; shift += 7) {
        uint8_t byte = *at++;
        if (shift == 63 && byte > 1)
            return NULL;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *out = value;
            return at;
        }
    }
    return NULL;
}

/* The low seven bits of each byte side by side: pairs, then fours, then all eight. */
static uint64_t join_sevens(uint64_t word)
{
    word = (word & 0x007f007f007f007fu) | (word & 0x7f007f007f007f00u) >> 1;
    word = (word & 0x00003fff00003fffu) | (word & 0x3fff00003fff0000u) >> 2;
    return (word & 0x000000000fffffffu) | (word & 0x0fffffff00000000u) >> 4;
}

const uint8_t *decode_varint(const struct decode_run *run, const uint8_t *at, int64_t *out)
{
    uint64_t value = 0;
    uint64_t word = 0;
    uint64_t ends = 0; /* the high bit of each byte that may be the last */
    if (run->end - at >= 8) {
        memcpy(&word, at, sizeof word);
        ends = ~word & 0x8080808080808080u;
    }
    if (ends) {
        *out = unzigzag(join_sevens(word & (ends ^ (ends - 1))));
        return at + __builtin_ctzll(ends) / 8 + 1;
    }
    at = varint_by_bytes(at, run->end, &value);
    *out = unzigzag(value);
    return at;
}

const uint8_t *decode_whole(struct decode_run *run, const struct op *op, const uint8_t *at,
                            int64_t *out)
{
    const uint8_t *after = decode_varint(run, at, out);
    return after ? after : decode_fail(run, op, at, no_number);
}

const uint8_t *decode_int(struct decode_run *run, const struct op *op, const uint8_t *at,
                          int64_t *out)
{
    const uint8_t *after = decode_whole(run, op, at, out);
    return !after || *out == (int32_t)*out ? after
                                           : decode_fail(run, op, at, "an int beyond 32 bits");
}

const uint8_t *decode_length(struct decode_run *run, const struct op *op, const uint8_t *at,
                             size_t *out)
{
    int64_t length = 0;
    bool is_short = at < run->end && !(*at & 0x81);
    const uint8_t *bytes = is_short ? at + 1 : decode_whole(run, op, at, &length);
    if (!bytes)
        return NULL;
    if (is_short)
        length = *at / 2;
    if (length < 0 || length > run->end - bytes)
        return decode_fail(run, op, at, too_long);
    *out = (size_t)length;
    return bytes;
}

const uint8_t *decode_branch(struct decode_run *run, const struct op *op, const uint8_t *at,
                             bool *out_is_counted)
{
    int64_t branch;
    const uint8_t *after = decode_varint(run, at, &branch);
    if (!after || branch < 0 || branch > 1)
        return decode_fail(run, op, at, decode_no_branch);
    *out_is_counted = branch == (int64_t)op->count;
    return after;
}

/* --- values --- */

DECODE_BODY(decode_any_text)
{
    size_t length = 0;
    const uint8_t *bytes = decode_length(run, op, at, &length);
    if (!bytes)
        return NULL;
    if (!utf8_is_valid(bytes, length))
        return decode_fail(run, op, at, "not UTF-8");
    *FIELD(struct slice) = (struct slice){(const char *)bytes, length};
    return bytes + length;
}

DECODE_BODY(decode_any_int)
{
    int64_t value;
    const uint8_t *after = decode_int(run, op, at, &value);
    if (!after)
        return NULL;
    *FIELD(int32_t) = (int32_t)value;
    return after;
}

DECODE_BODY(decode_any_long)
{
    int64_t value;
    const uint8_t *after = decode_whole(run, op, at, &value);
    if (!after)
        return NULL;
    *FIELD(int64_t) = value;
    return after;
}

const uint8_t *decode_index(struct decode_run *run, const struct op *op, const uint8_t *at,
                            uint32_t *out)
{
    int64_t index;
    const uint8_t *after = decode_whole(run, op, at, &index);
    if (!after)
        return NULL;
    if (index < 0 || index >= (int64_t)op->count)
        return decode_fail(run, op, at, "an enum index that its schema does not have");
    *out = (uint32_t)index;
    return after;
}

DECODE_BODY(decode_any_symbol)
{
    uint32_t index;
    const uint8_t *after = decode_index(run, op, at, &index);
    if (!after)
        return NULL;
    *FIELD(int32_t) = (int32_t)index;
    return after;
}

/* At most 8 bytes. */
static int64_t short_units(const uint8_t *bytes, size_t length)
{
    uint64_t value = bytes[0] & 0x80 ? ~(uint64_t)0 : 0;
    for (size_t i = 0; i < length; i++)
        value = value << 8 | bytes[i];
    return (int64_t)value;
}

DECODE_BODY(decode_any_decimal)
{
    size_t length = 0;
    const uint8_t *bytes = decode_length(run, op, at, &length);
    if (!bytes)
        return NULL;
    if (length == 0)
        return decode_fail(run, op, at, "a decimal without bytes");
    int128 units = 0;
    if (length <= 8)
        units = short_units(bytes, length);
    else if (!decimal_bytes_read(bytes, length, &units) || decimal_rescale(&units, 0))
        return decode_fail(run, op, at, decimal_too_large);
    FIELD(struct decimal)->units = units;
    return bytes + length;
}

/* --- lists and maps --- */

/* A list whose items take `least` bytes each cannot have more of them than bytes are left. */
const uint8_t *decode_block(struct decode_run *run, const struct op *op, const uint8_t *at,
                            struct block *out)
{
    int64_t count;
    int64_t bytes = -1;
    const uint8_t *after = decode_whole(run, op, at, &count);
    if (!after)
        return NULL;
    if (count < 0) {
        after = decode_varint(run, after, &bytes);
        if (!after || bytes < 0 || bytes > run->end - after)
            return decode_fail(run, op, at, too_long);
        if (count == INT64_MIN)
            return decode_fail(run, op, at, "a count that has no opposite");
        count = -count;
    }
    uint64_t left = (uint64_t)(run->end - after);
    if (op->count > 0 && (uint64_t)count > left / op->count)
        return decode_fail(run, op, at, "more items than bytes are left");
    if (op->count == 0) {
        if (count > DECODE_EMPTY_ITEMS_MAX - run->empty_items)
            return decode_fail(run, op, at, "too many items that take no bytes");
        run->empty_items += (uint32_t)count;
    }
    *out = (struct block){(size_t)count, bytes};
    return after;
}

char *decode_reserve(struct decode_run *run, struct list *list, size_t *capacity, size_t more,
                     size_t size)
{
    if (*capacity - list->count < more) {
        size_t wanted = list->count + more;
        size_t bytes;
        if (list->count > 0 && wanted < 2 * list->count)
            wanted = 2 * list->count; /* Many small blocks stay linear. */
        char *items =
            __builtin_mul_overflow(wanted, size, &bytes) ? NULL : arena_take_raw(run->arena, bytes);
        if (!items)
            return NULL;
        if (list->count)
            memcpy(items, list->items, list->count * size);
        list->items = items;
        *capacity = wanted;
    }
    return (char *)list->items + list->count * size;
}

DECODE_BODY(decode_check_keys)
{
    bool has_twin;
    if (map_keys_find_twin(FIELD(struct list), op->size, run->arena, &has_twin))
        return decode_full(run, op, at);
    return has_twin ? decode_fail(run, op, at, "a map with one key twice") : at;
}
