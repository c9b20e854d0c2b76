/* Encoding: the operations, written once for the loop (encode.c) and for the programs that the
 * build knows (known.h). Internal to libs/schema.
 *
 * Where run->limit is ahead of `at`, or there, ROOM bytes can be put without asking. Texts, lists
 * and what was encoded before ask for themselves and leave ROOM behind them (a list all but a
 * byte of it); for what else is put the caller asks (encode_room). */
#ifndef MILEPOST_SCHEMA_ENCODE_OPS_H
#define MILEPOST_SCHEMA_ENCODE_OPS_H

#include <assert.h>

#include "schema/decoder.h"

enum { ROOM = 64, SHORT_COPY_MAX = 32 };

struct encode_run {
    struct buffer *out; /* its length is stale while a program runs: `at` counts */
    const struct program *program;
    uint8_t *limit; /* where ROOM bytes are still left */
};

#define INLINE      static inline __attribute__((always_inline))
#define FIELD(type) (*(const type *)(const void *)(base + op->offset))
#define ENCODE_FORK(name)                                                                          \
    uint8_t *name(struct encode_run *run, const struct op *op, const struct op **next,             \
                  uint8_t *at, const char *base)

/* --- encode_slow.c --- */

/* Room for `bytes` and ROOM more from `at` on; returns where `at` is now. */
uint8_t *encode_make_room(struct encode_run *run, uint8_t *at, size_t bytes);

uint8_t *encode_any_varint(uint8_t *at, uint64_t zigzag);
uint8_t *encode_any_bytes(struct encode_run *run, uint8_t *at, struct slice bytes);
uint8_t *encode_any_units(uint8_t *at, int128 units);

/* --- values --- */

INLINE uint8_t *encode_room(struct encode_run *run, uint8_t *at)
{
    return __builtin_expect(at > run->limit, 0) ? encode_make_room(run, at, 0) : at;
}

INLINE uint8_t *put_varint(uint8_t *at, int64_t value)
{
    uint64_t zigzag = ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
    if (__builtin_expect(zigzag >= 0x80, 0))
        return encode_any_varint(at, zigzag);
    *at = (uint8_t)zigzag;
    return at + 1;
}

/* memcpy of up to SHORT_COPY_MAX bytes, without the call: two pieces that overlap. */
INLINE void copy_short(uint8_t *to, const char *from, size_t length)
{
    if (length >= 16) {
        memcpy(to, from, 16);
        memcpy(to + length - 16, from + length - 16, 16);
    } else if (length >= 8) {
        memcpy(to, from, 8);
        memcpy(to + length - 8, from + length - 8, 8);
    } else if (length >= 4) {
        memcpy(to, from, 4);
        memcpy(to + length - 4, from + length - 4, 4);
    } else if (length > 0) {
        to[0] = (uint8_t)from[0];
        to[length / 2] = (uint8_t)from[length / 2];
        to[length - 1] = (uint8_t)from[length - 1];
    }
}

INLINE uint8_t *put_bytes(struct encode_run *run, uint8_t *at, struct slice bytes)
{
    bool is_short = bytes.length <= SHORT_COPY_MAX && run->limit - at > SHORT_COPY_MAX;
    if (__builtin_expect(!is_short, 0))
        return encode_any_bytes(run, at, bytes);
    *at = (uint8_t)(bytes.length * 2);
    copy_short(at + 1, bytes.bytes, bytes.length);
    return at + 1 + bytes.length;
}

INLINE ENCODE_BODY(put_text)
{
    return put_bytes(run, at, FIELD(struct slice));
}

INLINE ENCODE_BODY(put_optional_text)
{
    struct slice text = FIELD(struct slice);
    *at = (uint8_t)(text.bytes ? op->count : op->size);
    return text.bytes ? put_bytes(run, at + 1, text) : at + 1;
}

INLINE ENCODE_BODY(put_bool)
{
    (void)run;
    *at = FIELD(bool);
    return at + 1;
}

INLINE ENCODE_BODY(put_int)
{
    (void)run;
    return put_varint(at, FIELD(int32_t));
}

INLINE ENCODE_BODY(put_long)
{
    (void)run;
    return put_varint(at, FIELD(int64_t));
}

/* The shortest two's complement, its length before it. */
INLINE uint8_t *put_units(uint8_t *at, int128 units)
{
    int64_t small = (int64_t)units;
    if (__builtin_expect(units != small, 0))
        return encode_any_units(at, units);
    unsigned bits = 64 - (unsigned)__builtin_clzll((uint64_t)(small ^ (small >> 63)) | 1);
    unsigned length = bits / 8 + 1;
    uint64_t word = __builtin_bswap64((uint64_t)small << (64 - 8 * length));
    *at = (uint8_t)(length * 2);
    memcpy(at + 1, &word, sizeof word);
    return at + 1 + length;
}

INLINE ENCODE_BODY(put_decimal)
{
    (void)run;
    return put_units(at, FIELD(struct decimal).units);
}

INLINE ENCODE_BODY(put_either)
{
    const struct text_or_decimal *either = &FIELD(struct text_or_decimal);
    *at = (uint8_t)(either->is_decimal ? op->size : op->count);
    return either->is_decimal ? put_units(at + 1, either->decimal.units)
                              : put_bytes(run, at + 1, either->text);
}

INLINE ENCODE_BODY(put_symbol)
{
    (void)run;
    int32_t index = FIELD(int32_t);
    assert(index >= 0 && (uint32_t)index < op->count);
    return put_varint(at, index);
}

/* --- forks and bodies --- */

INLINE ENCODE_FORK(put_optional)
{
    (void)run;
    bool is_there = *(const bool *)(base + op->presence);
    *at = (uint8_t)(is_there ? op->count : op->size);
    if (!is_there)
        *next = op + op->next;
    return at + 1;
}

INLINE bool is_empty(const struct encode_run *run, const struct op *op, const uint8_t *at,
                     const char *base)
{
    (void)run;
    (void)at;
    return FIELD(struct list).count == 0;
}

INLINE uint8_t *pass_empty(uint8_t *at)
{
    *at = 0;
    return at + 1;
}

/* A list or map, each item by `body`. */
INLINE uint8_t *put_items(struct encode_run *run, const struct op *op, uint8_t *at,
                          const char *base, ENCODE_BODY((*body)))
{
    const struct list *list = &FIELD(struct list);
    const char *item = list->items;
    at = put_varint(encode_room(run, at), (int64_t)list->count);
    for (size_t i = 0; i < list->count; i++, item += op->size)
        at = body(run, op + 1, at, item);
    at = encode_room(run, at);
    *at = 0;
    return at + 1;
}

INLINE ENCODE_FORK(put_encoded)
{
    struct slice bytes = FIELD(struct slice);
    if (!bytes.bytes)
        return at;
    if ((ptrdiff_t)bytes.length > run->limit - at)
        at = encode_make_room(run, at, bytes.length);
    memcpy(at, bytes.bytes, bytes.length);
    *next = op + op->next;
    return at + bytes.length;
}

#endif
