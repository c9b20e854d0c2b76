#include "milepost/yaml_edit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "milepost/bundle.h"

enum status yaml_edit_read(struct yaml_edit *edit, const char *path, struct arena *arena,
                           struct reports *reports, char *detail)
{
    *edit = (struct yaml_edit){.path = path};
    enum status status = read_file(path, arena, &edit->text, detail);
    if (status)
        return status;
    reports_read(reports, slice_of(path), edit->text, 1);
    return node_read_yaml(edit->text, BUNDLE_FILE_BYTES_MAX, arena, reports, &edit->root);
}

void yaml_edit_deinit(struct yaml_edit *edit)
{
    free(edit->edits);
    *edit = (struct yaml_edit){0};
}

/* --- places --- */

static size_t line_start(struct slice text, int32_t line)
{
    size_t at = 0;
    for (int32_t i = 1; i < line && at < text.length; i++) {
        const char *end = memchr(text.bytes + at, '\n', text.length - at);
        at = end ? (size_t)(end - text.bytes) + 1 : text.length;
    }
    return at;
}

static size_t offset_of(struct slice text, int32_t line, int32_t column)
{
    size_t at = line_start(text, line);
    for (int32_t i = 1; i < column && at < text.length; i++) {
        size_t bytes = text_character((const unsigned char *)text.bytes + at, text.length - at);
        at += bytes ? bytes : 1;
    }
    return at;
}

static bool stands(struct slice text, size_t at, struct slice what)
{
    return at + what.length <= text.length && memcmp(text.bytes + at, what.bytes, what.length) == 0;
}

/* --- setting --- */

static int by_place(const void *a, const void *b)
{
    const struct scalar_edit *one = a;
    const struct scalar_edit *other = b;
    return one->from < other->from ? -1 : one->from > other->from;
}

static struct scalar_edit *edit_of(struct yaml_edit *edit, const struct node *scalar)
{
    for (size_t i = 0; i < edit->count; i++)
        if (edit->edits[i].node == scalar)
            return &edit->edits[i];
    return NULL;
}

static enum status add(struct yaml_edit *edit, const struct node *scalar, struct slice text,
                       char *detail)
{
    size_t from = offset_of(edit->text, scalar->line, scalar->column);
    size_t quotes = scalar->is_plain ? 0 : 1;
    if (scalar->kind != NODE_SCALAR || !stands(edit->text, from + quotes, scalar->text)) {
        (void)snprintf(detail, DETAIL_BYTES,
                       "%s:%" PRId32 ":%" PRId32 ": write this value on one line without escapes, "
                       "so that it can be replaced",
                       edit->path, scalar->line, scalar->column);
        return STATUS_INVALID;
    }
    edit->edits = realloc(edit->edits, (edit->count + 1) * sizeof *edit->edits);
    if (!edit->edits)
        abort();
    edit->edits[edit->count++] =
        (struct scalar_edit){scalar, from, scalar->text.length + 2 * quotes, text};
    qsort(edit->edits, edit->count, sizeof *edit->edits, by_place);
    return STATUS_OK;
}

enum status yaml_edit_set(struct yaml_edit *edit, const struct node *scalar, struct slice text,
                          struct arena *arena, char *detail)
{
    struct slice kept = arena_copy(arena, text);
    if (!kept.bytes)
        return STATUS_EXHAUSTED;
    struct scalar_edit *found = edit_of(edit, scalar);
    if (!found)
        return add(edit, scalar, kept, detail);
    found->text = kept;
    return STATUS_OK;
}

/* --- writing --- */

/* The bytes [from, until) with what was replaced in them. */
static void write_part(const struct yaml_edit *edit, size_t from, size_t until, struct buffer *out)
{
    for (size_t i = 0; i < edit->count; i++) {
        const struct scalar_edit *one = &edit->edits[i];
        if (one->from < from || one->from >= until)
            continue;
        buffer_append(out, edit->text.bytes + from, one->from - from);
        buffer_append_slice(out, one->text);
        from = one->from + one->length;
    }
    if (from < until)
        buffer_append(out, edit->text.bytes + from, until - from);
}

void yaml_edit_write(const struct yaml_edit *edit, struct buffer *out)
{
    write_part(edit, 0, edit->text.length, out);
}

bool yaml_edit_next_line(const struct yaml_edit *edit, size_t *at, int32_t *out_line,
                         struct buffer *before, struct buffer *after)
{
    if (*at >= edit->count)
        return false;
    int32_t line = edit->edits[*at].node->line;
    size_t from = line_start(edit->text, line);
    size_t until = line_start(edit->text, line + 1);
    while (*at < edit->count && edit->edits[*at].node->line == line)
        (*at)++;
    while (until > from &&
           (edit->text.bytes[until - 1] == '\n' || edit->text.bytes[until - 1] == '\r'))
        until--;
    buffer_reset(before);
    buffer_reset(after);
    buffer_append(before, edit->text.bytes + from, until - from);
    write_part(edit, from, until, after);
    *out_line = line;
    return true;
}
