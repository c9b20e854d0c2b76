#include "plan/node.h"

struct json_reading {
    struct arena *arena;
    struct reports *reports;
    const char *at;
    const char *end;
    struct place place;
    int depth;
    enum status status;
};

static struct node *refuse(struct json_reading *reading, const char *sentence)
{
    if (!reading->status)
        report_error(reading->reports, reading->place, "bad-json", NULL, "%s", sentence);
    reading->status = STATUS_INVALID;
    return NULL;
}

static struct node *exhaust(struct json_reading *reading)
{
    reading->status = STATUS_EXHAUSTED;
    return NULL;
}

static void advance(struct json_reading *reading)
{
    unsigned char byte = (unsigned char)*reading->at++;
    if (byte == '\n') {
        reading->place.line++;
        reading->place.column = 1;
    } else if ((byte & 0xC0) != 0x80) {
        reading->place.column++;
    }
}

static bool is_at(const struct json_reading *reading, char byte)
{
    return reading->at < reading->end && *reading->at == byte;
}

static void skip_blanks(struct json_reading *reading)
{
    while (reading->at < reading->end && memchr(" \t\r\n", *reading->at, 4))
        advance(reading);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits behind \u; -1 when they are not there. */
static int32_t read_hex(struct json_reading *reading)
{
    int32_t value = 0;
    for (int i = 0; i < 4; i++) {
        int digit = reading->at < reading->end ? hex_digit(*reading->at) : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
        advance(reading);
    }
    return value;
}

static size_t put_utf8(int32_t code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

/* Behind `\u`. Writes at most 4 bytes; 0 after a refusal. */
static size_t read_code(struct json_reading *reading, char *out)
{
    int32_t code = read_hex(reading);
    if (code >= 0xD800 && code <= 0xDBFF && reading->end - reading->at >= 2 &&
        reading->at[0] == '\\' && reading->at[1] == 'u') {
        advance(reading);
        advance(reading);
        int32_t low = read_hex(reading);
        code = low >= 0xDC00 && low <= 0xDFFF ? 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
                                              : -1;
    }
    if (code <= 0 || (code >= 0xD800 && code <= 0xDFFF)) {
        refuse(reading, "\\u needs four hexadecimal digits that are a character");
        return 0;
    }
    return put_utf8(code, out);
}

static size_t read_escape(struct json_reading *reading, char *out)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    char letter = reading->at < reading->end ? *reading->at : '\0';
    const char *found = letter ? strchr(letters, letter) : NULL;
    if (letter == 'u') {
        advance(reading);
        return read_code(reading, out);
    }
    if (!found) {
        refuse(reading, "this is no escape of JSON");
        return 0;
    }
    advance(reading);
    *out = meanings[found - letters];
    return 1;
}

static bool read_string(struct json_reading *reading, struct slice *out)
{
    advance(reading);
    const char *end = reading->at;
    while (end < reading->end && *end != '"')
        end += *end == '\\' && end + 1 < reading->end ? 2 : 1;
    char *text = arena_take(reading->arena, (size_t)(end - reading->at) + 5);
    size_t length = 0;
    if (!text) {
        exhaust(reading);
        return false;
    }
    while (reading->at < reading->end && *reading->at != '"' && !reading->status) {
        char byte = *reading->at;
        if ((unsigned char)byte < 0x20) {
            refuse(reading, "a text holds a control character; write it as \\u00XX");
        } else if (byte == '\\') {
            advance(reading);
            length += read_escape(reading, text + length);
        } else {
            text[length++] = byte;
            advance(reading);
        }
    }
    if (!reading->status && reading->at == reading->end)
        refuse(reading, "the text has no closing quote");
    if (reading->status)
        return false;
    advance(reading);
    *out = (struct slice){text, length};
    return true;
}

static struct node *new_node(struct json_reading *reading, enum node_kind kind)
{
    struct node *node = node_new(reading->arena, kind);
    if (!node)
        return exhaust(reading);
    node->line = node->key_line = reading->place.line;
    node->column = node->key_column = reading->place.column;
    return node;
}

static struct node *read_value(struct json_reading *reading);

static bool is_word_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '+' || c == '.';
}

static bool is_number(struct slice text)
{
    size_t i = text.length > 0 && text.bytes[0] == '-';
    size_t first = i;
    while (i < text.length && text.bytes[i] >= '0' && text.bytes[i] <= '9')
        i++;
    if (i == first || (i - first > 1 && text.bytes[first] == '0'))
        return false;
    if (i == text.length)
        return true;
    first = i + 1;
    for (i = first; i < text.length && text.bytes[i] >= '0' && text.bytes[i] <= '9';)
        i++;
    return text.bytes[first - 1] == '.' && i > first && i == text.length;
}

static struct node *read_word(struct json_reading *reading)
{
    const char *begin = reading->at;
    const char *end = begin;
    while (end < reading->end && is_word_byte(*end))
        end++;
    struct slice word = {begin, (size_t)(end - begin)};
    if (word.length == 0)
        return refuse(reading, "a value is missing here");
    if (!slice_equal(word, SLICE("true")) && !slice_equal(word, SLICE("false")) &&
        !slice_equal(word, SLICE("null")) && !is_number(word))
        return refuse(reading, "this is neither a number without exponent, nor true, false or "
                               "null, nor a text in quotes");
    struct node *node = new_node(reading, NODE_SCALAR);
    if (!node)
        return NULL;
    node->is_plain = true;
    node->text = arena_copy(reading->arena, word);
    if (!node->text.bytes)
        return exhaust(reading);
    while (reading->at < end)
        advance(reading);
    return node;
}

static struct node *read_text(struct json_reading *reading)
{
    struct node *node = new_node(reading, NODE_SCALAR);
    if (!node || !read_string(reading, &node->text))
        return NULL;
    return node;
}

/* Behind an item: whether another one follows. Takes the comma or the closing bracket. */
static bool continues(struct json_reading *reading, char closing)
{
    skip_blanks(reading);
    bool is_comma = is_at(reading, ',');
    if (!is_comma && !is_at(reading, closing)) {
        refuse(reading,
               closing == '}' ? "a `,` or `}` is missing here" : "a `,` or `]` is missing here");
        return false;
    }
    advance(reading);
    skip_blanks(reading);
    return is_comma;
}

static bool read_entry(struct json_reading *reading, struct node *map, struct node **last)
{
    struct place place = reading->place;
    struct slice key;
    if (!is_at(reading, '"')) {
        refuse(reading, "a key in quotes is missing here");
        return false;
    }
    if (!read_string(reading, &key))
        return false;
    skip_blanks(reading);
    if (!is_at(reading, ':')) {
        refuse(reading, "a `:` is missing here");
        return false;
    }
    advance(reading);
    struct node *value = read_value(reading);
    if (!value)
        return false;
    value->key = key;
    value->key_line = place.line;
    value->key_column = place.column;
    node_append(map, last, value);
    return true;
}

static struct node *read_items(struct json_reading *reading, enum node_kind kind)
{
    char closing = kind == NODE_MAP ? '}' : ']';
    struct node *node = new_node(reading, kind);
    struct node *last = NULL;
    if (!node)
        return NULL;
    if (reading->depth == NODE_DEPTH_MAX)
        return refuse(reading, "objects and arrays stand more than 32 deep");
    reading->depth++;
    advance(reading);
    skip_blanks(reading);
    bool is_open = !is_at(reading, closing);
    if (!is_open)
        advance(reading);
    while (is_open) {
        if (kind == NODE_MAP && !read_entry(reading, node, &last))
            return NULL;
        struct node *item = kind == NODE_LIST ? read_value(reading) : NULL;
        if (item)
            node_append(node, &last, item);
        if (reading->status)
            return NULL;
        is_open = continues(reading, closing);
    }
    reading->depth--;
    if (kind == NODE_MAP && !reading->status)
        reading->status = node_check_keys(node, reading->arena, reading->reports);
    return reading->status ? NULL : node;
}

static struct node *read_value(struct json_reading *reading)
{
    skip_blanks(reading);
    if (is_at(reading, '{'))
        return read_items(reading, NODE_MAP);
    if (is_at(reading, '['))
        return read_items(reading, NODE_LIST);
    return is_at(reading, '"') ? read_text(reading) : read_word(reading);
}

enum status node_read_json(struct slice text, int32_t line, struct arena *arena,
                           struct reports *reports, const struct node **out)
{
    struct json_reading reading = {
        .arena = arena,
        .reports = reports,
        .at = text.bytes,
        .end = text.bytes + text.length,
        .place = {line, 1},
    };
    if (text.length == 0) {
        refuse(&reading, "a value is missing here");
        return STATUS_INVALID;
    }
    enum status status = node_check_text(text, line, reports);
    if (status)
        return status;
    const struct node *node = read_value(&reading);
    if (reading.status)
        return reading.status;
    skip_blanks(&reading);
    if (reading.at != reading.end) {
        refuse(&reading, "nothing may stand behind the value");
        return STATUS_INVALID;
    }
    *out = node;
    return STATUS_OK;
}
