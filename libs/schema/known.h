/* The programs of our own schemas and shapes as they were when this was built: known_generate.c
 * prints their operations as C, one call each, and the compiler makes straight code of them.
 * Internal to libs/schema.
 *
 * A program is known when its operations are equal, whatever schema they were planned from; so
 * neither a file of schemas/ that was changed since nor a writer's schema can meet code that does
 * not fit it. Every other program runs in the loop. */
#ifndef MILEPOST_SCHEMA_KNOWN_H
#define MILEPOST_SCHEMA_KNOWN_H

#include "schema/decoder.h"

struct known_decoder {
    const struct op *ops;
    size_t op_count;
    DECODE_BODY((*body));
};

struct known_encoder {
    const struct op *ops;
    size_t op_count;
    ENCODE_BODY((*body));
};

extern const struct known_decoder known_decoders[];
extern const size_t known_decoder_count;
extern const struct known_encoder known_encoders[];
extern const size_t known_encoder_count;

static inline bool known_is(const struct program *program, const struct op *ops, size_t op_count)
{
    return program->op_count == op_count && memcmp(program->ops, ops, op_count * sizeof *ops) == 0;
}

#endif
