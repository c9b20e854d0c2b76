/* Event files: facts written by hand, one item at a time, in bounded memory.
 *
 * JSON Lines: one object a line with a `type` and the fields of the schema. CSV (RFC 4180): a
 * header row names the columns; one participant a row, the rows of one (deal_id, revision) standing
 * together are one deal; `attribute.NAME` and `amounts.NAME` columns; an empty cell is left out; a
 * `type` column may say what a row is (a deal otherwise); an attribute's unquoted number is a
 * number. Lines of deals, `apply` and `date` are for JSON only.
 *
 * `event_id` may be left out: it is derived from the content. `revision` may be left out where an
 * id stands in one line only (identical lines are duplicates): it is 0 then. So that this can be
 * told, about 40 bytes are kept for each id; nothing else grows with the file. */
#ifndef MILEPOST_PLAN_EVENT_FILE_H
#define MILEPOST_PLAN_EVENT_FILE_H

#include "plan/fact.h"
#include "plan/fact_check.h"
#include "plan/report.h"

enum { EVENT_LINE_BYTES_MAX = 1024 * 1024 };

enum event_kind {
    EVENT_DEAL,
    EVENT_MILESTONE,
    EVENT_PAYMENT,
    EVENT_RESULT, /* results and adjustments */
    EVENT_APPLY,
    EVENT_DATE,
};

struct event {
    enum event_kind kind;
    int32_t line;
    struct deal deal; /* the one that `kind` names is filled */
    struct milestone milestone;
    struct payment payment;
    struct result result;
    struct list files; /* EVENT_APPLY: slice each, as written */
    int32_t date;      /* EVENT_DATE */
};

enum event_format { EVENT_JSON_LINES, EVENT_CSV };

/* Where the bytes come from. `*out_length` 0 is the end. */
struct event_source {
    void *self;
    enum status (*read)(void *self, char *into, size_t capacity, size_t *out_length);
};

struct event_reader;

/* CSV for names ending in `.csv`, else JSON Lines. */
enum event_format event_format_of(struct slice file);

/* A reader of `file` (a name for messages). `rules` is borrowed, may be NULL. */
struct event_reader *event_reader_new(enum event_format format, struct slice file,
                                      struct event_source source, const struct fact_rules *rules,
                                      struct reports *reports);
void event_reader_free(struct event_reader *reader);

/* The next item, valid until the next call; `*out` NULL at the end. STATUS_INVALID with reports for
 * a bad one: the next call goes on behind it. Other statuses are the source's. */
enum status event_reader_next(struct event_reader *reader, const struct event **out) MUST_CHECK;

#endif
