/* decoder_plan: a writer's schema against ours and the shape of our struct. */
#include "schema/resolve.h"

#include <assert.h>
#include <stdio.h>

#include "schema/decoder.h"

struct resolve {
    struct builder builder;
    struct buffer routines;
};

/* Where a value goes and what it is. Offsets count from the struct that the body fills. */
struct target {
    enum shape_kind kind;
    const struct shape *of;
    const char *const *symbols;
    uint32_t offset;
    int32_t presence; /* as in shape_field, but counted from the body's struct */
    const char *path;
};

static enum status resolve_value(struct resolve *resolve, const struct tree_node *writer,
                                 const struct tree_node *reader, const struct target *target);
static enum status resolve_record(struct resolve *resolve, const struct tree_node *writer,
                                  const struct tree_node *reader, const struct shape *shape,
                                  uint32_t offset, const char *path);

static uint32_t add(struct resolve *resolve, struct op op, const struct target *target)
{
    op.offset = target->offset;
    op.presence = target->presence;
    return builder_add(&resolve->builder, op, target->path);
}

static enum status mismatch(struct resolve *resolve, const struct tree_node *writer,
                            const struct target *target)
{
    char reason[DETAIL_BYTES / 2];
    static const char *const logicals[] = {
        [LOGICAL_DECIMAL] = " (decimal)",
        [LOGICAL_DATE] = " (date)",
        [LOGICAL_MILLIS] = " (timestamp-millis)",
        [LOGICAL_MICROS] = " (timestamp-micros)",
        [LOGICAL_NANOS] = " (timestamp-nanos)",
        [LOGICAL_OTHER] = " (with another meaning)",
        [LOGICAL_NONE] = "",
    };
    (void)snprintf(reason, sizeof reason, "the writer's %s%s cannot be read as ours",
                   tree_type_name(writer->type), logicals[writer->logical]);
    return builder_refuse(&resolve->builder, target->path, reason);
}

/* --- one function per kind --- */

static bool is_text(const struct tree_node *writer)
{
    return (writer->type == TREE_STRING || writer->type == TREE_BYTES) &&
           writer->logical == LOGICAL_NONE;
}

static enum status resolve_text(struct resolve *resolve, const struct tree_node *writer,
                                const struct tree_node *reader, const struct target *target)
{
    (void)reader;
    if (!is_text(writer))
        return mismatch(resolve, writer, target);
    bool is_bytes = target->kind == SHAPE_BYTES;
    add(resolve, (struct op){.code = is_bytes ? OP_BYTES : OP_TEXT}, target);
    return STATUS_OK;
}

static enum status resolve_bool(struct resolve *resolve, const struct tree_node *writer,
                                const struct tree_node *reader, const struct target *target)
{
    (void)reader;
    if (writer->type != TREE_BOOLEAN)
        return mismatch(resolve, writer, target);
    add(resolve, (struct op){.code = OP_BOOL}, target);
    return STATUS_OK;
}

/* int may be read as int or long; a logical type other than ours is another quantity. */
static enum status resolve_whole(struct resolve *resolve, const struct tree_node *writer,
                                 const struct tree_node *reader, const struct target *target)
{
    (void)reader;
    bool is_narrow = target->kind == SHAPE_INT || target->kind == SHAPE_DATE;
    bool is_plain = target->kind == SHAPE_INT || target->kind == SHAPE_LONG;
    bool is_meant = writer->logical == LOGICAL_NONE || is_plain ||
                    (target->kind == SHAPE_DATE && writer->logical == LOGICAL_DATE) ||
                    (target->kind == SHAPE_INSTANT && writer->logical == LOGICAL_MILLIS);
    if (!is_meant || (writer->type != TREE_INT && (writer->type != TREE_LONG || is_narrow)))
        return mismatch(resolve, writer, target);
    uint16_t code = writer->type == TREE_LONG ? OP_LONG : is_narrow ? OP_INT : OP_INT_AS_LONG;
    add(resolve, (struct op){.code = code}, target);
    return STATUS_OK;
}

static enum status resolve_instant(struct resolve *resolve, const struct tree_node *writer,
                                   const struct tree_node *reader, const struct target *target)
{
    uint32_t per_ms = writer->logical == LOGICAL_MICROS  ? 1000
                      : writer->logical == LOGICAL_NANOS ? 1000000
                                                         : 0;
    if (!per_ms)
        return resolve_whole(resolve, writer, reader, target);
    add(resolve, (struct op){.code = OP_FINER_INSTANT, .size = per_ms}, target);
    return STATUS_OK;
}

static enum status resolve_decimal(struct resolve *resolve, const struct tree_node *writer,
                                   const struct tree_node *reader, const struct target *target)
{
    if (writer->type != TREE_BYTES && writer->type != TREE_FIXED)
        return mismatch(resolve, writer, target);
    if (writer->logical != LOGICAL_NONE && writer->logical != LOGICAL_DECIMAL)
        return mismatch(resolve, writer, target);
    (void)reader;
    int ours = target->kind == SHAPE_RATIO ? 12 : DECIMAL_SCALE;
    int theirs = writer->logical == LOGICAL_DECIMAL ? writer->scale : ours;
    if (writer->type == TREE_BYTES && theirs == ours) {
        add(resolve, (struct op){.code = OP_DECIMAL}, target);
        return STATUS_OK;
    }
    uint32_t size = writer->type == TREE_FIXED ? writer->size : PROGRAM_PREFIXED;
    if (writer->type == TREE_FIXED && size == 0)
        return mismatch(resolve, writer, target);
    add(resolve,
        (struct op){.code = OP_DECIMAL_SCALED, .shift = (int16_t)(ours - theirs), .size = size},
        target);
    return STATUS_OK;
}

static int32_t symbol_index(const char *const *symbols, const char *symbol)
{
    for (int32_t i = 0; symbol && symbols[i]; i++) {
        if (strcmp(symbols[i], symbol) == 0)
            return i;
    }
    return -1;
}

static enum status resolve_enum(struct resolve *resolve, const struct tree_node *writer,
                                const struct tree_node *reader, const struct target *target)
{
    if (writer->type != TREE_ENUM)
        return mismatch(resolve, writer, target);
    int32_t preset = symbol_index(target->symbols, reader->symbol_preset);
    uint32_t count = (uint32_t)writer->symbol_count;
    uint32_t same = 0;
    while (same < count && symbol_index(target->symbols, writer->symbols[same]) == (int32_t)same)
        same++;
    if (same == count) {
        add(resolve, (struct op){.code = OP_SYMBOL, .count = count}, target);
        return STATUS_OK;
    }
    uint32_t table = 0;
    for (uint32_t i = 0; i < count; i++) {
        int32_t index = symbol_index(target->symbols, writer->symbols[i]);
        uint32_t entry = builder_add_entry(&resolve->builder, index < 0 ? preset : index);
        table = i == 0 ? entry : table;
    }
    add(resolve, (struct op){.code = OP_ENUM, .table = table, .count = count}, target);
    return STATUS_OK;
}

static enum status resolve_nested(struct resolve *resolve, const struct tree_node *writer,
                                  const struct tree_node *reader, const struct target *target)
{
    if (writer->type != TREE_RECORD || reader->type != TREE_RECORD)
        return mismatch(resolve, writer, target);
    return resolve_record(resolve, writer, reader, target->of, target->offset, target->path);
}

/* The target of a list's items or a map's values, in the item's own struct. */
static struct target item_target(struct resolve *resolve, const struct target *list)
{
    if (list->kind == SHAPE_MAP) {
        const struct shape_field *value = &list->of->fields[1];
        return (struct target){
            value->kind,     value->of,
            value->symbols,  (uint32_t)value->offset,
            value->presence, builder_path(&resolve->builder, list->path, value->name)};
    }
    return (struct target){.kind = list->of ? SHAPE_RECORD : SHAPE_TEXT,
                           .of = list->of,
                           .presence = SHAPE_ALWAYS,
                           .path = list->path};
}

static enum status resolve_list(struct resolve *resolve, const struct tree_node *writer,
                                const struct tree_node *reader, const struct target *target)
{
    bool is_map = target->kind == SHAPE_MAP;
    enum tree_type type = is_map ? TREE_MAP : TREE_ARRAY;
    if (writer->type != type || reader->type != type)
        return mismatch(resolve, writer, target);
    size_t size = target->of ? target->of->size : sizeof(struct slice);
    uint32_t list =
        add(resolve,
            (struct op){.code = is_map ? OP_MAP : OP_LIST,
                        .size = (uint32_t)size,
                        .count = (uint32_t)tree_bytes_min(writer->children[0]) + is_map},
            target);
    struct target item = item_target(resolve, target);
    if (is_map) {
        assert(target->of->count == 2 && target->of->fields[0].kind == SHAPE_TEXT &&
               target->of->fields[0].offset == 0);
        builder_add(&resolve->builder, (struct op){.code = OP_TEXT, .presence = SHAPE_ALWAYS},
                    builder_path(&resolve->builder, target->path, "key"));
    }
    enum status status = resolve_value(resolve, writer->children[0], reader->children[0], &item);
    if (status)
        return status;
    builder_add(&resolve->builder, (struct op){.code = OP_END}, target->path);
    builder_lead_here(&resolve->builder, list);
    return STATUS_OK;
}

static enum status resolve_either(struct resolve *resolve, const struct tree_node *writer,
                                  const struct tree_node *reader, const struct target *target)
{
    struct target part = *target;
    if (writer->type == TREE_STRING) {
        part.kind = SHAPE_TEXT;
        part.offset += (uint32_t)offsetof(struct text_or_decimal, text);
        return resolve_text(resolve, writer, reader, &part);
    }
    part.kind = SHAPE_DECIMAL;
    part.offset += (uint32_t)offsetof(struct text_or_decimal, decimal);
    enum status status = resolve_decimal(resolve, writer, reader, &part);
    if (status)
        return status;
    uint32_t flag = target->offset + (uint32_t)offsetof(struct text_or_decimal, is_decimal);
    builder_add(&resolve->builder, (struct op){.code = OP_PRESENT, .presence = (int32_t)flag},
                target->path);
    return STATUS_OK;
}

static enum status (*const resolvers[])(struct resolve *, const struct tree_node *,
                                        const struct tree_node *, const struct target *) = {
    [SHAPE_TEXT] = resolve_text,
    [SHAPE_BYTES] = resolve_text,
    [SHAPE_BOOL] = resolve_bool,
    [SHAPE_INT] = resolve_whole,
    [SHAPE_DATE] = resolve_whole,
    [SHAPE_LONG] = resolve_whole,
    [SHAPE_INSTANT] = resolve_instant,
    [SHAPE_DECIMAL] = resolve_decimal,
    [SHAPE_SHARE] = resolve_decimal,
    [SHAPE_RATIO] = resolve_decimal,
    [SHAPE_ENUM] = resolve_enum,
    [SHAPE_RECORD] = resolve_nested,
    [SHAPE_LIST] = resolve_list,
    [SHAPE_MAP] = resolve_list,
    [SHAPE_TEXT_OR_DECIMAL] = resolve_either,
};

/* --- unions --- */

/* Our schema's type of a value that is there. */
static const struct tree_node *reader_value(const struct tree_node *reader, enum shape_kind kind)
{
    if (reader->type != TREE_UNION || kind == SHAPE_TEXT_OR_DECIMAL)
        return reader;
    for (size_t i = 0; i < reader->child_count; i++) {
        if (reader->children[i]->type != TREE_NULL)
            return reader->children[i];
    }
    return reader;
}

/* A value that is there, of one of the writer's types that is no union and not null. */
static enum status resolve_present(struct resolve *resolve, const struct tree_node *writer,
                                   const struct tree_node *reader, const struct target *target)
{
    return resolvers[target->kind](resolve, writer, reader_value(reader, target->kind), target);
}

static enum status resolve_branch(struct resolve *resolve, const struct tree_node *writer,
                                  const struct tree_node *reader, const struct target *target)
{
    if (writer->type == TREE_NULL)
        return target->presence != SHAPE_ALWAYS
                   ? STATUS_OK
                   : builder_refuse(&resolve->builder, target->path, "null, and it is required");
    if (target->presence >= 0)
        add(resolve, (struct op){.code = OP_PRESENT}, target);
    return resolve_present(resolve, writer, reader, target);
}

/* [null, X] against an optional X: the usual case, without a jump table. */
static enum status resolve_optional(struct resolve *resolve, const struct tree_node *writer,
                                    const struct tree_node *reader, const struct target *target)
{
    bool null_is_second = writer->children[0]->type != TREE_NULL;
    if (target->kind == SHAPE_TEXT && target->presence == SHAPE_BY_BYTES &&
        is_text(writer->children[!null_is_second])) {
        add(resolve, (struct op){.code = OP_OPTIONAL_TEXT, .count = null_is_second}, target);
        return STATUS_OK;
    }
    uint32_t optional =
        add(resolve, (struct op){.code = OP_OPTIONAL, .count = null_is_second}, target);
    enum status status =
        resolve_present(resolve, writer->children[!null_is_second], reader, target);
    builder_lead_here(&resolve->builder, optional);
    return status;
}

/* Each branch that can be read becomes code of its own; a message that uses another is refused. */
static enum status resolve_union(struct resolve *resolve, const struct tree_node *writer,
                                 const struct tree_node *reader, const struct target *target)
{
    struct builder *builder = &resolve->builder;
    uint32_t table = builder_add_entry(builder, 0);
    for (size_t i = 1; i < writer->child_count; i++)
        builder_add_entry(builder, 0);
    uint32_t fork =
        add(resolve,
            (struct op){.code = OP_UNION, .table = table, .count = (uint32_t)writer->child_count},
            target);
    uint32_t last_jump = BUILDER_NO_JUMP;
    size_t readable = 0;
    for (size_t i = 0; i < writer->child_count; i++) {
        uint32_t here = builder_here(builder);
        builder_set_entry(builder, table + (uint32_t)i, (int32_t)(here - fork));
        if (resolve_branch(resolve, writer->children[i], reader, target)) {
            const char *reason = arena_copy(&builder->arena, slice_of(builder->detail)).bytes;
            builder->ops.length = here * sizeof(struct op);
            builder->paths.length = here * sizeof(char *);
            builder_add(builder, (struct op){.code = OP_FAIL}, reason ? reason : target->path);
            continue;
        }
        readable += writer->children[i]->type != TREE_NULL;
        last_jump = builder_jump(builder, last_jump, target->path);
    }
    builder_land(builder, last_jump);
    return readable ? STATUS_OK : mismatch(resolve, writer, target);
}

static bool is_nullable_pair(const struct tree_node *node)
{
    return node->type == TREE_UNION && node->child_count == 2 &&
           (node->children[0]->type == TREE_NULL) != (node->children[1]->type == TREE_NULL);
}

/* What our own schemas have for a text or decimal, the branches in either order. */
static bool is_text_or_decimal(const struct tree_node *node)
{
    if (node->type != TREE_UNION || node->child_count != 2)
        return false;
    bool text_is_second = node->children[0]->type != TREE_STRING;
    const struct tree_node *decimal = node->children[!text_is_second];
    return node->children[text_is_second]->type == TREE_STRING && decimal->type == TREE_BYTES &&
           decimal->logical == LOGICAL_DECIMAL && decimal->scale == DECIMAL_SCALE;
}

static enum status resolve_value(struct resolve *resolve, const struct tree_node *writer,
                                 const struct tree_node *reader, const struct target *target)
{
    if (target->kind == SHAPE_TEXT_OR_DECIMAL && target->presence == SHAPE_ALWAYS &&
        is_text_or_decimal(writer)) {
        bool text_is_second = writer->children[0]->type != TREE_STRING;
        add(resolve, (struct op){.code = OP_EITHER, .count = text_is_second}, target);
        return STATUS_OK;
    }
    if (is_nullable_pair(writer) && target->presence != SHAPE_ALWAYS)
        return resolve_optional(resolve, writer, reader, target);
    if (writer->type == TREE_UNION)
        return resolve_union(resolve, writer, reader, target);
    return resolve_branch(resolve, writer, reader, target);
}

/* --- records --- */

static const struct tree_field *find_field(const struct tree_node *record, const char *name)
{
    for (size_t i = 0; i < record->field_count; i++) {
        if (strcmp(record->fields[i].name, name) == 0)
            return &record->fields[i];
    }
    return NULL;
}

/* The writer's field for ours: the one of its name, else the first of one of its aliases that is
 * not the name of another field of ours. */
static const struct tree_field *find_written(const struct tree_node *writer,
                                             const struct tree_node *reader,
                                             const struct tree_field *ours)
{
    const struct tree_field *found = find_field(writer, ours->name);
    for (size_t i = 0; !found && i < ours->alias_count; i++) {
        if (!find_field(reader, ours->aliases[i]))
            found = find_field(writer, ours->aliases[i]);
    }
    return found;
}

static struct target field_target(struct resolve *resolve, const struct shape_field *field,
                                  uint32_t offset, const char *path)
{
    int32_t presence = field->presence < 0 ? field->presence : field->presence + (int32_t)offset;
    return (struct target){field->kind,    field->of,
                           field->symbols, (uint32_t)field->offset + offset,
                           presence,       builder_path(&resolve->builder, path, field->name)};
}

/* Absent, empty and zero are what the struct holds before anything is decoded. */
static bool is_nothing(const json_t *preset)
{
    return json_is_null(preset) || json_is_false(preset) ||
           (json_is_array(preset) && json_array_size(preset) == 0) ||
           (json_is_object(preset) && json_object_size(preset) == 0) ||
           (json_is_integer(preset) && json_integer_value(preset) == 0);
}

static enum status resolve_preset(struct resolve *resolve, const struct tree_field *ours,
                                  const struct target *target)
{
    if (!ours->preset)
        return builder_refuse(&resolve->builder, target->path,
                              "the writer's schema lacks it and it has no default");
    struct buffer bytes = {0};
    if (preset_encode(ours->preset, ours->type, &bytes)) {
        buffer_deinit(&bytes);
        return builder_refuse(&resolve->builder, target->path, "its default does not fit it");
    }
    bool is_record = target->kind == SHAPE_RECORD;
    if (is_nothing(ours->preset) && !is_record &&
        (target->presence == SHAPE_ALWAYS || json_is_null(ours->preset))) {
        buffer_deinit(&bytes);
        return STATUS_OK;
    }
    uint32_t constant = builder_add_constant(&resolve->builder, buffer_slice(&bytes));
    buffer_deinit(&bytes);
    uint32_t preset = add(resolve, (struct op){.code = OP_PRESET, .table = constant}, target);
    enum status status = resolve_value(resolve, ours->type, ours->type, target);
    builder_add(&resolve->builder, (struct op){.code = OP_END}, target->path);
    builder_lead_here(&resolve->builder, preset);
    return status;
}

static enum status resolve_record(struct resolve *resolve, const struct tree_node *writer,
                                  const struct tree_node *reader, const struct shape *shape,
                                  uint32_t offset, const char *path)
{
    /* Per writer's field the shape's field that it fills. */
    const struct shape_field **filled =
        arena_take_array(&resolve->builder.arena, writer->field_count, sizeof(*filled));
    const struct tree_field **ours =
        arena_take_array(&resolve->builder.arena, writer->field_count, sizeof(*ours));
    if (!filled || !ours)
        return builder_refuse(&resolve->builder, path, "the schema is too large");
    bool is_kept = shape->encoded && tree_same(writer, reader);
    struct op keep = {.code = OP_ENCODED, .offset = (uint32_t)shape->encoded + offset};
    if (is_kept)
        builder_add(&resolve->builder, keep, path);
    for (size_t i = 0; i < shape->count; i++) {
        const struct tree_field *own = find_field(reader, shape->fields[i].name);
        struct target target = field_target(resolve, &shape->fields[i], offset, path);
        if (!own)
            return builder_refuse(&resolve->builder, target.path, "our own schema lacks it");
        const struct tree_field *written = find_written(writer, reader, own);
        if (written) {
            filled[written - writer->fields] = &shape->fields[i];
            ours[written - writer->fields] = own;
            continue;
        }
        enum status status = resolve_preset(resolve, own, &target);
        if (status)
            return status;
    }
    for (size_t i = 0; i < writer->field_count; i++) {
        const struct tree_field *field = &writer->fields[i];
        if (!filled[i]) {
            skip_value(&resolve->builder, &resolve->routines, field->type,
                       builder_path(&resolve->builder, path, field->name));
            continue;
        }
        struct target target = field_target(resolve, filled[i], offset, path);
        enum status status = resolve_value(resolve, field->type, ours[i]->type, &target);
        if (status)
            return status;
    }
    keep.code = OP_ENCODED_END;
    if (is_kept)
        builder_add(&resolve->builder, keep, path);
    return STATUS_OK;
}

static enum status compile(struct resolve *resolve, const struct tree *writer,
                           const struct tree *reader, const struct shape *shape,
                           struct program *out)
{
    struct builder *builder = &resolve->builder;
    if (writer->root->type != TREE_RECORD || reader->root->type != TREE_RECORD)
        return builder_refuse(builder, shape->name, "the schema is not of a record");
    enum status status = resolve_record(resolve, writer->root, reader->root, shape, 0, shape->name);
    if (status)
        return status;
    builder_add(builder, (struct op){.code = OP_END}, shape->name);
    skip_finish(builder, &resolve->routines);
    return builder_finish(builder, shape, out);
}

enum status decoder_plan(struct slice writer_json, struct slice reader_json,
                         const struct shape *shape, struct program *out, char *detail)
{
    struct tree writer = {0};
    struct tree reader = {0};
    struct resolve resolve = {0};
    builder_init(&resolve.builder, detail);
    enum status status = tree_parse(writer_json, &writer, detail);
    if (!status)
        status = tree_parse(reader_json, &reader, detail);
    if (!status)
        status = compile(&resolve, &writer, &reader, shape, out);
    builder_deinit(&resolve.builder);
    buffer_deinit(&resolve.routines);
    tree_deinit(&writer);
    tree_deinit(&reader);
    return status;
}
