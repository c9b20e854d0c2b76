/* Filling a struct from a tree by its shape: what JSON and CSV facts are read with.
 *
 * Field names are the schema's. An unknown name is refused, and so is a missing field, unless it is
 * optional, a list or a map (empty then) or one that the caller allows to be missing. Decimals are
 * read exactly from texts or numbers; shares may carry a %; instants are ISO 8601, or a number of
 * milliseconds; dates are 2026-03-31. `null` is the same as leaving the field out. */
#ifndef MILEPOST_PLAN_SHAPE_READ_H
#define MILEPOST_PLAN_SHAPE_READ_H

#include "base/shape.h"
#include "plan/reading.h"

/* Fills `out`, zeroed before, of shape->size bytes. `may_miss` (NULL-terminated) names fields of
 * the outermost struct that may be left out though the shape has them always; `ignored` is a key of
 * the outermost map that is no field, or NULL. False when something was reported. Texts and lists
 * live in the tree's and the reading's arena. */
bool shape_read(struct reading *reading, const struct shape *shape, const struct node *node,
                const char *const *may_miss, const char *ignored, void *out);

#endif
