/* What is wrong with a file, as data: where, what, and the lines that would put it right. */
#ifndef MILEPOST_PLAN_REPORT_H
#define MILEPOST_PLAN_REPORT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/status.h"

/* A note is no finding of fault: it says what a plan does, for whoever wants to know. */
enum report_severity { REPORT_ERROR, REPORT_WARNING, REPORT_NOTE };

enum { REPORTS_MAX = 100 }; /* more are counted, not kept */

struct report {
    enum report_severity severity;
    const char *code;      /* a short word: unknown-key, must-say, not-here … */
    struct slice file;     /* its name as given */
    int32_t line;          /* from 1; 0: the file as a whole */
    int32_t column;        /* in characters, from 1; 0: the line as a whole */
    struct slice sentence; /* without a full stop at its end */
    struct slice fix;      /* what to write instead; may be empty */
    struct slice snippet;  /* the line itself; may be empty */
    const struct report *next;
};

struct reports {
    struct arena *arena;
    struct slice file;   /* that is being read */
    struct slice source; /* its text, or the piece of it that begins on first_line */
    int32_t first_line;
    const struct report *first;
    struct report *last;
    size_t count; /* kept */
    size_t error_count;
    size_t warning_count;
    size_t note_count;
};

/* A place in the file being read. */
struct place {
    int32_t line;
    int32_t column;
};

/* An empty collection; what is reported is copied into `arena`. */
void reports_init(struct reports *reports, struct arena *arena);

/* From now on reports are about `file`, whose text from `first_line` (1 usually) is `source`. */
void reports_read(struct reports *reports, struct slice file, struct slice source,
                  int32_t first_line);

/* Adds an error. `fix` may be NULL. The sentence is made as by printf. */
void report_error(struct reports *reports, struct place place, const char *code, const char *fix,
                  const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Adds a warning: a lint remark that stops nothing. */
void report_warning(struct reports *reports, struct place place, const char *code, const char *fix,
                    const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Adds a finding of any severity. */
void report_finding(struct reports *reports, enum report_severity severity, struct place place,
                    const char *code, const char *fix, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* The word for it: error, warning, note. */
const char *report_severity_word(enum report_severity severity);

/* Appends `file:line:column: error: sentence [code]`, the line with a caret under the column, and
 * the fix; with terminal colours when asked for. */
void report_append(const struct report *report, bool has_colour, struct buffer *out);

/* Appends all of them, then how many more there were. */
void reports_append(const struct reports *reports, bool has_colour, struct buffer *out);

/* Appends one JSON object, without a newline. */
void report_append_json(const struct report *report, struct buffer *out);

/* Of `words`, NULL-terminated, the one that `text` was most likely meant to be; NULL when none is
 * near. */
const char *report_nearest(struct slice text, const char *const *words);

#endif
