#include "plan/node.h"

#include <libfyaml.h>

/* What is open while events are read. */
struct level {
    struct node *node;
    struct node *last;
    bool is_key_read; /* of a map: the next scalar is a value */
    struct slice key;
    struct fy_mark key_mark;
};

struct yaml_reading {
    struct slice text; /* of the file */
    struct arena *arena;
    struct reports *reports;
    struct fy_parser *parser;
    struct level levels[NODE_DEPTH_MAX];
    int depth; /* open levels */
    struct node *root;
    int documents;
    struct fy_mark reached; /* the last place that an event had */
    enum status status;
};

static struct place place_of(const struct fy_mark *mark)
{
    if (!mark)
        return (struct place){0, 0};
    return (struct place){mark->line + 1, mark->column + 1};
}

static void refuse(struct yaml_reading *reading, const struct fy_mark *mark, const char *code,
                   const char *sentence)
{
    struct place place = place_of(mark ? mark : &reading->reached);
    report_error(reading->reports, place, code, NULL, "%s", sentence);
    reading->status = STATUS_INVALID;
}

static void exhaust(struct yaml_reading *reading)
{
    reading->status = STATUS_EXHAUSTED;
}

/* Puts a finished or opening node where it belongs. */
static void place_node(struct yaml_reading *reading, struct node *node, const struct fy_mark *mark)
{
    const struct level *around = reading->depth > 0 ? &reading->levels[reading->depth - 1] : NULL;
    struct place place = place_of(mark ? mark : around ? &around->key_mark : NULL);
    node->line = node->key_line = place.line;
    node->column = node->key_column = place.column;
    if (reading->depth == 0) {
        reading->root = node;
        return;
    }
    struct level *level = &reading->levels[reading->depth - 1];
    if (level->node->kind == NODE_MAP) {
        place = place_of(&level->key_mark);
        node->key = level->key;
        node->key_line = place.line;
        node->key_column = place.column;
        level->is_key_read = false;
    }
    node_append(level->node, &level->last, node);
}

static bool expects_key(const struct yaml_reading *reading)
{
    if (reading->depth == 0)
        return false;
    const struct level *level = &reading->levels[reading->depth - 1];
    return level->node->kind == NODE_MAP && !level->is_key_read;
}

static void open_level(struct yaml_reading *reading, enum node_kind kind,
                       const struct fy_mark *mark)
{
    if (expects_key(reading)) {
        refuse(reading, mark, "bad-yaml", "a key must be a word or a text");
        return;
    }
    if (reading->depth == NODE_DEPTH_MAX) {
        refuse(reading, mark, "too-deep", "maps and lists stand more than 32 deep");
        return;
    }
    struct node *node = node_new(reading->arena, kind);
    if (!node) {
        exhaust(reading);
        return;
    }
    place_node(reading, node, mark);
    reading->levels[reading->depth++] = (struct level){
        .node = node,
        .key_mark = mark ? *mark : (struct fy_mark){0},
    };
}

static void close_level(struct yaml_reading *reading)
{
    struct node *node = reading->levels[--reading->depth].node;
    if (node->kind != NODE_MAP)
        return;
    enum status status = node_check_keys(node, reading->arena, reading->reports);
    if (status)
        reading->status = status;
}

/* --- texts in single quotes --- */

/* As it stands in the file, without the quotes around it; empty for any other text. */
static struct slice single_quoted(const struct yaml_reading *reading, struct fy_token *token)
{
    if (!token || fy_token_scalar_style(token) != FYSS_SINGLE_QUOTED)
        return (struct slice){NULL, 0};
    size_t from = fy_token_start_mark(token)->input_pos;
    size_t until = fy_token_end_mark(token)->input_pos;
    if (from > until || until > reading->text.length)
        return (struct slice){NULL, 0};
    return (struct slice){reading->text.bytes + from, until - from};
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

/* Lines are folded: blanks around a break go, one break is a blank, more are one less. Returns
 * where the text goes on behind the breaks that begin at `at`. */
static size_t fold(struct slice raw, size_t at, char *out, size_t *length)
{
    size_t breaks = 0;
    while (*length > 0 && is_blank(out[*length - 1]))
        (*length)--;
    for (; at < raw.length &&
           (is_blank(raw.bytes[at]) || raw.bytes[at] == '\n' || raw.bytes[at] == '\r');
         at++)
        breaks += raw.bytes[at] == '\n' ||
                  (raw.bytes[at] == '\r' && (at + 1 == raw.length || raw.bytes[at + 1] != '\n'));
    out[(*length)++] = breaks == 1 ? ' ' : '\n';
    for (; breaks > 2; breaks--)
        out[(*length)++] = '\n';
    return at;
}

/* libfyaml 0.7 loses memory over texts with more than a few doubled quotes, so they are read here:
 * two quotes are one. */
static struct slice copy_doubled(struct yaml_reading *reading, struct slice raw)
{
    char *out = arena_take(reading->arena, raw.length + 1);
    size_t length = 0;
    for (size_t at = 0; out && at < raw.length;) {
        if (raw.bytes[at] == '\n' || raw.bytes[at] == '\r') {
            at = fold(raw, at, out, &length);
            continue;
        }
        out[length++] = raw.bytes[at];
        at += raw.bytes[at] == '\'' ? 2 : 1;
    }
    if (!out)
        exhaust(reading);
    return (struct slice){out, length};
}

static struct slice copy_token(struct yaml_reading *reading, struct fy_token *token)
{
    struct slice raw = single_quoted(reading, token);
    if (raw.length > 0 && memchr(raw.bytes, '\'', raw.length))
        return copy_doubled(reading, raw);
    size_t length = 0;
    const char *text = token ? fy_token_get_text(token, &length) : "";
    if (!text) {
        text = "";
        length = 0;
    }
    struct slice copy = arena_copy(reading->arena, (struct slice){text, length});
    if (!copy.bytes)
        exhaust(reading);
    return copy;
}

/* libfyaml marks what follows a sign; people look for the sign. */
static struct fy_mark with_sign(const struct fy_mark *mark)
{
    struct fy_mark sign = mark ? *mark : (struct fy_mark){0};
    if (sign.column > 0)
        sign.column--;
    return sign;
}

static void add_scalar(struct yaml_reading *reading, struct fy_token *token,
                       const struct fy_mark *mark)
{
    struct slice text = copy_token(reading, token);
    enum fy_scalar_style style = token ? fy_token_scalar_style(token) : FYSS_PLAIN;
    bool is_plain = style == FYSS_PLAIN;
    struct fy_mark quote = with_sign(mark);
    if (style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED)
        mark = &quote;
    if (reading->status)
        return;
    if (memchr(text.bytes, 0, text.length)) {
        refuse(reading, mark, "bad-yaml", "a text holds the character U+0000");
        return;
    }
    if (expects_key(reading)) {
        struct level *level = &reading->levels[reading->depth - 1];
        level->key = text;
        level->key_mark = mark ? *mark : (struct fy_mark){0};
        level->is_key_read = true;
        if (is_plain && text.length == 0)
            refuse(reading, mark, "bad-yaml", "a key is missing");
        return;
    }
    struct node *node = node_new(reading->arena, NODE_SCALAR);
    if (!node) {
        exhaust(reading);
        return;
    }
    node->text = text;
    node->is_plain = is_plain;
    place_node(reading, node, mark);
}

static void refuse_properties(struct yaml_reading *reading, struct fy_token *anchor,
                              struct fy_token *tag)
{
    struct fy_token *token = anchor ? anchor : tag;
    if (!token)
        return;
    struct fy_mark mark = *fy_token_start_mark(token);
    if (anchor)
        mark = with_sign(&mark);
    refuse(reading, &mark, "bad-yaml",
           anchor ? "anchors (&name) are not read; write the value out"
                  : "tags (!name) are not read; write the plain value");
}

static void take_document(struct yaml_reading *reading, const struct fy_mark *mark)
{
    if (reading->documents++ > 0)
        refuse(reading, mark, "bad-yaml", "a file holds one document; `---` begins a second one");
}

static void take_event(struct yaml_reading *reading, struct fy_event *event)
{
    const struct fy_mark *mark = fy_event_start_mark(event);
    if (mark)
        reading->reached = *mark;
    if (event->type == FYET_DOCUMENT_START) {
        take_document(reading, mark);
    } else if (event->type == FYET_ALIAS) {
        struct fy_mark sign = with_sign(mark);
        refuse(reading, &sign, "bad-yaml", "aliases (*name) are not read; write the value out");
    } else if (event->type == FYET_SCALAR) {
        refuse_properties(reading, event->scalar.anchor, event->scalar.tag);
        if (!reading->status)
            add_scalar(reading, event->scalar.value, mark);
    } else if (event->type == FYET_MAPPING_START) {
        refuse_properties(reading, event->mapping_start.anchor, event->mapping_start.tag);
        if (!reading->status)
            open_level(reading, NODE_MAP, mark);
    } else if (event->type == FYET_SEQUENCE_START) {
        refuse_properties(reading, event->sequence_start.anchor, event->sequence_start.tag);
        if (!reading->status)
            open_level(reading, NODE_LIST, mark);
    } else if (event->type == FYET_MAPPING_END || event->type == FYET_SEQUENCE_END) {
        close_level(reading);
    }
}

static void report_syntax(struct yaml_reading *reading, struct fy_diag *diag)
{
    void *at = NULL;
    const struct fy_diag_error *error = fy_diag_errors_iterate(diag, &at);
    struct place place = {1, 1};
    if (error && error->line > 0)
        place = (struct place){error->line, error->column > 0 ? error->column : 1};
    report_error(reading->reports, place, "bad-yaml", NULL, "this is no YAML 1.2: %s",
                 error && error->msg ? error->msg : "it cannot be read");
    reading->status = STATUS_INVALID;
}

static void read_events(struct yaml_reading *reading, struct fy_diag *diag)
{
    bool is_ended = false;
    while (!reading->status && !is_ended) {
        struct fy_event *event = fy_parser_parse(reading->parser);
        if (!event) {
            report_syntax(reading, diag);
            return;
        }
        is_ended = event->type == FYET_STREAM_END;
        take_event(reading, event);
        fy_parser_event_free(reading->parser, event);
    }
}

static enum status read_with(struct yaml_reading *reading, struct fy_diag *diag, struct slice text)
{
    struct fy_parse_cfg config = {.search_path = "", .flags = FYPCF_QUIET, .diag = diag};
    reading->parser = fy_parser_create(&config);
    if (!reading->parser)
        return STATUS_EXHAUSTED;
    if (fy_parser_set_string(reading->parser, text.bytes, text.length))
        reading->status = STATUS_EXHAUSTED;
    else
        read_events(reading, diag);
    fy_parser_destroy(reading->parser);
    return reading->status;
}

enum status node_read_yaml(struct slice text, size_t bytes_max, struct arena *arena,
                           struct reports *reports, const struct node **out)
{
    if (text.length > bytes_max) {
        report_error(reports, (struct place){0, 0}, "too-large", "split it into several files",
                     "the file has %zu bytes; at most %zu are read", text.length, bytes_max);
        return STATUS_INVALID;
    }
    enum status status = node_check_text(text, 1, reports);
    if (status)
        return status;
    struct yaml_reading reading = {.text = text, .arena = arena, .reports = reports};
    if (text.length > 0) {
        struct fy_diag_cfg config;
        fy_diag_cfg_default(&config);
        config.fp = NULL;
        struct fy_diag *diag = fy_diag_create(&config);
        if (!diag)
            return STATUS_EXHAUSTED;
        fy_diag_set_collect_errors(diag, true);
        status = read_with(&reading, diag, text);
        fy_diag_destroy(diag);
        if (status)
            return status;
    }
    if (!reading.root || node_is_null(reading.root)) {
        reading.root = node_new(arena, NODE_MAP);
        if (!reading.root)
            return STATUS_EXHAUSTED;
        reading.root->line = reading.root->column = 1;
        reading.root->key_line = reading.root->key_column = 1;
    }
    *out = reading.root;
    return STATUS_OK;
}
