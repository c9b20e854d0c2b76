/* memcpy for what is mostly a short text: without the call, which costs more than the copying. */
#ifndef MILEPOST_BASE_COPY_H
#define MILEPOST_BASE_COPY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Writes exactly `length` bytes; the two do not overlap. */
static inline void copy_short(void *to, const void *from, size_t length)
{
    char *out = to;
    const char *in = from;
    if (length > 32) {
        memcpy(out, in, length);
    } else if (length >= 8) {
        uint64_t word;
        for (size_t at = 0; at + 8 < length; at += 8) {
            memcpy(&word, in + at, 8);
            memcpy(out + at, &word, 8);
        }
        memcpy(&word, in + length - 8, 8);
        memcpy(out + length - 8, &word, 8);
    } else if (length >= 4) {
        uint32_t words[2];
        memcpy(&words[0], in, 4);
        memcpy(&words[1], in + length - 4, 4);
        memcpy(out, &words[0], 4);
        memcpy(out + length - 4, &words[1], 4);
    } else {
        for (size_t at = 0; at < length; at++)
            out[at] = in[at];
    }
}

#endif
