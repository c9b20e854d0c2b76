#include "milepost/event_input.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { REPORT_BYTES_MAX = 16 * 1024 * 1024 };

static enum status read_file_bytes(void *self, char *into, size_t capacity, size_t *out_length)
{
    struct event_input *input = self;
    size_t length = fread(into, 1, capacity, input->file);
    if (length == 0 && ferror(input->file))
        return STATUS_UNAVAILABLE;
    *out_length = length;
    return STATUS_OK;
}

enum status event_input_open(struct event_input *input, const char *path,
                             const struct fact_rules *rules, char *detail)
{
    *input = (struct event_input){0};
    struct stat about;
    const char *why = NULL;
    if (stat(path, &about))
        why = strerror(errno);
    else if (!S_ISREG(about.st_mode))
        why = "is no plain file (it is read twice: write the events to a file first)";
    else if (!(input->file = fopen(path, "rb")))
        why = strerror(errno);
    if (why) {
        (void)snprintf(detail, DETAIL_BYTES, "%s: %s", path, why);
        return STATUS_UNAVAILABLE;
    }
    arena_init_growing(&input->arena, REPORT_BYTES_MAX);
    reports_init(&input->reports, &input->arena);
    struct slice name = slice_of(path);
    input->reader =
        event_reader_new(event_format_of(name), name, (struct event_source){input, read_file_bytes},
                         rules, &input->reports);
    return STATUS_OK;
}

void event_input_close(struct event_input *input)
{
    event_reader_free(input->reader);
    if (input->file)
        fclose(input->file);
    arena_deinit(&input->arena);
    *input = (struct event_input){0};
}

static const char *const count_names[COUNT_KINDS] = {
    [COUNT_DEALS] = "deals",     [COUNT_MILESTONES] = "milestones",   [COUNT_PAYMENTS] = "payments",
    [COUNT_RESULTS] = "results", [COUNT_ADJUSTMENTS] = "adjustments",
};

const char *event_count_name(enum event_count kind)
{
    return count_names[kind];
}

enum event_count event_count_of(const struct event *event)
{
    static const enum event_count kinds[] = {
        [EVENT_DEAL] = COUNT_DEALS,
        [EVENT_MILESTONE] = COUNT_MILESTONES,
        [EVENT_PAYMENT] = COUNT_PAYMENTS,
        [EVENT_RESULT] = COUNT_RESULTS,
    };
    bool is_adjustment = event->kind == EVENT_RESULT && event->result.what == RESULT_ADJUSTMENT;
    return is_adjustment ? COUNT_ADJUSTMENTS : kinds[event->kind];
}

void event_input_refuse(struct event_input *input, const struct event *event, const char *code,
                        const char *fix, const char *sentence)
{
    report_error(&input->reports, (struct place){event->line, 1}, code, fix, "%s", sentence);
}

void reports_print(const struct reports *reports, bool has_colour, bool is_json, FILE *out)
{
    struct buffer text = {0};
    if (is_json) {
        for (const struct report *one = reports->first; one; one = one->next) {
            report_append_json(one, &text);
            buffer_append_byte(&text, '\n');
        }
    } else {
        reports_append(reports, has_colour, &text);
    }
    (void)fwrite(text.bytes ? text.bytes : "", 1, text.length, out);
    buffer_deinit(&text);
}
