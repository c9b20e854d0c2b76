/* Numbers as text where printf would cost more than the work around it. */
#ifndef MILEPOST_BASE_DIGITS_H
#define MILEPOST_BASE_DIGITS_H

#include <stddef.h>
#include <stdint.h>

/* Writes `value` in exactly `places` decimal digits, with leading zeros; its lowest ones if it has
 * more. No NUL. Returns `places`. */
static inline size_t digits_fixed(uint64_t value, size_t places, char *out)
{
    for (size_t i = places; i > 0; i--) {
        out[i - 1] = (char)('0' + (int)(value % 10));
        value /= 10;
    }
    return places;
}

/* Writes `value` without leading zeros and without a NUL; at most 20 bytes. Returns the length. */
static inline size_t digits_append(uint64_t value, char *out)
{
    size_t places = 1;
    for (uint64_t rest = value; rest >= 10; rest /= 10)
        places++;
    return digits_fixed(value, places, out);
}

#endif
