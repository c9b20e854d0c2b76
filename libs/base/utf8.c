#include "base/utf8.h"

/* Per first byte's range: bytes that follow and the bounds of the first of them. */
static const struct {
    uint8_t from;
    uint8_t to;
    uint8_t more;
    uint8_t next_from;
    uint8_t next_to;
} leads[] = {
    {0xc2, 0xdf, 1, 0x80, 0xbf}, {0xe0, 0xe0, 2, 0xa0, 0xbf}, {0xe1, 0xec, 2, 0x80, 0xbf},
    {0xed, 0xed, 2, 0x80, 0x9f}, {0xee, 0xef, 2, 0x80, 0xbf}, {0xf0, 0xf0, 3, 0x90, 0xbf},
    {0xf1, 0xf3, 3, 0x80, 0xbf}, {0xf4, 0xf4, 3, 0x80, 0x8f},
};

size_t utf8_character(const uint8_t *bytes, size_t length)
{
    if (bytes[0] < 0x80)
        return 1;
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++) {
        if (bytes[0] < leads[i].from || bytes[0] > leads[i].to)
            continue;
        if (leads[i].more >= length)
            return 0;
        for (size_t k = 1; k <= leads[i].more; k++) {
            uint8_t from = k == 1 ? leads[i].next_from : 0x80;
            uint8_t to = k == 1 ? leads[i].next_to : 0xbf;
            if (bytes[k] < from || bytes[k] > to)
                return 0;
        }
        return leads[i].more + 1u;
    }
    return 0;
}

bool utf8_is_valid_slow(const uint8_t *bytes, size_t length)
{
    while (length > 0) {
        size_t taken = utf8_character(bytes, length);
        if (taken == 0)
            return false;
        bytes += taken;
        length -= taken;
    }
    return true;
}
