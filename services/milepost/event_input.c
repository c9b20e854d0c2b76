#include "milepost/event_input.h"

#include <errno.h>
#include <stdlib.h>
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
    input->bytes = about.st_size;
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

int64_t event_input_read(const struct event_input *input)
{
    return ftell(input->file);
}

/* --- a look at the bytes --- */

enum { LOOK_BYTES = 1 << 20, WORD_BYTES_MAX = 16 };

static bool has_word(const char *bytes, size_t length)
{
    static const char *const words[] = {"payment", "milestone"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (memmem(bytes, length, words[i], strlen(words[i])))
            return true;
    return false;
}

/* A word on the border of two pieces stands in the second, which begins with the first one's end.
 */
static bool file_has_word(FILE *file, char *room)
{
    size_t kept = 0;
    for (size_t read; (read = fread(room + kept, 1, LOOK_BYTES - kept, file)) > 0;) {
        size_t length = kept + read;
        if (has_word(room, length))
            return true;
        kept = length < WORD_BYTES_MAX ? length : WORD_BYTES_MAX;
        memmove(room, room + length - kept, kept);
    }
    return false;
}

enum status event_file_has_moving(const char *path, bool *out_has, char *detail)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        (void)snprintf(detail, DETAIL_BYTES, "%s: %s", path, strerror(errno));
        return STATUS_UNAVAILABLE;
    }
    char *room = malloc(LOOK_BYTES);
    if (!room)
        abort();
    *out_has = file_has_word(file, room);
    free(room);
    (void)fclose(file);
    return STATUS_OK;
}

/* --- counts --- */

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
