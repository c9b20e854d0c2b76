#include "plan/event_parts.h"

#include <stdio.h>

/* --- the header row --- */

static const struct {
    const char *prefix;
    enum column_kind kind;
} prefixes[] = {{"attribute.", COLUMN_ATTRIBUTE}, {"amounts.", COLUMN_AMOUNT}};

static const struct shape *const shapes[] = {&deal_shape, &milestone_shape, &payment_shape,
                                             &result_shape};
enum { SHAPES = sizeof shapes / sizeof shapes[0], NAMES_MAX = 96 };

static bool is_participant_name(struct slice name)
{
    return slice_equal(name, SLICE("participant")) || slice_equal(name, SLICE("role")) ||
           slice_equal(name, SLICE("share"));
}

/* All names that a column may have, NULL-terminated. */
static void list_names(const char *names[NAMES_MAX])
{
    size_t count = 0;
    names[count++] = "type";
    names[count++] = "date";
    names[count++] = "participant";
    names[count++] = "role";
    names[count++] = "share";
    for (size_t i = 0; i < SHAPES; i++) {
        for (size_t j = 0; j < shapes[i]->count && count < NAMES_MAX - 1; j++) {
            const struct shape_field *field = &shapes[i]->fields[j];
            if (field->kind != SHAPE_LIST && field->kind != SHAPE_MAP)
                names[count++] = field->name;
        }
    }
    names[count] = NULL;
}

static bool is_among(struct slice name, const char *const *names)
{
    for (; *names; names++) {
        if (slice_equal(slice_of(*names), name))
            return true;
    }
    return false;
}

static bool read_column(struct event_reader *reader, const struct csv_row *row, size_t index,
                        const char *const *names)
{
    struct slice text = csv_text(row, index);
    struct csv_column *column = &reader->columns[index];
    struct slice mark = SLICE("\xEF\xBB\xBF");
    if (index == 0 && slice_starts_with(text, mark))
        text = (struct slice){text.bytes + mark.length, text.length - mark.length};
    column->name = arena_copy(&reader->names, text);
    column->kind = is_participant_name(text) ? COLUMN_PARTICIPANT : COLUMN_FIELD;
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        struct slice prefix = slice_of(prefixes[i].prefix);
        if (!slice_starts_with(text, prefix) || text.length == prefix.length)
            continue;
        column->kind = prefixes[i].kind;
        column->name.bytes += prefix.length;
        column->name.length -= prefix.length;
        return true;
    }
    if (is_among(text, names))
        return true;
    const char *nearest = report_nearest(text, names);
    char fix[96] = "lines and lists stand in JSON only";
    if (nearest)
        snprintf(fix, sizeof fix, "did you mean `%s`?", nearest);
    report_error(reader->reports, row->cells[index].place, "unknown-column", fix,
                 "no fact has a column `%.*s`", SLICE_ARGS(text));
    return false;
}

static bool check_twice(struct event_reader *reader, const struct csv_row *row, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (reader->columns[i].kind != reader->columns[index].kind ||
            !slice_equal(reader->columns[i].name, reader->columns[index].name))
            continue;
        report_error(reader->reports, row->cells[index].place, "twice", NULL,
                     "the column `%.*s` stands here already", SLICE_ARGS(csv_text(row, i)));
        return false;
    }
    return true;
}

static enum status read_header(struct event_reader *reader)
{
    const char *names[NAMES_MAX];
    struct csv_row *row = &reader->rows[0];
    bool is_found;
    list_names(names);
    reader->is_header_read = true;
    enum status status =
        event_text_row(&reader->text, reader->reports, reader->file, row, &is_found);
    reader->is_over = status || !is_found;
    if (reader->is_over)
        return status;
    for (size_t i = 0; i < row->count; i++) {
        if (!read_column(reader, row, i, names) || !check_twice(reader, row, i))
            status = STATUS_INVALID;
    }
    reader->column_count = row->count;
    reader->is_over = status != STATUS_OK;
    return status;
}

/* --- rows --- */

static struct slice cell_called(const struct event_reader *reader, const struct csv_row *row,
                                const char *name)
{
    for (size_t i = 0; i < reader->column_count; i++) {
        enum column_kind kind = reader->columns[i].kind;
        if ((kind == COLUMN_FIELD || kind == COLUMN_PARTICIPANT) &&
            slice_equal(reader->columns[i].name, slice_of(name)))
            return csv_text(row, i);
    }
    return (struct slice){NULL, 0};
}

static struct slice type_of(const struct event_reader *reader, const struct csv_row *row)
{
    struct slice type = cell_called(reader, row, "type");
    return type.length > 0 ? type : SLICE("deal");
}

/* The column that names what several rows may be about; NULL: a row of this type stands alone. */
static const char *id_column(struct slice type)
{
    if (slice_equal(type, SLICE("deal")))
        return "deal_id";
    return slice_equal(type, SLICE("milestone")) ? "milestone_id" : NULL;
}

static bool is_same_fact(const struct event_reader *reader, const struct csv_row *a,
                         const struct csv_row *b)
{
    struct slice type = type_of(reader, a);
    const char *id = id_column(type);
    return id && slice_equal(type, type_of(reader, b)) && cell_called(reader, a, id).length > 0 &&
           slice_equal(cell_called(reader, a, id), cell_called(reader, b, id)) &&
           slice_equal(cell_called(reader, a, "revision"), cell_called(reader, b, "revision"));
}

static bool check_width(struct event_reader *reader, const struct csv_row *row)
{
    if (row->count == reader->column_count)
        return true;
    report_error(reader->reports, (struct place){row->line, 0}, "bad-csv", NULL,
                 "the row has %zu cells, the header %zu", row->count, reader->column_count);
    return false;
}

/* A node of the item's arena; NULL when it is full. */
static struct node *cell_node(struct event_reader *reader, const struct csv_row *row, size_t index)
{
    const struct csv_cell *cell = &row->cells[index];
    struct node *node = node_new(&reader->arena, NODE_SCALAR);
    struct decimal number;
    if (!node)
        return NULL;
    node->text = arena_copy(&reader->arena, csv_text(row, index));
    node->key = reader->columns[index].name;
    node->is_plain = !cell->is_quoted && !decimal_parse(node->text, &number);
    node->line = node->key_line = cell->place.line;
    node->column = node->key_column = cell->place.column;
    return node->text.bytes ? node : NULL;
}

static struct node *group_node(struct event_reader *reader, enum node_kind kind, const char *key,
                               const struct csv_row *row)
{
    struct node *node = node_new(&reader->arena, kind);
    if (!node)
        return NULL;
    node->key = slice_of(key);
    node->line = node->key_line = row->line;
    node->column = node->key_column = 1;
    return node;
}

/* Adds the row's cells of one kind of column to `map`. */
static enum status add_cells(struct event_reader *reader, const struct csv_row *row,
                             enum column_kind kind, struct node *map, struct node **last)
{
    for (size_t i = 0; i < reader->column_count; i++) {
        if (reader->columns[i].kind != kind || csv_text(row, i).length == 0)
            continue;
        struct node *node = cell_node(reader, row, i);
        if (!node)
            return STATUS_EXHAUSTED;
        node_append(map, last, node);
    }
    return STATUS_OK;
}

struct csv_item {
    struct node *root;
    struct node *last;
    struct node *participants; /* NULL: they are no list in this type of fact */
    struct node *last_participant;
};

static enum status add_group(struct event_reader *reader, const struct csv_row *row,
                             enum column_kind kind, const char *key, struct csv_item *item)
{
    struct node *last = NULL;
    struct node *map = group_node(reader, NODE_MAP, key, row);
    if (!map)
        return STATUS_EXHAUSTED;
    enum status status = add_cells(reader, row, kind, map, &last);
    if (!status && map->count > 0)
        node_append(item->root, &item->last, map);
    return status;
}

static bool equal_maps(const struct node *a, const struct node *b)
{
    const struct node *x = a->first;
    const struct node *y = b->first;
    while (x && y && slice_equal(x->key, y->key) && slice_equal(x->text, y->text)) {
        x = x->next;
        y = y->next;
    }
    return !x && !y;
}

/* An equal row is a duplicate. */
static enum status add_participant(struct event_reader *reader, const struct csv_row *row,
                                   struct csv_item *item)
{
    struct node *last = NULL;
    struct node *map = group_node(reader, NODE_MAP, "", row);
    if (!map)
        return STATUS_EXHAUSTED;
    enum status status = add_cells(reader, row, COLUMN_PARTICIPANT, map, &last);
    if (status || map->count == 0)
        return status;
    for (const struct node *other = item->participants->first; other; other = other->next) {
        if (equal_maps(other, map))
            return STATUS_OK;
    }
    node_append(item->participants, &item->last_participant, map);
    return STATUS_OK;
}

static enum status add_type(struct event_reader *reader, const struct csv_row *row,
                            struct csv_item *item)
{
    if (cell_called(reader, row, "type").length > 0)
        return STATUS_OK;
    struct node *type = group_node(reader, NODE_SCALAR, "type", row);
    if (!type)
        return STATUS_EXHAUSTED;
    type->text = SLICE("deal");
    node_append(item->root, &item->last, type);
    return STATUS_OK;
}

/* A milestone's own share stands where a row names no participant. */
static bool has_participants(const struct event_reader *reader, const struct csv_row *row)
{
    struct slice type = type_of(reader, row);
    return slice_equal(type, SLICE("deal")) ||
           (id_column(type) && cell_called(reader, row, "participant").length > 0);
}

static enum status begin_item(struct event_reader *reader, const struct csv_row *row,
                              struct csv_item *item)
{
    *item = (struct csv_item){.root = group_node(reader, NODE_MAP, "", row)};
    if (!item->root)
        return STATUS_EXHAUSTED;
    enum status status = add_type(reader, row, item);
    if (!status)
        status = add_cells(reader, row, COLUMN_FIELD, item->root, &item->last);
    if (!status)
        status = add_group(reader, row, COLUMN_ATTRIBUTE, "attributes", item);
    if (!status)
        status = add_group(reader, row, COLUMN_AMOUNT, "amounts", item);
    if (status)
        return status;
    if (!has_participants(reader, row))
        return add_cells(reader, row, COLUMN_PARTICIPANT, item->root, &item->last);
    item->participants = group_node(reader, NODE_LIST, "participants", row);
    if (!item->participants)
        return STATUS_EXHAUSTED;
    node_append(item->root, &item->last, item->participants);
    return add_participant(reader, row, item);
}

/* Rows of one deal say the same, apart from the participant. */
static bool check_same(struct event_reader *reader, const struct csv_row *first,
                       const struct csv_row *row)
{
    bool is_same = true;
    for (size_t i = 0; i < reader->column_count; i++) {
        if (reader->columns[i].kind == COLUMN_PARTICIPANT ||
            slice_equal(csv_text(first, i), csv_text(row, i)))
            continue;
        report_error(reader->reports, row->cells[i].place, "rows-differ", NULL,
                     "this row and line %d are one fact and say different things here",
                     first->line);
        is_same = false;
    }
    return is_same;
}

/* Takes the rows behind the first one that belong to the same fact; the next other one stays ahead.
 */
static enum status take_rows(struct event_reader *reader, const struct csv_row *first,
                             struct csv_item *item)
{
    bool is_right = true;
    int other = 1 - reader->ahead;
    for (;;) {
        bool is_found;
        struct csv_row *row = &reader->rows[other];
        enum status status =
            event_text_row(&reader->text, reader->reports, reader->file, row, &is_found);
        reader->has_ahead_failed = status == STATUS_INVALID;
        if (status && status != STATUS_INVALID)
            return status;
        if (status || !is_found)
            break;
        if (!is_same_fact(reader, first, row)) {
            reader->ahead = other;
            reader->has_ahead = true;
            break;
        }
        if (!check_width(reader, row) || !check_same(reader, first, row)) {
            is_right = false;
            continue;
        }
        if (item->participants) {
            status = add_participant(reader, row, item);
            if (status)
                return status;
        }
    }
    return is_right ? STATUS_OK : STATUS_INVALID;
}

/* With a revision written, only rows that stand apart show that a fact came twice. */
static bool check_together(struct event_reader *reader, const struct csv_row *first)
{
    struct slice type = type_of(reader, first);
    const char *id = id_column(type);
    if (!id || cell_called(reader, first, "revision").length == 0)
        return true;
    struct event_id seen = {.content = event_ids_hash(buffer_slice(&reader->fact_content)),
                            .line = first->line};
    buffer_reset(&reader->content);
    buffer_printf(&reader->content, "rows %s", id);
    buffer_append_byte(&reader->content, '\0');
    buffer_append_slice(&reader->content, cell_called(reader, first, id));
    buffer_append_byte(&reader->content, '\0');
    buffer_append_slice(&reader->content, cell_called(reader, first, "revision"));
    seen.id = event_ids_hash(buffer_slice(&reader->content));
    const struct event_id *clash = event_ids_clash(&reader->ids, &seen);
    if (!clash)
        return true;
    report_error(reader->reports, (struct place){first->line, 0}, "rows-apart",
                 "put the rows of one revision next to each other, or raise the revision",
                 "`%.*s` stands in line %d with this revision and other content",
                 SLICE_ARGS(cell_called(reader, first, id)), clash->line);
    return false;
}

static enum status read_item(struct event_reader *reader, const struct event **out)
{
    struct csv_row *first = &reader->rows[reader->ahead];
    struct csv_item item;
    reader->has_ahead = false;
    if (!check_width(reader, first))
        return STATUS_INVALID;
    enum status status = begin_item(reader, first, &item);
    if (status)
        return status;
    reader->event.line = first->line;
    status = take_rows(reader, first, &item);
    if (status)
        return status;
    reports_read(reader->reports, reader->file, buffer_slice(&first->raw), first->line);
    status = event_read_node(reader, item.root, out);
    if (status)
        return status;
    return check_together(reader, first) ? STATUS_OK : STATUS_INVALID;
}

enum status event_next_csv(struct event_reader *reader, const struct event **out)
{
    enum status status = reader->is_header_read ? STATUS_OK : read_header(reader);
    if (status)
        return status;
    if (reader->has_ahead_failed) {
        reader->has_ahead_failed = false;
        return STATUS_INVALID;
    }
    if (!reader->is_over && !reader->has_ahead) {
        bool is_found;
        status = event_text_row(&reader->text, reader->reports, reader->file,
                                &reader->rows[reader->ahead], &is_found);
        if (status)
            return status;
        reader->is_over = !is_found;
        reader->has_ahead = is_found;
    }
    if (!reader->has_ahead) {
        *out = NULL;
        return STATUS_OK;
    }
    return read_item(reader, out);
}
