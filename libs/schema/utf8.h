/* Whether bytes are UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef MILEPOST_SCHEMA_UTF8_H
#define MILEPOST_SCHEMA_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

bool utf8_is_valid_slow(const uint8_t *bytes, size_t length);

#ifdef __SSE2__
static inline unsigned utf8_high_bits(const uint8_t *bytes)
{
    return (unsigned)_mm_movemask_epi8(_mm_loadu_si128((const __m128i *)(const void *)bytes));
}
#endif

static inline bool utf8_is_valid_long(const uint8_t *bytes, size_t length)
{
    const uint64_t high_bits = 0x8080808080808080u;
    uint64_t word;
    size_t at = 0;
    for (; at + 8 <= length; at += 8) {
        memcpy(&word, bytes + at, 8);
        if (word & high_bits)
            break;
    }
    return utf8_is_valid_slow(bytes + at, length - at);
}

/* `readable` ≥ length: how many bytes may be looked at from `bytes` on, so that the last ones are
 * judged by one look at 16 bytes, whatever follows them. */
static inline bool utf8_is_valid(const uint8_t *bytes, size_t length, size_t readable)
{
#ifdef __SSE2__
    if (__builtin_expect(readable >= 16 && length <= readable - 16 + 1, 1)) {
        unsigned seen = 0;
        size_t at = 0;
        for (; at + 16 < length; at += 16)
            seen |= utf8_high_bits(bytes + at);
        seen |= utf8_high_bits(bytes + at) & ((1u << (length - at)) - 1);
        if (__builtin_expect(seen == 0, 1))
            return true;
    }
#else
    (void)readable;
#endif
    return utf8_is_valid_long(bytes, length);
}

#endif
