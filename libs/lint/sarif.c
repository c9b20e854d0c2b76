#include "lint/sarif.h"

#include <assert.h>

#include "base/json_text.h"
#include "lint/lint_code.h"

enum { RULES_MAX = 200 };

struct rules {
    const char *codes[RULES_MAX];
    enum report_severity severities[RULES_MAX];
    size_t count;
};

static size_t rule_of(struct rules *rules, const struct report *report)
{
    for (size_t i = 0; i < rules->count; i++) {
        if (slice_equal(slice_of(rules->codes[i]), slice_of(report->code)))
            return i;
    }
    assert(rules->count < RULES_MAX); /* codes are words of ours */
    rules->codes[rules->count] = report->code;
    rules->severities[rules->count] = report->severity;
    return rules->count++;
}

/* A name as a relative reference of RFC 3986. */
static void append_uri(struct buffer *out, struct slice name)
{
    static const char plain[] = "-._~/";
    buffer_append_byte(out, '"');
    for (size_t i = 0; i < name.length; i++) {
        unsigned char byte = (unsigned char)name.bytes[i];
        bool is_plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                        (byte >= 'a' && byte <= 'z') || (byte && strchr(plain, byte));
        if (is_plain)
            buffer_append_byte(out, (char)byte);
        else
            buffer_printf(out, "%%%02X", byte);
    }
    buffer_append_byte(out, '"');
}

static void append_rule(struct buffer *out, const char *code, enum report_severity severity)
{
    enum lint_code known = lint_code_find(slice_of(code));
    buffer_append_slice(out, SLICE("{\"id\":"));
    json_append_text(out, slice_of(code));
    buffer_append_slice(out, SLICE(",\"shortDescription\":{\"text\":"));
    json_append_text(out, known == LINT_CODE_COUNT ? slice_of(code)
                                                   : slice_of(lint_code_summary(known)));
    buffer_printf(out, "},\"defaultConfiguration\":{\"level\":\"%s\"}}",
                  report_severity_word(severity));
}

static void append_region(struct buffer *out, const struct report *report)
{
    if (report->line <= 0)
        return;
    buffer_printf(out, ",\"region\":{\"startLine\":%d", report->line);
    if (report->column > 0)
        buffer_printf(out, ",\"startColumn\":%d", report->column);
    if (report->snippet.length > 0) {
        buffer_append_slice(out, SLICE(",\"snippet\":{\"text\":"));
        json_append_text(out, report->snippet);
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, '}');
}

static void append_result(struct buffer *out, struct rules *rules, const struct report *report)
{
    struct buffer message = {0};
    buffer_append_slice(&message, report->sentence);
    if (report->fix.length > 0) {
        buffer_append_slice(&message, SLICE("\nfix: "));
        buffer_append_slice(&message, report->fix);
    }
    buffer_printf(out,
                  "{\"ruleId\":\"%s\",\"ruleIndex\":%zu,\"level\":\"%s\",\"message\":{\"text\":",
                  report->code, rule_of(rules, report), report_severity_word(report->severity));
    json_append_text(out, buffer_slice(&message));
    buffer_append_slice(
        out, SLICE("},\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":"));
    append_uri(out, report->file);
    buffer_append_byte(out, '}');
    append_region(out, report);
    buffer_append_slice(out, SLICE("}}]}"));
    buffer_deinit(&message);
}

static void append_results(const struct reports *const *lists, size_t count, struct rules *rules,
                           struct buffer *out)
{
    bool is_first = true;
    for (size_t i = 0; i < count; i++) {
        for (const struct report *one = lists[i]->first; one; one = one->next) {
            buffer_append_slice(out, is_first ? SLICE("\n") : SLICE(",\n"));
            append_result(out, rules, one);
            is_first = false;
        }
    }
}

void sarif_append(const struct reports *const *lists, size_t count, struct buffer *out)
{
    struct rules rules = {.count = 0};
    struct buffer results = {0};
    append_results(lists, count, &rules, &results);
    buffer_append_slice(
        out, SLICE("{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":"
                   "\"2.1.0\",\"runs\":[{\"columnKind\":\"unicodeCodePoints\",\"tool\":{\"driver\":"
                   "{\"name\":\"milepost\",\"rules\":["));
    for (size_t i = 0; i < rules.count; i++) {
        buffer_append_slice(out, i ? SLICE(",\n") : SLICE("\n"));
        append_rule(out, rules.codes[i], rules.severities[i]);
    }
    buffer_append_slice(out, SLICE("]}},\"results\":["));
    buffer_append_slice(out, buffer_slice(&results));
    buffer_append_slice(out, SLICE("]}]}\n"));
    buffer_deinit(&results);
}
