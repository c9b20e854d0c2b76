/* Encoding: what is seldom in operations that are common. */
#include "base/varint.h"
#include "schema/encode_ops.h"

uint8_t *encode_make_room(struct encode_run *run, uint8_t *at, size_t bytes)
{
    run->out->length = (size_t)((char *)at - run->out->bytes);
    uint8_t *moved = (uint8_t *)buffer_reserve(run->out, bytes + ROOM);
    run->limit = (uint8_t *)run->out->bytes + run->out->capacity - ROOM;
    return moved;
}

uint8_t *encode_any_varint(uint8_t *at, uint64_t zigzag)
{
    for (; zigzag >= 0x80; zigzag >>= 7)
        *at++ = (uint8_t)(zigzag | 0x80);
    *at++ = (uint8_t)zigzag;
    return at;
}

uint8_t *encode_any_bytes(struct encode_run *run, uint8_t *at, struct slice bytes)
{
    size_t most = bytes.length + VARINT_BYTES_MAX;
    if ((ptrdiff_t)most > run->limit - at)
        at = encode_make_room(run, at, most);
    at = put_varint(at, (int64_t)bytes.length);
    if (bytes.length)
        memcpy(at, bytes.bytes, bytes.length);
    return at + bytes.length;
}

uint8_t *encode_any_units(uint8_t *at, int128 units)
{
    unsigned length = 16;
    while (units >> (8 * length - 9) == (units < 0 ? -1 : 0))
        length--;
    *at++ = (uint8_t)(length * 2);
    for (unsigned i = 0; i < length; i++)
        at[i] = (uint8_t)((uint128)units >> (8 * (length - 1 - i)));
    return at + length;
}
