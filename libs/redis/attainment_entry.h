/* One attainment as Redis holds it: a field of a hash and its value, compact JSON. README.md tells
 * readers about both.
 *
 * A field is participant/plan/component/window, in each of which % stands as %25 and / as %2F: no
 * two keys share a field, and none is "#header", which has no slash. */
#ifndef MILEPOST_REDIS_ATTAINMENT_ENTRY_H
#define MILEPOST_REDIS_ATTAINMENT_ENTRY_H

#include "base/arena.h"
#include "base/buffer.h"
#include "engine/rows.h"

/* What names an entry. */
struct attainment_key {
    struct slice participant; /* kind:id */
    struct slice plan;
    struct slice component;
    struct slice window;
};

/* An entry that was read. Figures are canonical decimal text; bytes NULL: null. */
struct attainment_entry {
    struct attainment_key key;
    struct slice measure;
    struct slice goal;       /* optional */
    struct slice attainment; /* optional; 1 = the goal */
    struct slice earned;
    struct slice payable;
    struct slice currency;
    int64_t sequence;     /* of the last payout */
    struct slice step;    /* optional */
    struct slice pending; /* reason codes with commas between; empty: none */
    struct slice held;    /* optional */
    int64_t as_of;        /* ms since 1970 */
    int64_t plan_version;
    struct slice json; /* the whole value */
};

/* Appends one part of a field, escaped. */
void attainment_entry_append_part(struct slice part, struct buffer *out);
void attainment_entry_append_field(const struct attainment_key *key, struct buffer *out);
void attainment_entry_append_value(const struct attainment *attainment, struct buffer *out);

/* Reads both back. The texts live in `arena`. INVALID: written by somebody else. EXHAUSTED: the
 * arena is full. */
enum status attainment_entry_read(struct slice field, struct slice value, struct arena *arena,
                                  struct attainment_entry *out) MUST_CHECK;

#endif
