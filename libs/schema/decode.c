/* decoder_run: the loop over a program's operations, and those that our own schemas do not need. */
#include <stdio.h>
#include <stdlib.h>

#include "schema/codec.h"
#include "schema/decimal_bytes.h"
#include "schema/decode_ops.h"
#include "schema/known.h"

static const char cut_short[] = "cut short";

/* `*next` is the operation after `op`, which some functions change. */
#define DECODE_FORK(name)                                                                          \
    const uint8_t *name(struct decode_run *run, const struct op *op, const struct op **next,       \
                        const uint8_t *at, char *base)

/* --- values that are not written as ours are --- */

static DECODE_BODY(read_int_as_long)
{
    int64_t value;
    const uint8_t *after = decode_int(run, op, at, &value);
    if (!after)
        return NULL;
    *FIELD(int64_t) = value;
    return after;
}

static DECODE_BODY(read_finer_instant)
{
    int64_t value;
    const uint8_t *after = decode_whole(run, op, at, &value);
    if (!after)
        return NULL;
    if (value % (int64_t)op->size != 0)
        return decode_fail(run, op, at, "an instant that is not a whole millisecond");
    *FIELD(int64_t) = value / (int64_t)op->size;
    return after;
}

static DECODE_BODY(read_enum)
{
    uint32_t index;
    const uint8_t *after = decode_index(run, op, at, &index);
    if (!after)
        return NULL;
    int32_t ours = run->program->table[op->table + index];
    if (ours < 0)
        return decode_fail(run, op, at, "a symbol that ours does not have");
    *FIELD(int32_t) = ours;
    return after;
}

static DECODE_BODY(read_scaled)
{
    size_t length = op->size;
    const uint8_t *bytes = at;
    if (length == PROGRAM_PREFIXED)
        bytes = decode_length(run, op, at, &length);
    else if (length > (size_t)(run->end - at))
        return decode_fail(run, op, at, cut_short);
    if (!bytes)
        return NULL;
    int128 units;
    if (length == 0)
        return decode_fail(run, op, at, "a decimal without bytes");
    if (!decimal_bytes_read(bytes, length, &units))
        return decode_fail(run, op, at, decimal_too_large);
    const char *reason = decimal_rescale(&units, op->shift);
    if (reason)
        return decode_fail(run, op, at, reason);
    FIELD(struct decimal)->units = units;
    return bytes + length;
}

/* --- forks and bodies --- */

static DECODE_BODY(refuse_value)
{
    (void)base;
    return decode_fail(run, op, at, "");
}

static DECODE_FORK(jump)
{
    (void)run;
    (void)base;
    *next = op + op->next;
    return at;
}

static DECODE_FORK(read_union)
{
    (void)base;
    int64_t branch;
    const uint8_t *after = decode_varint(run, at, &branch);
    if (!after || branch < 0 || branch >= (int64_t)op->count)
        return decode_fail(run, op, at, decode_no_branch);
    *next = op + run->program->table[op->table + (uint32_t)branch];
    return after;
}

static DECODE_FORK(read_list)
{
    *next = op + op->next;
    return is_empty(run, op, at, base) ? pass_empty(at) : read_items(run, op, at, base, decode_ops);
}

/* What follows is read from `bytes`. */
static void read_from(struct decode_run *run, struct slice bytes)
{
    const uint8_t *first = (const uint8_t *)bytes.bytes;
    run->end = first + bytes.length;
    run->roomy = bytes.length >= SHORT_TEXT_READ ? run->end - SHORT_TEXT_READ : NULL;
}

static DECODE_FORK(read_preset)
{
    struct slice constant = run->program->constants[op->table];
    const uint8_t *end = run->end;
    const uint8_t *roomy = run->roomy;
    read_from(run, constant);
    const uint8_t *after = decode_ops(run, op + 1, (const uint8_t *)constant.bytes, base);
    run->end = end;
    run->roomy = roomy;
    *next = op + op->next;
    return after ? at : NULL;
}

static DECODE_BODY(call)
{
    if (run->depth == DECODE_DEPTH_MAX)
        return decode_fail(run, op, at, "nested too deep");
    run->depth++;
    at = decode_ops(run, op + op->next, at, base);
    run->depth--;
    return at;
}

/* --- skipping --- */

static DECODE_BODY(skip_varint)
{
    (void)base;
    int64_t value;
    uint32_t index;
    return op->count ? decode_index(run, op, at, &index) : decode_whole(run, op, at, &value);
}

static DECODE_BODY(skip_bytes)
{
    (void)base;
    size_t length = 0;
    const uint8_t *bytes = decode_length(run, op, at, &length);
    return bytes ? bytes + length : NULL;
}

static DECODE_BODY(skip_fixed)
{
    (void)base;
    if (op->size > (size_t)(run->end - at))
        return decode_fail(run, op, at, cut_short);
    return at + op->size;
}

static DECODE_FORK(skip_list)
{
    *next = op + op->next;
    for (;;) {
        struct block block;
        at = decode_block(run, op, at, &block);
        if (!at || block.count == 0)
            return at;
        if (block.bytes >= 0) {
            at += block.bytes;
            continue;
        }
        for (size_t i = 0; i < block.count && at; i++)
            at = decode_ops(run, op + 1, at, base);
        if (!at)
            return NULL;
    }
}

/* --- the loop --- */

#define STEP_CASE(symbol, function)                                                                \
    case symbol:                                                                                   \
        at = function(run, op, at, base);                                                          \
        break;

/* `after` keeps `next` itself in a register: only functions that are not inlined see an address. */
#define FORK_CASE(symbol, function)                                                                \
    case symbol: {                                                                                 \
        const struct op *after = next;                                                             \
        at = function(run, op, &after, at, base);                                                  \
        next = after;                                                                              \
        break;                                                                                     \
    }

DECODE_BODY(decode_ops)
{
    const struct op *next = op + 1;
    for (; at; op = next, next = op + 1) {
        switch ((enum decode_op)op->code) {
            DECODE_OP_LIST(STEP_CASE, FORK_CASE)
        case OP_END:
            return at;
        default: /* our own planner wrote the codes */
            __builtin_unreachable();
        }
    }
    return NULL;
}

/* --- the handle --- */

static void choose_body(struct decoder *decoder)
{
    decoder->body = decode_ops;
    for (size_t i = 0; i < known_decoder_count; i++) {
        if (!known_is(&decoder->program, known_decoders[i].ops, known_decoders[i].op_count))
            continue;
        decoder->program.ops = known_decoders[i].ops;
        decoder->body = known_decoders[i].body;
    }
}

enum status decoder_compile(struct slice writer_json, struct slice reader_json,
                            const struct shape *shape, struct decoder **out, char *detail)
{
    struct program program;
    enum status status = decoder_plan(writer_json, reader_json, shape, &program, detail);
    if (status)
        return status;
    struct decoder *decoder = malloc(sizeof *decoder);
    if (!decoder)
        abort();
    decoder->program = program;
    choose_body(decoder);
    *out = decoder;
    return STATUS_OK;
}

void decoder_free(struct decoder *decoder)
{
    if (!decoder)
        return;
    arena_deinit(&decoder->program.arena);
    free(decoder);
}

__attribute__((cold, noinline)) static enum status explain(const struct decode_run *run,
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
    const struct program *program = &decoder->program;
    struct decode_run run = {.arena = arena, .program = program};
    if (body.length == 0)
        body.bytes = "";
    read_from(&run, body);
    memset(out, 0, program->size);
    const uint8_t *first = (const uint8_t *)body.bytes;
    const uint8_t *after = decoder->body(&run, program->ops, first, out);
    if (!after)
        return explain(&run, first, detail);
    if (after == run.end)
        return STATUS_OK;
    (void)snprintf(detail, DETAIL_BYTES, "%s: %zu bytes follow the record", program->name,
                   (size_t)(run.end - after));
    return STATUS_INVALID;
}
