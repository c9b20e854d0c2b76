#include "milepost/dead_letter.h"

#include <inttypes.h>
#include <stdio.h>

#include "calendar/date.h"
#include "milepost/console.h"
#include "milepost/shape_json.h"
#include "worker/headers.h"

/* How many bytes the character at `at` has when it is printable UTF-8; 0 when it is not. */
static size_t character_at(struct slice text, size_t at)
{
    unsigned char first = (unsigned char)text.bytes[at];
    if (first < 0x80)
        return first >= 0x20 && first != 0x7f ? 1 : 0;
    size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || length > text.length - at)
        return 0;
    for (size_t i = 1; i < length; i++)
        if (((unsigned char)text.bytes[at + i] & 0xc0) != 0x80)
            return 0;
    unsigned char second = (unsigned char)text.bytes[at + 1];
    bool is_overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    bool is_outside = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
    bool is_control = first == 0xc2 && second < 0xa0;
    return is_overlong || is_outside || is_control ? 0 : length;
}

struct slice printable(struct slice bytes, struct arena *arena)
{
    enum { ESCAPE_BYTES = 4 };
    struct buffer text = {0};
    for (size_t at = 0; at < bytes.length;) {
        size_t length = character_at(bytes, at);
        if (length > 0)
            buffer_append(&text, bytes.bytes + at, length);
        else
            buffer_printf(&text, "\\x%02x", (unsigned char)bytes.bytes[at]);
        at += length ? length : 1;
    }
    struct slice copy = arena_copy(arena, buffer_slice(&text));
    buffer_deinit(&text);
    return copy;
}

enum status dead_letter_read(const struct log_record *record, struct arena *arena,
                             struct dead_letter *out)
{
    const struct {
        const char *header;
        struct slice *into;
    } rows[] = {
        {"__connect.errors.topic", &out->topic},
        {"__connect.errors.partition", &out->partition},
        {"__connect.errors.offset", &out->offset},
        {"__connect.errors.stage", &out->stage},
        {"__connect.errors.exception.class.name", &out->reason},
        {"__connect.errors.exception.message", &out->message},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        *rows[i].into = printable(header_find(record, slice_of(rows[i].header)), arena);
        if (!rows[i].into->bytes)
            return STATUS_EXHAUSTED;
    }
    out->key = printable(record->key, arena);
    return out->key.bytes ? STATUS_OK : STATUS_EXHAUSTED;
}

void dead_letter_append_json(const struct dead_letter *letter, const struct log_record *record,
                             struct buffer *out)
{
    char time[INSTANT_TEXT_BYTES];
    buffer_printf(out, "{\"partition\":%" PRId32 ",\"offset\":%" PRId64, record->partition,
                  record->offset);
    json_append_field(out, "at", instant_text(record->timestamp_ms, time));
    json_append_field(out, "reason", letter->reason);
    json_append_field(out, "message", letter->message);
    json_append_field(out, "topic", letter->topic);
    json_append_field(out, "original_partition", letter->partition);
    json_append_field(out, "original_offset", letter->offset);
    json_append_field(out, "stage", letter->stage);
    json_append_field(out, "key", letter->key);
    buffer_printf(out, ",\"bytes\":%zu}", record->value.length);
}
