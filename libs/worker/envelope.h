/* The envelope of a private record put before a body that stands already, so that bodies are not
 * copied into their records. */
#ifndef MILEPOST_WORKER_ENVELOPE_H
#define MILEPOST_WORKER_ENVELOPE_H

#include "base/buffer.h"
#include "schema/schemas.h"

/* `body` has `room` bytes before its body. `record`, of `kind`, has as last field bytes, which are
 * empty: the body takes their place. `*out` is the whole record, in `body`; false when the envelope
 * does not fit into the room. `scratch` is overwritten. */
bool envelope_put(const struct schemas *schemas, enum schema_kind kind, const void *record,
                  struct buffer *scratch, const struct buffer *body, size_t room,
                  struct slice *out) MUST_CHECK;

#endif
