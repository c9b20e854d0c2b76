#include "base/partition.h"

#include <assert.h>

uint32_t murmur2(struct slice key)
{
    const uint32_t multiplier = 0x5bd1e995;
    uint32_t hash = 0x9747b28c ^ (uint32_t)key.length;
    const unsigned char *at = (const unsigned char *)key.bytes;
    size_t left = key.length;
    for (; left >= 4; left -= 4, at += 4) {
        uint32_t word =
            at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
        word *= multiplier;
        word ^= word >> 24;
        word *= multiplier;
        hash = hash * multiplier ^ word;
    }
    if (left >= 3)
        hash ^= (uint32_t)at[2] << 16;
    if (left >= 2)
        hash ^= (uint32_t)at[1] << 8;
    if (left >= 1)
        hash = (hash ^ at[0]) * multiplier;
    hash ^= hash >> 13;
    hash *= multiplier;
    return hash ^ hash >> 15;
}

int32_t partition_of(struct slice key, int32_t count)
{
    assert(count > 0);
    return (int32_t)((murmur2(key) & 0x7fffffff) % (uint32_t)count);
}
