/* Skipping what only the writer knows. */
#include <assert.h>

#include "schema/resolve.h"

static uint32_t find_routine(struct buffer *routines, const struct tree_node *node)
{
    uint32_t count = (uint32_t)(routines->length / sizeof(node));
    for (uint32_t i = 0; i < count; i++) {
        const struct tree_node *other;
        memcpy(&other, routines->bytes + i * sizeof other, sizeof other);
        if (other == node)
            return i;
    }
    buffer_append(routines, &node, sizeof node);
    return count;
}

static void skip_list(struct builder *builder, struct buffer *routines,
                      const struct tree_node *node, const char *path)
{
    const struct tree_node *item = node->children[0];
    bool is_map = node->type == TREE_MAP;
    uint32_t least = (uint32_t)tree_bytes_min(item) + is_map;
    uint32_t list = builder_add(builder, (struct op){.code = OP_SKIP_LIST, .count = least}, path);
    if (is_map)
        builder_add(builder, (struct op){.code = OP_SKIP_BYTES}, path);
    skip_value(builder, routines, item, path);
    builder_add(builder, (struct op){.code = OP_END}, path);
    builder_lead_here(builder, list);
}

static void skip_union(struct builder *builder, struct buffer *routines,
                       const struct tree_node *node, const char *path)
{
    uint32_t table = 0;
    for (size_t i = 0; i < node->child_count; i++) {
        uint32_t entry = builder_add_entry(builder, 0);
        table = i == 0 ? entry : table;
    }
    uint32_t here = builder_here(builder);
    builder_add(builder,
                (struct op){.code = OP_UNION,
                            .presence = SHAPE_ALWAYS,
                            .table = table,
                            .count = (uint32_t)node->child_count},
                path);
    uint32_t last_jump = BUILDER_NO_JUMP;
    for (size_t i = 0; i < node->child_count; i++) {
        builder_set_entry(builder, table + (uint32_t)i, (int32_t)(builder_here(builder) - here));
        skip_value(builder, routines, node->children[i], path);
        last_jump = builder_jump(builder, last_jump, path);
    }
    builder_land(builder, last_jump);
}

void skip_value(struct builder *builder, struct buffer *routines, const struct tree_node *node,
                const char *path)
{
    static const uint16_t codes[TREE_TYPES] = {
        [TREE_BOOLEAN] = OP_SKIP_FIXED, [TREE_INT] = OP_SKIP_VARINT,   [TREE_LONG] = OP_SKIP_VARINT,
        [TREE_FLOAT] = OP_SKIP_FIXED,   [TREE_DOUBLE] = OP_SKIP_FIXED, [TREE_BYTES] = OP_SKIP_BYTES,
        [TREE_STRING] = OP_SKIP_BYTES,  [TREE_ENUM] = OP_SKIP_VARINT,  [TREE_FIXED] = OP_SKIP_FIXED,
    };
    if (node->type == TREE_NULL)
        return;
    if (node->type == TREE_UNION) {
        skip_union(builder, routines, node, path);
    } else if (node->child_count) {
        skip_list(builder, routines, node, path);
    } else if (node->type == TREE_RECORD) {
        uint32_t routine = find_routine(routines, node);
        builder_add(builder, (struct op){.code = OP_CALL, .next = (int32_t)routine}, path);
    } else {
        uint32_t size = node->type == TREE_FIXED ? node->size : (uint32_t)tree_bytes_min(node);
        builder_add(builder,
                    (struct op){.code = codes[node->type],
                                .size = size,
                                .count = (uint32_t)node->symbol_count},
                    path);
    }
}

void skip_finish(struct builder *builder, struct buffer *routines)
{
    uint32_t program_end = builder_here(builder);
    struct buffer starts = {0};
    for (size_t i = 0; i < routines->length / sizeof(struct tree_node *); i++) {
        const struct tree_node *node;
        memcpy(&node, routines->bytes + i * sizeof node, sizeof node);
        uint32_t start = builder_here(builder);
        buffer_append(&starts, &start, sizeof start);
        const char *path = builder_path(builder, "", node->full_name);
        for (size_t k = 0; k < node->field_count; k++)
            skip_value(builder, routines, node->fields[k].type, path);
        builder_add(builder, (struct op){.code = OP_END}, path);
    }
    assert(starts.length > 0 || builder_here(builder) == program_end);
    for (uint32_t i = 0; i < builder_here(builder); i++) {
        struct op *op = builder_at(builder, i);
        uint32_t start;
        if (op->code != OP_CALL)
            continue;
        memcpy(&start, starts.bytes + (uint32_t)op->next * sizeof start, sizeof start);
        op->next = (int32_t)(start - i);
    }
    buffer_deinit(&starts);
    buffer_deinit(routines);
}
