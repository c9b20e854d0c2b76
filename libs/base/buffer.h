/* Bytes that grow at the end. Never shrinks, so a reused buffer stops allocating.
 *
 * Appending cannot fail: running out of memory ends the process, which a supervisor restarts with
 * nothing lost (the turn was not committed). Zero-valid: `struct buffer b = {0};`. */
#ifndef MILEPOST_BASE_BUFFER_H
#define MILEPOST_BASE_BUFFER_H

#include "base/slice.h"

struct buffer {
    char *bytes;
    size_t length;
    size_t capacity;
};

void buffer_deinit(struct buffer *buffer); /* Frees; accepts a zeroed buffer; twice is fine. */

/* Makes room for `bytes` more; returns where they go. The length is unchanged. */
char *buffer_reserve_slow(struct buffer *buffer, size_t bytes);

static inline char *buffer_reserve(struct buffer *buffer, size_t bytes)
{
    if (buffer->capacity - buffer->length >= bytes)
        return buffer->bytes + buffer->length;
    return buffer_reserve_slow(buffer, bytes);
}

static inline void buffer_reset(struct buffer *buffer)
{
    buffer->length = 0;
}

static inline void buffer_append(struct buffer *buffer, const void *bytes, size_t length)
{
    char *at = buffer_reserve(buffer, length);
    if (length)
        memcpy(at, bytes, length);
    buffer->length += length;
}

static inline void buffer_append_slice(struct buffer *buffer, struct slice text)
{
    buffer_append(buffer, text.bytes, text.length);
}

static inline void buffer_append_byte(struct buffer *buffer, char byte)
{
    *buffer_reserve(buffer, 1) = byte;
    buffer->length++;
}

/* printf to the end, without the NUL. */
void buffer_printf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline struct slice buffer_slice(const struct buffer *buffer)
{
    return (struct slice){buffer->bytes, buffer->length};
}

#endif
