#include "plan/event_text.h"

#include "plan/node.h"

enum { END = -1 };

static enum status fill(struct event_text *text)
{
    if (text->at < text->length || text->is_ended)
        return STATUS_OK;
    size_t length = 0;
    enum status status =
        text->source.read(text->source.self, text->chunk, sizeof text->chunk, &length);
    if (status)
        return status;
    text->at = 0;
    text->length = length;
    text->is_ended = length == 0;
    return STATUS_OK;
}

/* The next byte without taking it, or END. */
static enum status peek(struct event_text *text, int *out)
{
    enum status status = fill(text);
    if (status)
        return status;
    *out = text->is_ended ? END : (unsigned char)text->chunk[text->at];
    return STATUS_OK;
}

static void take(struct event_text *text)
{
    if (text->chunk[text->at++] == '\n')
        text->line++;
}

enum status event_text_line(struct event_text *text, struct buffer *out, int32_t *out_line,
                            bool *out_found)
{
    int byte;
    buffer_reset(out);
    *out_line = text->line;
    enum status status = peek(text, &byte);
    *out_found = !status && byte != END;
    while (!status && byte != END && byte != '\n') {
        if (out->length <= EVENT_LINE_BYTES_MAX)
            buffer_append_byte(out, (char)byte);
        take(text);
        status = peek(text, &byte);
    }
    if (!status && byte == '\n')
        take(text);
    if (out->length > 0 && out->bytes[out->length - 1] == '\r')
        out->length--;
    return status;
}

/* --- rows --- */

struct row_reading {
    struct event_text *text;
    struct csv_row *row;
    struct place place; /* of the next byte */
    const char *wrong;  /* the first mistake, at wrong_place */
    struct place wrong_place;
};

static void refuse(struct row_reading *reading, const char *sentence)
{
    if (reading->wrong)
        return;
    reading->wrong = sentence;
    reading->wrong_place = reading->place;
}

static void consume(struct row_reading *reading, int byte)
{
    take(reading->text);
    if (reading->row->raw.length <= EVENT_LINE_BYTES_MAX)
        buffer_append_byte(&reading->row->raw, (char)byte);
    else
        refuse(reading, "the row is longer than 1 MB");
    if (byte == '\n')
        reading->place = (struct place){reading->place.line + 1, 1};
    else if ((byte & 0xC0) != 0x80)
        reading->place.column++;
}

static void keep(struct row_reading *reading, struct csv_cell *cell, int byte)
{
    if (reading->row->text.length > EVENT_LINE_BYTES_MAX)
        return;
    buffer_append_byte(&reading->row->text, (char)byte);
    cell->length++;
}

/* Behind the opening quote, up to and with the closing one. */
static enum status read_quoted(struct row_reading *reading, struct csv_cell *cell)
{
    for (;;) {
        int byte;
        enum status status = peek(reading->text, &byte);
        if (status)
            return status;
        if (byte == END) {
            refuse(reading, "the cell has no closing quote");
            return STATUS_OK;
        }
        consume(reading, byte);
        if (byte == '"') {
            status = peek(reading->text, &byte);
            if (status || byte != '"')
                return status;
            consume(reading, byte);
        }
        keep(reading, cell, byte);
    }
}

/* Up to the comma or line end behind the cell, which stays; it goes to `out_byte`. */
static enum status read_cell(struct row_reading *reading, struct csv_cell *cell, int *out_byte)
{
    enum status status = peek(reading->text, out_byte);
    cell->place = reading->place;
    if (!status && *out_byte == '"') {
        cell->is_quoted = true;
        consume(reading, *out_byte);
        status = read_quoted(reading, cell);
        if (!status)
            status = peek(reading->text, out_byte);
    }
    while (!status && *out_byte != END && *out_byte != ',' && *out_byte != '\n') {
        if (*out_byte == '"' || (cell->is_quoted && *out_byte != '\r'))
            refuse(reading, "a cell with quotes must be quoted as a whole, quotes in it doubled");
        consume(reading, *out_byte);
        if (*out_byte != '\r')
            keep(reading, cell, *out_byte);
        status = peek(reading->text, out_byte);
    }
    return status;
}

static enum status read_cells(struct row_reading *reading)
{
    struct csv_row *row = reading->row;
    int byte = ',';
    while (byte == ',') {
        struct csv_cell cell = {.begin = row->text.length};
        enum status status = read_cell(reading, &cell, &byte);
        if (status)
            return status;
        if (row->count < CSV_COLUMNS_MAX)
            row->cells[row->count++] = cell;
        else
            refuse(reading, "a row has more than 256 cells");
        if (byte != END)
            consume(reading, byte);
    }
    return STATUS_OK;
}

static bool is_empty(const struct csv_row *row)
{
    return row->count == 1 && row->cells[0].length == 0 && !row->cells[0].is_quoted;
}

static enum status check(const struct row_reading *reading, struct reports *reports,
                         struct slice file)
{
    const struct csv_row *row = reading->row;
    reports_read(reports, file, buffer_slice(&row->raw), row->line);
    if (!reading->wrong)
        return node_check_text(buffer_slice(&row->raw), row->line, reports);
    report_error(reports, reading->wrong_place, "bad-csv", NULL, "%s", reading->wrong);
    return STATUS_INVALID;
}

enum status event_text_row(struct event_text *text, struct reports *reports, struct slice file,
                           struct csv_row *out, bool *out_found)
{
    for (;;) {
        int byte;
        struct row_reading reading = {.text = text, .row = out, .place = {text->line, 1}};
        buffer_reset(&out->text);
        buffer_reset(&out->raw);
        out->count = 0;
        out->line = text->line;
        enum status status = peek(text, &byte);
        *out_found = !status && byte != END;
        if (status || byte == END)
            return status;
        status = read_cells(&reading);
        if (status)
            return status;
        if (!reading.wrong && is_empty(out))
            continue;
        return check(&reading, reports, file);
    }
}
