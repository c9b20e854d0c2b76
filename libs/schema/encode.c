/* encoder_run: the loop over a program's operations. */
#include <stdlib.h>

#include "schema/codec.h"
#include "schema/encode_ops.h"
#include "schema/known.h"

static ENCODE_BODY(put_enum)
{
    int32_t index = FIELD(int32_t);
    assert(index >= 0 && (uint32_t)index < op->count);
    return put_varint(at, run->program->table[op->table + (uint32_t)index]);
}

static ENCODE_FORK(put_list)
{
    *next = op + op->next;
    return is_empty(run, op, at, base) ? pass_empty(at) : put_items(run, op, at, base, encode_ops);
}

#define STEP_CASE(symbol, function, bytes)                                                         \
    case symbol:                                                                                   \
        at = function(run, op, at, base);                                                          \
        break;

/* `after` keeps `next` itself in a register: only functions that are not inlined see an address. */
#define FORK_CASE(symbol, function, bytes)                                                         \
    case symbol: {                                                                                 \
        const struct op *after = next;                                                             \
        at = function(run, op, &after, at, base);                                                  \
        next = after;                                                                              \
        break;                                                                                     \
    }

ENCODE_BODY(encode_ops)
{
    const struct op *next = op + 1;
    for (;; op = next, next = op + 1) {
        at = encode_room(run, at);
        switch ((enum encode_op)op->code) {
            ENCODE_OP_LIST(STEP_CASE, FORK_CASE)
        case PUT_END:
            return at;
        default: /* our own planner wrote the codes */
            __builtin_unreachable();
        }
    }
}

static void choose_body(struct encoder *encoder)
{
    encoder->body = encode_ops;
    for (size_t i = 0; i < known_encoder_count; i++) {
        if (!known_is(&encoder->program, known_encoders[i].ops, known_encoders[i].op_count))
            continue;
        encoder->program.ops = known_encoders[i].ops;
        encoder->body = known_encoders[i].body;
    }
}

enum status encoder_compile(struct slice json, const struct shape *shape, struct encoder **out,
                            char *detail)
{
    struct program program;
    enum status status = encoder_plan(json, shape, &program, detail);
    if (status)
        return status;
    struct encoder *encoder = malloc(sizeof *encoder);
    if (!encoder)
        abort();
    encoder->program = program;
    choose_body(encoder);
    *out = encoder;
    return STATUS_OK;
}

void encoder_free(struct encoder *encoder)
{
    if (!encoder)
        return;
    arena_deinit(&encoder->program.arena);
    free(encoder);
}

void encoder_run(const struct encoder *encoder, const void *value, struct buffer *out)
{
    struct encode_run run = {.out = out, .program = &encoder->program};
    uint8_t *at = (uint8_t *)buffer_reserve(out, ROOM);
    run.limit = (uint8_t *)out->bytes + out->capacity - ROOM;
    at = encoder->body(&run, encoder->program.ops, at, value);
    out->length = (size_t)((char *)at - out->bytes);
}
