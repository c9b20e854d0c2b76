/* encoder_run: the loop over a program's operations.
 *
 * Before each operation there is room for ROOM bytes, which is enough for everything of fixed size;
 * what is longer makes its own room and leaves that much again. */
#include <assert.h>

#include "schema/codec.h"
#include "schema/decoder.h"

enum { ROOM = 64 };

struct run {
    struct buffer *out; /* its length is stale while the loop runs: `at` counts */
    const struct program *program;
    const uint8_t *limit; /* where ROOM bytes are still left */
};

#define OP_ARGUMENTS                                                                               \
    struct run *run, const struct op *op, const struct op **next, uint8_t *at, const char *base
#define FIELD(type) (*(const type *)(const void *)(base + op->offset))

#define NOINLINE __attribute__((noinline))

static uint8_t *run_ops(struct run *run, const struct op *op, uint8_t *at, const char *base);

/* Room for `bytes` and ROOM more from `at` on; returns where `at` is now. */
static NOINLINE uint8_t *make_room(struct run *run, uint8_t *at, size_t bytes)
{
    run->out->length = (size_t)((char *)at - run->out->bytes);
    uint8_t *moved = (uint8_t *)buffer_reserve(run->out, bytes + ROOM);
    run->limit = (uint8_t *)run->out->bytes + run->out->capacity - ROOM;
    return moved;
}

static inline uint8_t *put_varint(uint8_t *at, int64_t value)
{
    uint64_t rest = ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
    if (__builtin_expect(rest < 0x80, 1)) {
        *at = (uint8_t)rest;
        return at + 1;
    }
    for (; rest >= 0x80; rest >>= 7)
        *at++ = (uint8_t)(rest | 0x80);
    *at++ = (uint8_t)rest;
    return at;
}

/* memcpy without the call for what most texts are. */
static inline void copy_short(uint8_t *to, const char *from, size_t length)
{
    if (length >= 8 && length <= 32) {
        uint64_t words[2];
        for (size_t at = 0; at + 8 < length; at += 8)
            memcpy(to + at, memcpy(words, from + at, 8), 8);
        memcpy(to + length - 8, memcpy(words, from + length - 8, 8), 8);
    } else if (length >= 4 && length < 8) {
        uint32_t words[2];
        memcpy(&words[0], from, 4);
        memcpy(&words[1], from + length - 4, 4);
        memcpy(to, &words[0], 4);
        memcpy(to + length - 4, &words[1], 4);
    } else if (length > 0) {
        memcpy(to, from, length);
    }
}

static inline uint8_t *put_bytes(struct run *run, uint8_t *at, struct slice bytes)
{
    at = put_varint(at, (int64_t)bytes.length);
    if (bytes.length > (size_t)(run->limit + ROOM - at))
        at = make_room(run, at, bytes.length);
    copy_short(at, bytes.bytes, bytes.length);
    return at + bytes.length;
}

static inline uint8_t *put_text(OP_ARGUMENTS)
{
    (void)next;
    return put_bytes(run, at, FIELD(struct slice));
}

/* They come in groups and are mostly absent: a group is one dispatch. */
static inline uint8_t *put_optional_texts(OP_ARGUMENTS)
{
    for (;; op++) {
        struct slice text = FIELD(struct slice);
        if (text.bytes) {
            *at++ = (uint8_t)op->count;
            at = put_bytes(run, at, text);
        } else {
            *at++ = (uint8_t)op->size;
        }
        if (op[1].code != PUT_OPTIONAL_TEXTS)
            break;
        if (at > run->limit)
            at = make_room(run, at, 0);
    }
    *next = op + 1;
    return at;
}

static inline uint8_t *put_optional(OP_ARGUMENTS)
{
    bool is_there = *(const bool *)(base + op->presence);
    *at++ = (uint8_t)(is_there ? op->count : op->size);
    if (!is_there)
        *next = run->program->ops + op->next;
    return at;
}

static inline uint8_t *put_bool(OP_ARGUMENTS)
{
    (void)run;
    (void)next;
    *at = FIELD(bool);
    return at + 1;
}

static inline uint8_t *put_int(OP_ARGUMENTS)
{
    (void)run;
    (void)next;
    return put_varint(at, FIELD(int32_t));
}

static inline uint8_t *put_long(OP_ARGUMENTS)
{
    (void)run;
    (void)next;
    return put_varint(at, FIELD(int64_t));
}

/* The shortest two's complement, its length before it. */
static inline uint8_t *put_units(uint8_t *at, int128 units)
{
    if (units == (int64_t)units) {
        int64_t small = (int64_t)units;
        uint64_t magnitude = (uint64_t)(small ^ (small >> 63));
        unsigned bits = magnitude ? 64 - (unsigned)__builtin_clzll(magnitude) : 0;
        unsigned length = bits / 8 + 1;
        uint64_t word = __builtin_bswap64((uint64_t)small << (64 - 8 * length));
        *at++ = (uint8_t)(length << 1);
        memcpy(at, &word, sizeof word);
        return at + length;
    }
    uint128 rest = (uint128)units;
    unsigned length = 16;
    while (units >> (8 * length - 9) == (units < 0 ? -1 : 0))
        length--;
    *at++ = (uint8_t)(length << 1);
    for (unsigned i = 0; i < length; i++)
        at[i] = (uint8_t)(rest >> (8 * (length - 1 - i)));
    return at + length;
}

static inline uint8_t *put_decimal(OP_ARGUMENTS)
{
    (void)run;
    (void)next;
    return put_units(at, FIELD(struct decimal).units);
}

static NOINLINE uint8_t *put_either(OP_ARGUMENTS)
{
    (void)next;
    const struct text_or_decimal *either = &FIELD(struct text_or_decimal);
    *at++ = (uint8_t)((either->is_decimal ? (uint32_t)op->shift : op->count) << 1);
    return either->is_decimal ? put_units(at, either->decimal.units)
                              : put_bytes(run, at, either->text);
}

static inline uint8_t *put_enum(OP_ARGUMENTS)
{
    (void)next;
    int32_t index = FIELD(int32_t);
    assert(index >= 0 && (uint32_t)index < op->count);
    return put_varint(at, run->program->table[op->table + (uint32_t)index]);
}

static NOINLINE uint8_t *put_full_list(OP_ARGUMENTS)
{
    const struct list *list = &FIELD(struct list);
    const struct op *body = *next;
    *next = run->program->ops + op->next;
    at = put_varint(at, (int64_t)list->count);
    const char *item = list->items;
    for (size_t i = 0; i < list->count; i++, item += op->size)
        at = run_ops(run, body, at, item);
    if (at > run->limit)
        at = make_room(run, at, 0);
    *at = 0;
    return at + 1;
}

static inline uint8_t *put_list(OP_ARGUMENTS)
{
    if (FIELD(struct list).count)
        return put_full_list(run, op, next, at, base);
    *next = run->program->ops + op->next;
    *at = 0;
    return at + 1;
}

static inline uint8_t *put_encoded(OP_ARGUMENTS)
{
    struct slice bytes = FIELD(struct slice);
    if (!bytes.bytes)
        return at;
    if (bytes.length > (size_t)(run->limit + ROOM - at))
        at = make_room(run, at, bytes.length);
    memcpy(at, bytes.bytes, bytes.length);
    *next = run->program->ops + op->next;
    return at + bytes.length;
}

/* `after` keeps `next` itself in a register: only functions that are not inlined see an address. */
#define OP_CASE(symbol, function)                                                                  \
    case symbol: {                                                                                 \
        const struct op *after = next;                                                             \
        at = function(run, op, &after, at, base);                                                  \
        next = after;                                                                              \
        break;                                                                                     \
    }

static uint8_t *run_ops(struct run *run, const struct op *op, uint8_t *at, const char *base)
{
    const struct op *next = op + 1;
    for (;; op = next, next = op + 1) {
        if (at > run->limit)
            at = make_room(run, at, 0);
        switch ((enum encode_op)op->code) {
            ENCODE_OP_LIST(OP_CASE)
        case PUT_END:
            return at;
        default: /* our own planner wrote the codes */
            __builtin_unreachable();
        }
    }
}

void encoder_run(const struct encoder *encoder, const void *value, struct buffer *out)
{
    struct run run = {.out = out, .program = &encoder->program};
    buffer_reserve(out, ROOM);
    uint8_t *at = make_room(&run, (uint8_t *)out->bytes + out->length, 0);
    at = run_ops(&run, encoder->program.ops, at, value);
    out->length = (size_t)((char *)at - out->bytes);
}
