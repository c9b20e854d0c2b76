#include "redis/attainment_entry.h"

#include <jansson.h>

enum { PARTS = 4 };

/* --- the field --- */

static bool read_part(struct slice text, struct arena *arena, struct slice *out)
{
    char *part = arena_take(arena, text.length + 1);
    if (!part)
        return false;
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        struct slice rest = {text.bytes + i, text.length - i};
        bool is_percent = slice_starts_with(rest, SLICE("%25"));
        bool is_slash = slice_starts_with(rest, SLICE("%2F"));
        part[length++] = is_percent ? '%' : is_slash ? '/' : text.bytes[i];
        i += is_percent || is_slash ? 2 : 0;
    }
    *out = (struct slice){part, length};
    return true;
}

static enum status read_key(struct slice field, struct arena *arena, struct attainment_key *out)
{
    struct slice parts[PARTS];
    struct slice rest = field;
    for (size_t i = 0; i < PARTS; i++) {
        struct slice part;
        bool is_last = i + 1 == PARTS;
        rest = slice_split(rest, '/', &part);
        if (is_last == (rest.bytes != NULL))
            return STATUS_INVALID;
        if (!read_part(part, arena, &parts[i]))
            return STATUS_EXHAUSTED;
    }
    *out = (struct attainment_key){parts[0], parts[1], parts[2], parts[3]};
    return STATUS_OK;
}

/* --- the value --- */

struct text_row {
    const char *name;
    size_t offset;
    bool is_optional;
};

#define TEXT_ROW(member, optional)                                                                 \
    {                                                                                              \
#member, offsetof(struct attainment_entry, member), optional                               \
    }

static const struct text_row texts[] = {
    TEXT_ROW(measure, false), TEXT_ROW(goal, true),     TEXT_ROW(attainment, true),
    TEXT_ROW(earned, false),  TEXT_ROW(payable, false), TEXT_ROW(currency, false),
    TEXT_ROW(step, true),     TEXT_ROW(held, true),
};

static enum status copy_text(const json_t *text, struct arena *arena, struct slice *out)
{
    *out = arena_copy(arena, (struct slice){json_string_value(text), json_string_length(text)});
    return out->bytes ? STATUS_OK : STATUS_EXHAUSTED;
}

static enum status read_texts(const json_t *json, struct arena *arena, struct attainment_entry *out)
{
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const json_t *text = json_object_get(json, texts[i].name);
        if (json_is_null(text) && texts[i].is_optional)
            continue;
        if (!json_is_string(text))
            return STATUS_INVALID;
        struct slice value;
        enum status status = copy_text(text, arena, &value);
        if (status)
            return status;
        memcpy((char *)out + texts[i].offset, &value, sizeof value);
    }
    return STATUS_OK;
}

static enum status read_pending(const json_t *json, struct arena *arena, struct slice *out)
{
    const json_t *pending = json_object_get(json, "pending");
    if (!json_is_array(pending))
        return STATUS_INVALID;
    struct buffer joined = {0};
    size_t i;
    const json_t *reason;
    json_array_foreach(pending, i, reason)
    {
        if (!json_is_string(reason)) {
            buffer_deinit(&joined);
            return STATUS_INVALID;
        }
        if (i)
            buffer_append_byte(&joined, ',');
        buffer_append(&joined, json_string_value(reason), json_string_length(reason));
    }
    *out = arena_copy(arena, buffer_slice(&joined));
    buffer_deinit(&joined);
    return out->bytes ? STATUS_OK : STATUS_EXHAUSTED;
}

static bool read_integer(const json_t *json, const char *name, int64_t *out)
{
    const json_t *value = json_object_get(json, name);
    *out = json_integer_value(value);
    return json_is_integer(value);
}

static enum status read_value(const json_t *json, struct arena *arena, struct attainment_entry *out)
{
    enum status status = read_texts(json, arena, out);
    if (!status)
        status = read_pending(json, arena, &out->pending);
    if (status)
        return status;
    bool is_whole = read_integer(json, "sequence", &out->sequence) &&
                    read_integer(json, "as_of", &out->as_of) &&
                    read_integer(json, "plan_version", &out->plan_version);
    return is_whole ? STATUS_OK : STATUS_INVALID;
}

enum status attainment_entry_read(struct slice field, struct slice value, struct arena *arena,
                                  struct attainment_entry *out)
{
    struct attainment_entry entry = {.json = arena_copy(arena, value)};
    if (!entry.json.bytes)
        return STATUS_EXHAUSTED;
    enum status status = read_key(field, arena, &entry.key);
    if (status)
        return status;
    json_t *json = json_loadb(value.bytes, value.length, JSON_REJECT_DUPLICATES, NULL);
    status = json_is_object(json) ? read_value(json, arena, &entry) : STATUS_INVALID;
    json_decref(json);
    if (!status)
        *out = entry;
    return status;
}
