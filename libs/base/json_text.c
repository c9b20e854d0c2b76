#include "base/json_text.h"

#include <inttypes.h>

#include "base/utf8.h"

static size_t append_character(struct buffer *out, struct slice text)
{
    size_t length = utf8_character((const uint8_t *)text.bytes, text.length);
    if (length == 0) {
        buffer_append_slice(out, SLICE("\xef\xbf\xbd"));
        return 1;
    }
    buffer_append(out, text.bytes, length);
    return length;
}

void json_append_text(struct buffer *out, struct slice text)
{
    buffer_append_byte(out, '"');
    for (size_t at = 0; at < text.length;) {
        unsigned char c = (unsigned char)text.bytes[at];
        if (c >= 0x80) {
            at += append_character(out, (struct slice){text.bytes + at, text.length - at});
            continue;
        }
        if (c < 0x20 || c == 0x7f) {
            buffer_printf(out, "\\u%04x", (unsigned)c);
        } else {
            if (c == '"' || c == '\\')
                buffer_append_byte(out, '\\');
            buffer_append_byte(out, (char)c);
        }
        at++;
    }
    buffer_append_byte(out, '"');
}

static void append_name(struct buffer *out, const char *name)
{
    if (out->length > 0 && out->bytes[out->length - 1] != '{')
        buffer_append_byte(out, ',');
    json_append_text(out, slice_of(name));
    buffer_append_byte(out, ':');
}

void json_append_raw(struct buffer *out, const char *name, const char *value)
{
    append_name(out, name);
    buffer_append_slice(out, slice_of(value));
}

void json_append_field(struct buffer *out, const char *name, struct slice text)
{
    append_name(out, name);
    json_append_text(out, text);
}

void json_append_optional(struct buffer *out, const char *name, struct slice text)
{
    if (text.bytes)
        json_append_field(out, name, text);
    else
        json_append_raw(out, name, "null");
}

void json_append_number(struct buffer *out, const char *name, int64_t number)
{
    append_name(out, name);
    buffer_printf(out, "%" PRId64, number);
}
