#include "plan/node.h"

#include "base/utf8.h"

#include <assert.h>
#include <stdlib.h>

struct node *node_new(struct arena *arena, enum node_kind kind)
{
    struct node *node = arena_take(arena, sizeof *node);
    if (node)
        node->kind = kind;
    return node;
}

void node_append(struct node *parent, struct node **last, struct node *child)
{
    assert(parent->kind != NODE_SCALAR);
    assert(!child->next);
    if (*last)
        (*last)->next = child;
    else
        parent->first = child;
    *last = child;
    parent->count++;
}

const struct node *node_find(const struct node *map, const char *key)
{
    if (!map || map->kind != NODE_MAP)
        return NULL;
    struct slice wanted = slice_of(key);
    for (const struct node *node = map->first; node; node = node->next) {
        if (slice_equal(node->key, wanted))
            return node;
    }
    return NULL;
}

const struct node *node_at(const struct node *list, size_t index)
{
    if (!list || index >= list->count)
        return NULL;
    const struct node *node = list->first;
    while (index-- > 0)
        node = node->next;
    return node;
}

bool node_is(const struct node *node, const char *text)
{
    return node && node->kind == NODE_SCALAR && slice_equal(node->text, slice_of(text));
}

bool node_is_null(const struct node *node)
{
    return node && node->kind == NODE_SCALAR && node->is_plain &&
           (node->text.length == 0 || node_is(node, "~") || node_is(node, "null"));
}

size_t text_character(const unsigned char *at, size_t left)
{
    if (at[0] < 0x80)
        return (at[0] >= 0x20 && at[0] != 0x7F) || at[0] == '\n' || at[0] == '\r' || at[0] == '\t';
    return utf8_character(at, left);
}

enum status node_check_text(struct slice text, int32_t line, struct reports *reports)
{
    struct place place = {line, 1};
    for (size_t i = 0; i < text.length;) {
        const unsigned char *at = (const unsigned char *)text.bytes + i;
        size_t length = text_character(at, text.length - i);
        if (length == 0) {
            report_error(reports, place, "bad-text", NULL,
                         "byte 0x%02X is not UTF-8 text, or a control character", at[0]);
            return STATUS_INVALID;
        }
        place = *at == '\n' ? (struct place){place.line + 1, 1}
                            : (struct place){place.line, place.column + 1};
        i += length;
    }
    return STATUS_OK;
}

static int by_key(const void *a, const void *b)
{
    const struct node *const *first = a;
    const struct node *const *second = b;
    int order = slice_compare((*first)->key, (*second)->key);
    if (order != 0)
        return order;
    if ((*first)->key_line != (*second)->key_line)
        return (*first)->key_line < (*second)->key_line ? -1 : 1;
    return (*first)->key_column < (*second)->key_column ? -1 : 1;
}

enum status node_check_keys(const struct node *map, struct arena *arena, struct reports *reports)
{
    if (map->count < 2)
        return STATUS_OK;
    const struct node **sorted = arena_take_array(arena, map->count, sizeof(const struct node *));
    if (!sorted)
        return STATUS_EXHAUSTED;
    size_t count = 0;
    for (const struct node *node = map->first; node; node = node->next)
        sorted[count++] = node;
    qsort(sorted, count, sizeof(const struct node *), by_key);
    enum status status = STATUS_OK;
    for (size_t i = 1; i < count; i++) {
        if (!slice_equal(sorted[i - 1]->key, sorted[i]->key))
            continue;
        report_error(reports, (struct place){sorted[i]->key_line, sorted[i]->key_column},
                     "duplicate-key", NULL, "`%.*s` stands here already, in line %d",
                     SLICE_ARGS(sorted[i]->key), sorted[i - 1]->key_line);
        status = STATUS_INVALID;
    }
    return status;
}

static void indent(struct buffer *out, int depth)
{
    buffer_printf(out, "%*s", depth * 2, "");
}

/* A double-quoted scalar: every text has one. */
static void write_quoted(struct slice text, struct buffer *out)
{
    buffer_append_byte(out, '"');
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        if (byte == '"' || byte == '\\')
            buffer_printf(out, "\\%c", byte);
        else if (byte < 0x20 || byte == 0x7F)
            buffer_printf(out, "\\x%02X", byte);
        else
            buffer_append_byte(out, text.bytes[i]);
    }
    buffer_append_byte(out, '"');
}

/* Whether a plain scalar may be written back as it is, on one line in block form. */
static bool is_safe_plain(struct slice text)
{
    static const char odd_first[] = "-?:,[]{}#&*!|>'\"%@` ";
    if (text.length == 0 || text.bytes[text.length - 1] == ' ' ||
        text.bytes[text.length - 1] == ':')
        return false;
    bool is_number =
        text.bytes[0] == '-' && text.length > 1 && text.bytes[1] >= '0' && text.bytes[1] <= '9';
    if (!is_number && strchr(odd_first, text.bytes[0]))
        return false;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];
        if ((unsigned char)c < 0x20 || c == 0x7F)
            return false;
        if (i > 0 && c == '#' && text.bytes[i - 1] == ' ')
            return false;
        if (c == ':' && text.bytes[i + 1] == ' ')
            return false;
    }
    return !(text.length >= 3 &&
             (memcmp(text.bytes, "---", 3) == 0 || memcmp(text.bytes, "...", 3) == 0));
}

static void write_text(struct slice text, bool is_plain, struct buffer *out)
{
    if (is_plain && (text.length == 0 || is_safe_plain(text)))
        buffer_append_slice(out, text);
    else
        write_quoted(text, out);
}

static void write_node(const struct node *node, int depth, struct buffer *out);

static void write_value(const struct node *value, int depth, struct buffer *out)
{
    if (value->kind == NODE_SCALAR) {
        buffer_append_byte(out, ' ');
        write_text(value->text, value->is_plain, out);
        buffer_append_byte(out, '\n');
    } else if (value->count == 0) {
        buffer_printf(out, " %s\n", value->kind == NODE_LIST ? "[]" : "{}");
    } else {
        buffer_append_byte(out, '\n');
        write_node(value, depth + 1, out);
    }
}

static void write_node(const struct node *node, int depth, struct buffer *out)
{
    for (const struct node *value = node->first; value; value = value->next) {
        indent(out, depth);
        if (node->kind == NODE_LIST) {
            buffer_append_byte(out, '-');
        } else {
            write_text(value->key, is_safe_plain(value->key), out);
            buffer_append_byte(out, ':');
        }
        write_value(value, depth, out);
    }
}

void node_write_yaml(const struct node *node, struct buffer *out)
{
    if (node->kind == NODE_SCALAR) {
        write_text(node->text, node->is_plain, out);
        buffer_append_byte(out, '\n');
    } else if (node->count == 0) {
        buffer_printf(out, "%s\n", node->kind == NODE_LIST ? "[]" : "{}");
    } else {
        write_node(node, 0, out);
    }
}
