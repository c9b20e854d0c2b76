#include "ops/log_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "calendar/date.h"

enum { SENTENCE_BYTES = 2048 };

static const char *const names[] = {"debug", "info", "warning", "error"};

static struct {
    const char *service;
    const char *instance;
    enum log_level level;
} setting = {"milepost", "", LOG_INFO};

void log_line_init(const char *service, const char *instance, enum log_level level)
{
    setting.service = service;
    setting.instance = instance;
    setting.level = level;
}

enum log_level log_level_of(const char *name)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return (enum log_level)i;
    return LOG_INFO;
}

static void append_text(struct buffer *out, const char *text)
{
    buffer_append_byte(out, '"');
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            buffer_append_byte(out, '\\');
        if (c < 0x20)
            buffer_printf(out, "\\u%04x", c);
        else
            buffer_append_byte(out, (char)c);
    }
    buffer_append_byte(out, '"');
}

static void append_field(struct buffer *out, const char *name, const char *text)
{
    buffer_append_byte(out, out->length ? ',' : '{');
    append_text(out, name);
    buffer_append_byte(out, ':');
    append_text(out, text);
}

void log_line(enum log_level level, const char *format, ...)
{
    if (level < setting.level)
        return;
    char sentence[SENTENCE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    struct clock clock = clock_system();
    char time[INSTANT_TEXT_BYTES];
    (void)instant_format(clock.unix_ms(clock.self), time);
    struct buffer line = {0};
    append_field(&line, "time", time);
    append_field(&line, "level", names[level]);
    append_field(&line, "service", setting.service);
    append_field(&line, "instance", setting.instance);
    append_field(&line, "message", sentence);
    buffer_append(&line, "}\n", 2);
    /* One write a line keeps lines of several threads whole; a log that is full must not stop pay.
     */
    ssize_t written = write(STDOUT_FILENO, line.bytes, line.length);
    (void)written;
    buffer_deinit(&line);
}
