/* The bytes of an event file, by lines and by CSV rows. Internal to libs/plan. */
#ifndef MILEPOST_PLAN_EVENT_TEXT_H
#define MILEPOST_PLAN_EVENT_TEXT_H

#include "plan/event_file.h"

enum { EVENT_CHUNK_BYTES = 64 * 1024, CSV_COLUMNS_MAX = 256 };

struct event_text {
    struct event_source source;
    char chunk[EVENT_CHUNK_BYTES];
    size_t at;
    size_t length;
    bool is_ended;
    int32_t line; /* of the next byte, from 1 */
};

struct csv_cell {
    size_t begin; /* in csv_row.text */
    size_t length;
    bool is_quoted;
    struct place place;
};

struct csv_row {
    struct buffer text; /* the cells' texts, one behind the other */
    struct buffer raw;  /* as in the file, for snippets */
    struct csv_cell cells[CSV_COLUMNS_MAX];
    size_t count;
    int32_t line;
};

/* The next line without its end; `*out_line` is its number. `*out_found` false at the end. A line
 * that is too long comes cut at EVENT_LINE_BYTES_MAX + 1 bytes, and the rest of it is skipped. */
enum status event_text_line(struct event_text *text, struct buffer *out, int32_t *out_line,
                            bool *out_found) MUST_CHECK;

/* The next row that is not empty. What is no CSV is reported and STATUS_INVALID; the next call goes
 * on behind the row. */
enum status event_text_row(struct event_text *text, struct reports *reports, struct slice file,
                           struct csv_row *out, bool *out_found) MUST_CHECK;

static inline struct slice csv_text(const struct csv_row *row, size_t cell)
{
    if (cell >= row->count)
        return (struct slice){NULL, 0};
    return (struct slice){row->text.bytes + row->cells[cell].begin, row->cells[cell].length};
}

#endif
