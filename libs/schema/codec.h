/* Avro bytes to our structs and back, by programs compiled once.
 *
 * A decoder is compiled from a writer's schema, our own schema (defaults, aliases) and the shape of
 * our struct; it does the whole of Avro's schema resolution: fields by name or alias in any order,
 * defaults, promotions, unions on either side, unknown fields skipped. Running it reads hostile
 * bytes safely, allocates nothing but lists from the caller's arena, and takes tens of nanoseconds.
 * An encoder is compiled from our schema and the shape. Both are immutable once compiled and may be
 * shared by threads.
 *
 * Names of records and enums need not agree; their contents must. Scales of decimals may differ: a
 * value is converted when that is exact and refused otherwise. A writer's plain `bytes` or `long`
 * without a logical type are read by ours, as the specification says. */
#ifndef MILEPOST_SCHEMA_CODEC_H
#define MILEPOST_SCHEMA_CODEC_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/shape.h"
#include "base/status.h"

/* How deep records of a skipped field may nest, and how many items that take no bytes one message
 * may claim. A message beyond either is STATUS_INVALID. */
enum { DECODE_DEPTH_MAX = 16, DECODE_EMPTY_ITEMS_MAX = 65536 };

struct decoder;
struct encoder;

/* Compiles a decoder that the caller frees. STATUS_INVALID, with `detail` naming field and reason:
 * a schema does not parse, cannot be resolved to ours, or ours has no default for a missing field.
 */
enum status decoder_compile(struct slice writer_json, struct slice reader_json,
                            const struct shape *shape, struct decoder **out,
                            char *detail) MUST_CHECK;
void decoder_free(struct decoder *decoder);

/* Decodes `body` (the Avro body alone, nothing after it) into the struct `out` of the decoder's
 * shape. Text and bytes point into `body` (defaults: into the decoder); lists are taken from
 * `arena`. STATUS_INVALID: the bytes break the schema, or a value does not fit; STATUS_EXHAUSTED:
 * the arena is full. After a failure the content of `out` means nothing and `detail` names field
 * and byte. */
enum status decoder_run(const struct decoder *decoder, struct slice body, void *out,
                        struct arena *arena, char *detail) MUST_CHECK;

/* Compiles an encoder that the caller frees. STATUS_INVALID when schema and shape do not agree in
 * every field, kind and optionality. */
enum status encoder_compile(struct slice json, const struct shape *shape, struct encoder **out,
                            char *detail) MUST_CHECK;
void encoder_free(struct encoder *encoder);

/* Appends the Avro body of `value`, a struct of the encoder's shape. Text must be valid UTF-8. */
void encoder_run(const struct encoder *encoder, const void *value, struct buffer *out);

/* The CRC-64-AVRO fingerprint of the schema's Parsing Canonical Form. STATUS_INVALID: no schema. */
enum status schema_fingerprint(struct slice json, uint64_t *out, char *detail) MUST_CHECK;

/* Appends the Parsing Canonical Form itself. */
enum status schema_canonical_form(struct slice json, struct buffer *out, char *detail) MUST_CHECK;

#endif
