#include "plan/report.h"

#include "base/json_text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

enum { SENTENCE_BYTES = 512, SNIPPET_BYTES = 200 };

void reports_init(struct reports *reports, struct arena *arena)
{
    *reports = (struct reports){.arena = arena};
}

void reports_read(struct reports *reports, struct slice file, struct slice source,
                  int32_t first_line)
{
    reports->file = file;
    reports->source = source;
    reports->first_line = first_line;
}

/* The text of `line` (from 1) in what is being read, without its end; empty when it is not there.
 */
static struct slice line_text(const struct reports *reports, int32_t line)
{
    struct slice rest = reports->source;
    struct slice found = {NULL, 0};
    for (int32_t at = reports->first_line; at <= line && rest.bytes; at++)
        rest = slice_split(rest, '\n', &found);
    if (line < reports->first_line || !found.bytes)
        return (struct slice){NULL, 0};
    if (found.length > 0 && found.bytes[found.length - 1] == '\r')
        found.length--;
    return found;
}

static bool begins_character(char byte)
{
    return ((unsigned char)byte & 0xC0) != 0x80;
}

/* At most SNIPPET_BYTES, whole characters. */
static struct slice shortened(struct slice text)
{
    if (text.length <= SNIPPET_BYTES)
        return text;
    text.length = SNIPPET_BYTES;
    while (text.length > 0 && !begins_character(text.bytes[text.length]))
        text.length--;
    return text;
}

/* A sentence cut by vsnprintf must not end within a character. */
static struct slice whole_characters(const char *text, int length)
{
    size_t kept = length < SENTENCE_BYTES ? (size_t)length : SENTENCE_BYTES - 1;
    if (length >= SENTENCE_BYTES) {
        while (kept > 0 && !begins_character(text[kept - 1]))
            kept--;
        kept -= kept > 0;
    }
    return (struct slice){text, kept};
}

static void append(struct reports *reports, const struct report *values)
{
    reports->error_count += values->severity == REPORT_ERROR;
    reports->warning_count += values->severity == REPORT_WARNING;
    reports->note_count += values->severity == REPORT_NOTE;
    if (reports->count >= REPORTS_MAX)
        return;
    struct report *report = arena_take(reports->arena, sizeof *report);
    if (!report)
        return;
    *report = *values;
    report->file = arena_copy(reports->arena, reports->file);
    report->sentence = arena_copy(reports->arena, values->sentence);
    report->fix = arena_copy(reports->arena, values->fix);
    report->snippet = arena_copy(reports->arena, shortened(line_text(reports, values->line)));
    if (reports->last)
        reports->last->next = report;
    else
        reports->first = report;
    reports->last = report;
    reports->count++;
}

static void add(struct reports *reports, const struct report *head, const char *format,
                va_list list) __attribute__((format(printf, 3, 0)));

static void add(struct reports *reports, const struct report *head, const char *format,
                va_list list)
{
    char text[SENTENCE_BYTES];
    int length = vsnprintf(text, sizeof text, format, list);
    assert(length >= 0);
    struct report report = *head;
    report.sentence = whole_characters(text, length);
    append(reports, &report);
}

#define REPORT(kind)                                                                               \
    struct report head = {.severity = (kind),                                                      \
                          .code = code,                                                            \
                          .line = place.line,                                                      \
                          .column = place.column,                                                  \
                          .fix = slice_of(fix)};                                                   \
    va_list list;                                                                                  \
    va_start(list, format);                                                                        \
    add(reports, &head, format, list);                                                             \
    va_end(list)

void report_error(struct reports *reports, struct place place, const char *code, const char *fix,
                  const char *format, ...)
{
    REPORT(REPORT_ERROR);
}

void report_warning(struct reports *reports, struct place place, const char *code, const char *fix,
                    const char *format, ...)
{
    REPORT(REPORT_WARNING);
}

void report_finding(struct reports *reports, enum report_severity severity, struct place place,
                    const char *code, const char *fix, const char *format, ...)
{
    REPORT(severity);
}

static const char *const severity_words[] = {"error", "warning", "note"};
static const char *const severity_colours[] = {"\033[1;31m", "\033[1;35m", "\033[1;36m"};

const char *report_severity_word(enum report_severity severity)
{
    return severity_words[severity];
}

static void append_place(const struct report *report, struct buffer *out)
{
    buffer_append_slice(out, report->file);
    if (report->line > 0)
        buffer_printf(out, ":%d", report->line);
    if (report->line > 0 && report->column > 0)
        buffer_printf(out, ":%d", report->column);
}

/* A byte of the file as a terminal may show it. */
static char shown(char byte)
{
    return (unsigned char)byte < 0x20 || byte == 0x7F ? ' ' : byte;
}

static void append_snippet(const struct report *report, bool has_colour, struct buffer *out)
{
    if (report->snippet.length == 0)
        return;
    buffer_printf(out, "%6d | ", report->line);
    int32_t characters = 0;
    for (size_t i = 0; i < report->snippet.length; i++) {
        buffer_append_byte(out, shown(report->snippet.bytes[i]));
        characters += begins_character(report->snippet.bytes[i]);
    }
    if (report->column > 0 && report->column <= characters + 1) {
        buffer_printf(out, "\n       | %*s", report->column - 1, "");
        buffer_printf(out, "%s^%s", has_colour ? "\033[1;32m" : "", has_colour ? "\033[0m" : "");
    }
    buffer_append_byte(out, '\n');
}

static void append_fix(const struct report *report, struct buffer *out)
{
    struct slice rest = report->fix;
    const char *lead = "   fix: ";
    while (rest.bytes && rest.length > 0) {
        struct slice line;
        rest = slice_split(rest, '\n', &line);
        buffer_printf(out, "%s%.*s\n", lead, SLICE_ARGS(line));
        lead = "        ";
    }
}

void report_append(const struct report *report, bool has_colour, struct buffer *out)
{
    append_place(report, out);
    buffer_printf(out, ": %s%s%s: ", has_colour ? severity_colours[report->severity] : "",
                  severity_words[report->severity], has_colour ? "\033[0m" : "");
    for (size_t i = 0; i < report->sentence.length; i++)
        buffer_append_byte(out, shown(report->sentence.bytes[i]));
    buffer_printf(out, " [%s]\n", report->code);
    append_snippet(report, has_colour, out);
    append_fix(report, out);
}

void reports_append(const struct reports *reports, bool has_colour, struct buffer *out)
{
    for (const struct report *report = reports->first; report; report = report->next)
        report_append(report, has_colour, out);
    size_t all = reports->error_count + reports->warning_count + reports->note_count;
    if (all > reports->count)
        buffer_printf(out, "and %zu more\n", all - reports->count);
}

void report_append_json(const struct report *report, struct buffer *out)
{
    buffer_append_byte(out, '{');
    json_append_field(out, "severity", slice_of(severity_words[report->severity]));
    json_append_field(out, "code", slice_of(report->code));
    json_append_field(out, "file", report->file);
    json_append_number(out, "line", report->line);
    json_append_number(out, "column", report->column);
    json_append_field(out, "sentence", report->sentence);
    json_append_field(out, "fix", report->fix);
    json_append_field(out, "snippet", report->snippet);
    buffer_append_byte(out, '}');
}

enum { NEAREST_BYTES_MAX = 48 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein's distance; both texts have at most NEAREST_BYTES_MAX bytes. */
static size_t distance(struct slice a, struct slice b)
{
    size_t row[NEAREST_BYTES_MAX + 1];
    for (size_t j = 0; j <= b.length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.length; j++) {
            size_t replaced = diagonal + (a.bytes[i - 1] != b.bytes[j - 1]);
            diagonal = row[j];
            row[j] = least(replaced, least(row[j], row[j - 1]) + 1);
        }
    }
    return row[b.length];
}

const char *report_nearest(struct slice text, const char *const *words)
{
    const char *best = NULL;
    size_t best_distance = 0;
    if (text.length == 0 || text.length > NEAREST_BYTES_MAX)
        return NULL;
    for (; *words; words++) {
        struct slice word = slice_of(*words);
        if (word.length > NEAREST_BYTES_MAX)
            continue;
        size_t between = distance(text, word);
        size_t allowed = word.length <= 4 ? 1 : word.length / 3 + 1;
        if (between <= allowed && (!best || between < best_distance)) {
            best = *words;
            best_distance = between;
        }
    }
    return best;
}
