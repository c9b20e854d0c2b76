/* decoder_run: the loop over a program's operations.
 *
 * Every function here reads from `at`, never at or beyond run->end, and returns where the next one
 * reads from, or NULL after fail(). */
#include <assert.h>
#include <stdio.h>

#include "schema/codec.h"
#include "schema/decimal_bytes.h"
#include "schema/decoder.h"
#include "schema/map_keys.h"
#include "schema/utf8.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "read_decimal loads a word");

struct run {
    const uint8_t *end;
    struct arena *arena;
    const struct program *program;
    uint32_t depth;
    uint32_t empty_items; /* of DECODE_EMPTY_ITEMS_MAX */
    enum status status;
    const struct op *failed;
    const uint8_t *failed_at;
    const char *reason;
};

/* `op` is the one being run; `*next` the one after it, which some functions change. */
#define OP_ARGUMENTS                                                                               \
    struct run *run, const struct op *op, const struct op **next, const uint8_t *at, char *base

#define NOINLINE __attribute__((noinline))

static const uint8_t *run_ops(struct run *run, const struct op *op, const uint8_t *at, char *base);

__attribute__((cold, noinline)) static const uint8_t *fail_as(struct run *run, const struct op *op,
                                                              const uint8_t *at, const char *reason,
                                                              enum status status)
{
    run->status = status;
    run->failed = op;
    run->failed_at = at;
    run->reason = reason;
    return NULL;
}

static const uint8_t *fail(struct run *run, const struct op *op, const uint8_t *at,
                           const char *reason)
{
    return fail_as(run, op, at, reason, STATUS_INVALID);
}

static const struct op *target_of(const struct run *run, uint32_t index)
{
    return run->program->ops + index;
}

/* --- primitives --- */

static NOINLINE const uint8_t *varint_slow(const uint8_t *at, const uint8_t *end, uint64_t *out)
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

static inline int64_t unzigzag(uint64_t value)
{
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

/* An Avro long. NULL and 0 without fail(): the caller says what it was. */
static inline const uint8_t *varint(const uint8_t *at, const uint8_t *end, int64_t *out)
{
    if (__builtin_expect(at < end && *at < 0x80, 1)) {
        *out = unzigzag(*at);
        return at + 1;
    }
    uint64_t value = 0;
    at = varint_slow(at, end, &value);
    *out = unzigzag(value);
    return at;
}

static const char no_number[] = "no whole number, or cut short";
static const char no_int[] = "an int beyond 32 bits";
static const char too_long[] = "its length is beyond the end of the message";
static const char no_branch[] = "a union branch that its schema does not have";
static const char cut_short[] = "cut short";

/* An Avro long, or fail(). */
static inline const uint8_t *whole(OP_ARGUMENTS, int64_t *out)
{
    (void)next;
    (void)base;
    const uint8_t *after = varint(at, run->end, out);
    return after ? after : fail(run, op, at, no_number);
}

/* One of 32 bits. */
static inline const uint8_t *whole_int(OP_ARGUMENTS, int64_t *out)
{
    const uint8_t *after = whole(run, op, next, at, base, out);
    return !after || *out == (int32_t)*out ? after : fail(run, op, at, no_int);
}

/* A length and that many bytes behind it. */
static inline const uint8_t *prefixed(OP_ARGUMENTS, size_t *out_length)
{
    (void)next;
    (void)base;
    int64_t length;
    const uint8_t *bytes = varint(at, run->end, &length);
    if (!bytes)
        return fail(run, op, at, no_number);
    if (length < 0 || length > run->end - bytes)
        return fail(run, op, at, too_long);
    *out_length = (size_t)length;
    return bytes;
}

#define FIELD(type) ((type *)(void *)(base + op->offset))

static inline const uint8_t *read_text(OP_ARGUMENTS)
{
    size_t length = 0;
    const uint8_t *bytes = prefixed(run, op, next, at, base, &length);
    if (!bytes)
        return NULL;
    if (!utf8_is_valid(bytes, length, (size_t)(run->end - bytes)))
        return fail(run, op, at, "not UTF-8");
    *FIELD(struct slice) = (struct slice){(const char *)bytes, length};
    return bytes + length;
}

static inline const uint8_t *read_bytes(OP_ARGUMENTS)
{
    size_t length = 0;
    const uint8_t *bytes = prefixed(run, op, next, at, base, &length);
    if (!bytes)
        return NULL;
    *FIELD(struct slice) = (struct slice){(const char *)bytes, length};
    return bytes + length;
}

static inline const uint8_t *read_bool(OP_ARGUMENTS)
{
    (void)next;
    if (at == run->end)
        return fail(run, op, at, cut_short);
    if (*at > 1)
        return fail(run, op, at, "a boolean that is neither 0 nor 1");
    *FIELD(bool) = *at;
    return at + 1;
}

static inline const uint8_t *read_long(OP_ARGUMENTS)
{
    int64_t value;
    const uint8_t *after = whole(run, op, next, at, base, &value);
    if (!after)
        return NULL;
    *FIELD(int64_t) = value;
    return after;
}

static inline const uint8_t *read_int(OP_ARGUMENTS)
{
    int64_t value;
    const uint8_t *after = whole_int(run, op, next, at, base, &value);
    if (!after)
        return NULL;
    *FIELD(int32_t) = (int32_t)value;
    return after;
}

static NOINLINE const uint8_t *read_int_as_long(OP_ARGUMENTS)
{
    int64_t value;
    const uint8_t *after = whole_int(run, op, next, at, base, &value);
    if (!after)
        return NULL;
    *FIELD(int64_t) = value;
    return after;
}

static NOINLINE const uint8_t *read_finer_instant(OP_ARGUMENTS)
{
    int64_t value;
    const uint8_t *after = whole(run, op, next, at, base, &value);
    if (!after)
        return NULL;
    if (value % (int64_t)op->size != 0)
        return fail(run, op, at, "an instant that is not a whole millisecond");
    *FIELD(int64_t) = value / (int64_t)op->size;
    return after;
}

static inline const uint8_t *read_enum(OP_ARGUMENTS)
{
    (void)next;
    int64_t index;
    const uint8_t *after = varint(at, run->end, &index);
    if (!after)
        return fail(run, op, at, no_number);
    if (index < 0 || index >= (int64_t)op->count)
        return fail(run, op, at, "an enum index that its schema does not have");
    int32_t ours = run->program->table[op->table + (uint32_t)index];
    if (ours < 0)
        return fail(run, op, at, "a symbol that ours does not have");
    *FIELD(int32_t) = ours;
    return after;
}

/* --- decimals --- */

static NOINLINE const uint8_t *read_long_decimal(OP_ARGUMENTS)
{
    size_t length = 0;
    const uint8_t *bytes = prefixed(run, op, next, at, base, &length);
    if (!bytes)
        return NULL;
    int128 units;
    if (length == 0)
        return fail(run, op, at, "a decimal without bytes");
    if (!decimal_bytes_read(bytes, length, &units) || decimal_rescale(&units, 0))
        return fail(run, op, at, decimal_too_large);
    FIELD(struct decimal)->units = units;
    return bytes + length;
}

/* Up to 8 bytes with as many readable behind them: one load. */
static inline const uint8_t *read_decimal(OP_ARGUMENTS)
{
    if (run->end - at < 9 || *at > 16 || *at == 0 || *at & 1)
        return read_long_decimal(run, op, next, at, base);
    uint64_t word;
    size_t length = *at / 2;
    memcpy(&word, at + 1, sizeof word);
    FIELD(struct decimal)->units = (int64_t)__builtin_bswap64(word) >> (64 - 8 * length);
    return at + 1 + length;
}

static NOINLINE const uint8_t *read_scaled(OP_ARGUMENTS)
{
    size_t length = op->size;
    const uint8_t *bytes = at;
    if (length == PROGRAM_PREFIXED)
        bytes = prefixed(run, op, next, at, base, &length);
    else if (length > (size_t)(run->end - at))
        return fail(run, op, at, cut_short);
    if (!bytes)
        return NULL;
    int128 units;
    if (length == 0)
        return fail(run, op, at, "a decimal without bytes");
    if (!decimal_bytes_read(bytes, length, &units))
        return fail(run, op, at, decimal_too_large);
    const char *reason = decimal_rescale(&units, op->shift);
    if (reason)
        return fail(run, op, at, reason);
    FIELD(struct decimal)->units = units;
    return bytes + length;
}

/* --- unions and presence --- */

static const uint8_t *jump(OP_ARGUMENTS)
{
    (void)base;
    *next = target_of(run, op->next);
    return at;
}

static NOINLINE const uint8_t *refuse_value(OP_ARGUMENTS)
{
    (void)next;
    (void)base;
    return fail(run, op, at, "");
}

static inline const uint8_t *set_present(OP_ARGUMENTS)
{
    (void)run;
    (void)next;
    *(bool *)(base + op->presence) = true;
    return at;
}

static inline const uint8_t *read_optional(OP_ARGUMENTS)
{
    int64_t branch;
    const uint8_t *after = varint(at, run->end, &branch);
    if (!after || branch < 0 || branch > 1)
        return fail(run, op, at, no_branch);
    if (branch == (int64_t)op->count)
        *next = target_of(run, op->next);
    else if (op->presence >= 0)
        *(bool *)(base + op->presence) = true;
    return after;
}

/* read_optional and read_text in one. They come in groups and are mostly absent: a group is one
 * dispatch. */
static inline const uint8_t *read_optional_texts(OP_ARGUMENTS)
{
    for (;; op++) {
        int64_t branch;
        const uint8_t *after = varint(at, run->end, &branch);
        if (!after || branch < 0 || branch > 1)
            return fail(run, op, at, no_branch);
        at = branch == (int64_t)op->count ? after : read_text(run, op, next, after, base);
        if (!at || op[1].code != OP_OPTIONAL_TEXTS)
            break;
    }
    *next = op + 1;
    return at;
}

static NOINLINE const uint8_t *read_union(OP_ARGUMENTS)
{
    (void)base;
    int64_t branch;
    const uint8_t *after = varint(at, run->end, &branch);
    if (!after || branch < 0 || branch >= (int64_t)op->count)
        return fail(run, op, at, no_branch);
    *next = target_of(run, (uint32_t)run->program->table[op->table + (uint32_t)branch]);
    return after;
}

/* --- blocks --- */

/* A block's count, and its size in bytes when the writer gave one (else -1). A list whose items
 * take `least` bytes each cannot have more of them than bytes are left. */
static const uint8_t *read_block(struct run *run, const struct op *op, const uint8_t *at,
                                 size_t *out_count, int64_t *out_bytes)
{
    int64_t count;
    int64_t bytes = -1;
    const uint8_t *after = varint(at, run->end, &count);
    if (!after)
        return fail(run, op, at, no_number);
    if (count < 0) {
        after = varint(after, run->end, &bytes);
        if (!after || bytes < 0 || bytes > run->end - after)
            return fail(run, op, at, too_long);
        if (count == INT64_MIN)
            return fail(run, op, at, "a count that has no opposite");
        count = -count;
    }
    uint64_t left = (uint64_t)(run->end - after);
    if (op->count > 0 && (uint64_t)count > left / op->count)
        return fail(run, op, at, "more items than bytes are left");
    if (op->count == 0) {
        if (count > DECODE_EMPTY_ITEMS_MAX - run->empty_items)
            return fail(run, op, at, "too many items that take no bytes");
        run->empty_items += (uint32_t)count;
    }
    *out_count = (size_t)count;
    *out_bytes = bytes;
    return after;
}

/* Room for `more` items behind those in `list`. */
static char *reserve_items(struct run *run, struct list *list, size_t *capacity, size_t more,
                           size_t size)
{
    if (*capacity - list->count < more) {
        size_t wanted = list->count + more;
        if (list->count > 0 && wanted < 2 * list->count)
            wanted = 2 * list->count; /* Many small blocks stay linear. */
        char *items = arena_take_array(run->arena, wanted, size);
        if (!items)
            return NULL;
        if (list->count)
            memcpy(items, list->items, list->count * size);
        list->items = items;
        *capacity = wanted;
    }
    return (char *)list->items + list->count * size;
}

/* Most lists and maps are: one byte, and the struct is as it should be. */
static inline bool is_empty(const struct run *run, const uint8_t *at)
{
    return at < run->end && *at == 0;
}

static inline const uint8_t *pass_empty(OP_ARGUMENTS)
{
    (void)base;
    *next = target_of(run, op->next);
    return at + 1;
}

static NOINLINE const uint8_t *read_full_list(OP_ARGUMENTS)
{
    struct list list = {0};
    size_t capacity = 0;
    const struct op *body = *next;
    for (;;) {
        size_t count;
        int64_t bytes;
        const uint8_t *items = read_block(run, op, at, &count, &bytes);
        if (!items)
            return NULL;
        at = items;
        if (count == 0)
            break;
        char *item = reserve_items(run, &list, &capacity, count, op->size);
        if (!item)
            return fail_as(run, op, at, "the arena is full", STATUS_EXHAUSTED);
        for (size_t i = 0; i < count && at; i++, item += op->size)
            at = run_ops(run, body, at, item);
        if (!at)
            return NULL;
        if (bytes >= 0 && at != items + bytes)
            return fail(run, op, at, "a block whose size is not what it says");
        list.count += count;
    }
    *FIELD(struct list) = list;
    *next = target_of(run, op->next);
    return at;
}

/* A key that stands twice would leave it to the reader which value holds. */
static NOINLINE const uint8_t *read_full_map(OP_ARGUMENTS)
{
    const uint8_t *after = read_full_list(run, op, next, at, base);
    if (!after)
        return NULL;
    const struct list *map = FIELD(struct list);
    bool twin;
    if (map_keys_find_twin(map, op->size, run->arena, &twin))
        return fail_as(run, op, at, "the arena is full", STATUS_EXHAUSTED);
    return twin ? fail(run, op, at, "a map with one key twice") : after;
}

static inline const uint8_t *read_map(OP_ARGUMENTS)
{
    return is_empty(run, at) ? pass_empty(run, op, next, at, base)
                             : read_full_map(run, op, next, at, base);
}

static inline const uint8_t *read_list(OP_ARGUMENTS)
{
    return is_empty(run, at) ? pass_empty(run, op, next, at, base)
                             : read_full_list(run, op, next, at, base);
}

static NOINLINE const uint8_t *read_preset(OP_ARGUMENTS)
{
    struct slice constant = run->program->constants[op->table];
    const uint8_t *end = run->end;
    const uint8_t *first = (const uint8_t *)constant.bytes;
    run->end = first + constant.length;
    const uint8_t *after = run_ops(run, *next, first, base);
    run->end = end;
    *next = target_of(run, op->next);
    return after ? at : NULL;
}

/* --- skipping --- */

static NOINLINE const uint8_t *skip_varint(OP_ARGUMENTS)
{
    int64_t value;
    const uint8_t *after = whole(run, op, next, at, base, &value);
    if (!after)
        return NULL;
    if (op->count > 0 && (value < 0 || value >= (int64_t)op->count))
        return fail(run, op, at, "an enum index that its schema does not have");
    return after;
}

static NOINLINE const uint8_t *skip_bytes(OP_ARGUMENTS)
{
    size_t length = 0;
    const uint8_t *bytes = prefixed(run, op, next, at, base, &length);
    return bytes ? bytes + length : NULL;
}

static NOINLINE const uint8_t *skip_fixed(OP_ARGUMENTS)
{
    (void)next;
    (void)base;
    if (op->size > (size_t)(run->end - at))
        return fail(run, op, at, cut_short);
    return at + op->size;
}

static NOINLINE const uint8_t *skip_list(OP_ARGUMENTS)
{
    const struct op *body = *next;
    for (;;) {
        size_t count;
        int64_t bytes;
        at = read_block(run, op, at, &count, &bytes);
        if (!at)
            return NULL;
        if (count == 0)
            break;
        if (bytes >= 0) {
            at += bytes;
            continue;
        }
        for (size_t i = 0; i < count && at; i++)
            at = run_ops(run, body, at, base);
        if (!at)
            return NULL;
    }
    *next = target_of(run, op->next);
    return at;
}

/* --- what is passed on as it came --- */

static inline const uint8_t *begin_encoded(OP_ARGUMENTS)
{
    (void)run;
    (void)next;
    FIELD(struct slice)->bytes = (const char *)at;
    return at;
}

static inline const uint8_t *end_encoded(OP_ARGUMENTS)
{
    (void)run;
    (void)next;
    struct slice *encoded = FIELD(struct slice);
    encoded->length = (size_t)((const char *)at - encoded->bytes);
    return at;
}

static NOINLINE const uint8_t *call(OP_ARGUMENTS)
{
    (void)next;
    if (run->depth == DECODE_DEPTH_MAX)
        return fail(run, op, at, "nested too deep");
    run->depth++;
    at = run_ops(run, target_of(run, op->next), at, base);
    run->depth--;
    return at;
}

/* --- the loop --- */

/* `after` keeps `next` itself in a register: only functions that are not inlined see an address. */
#define OP_CASE(symbol, function)                                                                  \
    case symbol: {                                                                                 \
        const struct op *after = next;                                                             \
        at = function(run, op, &after, at, base);                                                  \
        next = after;                                                                              \
        break;                                                                                     \
    }

static const uint8_t *run_ops(struct run *run, const struct op *op, const uint8_t *at, char *base)
{
    const struct op *next = op + 1;
    for (; at; op = next, next = op + 1) {
        switch ((enum decode_op)op->code) {
            DECODE_OP_LIST(OP_CASE)
        case OP_END:
            return at;
        default: /* our own planner wrote the codes */
            __builtin_unreachable();
        }
    }
    return NULL;
}

__attribute__((cold, noinline)) static enum status explain(const struct run *run,
                                                           const uint8_t *first, char *detail)
{
    const struct program *program = run->program;
    const char *path = program->paths[run->failed - program->ops];
    bool is_inside = run->failed_at >= first && run->failed_at <= run->end;
    size_t byte = is_inside ? (size_t)(run->failed_at - first) : 0;
    (void)snprintf(detail, DETAIL_BYTES, "%s%s%s (byte %zu of the record)", path,
                   *run->reason ? ": " : "", run->reason, byte);
    return run->status;
}

enum status decoder_run(const struct decoder *decoder, struct slice body, void *out,
                        struct arena *arena, char *detail)
{
    static const uint8_t nothing[1];
    const struct program *program = &decoder->program;
    const uint8_t *first = body.length ? (const uint8_t *)body.bytes : nothing;
    struct run run = {.end = first + body.length, .arena = arena, .program = program};
    memset(out, 0, program->size);
    const uint8_t *after = run_ops(&run, program->ops, first, out);
    if (!after)
        return explain(&run, first, detail);
    if (after == run.end)
        return STATUS_OK;
    (void)snprintf(detail, DETAIL_BYTES, "%s: %zu bytes follow the record", program->name,
                   (size_t)(run.end - after));
    return STATUS_INVALID;
}
