/* Avro's long: zigzag, seven bits a byte, least significant first. */
#ifndef MILEPOST_BASE_VARINT_H
#define MILEPOST_BASE_VARINT_H

#include "base/buffer.h"

enum { VARINT_BYTES_MAX = 10 };

/* Writes it to `at`, which has room for VARINT_BYTES_MAX; returns how many bytes it took. */
static inline size_t varint_put(int64_t value, char *at)
{
    uint64_t zigzag = ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
    size_t length = 0;
    while (zigzag >= 0x80) {
        at[length++] = (char)(zigzag | 0x80);
        zigzag >>= 7;
    }
    at[length++] = (char)zigzag;
    return length;
}

static inline void varint_append(struct buffer *out, int64_t value)
{
    out->length += varint_put(value, buffer_reserve(out, VARINT_BYTES_MAX));
}

/* Takes one from the front of `rest`; false, with `rest` as it was, when there is none whole. */
static inline bool varint_take(struct slice *rest, int64_t *out)
{
    uint64_t zigzag = 0;
    if (rest->length > 0 && (unsigned char)rest->bytes[0] < 0x80) { /* mostly */
        zigzag = (unsigned char)rest->bytes[0];
        *out = (int64_t)(zigzag >> 1) ^ -(int64_t)(zigzag & 1);
        rest->bytes++;
        rest->length--;
        return true;
    }
    for (size_t i = 0; i < rest->length && i < VARINT_BYTES_MAX; i++) {
        unsigned char byte = (unsigned char)rest->bytes[i];
        zigzag |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            *out = (int64_t)(zigzag >> 1) ^ -(int64_t)(zigzag & 1);
            rest->bytes += i + 1;
            rest->length -= i + 1;
            return true;
        }
    }
    return false;
}

/* Takes a length and as many bytes; false when they are not all there. */
static inline bool varint_take_bytes(struct slice *rest, struct slice *out)
{
    struct slice after = *rest;
    int64_t length;
    if (!varint_take(&after, &length) || length < 0 || (uint64_t)length > after.length)
        return false;
    *out = (struct slice){after.bytes, (size_t)length};
    *rest = (struct slice){after.bytes + length, after.length - (size_t)length};
    return true;
}

static inline void varint_append_bytes(struct buffer *out, struct slice bytes)
{
    varint_append(out, (int64_t)bytes.length);
    buffer_append_slice(out, bytes);
}

#endif
