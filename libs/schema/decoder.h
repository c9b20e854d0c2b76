/* What is behind the handles of codec.h. Internal to libs/schema.
 *
 * A program runs in one of two ways: by the loop over its operations, or, when it is one that the
 * build already knew (known.h), by code that was compiled from them. */
#ifndef MILEPOST_SCHEMA_DECODER_H
#define MILEPOST_SCHEMA_DECODER_H

#include "schema/program.h"

struct decode_run;
struct encode_run;

/* Runs operations from `op` to their END: reads from `at` into the struct `base`, or the other way
 * round. Returns where the next one reads or writes; NULL (decoding only): refused. */
#define DECODE_BODY(name)                                                                          \
    const uint8_t *name(struct decode_run *run, const struct op *op, const uint8_t *at, char *base)
#define ENCODE_BODY(name)                                                                          \
    uint8_t *name(struct encode_run *run, const struct op *op, uint8_t *at, const char *base)

struct decoder {
    struct program program;
    DECODE_BODY((*body));
};

struct encoder {
    struct program program;
    ENCODE_BODY((*body));
};

/* The loops. */
DECODE_BODY(decode_ops);
ENCODE_BODY(encode_ops);

/* The program for a writer's schema, ours and a shape; statuses as decoder_compile(). */
enum status decoder_plan(struct slice writer_json, struct slice reader_json,
                         const struct shape *shape, struct program *out, char *detail) MUST_CHECK;
enum status encoder_plan(struct slice json, const struct shape *shape, struct program *out,
                         char *detail) MUST_CHECK;

#endif
