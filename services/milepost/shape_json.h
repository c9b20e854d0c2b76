/* Any struct with a shape as a JSON object: what `--json` prints.
 *
 * Decimals are strings in canonical form, instants and dates ISO 8601, enums their symbols, maps
 * objects, an absent optional field null; an attribute's decimal is a bare number, as event files
 * write it. A part of the struct itself (SHAPE_PART), which is a matter of bytes, is written as the
 * fields that it has. */
#ifndef MILEPOST_MILEPOST_SHAPE_JSON_H
#define MILEPOST_MILEPOST_SHAPE_JSON_H

#include "base/shape.h"
#include "money/rational.h"

/* Appends one object. */
void shape_append_json(const struct shape *shape, const void *value, struct buffer *out);

struct shape_json_options {
    const char *const
        *without; /* fields to leave out, at any depth; NULL-terminated; may be NULL */
    bool has_places;
    int places; /* of every decimal that they hold exactly, instead of the canonical form */
};

/* Appends its fields alone, each with a comma before it unless `out` ends in '{'. */
void shape_append_json_fields(const struct shape *shape, const void *value,
                              const struct shape_json_options *options, struct buffer *out);

/* With exactly `places` places, canonical where they do not hold it; borrowed from `out`. */
struct slice places_format(struct decimal value, int places, char out[DECIMAL_TEXT_BYTES]);

/* A ratio (units of 10^-12) in canonical form. Returns the length. */
size_t ratio_format(struct decimal ratio, char out[DECIMAL_TEXT_BYTES]);

/* The same as percent with two places, the rest cut off: `8.25%`. For eyes only. */
struct slice ratio_percent(struct decimal ratio, char out[DECIMAL_TEXT_BYTES]);

/* A fraction as such a ratio. OUT_OF_RANGE: it does not fit. */
enum status ratio_round(struct rational value, struct decimal *out) MUST_CHECK;

/* A member of an object (json_text.h): money, as places_format() writes it; a list of texts. */
void json_append_money(struct buffer *out, const char *name, struct decimal value, int places);
void json_append_texts(struct buffer *out, const char *name, const struct list *texts);

/* `2026-02-03T10:00:00Z`; borrowed from `out`, of INSTANT_TEXT_BYTES. */
struct slice instant_text(int64_t ms, char *out);

#endif
