#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buffer_deinit(struct buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct buffer){0};
}

char *buffer_reserve_slow(struct buffer *buffer, size_t bytes)
{
    size_t capacity = buffer->capacity ? buffer->capacity : 256;
    while (capacity - buffer->length < bytes) {
        if (capacity > SIZE_MAX / 2)
            abort();
        capacity *= 2;
    }
    char *grown = realloc(buffer->bytes, capacity);
    if (!grown)
        abort();
    buffer->bytes = grown;
    buffer->capacity = capacity;
    return grown + buffer->length;
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        abort();
    char *at = buffer_reserve(buffer, (size_t)length + 1);
    (void)vsnprintf(at, (size_t)length + 1, format, again);
    va_end(again);
    buffer->length += (size_t)length;
}
