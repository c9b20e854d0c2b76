/* What an event reader is made of. Internal to libs/plan. */
#ifndef MILEPOST_PLAN_EVENT_PARTS_H
#define MILEPOST_PLAN_EVENT_PARTS_H

#include "plan/event_ids.h"
#include "plan/event_text.h"
#include "plan/shape_read.h"

/* What a CSV column is about. */
enum column_kind { COLUMN_FIELD, COLUMN_PARTICIPANT, COLUMN_ATTRIBUTE, COLUMN_AMOUNT };

struct csv_column {
    enum column_kind kind;
    struct slice name; /* of the field, attribute or amount */
};

struct event_reader {
    enum event_format format;
    struct slice file;
    struct event_text text;
    const struct fact_rules *rules;
    struct reports *reports;
    struct arena arena; /* of the item */
    struct arena names; /* of the file: columns */
    struct event event; /* the item */
    struct event_ids ids;
    struct buffer line;
    struct buffer content;      /* what is hashed at the moment */
    struct buffer fact_content; /* of the last fact, event_id apart */
    /* CSV: rows are read one ahead, since only the next one shows that a deal is whole. */
    struct csv_row rows[2];
    int ahead; /* index of the row that is read ahead */
    bool is_header_read;
    bool has_ahead;        /* rows[ahead] is not yet part of an item */
    bool has_ahead_failed; /* the row behind the last item was bad and is reported */
    bool is_over;
    struct csv_column columns[CSV_COLUMNS_MAX];
    size_t column_count;
};

/* Reads a tree with a `type` into reader->event. */
enum status event_read_node(struct event_reader *reader, const struct node *node,
                            const struct event **out) MUST_CHECK;

enum status event_next_csv(struct event_reader *reader, const struct event **out) MUST_CHECK;

#endif
