/* The service's log: one JSON object a line on stdout. */
#ifndef MILEPOST_OPS_LOG_LINE_H
#define MILEPOST_OPS_LOG_LINE_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

/* Lines below `level` are dropped. `service` and `instance` stand in every line; borrowed. */
void log_line_init(const char *service, const char *instance, enum log_level level);

/* The level of that name, or LOG_INFO. */
enum log_level log_level_of(const char *name);

/* Writes one line, whole; from any thread. */
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
