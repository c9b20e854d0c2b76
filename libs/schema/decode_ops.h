/* Decoding: the operations that our own schemas need. Internal to libs/schema.
 *
 * They are written once, to be compiled into two things: the loop (decode.c), where `op` is what
 * comes next, and the programs that the build knows (known.h), where it is a constant and most of
 * an operation falls away. What is seldom stands in decode_slow.c and is called.
 *
 * Every function reads from `at`, never at or beyond run->end, and returns where the next one reads
 * from, or NULL after decode_fail(). */
#ifndef MILEPOST_SCHEMA_DECODE_OPS_H
#define MILEPOST_SCHEMA_DECODE_OPS_H

#include "base/utf8.h"
#include "schema/decoder.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "read_decimal loads a word");

/* Of a text whose length takes one byte, and the bytes looked at to read one. */
enum { SHORT_TEXT_MAX = 15, SHORT_TEXT_READ = 1 + 16 };

struct decode_run {
    const uint8_t *end;
    const uint8_t *roomy; /* up to here SHORT_TEXT_READ bytes may be looked at; NULL: nowhere */
    struct arena *arena;
    const struct program *program;
    uint32_t depth;
    uint32_t empty_items; /* of DECODE_EMPTY_ITEMS_MAX */
    enum status status;
    const struct op *failed;
    const uint8_t *failed_at;
    const char *reason;
};

#define INLINE      static inline __attribute__((always_inline))
#define FIELD(type) ((type *)(void *)(base + op->offset))

/* --- decode_slow.c --- */

const uint8_t *decode_fail(struct decode_run *run, const struct op *op, const uint8_t *at,
                           const char *reason);
const uint8_t *decode_full(struct decode_run *run, const struct op *op, const uint8_t *at);

/* An Avro long. NULL without decode_fail(): the caller says what it was. */
const uint8_t *decode_varint(const struct decode_run *run, const uint8_t *at, int64_t *out);

/* The same, any or of 32 bits, as an enum's index, and as a length of bytes that are there; with
 * decode_fail(). */
const uint8_t *decode_whole(struct decode_run *run, const struct op *op, const uint8_t *at,
                            int64_t *out);
const uint8_t *decode_int(struct decode_run *run, const struct op *op, const uint8_t *at,
                          int64_t *out);
const uint8_t *decode_index(struct decode_run *run, const struct op *op, const uint8_t *at,
                            uint32_t *out);
const uint8_t *decode_length(struct decode_run *run, const struct op *op, const uint8_t *at,
                             size_t *out);

extern const char decode_no_branch[];

/* Whether a union of two takes branch `count`; true when it fails. */
const uint8_t *decode_branch(struct decode_run *run, const struct op *op, const uint8_t *at,
                             bool *out_is_counted);

DECODE_BODY(decode_any_text);
DECODE_BODY(decode_any_int);
DECODE_BODY(decode_any_long);
DECODE_BODY(decode_any_decimal);
DECODE_BODY(decode_any_symbol);

/* A block's items: how many, and how many bytes when the writer says so, else -1. */
struct block {
    size_t count;
    int64_t bytes;
};
const uint8_t *decode_block(struct decode_run *run, const struct op *op, const uint8_t *at,
                            struct block *out);

/* Room for `more` items of `size` behind those in `list`; NULL: the arena is full. */
char *decode_reserve(struct decode_run *run, struct list *list, size_t *capacity, size_t more,
                     size_t size);

/* Refuses a key that stands twice: it would leave it to the reader which value holds. */
DECODE_BODY(decode_check_keys);

/* --- values --- */

INLINE DECODE_BODY(read_text)
{
    /* Bits 1 to 4 are a length up to SHORT_TEXT_MAX. */
    if (__builtin_expect(at > run->roomy || *at & 0xe1, 0))
        return decode_any_text(run, op, at, base);
    size_t length = *at / 2;
    if (__builtin_expect(!utf8_is_short_ascii(at + 1, length), 0))
        return decode_any_text(run, op, at, base);
    *FIELD(struct slice) = (struct slice){(const char *)at + 1, length};
    return at + 1 + length;
}

INLINE DECODE_BODY(read_bytes)
{
    size_t length = 0;
    const uint8_t *bytes = decode_length(run, op, at, &length);
    if (!bytes)
        return NULL;
    *FIELD(struct slice) = (struct slice){(const char *)bytes, length};
    return bytes + length;
}

INLINE DECODE_BODY(read_bool)
{
    if (at == run->end)
        return decode_fail(run, op, at, "cut short");
    if (*at > 1)
        return decode_fail(run, op, at, "a boolean that is neither 0 nor 1");
    *FIELD(bool) = *at;
    return at + 1;
}

INLINE bool is_one_byte(const struct decode_run *run, const uint8_t *at)
{
    return __builtin_expect(at < run->end && *at < 0x80, 1);
}

/* The number that a varint of one byte is. */
INLINE int32_t one_byte(uint8_t byte)
{
    return (byte >> 1) ^ -(byte & 1);
}

INLINE DECODE_BODY(read_int)
{
    if (!is_one_byte(run, at))
        return decode_any_int(run, op, at, base);
    *FIELD(int32_t) = one_byte(*at);
    return at + 1;
}

INLINE DECODE_BODY(read_long)
{
    if (!is_one_byte(run, at))
        return decode_any_long(run, op, at, base);
    *FIELD(int64_t) = one_byte(*at);
    return at + 1;
}

INLINE DECODE_BODY(read_symbol)
{
    if (!is_one_byte(run, at) || *at & 1 || *at / 2u >= op->count)
        return decode_any_symbol(run, op, at, base);
    *FIELD(int32_t) = *at / 2;
    return at + 1;
}

/* Up to 8 bytes with as many readable behind them: one load. */
INLINE DECODE_BODY(read_decimal)
{
    if (__builtin_expect(run->end - at < 9 || *at > 16 || *at == 0 || *at & 1, 0))
        return decode_any_decimal(run, op, at, base);
    uint64_t word;
    memcpy(&word, at + 1, sizeof word);
    FIELD(struct decimal)->units = (int64_t)__builtin_bswap64(word) >> (64 - 4 * *at);
    return at + 1 + *at / 2;
}

/* --- unions of two, and presence --- */

INLINE const uint8_t *read_branch(struct decode_run *run, const struct op *op, const uint8_t *at,
                                  bool *out_is_counted)
{
    if (__builtin_expect(at == run->end || *at & ~2, 0)) {
        bool is_counted = true; /* one of its own: what the caller has stays in a register */
        at = decode_branch(run, op, at, &is_counted);
        *out_is_counted = is_counted;
        return at;
    }
    *out_is_counted = *at == op->count * 2;
    return at + 1;
}

INLINE DECODE_BODY(set_present)
{
    (void)run;
    *(bool *)(base + op->presence) = true;
    return at;
}

INLINE const uint8_t *read_optional(struct decode_run *run, const struct op *op,
                                    const struct op **next, const uint8_t *at, char *base)
{
    bool is_null;
    at = read_branch(run, op, at, &is_null);
    if (is_null)
        *next = op + op->next;
    else if (op->presence >= 0)
        *(bool *)(base + op->presence) = true;
    return at;
}

INLINE DECODE_BODY(read_optional_text)
{
    bool is_null;
    at = read_branch(run, op, at, &is_null);
    return is_null ? at : read_text(run, op, at, base);
}

INLINE DECODE_BODY(read_either)
{
    bool is_text;
    at = read_branch(run, op, at, &is_text);
    if (!at)
        return NULL;
    if (is_text)
        return read_text(run, op, at, base + offsetof(struct text_or_decimal, text));
    FIELD(struct text_or_decimal)->is_decimal = true;
    return read_decimal(run, op, at, base + offsetof(struct text_or_decimal, decimal));
}

/* --- lists and maps --- */

/* Most are: one byte, and the struct is as it should be. */
INLINE bool is_empty(const struct decode_run *run, const struct op *op, const uint8_t *at,
                     const char *base)
{
    (void)op;
    (void)base;
    return at < run->end && *at == 0;
}

INLINE const uint8_t *pass_empty(const uint8_t *at)
{
    return at + 1;
}

/* Few items, without their size: one byte. */
INLINE const uint8_t *read_block(struct decode_run *run, const struct op *op, const uint8_t *at,
                                 struct block *out)
{
    if (at < run->end && !(*at & 0x81) && op->count &&
        *at / 2u * op->count < (size_t)(run->end - at)) {
        *out = (struct block){*at / 2u, -1};
        return at + 1;
    }
    struct block block;
    at = decode_block(run, op, at, &block);
    *out = block;
    return at;
}

/* A list or map, each item by `body`. */
INLINE const uint8_t *read_items(struct decode_run *run, const struct op *op, const uint8_t *at,
                                 char *base, DECODE_BODY((*body)))
{
    struct list list = {0};
    size_t capacity = 0;
    for (;;) {
        struct block block = {0};
        const uint8_t *items = read_block(run, op, at, &block);
        if (!items)
            return NULL;
        at = items;
        if (block.count == 0)
            break;
        char *item = decode_reserve(run, &list, &capacity, block.count, op->size);
        if (!item)
            return decode_full(run, op, at);
        for (size_t i = 0; i < block.count; i++, item += op->size) {
            memset(item, 0, op->size);
            at = body(run, op + 1, at, item);
            if (!at)
                return NULL;
        }
        if (block.bytes >= 0 && at != items + block.bytes)
            return decode_fail(run, op, at, "a block whose size is not what it says");
        list.count += block.count;
    }
    *FIELD(struct list) = list;
    return op->code == OP_MAP ? decode_check_keys(run, op, at, base) : at;
}

/* --- what is passed on as it came --- */

INLINE DECODE_BODY(begin_encoded)
{
    (void)run;
    FIELD(struct slice)->bytes = (const char *)at;
    return at;
}

INLINE DECODE_BODY(end_encoded)
{
    (void)run;
    struct slice *encoded = FIELD(struct slice);
    encoded->length = (size_t)((const char *)at - encoded->bytes);
    return at;
}

#endif
