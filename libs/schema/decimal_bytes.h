/* Decimals as Avro has them: two's complement, big-endian, at a scale. Internal to libs/schema. */
#ifndef MILEPOST_SCHEMA_DECIMAL_BYTES_H
#define MILEPOST_SCHEMA_DECIMAL_BYTES_H

#include "base/decimal.h"

extern const char decimal_too_large[];

/* Reads 1 or more bytes; false when more than 16 of them say something. */
bool decimal_bytes_read(const uint8_t *bytes, size_t length, int128 *out);

/* Moves `units` by `shift` decimal places, exactly and within 38 digits; else returns why it
 * cannot. */
const char *decimal_rescale(int128 *units, int shift);

#endif
