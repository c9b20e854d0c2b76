#include "plan/event_parts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { ITEM_BYTES_MAX = 64 * 1024 * 1024 };

enum event_format event_format_of(struct slice file)
{
    struct slice suffix = SLICE(".csv");
    bool is_csv = file.length > suffix.length && memcmp(file.bytes + file.length - suffix.length,
                                                        suffix.bytes, suffix.length) == 0;
    return is_csv ? EVENT_CSV : EVENT_JSON_LINES;
}

struct event_reader *event_reader_new(enum event_format format, struct slice file,
                                      struct event_source source, const struct fact_rules *rules,
                                      struct reports *reports)
{
    struct event_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        abort();
    reader->format = format;
    reader->text.source = source;
    reader->text.line = 1;
    reader->rules = rules;
    reader->reports = reports;
    arena_init_growing(&reader->arena, ITEM_BYTES_MAX);
    arena_init_growing(&reader->names, ITEM_BYTES_MAX);
    reader->file = arena_copy(&reader->names, file);
    return reader;
}

void event_reader_free(struct event_reader *reader)
{
    if (!reader)
        return;
    arena_deinit(&reader->arena);
    arena_deinit(&reader->names);
    event_ids_deinit(&reader->ids);
    buffer_deinit(&reader->line);
    buffer_deinit(&reader->content);
    buffer_deinit(&reader->fact_content);
    buffer_deinit(&reader->rows[0].text);
    buffer_deinit(&reader->rows[0].raw);
    buffer_deinit(&reader->rows[1].text);
    buffer_deinit(&reader->rows[1].raw);
    free(reader);
}

/* --- facts --- */

static enum status check_deal(const void *fact, const struct fact_rules *rules, char *detail)
{
    return fact_check_deal(fact, rules, detail);
}

static enum status check_milestone(const void *fact, const struct fact_rules *rules, char *detail)
{
    return fact_check_milestone(fact, rules, detail);
}

static enum status check_payment(const void *fact, const struct fact_rules *rules, char *detail)
{
    return fact_check_payment(fact, rules, detail);
}

static enum status check_result(const void *fact, const struct fact_rules *rules, char *detail)
{
    return fact_check_result(fact, rules, detail);
}

/* A type of fact: where it goes, and which of its texts tell it from others of its type. */
struct fact_type {
    const char *type;
    enum event_kind kind;
    const struct shape *shape;
    size_t offset; /* in struct event */
    size_t event_id;
    size_t revision;
    size_t ids[3]; /* offsets of slices; SIZE_MAX: none */
    int32_t what;  /* enum result_what; -1: no result */
    enum status (*check)(const void *fact, const struct fact_rules *rules, char *detail);
};

#define FACT(type_name, kind_symbol, name)                                                         \
    .type = type_name, .kind = kind_symbol, .shape = &name##_shape,                                \
    .offset = offsetof(struct event, name), .event_id = offsetof(struct name, event_id),           \
    .revision = offsetof(struct name, revision), .check = check_##name

static const struct fact_type types[] = {
    {FACT("deal", EVENT_DEAL, deal), .ids = {offsetof(struct deal, deal_id), SIZE_MAX, SIZE_MAX},
     .what = -1},
    {FACT("milestone", EVENT_MILESTONE, milestone),
     .ids = {offsetof(struct milestone, milestone_id), offsetof(struct milestone, deal_id),
             SIZE_MAX},
     .what = -1},
    {FACT("payment", EVENT_PAYMENT, payment),
     .ids = {offsetof(struct payment, payment_id), offsetof(struct payment, deal_id), SIZE_MAX},
     .what = -1},
    {FACT("result", EVENT_RESULT, result),
     .ids = {offsetof(struct result, participant), offsetof(struct result, result),
             offsetof(struct result, window)},
     .what = RESULT_RESULT},
    {FACT("adjustment", EVENT_RESULT, result),
     .ids = {offsetof(struct result, participant), offsetof(struct result, adjustment_id),
             SIZE_MAX},
     .what = RESULT_ADJUSTMENT},
};
enum { TYPES = sizeof types / sizeof types[0] };

static const struct slice *text_at(const void *fact, size_t offset)
{
    return (const struct slice *)(const void *)((const char *)fact + offset);
}

static uint64_t hash_identity(struct event_reader *reader, const struct fact_type *type,
                              const void *fact)
{
    struct buffer *out = &reader->content;
    buffer_reset(out);
    buffer_printf(out, "%s", type->type);
    for (size_t i = 0; i < 3 && type->ids[i] != SIZE_MAX; i++) {
        buffer_append_byte(out, '\0');
        buffer_append_slice(out, *text_at(fact, type->ids[i]));
    }
    if (type->what == RESULT_RESULT && reader->event.result.has_date)
        buffer_append(out, &reader->event.result.date, sizeof reader->event.result.date);
    return event_ids_hash(buffer_slice(out));
}

static bool check_revision(struct event_reader *reader, const struct fact_type *type,
                           const struct node *node, const void *fact)
{
    struct event_id seen = {
        .content = event_ids_hash(buffer_slice(&reader->fact_content)),
        .line = reader->event.line,
        .has_revision = node_find(node, "revision") != NULL,
    };
    seen.id = hash_identity(reader, type, fact);
    const struct event_id *clash = event_ids_clash(&reader->ids, &seen);
    if (!clash)
        return true;
    report_error(reader->reports, node_place(node), "needs-revision",
                 "\"revision\": 0 in the first, 1 in the next",
                 "`%.*s` stands in line %d with other content: both must say `revision`",
                 SLICE_ARGS(*text_at(fact, type->ids[type->what < 0 ? 0 : 1])), clash->line);
    return false;
}

/* `content` without event_id, hashed: equal facts get equal ids. */
static bool derive_event_id(struct event_reader *reader, const struct fact_type *type, void *fact)
{
    char text[40];
    struct slice *event_id = (struct slice *)(void *)((char *)fact + type->event_id);
    if (event_id->length > 0)
        return true;
    XXH128_hash_t hash = XXH3_128bits_withSeed(
        reader->fact_content.bytes, reader->fact_content.length, (XXH64_hash_t)(type - types));
    snprintf(text, sizeof text, "%016llx%016llx", (unsigned long long)hash.high64,
             (unsigned long long)hash.low64);
    *event_id = arena_copy(&reader->arena, slice_of(text));
    return event_id->bytes != NULL;
}

static bool set_what(struct event_reader *reader, const struct fact_type *type,
                     const struct node *node)
{
    if (type->what < 0)
        return true;
    const struct node *what = node_find(node, "what");
    if (what && reader->event.result.what != type->what) {
        report_error(reader->reports, node_place(what), "bad-value", NULL,
                     "`what` and `type` say different things");
        return false;
    }
    reader->event.result.what = type->what;
    return true;
}

static enum status read_fact(struct event_reader *reader, const struct fact_type *type,
                             const struct node *node)
{
    static const char *const may_miss[] = {"event_id", "revision", "what", NULL};
    char detail[DETAIL_BYTES];
    struct reading reading = {.arena = &reader->arena, .reports = reader->reports};
    void *fact = (char *)&reader->event + type->offset;
    reader->event.kind = type->kind;
    bool is_read = shape_read(&reading, type->shape, node, may_miss, "type", fact) &&
                   set_what(reader, type, node);
    if (reading.is_exhausted)
        return STATUS_EXHAUSTED;
    if (!is_read)
        return STATUS_INVALID;
    buffer_reset(&reader->fact_content);
    shape_append_content(type->shape, fact, &reader->fact_content);
    if (!derive_event_id(reader, type, fact))
        return STATUS_EXHAUSTED;
    if (type->check(fact, reader->rules, detail)) {
        report_error(reader->reports, node_place(node), "bad-fact", NULL, "%s", detail);
        return STATUS_INVALID;
    }
    return check_revision(reader, type, node, fact) ? STATUS_OK : STATUS_INVALID;
}

/* --- apply and date --- */

static enum status read_apply(struct event_reader *reader, const struct node *node)
{
    static const struct key_rule keys[] = {
        {"type", KEY_REQUIRED, NULL},
        {"files", KEY_REQUIRED, "\"files\": [\"rates.yaml\"]"},
        {NULL, KEY_OPTIONAL, NULL},
    };
    struct reading reading = {.arena = &reader->arena, .reports = reader->reports};
    if (!reading_keys(&reading, node, "an `apply` line", keys))
        return STATUS_INVALID;
    const struct node *list = node_find(node, "files");
    if (!reading_list(&reading, list, "`files`"))
        return STATUS_INVALID;
    struct slice *files = reading_take(&reading, list->count, sizeof *files);
    if (!files)
        return STATUS_EXHAUSTED;
    size_t count = 0;
    for (const struct node *item = list->first; item; item = item->next) {
        if (!reading_text(&reading, item, "a file", &files[count++]))
            return STATUS_INVALID;
    }
    reader->event.kind = EVENT_APPLY;
    reader->event.files = (struct list){count > 0 ? files : NULL, count};
    return STATUS_OK;
}

static enum status read_date(struct event_reader *reader, const struct node *node)
{
    static const struct key_rule keys[] = {
        {"type", KEY_REQUIRED, NULL},
        {"date", KEY_REQUIRED, "\"date\": \"2026-04-01\""},
        {NULL, KEY_OPTIONAL, NULL},
    };
    struct reading reading = {.arena = &reader->arena, .reports = reader->reports};
    if (!reading_keys(&reading, node, "a `date` line", keys) ||
        !reading_date(&reading, node_find(node, "date"), "`date`", &reader->event.date))
        return STATUS_INVALID;
    reader->event.kind = EVENT_DATE;
    return STATUS_OK;
}

static enum status refuse_type(struct event_reader *reader, const struct node *node,
                               const struct node *type)
{
    static const char *const words[] = {"deal",       "milestone", "payment", "result",
                                        "adjustment", "apply",     "date",    NULL};
    if (!type) {
        report_error(reader->reports, node_place(node), "missing-field", "\"type\": \"deal\"",
                     "a line needs `type`: deal, milestone, payment, result, adjustment, apply or "
                     "date");
        return STATUS_INVALID;
    }
    int word;
    struct reading reading = {.arena = &reader->arena, .reports = reader->reports};
    bool is_known = reading_word(&reading, type, "`type`", words, INT32_MAX, &word);
    assert(!is_known);
    return STATUS_INVALID;
}

enum status event_read_node(struct event_reader *reader, const struct node *node,
                            const struct event **out)
{
    const struct node *type = node_find(node, "type");
    enum status status = STATUS_INVALID;
    bool is_found = false;
    for (size_t i = 0; i < TYPES && !is_found; i++) {
        is_found = node_is(type, types[i].type);
        if (is_found)
            status = read_fact(reader, &types[i], node);
    }
    if (!is_found && node_is(type, "apply"))
        status = read_apply(reader, node);
    else if (!is_found && node_is(type, "date"))
        status = read_date(reader, node);
    else if (!is_found)
        status = refuse_type(reader, node, type);
    if (!status)
        *out = &reader->event;
    return status;
}

/* --- JSON Lines --- */

static bool is_blank(struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (!memchr(" \t\r", text.bytes[i], 3))
            return false;
    }
    return true;
}

static struct slice without_mark(struct slice text, int32_t line)
{
    struct slice mark = SLICE("\xEF\xBB\xBF");
    if (line != 1 || !slice_starts_with(text, mark))
        return text;
    return (struct slice){text.bytes + mark.length, text.length - mark.length};
}

static enum status read_line(struct event_reader *reader, struct slice line,
                             const struct event **out)
{
    const struct node *node;
    reports_read(reader->reports, reader->file, line, reader->event.line);
    if (line.length > EVENT_LINE_BYTES_MAX) {
        report_error(reader->reports, (struct place){reader->event.line, 0}, "too-large", NULL,
                     "the line is longer than 1 MB");
        return STATUS_INVALID;
    }
    enum status status =
        node_read_json(line, reader->event.line, &reader->arena, reader->reports, &node);
    if (status)
        return status;
    if (node->kind != NODE_MAP) {
        report_error(reader->reports, node_place(node), "bad-value", NULL,
                     "a line must be one object: {\"type\": …}");
        return STATUS_INVALID;
    }
    return event_read_node(reader, node, out);
}

static enum status next_json(struct event_reader *reader, const struct event **out)
{
    for (;;) {
        int32_t number;
        bool is_found;
        enum status status = event_text_line(&reader->text, &reader->line, &number, &is_found);
        if (status)
            return status;
        if (!is_found) {
            *out = NULL;
            return STATUS_OK;
        }
        struct slice line = without_mark(buffer_slice(&reader->line), number);
        reader->event.line = number;
        if (!is_blank(line))
            return read_line(reader, line, out);
    }
}

enum status event_reader_next(struct event_reader *reader, const struct event **out)
{
    arena_reset(&reader->arena);
    reader->event = (struct event){0};
    return reader->format == EVENT_CSV ? event_next_csv(reader, out) : next_json(reader, out);
}
