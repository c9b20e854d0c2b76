/* Text and bytes travel as a view: a pointer and a length, by value, owned by somebody else. */
#ifndef MILEPOST_BASE_SLICE_H
#define MILEPOST_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
    const char *bytes; /* may be NULL when length is 0 */
    size_t length;
};

/* A view of a literal. */
#define SLICE(literal) ((struct slice){("" literal), sizeof(literal) - 1})

/* printf("%.*s", SLICE_ARGS(s)) */
#define SLICE_ARGS(s) (int)(s).length, (s).bytes ? (s).bytes : ""

static inline struct slice slice_of(const char *text)
{
    return (struct slice){text, text ? strlen(text) : 0};
}

static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

/* Byte order, shorter first when one is a prefix of the other: negative, 0, positive. */
static inline int slice_compare(struct slice a, struct slice b)
{
    size_t shared = a.length < b.length ? a.length : b.length;
    int order = shared == 0 ? 0 : memcmp(a.bytes, b.bytes, shared);
    if (order != 0)
        return order;
    return a.length < b.length ? -1 : a.length > b.length;
}

static inline bool slice_starts_with(struct slice text, struct slice prefix)
{
    return text.length >= prefix.length &&
           (prefix.length == 0 || memcmp(text.bytes, prefix.bytes, prefix.length) == 0);
}

/* The part before the first `separator` goes to `out_head` and what follows it is returned; without
 * one, the whole text is the head and the rest is empty with bytes NULL. */
static inline struct slice slice_split(struct slice text, char separator, struct slice *out_head)
{
    const char *at = text.length ? memchr(text.bytes, separator, text.length) : NULL;
    if (!at) {
        *out_head = text;
        return (struct slice){NULL, 0};
    }
    size_t head = (size_t)(at - text.bytes);
    *out_head = (struct slice){text.bytes, head};
    return (struct slice){at + 1, text.length - head - 1};
}

#endif
