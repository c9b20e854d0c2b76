/* Whether bytes are UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef MILEPOST_SCHEMA_UTF8_H
#define MILEPOST_SCHEMA_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

bool utf8_is_valid_slow(const uint8_t *bytes, size_t length);

/* `readable` ≥ length: how many bytes may be looked at from `bytes` on. */
static inline bool utf8_is_valid(const uint8_t *bytes, size_t length, size_t readable)
{
    const uint64_t high_bits = 0x8080808080808080u;
    uint64_t word;
    size_t at = 0;
    for (; at + 8 <= length; at += 8) {
        memcpy(&word, bytes + at, 8);
        if (word & high_bits)
            return utf8_is_valid_slow(bytes + at, length - at);
    }
    if (at == length)
        return true;
    if (readable - at < 8)
        return utf8_is_valid_slow(bytes + at, length - at);
    memcpy(&word, bytes + at, 8);
    uint64_t ours = (uint64_t)-1 >> (64 - 8 * (length - at)); /* little-endian: the first bytes */
    return !(word & high_bits & ours) || utf8_is_valid_slow(bytes + at, length - at);
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the fast paths read words");

#endif
