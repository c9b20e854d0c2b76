#include "worker/envelope.h"

#include <assert.h>

#include "base/varint.h"

bool envelope_put(const struct schemas *schemas, enum schema_kind kind, const void *record,
                  struct buffer *scratch, const struct buffer *body, size_t room, struct slice *out)
{
    assert(body->length >= room);
    buffer_reset(scratch);
    schemas_encode_private(schemas, kind, record, scratch);
    assert(scratch->length > 0 && scratch->bytes[scratch->length - 1] == 0);
    scratch->length--; /* the length of the empty bytes */
    varint_append(scratch, (int64_t)(body->length - room));
    if (scratch->length > room)
        return false;
    char *at = body->bytes + room - scratch->length;
    memcpy(at, scratch->bytes, scratch->length);
    *out = (struct slice){at, scratch->length + body->length - room};
    return true;
}
