/* A default, from the JSON of our own schema to the Avro bytes that a writer would have sent. */
#include "schema/resolve.h"

static void put_long(struct buffer *out, int64_t value)
{
    uint64_t rest = ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
    for (; rest >= 0x80; rest >>= 7)
        buffer_append_byte(out, (char)(rest | 0x80));
    buffer_append_byte(out, (char)rest);
}

/* The text of a bytes default has one code point from 0 to 255 per byte. */
static enum status append_latin(struct slice text, struct buffer *out)
{
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        if (byte >= 0x80) {
            if ((byte & 0xfc) != 0xc0 || i + 1 == text.length)
                return STATUS_INVALID;
            byte = (unsigned char)((byte << 6) | (text.bytes[++i] & 0x3f));
        }
        buffer_append_byte(out, (char)byte);
    }
    return STATUS_OK;
}

static enum status put_texts(const json_t *preset, const struct tree_node *node, struct buffer *out)
{
    if (!json_is_string(preset))
        return STATUS_INVALID;
    struct slice text = {json_string_value(preset), json_string_length(preset)};
    if (node->type == TREE_STRING) {
        put_long(out, (int64_t)text.length);
        buffer_append_slice(out, text);
        return STATUS_OK;
    }
    struct buffer bytes = {0};
    enum status status = append_latin(text, &bytes);
    if (node->type == TREE_BYTES)
        put_long(out, (int64_t)bytes.length);
    else if (bytes.length != node->size)
        status = STATUS_INVALID;
    buffer_append_slice(out, buffer_slice(&bytes));
    buffer_deinit(&bytes);
    return status;
}

static enum status put_record(const json_t *preset, const struct tree_node *node,
                              struct buffer *out)
{
    for (size_t i = 0; i < node->field_count; i++) {
        const struct tree_field *field = &node->fields[i];
        const json_t *value = json_object_get(preset, field->name);
        if (!value)
            value = field->preset;
        enum status status = value ? preset_encode(value, field->type, out) : STATUS_INVALID;
        if (status)
            return status;
    }
    return STATUS_OK;
}

static enum status put_array(const json_t *preset, const struct tree_node *node, struct buffer *out)
{
    size_t count = json_array_size(preset);
    if (!json_is_array(preset))
        return STATUS_INVALID;
    if (count)
        put_long(out, (int64_t)count);
    for (size_t i = 0; i < count; i++) {
        enum status status = preset_encode(json_array_get(preset, i), node->children[0], out);
        if (status)
            return status;
    }
    put_long(out, 0);
    return STATUS_OK;
}

static enum status put_map(const json_t *preset, const struct tree_node *node, struct buffer *out)
{
    if (!json_is_object(preset))
        return STATUS_INVALID;
    /* jansson's iterator takes a mutable object although it only reads. */
    json_t *object = json_copy((json_t *)(uintptr_t)preset);
    if (json_object_size(object))
        put_long(out, (int64_t)json_object_size(object));
    enum status status = STATUS_OK;
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        put_long(out, (int64_t)strlen(key));
        buffer_append_slice(out, slice_of(key));
        status = status ? status : preset_encode(value, node->children[0], out);
    }
    json_decref(object);
    put_long(out, 0);
    return status;
}

static enum status put_enum(const json_t *preset, const struct tree_node *node, struct buffer *out)
{
    const char *symbol = json_string_value(preset);
    for (size_t i = 0; symbol && i < node->symbol_count; i++) {
        if (strcmp(node->symbols[i], symbol) != 0)
            continue;
        put_long(out, (int64_t)i);
        return STATUS_OK;
    }
    return STATUS_INVALID;
}

static enum status put_number(const json_t *preset, const struct tree_node *node,
                              struct buffer *out)
{
    (void)node;
    if (!json_is_integer(preset))
        return STATUS_INVALID;
    put_long(out, json_integer_value(preset));
    return STATUS_OK;
}

static enum status put_boolean(const json_t *preset, const struct tree_node *node,
                               struct buffer *out)
{
    (void)node;
    buffer_append_byte(out, json_is_true(preset));
    return json_is_boolean(preset) ? STATUS_OK : STATUS_INVALID;
}

static enum status put_null(const json_t *preset, const struct tree_node *node, struct buffer *out)
{
    (void)node;
    (void)out;
    return json_is_null(preset) ? STATUS_OK : STATUS_INVALID;
}

/* A union's default is one of its first branch. */
static enum status put_union(const json_t *preset, const struct tree_node *node, struct buffer *out)
{
    put_long(out, 0);
    return preset_encode(preset, node->children[0], out);
}

enum status preset_encode(const json_t *preset, const struct tree_node *node, struct buffer *out)
{
    /* float and double are absent: no field of ours has them. */
    static enum status (*const puts[TREE_TYPES])(const json_t *, const struct tree_node *,
                                                 struct buffer *) = {
        [TREE_NULL] = put_null,     [TREE_BOOLEAN] = put_boolean, [TREE_INT] = put_number,
        [TREE_LONG] = put_number,   [TREE_BYTES] = put_texts,     [TREE_STRING] = put_texts,
        [TREE_RECORD] = put_record, [TREE_ENUM] = put_enum,       [TREE_FIXED] = put_texts,
        [TREE_ARRAY] = put_array,   [TREE_MAP] = put_map,         [TREE_UNION] = put_union,
    };
    return puts[node->type] ? puts[node->type](preset, node, out) : STATUS_INVALID;
}
