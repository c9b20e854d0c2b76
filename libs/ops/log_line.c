#include "ops/log_line.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "calendar/date.h"
#include "base/json_text.h"
#include "ops/repeats.h"

enum { SENTENCE_BYTES = 2048 };

static const char *const names[] = {"debug", "info", "warning", "error"};

static struct {
    const char *service;
    const char *instance;
    enum log_level level;
} setting = {"milepost", "", LOG_INFO};

static struct {
    pthread_mutex_t lock;
    struct repeats repeats;
    struct buffer body; /* of the line being made: all but the time */
    struct buffer line;
} state = {.lock = PTHREAD_MUTEX_INITIALIZER};

void log_line_init(const char *service, const char *instance, enum log_level level)
{
    setting.service = service;
    setting.instance = instance;
    setting.level = level;
}

bool log_level_find(const char *name, enum log_level *out)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) != 0)
            continue;
        *out = (enum log_level)i;
        return true;
    }
    return false;
}

/* A log that is closed or full must not stop pay. */
static void write_whole(struct slice text)
{
    while (text.length > 0) {
        ssize_t written = write(STDOUT_FILENO, text.bytes, text.length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        text.bytes += written;
        text.length -= (size_t)written;
    }
}

static void write_line(struct slice body, int64_t repeated)
{
    struct clock clock = clock_system();
    char time[INSTANT_TEXT_BYTES];
    (void)instant_format(clock.unix_ms(clock.self), time);
    struct buffer *line = &state.line;
    buffer_reset(line);
    buffer_append_byte(line, '{');
    json_append_field(line, "time", slice_of(time));
    buffer_append_byte(line, ',');
    buffer_append_slice(line, body);
    if (repeated > 0)
        json_append_number(line, "repeated", repeated);
    buffer_append_slice(line, SLICE("}\n"));
    write_whole(buffer_slice(line));
}

static void write_due(int64_t now_ms)
{
    struct slice body;
    int64_t count;
    while (repeats_take_due(&state.repeats, now_ms, &body, &count))
        write_line(body, count);
}

static void make_body(enum log_level level, const struct log_field *fields, size_t field_count,
                      const char *sentence)
{
    struct buffer *body = &state.body;
    buffer_reset(body);
    json_append_field(body, "level", slice_of(names[level]));
    json_append_field(body, "service", slice_of(setting.service));
    json_append_field(body, "instance", slice_of(setting.instance));
    json_append_field(body, "message", slice_of(sentence));
    for (size_t i = 0; i < field_count; i++) {
        if (fields[i].text)
            json_append_field(body, fields[i].name, slice_of(fields[i].text));
        else
            json_append_number(body, fields[i].name, fields[i].number);
    }
}

static void say(enum log_level level, const struct log_field *fields, size_t field_count,
                const char *sentence)
{
    struct clock clock = clock_system();
    pthread_mutex_lock(&state.lock);
    int64_t now_ms = clock.monotonic_ms(clock.self);
    write_due(now_ms);
    make_body(level, fields, field_count, sentence);
    if (repeats_admit(&state.repeats, now_ms, buffer_slice(&state.body)))
        write_line(buffer_slice(&state.body), 0);
    pthread_mutex_unlock(&state.lock);
}

void log_line_with(enum log_level level, const struct log_field *fields, size_t field_count,
                   const char *format, ...)
{
    if (level < setting.level)
        return;
    char sentence[SENTENCE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    say(level, fields, field_count, sentence);
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
    say(level, NULL, 0, sentence);
}

void log_line_flush(void)
{
    pthread_mutex_lock(&state.lock);
    write_due(INT64_MAX);
    repeats_deinit(&state.repeats);
    buffer_deinit(&state.body);
    buffer_deinit(&state.line);
    pthread_mutex_unlock(&state.lock);
}
