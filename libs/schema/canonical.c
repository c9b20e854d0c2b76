/* The Parsing Canonical Form of Avro's specification and its CRC-64 fingerprint. */
#include "schema/codec.h"
#include "schema/tree.h"

/* Whether a named type was written out before; notes it when not. */
static bool was_seen(struct buffer *seen, const struct tree_node *node)
{
    const char *at = seen->bytes;
    for (size_t i = 0; i < seen->length; i += sizeof node) {
        const struct tree_node *other;
        memcpy(&other, at + i, sizeof other);
        if (other == node)
            return true;
    }
    buffer_append(seen, &node, sizeof node);
    return false;
}

static void append_quoted(struct buffer *out, const char *text)
{
    buffer_append_byte(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            buffer_append_byte(out, '\\');
        buffer_append_byte(out, *text);
    }
    buffer_append_byte(out, '"');
}

static void append_type(const struct tree_node *node, struct buffer *seen, struct buffer *out);

static void append_fields(const struct tree_node *node, struct buffer *seen, struct buffer *out)
{
    buffer_append_slice(out, SLICE(",\"fields\":["));
    for (size_t i = 0; i < node->field_count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        buffer_append_slice(out, SLICE("{\"name\":"));
        append_quoted(out, node->fields[i].name);
        buffer_append_slice(out, SLICE(",\"type\":"));
        append_type(node->fields[i].type, seen, out);
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, ']');
}

static void append_symbols(const struct tree_node *node, struct buffer *out)
{
    buffer_append_slice(out, SLICE(",\"symbols\":["));
    for (size_t i = 0; i < node->symbol_count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        append_quoted(out, node->symbols[i]);
    }
    buffer_append_byte(out, ']');
}

static void append_named(const struct tree_node *node, struct buffer *seen, struct buffer *out)
{
    if (was_seen(seen, node)) {
        append_quoted(out, node->full_name);
        return;
    }
    buffer_append_slice(out, SLICE("{\"name\":"));
    append_quoted(out, node->full_name);
    buffer_printf(out, ",\"type\":\"%s\"", tree_type_name(node->type));
    if (node->type == TREE_RECORD)
        append_fields(node, seen, out);
    else if (node->type == TREE_ENUM)
        append_symbols(node, out);
    else
        buffer_printf(out, ",\"size\":%lu", (unsigned long)node->size);
    buffer_append_byte(out, '}');
}

static void append_type(const struct tree_node *node, struct buffer *seen, struct buffer *out)
{
    if (node->full_name) {
        append_named(node, seen, out);
    } else if (node->type == TREE_UNION) {
        buffer_append_byte(out, '[');
        for (size_t i = 0; i < node->child_count; i++) {
            if (i > 0)
                buffer_append_byte(out, ',');
            append_type(node->children[i], seen, out);
        }
        buffer_append_byte(out, ']');
    } else if (node->child_count) {
        bool is_map = node->type == TREE_MAP;
        buffer_printf(out, "{\"type\":\"%s\",\"%s\":", tree_type_name(node->type),
                      is_map ? "values" : "items");
        append_type(node->children[0], seen, out);
        buffer_append_byte(out, '}');
    } else {
        append_quoted(out, tree_type_name(node->type));
    }
}

void tree_canonical(const struct tree_node *root, struct buffer *out)
{
    struct buffer seen = {0};
    append_type(root, &seen, out);
    buffer_deinit(&seen);
}

uint64_t tree_fingerprint(struct slice canonical)
{
    const uint64_t empty = 0xc15d213aa4d7a795;
    uint64_t fingerprint = empty;
    for (size_t i = 0; i < canonical.length; i++) {
        uint64_t entry = (fingerprint ^ (unsigned char)canonical.bytes[i]) & 0xff;
        for (int bit = 0; bit < 8; bit++)
            entry = (entry >> 1) ^ (empty & -(entry & 1));
        fingerprint = (fingerprint >> 8) ^ entry;
    }
    return fingerprint;
}

enum status schema_canonical_form(struct slice json, struct buffer *out, char *detail)
{
    struct tree tree;
    enum status status = tree_parse(json, &tree, detail);
    if (status)
        return status;
    tree_canonical(tree.root, out);
    tree_deinit(&tree);
    return STATUS_OK;
}

enum status schema_fingerprint(struct slice json, uint64_t *out, char *detail)
{
    struct buffer canonical = {0};
    enum status status = schema_canonical_form(json, &canonical, detail);
    if (status)
        return status;
    *out = tree_fingerprint(buffer_slice(&canonical));
    buffer_deinit(&canonical);
    return STATUS_OK;
}
