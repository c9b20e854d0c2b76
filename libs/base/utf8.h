/* UTF-8, strictly: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef MILEPOST_BASE_UTF8_H
#define MILEPOST_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Bytes of the character that begins `bytes`, of which `length` > 0 are there; 0: none does. */
size_t utf8_character(const uint8_t *bytes, size_t length);

bool utf8_is_valid_slow(const uint8_t *bytes, size_t length);

/* Whether the first `length` ≤ 15 of 16 readable bytes are all ASCII. */
static inline bool utf8_is_short_ascii(const uint8_t *bytes, size_t length)
{
#ifdef __SSE2__
    __m128i all = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    return ((unsigned)_mm_movemask_epi8(all) & ((1u << length) - 1)) == 0;
#else
    uint8_t seen = 0;
    for (size_t at = 0; at < length; at++)
        seen |= bytes[at];
    return seen < 0x80;
#endif
}

/* The same of any length: words, the last of which may overlap the one before it. */
static inline bool utf8_is_ascii(const uint8_t *bytes, size_t length)
{
    const uint64_t high_bits = 0x8080808080808080u;
    uint64_t seen = 0;
    uint64_t word = 0;
    if (length >= 8) {
        for (size_t at = 0; at + 8 < length; at += 8) {
            memcpy(&word, bytes + at, 8);
            seen |= word;
        }
        memcpy(&word, bytes + length - 8, 8);
        return ((seen | word) & high_bits) == 0;
    }
    if (length >= 4) {
        memcpy(&word, bytes, 4);
        memcpy(&seen, bytes + length - 4, 4);
        return ((seen | word) & high_bits) == 0;
    }
    for (size_t at = 0; at < length; at++)
        seen |= bytes[at];
    return seen < 0x80;
}

static inline bool utf8_is_valid(const uint8_t *bytes, size_t length)
{
    return __builtin_expect(utf8_is_ascii(bytes, length), 1) || utf8_is_valid_slow(bytes, length);
}

#endif
