/* encoder_plan: our schema against the shape of our struct. They must agree in everything. */
#include <assert.h>

#include "schema/decoder.h"
#include "schema/tree.h"

struct target {
    const struct shape_field *field;
    uint32_t offset;
    int32_t presence;
    const char *path;
};

static enum status plan_record(struct builder *builder, const struct tree_node *node,
                               const struct shape *shape, uint32_t offset, const char *path);

static void add(struct builder *builder, struct op op, const struct target *target)
{
    op.offset = target->offset;
    op.presence = target->presence;
    builder_add(builder, op, target->path);
}

/* What each kind is in a schema of ours, and how it is written. */
static const struct {
    enum tree_type type;
    enum tree_logical logical;
    int scale;
    uint16_t code;
} written[] = {
    [SHAPE_TEXT] = {TREE_STRING, LOGICAL_NONE, 0, PUT_TEXT},
    [SHAPE_BYTES] = {TREE_BYTES, LOGICAL_NONE, 0, PUT_TEXT},
    [SHAPE_BOOL] = {TREE_BOOLEAN, LOGICAL_NONE, 0, PUT_BOOL},
    [SHAPE_INT] = {TREE_INT, LOGICAL_NONE, 0, PUT_INT},
    [SHAPE_DATE] = {TREE_INT, LOGICAL_DATE, 0, PUT_INT},
    [SHAPE_LONG] = {TREE_LONG, LOGICAL_NONE, 0, PUT_LONG},
    [SHAPE_INSTANT] = {TREE_LONG, LOGICAL_MILLIS, 0, PUT_LONG},
    [SHAPE_DECIMAL] = {TREE_BYTES, LOGICAL_DECIMAL, DECIMAL_SCALE, PUT_DECIMAL},
    [SHAPE_SHARE] = {TREE_BYTES, LOGICAL_DECIMAL, DECIMAL_SCALE, PUT_DECIMAL},
    [SHAPE_RATIO] = {TREE_BYTES, LOGICAL_DECIMAL, 12, PUT_DECIMAL},
    [SHAPE_ENUM] = {TREE_ENUM, LOGICAL_NONE, 0, PUT_ENUM},
    [SHAPE_RECORD] = {TREE_RECORD, LOGICAL_NONE, 0, 0},
    [SHAPE_LIST] = {TREE_ARRAY, LOGICAL_NONE, 0, PUT_LIST},
    [SHAPE_MAP] = {TREE_MAP, LOGICAL_NONE, 0, PUT_LIST},
    [SHAPE_TEXT_OR_DECIMAL] = {TREE_UNION, LOGICAL_NONE, 0, PUT_EITHER},
};

static bool agrees(const struct tree_node *node, enum shape_kind kind)
{
    return node->type == written[kind].type && node->logical == written[kind].logical &&
           node->scale == written[kind].scale;
}

static enum status disagree(struct builder *builder, const struct target *target)
{
    return builder_refuse(builder, target->path, "the schema's type is not that of the shape");
}

static enum status plan_enum(struct builder *builder, const struct tree_node *node,
                             const struct target *target)
{
    const char *const *symbols = target->field->symbols;
    uint32_t count = 0;
    uint32_t table = 0;
    bool is_same = true;
    for (; symbols[count]; count++) {
        size_t at = 0;
        while (at < node->symbol_count && strcmp(node->symbols[at], symbols[count]) != 0)
            at++;
        if (at == node->symbol_count)
            return builder_refuse(builder, target->path, "the schema lacks a symbol of the shape");
        uint32_t entry = builder_add_entry(builder, (int32_t)at);
        table = count == 0 ? entry : table;
        is_same = is_same && at == count;
    }
    if (count != node->symbol_count)
        return builder_refuse(builder, target->path, "the shape lacks a symbol of the schema");
    if (is_same)
        add(builder, (struct op){.code = PUT_SYMBOL, .count = count}, target);
    else
        add(builder, (struct op){.code = PUT_ENUM, .table = table, .count = count}, target);
    return STATUS_OK;
}

static enum status plan_value(struct builder *builder, const struct tree_node *node,
                              const struct target *target);

static enum status plan_list(struct builder *builder, const struct tree_node *node,
                             const struct target *target)
{
    static const struct shape_field text = {"item", SHAPE_TEXT, 0, SHAPE_ALWAYS, NULL, NULL, false};
    const struct shape *of = target->field->of;
    uint32_t list = builder_here(builder);
    add(builder,
        (struct op){.code = PUT_LIST, .size = (uint32_t)(of ? of->size : sizeof(struct slice))},
        target);
    const struct tree_node *item = node->children[0];
    enum status status = STATUS_OK;
    if (target->field->kind == SHAPE_MAP) {
        const struct shape_field *value = &of->fields[1];
        assert(of->count == 2 && of->fields[0].kind == SHAPE_TEXT && of->fields[0].offset == 0);
        struct target entry = {value, (uint32_t)value->offset, value->presence, target->path};
        builder_add(builder, (struct op){.code = PUT_TEXT}, target->path);
        status = plan_value(builder, item, &entry);
    } else if (of) {
        status = item->type == TREE_RECORD ? plan_record(builder, item, of, 0, target->path)
                                           : disagree(builder, target);
    } else {
        struct target entry = {&text, 0, SHAPE_ALWAYS, target->path};
        status = plan_value(builder, item, &entry);
    }
    builder_add(builder, (struct op){.code = PUT_END}, target->path);
    builder_lead_here(builder, list);
    return status;
}

static enum status plan_either(struct builder *builder, const struct tree_node *node,
                               const struct target *target)
{
    if (node->child_count != 2)
        return disagree(builder, target);
    bool text_is_second = agrees(node->children[1], SHAPE_TEXT);
    if (!agrees(node->children[text_is_second], SHAPE_TEXT) ||
        !agrees(node->children[!text_is_second], SHAPE_DECIMAL))
        return disagree(builder, target);
    add(builder,
        (struct op){.code = PUT_EITHER,
                    .count = (uint32_t)text_is_second << 1,
                    .size = (uint32_t)!text_is_second << 1},
        target);
    return STATUS_OK;
}

static enum status plan_present(struct builder *builder, const struct tree_node *node,
                                const struct target *target)
{
    enum shape_kind kind = target->field->kind;
    if (!agrees(node, kind))
        return disagree(builder, target);
    if (kind == SHAPE_RECORD)
        return plan_record(builder, node, target->field->of, target->offset, target->path);
    if (kind == SHAPE_ENUM)
        return plan_enum(builder, node, target);
    if (kind == SHAPE_LIST || kind == SHAPE_MAP)
        return plan_list(builder, node, target);
    if (kind == SHAPE_TEXT_OR_DECIMAL)
        return plan_either(builder, node, target);
    add(builder, (struct op){.code = written[kind].code}, target);
    return STATUS_OK;
}

static enum status plan_optional(struct builder *builder, const struct tree_node *node,
                                 const struct target *target)
{
    if (node->type != TREE_UNION || node->child_count != 2 ||
        (node->children[0]->type == TREE_NULL) == (node->children[1]->type == TREE_NULL))
        return builder_refuse(builder, target->path, "optional in the shape, not in the schema");
    uint32_t branch = node->children[0]->type == TREE_NULL;
    if (target->presence == SHAPE_BY_BYTES) {
        if (!agrees(node->children[branch], target->field->kind))
            return disagree(builder, target);
        add(builder,
            (struct op){.code = PUT_OPTIONAL_TEXT, .count = branch << 1, .size = (1 - branch) << 1},
            target);
        return STATUS_OK;
    }
    uint32_t optional = builder_here(builder);
    add(builder, (struct op){.code = PUT_OPTIONAL, .count = branch << 1, .size = (1 - branch) << 1},
        target);
    enum status status = plan_present(builder, node->children[branch], target);
    builder_lead_here(builder, optional);
    return status;
}

static enum status plan_value(struct builder *builder, const struct tree_node *node,
                              const struct target *target)
{
    return target->presence == SHAPE_ALWAYS ? plan_present(builder, node, target)
                                            : plan_optional(builder, node, target);
}

static const struct shape_field *find_field(const struct shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->count; i++) {
        if (strcmp(shape->fields[i].name, name) == 0)
            return &shape->fields[i];
    }
    return NULL;
}

static enum status plan_record(struct builder *builder, const struct tree_node *node,
                               const struct shape *shape, uint32_t offset, const char *path)
{
    if (node->field_count != shape->count)
        return builder_refuse(builder, path, "schema and shape differ in their number of fields");
    uint32_t encoded = builder_here(builder);
    if (shape->encoded)
        builder_add(builder,
                    (struct op){.code = PUT_ENCODED, .offset = (uint32_t)shape->encoded + offset},
                    path);
    for (size_t i = 0; i < node->field_count; i++) {
        const struct shape_field *field = find_field(shape, node->fields[i].name);
        const char *here = builder_path(builder, path, node->fields[i].name);
        if (!field)
            return builder_refuse(builder, here, "the shape lacks it");
        struct target target = {
            field, (uint32_t)field->offset + offset,
            field->presence < 0 ? field->presence : field->presence + (int32_t)offset, here};
        enum status status = plan_value(builder, node->fields[i].type, &target);
        if (status)
            return status;
    }
    if (shape->encoded)
        builder_lead_here(builder, encoded);
    return STATUS_OK;
}

enum status encoder_plan(struct slice json, const struct shape *shape, struct program *out,
                         char *detail)
{
    struct tree tree;
    enum status status = tree_parse(json, &tree, detail);
    if (status)
        return status;
    struct builder builder;
    builder_init(&builder, detail);
    if (tree.root->type != TREE_RECORD)
        status = builder_refuse(&builder, shape->name, "the schema is not of a record");
    if (!status)
        status = plan_record(&builder, tree.root, shape, 0, shape->name);
    if (!status) {
        builder_add(&builder, (struct op){.code = PUT_END}, shape->name);
        status = builder_finish(&builder, shape, out);
    }
    builder_deinit(&builder);
    tree_deinit(&tree);
    return status;
}
