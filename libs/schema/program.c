#include "schema/program.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

void builder_init(struct builder *builder, char *detail)
{
    *builder = (struct builder){.detail = detail};
    arena_init_growing(&builder->arena, PROGRAM_BYTES_MAX);
}

void builder_deinit(struct builder *builder)
{
    arena_deinit(&builder->arena);
    buffer_deinit(&builder->ops);
    buffer_deinit(&builder->paths);
    buffer_deinit(&builder->table);
    buffer_deinit(&builder->constants);
    *builder = (struct builder){0};
}

uint32_t builder_here(const struct builder *builder)
{
    return (uint32_t)(builder->ops.length / sizeof(struct op));
}

uint32_t builder_add(struct builder *builder, struct op op, const char *path)
{
    uint32_t index = builder_here(builder);
    buffer_append(&builder->ops, &op, sizeof op);
    buffer_append(&builder->paths, &path, sizeof(path));
    return index;
}

struct op *builder_at(struct builder *builder, uint32_t index)
{
    assert(index < builder_here(builder));
    return (struct op *)(void *)builder->ops.bytes + index;
}

void builder_lead_here(struct builder *builder, uint32_t index)
{
    builder_at(builder, index)->next = (int32_t)(builder_here(builder) - index);
}

/* Until the place is known, `next` is how far back the jump before it is. */
uint32_t builder_jump(struct builder *builder, uint32_t last, const char *path)
{
    uint32_t here = builder_here(builder);
    int32_t back = last == BUILDER_NO_JUMP ? 0 : (int32_t)(here - last);
    return builder_add(builder, (struct op){.code = OP_JUMP, .next = back}, path);
}

void builder_land(struct builder *builder, uint32_t last)
{
    while (last != BUILDER_NO_JUMP) {
        uint32_t back = (uint32_t)builder_at(builder, last)->next;
        builder_lead_here(builder, last);
        last = back ? last - back : BUILDER_NO_JUMP;
    }
}

uint32_t builder_add_entry(struct builder *builder, int32_t entry)
{
    uint32_t index = (uint32_t)(builder->table.length / sizeof entry);
    buffer_append(&builder->table, &entry, sizeof entry);
    return index;
}

void builder_set_entry(struct builder *builder, uint32_t index, int32_t entry)
{
    memcpy(builder->table.bytes + index * sizeof entry, &entry, sizeof entry);
}

uint32_t builder_add_constant(struct builder *builder, struct slice bytes)
{
    uint32_t index = (uint32_t)(builder->constants.length / sizeof bytes);
    struct slice copy = arena_copy(&builder->arena, bytes);
    if (!copy.bytes)
        abort(); /* Only our own defaults are copied: a few bytes. */
    buffer_append(&builder->constants, &copy, sizeof copy);
    return index;
}

const char *builder_path(struct builder *builder, const char *parent, const char *name)
{
    size_t bytes = strlen(parent) + strlen(name) + 2;
    char *path = arena_take(&builder->arena, bytes);
    if (!path)
        return "(a field)";
    (void)snprintf(path, bytes, "%s%s%s", parent, *parent ? "." : "", name);
    return path;
}

enum status builder_refuse(struct builder *builder, const char *path, const char *reason)
{
    (void)snprintf(builder->detail, DETAIL_BYTES, "%s%s%s", path, *path ? ": " : "", reason);
    return STATUS_INVALID;
}

static bool move(struct builder *builder, const struct buffer *from, const void **out)
{
    void *copy = arena_take(&builder->arena, from->length);
    if (copy && from->length)
        memcpy(copy, from->bytes, from->length);
    *out = copy;
    return copy != NULL;
}

enum status builder_finish(struct builder *builder, const struct shape *shape, struct program *out)
{
    const void *ops;
    const void *paths;
    const void *table;
    const void *constants;
    if (!move(builder, &builder->ops, &ops) || !move(builder, &builder->paths, &paths) ||
        !move(builder, &builder->table, &table) || !move(builder, &builder->constants, &constants))
        return builder_refuse(builder, "", "the schema is too large");
    *out = (struct program){.arena = builder->arena,
                            .ops = ops,
                            .op_count = builder_here(builder),
                            .paths = paths,
                            .table = table,
                            .constants = constants,
                            .size = shape->size,
                            .name = shape->name};
    builder->arena = (struct arena){0};
    builder_deinit(builder);
    return STATUS_OK;
}
