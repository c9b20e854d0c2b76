#include "schema/tree.h"

#include <avro.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct named {
    struct named *next;
    struct tree_node *node;
};

struct parse {
    struct arena *arena;
    struct named *named;
    char *detail;
    int depth;
};

static const char *const type_names[TREE_TYPES] = {
    [TREE_NULL] = "null",   [TREE_BOOLEAN] = "boolean", [TREE_INT] = "int",
    [TREE_LONG] = "long",   [TREE_FLOAT] = "float",     [TREE_DOUBLE] = "double",
    [TREE_BYTES] = "bytes", [TREE_STRING] = "string",   [TREE_RECORD] = "record",
    [TREE_ENUM] = "enum",   [TREE_FIXED] = "fixed",     [TREE_ARRAY] = "array",
    [TREE_MAP] = "map",     [TREE_UNION] = "union",
};

const char *tree_type_name(enum tree_type type)
{
    return type_names[type];
}

/* --- logical types --- */

static const struct {
    const char *name;
    enum tree_type on;
    enum tree_logical logical;
} logicals[] = {
    {"decimal", TREE_BYTES, LOGICAL_DECIMAL},
    {"decimal", TREE_FIXED, LOGICAL_DECIMAL},
    {"date", TREE_INT, LOGICAL_DATE},
    {"timestamp-millis", TREE_LONG, LOGICAL_MILLIS},
    {"timestamp-micros", TREE_LONG, LOGICAL_MICROS},
    {"timestamp-nanos", TREE_LONG, LOGICAL_NANOS},
    {"local-timestamp-millis", TREE_LONG, LOGICAL_OTHER},
    {"local-timestamp-micros", TREE_LONG, LOGICAL_OTHER},
    {"local-timestamp-nanos", TREE_LONG, LOGICAL_OTHER},
    {"time-millis", TREE_INT, LOGICAL_OTHER},
    {"time-micros", TREE_LONG, LOGICAL_OTHER},
    {"big-decimal", TREE_BYTES, LOGICAL_OTHER},
    {"duration", TREE_FIXED, LOGICAL_OTHER},
};

static enum status refuse(struct parse *parse, const char *what, const char *name)
{
    (void)snprintf(parse->detail, DETAIL_BYTES, "the schema is no Avro schema: %s%s%s", what,
                   name ? " " : "", name ? name : "");
    return STATUS_INVALID;
}

static enum status read_logical(struct parse *parse, const json_t *json, struct tree_node *node)
{
    const char *name = json_string_value(json_object_get(json, "logicalType"));
    if (!name)
        return STATUS_OK;
    for (size_t i = 0; i < sizeof logicals / sizeof *logicals; i++) {
        if (logicals[i].on == node->type && strcmp(logicals[i].name, name) == 0)
            node->logical = logicals[i].logical;
    }
    if (node->logical != LOGICAL_DECIMAL)
        return STATUS_OK;
    const json_t *scale = json_object_get(json, "scale");
    if (scale && (!json_is_integer(scale) || json_integer_value(scale) < 0 ||
                  json_integer_value(scale) > 1000))
        return refuse(parse, "a decimal's scale is not a number from 0", NULL);
    node->scale = (int)json_integer_value(scale);
    return STATUS_OK;
}

/* --- names --- */

static const char *copy_text(struct parse *parse, const char *text)
{
    return arena_copy(parse->arena, slice_of(text)).bytes;
}

static const char *qualify(struct parse *parse, const char *name, const char *space)
{
    if (strchr(name, '.') || !space || !*space)
        return copy_text(parse, name);
    size_t length = strlen(space) + strlen(name) + 2;
    char *full = arena_take(parse->arena, length);
    if (full)
        (void)snprintf(full, length, "%s.%s", space, name);
    return full;
}

static const char *space_of(struct parse *parse, const char *full_name)
{
    const char *dot = strrchr(full_name, '.');
    if (!dot)
        return "";
    return arena_copy(parse->arena, (struct slice){full_name, (size_t)(dot - full_name)}).bytes;
}

static struct tree_node *find_named(const struct parse *parse, const char *full_name)
{
    for (const struct named *at = parse->named; at; at = at->next) {
        if (strcmp(at->node->full_name, full_name) == 0)
            return at->node;
    }
    return NULL;
}

static enum status add_named(struct parse *parse, const json_t *json, const char *space,
                             struct tree_node *node)
{
    const char *name = json_string_value(json_object_get(json, "name"));
    const char *own = json_string_value(json_object_get(json, "namespace"));
    if (!name || !*name)
        return refuse(parse, "a named type has no name", NULL);
    node->full_name = qualify(parse, name, own ? own : space);
    struct named *named = arena_take(parse->arena, sizeof *named);
    if (!node->full_name || !named)
        return refuse(parse, "it is too large", NULL);
    if (find_named(parse, node->full_name))
        return refuse(parse, "a name is defined twice:", node->full_name);
    *named = (struct named){parse->named, node};
    parse->named = named;
    return STATUS_OK;
}

/* --- types --- */

static enum status parse_type(struct parse *parse, const json_t *json, const char *space,
                              const struct tree_node **out);

static enum status read_texts(struct parse *parse, const json_t *json, const char ***out_texts,
                              size_t *out_count)
{
    size_t count = json_array_size(json);
    const char **texts = arena_take_array(parse->arena, count, sizeof *texts);
    if (!texts)
        return refuse(parse, "it is too large", NULL);
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(json, i));
        if (!text)
            return refuse(parse, "a symbol or alias is not a text", NULL);
        texts[i] = copy_text(parse, text);
        if (!texts[i])
            return refuse(parse, "it is too large", NULL);
    }
    *out_texts = texts;
    *out_count = count;
    return STATUS_OK;
}

static enum status parse_field(struct parse *parse, const json_t *json, const char *space,
                               struct tree_field *field)
{
    const char *name = json_string_value(json_object_get(json, "name"));
    if (!name)
        return refuse(parse, "a field has no name", NULL);
    field->name = copy_text(parse, name);
    if (!field->name)
        return refuse(parse, "it is too large", NULL);
    field->preset = json_object_get(json, "default");
    enum status status =
        read_texts(parse, json_object_get(json, "aliases"), &field->aliases, &field->alias_count);
    if (status)
        return status;
    return parse_type(parse, json_object_get(json, "type"), space, &field->type);
}

static enum status parse_record(struct parse *parse, const json_t *json, const char *space,
                                struct tree_node *node)
{
    enum status status = add_named(parse, json, space, node);
    if (status)
        return status;
    const char *inner = space_of(parse, node->full_name);
    const json_t *fields = json_object_get(json, "fields");
    if (!inner || !json_is_array(fields))
        return refuse(parse, "a record has no fields:", node->full_name);
    node->field_count = json_array_size(fields);
    node->fields = arena_take_array(parse->arena, node->field_count, sizeof *node->fields);
    if (!node->fields)
        return refuse(parse, "it is too large", NULL);
    for (size_t i = 0; i < node->field_count; i++) {
        status = parse_field(parse, json_array_get(fields, i), inner, &node->fields[i]);
        if (status)
            return status;
        for (size_t k = 0; k < i; k++) {
            if (strcmp(node->fields[k].name, node->fields[i].name) == 0)
                return refuse(parse, "a record has two fields", node->fields[i].name);
        }
    }
    return STATUS_OK;
}

static enum status parse_enum(struct parse *parse, const json_t *json, const char *space,
                              struct tree_node *node)
{
    enum status status = add_named(parse, json, space, node);
    if (status)
        return status;
    status =
        read_texts(parse, json_object_get(json, "symbols"), &node->symbols, &node->symbol_count);
    if (status)
        return status;
    const char *preset = json_string_value(json_object_get(json, "default"));
    if (!preset)
        return STATUS_OK;
    node->symbol_preset = copy_text(parse, preset);
    return node->symbol_preset ? STATUS_OK : refuse(parse, "it is too large", NULL);
}

static enum status parse_fixed(struct parse *parse, const json_t *json, const char *space,
                               struct tree_node *node)
{
    enum status status = add_named(parse, json, space, node);
    if (status)
        return status;
    const json_t *size = json_object_get(json, "size");
    if (!json_is_integer(size) || json_integer_value(size) < 0 ||
        json_integer_value(size) > INT32_MAX)
        return refuse(parse, "a fixed type's size is not a number:", node->full_name);
    node->size = (uint32_t)json_integer_value(size);
    return STATUS_OK;
}

static enum status parse_children(struct parse *parse, const json_t *const *types, size_t count,
                                  const char *space, struct tree_node *node)
{
    node->child_count = count;
    node->children = arena_take_array(parse->arena, count, sizeof(*node->children));
    if (!node->children)
        return refuse(parse, "it is too large", NULL);
    for (size_t i = 0; i < count; i++) {
        enum status status = parse_type(parse, types[i], space, &node->children[i]);
        if (status)
            return status;
    }
    return STATUS_OK;
}

static enum status parse_array(struct parse *parse, const json_t *json, const char *space,
                               struct tree_node *node)
{
    const json_t *items = json_object_get(json, "items");
    return parse_children(parse, &items, 1, space, node);
}

static enum status parse_map(struct parse *parse, const json_t *json, const char *space,
                             struct tree_node *node)
{
    const json_t *values = json_object_get(json, "values");
    return parse_children(parse, &values, 1, space, node);
}

static enum status parse_union(struct parse *parse, const json_t *json, const char *space,
                               struct tree_node *node)
{
    size_t count = json_array_size(json);
    const json_t **types = arena_take_array(parse->arena, count, sizeof(*types));
    if (!types)
        return refuse(parse, "it is too large", NULL);
    for (size_t i = 0; i < count; i++) {
        types[i] = json_array_get(json, i);
        if (json_is_array(types[i]))
            return refuse(parse, "a union holds a union", NULL);
    }
    node->type = TREE_UNION;
    return parse_children(parse, types, count, space, node);
}

static enum status (*const complex_types[TREE_TYPES])(struct parse *, const json_t *, const char *,
                                                      struct tree_node *) = {
    [TREE_RECORD] = parse_record, [TREE_ENUM] = parse_enum, [TREE_FIXED] = parse_fixed,
    [TREE_ARRAY] = parse_array,   [TREE_MAP] = parse_map,
};

static bool find_type(const char *name, enum tree_type *out)
{
    for (int type = 0; type < TREE_UNION; type++) {
        if (strcmp(type_names[type], name) == 0) {
            *out = (enum tree_type)type;
            return true;
        }
    }
    if (strcmp(name, "error") != 0)
        return false;
    *out = TREE_RECORD;
    return true;
}

/* A primitive, or the name of a type defined before. */
static enum status parse_name(struct parse *parse, const char *name, const char *space,
                              struct tree_node *node, const struct tree_node **out)
{
    if (find_type(name, &node->type) && !complex_types[node->type]) {
        *out = node;
        return STATUS_OK;
    }
    const char *full_name = qualify(parse, name, space);
    if (!full_name)
        return refuse(parse, "it is too large", NULL);
    *out = find_named(parse, full_name);
    if (!*out)
        *out = find_named(parse, name);
    return *out ? STATUS_OK : refuse(parse, "a type is not defined in it:", name);
}

static enum status parse_object(struct parse *parse, const json_t *json, const char *space,
                                struct tree_node *node, const struct tree_node **out)
{
    const json_t *type = json_object_get(json, "type");
    const char *name = json_string_value(type);
    if (!name) /* {"type": {"type": …}} */
        return parse_type(parse, type, space, out);
    if (!find_type(name, &node->type))
        return parse_name(parse, name, space, node, out);
    *out = node;
    if (complex_types[node->type]) {
        enum status status = complex_types[node->type](parse, json, space, node);
        if (status)
            return status;
    }
    return read_logical(parse, json, node);
}

static enum status parse_type(struct parse *parse, const json_t *json, const char *space,
                              const struct tree_node **out)
{
    struct tree_node *node = arena_take(parse->arena, sizeof *node);
    if (!node || ++parse->depth > TREE_DEPTH_MAX)
        return refuse(parse, "it is too large or too deep", NULL);
    enum status status = STATUS_OK;
    if (json_is_string(json)) {
        status = parse_name(parse, json_string_value(json), space, node, out);
    } else if (json_is_array(json)) {
        *out = node;
        status = parse_union(parse, json, space, node);
    } else if (json_is_object(json)) {
        status = parse_object(parse, json, space, node, out);
    } else {
        status = refuse(parse, "a type is missing", NULL);
    }
    parse->depth--;
    return status;
}

static pthread_mutex_t avro_lock = PTHREAD_MUTEX_INITIALIZER; /* its error text is one for all */

/* avro-c's word on names, symbols and unions. It sees the canonical form: what is stripped there
 * (a default with U+0000, say) it does not always parse. A record without fields is valid Avro. */
static enum status ask_avro(struct parse *parse, const struct tree_node *root)
{
    struct buffer text = {0};
    tree_canonical(root, &text);
    avro_schema_t schema = NULL;
    enum status status = STATUS_OK;
    pthread_mutex_lock(&avro_lock);
    if (avro_schema_from_json_length(text.bytes, text.length, &schema))
        status = refuse(parse, avro_strerror(), NULL);
    else
        avro_schema_decref(schema);
    pthread_mutex_unlock(&avro_lock);
    buffer_deinit(&text);
    return status;
}

enum status tree_parse(struct slice json, struct tree *out, char *detail)
{
    struct tree tree = {0};
    json_error_t error;
    tree.json = json_loadb(json.length ? json.bytes : "", json.length,
                           JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    if (!tree.json) {
        (void)snprintf(detail, DETAIL_BYTES, "the schema is no JSON: %d:%d: %s", error.line,
                       error.column, error.text);
        return STATUS_INVALID;
    }
    arena_init_growing(&tree.arena, TREE_BYTES_MAX);
    struct parse parse = {.arena = &tree.arena, .detail = detail};
    enum status status = parse_type(&parse, tree.json, "", &tree.root);
    if (!status)
        status = ask_avro(&parse, tree.root);
    if (status) {
        tree_deinit(&tree);
        return status;
    }
    *out = tree;
    return STATUS_OK;
}

void tree_deinit(struct tree *tree)
{
    arena_deinit(&tree->arena);
    if (tree->json)
        json_decref(tree->json);
    *tree = (struct tree){0};
}

/* `budget` bounds the walk: a lower bound is all that is asked for. */
static size_t bytes_min(const struct tree_node *node, int *budget)
{
    static const size_t least[TREE_TYPES] = {
        [TREE_BOOLEAN] = 1, [TREE_INT] = 1,   [TREE_LONG] = 1,   [TREE_FLOAT] = 4,
        [TREE_DOUBLE] = 8,  [TREE_BYTES] = 1, [TREE_STRING] = 1, [TREE_ENUM] = 1,
        [TREE_ARRAY] = 1,   [TREE_MAP] = 1,   [TREE_UNION] = 1,
    };
    if (node->type == TREE_FIXED)
        return node->size;
    if (node->type != TREE_RECORD)
        return least[node->type];
    size_t sum = 0;
    for (size_t i = 0; i < node->field_count && sum < UINT16_MAX && (*budget)-- > 0; i++)
        sum += bytes_min(node->fields[i].type, budget);
    return sum;
}

size_t tree_bytes_min(const struct tree_node *node)
{
    int budget = 1000;
    return bytes_min(node, &budget);
}

static bool same_below(const struct tree_node *a, const struct tree_node *b, int depth)
{
    if (depth > TREE_DEPTH_MAX || a->type != b->type || a->logical != b->logical ||
        a->scale != b->scale || a->size != b->size || a->field_count != b->field_count ||
        a->child_count != b->child_count || a->symbol_count != b->symbol_count)
        return false;
    bool same = true;
    for (size_t i = 0; same && i < a->field_count; i++)
        same = strcmp(a->fields[i].name, b->fields[i].name) == 0 &&
               same_below(a->fields[i].type, b->fields[i].type, depth + 1);
    for (size_t i = 0; same && i < a->child_count; i++)
        same = same_below(a->children[i], b->children[i], depth + 1);
    for (size_t i = 0; same && i < a->symbol_count; i++)
        same = strcmp(a->symbols[i], b->symbols[i]) == 0;
    return same;
}

bool tree_same(const struct tree_node *a, const struct tree_node *b)
{
    return same_below(a, b, 0);
}
