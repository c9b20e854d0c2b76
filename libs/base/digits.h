/* Numbers as text where printf would cost more than the work around it. */
#ifndef MILEPOST_BASE_DIGITS_H
#define MILEPOST_BASE_DIGITS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Writes `value` in exactly `places` decimal digits, with leading zeros; its lowest ones if it has
 * more. No NUL. Returns `places`. */
static inline size_t digits_fixed(uint64_t value, size_t places, char *out)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    size_t at = places;
    for (; at >= 2; value /= 100) {
        at -= 2;
        memcpy(out + at, pairs + 2 * (value % 100), 2);
    }
    if (at)
        out[0] = (char)('0' + (int)(value % 10));
    return places;
}

/* Writes `value` without leading zeros and without a NUL; at most 20 bytes. Returns the length. */
static inline size_t digits_append(uint64_t value, char *out)
{
    size_t places = 1;
    uint64_t rest = value;
    for (; rest >= 1000; rest /= 1000)
        places += 3;
    places += (size_t)(rest >= 10) + (size_t)(rest >= 100);
    return digits_fixed(value, places, out);
}

#endif
