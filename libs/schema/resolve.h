/* Schema resolution at compile time. Internal to libs/schema. */
#ifndef MILEPOST_SCHEMA_RESOLVE_H
#define MILEPOST_SCHEMA_RESOLVE_H

#include "schema/program.h"
#include "schema/tree.h"

/* Adds the operations that skip one value of `node`. Named types become subroutines that
 * skip_finish() adds. */
void skip_value(struct builder *builder, struct buffer *routines, const struct tree_node *node,
                const char *path);

/* Adds the subroutines that were called and resolves the calls; frees `routines`. */
void skip_finish(struct builder *builder, struct buffer *routines);

/* Appends the Avro bytes of a default. STATUS_INVALID: it does not fit its type. */
enum status preset_encode(const json_t *preset, const struct tree_node *node,
                          struct buffer *out) MUST_CHECK;

#endif
