/* The service's log: one JSON object a line on stdout. The same line within a second is counted and
 * told once more, with "repeated", when the next line comes. */
#ifndef MILEPOST_OPS_LOG_LINE_H
#define MILEPOST_OPS_LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

/* A member of the object beside the message. */
struct log_field {
    const char *name;
    const char *text; /* NULL: the number */
    int64_t number;
};

/* Lines below `level` are dropped. `service` and `instance` stand in every line; borrowed. Before
 * the first thread is started. */
void log_line_init(const char *service, const char *instance, enum log_level level);

/* debug, info, warning, error; false: another word. */
bool log_level_find(const char *name, enum log_level *out);

/* Writes one line, whole; from any thread. */
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_line_with(enum log_level level, const struct log_field *fields, size_t field_count,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Tells the repeats that were not told yet: before the process ends. */
void log_line_flush(void);

#endif
