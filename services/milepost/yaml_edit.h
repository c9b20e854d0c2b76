/* A YAML file in which scalars are replaced where they stand: all else stays as it was written. */
#ifndef MILEPOST_MILEPOST_YAML_EDIT_H
#define MILEPOST_MILEPOST_YAML_EDIT_H

#include "base/buffer.h"
#include "plan/node.h"

struct scalar_edit {
    const struct node *node;
    size_t from; /* bytes of the file that are replaced */
    size_t length;
    struct slice text;
};

struct yaml_edit {
    const char *path;
    struct slice text; /* as read, as the nodes are, in the arena */
    const struct node *root;
    struct scalar_edit *edits; /* in order of place */
    size_t count;
};

/* Reads a file. INVALID: it is no YAML, reported. UNAVAILABLE with `detail`. */
enum status yaml_edit_read(struct yaml_edit *edit, const char *path, struct arena *arena,
                           struct reports *reports, char *detail) MUST_CHECK;
void yaml_edit_deinit(struct yaml_edit *edit); /* Accepts a zeroed one. */

/* Replaces a scalar of the file, quotes included; once more: instead of what was set before.
 * INVALID with `detail`: it is written in a way that cannot be replaced (over lines, with escapes).
 */
enum status yaml_edit_set(struct yaml_edit *edit, const struct node *scalar, struct slice text,
                          struct arena *arena, char *detail) MUST_CHECK;

/* The whole file as it is now. */
void yaml_edit_write(const struct yaml_edit *edit, struct buffer *out);

/* A line in which something was replaced: as it was and as it is now, without line ends. Begins
 * with `*at` 0 and moves it; false when there is none left. Lines go to the buffers. */
bool yaml_edit_next_line(const struct yaml_edit *edit, size_t *at, int32_t *out_line,
                         struct buffer *before, struct buffer *after);

#endif
